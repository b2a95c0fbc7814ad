"""What a recording's waveform shows: the peaks of its sound, its gaps, its open doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from offair import media
from offair.desk import Desk
from offair.desk.evidence import broadcast_order, chosen_layer, held_object
from offair.model.errors import BadInput, NotFound
from offair.model.job import JobState
from offair.model.recording import Recording
from offair.model.time import Ms, Span
from offair.store import Transaction

_KIND = "peaks"
_NOT_DONE = tuple(state for state in JobState if state is not JobState.DONE)
_ENDED = frozenset({JobState.FAILED, JobState.QUARANTINED, JobState.CANCELLED})
_KEPT = 8
"""Recordings whose peaks stay in memory: 0.5 MB for three hours."""


@dataclass(frozen=True, slots=True)
class PeaksMaking:
    """The peaks are not there yet. share: how much of the work is done, 0…1, None before it begins.
    trouble: why there will be none, as a sentence; None while they are waited for."""

    share: float | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Strip:
    """What is marked along a recording's time. duration_ms: of the media. gaps: what is not held.
    doubts: the open flags of the text, by start."""

    duration_ms: Ms
    gaps: tuple[Span, ...]
    doubts: tuple[Span, ...]


def show_peaks(desk: Desk, recording_id: int) -> media.Peaks | PeaksMaking:
    """The peaks of a recording; where there are none yet, work for them is queued and told of.

    Work that failed or was cancelled is not queued again by looking. Raises `NotFound` where there
    is no such recording, no media or no sound, `Refused` where it is in quarantine, `Corrupt`.
    """
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        held_object(recording)
        if recording.media is None or not recording.media.of_kind("audio"):
            raise NotFound(f"recording {recording_id} has no sound to draw")
        kept = [one for role, one in tx.attached(recording_id, _KIND) if role == _KIND]
        making = None if kept else _making(tx, recording_id)
    if kept:
        return _read(desk.vault.path(kept[-1].sha256))
    if making is not None:
        return making
    with desk.catalogue.transaction() as tx:
        queue_peaks(desk, tx, recording)
    return PeaksMaking(None, None)


def queue_peaks(desk: Desk, tx: Transaction, recording: Recording) -> None:
    """Queue the work for the peaks of a recording; twice is once."""
    desk.queue.enqueue(tx, _KIND, recording.id, priority=broadcast_order(recording))


def strip_of(desk: Desk, recording_id: int, layer_id: int | None = None) -> Strip:
    """What is marked along a recording's time, for one text of it. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        flags: Sequence[Span] = ()
        try:
            layer = chosen_layer(tx, recording_id, layer_id)
        except (BadInput, NotFound):
            layer = None
        if layer is not None:
            flags = [
                one.span
                for one in tx.flags(layer.id)
                if one.settled_by is None and one.span is not None
            ]
    duration = recording.media.duration_ms if recording.media is not None else 0
    return Strip(duration, tuple(gap.span for gap in recording.gaps), tuple(flags))


def _making(tx: Transaction, recording_id: int) -> PeaksMaking | None:
    """How far the work is that was asked for last, None where nobody asked."""
    jobs = [one for one in tx.jobs(_NOT_DONE) if (one.kind, one.subject) == (_KIND, recording_id)]
    if not jobs:
        return None
    job = max(jobs, key=lambda one: one.id)
    if job.state in _ENDED:
        return PeaksMaking(None, job.error or "the work for the waveform was cancelled")
    return PeaksMaking(job.share, None)


@lru_cache(maxsize=_KEPT)
def _read(path: Path) -> media.Peaks:
    """The vault never changes a file, so what was read once stays right."""
    return media.read_peaks(path.read_bytes())
