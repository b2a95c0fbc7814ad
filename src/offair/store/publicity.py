"""The part of a transaction that tells what was published."""

from __future__ import annotations

from typing import Protocol


class PublicityRows(Protocol):
    """What everybody may have."""

    def channels_publishing(self, sha256: str) -> frozenset[int]:
        """The channels of the records, of any edition, that have these bytes as media of theirs;
        empty where none has."""
        ...
