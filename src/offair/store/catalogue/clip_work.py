"""The part of a transaction that holds how clips are worked on."""

from __future__ import annotations

from offair.store.catalogue.rows import Rows


class ClipWorkTableRows(Rows):
    """Rows of how clips are worked on; fulfils `offair.store.clip_work.ClipWorkRows`."""
