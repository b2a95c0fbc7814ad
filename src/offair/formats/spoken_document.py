"""What a reader of printed proceedings gives: who spoke in which order, where and when.

Stage directions, times, insertions and corrections are marks at their place in the text and no
part of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from offair.model.record import Remark
from offair.model.time import PartialDate
from offair.model.transcript import Mark, MarkKind, SpeakerKind


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """What one speaker says without another in between. Paragraphs in `text` are parted by `\\n`.

    label: as printed, None where none was. name: the fullest form the document gives, without
    titles, or the label. interpreted: an interpreter speaks, `name` is whose words they are.
    marks: by place; empty ranges where the printed form is no part of the words. line: from 1.
    """

    label: str | None
    name: str | None
    kind: SpeakerKind
    text: str
    marks: tuple[Mark, ...] = ()
    interpreted: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class SpokenDocument:
    """Proceedings of one day or one event, in the printed order.

    title, date, channel, country, source (a web address), language (BCP 47): as the document
    says, None where it does not. channel: the body or desk whose proceedings they are.
    """

    title: str | None
    date: PartialDate | None
    channel: str | None
    country: str | None
    language: str | None
    source: str | None
    turns: tuple[SpokenTurn, ...]
    report: tuple[Remark, ...]


class TurnText:
    """A turn's text in the making: words and marks, white space made single.

    Kept in pieces, for a text that grows by whole copies takes quadratic time: who only asks how
    far it is or whether anything was said does not have it joined.
    """

    __slots__ = ("_pieces", "end", "length", "marks")

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._pieces: list[str] = []
        self.length = 0
        """Characters so far."""
        self.end = 0
        """Characters up to the last that is no white space; 0 where nothing was said yet."""

    @property
    def text(self) -> str:
        """All of it so far; copies it."""
        return "".join(self._pieces)

    def add(self, words: str) -> None:
        """Append words; white space at a seam is one space."""
        flat = " ".join(words.split())
        if self._seamless and words[:1].isspace():
            self._put(" ")
        if flat:
            self._put(flat)
            self.end = self.length
            if words[-1].isspace():
                self._put(" ")

    def paragraph(self) -> None:
        """The next words begin a paragraph."""
        self.trim()
        if self.length:
            self._put("\n")

    def trim(self) -> None:
        """Take white space away from the end."""
        while self.length > self.end:
            last = self._pieces.pop()
            kept = last[: max(0, len(last) - (self.length - self.end))]
            self.length -= len(last) - len(kept)
            if kept:
                self._pieces.append(kept)

    def no_space(self) -> None:
        """Take a space away from the end, not a line's end."""
        if self._pieces and self._pieces[-1].endswith(" "):
            self.trim()

    @property
    def _seamless(self) -> bool:
        return 0 < self.length == self.end

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self.length += len(piece)

    def mark(self, kind: MarkKind, printed: str, sense: str | None = None) -> None:
        """A mark whose printed form is no part of the words, at this place."""
        at = self.length
        self.marks.append(Mark(kind, at, at, " ".join(printed.split()), sense))

    def finished(self) -> tuple[str, tuple[Mark, ...]]:
        """The text without white space at its end, marks inside it and in order."""
        text = self.text.rstrip()
        end = len(text)
        marks = (
            replace(one, char_start=min(one.char_start, end), char_end=min(one.char_end, end))
            for one in self.marks
        )
        return text, tuple(sorted(marks, key=lambda one: (one.char_start, one.char_end)))


def with_marks_between(
    turns: Sequence[SpokenTurn], before: Sequence[Sequence[Mark]], after: Sequence[Mark]
) -> tuple[SpokenTurn, ...]:
    """Turns with the marks that stand alone between them.

    before: one row for each turn, what stands above it; put at the start of that turn. after:
    what stands under the last one.
    """
    result = []
    for place, (turn, above) in enumerate(zip(turns, before, strict=True)):
        first = [replace(one, char_start=0, char_end=0) for one in above]
        end = len(turn.text)
        last = (
            [replace(one, char_start=end, char_end=end) for one in after]
            if place == len(turns) - 1
            else []
        )
        result.append(replace(turn, marks=(*first, *turn.marks, *last)))
    return tuple(result)
