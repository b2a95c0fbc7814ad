"""Say what a search or a finding rests on: hours held, transcribed and heard, and the holes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from offair.desk import Desk
from offair.model.errors import BadInput, NotFound
from offair.model.finding import ChannelCoverage, Coverage
from offair.model.recording import Recording
from offair.model.time import PartialDate, Precision
from offair.search import Shards
from offair.store import Transaction

_LEAST_HOURS = 0.05
"""Less than three minutes in all are not worth a sentence."""


def show_coverage(
    desk: Desk,
    *,
    channel: str | None = None,
    after: PartialDate | None = None,
    before: PartialDate | None = None,
) -> Coverage:
    """What the desk holds, of a channel by its exact name and of the dates given.

    after: from its first day on. before: up to the day before it begins. Raises `NotFound` (no
    such channel), and what opening the index raises.
    """
    first_day, last_day = days(after, before)
    shards = desk.index.open()
    with desk.catalogue.snapshot() as tx:
        if channel is not None:
            _check_channel(tx, channel)
        return coverage_of(tx, shards, channel=channel, first_day=first_day, last_day=last_day)


def coverage_of(
    tx: Transaction,
    shards: Shards,
    *,
    channel: str | None = None,
    first_day: str | None = None,
    last_day: str | None = None,
    recording_id: int | None = None,
    words_searched: int | None = None,
    last_change: int | None = None,
) -> Coverage:
    """What a search over this much of the archive rests on.

    first_day, last_day: `YYYY-MM-DD`, both included. recording_id: the search was for this one
    recording; then its channel and airing date take the place of the others. words_searched: as
    the index says of this search; by default all its live words. Costs about 0.1 ms where nothing
    has changed since it was last asked. Raises `NotFound` (the recording).
    """
    recording = None if recording_id is None else tx.recording(recording_id)
    if recording is not None:
        channel = recording.channel.name
        first_day = last_day = None if recording.aired is None else recording.aired.day
    channels = tuple(tx.coverage(channel=channel, first_day=first_day, last_day=last_day))
    newest = tx.last_change() if last_change is None else last_change
    behind = max(0, newest - shards.applied)
    return Coverage(
        channels=channels,
        words_searched=sum(shards.words.values()) if words_searched is None else words_searched,
        behind=behind,
        remarks=(
            *shards.damaged,
            *_index_remarks(behind),
            *(_recording_remarks(recording) if recording else _remarks(channels)),
        ),
    )


def days(after: PartialDate | None, before: PartialDate | None) -> tuple[str | None, str | None]:
    """First and last day, `YYYY-MM-DD`, of the range from the first day of `after` to the day
    before `before` begins. Raises `BadInput` where there is no day between."""
    first = None if after is None else _first_day(after)
    end = None if before is None else _first_day(before)
    if first is not None and end is not None and end <= first:
        raise BadInput(f"no day lies after {after} begins and before {before}; widen the dates")
    if end == datetime.date.min:
        raise BadInput(f"no day lies before {before}; give a later one")
    last = None if end is None else end - datetime.timedelta(days=1)
    return (
        None if first is None else first.isoformat(),
        None if last is None else last.isoformat(),
    )


def _first_day(date: PartialDate) -> datetime.date:
    missing = {Precision.YEAR: "-01-01", Precision.MONTH: "-01"}.get(date.precision, "")
    return datetime.date.fromisoformat(date.value[:10] + missing)


def _check_channel(tx: Transaction, name: str) -> None:
    known = [one.name for one in tx.channels()]
    if name not in known:
        listed = ", ".join(known[:20]) or "none yet"
        raise NotFound(f"the desk has no channel {name!r}; it has {listed}")


def _index_remarks(behind: int) -> list[str]:
    if not behind:
        return []
    what = "the newest change" if behind == 1 else f"the newest {behind} changes"
    return [f"the index does not hold {what} of the catalogue yet"]


def _remarks(channels: Sequence[ChannelCoverage]) -> list[str]:
    if not channels:
        return ["nothing is held of this channel and these dates"]
    said = []
    held = sum(one.held_hours for one in channels)
    unheard = sum(max(0.0, one.held_hours - one.transcribed_hours) for one in channels)
    if unheard >= _LEAST_HOURS:
        said.append(
            f"{unheard:.1f} of {held:.1f} hours held are not transcribed yet: what was said in "
            "them is not found"
        )
    texts = sum(one.texts for one in channels)
    if texts:
        whole = sum(one.recordings for one in channels)
        said.append(
            f"of {texts} of {whole} broadcasts only a text is held, which may be an excerpt"
        )
    lost = sum(one.gap_hours for one in channels)
    if lost >= _LEAST_HOURS:
        said.append(
            f"{lost:.1f} hours were due and are missing ({sum(one.gaps for one in channels)} gaps)"
        )
    return said


def _recording_remarks(recording: Recording) -> list[str]:
    said = []
    if recording.media is None:
        said.append(
            f"of recording {recording.id} only a text is held, which may be an excerpt of the "
            "broadcast"
        )
    lost = sum(one.span.length for one in recording.gaps)
    if lost:
        count = len(recording.gaps)
        said.append(
            f"recording {recording.id} has {'a gap' if count == 1 else f'{count} gaps'} of "
            f"{lost / 60_000:.1f} minutes"
        )
    return said
