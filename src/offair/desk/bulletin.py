"""A day's records in one document: what aired that day, in order, with a table of contents."""

from __future__ import annotations

from contextlib import suppress

from offair.desk import Desk
from offair.desk.publication_stops import check_not_held
from offair.desk.record_address import OpenRecord, public_address, shown_document
from offair.desk.record_originals import originals
from offair.formats import record_docx, record_markdown
from offair.formats.record_citation import long_date
from offair.formats.record_docx import BulletinEntry
from offair.model.errors import BadInput, Gone, NotFound
from offair.model.record import Clip
from offair.model.time import PartialDate, Precision
from offair.store import Transaction

FORMATS = ("docx", "markdown")
"""What a bulletin is written as."""
_AT_ONCE = 200


def bulletin(
    desk: Desk, day: PartialDate, name: str, *, channel: str | None = None, beside: bool = False
) -> str | bytes:
    """The newest edition of every record that aired on a day (published then, where no air date is
    known), by time and number.

    channel: only of this station. beside: originals beside translations, where the desk holds them.
    Raises `BadInput` (another format, no day, nothing aired then), `NotFound` (no such channel),
    `Refused` where one of them is on hold: a bulletin that leaves it out would hide that.
    """
    if name not in FORMATS:
        raise BadInput(f"a bulletin is written as {' or '.join(FORMATS)}, not as {name!r}")
    if day.precision is not Precision.DAY:
        raise BadInput(f"a bulletin is of one day; {day} is none, write it as 2024-05-14")
    with desk.catalogue.snapshot() as tx:
        found = sorted(_of_day(tx, day, channel), key=_order)
        for one in found:
            check_not_held(tx, one.clip.id)
        entries = [_entry(tx, desk, one, beside=beside) for one in found]
    title = f"Records of {long_date(day)}" + (f", {channel}" if channel else "")
    if not entries:
        raise BadInput(
            f"there is no record of {long_date(day)}{f' on {channel}' if channel else ''}; "
            "`offair list clips` shows what there is"
        )
    if name == "docx":
        return record_docx.write_bulletin(entries, title=title)
    written = [record_markdown.write(one.record, address=one.address) for one in entries]
    return "\n".join([f"*{title}*\n", *written])


def _of_day(tx: Transaction, day: PartialDate, channel: str | None) -> list[OpenRecord]:
    found: list[OpenRecord] = []
    before: int | None = None
    stations = set()
    while clips := tx.clips(limit=_AT_ONCE, before_id=before):
        before = clips[-1].id
        for clip in clips:
            opened = _opened(tx, clip)
            if opened is None:
                continue
            stations.add((opened.record.channel or "").casefold())
            date = opened.record.aired or opened.record.date
            if date is None or date.value[:10] != day.value:
                continue
            if channel is None or (opened.record.channel or "").casefold() == channel.casefold():
                found.append(opened)
    if channel is not None and channel.casefold() not in stations:
        raise NotFound(f"no record is of a channel {channel!r}; `offair list clips` shows them")
    return found


def _opened(tx: Transaction, clip: Clip) -> OpenRecord | None:
    """The newest edition of a clip; None for a draft and for what is withdrawn or removed."""
    if clip.number is None or clip.edition == 0:
        return None
    with suppress(Gone):
        edition, document = tx.edition(clip.id)
        record, layout = shown_document(tx, clip, document)
        return OpenRecord(clip, clip.number, edition, record, layout, False)
    return None


def _order(one: OpenRecord) -> tuple[str, int, str]:
    date = one.record.aired or one.record.date
    printed = one.number.printed.lstrip("#")
    return (date.value if date else "", len(printed), printed)


def _entry(tx: Transaction, desk: Desk, one: OpenRecord, *, beside: bool) -> BulletinEntry:
    held = {}
    if beside and one.record.kind == "translation":
        with suppress(BadInput):
            held = dict(originals(tx, one.record))
    return BulletinEntry(one.record, public_address(desk.address, desk.series, one), held)
