"""Try a recording's work once more: what failed, or stands in quarantine."""

from __future__ import annotations

from offair.desk import Desk
from offair.desk.evidence import queue_work
from offair.model.errors import BadInput


def retry(desk: Desk, recording_id: int, *, actor: str) -> bool:
    """Queue what is still to be done for a recording; False where nothing is.

    A quarantine is lifted: its media is opened once more, in a child with limits as before.
    Raises `NotFound`, `BadInput` where the recording has no media.
    """
    with desk.catalogue.transaction() as tx:
        recording = tx.recording(recording_id)
        if recording.media is None:
            raise BadInput(f"recording {recording_id} has no media; there is no work to do for it")
        queued = queue_work(desk, tx, recording)
        tx.note_act(actor, "retry", "recording", recording_id, queued=queued)
        return queued
