"""A record, a turn or a sentence as BibTeX, in UTF-8, for what is set with LaTeX.

The entry is `@misc`, the one type that classic styles and biblatex share for a broadcast. The day
of access is the reader's to add.
"""

from __future__ import annotations

import re

from offair.formats.record_citation import clock, printed_number
from offair.formats.record_cited import cited
from offair.model.record import Layout, Record
from offair.model.time import PartialDate

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_SPECIAL_RE = re.compile(r"[\\{}$&#_%~^]")
_CONTROL_RE = re.compile(r"[\x00-\x1f\x7f]+")
_IN_ADDRESS_RE = re.compile(r"[\\{}%^~\s]")


def write(
    record: Record,
    layout: Layout | None = None,  # noqa: ARG001 - writers are called alike
    *,
    address: str | None = None,
    key: str | None = None,
) -> str:
    """The entry. address: of the record; key: of a turn or a sentence, whose speaker is then the
    author. Raises `NotFound` for a key the record has not."""
    of = cited(record, address=address, key=key)
    number = printed_number(record.number) if record.number else "draft"
    channel = record.channel
    if channel and record.country:
        channel = f"{channel} ({record.country})"
    notes = [f"clip record {number}, edition {record.edition}",
             f"at {clock(of.at)}" if of.at is not None else None,
             f"“{of.words}”" if of.words else None, record.caution]  # fmt: skip
    date = record.aired or record.date
    rows = {
        # Doubled braces keep a name whole and a title in its own capitals.
        "author": f"{{{_text(of.speaker)}}}" if of.speaker else None,
        "title": f"{{{_text(record.headline)}}}" if (record.headline or "").strip() else None,
        "howpublished": _text(channel),
        **_date(date),
        "language": None if record.language == "und" else record.language,
        "note": _text("; ".join(one for one in notes if one)),
        "url": _IN_ADDRESS_RE.sub(_percent, of.address) if of.address else None,
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in rows.items() if value]
    return f"@misc{{{of.name},\n{''.join(lines)}}}\n"


def _date(date: PartialDate | None) -> dict[str, str | None]:
    """Year and month for classic styles, and the whole date, as exact as it is known."""
    if date is None:
        return {}
    value = date.value.partition("T")[0]
    parts = value.split("-")
    return {"year": parts[0], "month": parts[1] if len(parts) > 1 else None, "date": value}


def _text(text: str | None) -> str:
    """Text for LaTeX, in one line."""
    line = " ".join(_CONTROL_RE.sub(" ", text or "").split())
    return _SPECIAL_RE.sub(lambda found: _SPECIAL[found.group()], line)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{one:02X}" for one in found.group().encode())
