"""What the program explains of its own work, in the language of the page.

Reasons of findings, proofs and doubts, and what stops a clip, are made in English where the work is
done; they are kept with it and stand in reports. A page in another language knows such a sentence
by its form: each form below is one text for the translators. The words in it that somebody said,
printed or is called stay as they are. A sentence of no known form is shown in English, marked so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from markupsafe import Markup, escape

from offair.model.finding import EditClass, WordsFinding
from offair.web.language import SOURCE, _, marked, spoken

_WORDS = (
    marked("“%(printed)s” is printed and was not said there"),
    marked("printed “%(printed)s”, said “%(said)s”"),
    marked("printed “%(printed)s”, said “%(said)s” (another form of the word)"),
    marked("“%(said)s” was said there and is left out without a mark"),
    marked("a false start is left out: “%(said)s”"),
    marked("an ellipsis stands for “%(said)s”"),
    marked("the words left out at the ellipsis are “%(said)s”"),
    marked("“%(printed)s” stands in brackets; “%(said)s” was said there"),
    marked("“%(printed)s” stands in brackets; nothing was said there"),
    marked("“%(printed)s” is the editor's for “%(said)s”"),
    marked("“%(printed)s” is the editor's"),
    marked("“%(before)s” and “%(after)s” stand in two recordings"),
    marked("“%(before)s” and “%(after)s” stand in two texts of one recording"),
    marked("“%(after)s” was said before “%(before)s”, and is printed after it"),
    marked("words are left out where the ellipsis stands"),
    marked("between “%(before)s” and “%(after)s” more was said, and no mark shows it"),
    marked(
        "%(changed)s edits in %(words)s words: the speaker may have said it in these words at "
        "another time, in what is not held"
    ),
)
_PLACES = (
    marked("the words stand %(often)s in what was aired that day"),
    marked("the words stand %(often)s in this recording"),
    marked("the words stand %(often)s; the first of them were looked at"),
    marked("the words stand elsewhere: in recording %(recording)s, %(finding)s"),
    marked(
        "so few and common words prove nothing in %(all)s: they stand there %(often)s; name a "
        "record, or the speaker and the day"
    ),
    marked(
        "so few and common words prove nothing in %(all)s: they stand nowhere in a row; name a "
        "record, or the speaker and the day"
    ),
    marked(
        "the nearest place differs so much that chance gives %(often)s as good in as many words"
    ),
    marked("the longest part that was said is “%(words)s”, %(often)s"),
    marked(
        "%(found)s of %(all)s words of meaning stand close together there, in other words around "
        "them: a person must say whether it means the same"
    ),
    marked("a title, a term or words that nobody is said to have spoken; not looked for"),
    marked(
        "every word was read: nowhere within %(count)s edits of the quotation (of its first "
        "%(all)s words)"
    ),
    marked("every word was read: nowhere within %(count)s edits of the quotation"),
    marked(
        "every word was read: %(total)s places lie within %(count)s edits of the quotation (of its "
        "first %(all)s words), none of them better than chance"
    ),
    marked(
        "every word was read: %(total)s places lie within %(count)s edits of the quotation, none "
        "of them better than chance"
    ),
    marked("once"),
    marked("twice"),
    marked("%(count)s times"),
    marked("a great many"),
)
_SPEAKER = (
    marked("no speaker is claimed; %(why)s"),
    marked("nobody knows whose voice it is"),
    marked("%(why)s, given as somebody else's: “%(cue)s”"),
    marked("the speaker gives them as the words of somebody else: “%(cue)s”"),
    marked("%(who)s gives them as the words of somebody else (%(by)s): “%(cue)s”"),
    marked("%(who)s gives them as the words of somebody else: “%(cue)s”"),
    marked("the archive does not say who speaks there"),
    marked("the voice is an interpreter's; the words are given as %(author)s's"),
    marked("the voice is %(voice)s's; the words are given as %(author)s's"),
    marked("%(why)s, as the imported text names the speaker"),
    marked("%(why)s, which nobody confirmed"),
    marked("the words are %(who)s's, as claimed"),
    marked("the words are another voice's, not %(claimed)s's"),
    marked("the words are %(who)s's, not %(claimed)s's: %(why)s"),
    marked("the words are %(who)s's, not %(claimed)s's"),
    marked("the words are %(who)s's: %(why)s"),
    marked("the words are %(who)s's"),
    marked("“%(claimed)s” is taken for another spelling of the name"),
    marked("“%(name)s” is the office of %(holders)s on %(day)s, by the names list"),
    marked("“%(name)s” is the office of %(holders)s, by the names list"),
    marked(
        "%(claimed)s is claimed and %(shown)s is named there; whether they are the same, or it is "
        "right, nobody confirmed"
    ),
    marked("another airing of the same event names the speaker: %(why)s"),
    marked("%(why)s; from “%(begin)s …” on, %(more)s"),
)
_CONTEXT = (
    marked("the sentence asks: “%(words)s”"),
    marked("a negation stands before it: “%(words)s”"),
    marked("a negation follows: “%(words)s”"),
    marked("the next sentence denies it: “%(words)s”"),
    marked("a condition stands before it: “%(words)s”"),
    marked("a condition follows: “%(words)s”"),
    marked("an exception stands before it: “%(words)s”"),
    marked("an exception follows: “%(words)s”"),
    marked("an attribution stands before it: “%(words)s”"),
    marked("an attribution follows: “%(words)s”"),
    marked("the sentence is cut: %(why)s"),
    marked("it begins “%(words)s”; %(why)s"),
    marked("it begins “%(words)s” (marked); %(why)s"),
    marked("it begins “%(words)s” (marked)"),
    marked("it begins “%(words)s”"),
    marked("it goes on “%(words)s” (marked)"),
    marked("it goes on “%(words)s”"),
    marked("it was aired on %(aired)s, and %(claimed)s is claimed"),
)
_PROOFS = (
    marked("“%(printed)s” stands nowhere in the clip"),
    marked("“%(printed)s” is %(finding)s: %(why)s"),
    marked("“%(printed)s” is %(finding)s"),
    marked("nobody of this name speaks in the clip, and the names list does not have it"),
    marked("as the record has it: %(why)s"),
    marked("no field says anything of: %(words)s"),
    marked(
        "it is written in another script than the clip's text, so that no word of it can be held "
        "against what was said; link the turns by hand"
    ),
    marked("it has no word of meaning that could be held against speech"),
    marked("“%(who)s” speaks nowhere in the clip; %(others)s do"),
    marked("none of its words of meaning was said: %(words)s"),
    marked(
        "only %(found)s of its %(all)s words of meaning stand together in what was said; not: "
        "%(words)s"
    ),
    marked("the number %(number)s does not stand in what was said; said there: %(words)s"),
    marked("the number %(number)s does not stand in what was said"),
    marked("“%(words)s” was said with a negation (“%(word)s”), and the clause has none"),
    marked("the clause negates, and “%(words)s” was said without"),
    marked("it was said as a question only"),
    marked("in the speaker's own words: %(found)s of %(all)s words of meaning were said"),
    marked("the desk's paraphrase: %(found)s of %(all)s words of meaning were said"),
    marked("its words stand there in another order: look at who does what to whom"),
    marked("words of it were said under a condition (“%(word)s”)"),
    marked("words of it were said with a negation (“%(word)s”)"),
    marked("words of it were said as a question"),
    marked("the clause says %(said)s, and the record's air date is %(aired)s"),
    marked("the record's air date does not tell whether %(said)s is right"),
    marked(
        "%(who)s speaks in the clip, and the names list does not say what he or she is "
        "(“%(said)s”); give a source note, or the list an office"
    ),
    marked("%(who)s speaks in the clip"),
    marked("%(who)s is on the names list"),
    marked("the names list has %(who)s as %(office)s on %(day)s"),
    marked("the names list has %(who)s as %(office)s"),
    marked("%(who)s was %(office)s from %(since)s to %(until)s, not on %(day)s"),
    marked(
        "the names list does not have %(who)s as “%(said)s”; it has: %(offices)s; give a source "
        "note"
    ),
    marked("the names list does not have %(who)s as “%(said)s”; give a source note"),
    marked("%(who)s confirmed it on words that were changed since"),
)
_FIELDS = (
    marked("channel: %(value)s"),
    marked("country: %(value)s"),
    marked("programme: %(value)s"),
    marked("air date: %(value)s"),
    marked("number: %(value)s"),
    marked("run time: %(seconds)s s"),
    marked("speaker: %(value)s"),
    marked("names list: %(value)s"),
)
_STOPS = (
    marked("the terms of %(channel)s keep its text at the desk (%(ground)s)"),
    marked("the terms of %(channel)s keep its text at the desk"),
    marked(
        "the clip is %(length)s long, and the terms of %(channel)s allow %(longest)s at most "
        "(%(ground)s)"
    ),
    marked("the clip is %(length)s long, and the terms of %(channel)s allow %(longest)s at most"),
    marked("somebody holds it: %(hold)s"),
    marked("%(who)s holds it: %(hold)s"),
    marked("it must not be published before %(time)s"),
    marked("1 turn has words that nobody has heard"),
    marked("%(count)s turns have words that nobody has heard"),
    marked("1 turn is a machine's translation that nobody has revised"),
    marked("%(count)s turns are a machine's translation that nobody has revised"),
    marked("nobody has confirmed that it is %(who)s who speaks"),
    marked("in the headline nothing supports “%(clause)s”: %(why)s"),
    marked("in the headline nothing supports “%(clause)s”"),
    marked("in paragraph %(part)s of the summary nothing supports “%(clause)s”: %(why)s"),
    marked("in paragraph %(part)s of the summary nothing supports “%(clause)s”"),
    marked("%(who)s asks, and nobody has answered: %(query)s"),
    marked("no second reader has read it"),
    marked("%(who)s has clip %(clip)s in hand; the second reader is somebody else"),
    marked("%(who)s translated words of clip %(clip)s; the second reader did not"),
    marked("words of it were changed since %(who)s read it"),
)
_VOICES = (
    marked("gives its own name, at %(time)s: “%(words)s”"),
    marked("gives its own name: “%(words)s”"),
    marked("thanked just after this voice spoke, at %(time)s: “%(words)s”"),
    marked("thanked just after this voice spoke: “%(words)s”"),
    marked("thanked just before this voice speaks, at %(time)s: “%(words)s”"),
    marked("thanked just before this voice speaks: “%(words)s”"),
    marked("greeted just after this voice spoke, at %(time)s: “%(words)s”"),
    marked("greeted just after this voice spoke: “%(words)s”"),
    marked("greeted just before this voice speaks, at %(time)s: “%(words)s”"),
    marked("greeted just before this voice speaks: “%(words)s”"),
    marked("addressed just before this voice speaks, at %(time)s: “%(words)s”"),
    marked("addressed just before this voice speaks: “%(words)s”"),
    marked("announced just before this voice speaks, at %(time)s: “%(words)s”"),
    marked("announced just before this voice speaks: “%(words)s”"),
    marked("the captions print %(label)s at %(count)s of %(total)s of this voice's words"),
)
_DOUBTS = (
    marked("%(seconds)s s of speech and no words (%(time)s)"),
    marked("%(seconds)s s of speech and no words"),
    marked("‘%(words)s’ is what recognisers write where nobody speaks, and %(why)s"),
    marked("the engine takes the sound for no speech with %(silent)s"),
    marked("the engine gives its words a probability of %(mean)s"),
    marked("something else is wrong with it"),
    marked("nothing else was heard in this stretch"),
    marked("the same letters stand again and again in ‘%(words)s’"),
    marked("the word ‘%(words)s’ stands %(times)s times in a row"),
    marked("the words ‘%(words)s’ stand %(times)s times in a row"),
    marked(
        "the text says the same again and again: it packs %(times)s times smaller, what people say "
        "at most 2.2 times"
    ),
    marked("%(count)s words in %(seconds)s s of speech: %(why)s"),
    marked("%(count)s words in %(seconds)s s: %(why)s"),
    marked("%(count)s characters in %(seconds)s s of speech: %(why)s"),
    marked("%(count)s characters in %(seconds)s s: %(why)s"),
    marked("no time to say them"),
    marked("%(count)s a second, more than anybody speaks"),
    marked("no speech was found under ‘%(words)s’ (%(time)s; score %(score)s)"),
    marked("no speech was found under ‘%(words)s’ (%(time)s)"),
    marked("hardly any speech was found under ‘%(words)s’: its score is %(score)s of 1"),
    marked(
        "the engine gives its words a probability of %(mean)s on average and takes the sound for "
        "no speech with %(silent)s"
    ),
    marked("the engine gives its words a probability of %(mean)s on average"),
    marked(
        "the engine gives %(count)s words in a row, ‘%(words)s’, a probability of %(mean)s on "
        "average"
    ),
    marked(
        "%(share)s %% of the letters are %(script)s, no script of the language %(language)s: "
        "‘%(words)s’"
    ),
    marked("‘%(words)s’ is what the engine was told to expect"),
    marked("another hearing has no words, not ‘%(kept)s’"),
    marked("another hearing has ‘%(other)s’, not no words"),
    marked("another hearing has ‘%(other)s’, not ‘%(kept)s’"),
    marked("another hearing has ‘%(other)s’, not ‘%(kept)s’; %(more)s"),
    marked("‘%(other)s’, not ‘%(kept)s’; %(more)s"),
    marked("‘%(other)s’, not ‘%(kept)s’"),
    marked("1 more such place"),
    marked("%(count)s more such places"),
    marked("no speech in it: silence"),
    marked("no speech in it: music"),
    marked("no speech in it: other sound"),
    marked("not heard: %(why)s"),
    marked("the captions have no words for ‘%(heard)s’"),
    marked("the captions have ‘%(shown)s’, and nothing of it was heard"),
    marked("the captions have ‘%(shown)s’, where ‘%(heard)s’ was heard"),
    marked("the captions have ‘%(shown)s’, where ‘%(heard)s’ was heard: %(weighty)s differs"),
    marked("there is no translation of this sentence"),
    marked("the number %(number)s of the original is not in the translation"),
    marked("%(number)s of the original has lost its percent"),
    marked("the number %(number)s of the translation is not in the original"),
    marked("the original names %(name)s; the translation has no %(shown)s"),
    marked("the translation names nobody where the original has %(shown)s"),
    marked("the name %(was)s of the original is spelled %(now)s"),
    marked("the original says %(said)s; the translation has no negation"),
    marked("the translation says %(said)s; the original has no negation"),
    marked("the translation is a copy of the original"),
    marked("part of the translation is still in the original's script (%(script)s)"),
    marked("the translation is %(times)s times as long as the original"),
    marked("the translation has only %(share)s of the original's length"),
    marked("the translation repeats “%(words)s” %(times)s times"),
)
SENTENCES = (
    *_WORDS,
    *_PLACES,
    *_SPEAKER,
    *_CONTEXT,
    *_PROOFS,
    *_FIELDS,
    *_STOPS,
    *_VOICES,
    *_DOUBTS,
)
"""The forms, each before those that it could be taken for."""

_WEIGHTY = (marked("a name"), marked("a negation"), marked("a number"))
_VALUES = frozenset(one.value for names in (WordsFinding, EditClass) for one in names)
"""Names of findings and of classes of edits, translated where findings are."""
_LONGEST = 2_000
"""Characters of a sentence that is held against the forms; none of the program's own is longer."""
_DEEPEST = 6
_PLACE_RE = re.compile(r"%\((\w+)\)s")
_INNER = frozenset({"why", "more", "often"})
"""Places that hold a sentence themselves."""
_NAMED = frozenset({"finding", "weighty"})
"""Places that hold names of findings, or of what differs."""
_NUMBERS = frozenset(
    {"count", "total", "found", "all", "part", "clip", "changed", "times", "seconds", "mean",
     "silent", "score", "share", "recording"}
)  # fmt: skip
_QUOTED = r"“?(?:[^“”]|“[^“”]*”)*"
"""What stands between marks; it may quote itself, and be cut within that."""
_LATIN_RE = re.compile(r"\W*[A-Za-z]")
_CLASSES_RE = re.compile(r"(.+) \(([a-z ]+(?:, [a-z ]+)*)\)", re.DOTALL)


def explained(sentence: str) -> Markup:
    """A sentence of the program in the language of the page, safe to stand in it; each word that
    is somebody's is isolated, so that no direction of writing turns the sentence round it."""
    told = None if spoken().tag == SOURCE else _told(sentence, _isolated, 0)
    if told is not None:
        return Markup(told)
    # What a person wrote stands among the program's sentences, and is not English everywhere.
    marks = Markup(' lang="en"') if _LATIN_RE.match(sentence) else ""
    return Markup("<bdi{}>{}</bdi>").format(marks, sentence)


def explained_plainly(sentence: str) -> str:
    """The same as text alone, for what is no page; English where the form is not known."""
    if spoken().tag == SOURCE:
        return sentence
    return _told(sentence, _enclosed, 0) or sentence


def explained_fields(fields: str) -> Markup:
    """What a clause was held against, `channel: Harbour One; air date: 2024-05-14`."""
    return Markup("; ").join(
        explained(one) if _told(one, _isolated, 0) else escape(one) for one in fields.split("; ")
    )


def _isolated(value: str) -> str:
    return f"<bdi>{escape(value)}</bdi>"


def _enclosed(value: str) -> str:
    return f"\u2068{value}\u2069"


def _told(sentence: str, shown: Callable[[str], str], depth: int) -> str | None:
    """A sentence in the language of the page, None where it has no known form."""
    if len(sentence) > _LONGEST or depth > _DEEPEST:
        return None
    for form, pattern in _forms():
        match = pattern.fullmatch(sentence)
        if match is not None:
            values = {
                name: _value(name, value, shown, depth) for name, value in match.groupdict().items()
            }
            return _(form) % values
    classes = _CLASSES_RE.fullmatch(sentence)
    if classes is None or not set(classes[2].split(", ")) <= _VALUES:
        return None
    told = _told(classes[1], shown, depth + 1)
    return told and f"{told} ({_named(classes[2])})"


def _value(name: str, value: str, shown: Callable[[str], str], depth: int) -> str:
    if name in _INNER:
        return _told(value, shown, depth + 1) or shown(value)
    return _named(value) if name in _NAMED else shown(value)


def _named(names: str) -> str:
    return _(", ").join(_(one) for one in re.split(", | and ", names))


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(_pattern(form), re.DOTALL)) for form in SENTENCES)


def _pattern(form: str) -> str:
    """An expression for a form. What stands between marks holds no lone mark; a number is one."""
    parts = _PLACE_RE.split(form)
    written = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            written.append(re.escape(part % ()))
            continue
        if part in _NAMED:
            names = "|".join(
                re.escape(one) for one in sorted((*_VALUES, *_WEIGHTY), key=len, reverse=True)
            )
            held = rf"(?:{names})(?:(?:, | and )(?:{names}))*"
        elif part in _NUMBERS:
            held = r"[\d.,]+%?"
        elif part == "often":
            held = r"once|twice|a great many|[\d.,e+-]+(?: times)?"
        elif part in _INNER:
            held = ".+?"
        elif parts[place - 1].endswith("“"):
            held = _QUOTED
        elif parts[place - 1].endswith("‘"):
            held = ".*?"
        else:
            held = "[^“”]+?"
        written.append(f"(?P<{part}>{held})")
    return "".join(written)
