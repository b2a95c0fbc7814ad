"""The part of a transaction that holds shared reports of findings."""

from __future__ import annotations

from offair.store.catalogue.rows import Rows


class SharedReportTableRows(Rows):
    """Fulfils `offair.store.shared_reports.SharedReportRows`."""
