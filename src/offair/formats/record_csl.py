"""A record, a turn or a sentence as CSL-JSON, for programs that keep what one cites.

Fields after the CSL-JSON schema 1.0.2; the item is a list of one, as such programs import it. The
day of access is the reader's to add.
"""

from __future__ import annotations

import json
from typing import Any

from offair.formats.record_citation import clock, printed_number, run_time
from offair.formats.record_cited import cited
from offair.model.record import Layout, Record


def write(
    record: Record,
    layout: Layout | None = None,  # noqa: ARG001 - writers are called alike
    *,
    address: str | None = None,
    key: str | None = None,
) -> str:
    """The item as JSON. address: of the record; key: of a turn or a sentence, whose speaker is then
    the author. A name is never cut into parts. Raises `NotFound` for a key the record has not."""
    of = cited(record, address=address, key=key)
    date = record.aired or record.date
    notes = [f"at {clock(of.at)}" if of.at is not None else None,
             f"“{of.words}”" if of.words else None, record.caution]  # fmt: skip
    item: dict[str, Any] = {
        "id": of.name,
        "type": "broadcast",
        "title": " ".join((record.headline or "").split()),
        "author": [{"literal": of.speaker}] if of.speaker else None,
        "container-title": record.channel,
        "publisher-place": record.country,
        "issued": {"date-parts": [[int(one) for one in date.value.partition("T")[0].split("-")]]}
        if date
        else None,
        "number": printed_number(record.number) if record.number else None,
        "version": str(record.edition) if record.number else None,
        "dimensions": run_time(record.run_time_ms) if record.run_time_ms is not None else None,
        "language": None if record.language == "und" else record.language,
        "genre": "clip record",
        "note": "; ".join(one for one in notes if one),
        "URL": of.address,
    }
    kept = {name: value for name, value in item.items() if value not in (None, "")}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"
