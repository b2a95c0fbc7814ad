"""The part of a transaction that tells where somebody was heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from offair.model.appearance import Appearance


class AppearanceRows(Protocol):
    """Where persons were heard."""

    def appearances(self, names: Collection[str]) -> Sequence[Appearance]:
        """The turns that stand and whose newest attribution names a person so, as voice or author,
        by layer; nobody who is withheld."""
        ...
