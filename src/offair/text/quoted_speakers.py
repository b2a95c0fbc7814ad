"""The quotations of an article, with who is said to have said each, and whether that is a guess.

English is read by its attributions before, after and inside a quotation; five other languages and
Arabic by speech verbs that are sure. A name found by a rule that may be wrong (a pronoun, the
speaker of the quotation before, a line above) is marked as guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import regex

from offair.model.article import Article, BlockKind, Paragraph
from offair.model.finding import Quotation
from offair.text.normalise import word_set
from offair.text.quoted_attribution import (
    Attribution,
    after_words,
    before_words,
    interrupts,
    signed,
    without_titles,
)
from offair.text.quoted_dates import claimed_date
from offair.text.quoted_names import Cast, may_be
from offair.text.quoted_words import (
    Marked,
    between,
    ends_sentence,
    joined,
    marked_quotations,
    sentence_of,
    words_in,
)
from offair.text.sentences import sentences
from offair.text.speech_verbs import TERM_AFTER_RE, TERM_BEFORE_RE

_TELLING = {
    "en": word_set("the and of to in that is was for with on said he she his from by at are"),
    "fr": word_set("le la les des et est une dans pour que qui sur pas au du ce il elle"),
    "de": word_set("der die das und ist nicht mit von den ein eine zu auf im dem für sich"),
    "es": word_set("el los las que y es una del por con para se no su al lo como más"),
    "pt": word_set("o os que e é uma do da dos em não por com para se ao na no mais"),
    "it": word_set("il gli che e è una di del della per con non si al nel le sono ha"),
}
_LEAST_TELLING = 5
_SAMPLE_CHARS = 20_000
_SHORT_WORDS = 3
_PLAIN_WORDS = 6
_AUTHOR_RE = regex.compile(
    r"(?i:statement|remarks|message|letter|op-ed|opinion)\s(?i:by|from|of)\s(?:the\s)?"
    r"(?P<name>\p{Lu}[^:—–,]{3,80}?)(?=\s(?i:on|at|in|regarding|about|to|before|after|following)\b"
    r"|[:,—–]|$)"
)
_FIRST_RE = regex.compile(r"\b(?:I|we|my)\b", regex.I)
_STRAY_RE = regex.compile(r"[“”]")
_LABEL_RE = regex.compile(r"(?:Q|A)(?=\s)|\p{Lu}[\p{Lu} .’'-]{1,40}:(?=\s)")
_LINE_RE = regex.compile(r"(?:The\s)?\p{Lu}[^.!?:;“”\"]{3,90}$")
_LONGEST_LINE = 12


@dataclass(frozen=True, slots=True)
class FoundQuotations:
    """What an article quotes, in order, and remarks on marks that do not pair."""

    quotations: tuple[Quotation, ...]
    remarks: tuple[str, ...]


def quotations_of(article: Article) -> FoundQuotations:
    """Every quotation of an article with its claimed speaker and day.

    A quotation without speaker that looks like a title, a term or a scare quote has `is_speech`
    False. `article.text[char_start:char_end]` is what is printed, marks inside included.
    """
    marked, remarks = marked_quotations(article.text, article.paragraphs)
    language = article.language or guessed_language(article.text)
    reading = _Reading(article, language, marked)
    marked = reading.joined()
    return FoundQuotations(tuple(reading.quotations(marked)), remarks)


def guessed_language(text: str) -> str | None:
    """The language of a text by its script or its commonest words, None where unclear: `ar`, `en`,
    `fr`, `de`, `es`, `pt`, `it`."""
    sample = text[:_SAMPLE_CHARS].lower()
    letters = sum(one.isalpha() for one in sample)
    arabic = sum("\u0600" <= one <= "\u06ff" for one in sample)
    if letters and arabic > letters / 2:
        # Persian and Urdu letters that Arabic has not.
        return None if sum(sample.count(one) for one in "پچگژکی") > letters / 50 else "ar"
    counts = Counter(words_in(sample))
    scores = sorted(
        ((sum(counts[word] for word in telling), name) for name, telling in _TELLING.items()),
        reverse=True,
    )
    (best, name), (second, _) = scores[:2]
    return name if best >= _LEAST_TELLING and best > 1.3 * second else None


class _Reading:
    """One article being read: who is named where, and what is known of each quotation so far."""

    def __init__(self, article: Article, language: str | None, marked: Sequence[Marked]) -> None:
        self._article = article
        self._text = article.text
        self._language = language
        self._marked = tuple(marked)
        outside = _outside(self._text, article.paragraphs, marked)
        self._cast = Cast(self._text, outside, article.title)
        self._sentences: dict[int, list[tuple[int, int]]] = {}
        self._author = _author(article)
        self._parts = sorted(part for one in marked for part in one.parts)
        self._ends = [one.char_end for one in article.paragraphs]

    def joined(self) -> tuple[Marked, ...]:
        """The quotations with those put together that one interruption parts."""
        flags = []
        for one, other in zip(self._marked, self._marked[1:], strict=False):
            words = between(one, other, self._text)
            flags.append(
                words is not None
                and not ends_sentence(self._text, one)
                and interrupts(words, self._language)
            )
        self._marked = joined(self._marked, self._text, flags)
        return self._marked

    def quotations(self, marked: Sequence[Marked]) -> list[Quotation]:
        """Each quotation with its speaker; one after the other, for a speaker may be carried on."""
        result: list[Quotation] = []
        held: _Said | None = None
        for number, one in enumerate(marked):
            before = marked[number - 1] if number else None
            after = marked[number + 1] if number + 1 < len(marked) else None
            said = self._said(one, before, after, held)
            result.append(self._quotation(one, said))
            if said.speaker is not None:
                held = said
        return result

    def _said(
        self, one: Marked, before: Marked | None, after: Marked | None, held: _Said | None
    ) -> _Said:
        """Who said it: by its own sentence, else by a line beside it, else by what came before."""
        start, end = self._clause(one, before, after)
        own = self._own(one, start, end)
        if own is None:
            own = self._beside(one, before)
        if own is not None:
            name, certain, how = self._named(own, one, held)
            words = self._words(one, start, end)
            behind = own.at >= one.outer_end
            return _Said(one, name, certain, own.verb, words, own.near, how, behind)
        return self._carried(one, before, held)

    def _own(self, one: Marked, start: int, end: int) -> Attribution | None:
        for first, last in zip(one.parts, one.parts[1:], strict=False):
            # What interrupts a quotation is its attribution.
            inside = after_words(
                self._text, first[1], last[0], self._cast, self._language, inside=True
            )
            if inside is not None:
                return inside
        behind = after_words(self._text, one.outer_end, end, self._cast, self._language)
        if behind is not None:
            return behind
        below = self._article.paragraphs[self._last(one)].char_end
        behind = signed(self._text, one.outer_end, max(end, below), self._cast)
        if behind is not None:
            return behind
        ahead = before_words(self._text, start, one.outer_start, self._cast, self._language)
        if ahead is not None and self._inside_another(one, start):
            return None
        if ahead is None and _CALLING_RE.match(self._text, start, one.outer_start):
            # “Calling it “…”, the senator left”: the subject follows.
            people = self._cast.people(one.outer_end, end)
            return Attribution(people[0], certain=False, verb=True) if people else None
        return ahead

    def _inside_another(self, one: Marked, start: int) -> bool:
        """Whether `Somebody:` leads up to more than this quotation: the words go on behind it up to
        a closing mark that nothing opened, so that this one stands inside what somebody says."""
        if not self._text[start : one.outer_start].rstrip().endswith(":"):
            return False
        rest = self._text[one.outer_end : self._article.paragraphs[self._last(one)].char_end]
        if rest.lstrip().startswith(("@", "#")):
            return True
        first = _STRAY_RE.search(rest)
        return first is not None and first.group() == "”"

    def _clause(self, one: Marked, before: Marked | None, after: Marked | None) -> tuple[int, int]:
        """What of the printed sentence belongs to this quotation alone: its edges outside it."""
        home = self._article.paragraphs[one.paragraph]
        start, end = sentence_of(self._split(one.paragraph), one.outer_start, one.outer_end)
        start = max(start, home.char_start)
        if before is not None:
            start = max(start, min(before.outer_end, one.outer_start))
        last = self._article.paragraphs[self._last(one)]
        end = max(one.outer_end, min(end, last.char_end)) if last is home else last.char_end
        if after is not None:
            end = min(end, max(after.outer_start, one.outer_end))
        return start, end

    def _last(self, one: Marked) -> int:
        """The index of the paragraph that a quotation ends in."""
        return min(bisect_left(self._ends, one.outer_end), len(self._ends) - 1)

    def _split(self, index: int) -> list[tuple[int, int]]:
        """Sentences of a paragraph, full stops inside quotations not counted but the last."""
        if index not in self._sentences:
            home = self._article.paragraphs[index]
            text = list(self._text[home.char_start : home.char_end])
            first = bisect_left(self._parts, home.char_start, key=itemgetter(1))
            last = bisect_left(self._parts, home.char_end, key=itemgetter(0))
            for start, end in self._parts[first:last]:
                for at in range(max(start, home.char_start), min(end - 1, home.char_end)):
                    text[at - home.char_start] = "x"
            ranges = sentences("".join(text), self._language)
            self._sentences[index] = [
                (start + home.char_start, end + home.char_start) for start, end in ranges
            ]
        return self._sentences[index]

    def _beside(self, one: Marked, before: Marked | None) -> Attribution | None:
        """A signature under it, a line with nothing but a name, or a line with a colon above it."""
        paragraphs = self._article.paragraphs
        home = paragraphs[one.paragraph]
        last = self._last(one)
        rest = self._text[one.outer_end : paragraphs[last].char_end]
        starts = not self._text[home.char_start : one.outer_start].strip(" *_")
        if not rest.strip(" \n") and last + 1 < len(paragraphs):
            below = paragraphs[last + 1]
            found = signed(self._text, below.char_start, below.char_end, self._cast)
            if (
                found is None
                and starts
                and _name_alone(self._text[below.char_start : below.char_end])
            ):
                people = self._cast.people(below.char_start, below.char_end)
                if len(people) == 1:
                    found = Attribution(
                        people[0], certain=False, verb=True, at=below.char_start, words=_BELOW
                    )
            if found is not None:
                return found
        if starts and one.paragraph and (before is None or before.paragraph < one.paragraph):
            above = paragraphs[one.paragraph - 1]
            if self._text[above.char_start : above.char_end].rstrip().endswith(":"):
                ranges = self._split(one.paragraph - 1)
                start = ranges[-1][0] if ranges else above.char_start
                found = before_words(self._text, start, above.char_end, self._cast, self._language)
                if found is not None:
                    return found
        return None

    def _named(
        self, own: Attribution, one: Marked, held: _Said | None
    ) -> tuple[str | None, bool, str]:
        """The name for what an attribution says (a name, a pronoun, a title, `I`), whether it is
        sure, and by what it was guessed where it is not."""
        if own.name is not None:
            return own.name, own.certain, "" if own.certain else own.words or _BESIDE
        if own.first_person:
            return self._author, False, _FIRST_PERSON
        if own.role:
            found = self._cast.with_role(own.role, own.at)
            if found is None:
                return own.words or None, False, f"the title “{own.words}”, nobody named with it"
            return found, False, f"the title “{own.words}”"
        if own.pronoun:
            fits = held is not None and may_be(held.speaker or "", own.words)
            who = self._nearest(one, own, held if fits else None)
            return who, False, f"the pronoun “{own.words}”" if own.words else "a pronoun"
        return own.words or None, own.certain, "" if own.certain else _BESIDE

    def _nearest(self, one: Marked, own: Attribution, held: _Said | None) -> str | None:
        """Whom a pronoun means: the last speaker, unless somebody else was named since."""
        home = self._article.paragraphs[one.paragraph]
        previous = self._article.paragraphs[max(0, one.paragraph - 1)]
        since = held.marked.outer_end if held is not None else 0
        last = min(own.at, one.outer_start)
        here = self._people(max(home.char_start, since), last, own.words)
        if here:
            return self._one_of(here, held)
        above = self._people(max(previous.char_start, since), home.char_start, own.words)
        if held is not None and held.speaker in above:
            return held.speaker
        if above and since < home.char_start:
            late = held is None or held.marked.paragraph < one.paragraph - 1
            return self._one_of(above, None) if late else self._one_of(above, held)
        if held is not None and one.paragraph - held.marked.paragraph <= _REACH:
            return held.speaker
        return None

    def _people(self, start: int, end: int, pronoun: str) -> list[str]:
        """Whom a pronoun may mean there: persons, each once, none of two names joined."""
        named = dict.fromkeys(self._cast.people(start, end))
        return [one for one in named if " and " not in one and may_be(one, pronoun)]

    @staticmethod
    def _one_of(people: Sequence[str], held: _Said | None) -> str | None:
        """The one person, or the last speaker among several; None where that does not decide."""
        if len(people) == 1:
            return people[0]
        return held.speaker if held is not None and held.speaker in people else None

    def _carried(self, one: Marked, before: Marked | None, held: _Said | None) -> _Said:
        """The speaker of the quotation before, where this one goes on without an attribution."""
        nothing = _Said(one, None, True, False, "")
        if before is None or held is None or held.marked is not before or one.block:
            return nothing
        if one.paragraph == before.paragraph:
            words = self._text[before.outer_end : one.outer_start]
            if not held.spoke or len(words) > _LONGEST_LINK or not _is_link(words):
                return nothing
            alone = not words.strip() or _STOP_RE.search(words) is not None
            begins = words.lstrip()[:1].isupper() and ends_sentence(self._text, before)
            if not alone and (begins or regex.search(r"[.!?]\s", without_titles(words))):
                return nothing
            sure = held.certain and alone and (held.behind or not words.strip())
            if ends_sentence(self._text, one) or not alone:
                sure = sure and ends_sentence(self._text, one)
                return _Said(one, held.speaker, sure, True, "", how=held.how or _GOES_ON)
            return nothing
        home = self._article.paragraphs[one.paragraph]
        starts = not self._text[home.char_start : one.outer_start].strip()
        if starts and one.paragraph == before.paragraph + 1 and held.spoke:
            return _Said(one, held.speaker, False, True, "", how=_GOES_ON)
        return nothing

    def _words(self, one: Marked, start: int, end: int) -> str:
        """What is printed beside a quotation in its sentence: where a day may be named."""
        pieces = [self._text[start : one.outer_start]]
        pieces += [
            self._text[first[1] : last[0]]
            for first, last in zip(one.parts, one.parts[1:], strict=False)
        ]
        pieces.append(self._text[one.outer_end : end])
        return " ".join(pieces)

    def _quotation(self, one: Marked, said: _Said) -> Quotation:
        is_speech = self._is_speech(one, said)
        return Quotation(
            printed=one.printed(self._text),
            speaker=said.speaker if is_speech else None,
            date=claimed_date(said.words, self._article.published),
            language=self._language,
            char_start=one.char_start,
            char_end=one.char_end,
            context=self._context(one),
            certain=said.certain or not is_speech or said.speaker is None,
            is_speech=is_speech,
            speaker_from=said.how if is_speech and said.speaker and not said.certain else "",
        )

    def _context(self, one: Marked) -> str:
        start, end = sentence_of(self._split(one.paragraph), one.outer_start, one.outer_end)
        return self._text[start:end].strip()

    def _is_speech(self, one: Marked, said: _Said) -> bool:
        printed = one.printed(self._text)
        words = list(words_in(printed))
        home = self._article.paragraphs[one.paragraph]
        before = self._text[max(home.char_start, one.outer_start - 60) : one.outer_start]
        after = self._text[one.outer_end : one.outer_end + 40]
        if one.block:
            return len(words) > _SHORT_WORDS or said.speaker is not None
        if TERM_BEFORE_RE.search(before) or TERM_AFTER_RE.search(after):
            return False
        if _title_case(words) and (not said.spoke or not _ENDS_RE.search(printed)):
            return False
        if len(words) <= _SHORT_WORDS + 1 and _IN_PHRASE_RE.search(before + _HOLE + after):
            return False
        if said.spoke and said.speaker is not None:
            return len(words) > _SHORT_WORDS or said.near or ends_sentence(self._text, one)
        if len(words) <= _SHORT_WORDS or home.kind is BlockKind.HEADING:
            return False
        return len(words) >= _PLAIN_WORDS or ends_sentence(self._text, one)


_REACH = 3
_BESIDE = "a name in the same sentence"
_BELOW = "a name on a line of its own below"
_FIRST_PERSON = "“I” or “we”, taken for the author"
_GOES_ON = "the quotation before, which it goes on from"
_STOP_RE = regex.compile(r"[.!?…]\W*$")
_CALLING_RE = regex.compile(r"(?:Calling|Describing|Citing|Noting|Denouncing|Praising|Quoting)\b")
_HOLE = "\ufffc"
_IN_PHRASE_RE = regex.compile(
    rf"(?i)(?:\b(?:the|a|an|its|their|his|her|this|that|these|our|of|self-described|as|adding)\s"
    rf"|[-’'])[\p{{Pi}}\"']*{_HOLE}[\p{{Pf}}\"']*(?:\s(?!said|says|and\b|to\b|he\b|she\b)\p{{Ll}}|-)"
)
"""A few words in the middle of a noun phrase: the “no wrong door” approach."""
_LONGEST_LINK = 200
_ENDS_RE = regex.compile(r"[.!?…,]['’\"”]?$")


@dataclass(frozen=True, slots=True)
class _Said:
    """What is known of one quotation. spoke: a speech verb or the like says that it was said.
    near: right beside it. words: those around it in its sentence. how: by what a speaker who is
    not sure was guessed. behind: the words that say so stand behind the quotation."""

    marked: Marked
    speaker: str | None
    certain: bool
    spoke: bool
    words: str
    near: bool = False
    how: str = ""
    behind: bool = False


def _is_link(words: str) -> bool:
    """Whether what parts two quotations is one attribution and nothing else."""
    ends = list(regex.finditer(r"[.!?](?=\s|$)", without_titles(words.strip())))
    return len(ends) <= 1


def _name_alone(line: str) -> bool:
    """Whether a line below a quotation can be nothing but who said it, an office and a day."""
    return len(line.split()) <= _LONGEST_LINE and _LINE_RE.match(line) is not None


def _outside(
    text: str, paragraphs: Sequence[Paragraph], marked: Sequence[Marked]
) -> list[tuple[int, int]]:
    """The stretches of text outside quotations, none over the edge of a paragraph, without the
    labels of a printed interview (`Q `, `MS. JONES:`), which name nobody whom the words tell of."""
    ranges = []
    inside = sorted(part for one in marked for part in one.parts)
    number = 0
    for paragraph in paragraphs:
        label = _LABEL_RE.match(text, paragraph.char_start, paragraph.char_end)
        at = label.end() if label else paragraph.char_start
        while number < len(inside) and inside[number][1] <= paragraph.char_end:
            start, end = inside[number]
            if start > at:
                ranges.append((at, start))
            at = max(at, end)
            number += 1
        if at < paragraph.char_end:
            ranges.append((at, paragraph.char_end))
    return ranges


def _title_case(words: Sequence[str]) -> bool:
    """Whether nearly every longer word has a capital: a title, in English."""
    longer = [one for one in words if len(one) > 3 and one[0].isalpha()]
    capitals = sum(one[0].isupper() for one in longer)
    return len(words) > 1 and len(longer) > 0 and capitals >= 0.8 * len(longer) and (
        len(longer) > 1 or words[0][0].isupper()
    )  # fmt: skip


def _author(article: Article) -> str | None:
    """Who speaks in the first person: the person whose statement the title says it is."""
    found = _AUTHOR_RE.search(article.title or "")
    if found is not None:
        cast = Cast(found.group("name"), [(0, len(found.group("name")))])
        people = cast.people(0, len(found.group("name")))
        if people:
            return people[0]
    return article.author
