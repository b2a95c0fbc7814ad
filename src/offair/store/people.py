"""The part of a transaction that holds accounts, sessions and tokens."""

from __future__ import annotations

from typing import Protocol


class PeopleRows(Protocol):
    """Rows of accounts, sessions and tokens."""
