"""The part of a transaction that holds how clips are worked on."""

from __future__ import annotations

from typing import Protocol


class ClipWorkRows(Protocol):
    """Rows of how clips are worked on."""
