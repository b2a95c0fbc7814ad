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
from offair.text.quoted_attribution import Attribution, after_words, before_words, interrupts
from offair.text.quoted_dates import claimed_date
from offair.text.quoted_names import Cast
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
_SIGNED_RE = regex.compile(r"^\s*[—–―-]{1,2}\s*(?=\p{Lu})")


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
        self._cast = Cast(self._text, _outside(article.paragraphs, marked))
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
            name, certain = self._named(own, one, held)
            return _Said(one, name, certain, own.verb, self._words(one, start, end), own.near)
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
        ahead = before_words(self._text, start, one.outer_start, self._cast, self._language)
        if ahead is None and _CALLING_RE.match(self._text, start, one.outer_start):
            # “Calling it “…”, the senator left”: the subject follows.
            people = self._cast.people(one.outer_end, end)
            return Attribution(people[0], certain=False, verb=True) if people else None
        return ahead

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
        """A signature under it, or a line with a colon above it."""
        paragraphs = self._article.paragraphs
        home = paragraphs[one.paragraph]
        last = self._last(one)
        rest = self._text[one.outer_end : paragraphs[last].char_end]
        places = [(one.outer_end, paragraphs[last].char_end)]
        if not rest.strip(" \n") and last + 1 < len(paragraphs):
            places.append((paragraphs[last + 1].char_start, paragraphs[last + 1].char_end))
        for start, end in places:
            signed = _SIGNED_RE.match(self._text[start:end])
            if signed is not None:
                people = self._cast.people(start, end)
                if people:
                    return Attribution(people[0], certain=True, verb=True)
        starts = not self._text[home.char_start : one.outer_start].strip()
        if starts and one.paragraph and (before is None or before.paragraph < one.paragraph):
            above = paragraphs[one.paragraph - 1]
            if self._text[above.char_start : above.char_end].rstrip().endswith(":"):
                ranges = self._split(one.paragraph - 1)
                start = ranges[-1][0] if ranges else above.char_start
                found = before_words(self._text, start, above.char_end, self._cast, self._language)
                if found is not None:
                    return found
        return None

    def _named(self, own: Attribution, one: Marked, held: _Said | None) -> tuple[str | None, bool]:
        """The name for what an attribution says: a name, a pronoun, a title, `I`."""
        if own.name is not None:
            return own.name, own.certain
        if own.first_person:
            return self._author, False
        if own.role:
            found = self._cast.with_role(own.role, own.at)
            return (found, False) if found else (own.words or None, False)
        if own.pronoun:
            return self._nearest(one, own.at, held), False
        return own.words or None, own.certain

    def _nearest(self, one: Marked, at: int, held: _Said | None) -> str | None:
        """Whom a pronoun means: the last speaker, unless somebody else was named since."""
        home = self._article.paragraphs[one.paragraph]
        previous = self._article.paragraphs[max(0, one.paragraph - 1)]
        since = held.marked.outer_end if held is not None else 0
        here = self._cast.people(max(home.char_start, since), min(at, one.outer_start))
        if here:
            return here[0]
        above = self._cast.people(max(previous.char_start, since), home.char_start)
        if held is not None and held.speaker in above:
            return held.speaker
        if above and since < home.char_start:
            return above[0] if held is None or held.marked.paragraph < one.paragraph - 1 else (
                held.speaker or above[0]
            )  # fmt: skip
        if held is not None and one.paragraph - held.marked.paragraph <= _REACH:
            return held.speaker
        return None

    def _carried(self, one: Marked, before: Marked | None, held: _Said | None) -> _Said:
        """The speaker of the quotation before, where this one goes on without an attribution."""
        nothing = _Said(one, None, True, False, "")
        if before is None or held is None or held.marked is not before or one.block:
            return nothing
        if one.paragraph == before.paragraph:
            words = self._text[before.outer_end : one.outer_start]
            goes_on = held.spoke and len(words) <= _LONGEST_LINK and _is_link(words)
            if goes_on and ends_sentence(self._text, one):
                return _Said(one, held.speaker, held.certain, True, "")
            if goes_on:
                return _Said(one, held.speaker, False, held.spoke, "")
            return nothing
        home = self._article.paragraphs[one.paragraph]
        starts = not self._text[home.char_start : one.outer_start].strip()
        if starts and one.paragraph == before.paragraph + 1 and held.spoke:
            return _Said(one, held.speaker, False, True, "")
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
            certain=said.certain or not is_speech,
            is_speech=is_speech,
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
    near: right beside it. words: those around it in its sentence."""

    marked: Marked
    speaker: str | None
    certain: bool
    spoke: bool
    words: str
    near: bool = False


def _is_link(words: str) -> bool:
    """Whether what parts two quotations is one attribution and nothing else."""
    return len(regex.findall(r"[.!?](?=\s|$)", words.strip())) <= 1


def _outside(paragraphs: Sequence[Paragraph], marked: Sequence[Marked]) -> list[tuple[int, int]]:
    """The stretches of text outside quotations, none over the edge of a paragraph."""
    ranges = []
    inside = sorted(part for one in marked for part in one.parts)
    number = 0
    for paragraph in paragraphs:
        at = paragraph.char_start
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
