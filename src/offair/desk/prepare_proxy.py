"""Make a copy that a browser can play of a recording it cannot."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from offair import media
from offair.desk import Desk
from offair.desk.evidence import held_object
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
        desk.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="proxy-", dir=desk.scratch))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        made = media.proxy(desk.vault.path(source.sha256), folder / "proxy", desk.limits, progress)
        deposit = stack.enter_context(desk.vault.deposit_file(made.path))
        with desk.catalogue.transaction() as tx:
            tx.attach_object(recording_id, "proxy", deposit.object)
            finish(tx)
        deposit.keep()
