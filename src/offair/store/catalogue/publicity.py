"""Which bytes stand in a published record."""

from __future__ import annotations

from sqlalchemy import select

from offair.store.catalogue import tables
from offair.store.catalogue.rows import Rows
from offair.store.catalogue.work_tables import record_act

_ENDED = select(record_act.c.clip_id).where(record_act.c.act.in_(("withdraw", "remove")))
_o, _e, _c, _r = tables.edition_object.c, tables.edition.c, tables.clip.c, tables.recording.c


class PublicityTableRows(Rows):
    """Fulfils `offair.store.publicity.PublicityRows`."""

    def channels_publishing(self, sha256: str) -> frozenset[int]:
        """The channels of the records, of any edition, that have these bytes as media of theirs."""
        statement = (
            select(_r.channel_id)
            .join(tables.clip, _c.recording_id == _r.id)
            .join(tables.edition, _e.clip_id == _c.id)
            .join(tables.edition_object, _o.edition_id == _e.id)
            .where(_o.object_sha256 == sha256, _c.id.not_in(_ENDED))
            .distinct()
        )
        return frozenset(self._run(statement).scalars())
