"""What of a channel's material may be shown."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput, NotFound
from offair.store.catalogue import tables
from offair.store.catalogue.rows import Rows
from offair.store.catalogue.work_tables import channel_terms

_t = channel_terms.c


class ChannelTermsTableRows(Rows):
    """Fulfils `offair.store.channel_terms.ChannelTermsRows`."""

    def channel_terms(self, channel_id: int) -> ChannelTerms:
        """What of this channel may be shown."""
        row = self._run(select(channel_terms).where(_t.channel_id == channel_id)).first()
        if row is None:
            return ChannelTerms()
        return ChannelTerms(
            text=row.text,
            media=row.media,
            longest_ms=row.longest_ms,
            download=row.download,
            embed=row.embed,
            expires_days=row.expires_days,
            ground=row.ground,
        )

    def set_channel_terms(self, channel_id: int, terms: ChannelTerms) -> None:
        """Write a channel's terms anew. Raises `NotFound`, `BadInput` (a length or a number of days
        below 1)."""
        for value, what in ((terms.longest_ms, "the longest clip"), (terms.expires_days, "expiry")):
            if value is not None and value < 1:
                raise BadInput(f"{what} of a channel is at least 1, or none at all; not {value}")
        known = select(tables.channel.c.id).where(tables.channel.c.id == channel_id)
        if self._run(known).first() is None:
            raise NotFound(f"the desk has no channel {channel_id}; list the channels to find it")
        self._run(channel_terms.delete().where(_t.channel_id == channel_id))
        self._insert(channel_terms, {"channel_id": channel_id, **asdict(terms)})
