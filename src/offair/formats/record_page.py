"""A printed page while it is read: which parts of which lines are explained, and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from offair.formats.record_lines import Line
from offair.model.record import Layout, LayoutPiece, Remark, Severity

_LONGEST_SHOWN = 500

FURNITURE = frozenset(
    (
        "cta-image",
        "donate today",
        "subscribe today",
        "request a clip",
        "request clip",
        "cliparchive",
        "share video:",
        "share this:",
        "share this video",
        "view transcript",
        "watch the video",
        "watch this clip",
        "related clips",
        "related topics",
        "related videos",
        "return to transcripts main page",
        "back to top",
        "print this page",
        "email this page",
        "all rights reserved.",
        "this is a rush transcript. this copy may not be in its final form and may be updated.",
        "this is a rush transcript. this copy may not be in its final form and may be updated",
        "# # #",
        "###",
    )
)
"""Lines that a site prints around a record, lower case."""
WEAK_FURNITURE = frozenset(
    ("donate", "subscribe", "share", "tweet", "print", "download", "email", "facebook", "twitter")
)
"""Lines that are furniture only beside other furniture, lower case."""
_FURNITURE_STARTS = ("©", "copyright ©", "copyright (c)", "to order a video of this transcript")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record on a line. start, end: in the line. The rest as in `LayoutPiece`."""

    start: int
    end: int
    slot: str
    form: str | None = None
    inside: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Page:
    """The lines of a page, what explains them so far, and the remarks of the reading."""

    lines: list[Line]
    fields: dict[int, tuple[Field, ...]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def explain(self, index: int, *fields: Field) -> None:
        """Say which parts of a line are which fields, left to right; the rest is layout."""
        self.fields[index] = fields

    def remark(self, severity: Severity, message: str, index: int | None = None) -> None:
        """Add one line to the report, with the text of the line it is about."""
        if index is None:
            self.remarks.append(Remark(severity, message))
            return
        line = self.lines[index]
        text = line.text[line.start : min(line.end, line.start + _LONGEST_SHOWN)]
        if line.end - line.start > _LONGEST_SHOWN:
            text = text[:-1] + "…"
        self.remarks.append(Remark(severity, message, line.number, text))

    def furnish(self, indexes: Iterable[int], *, sure: bool = False) -> None:
        """Report the visible lines among these as furniture, or as unexplained if not `sure`."""
        for index in indexes:
            if self.lines[index].blank or index in self.fields:
                continue
            body = self.lines[index].body
            if sure or is_furniture(body) or body.casefold() in WEAK_FURNITURE:
                self.remark(Severity.NOTE, "furniture of the page, kept as text", index)
            else:
                self.remark(Severity.UNEXPLAINED, "no rule explains this line", index)

    def visible(self, start: int, end: int) -> list[int]:
        """The lines of a range that are not blank, by index."""
        return [index for index in range(start, end) if not self.lines[index].blank]

    def gap_before(self, index: int) -> int:
        """How many blank lines stand right before a line."""
        gap = 0
        while index - gap > 0 and self.lines[index - gap - 1].blank:
            gap += 1
        return gap

    def layout(self, name: str, prefix: str) -> Layout:
        """The layout: every character is either in a slot or literal. prefix: before line 1."""
        pieces: list[LayoutPiece] = []
        literal: list[str] = [prefix] if prefix else []
        for index, line in enumerate(self.lines):
            position = 0
            for one in self.fields.get(index, ()):
                literal.append(line.text[position : one.start])
                if any(literal):
                    pieces.append(LayoutPiece("".join(literal)))
                literal = []
                pieces.append(LayoutPiece(slot=one.slot, form=one.form, inside=one.inside))
                position = one.end
            literal.append(line.text[position:] + line.ending)
        if any(literal):
            pieces.append(LayoutPiece("".join(literal)))
        return Layout(name, tuple(pieces))

    def sorted_remarks(self, first: Sequence[Remark] = ()) -> tuple[Remark, ...]:
        """Remarks about the whole page first, then by line."""
        return tuple(first) + tuple(sorted(self.remarks, key=lambda one: one.line or 0))


def is_furniture(text: str) -> bool:
    """Whether a line is surely a site's and not a record's."""
    if len(text) > 200:
        return False
    plain = " ".join(text.casefold().split())
    return plain in FURNITURE or plain.startswith(_FURNITURE_STARTS) or _is_end(text)


def _is_end(text: str) -> bool:
    """`END   6:02 P.M. EDT`, as press offices close a transcript."""
    words = text.split()
    return bool(words) and words[0] == "END" and (len(words) == 1 or words[1][0].isdigit())
