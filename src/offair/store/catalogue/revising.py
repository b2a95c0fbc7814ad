"""The part of a transaction that holds how turns were changed, and changes them back."""

from __future__ import annotations

from offair.store.catalogue.rows import Rows


class RevisingTableRows(Rows):
    """Fulfils `offair.store.revising.RevisingRows`."""
