"""Show a day at the desk: what came in, what is being heard, what waits, and what is held of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from offair.desk import Desk
from offair.desk.evidence import best_layer
from offair.model.errors import BadInput
from offair.model.recording import Channel, Recording
from offair.model.time import LOCAL_TO_CHANNEL, PartialDate, Precision
from offair.model.transcript import Layer
from offair.store import Transaction

DAY_S = 86_400
WAITING = 12
"""Recordings with doubts that are listed."""
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a channel's day, in seconds from its midnight by the channel's clock, half-open.
    held: False for a gap, of which `reason` says why."""

    start_s: int
    end_s: int
    recording: Recording
    held: bool = True
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelDay:
    """A channel's day: what is held of it, in order. undated: recordings of the day whose clock
    time is not known."""

    channel: Channel
    stretches: tuple[Stretch, ...]
    undated: tuple[Recording, ...]

    @property
    def held_s(self) -> int:
        """Seconds of the day that are held, those held twice once."""
        total, end = 0, 0
        for one in sorted(self.stretches, key=lambda each: each.start_s):
            if one.held:
                total += max(0, one.end_s - max(end, one.start_s))
                end = max(end, one.end_s)
        return total - sum(one.end_s - one.start_s for one in self.stretches if not one.held)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A recording with doubts that nobody settled: the text shown, and how many."""

    recording: Recording
    layer: Layer
    doubts: int


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day. before, after: the days beside it. waiting: newest first; more_waiting: whether there
    are more than are listed among the newest recordings."""

    day: str
    before: str | None
    after: str | None
    channels: tuple[ChannelDay, ...]
    waiting: tuple[Waiting, ...]
    more_waiting: bool


def show_day(desk: Desk, day: str | None = None) -> ShownDay:
    """A day (`YYYY-MM-DD`) of all channels; by default the newest on which something was aired.

    Raises `BadInput` where it is no day.
    """
    with desk.catalogue.snapshot() as tx:
        chosen = _day(day) if day else _day(tx.newest_day() or "2000-01-01")
        every = tx.recordings_aired(_step(chosen, -1) or chosen, chosen)
        waiting = _waiting(tx)
    return ShownDay(
        day=chosen,
        before=_step(chosen, -1),
        after=_step(chosen, 1),
        channels=tuple(
            _channel_day(list(of_channel), chosen)
            for _, of_channel in groupby(every, key=lambda one: one.channel.name)
        ),
        waiting=tuple(waiting[:WAITING]),
        more_waiting=len(waiting) > WAITING,
    )


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise BadInput(f"{text[:40]!r} is no day; write it as 2024-05-14") from error


def _step(day: str, days: int) -> str | None:
    try:
        moved = datetime.date.fromisoformat(day) + datetime.timedelta(days=days)
    except OverflowError:
        return None
    return moved.isoformat()


def _channel_day(recordings: Sequence[Recording], day: str) -> ChannelDay:
    stretches: list[Stretch] = []
    undated: list[Recording] = []
    for one in recordings:
        begin = _begins(one, day)
        if begin is None or one.media is None:
            if one.aired is not None and one.aired.day == day:
                undated.append(one)
            continue
        length = one.media.duration_ms // 1000
        parts: list[tuple[int, int, bool, str | None]] = [(begin, begin + length, True, None)]
        parts += [
            (begin + gap.span.start // 1000, begin + gap.span.end // 1000, False, gap.reason)
            for gap in one.gaps
        ]
        for start, end, held, reason in parts:
            start, end = max(0, start), min(DAY_S, end)
            if start < end:
                stretches.append(Stretch(start, end, one, held, reason))
    stretches.sort(key=lambda one: (one.start_s, not one.held, one.end_s))
    return ChannelDay(recordings[0].channel, tuple(stretches), tuple(undated))


def _begins(recording: Recording, day: str) -> int | None:
    """Seconds from the day's midnight, by the channel's clock, at which a recording begins; below 0
    where it was aired the day before; None where its clock time is not known."""
    aired = recording.aired
    if aired is None or aired.precision not in {Precision.MINUTE, Precision.SECOND}:
        return None
    local = _local(aired, recording.channel.zone)
    midnight = datetime.datetime.fromisoformat(day)
    return int((local - midnight).total_seconds())


def _local(aired: PartialDate, zone: str | None) -> datetime.datetime:
    """An airing by the channel's clock, where its zone is known, else as it was given."""
    given = datetime.datetime.fromisoformat(aired.value)
    if aired.zone == LOCAL_TO_CHANNEL or zone is None:
        return given
    try:
        offset = "+00:00" if aired.zone == "Z" else aired.zone
        if offset[:1] in "+-":
            moved = datetime.datetime.fromisoformat(f"{aired.value}{offset}")
        else:
            moved = given.replace(tzinfo=ZoneInfo(offset))
        return moved.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, ZoneInfoNotFoundError):
        return given


def _waiting(tx: Transaction) -> list[Waiting]:
    """Recordings of the newest with doubts that nobody settled in the text that is shown."""
    shown = [
        (recording, best_layer(tx, recording.id))
        for recording in tx.recordings(limit=_LOOKED_AT)
        if tx.layers(recording.id)
    ]
    doubts = tx.open_flags([layer.id for _, layer in shown])
    return [
        Waiting(recording, layer, doubts[layer.id])
        for recording, layer in shown
        if layer.id in doubts
    ]
