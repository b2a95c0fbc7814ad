"""Show a record to its readers: an edition, the passage asked for, its editions, and what of it may
be shown."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest

from offair.desk import Desk
from offair.desk.record_address import OpenRecord, find_record, shown_document
from offair.desk.record_passage import find_passage
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput, Gone, NotFound
from offair.model.record import Clip, Record, RecordTurn
from offair.store import Transaction
from offair.text.version_lines import paired
from offair.text.word_changes import Change, word_changes

ROWS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition of a record. note: what its readers are told of it, None where nothing."""

    edition: int
    published_utc: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record as its page shows it. passage: key of the turn or sentence asked for, or None.
    editions: the oldest first."""

    opened: OpenRecord
    passage: str | None
    editions: tuple[EditionLine, ...]
    terms: ChannelTerms


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line of two editions: what it is (`headline`, `summary`, `turn`) and its words."""

    kind: str
    changes: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """Whether both editions have it alike."""
        return all(one.old == one.new for one in self.changes)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two editions of a record, the older first, line by line."""

    old: OpenRecord
    new: OpenRecord
    lines: tuple[ComparedLine, ...]


@dataclass(frozen=True, slots=True)
class FedRecord:
    """A record as the feed names it. terms: of its channel."""

    opened: OpenRecord
    terms: ChannelTerms


def show_record(desk: Desk, address: str) -> ShownRecord:
    """The record at an address below `/records/` (`12`, `12/2`, `12/s34`, `publisher/8914`).

    Raises `NotFound`, `Gone`.
    """
    with desk.catalogue.snapshot() as tx:
        found = find_passage(tx, desk.series, address)
        clip = found.opened.clip
        return ShownRecord(found.opened, found.key, _editions(tx, clip), _terms(tx, clip))


def compare_editions(desk: Desk, address: str, edition: int) -> Compared:
    """The edition at an address beside another of the same record, word by word.

    Raises `NotFound`, `BadInput` where both are the same.
    """
    with desk.catalogue.snapshot() as tx:
        one = find_record(tx, desk.series, address)
        if edition == one.edition:
            raise BadInput(f"this is edition {edition} itself; choose another to compare it with")
        number, document = tx.edition(one.clip.id, edition)
        record, layout = shown_document(tx, one.clip, document)
    other = OpenRecord(one.clip, one.number, number, record, layout, True)
    old, new = (other, one) if number < one.edition else (one, other)
    return Compared(old, new, _lines(old.record, new.record))


def feed_records(desk: Desk, before: int | None = None) -> tuple[tuple[FedRecord, ...], int | None]:
    """Published records whose text may be shown, the newest first, and where the next page begins.

    before: the clip's number behind which the page begins. What is withdrawn or removed is left
    out.
    """
    found: list[FedRecord] = []
    with desk.catalogue.snapshot() as tx:
        while len(found) <= ROWS_AT_ONCE:
            clips = tx.clips(limit=ROWS_AT_ONCE, before_id=before)
            for clip in clips:
                if clip.number is None or clip.edition == 0:
                    continue
                terms = _terms(tx, clip)
                with suppress(Gone):
                    edition, document = tx.edition(clip.id)
                    if terms.text:
                        record, layout = shown_document(tx, clip, document)
                        opened = OpenRecord(clip, clip.number, edition, record, layout, False)
                        found.append(FedRecord(opened, terms))
            if len(clips) < ROWS_AT_ONCE:
                break
            before = clips[-1].id
    more = len(found) > ROWS_AT_ONCE
    shown = tuple(found[:ROWS_AT_ONCE])
    return shown, shown[-1].opened.clip.id if more else None


def _terms(tx: Transaction, clip: Clip) -> ChannelTerms:
    channel = tx.recording(clip.recording_id).channel.id
    return ChannelTerms() if channel is None else tx.channel_terms(channel)


def _editions(tx: Transaction, clip: Clip) -> tuple[EditionLine, ...]:
    found = []
    for edition in range(1, clip.edition + 1):
        with suppress(NotFound):
            number, document = tx.edition(clip.id, edition)
            record, _ = shown_document(tx, clip, document)
            found.append(EditionLine(number, record.published_utc, record.note))
    return tuple(found)


def _lines(old: Record, new: Record) -> tuple[ComparedLine, ...]:
    lines = [ComparedLine("headline", word_changes(old.headline or "", new.headline or ""))]
    pairs = zip_longest((one.text for one in old.summary), (one.text for one in new.summary))
    lines += [ComparedLine("summary", word_changes(was or "", now or "")) for was, now in pairs]
    for was, now in paired(_printed(old), _printed(new)):
        lines.append(ComparedLine("turn", word_changes(was or "", now or "")))
    return tuple(lines)


def _printed(record: Record) -> list[str]:
    """Every turn and every mark between turns as one text."""
    found = []
    for item in record.body:
        if isinstance(item, RecordTurn):
            words = " ".join(part.text for part in item.paragraphs)
            found.append(f"{item.label}: {words}" if item.label else words)
        elif item.mark.text.strip():
            found.append(item.mark.text.strip())
    return found
