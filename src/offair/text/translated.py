"""A translated turn from its translated sentences: text, sentence ranges, word times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.time import Span
from offair.model.transcript import Mark, MarkKind, Turn
from offair.model.words import Word, WordFlag, Words
from offair.text.retime import spread
from offair.text.tokenise import base_language

NOT_TRANSLATED = "[not translated]"
"""What stands in the text where an engine gave no translation; a mark of its own sense."""
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "yue"})


@dataclass(frozen=True, slots=True)
class TranslatedSentence:
    """One sentence of a translated turn.

    text: None where there is none. span: media time of the words it translates, or None. doubted:
    a flag of the layer is about it. after_break: its original begins a new paragraph.
    """

    text: str | None
    span: Span | None
    doubted: bool = False
    after_break: bool = False


def sentence_span(turn: Turn, start: int, end: int) -> Span | None:
    """When the characters `start` to `end` of a turn are spoken; None where no word has a time."""
    words = [
        one
        for one in turn.words
        if start <= one.char_start < end and one.start is not None and one.end is not None
    ]
    if not words:
        return None
    begin = min(one.start for one in words if one.start is not None)
    return Span(begin, max(begin, *(one.end for one in words if one.end is not None)))


def translated_turn(
    source: Turn, sentences: Sequence[TranslatedSentence], language: str
) -> tuple[Turn, tuple[tuple[int, int], ...]]:
    """The turn that stands for `source` in a translation, and its sentences' character ranges.

    Span, label and what was marked before its first word stay. Word times are interpolated inside
    each sentence's own span (`TimeSource.INTERPOLATED`), so that captions and clips of a
    translation can be cut, exactly between sentences and nearly inside one; a sentence whose
    original has no time has none. language: BCP 47 of the translation, for spaces.
    """
    between = "" if base_language(language) in _UNSPACED else " "
    text = ""
    ranges: list[tuple[int, int]] = []
    words: list[Word] = []
    marks = [one for one in source.marks if one.char_start == one.char_end == 0]
    for place, one in enumerate(sentences):
        text += ("\n" if one.after_break else between) if place else ""
        start = len(text)
        text += NOT_TRANSLATED if one.text is None else one.text
        if one.text is None:
            marks.append(Mark(MarkKind.UNCLEAR, start, len(text), NOT_TRANSLATED, "not translated"))
        ranges.append((start, len(text)))
        flags = WordFlag.DOUBTED if one.doubted or one.text is None else WordFlag(0)
        timed = spread(text, start, len(text), one.span)
        words += [word._replace(flags=int(flags)) for word in timed]
    turn = Turn(0, source.ordinal, text, Words.of(words), source.span, source.label, tuple(marks))
    return turn, tuple(ranges)


def aligned(made: Sequence[Span | None], source: Sequence[Span | None]) -> list[tuple[int, ...]]:
    """For each span of a translation, the places of the source spans that it translates.

    Those that share at least half of the shorter one's length with it; where none does, the one it
    shares most with; none where it shares no time with any. Many to many.
    """
    result = []
    for span in made:
        shared = {
            place: _shared(span, other)
            for place, other in enumerate(source)
            if span is not None and other is not None and _shared(span, other) > 0
        }
        half = [
            place
            for place, length in shared.items()
            if 2 * length >= min(one.length for one in (span, source[place]) if one is not None)
        ]
        most = [max(shared, key=lambda place: shared[place])] if shared else []
        result.append(tuple(half or most))
    return result


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
