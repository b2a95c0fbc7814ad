"""A published record in one of the interchange formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from offair import formats
from offair.desk import Desk
from offair.desk.publication_stops import check_not_held
from offair.desk.record_address import public_address
from offair.desk.record_originals import originals
from offair.desk.record_passage import find_passage
from offair.model.errors import BadInput
from offair.model.record import Record
from offair.model.transcript import Cue, Turn
from offair.store import Transaction
from offair.text import attribute, captions

CITATIONS = frozenset(("csl", "bibtex"))
"""Formats that can be of a turn or a sentence."""
BESIDE = frozenset(("docx",))
"""Formats that can have the original beside a translation."""
_NONE: Mapping[str, str] = MappingProxyType({})
_WITH_ADDRESS = frozenset(("html", "markdown", "docx", "webvtt", *CITATIONS))


def export(desk: Desk, address: str, name: str, *, beside: bool = False) -> str | bytes:
    """The record at an address (`12`, `12/2`, `publisher/8914`) as text of the named format, or as
    bytes where the format is no text.

    A citation can be of a passage (`12/s34`). beside: the original stands beside a translation.
    Captions are cut from the words' own times where the desk has them. Raises `NotFound` (record,
    format), `BadInput` (the format cannot hold this record, or no passage, or no original),
    `Refused` where the record is on hold, or must not go out yet.
    """
    writer = formats.writer(name)
    with desk.catalogue.snapshot() as tx:
        passage = find_passage(tx, desk.series, address)
        found = passage.opened
        check_not_held(tx, found.clip.id)
        cues = _cues(tx, found.record) if name in ("webvtt", "srt") else ()
        original = originals(tx, found.record) if beside else _NONE
    options: dict[str, object] = {}
    if passage.key is not None:
        if name not in CITATIONS:
            raise BadInput(
                f"{address!r} is a passage, and the format {name!r} holds whole records; export "
                f"the record, or one of {', '.join(sorted(CITATIONS))}"
            )
        options["key"] = passage.key
    if beside:
        if name not in BESIDE:
            raise BadInput(
                f"the format {name!r} cannot have the original beside it; "
                f"{', '.join(sorted(BESIDE))} can"
            )
        options["beside"] = original
    if name in _WITH_ADDRESS:
        options["address"] = public_address(desk.address, desk.series, found)
    if cues:
        options["cues"] = cues
    return writer(found.record, found.layout, **options)


def _cues(tx: Transaction, record: Record) -> tuple[Cue, ...]:
    cues: list[Cue] = []
    for one in record.spans:
        if one.span is None:
            return ()
        turns: dict[int, Turn] = {}
        for printed in record.turns:
            if printed.turn_id is None or printed.span is None:
                return ()
            # One turn may be printed in parts: on both sides of a cut, its whole stands here once.
            if printed.span.overlaps(one.span) and printed.turn_id not in turns:
                speaker = record.speaker(printed.speaker)
                (turn,) = tx.turns_by_id([printed.turn_id])
                turns[turn.id] = replace(turn, label=speaker.name if speaker else None)
        cues.extend(captions.cue_lines(attribute.clip_turns(list(turns.values()), one.span)))
    return tuple(cues)
