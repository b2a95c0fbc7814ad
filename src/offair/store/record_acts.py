"""The part of a transaction that holds acts on published records."""

from __future__ import annotations

from typing import Protocol


class RecordActRows(Protocol):
    """Rows of acts on published records."""
