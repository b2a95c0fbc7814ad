"""Make a copy that a browser can play of a recording it cannot."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from offair import media
from offair.desk import Desk
from offair.desk.evidence import held_object
from offair.desk.scratch import scratch_folder
from offair.store import Transaction


def prepare_proxy(
    desk: Desk,
    recording_id: int,
    *,
    progress: Callable[[float], None] | None = None,
    finish: Callable[[Transaction], None] = lambda _: None,
) -> None:
    """Make and attach the proxy of a recording; nothing to do where it has one or needs none.

    Same media time as the original. `finish` is called in the transaction that attaches it.
    Raises media errors (`Corrupt`: quarantine), `Unavailable`.
    """
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        source = held_object(recording)
        if tx.attached(recording_id, "proxy") or (
            recording.media is not None and recording.media.browser_playable
        ):
            return
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder(desk, "proxy"))
        made = media.proxy(desk.vault.path(source.sha256), folder / "proxy", desk.limits, progress)
        deposit = stack.enter_context(desk.vault.deposit_file(made.path))
        with desk.catalogue.transaction() as tx:
            tx.attach_object(recording_id, "proxy", deposit.object)
            finish(tx)
        deposit.keep()
