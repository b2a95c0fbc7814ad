"""The part of a transaction that holds what of a channel's material may be shown."""

from __future__ import annotations

from typing import Protocol

from offair.model.desk_lists import ChannelTerms


class ChannelTermsRows(Protocol):
    """The terms of channels; a channel without any has those of `ChannelTerms()`."""

    def channel_terms(self, channel_id: int) -> ChannelTerms:
        """What of this channel may be shown."""
        ...

    def set_channel_terms(self, channel_id: int, terms: ChannelTerms) -> None:
        """Write a channel's terms anew. Raises `NotFound`, `BadInput` (a length or a number of days
        below 1)."""
        ...
