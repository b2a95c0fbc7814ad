"""The part of a transaction that holds shared reports of findings."""

from __future__ import annotations

from typing import Protocol


class SharedReportRows(Protocol):
    """Rows of shared reports of findings."""
