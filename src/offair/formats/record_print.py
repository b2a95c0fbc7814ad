"""Printing a record: the pieces of a layout filled from the fields of a record.

Nothing here has seen a source: every word of speech comes from the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from offair.formats.record_dates import print_date, print_run_time
from offair.model.errors import BadInput
from offair.model.record import Layout, LayoutPiece, Paragraph, Record, RecordTurn, StandingMark
from offair.model.time import PartialDate

ONE_LINE = "one line"
"""Form of a text that is printed on one line, whatever white space it holds."""

_LINE_END = re.compile(r"[\r\n]+")
# These may be known from the summary's words or from a place name, with no line of their own.
_MAY_BE_UNPRINTED = ("channel", "country")
_MISFIT = "make a new layout for it"


def print_record(record: Record, layout: Layout) -> str:
    """The record as this layout prints it.

    Raises `BadInput` where a piece has no field in the record, or the record holds a headline,
    a label, words or a mark that no piece would print: nothing is left out silently.
    """
    texts = _texts(record)
    printed: list[str] = []
    used: set[str] = set()
    for piece in layout.pieces:
        if piece.slot is None:
            printed.append(piece.text)
            continue
        used.add(piece.slot)
        printed.append(_field(record, piece.slot, piece, texts))
    for slot, text in texts.items():
        if text and slot not in used and slot not in _MAY_BE_UNPRINTED:
            raise BadInput(
                f"the layout {layout.name!r} has no place for {slot} ({text[:60]!r}); {_MISFIT}"
            )
    return "".join(printed)


def _texts(record: Record) -> dict[str, str]:
    """The text of every slot that prints as it is."""
    texts: dict[str, str] = {}
    if record.headline is not None:
        texts["headline"] = record.headline
    if record.number is not None:
        texts["number"] = record.number.printed
    if record.channel is not None:
        texts["channel"] = record.channel
    if record.country is not None:
        texts["country"] = record.country
    for place, paragraph in enumerate(record.summary):
        texts[f"summary:{place}"] = paragraph.text
    for place, item in enumerate(record.body):
        if isinstance(item, StandingMark):
            texts[f"body:{place}"] = item.mark.text
        else:
            _turn_texts(item, texts)
    return texts


def _turn_texts(turn: RecordTurn, texts: dict[str, str]) -> None:
    if turn.label is not None:
        texts[f"turn:{turn.key}:label"] = turn.label
    for place, part in enumerate(turn.parts):
        texts[f"turn:{turn.key}:part:{place}"] = (
            part.text if isinstance(part, Paragraph) else part.mark.text
        )


def _field(record: Record, slot: str, piece: LayoutPiece, texts: Mapping[str, str]) -> str:
    if slot in ("date", "aired"):
        date: PartialDate | None = record.date if slot == "date" else record.aired
        if date is None:
            raise BadInput(f"the layout prints the field {slot}, which the record lacks; {_MISFIT}")
        return print_date(date, piece.form or "")
    if slot == "run_time":
        if record.run_time_ms is None:
            raise BadInput(f"the layout prints a run time, which the record lacks; {_MISFIT}")
        return print_run_time(record.run_time_ms, piece.form or "m2")
    text = texts.get(slot)
    if text is None:
        raise BadInput(f"the layout prints the field {slot}, which the record lacks; {_MISFIT}")
    if piece.form == ONE_LINE:
        text = " ".join(part for part in _LINE_END.split(text) if part)
    if not piece.inside:
        return text
    for distance, characters in sorted(piece.inside):
        place = max(0, len(text) - distance)
        text = text[:place] + characters + text[place:]
    return text
