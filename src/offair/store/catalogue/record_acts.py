"""The part of a transaction that holds acts on published records."""

from __future__ import annotations

from offair.store.catalogue.rows import Rows


class RecordActTableRows(Rows):
    """Rows of acts on published records; fulfils `offair.store.record_acts.RecordActRows`."""
