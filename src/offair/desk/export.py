"""A published record in one of the interchange formats."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from offair import formats
from offair.desk import Desk
from offair.desk.record_address import OpenRecord, find_record
from offair.formats import record_html, record_markdown, record_srt, record_webvtt
from offair.model.record import Record
from offair.model.transcript import Cue, Turn
from offair.store import Transaction
from offair.text import attribute, captions


def export(desk: Desk, address: str, name: str) -> str:
    """The record at an address (`12`, `12/2`, `publisher/8914`) as text of the named format.

    Captions are cut from the words' own times where the desk has them. Raises `NotFound` (record,
    format), `BadInput` (the format cannot hold this record).
    """
    writer = formats.writer(name)
    with desk.catalogue.snapshot() as tx:
        found = find_record(tx, desk.series, address)
        cues = _cues(tx, found.record)
    public = _public_address(desk, found)
    if name == "webvtt":
        return record_webvtt.write(found.record, cues=cues or None, address=public)
    if name == "srt":
        return record_srt.write(found.record, cues=cues or None)
    if name == "html":
        return record_html.write(found.record, found.layout, address=public)
    if name == "markdown":
        return record_markdown.write(found.record, found.layout, address=public)
    return writer(found.record, found.layout)


def _public_address(desk: Desk, found: OpenRecord) -> str | None:
    """Where this edition is read by others, if the settings say where the desk is."""
    if desk.address is None:
        return None
    parts = [] if found.number.series == desk.series else [found.number.series]
    parts += [found.number.printed, str(found.edition)]
    return f"{desk.address}/records/" + "/".join(quote(part, safe="") for part in parts)


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
