"""Addresses of passages: `12/s34` is a sentence of record 12, `12/t3` a turn of it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from offair.desk.record_address import OpenRecord, find_record, shown_document
from offair.model.errors import Gone, NotFound
from offair.model.record import Record
from offair.store import Transaction

_PASSAGE_RE = re.compile(r"(?P<record>.+)/(?P<key>[st][0-9]{1,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpenPassage:
    """A record, and the turn or sentence of it that was asked for; key: None for the whole."""

    opened: OpenRecord
    key: str | None = None


def find_passage(tx: Transaction, series: str, address: str) -> OpenPassage:
    """What is at an address below `/records/`: a record, an edition of it, or a passage.

    A sentence that the newest edition has no more is shown in the last edition that had it, so its
    address answers as long as the record does. Raises `NotFound`, and what `find_record` raises.
    """
    try:
        return OpenPassage(find_record(tx, series, address))
    except Gone:
        raise
    except NotFound:
        asked = _PASSAGE_RE.fullmatch(address)
        if asked is None:
            raise
    opened, key = find_record(tx, series, asked["record"]), asked["key"]
    if has_passage(opened.record, key):
        return OpenPassage(opened, key)
    for edition in range(opened.edition - 1, 0, -1) if not opened.asked_edition else ():
        with suppress(NotFound):
            number, document = tx.edition(opened.clip.id, edition)
            record, layout = shown_document(tx, opened.clip, document)
            if key.startswith("s") and has_passage(record, key):
                older = OpenRecord(opened.clip, opened.number, number, record, layout, True)
                return OpenPassage(older, key)
    raise NotFound(
        f"record {opened.number.printed} has no sentence or turn {key!r}; its page shows those it "
        "has"
    )


def has_passage(record: Record, key: str) -> bool:
    """Whether the record has a turn or a sentence of this key."""
    return any(turn.key == key for turn in record.turns) or any(
        one.key == key for _, _, one in record.sentences
    )
