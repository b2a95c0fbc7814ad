"""The part of a transaction that holds what of a channel may be shown."""

from __future__ import annotations

from typing import Protocol


class ChannelTermsRows(Protocol):
    """Rows of what of a channel may be shown."""
