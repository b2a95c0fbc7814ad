"""Addresses of records: `12`, `12/2`, `publisher/8914`, `publisher/8914/1`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from offair.formats import record_json, record_text, record_withheld
from offair.model.errors import Gone, NotFound
from offair.model.record import Clip, Layout, Record, RecordNumber
from offair.store import Transaction


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """One edition of a published or imported record. asked_edition: a fixed address was asked."""

    clip: Clip
    number: RecordNumber
    edition: int
    record: Record
    layout: Layout
    asked_edition: bool

    @property
    def newest(self) -> bool:
        """Whether this is the newest edition."""
        return self.edition == self.clip.edition


def find_record(tx: Transaction, series: str, address: str) -> OpenRecord:
    """The record at an address, and the edition it names or the newest.

    `series` is the desk's own, whose numbers need no name before them. A printed number may hold
    a slash. Raises `NotFound`.
    """
    for number, edition in _readings(series, address):
        try:
            clip = tx.clip_numbered(number)
            found, document = tx.edition(clip.id, edition)
        except Gone:
            raise
        except NotFound:
            continue
        record, layout = shown_document(tx, clip, document)
        return OpenRecord(clip, clip.number or number, found, record, layout, edition is not None)
    raise NotFound(
        f"there is no record {address!r} here; `offair list clips` lists those there are"
    )


def shown_document(tx: Transaction, clip: Clip, document: str) -> tuple[Record, Layout]:
    """Record and layout of a stored document, without the names of who was withheld since; then in
    the house's layout."""
    record, layout = document_of(document)
    hidden = [one.name for one in tx.withheld(clip.recording_id)]
    shown = record_withheld.without_names(record, hidden) if hidden else record
    return (record, layout) if shown is record else (shown, record_text.layout_for(shown))


def public_address(desk_address: str | None, series: str, found: OpenRecord) -> str | None:
    """Where this edition is read by others, if the settings say where the desk is."""
    if desk_address is None:
        return None
    parts = [] if found.number.series == series else [found.number.series]
    parts += [found.number.printed, str(found.edition)]
    return f"{desk_address}/records/" + "/".join(quote(part, safe="") for part in parts)


def document_of(document: str) -> tuple[Record, Layout]:
    """Record and layout of a stored document; the house's layout where it has none. What was read
    is kept for a while: an edition never changes, and to hold it against the schema takes longer
    than all the rest of its page."""
    return (_read_short if len(document) <= _SHORT else _read_long)(document)


def _read(document: str) -> tuple[Record, Layout]:
    record, layout, _ = record_json.read(document.encode())
    return record, layout or record_text.layout_for(record)


_SHORT = 200_000
"""Characters of a document of which many are kept: an hour's record."""
_read_short = lru_cache(maxsize=128)(_read)
_read_long = lru_cache(maxsize=4)(_read)


def _readings(series: str, address: str) -> list[tuple[RecordNumber, int | None]]:
    parts = address.split("/")
    last = parts[-1]
    edition = int(last) if last.isascii() and last.isdigit() and len(last) < 7 else None
    result: list[tuple[RecordNumber, int | None]] = [(RecordNumber(series, address), None)]
    if len(parts) > 1 and edition is not None:
        result.append((RecordNumber(series, "/".join(parts[:-1])), edition))
    if len(parts) > 1:
        result.append((RecordNumber(parts[0], "/".join(parts[1:])), None))
    if len(parts) > 2 and edition is not None:
        result.append((RecordNumber(parts[0], "/".join(parts[1:-1])), edition))
    return result
