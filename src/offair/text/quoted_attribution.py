"""What the words before, after or inside a quotation say of who said it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import regex

from offair.text.quoted_names import Cast, Mention, arabic_name, is_official, mentions
from offair.text.speech_verbs import ACCORDING, ENGLISH, HANDLES, OTHERS, PRONOUNS

_ADVERB = (
    r"(?:also|then|later|further|again|once|often|repeatedly|famously|previously|recently|just"
    r"|\w+ly)"
)
_PASSIVE_RE = regex.compile(
    r"(?i)\b(?:is|are|was|were|be|been|being|gets?|got|to|will\sbe|not\sbe)\s+(?:\w+ly\s+)?$"
)
_QUOTE_TAIL_RE = regex.compile(r"[\s\[,;:.!?…\p{Pf}\p{Pe}\"'*–—―-]*")
_LONGEST_TAIL = 120
_LONGEST_HEAD = 240
_LONGEST_SUBJECT = 160
_HEAD_END_RE = regex.compile(r"[\s,:;—–-]*(?:\b(?:that|as|it)\b|:)?[\s,:;—–\p{Pi}\p{Ps}\"'*-]*$")
_SENTENCE_END_RE = regex.compile(r"[.!?](?:\s|$)")
_TITLE_END_RE = regex.compile(
    r"(?:\b(?:\p{Lu}|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Sgt|Lt|Col|Capt|Jr|Sr|St|Rev|Prof|U\.S|D\.C)\.)$"
)
_BRACKETS_RE = regex.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,200}\]")
_COLON_WORDS = 30


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to speak, as far as the words tell.

    name: resolved to the fullest form. Else one of: pronoun, role (`president`), first_person, or
    the words themselves (`a spokesman for the ministry`). at: where in the text it stands. verb:
    whether a speech verb or the like joins it to the quotation. near: with few words between.
    """

    name: str | None
    certain: bool
    verb: bool
    at: int = 0
    pronoun: bool = False
    first_person: bool = False
    role: str = ""
    words: str = ""
    near: bool = False


@cache
def _verbs(language: str | None) -> regex.Pattern[str]:
    return regex.compile(
        rf"(?<![\p{{L}}’'])(?:{_forms(language, {'en': ENGLISH, **OTHERS})})(?![\p{{L}}\p{{M}}])"
    )


@cache
def _pronoun(language: str | None) -> str:
    return _forms(language, PRONOUNS)


@cache
def _according(language: str | None) -> regex.Pattern[str]:
    return regex.compile(rf"(?<!\p{{L}})(?:{_forms(language, ACCORDING)})(?:\s|(?<=ل))", regex.I)


def _forms(language: str | None, table: Mapping[str, str]) -> str:
    """The forms of a language; of all of them where it is not known; else those of English."""
    if language is None:
        return "|".join(table.values())
    return table.get(language.split("-")[0], table["en"])


def interrupts(words: str, language: str | None) -> bool:
    """Whether the words between two quotations only say who speaks, inside one sentence."""
    plain = words.strip()
    if _SENTENCE_END_RE.search(_BRACKETS_RE.sub("", without_titles(plain))):
        return False
    if not plain or len(plain.split()) > _INTERRUPTION_WORDS or plain[-1] not in ",،—–-;:…，":
        return False
    found = _verbs(language).search(plain)
    return found is not None and not regex.search(r"(?i)\b(?:and|but|while|that)\s*$", plain[:-1])


_INTERRUPTION_WORDS = 14


def without_titles(words: str) -> str:
    """The words with abbreviated titles and initials replaced, whose stops end no sentence."""
    return regex.sub(
        r"\b(?:\p{Lu}|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Pres|Sgt|Lt|Col|Capt|Rev|Hon|Jr|Sr|St|Prof)\.",
        "T", words,
    )  # fmt: skip


def after_words(
    text: str, start: int, end: int, cast: Cast, language: str | None, *, inside: bool = False
) -> Attribution | None:
    """The attribution that follows a quotation, between two places of the text, or None."""
    lead = _QUOTE_TAIL_RE.match(text, start, end)
    begin = lead.end() if lead else start
    limit = min(end, begin + _LONGEST_TAIL)
    stop = _sentence_end(text, begin, limit)
    ends_before = bool(lead and regex.search(r"[.]", lead.group())) and not inside
    if ends_before or begin >= stop:
        return None
    according = _according(language).match(text, begin, stop)
    if according is not None:
        return _near(_subject_after(text, according.end(), stop, cast, language, according=True))
    verb = _verbs(language).search(text, begin, stop)
    if verb is None or _passive(text, begin, verb.start()):
        return None
    if not regex.sub(
        rf"(?i)^(?:(?:as|and|or)\s)?(?:{_ADVERB}\s)?", "", text[begin : verb.start()]
    ).strip():
        if _HYPHENED_RE.search(verb.group()):
            return Attribution(None, False, True, verb.start(), pronoun=True, near=True)
        return _near(_subject_after(text, verb.end(), stop, cast, language))
    subject = text[begin : verb.start()]
    # A subordinate clause, or a new one after `and`, is no attribution of what was quoted.
    if regex.match(
        r"(?i)(?:and|but|while|as|because|when|after|before|which|that|to|in|at|for|of|with)\s",
        subject,
    ):
        return None
    return _near(_subject_before(text, begin, verb.start(), cast, language))


def signed(text: str, start: int, end: int, cast: Cast) -> Attribution | None:
    """The signature right behind a quotation, after a dash: `” — Ann Smith`, `” – @POTUS`."""
    lead = _SIGNED_RE.match(text, start, end)
    if lead is None:
        return None
    begin, stop = lead.end(), min(end, lead.end() + _LONGEST_SIGNATURE)
    handle = _HANDLE_RE.match(text, begin, stop)
    if handle is not None:
        role = HANDLES.get(handle.group(1).lower())
        return (
            Attribution(None, False, True, begin, role=role, words=f"the {role}")
            if role else None
        )  # fmt: skip
    people = cast.people(begin, stop)
    return Attribution(people[0], certain=True, verb=True, at=begin) if people else None


_SIGNED_RE = regex.compile(r"[\s\p{Pf}\"']*[—–―-]{1,2}\s*(?=\p{Lu}|@\w)")
_HANDLE_RE = regex.compile(r"@?(\w+)(?=[\s.,;:)\]#]|$)(?<=@\w+|\p{Lu}{2,})")
_LONGEST_SIGNATURE = 80


def _near(found: Attribution | None) -> Attribution | None:
    return replace(found, near=True) if found is not None else None


def before_words(
    text: str, start: int, end: int, cast: Cast, language: str | None
) -> Attribution | None:
    """The attribution that leads up to a quotation, between two places of the text, or None."""
    start = max(start, end - _LONGEST_HEAD)
    tail = _HEAD_END_RE.search(text, start, end)
    close = tail.start() if tail else end
    colon = ":" in text[close:end]
    verbs = [one for one in _verbs(language).finditer(text, start, end)
             if not _passive(text, start, one.start())]  # fmt: skip
    according = list(_according(language).finditer(text, start, end))
    if according and (not verbs or according[-1].start() > verbs[-1].start()):
        return _subject_after(text, according[-1].end(), close, cast, language, according=True)
    for verb in reversed(verbs):
        found = _subject_before(text, start, verb.start(), cast, language)
        if found is None and (colon or _inverts(language)):
            found = _subject_after(text, verb.end(), close, cast, language)
        if found is not None:
            far = close - verb.end()
            found = replace(found, near=far <= _BESIDE)
            return found if far <= _NEAR or colon else replace(found, certain=False)
    return _colon(text, start, close, cast) if colon else None


_NEAR = 70
_BESIDE = 25


def _inverts(language: str | None) -> bool:
    return language is None or language.split("-")[0] in OTHERS


def _passive(text: str, start: int, verb: int) -> bool:
    return _PASSIVE_RE.search(text[max(start, verb - 25) : verb]) is not None


def _sentence_end(text: str, start: int, end: int) -> int:
    for match in _SENTENCE_END_RE.finditer(text, start, end):
        if not _TITLE_END_RE.search(text[max(start, match.start() - 6) : match.start() + 1]):
            return match.start()
    return end


def _colon(text: str, start: int, end: int, cast: Cast) -> Attribution | None:
    """`Governor Dan McKee (RI): “…”`: the person named before a colon, where one person is."""
    if len(text[start:end].split()) > _COLON_WORDS:
        return None
    named = [one for one in mentions(text, start, end) if one.person and one.name]
    people = list(dict.fromkeys(cast.full(one) for one in named))
    phrase = regex.split(r"[,(\[]", text[start:end])[0].strip(" *•-–—:")
    whole = not text[max(0, start - 1) : start].strip()
    person_first = bool(named) and not _GOES_ON_RE.match(text, named[0].end, end)
    person_first = person_first and not _WORDS_RE.search(text, start, named[0].start)
    titled = bool(named) and bool(named[-1].title) and _ALONE_RE.fullmatch(
        text, named[-1].end, end
    ) is not None  # fmt: skip
    if whole and phrase[:1].isupper() and not person_first and not titled:
        # A body that speaks: `American Cancer Society Action Network: “…”`.
        capitals = [one for one in phrase.split() if one[0].isupper()]
        if len(phrase.split()) <= _BODY_WORDS and 2 * len(capitals) >= len(phrase.split()):
            return Attribution(phrase, len(capitals) > 1, True, start)
    if not people:
        return None
    chosen = named[0] if person_first or not titled else named[-1]
    lead = text[start : chosen.start].strip(" *•-–—")
    return Attribution(cast.full(chosen), titled or len(lead) < _LEAD, True, chosen.start)


_LEAD = 12
_OWNS_RE = regex.compile(r"[’']s?\s+\p{Ll}")
_HYPHENED_RE = regex.compile(r"-(?:il|elle|on)\b")
_ALONE_RE = regex.compile(r"\s*+(?:[(\[][^()\[\]]{0,40}[)\]])?[\s:*]*+")
_GOES_ON_RE = regex.compile(r"\s(?:of|for|on|and|&)\s")
_ADDRESSED_RE = regex.compile(r"\b(?:told|tells|asked|reminded|asks)\s+(?:the\s)?$")
_BODY_WORDS = 12
_WORDS_RE = regex.compile(r"\p{L}{4}")
_PREPOSITION_RE = regex.compile(r"(?i)(?:with|for|to|on|in|at|of|from|by|that|about|and|out|up)\s")


def _subject_after(
    text: str, start: int, end: int, cast: Cast, language: str | None, *, according: bool = False
) -> Attribution | None:
    """The subject behind its verb: the first noun phrase there."""
    begin = start + len(text[start:end]) - len(text[start:end].lstrip())
    if (language or "").startswith("ar"):
        name = arabic_name(text, begin, end)
        return Attribution(name, False, True, begin) if name else None
    if _PREPOSITION_RE.match(text, begin, end) and not according:
        return None
    pronoun = regex.compile(rf"(?:{_pronoun(language)})\b", regex.I).match(text, begin, end)
    if pronoun is not None and not according:
        word = pronoun.group().lower()
        return Attribution(None, False, True, begin, pronoun=True, words=word)
    if regex.compile(r"(?:I|we)\b").match(text, begin, end):
        return Attribution(None, False, True, begin, first_person=True)
    edge = regex.compile(
        r"[,;:—–\"“”«»]|\s(?:in|at|on|during|after|before|who|when|while|as|about|following|from|"
        r"whose|to|via|by|with|because|dans|lors|à|qui|am|im|bei|der|die|en|durante|tras|que|em|"
        r"nel|durante|che)\s"
    ).search(text, begin, end)
    stop = edge.start() if edge else end
    found = list(mentions(text, begin, stop))
    names = [one for one in found if one.name]
    phrase = text[begin:stop].strip(" .")
    if names:
        return _as_named(_head(names, text), phrase, cast, according=according)
    if found and found[-1].title:
        return Attribution(None, False, True, begin, role=found[-1].title, words=phrase)
    return _described(phrase, begin)


def _head(names: Sequence[Mention], text: str) -> Mention:
    """Of the names of one noun phrase the one that speaks: the last person before `of`, `for`."""
    chosen = names[0]
    for one in names[1:]:
        link = text[chosen.end : one.start]
        if regex.search(r"(?i)\b(?:of|for|and|or)\b|[,(]", link):
            break
        chosen = one
    return chosen


def _as_named(one: Mention, phrase: str, cast: Cast, *, according: bool) -> Attribution:
    if one.name.lower() in HANDLES:
        return Attribution(
            None,
            False,
            True,
            one.start,
            role=HANDLES[one.name.lower()],
            words=f"the {HANDLES[one.name.lower()]}",
        )
    spokesman = is_official(phrase.split(one.name)[0]) and regex.search(
        r"(?i)\b(?:for|of|at|with)\s", phrase.split(one.name)[0]
    )
    if spokesman or _OWNS_RE.match(phrase, max(0, phrase.find(one.name)) + len(one.name)):
        return Attribution(None, True, True, one.start, words=phrase)
    return Attribution(cast.full(one), one.person or not according, True, one.start)


def _described(phrase: str, at: int) -> Attribution | None:
    """A speaker without a name: a title alone, or officials."""
    words = phrase.split()
    if not words or len(words) > 8:
        return None
    role = regex.fullmatch(
        r"(?i)(?:the|our|le|la|der|die|el|o|a|il)\s(?:\w+\s)?"
        r"(president|vice president|senator|governor|secretary|press secretary|prime minister|mayor"
        r"|minister|chairman|speaker|congressman|congresswoman|ambassador|director|chancellor"
        r"|first lady|king|queen|pope|attorney general|general|chief executive"
        r"|président|présidente|ministre|präsident|kanzler|kanzlerin|minister|presidente|ministro)",
        phrase,
    )
    if role is not None:
        return Attribution(None, False, True, at, role=role.group(1), words=phrase)
    if is_official(phrase):
        return Attribution(None, True, True, at, words=phrase)
    return None


def _subject_before(
    text: str, start: int, end: int, cast: Cast, language: str | None
) -> Attribution | None:
    """The subject in front of its verb: the last noun phrase before it that may be one."""
    start = max(start, end - _LONGEST_SUBJECT)
    clean = _BRACKETS_RE.sub(lambda found: " " * len(found.group()), text[start:end])
    words = regex.sub(rf"(?i)(?:\s(?:has|have|had|would|will|did|could|{_ADVERB}))*\s*$", "", clean)
    pieces = _pieces(words)
    for number in range(len(pieces) - 1, -1, -1):
        at, piece = pieces[number]
        if not piece.strip():
            continue
        if number == len(pieces) - 2 and not pieces[-1][1].strip() and number >= 1:
            # “Smith, a teacher, said”: what stands between the commas is no subject.
            earlier = _piece_subject(text, start, pieces[0], cast, language)
            if earlier is not None:
                return earlier
        found = _piece_subject(text, start, (at, piece), cast, language)
        if found is not None:
            return found
    return None


_BOTH_RE = regex.compile(r"^\s+(?:and|et|und|y|e|و)\s+(?:the\s)?$")


def _pieces(words: str) -> list[tuple[int, str]]:
    """The words parted at commas and dashes, each with its place."""
    result, at = [], 0
    for match in regex.finditer(r"[,;—–،]|\s-\s", words):
        result.append((at, words[at : match.start()]))
        at = match.end()
    result.append((at, words[at:]))
    return result


def _piece_subject(
    text: str, start: int, piece: tuple[int, str], cast: Cast, language: str | None
) -> Attribution | None:
    at, words = start + piece[0], piece[1]
    last = regex.compile(
        rf"(?i)(?:^|\s)(?:(?P<pronoun>{_pronoun(language)})|(?P<first>(?-i:I)|we)(?:['’]ve)?|who)\s*$"
    ).search(words)
    if last is not None:
        if last.group("pronoun"):
            word = last.group("pronoun").lower()
            return Attribution(None, False, True, at + last.start(), pronoun=True, words=word)
        if last.group("first"):
            return Attribution(None, False, True, at + last.start(), first_person=True)
        words = words[: last.start()]
    found = [one for one in mentions(text, at, at + len(words)) if one.name or one.title]
    phrase = regex.sub(
        r"(?i)^.*\b(?:and|but|that|when|while|as|because|where)\s(?=\S)", "", words.strip()
    )
    if not found:
        return _described(phrase, at)
    if (
        len(found) > 1
        and _BOTH_RE.search(text[found[-2].end : found[-1].start])
        and (not text[found[-1].end : at + len(words)].strip())
    ):
        return Attribution(None, False, True, at, words=words.strip())
    # The subject is the last name that no preposition puts into another phrase.
    for one in reversed(found):
        lead = text[at : one.start].rstrip()
        if _ADDRESSED_RE.search(text[at : one.start]):
            continue
        if (
            regex.search(
                r"(?i)(?:^|\s)(?:in|at|on|during|after|before|from|to|with|by|for|of|about|against|near"
                r"|since|under|over|into)(?:\s(?:the|a|an|his|her|its))?$",
                lead,
            )
            and one is not found[0]
        ):
            continue
        if regex.search(
            r"(?i)(?:^|\s)(?:in|at|on|during|after|before|from|since|near|to)(?:\s(?:the|a|an))?$",
            lead,
        ):
            continue
        if not one.name and " and " in one.title:
            return Attribution(None, False, True, one.start, words=phrase)
        if not one.name:
            return Attribution(None, False, True, one.start, role=one.title.lower(), words=phrase)
        return _as_named(
            one, words[max(0, words.find(words.strip())) :].strip(), cast, according=False
        )
    return None
