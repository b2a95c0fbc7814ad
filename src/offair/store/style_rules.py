"""The part of a transaction that holds the house style sheet."""

from __future__ import annotations

from typing import Protocol


class StyleRuleRows(Protocol):
    """Rows of the house style sheet."""
