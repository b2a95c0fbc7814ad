"""The house's own layout, for a record that was not printed before."""

from __future__ import annotations

from collections.abc import Sequence

from offair.formats.record_dates import run_time_form
from offair.formats.record_labels import UNKNOWN_SPEAKER
from offair.formats.record_lines import BOM
from offair.formats.record_marks import INFERRED
from offair.formats.record_print import ONE_LINE
from offair.formats.record_quotes import Shape, unquote
from offair.model.record import (
    Layout,
    LayoutPiece,
    Paragraph,
    Record,
    RecordTurn,
    StandingMark,
)
from offair.model.time import PartialDate, Precision

HOUSE = "house"
"""Name of the layout made here."""

_STYLES = (('"', '"'), ("“", "”"), ("«", "»"), ("「", "」"))
_CUT = "[...]"


def layout_for(record: Record) -> Layout:
    """The house's layout of a record: date, headline, number, source, summary, turns.

    Fields that the record lacks are left out. Each turn's speech stands in quotation marks,
    reopened at each paragraph and closed after the last; straight ones, unless marks in the
    speech would then be misread. A turn without label is printed as `Unknown speaker`, never
    left to continue somebody else's. The notice is a paragraph of its own where it is due.
    """
    pieces = _Pieces()
    _header(record, pieces)
    if record.caution is not None:
        pieces.paragraph()
        pieces.literal(record.caution)
    for place in range(len(record.summary)):
        pieces.paragraph()
        pieces.slot(f"summary:{place}", ONE_LINE)
    opening, closing = _quotation_marks(record)
    for place, item in enumerate(record.body):
        if isinstance(item, RecordTurn):
            _turn(item, opening, closing, pieces)
        elif not _is_inferred(item):
            pieces.paragraph()
            _mark(item, f"body:{place}", pieces)
    pieces.literal("\n")
    return Layout(HOUSE, pieces.joined())


class _Pieces:
    """Pieces in page order; neighbouring literals become one."""

    def __init__(self) -> None:
        self._pieces: list[LayoutPiece] = []
        self._literal: list[str] = []

    def literal(self, text: str) -> None:
        self._literal.append(text)

    def slot(self, slot: str, form: str | None = None) -> None:
        self._flush()
        self._pieces.append(LayoutPiece(slot=slot, form=form))

    def line(self) -> None:
        if self._pieces or self._literal:
            self._literal.append("\n")

    def paragraph(self) -> None:
        if self._pieces or self._literal:
            self._literal.append("\n\n")

    def joined(self) -> tuple[LayoutPiece, ...]:
        self._flush()
        return tuple(self._pieces)

    def _flush(self) -> None:
        if any(self._literal):
            self._pieces.append(LayoutPiece("".join(self._literal)))
        self._literal = []


def _header(record: Record, pieces: _Pieces) -> None:
    if record.date is not None:
        pieces.slot("date", _date_form(record.date))
    if record.headline is not None:
        pieces.line()
        pieces.slot("headline", ONE_LINE)
    if record.number is not None or record.run_time_ms is not None:
        pieces.paragraph()
        pieces.literal("#")
        if record.number is not None:
            pieces.slot("number")
        if record.run_time_ms is not None:
            pieces.literal(" | ")
            pieces.slot("run_time", run_time_form(record.run_time_ms))
    if record.channel is not None or record.country is not None:
        if record.number is not None or record.run_time_ms is not None:
            pieces.line()
        else:
            pieces.paragraph()
        pieces.literal("Source:")
        if record.channel is not None:
            pieces.literal(" ")
            pieces.slot("channel", ONE_LINE)
        if record.country is not None:
            pieces.literal(" (")
            pieces.slot("country", ONE_LINE)
            pieces.literal(")")


def _date_form(date: PartialDate) -> str:
    if date.precision is Precision.YEAR:
        return "{yyyy}"
    return "{mon} {yyyy}" if date.precision is Precision.MONTH else "{mon} {dd}, {yyyy}"


def _turn(turn: RecordTurn, opening: str, closing: str, pieces: _Pieces) -> None:
    last = max(
        (place for place, part in enumerate(turn.parts) if isinstance(part, Paragraph)), default=-1
    )
    pieces.paragraph()
    if turn.label is None:
        pieces.literal(UNKNOWN_SPEAKER)
    else:
        pieces.slot(f"turn:{turn.key}:label", ONE_LINE)
    pieces.literal(":")
    begun = wide = False
    for place, part in enumerate(turn.parts):
        slot = f"turn:{turn.key}:part:{place}"
        if isinstance(part, StandingMark):
            if _is_inferred(part):
                wide = True
                continue
            pieces.paragraph()
            _mark(part, slot, pieces)
            begun = True
            continue
        if begun:
            pieces.paragraph()
            if wide:
                pieces.literal("\n")
        else:
            pieces.literal(" ")
        begun, wide = True, False
        pieces.literal(opening)
        pieces.slot(slot, ONE_LINE)
        if place == last:
            pieces.literal(closing)


def _is_inferred(standing: StandingMark) -> bool:
    """Whether only spacing shows it: printed as a doubled blank line again, never as a mark."""
    return not standing.mark.text and standing.mark.sense == INFERRED


def _mark(standing: StandingMark, slot: str, pieces: _Pieces) -> None:
    """A standing mark on its line; a cut that the desk made has no text yet and gets one."""
    if standing.mark.text:
        pieces.slot(slot, ONE_LINE)
    else:
        pieces.literal(_CUT)


def _quotation_marks(record: Record) -> tuple[str, str]:
    """The first pair of marks that leaves every paragraph's own marks readable."""
    for opening, closing in _STYLES:
        if all(_survives(turn.paragraphs, opening, closing) for turn in record.turns):
            return opening, closing
    return _STYLES[0]


def _survives(paragraphs: Sequence[Paragraph], opening: str, closing: str) -> bool:
    turn_open = False
    for place, paragraph in enumerate(paragraphs):
        text = paragraph.text.strip(BOM)
        printed = opening + text + (closing if place == len(paragraphs) - 1 else "")
        found = unquote(printed, quoted=True, turn_open=turn_open)
        if found.shape not in (Shape.WRAPPED, Shape.OPEN) or found.speech(printed) != text:
            return False
        turn_open = found.still_open
    return True
