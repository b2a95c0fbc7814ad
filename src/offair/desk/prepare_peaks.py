"""Make what a recording's waveform is drawn from, once, and keep it beside the recording."""

from __future__ import annotations

from collections.abc import Callable

from offair import media
from offair.desk import Desk
from offair.desk.evidence import held_object
from offair.store import Transaction

PEAKS = "peaks"
"""The job's kind, and the role of what it attaches."""


def prepare_peaks(
    desk: Desk,
    recording_id: int,
    *,
    progress: Callable[[float], None] | None = None,
    finish: Callable[[Transaction], None] = lambda _: None,
) -> None:
    """Make and attach the peaks of a recording's best sound; nothing to do where they are there.

    `finish` is called in the transaction that attaches them. Raises media errors (`Corrupt`:
    quarantine; `BadInput`: no sound), `Refused`, `NotFound` (no media here), `Unavailable`.
    """
    with desk.catalogue.snapshot() as tx:
        source = held_object(tx.recording(recording_id))
        made = bool(tx.attached(recording_id, PEAKS))
    if made:
        with desk.catalogue.transaction() as tx:
            finish(tx)
        return
    found = media.peaks(desk.vault.path(source.sha256), limits=desk.limits, progress=progress)
    with desk.vault.deposit_bytes(found.packed(), f"recording-{recording_id}.peaks") as deposit:
        with desk.catalogue.transaction() as tx:
            tx.attach_object(recording_id, PEAKS, deposit.object)
            finish(tx)
        deposit.keep()
