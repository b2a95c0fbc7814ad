"""The part of a transaction that holds how turns were changed, and changes them back."""

from __future__ import annotations

from typing import Protocol


class RevisingRows(Protocol):
    """Rows of how turns were changed, and changes them back."""
