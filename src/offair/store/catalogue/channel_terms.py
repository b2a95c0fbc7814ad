"""The part of a transaction that holds what of a channel may be shown."""

from __future__ import annotations

from offair.store.catalogue.rows import Rows


class ChannelTermsTableRows(Rows):
    """Fulfils `offair.store.channel_terms.ChannelTermsRows`."""
