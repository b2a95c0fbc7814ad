"""Where somebody was heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import case, func, or_, select

from offair.model.appearance import Appearance
from offair.model.transcript import SpeakerKind
from offair.store.catalogue import tables
from offair.store.catalogue.rows import PAGE, Rows

_a, _t, _l, _p = tables.attribution.c, tables.turn.c, tables.layer.c, tables.speaker.c
_later = tables.attribution.alias("later")


class AppearanceTableRows(Rows):
    """Fulfils `offair.store.appearances.AppearanceRows`."""

    def appearances(self, names: Collection[str]) -> Sequence[Appearance]:
        """The turns that stand and whose newest attribution names a person so, as voice or author,
        by layer; nobody who is withheld."""
        known = select(_p.id).where(
            _p.name.in_(sorted(names)[:PAGE]),
            _p.kind == SpeakerKind.PERSON.value,
            _p.withheld.is_(False),
        )
        ids = list(self._run(known).scalars())[:PAGE]
        if not ids:
            return []
        newest = select(func.max(_later.c.id)).where(_later.c.turn_id == _a.turn_id)
        length = case((_a.voice_id.in_(ids), _t.end_ms - _t.start_ms), else_=0)
        statement = (
            select(
                _l.recording_id,
                _t.layer_id,
                func.count(_t.id).label("turns"),
                func.coalesce(func.sum(length), 0).label("spoken_ms"),
                func.count(_a.confirmed_by).label("confirmed"),
                func.min(_t.start_ms).label("first_ms"),
            )
            .join(tables.turn, _t.id == _a.turn_id)
            .join(tables.layer, _l.id == _t.layer_id)
            .where(
                or_(_a.voice_id.in_(ids), _a.author_id.in_(ids)),
                _a.id == newest.scalar_subquery(),
                _t.replaced_by.is_(None),
            )
            .group_by(_l.recording_id, _t.layer_id)
            .order_by(_l.recording_id, _t.layer_id)
        )
        return [
            Appearance(
                row.recording_id,
                row.layer_id,
                row.turns,
                row.spoken_ms,
                row.confirmed,
                row.first_ms,
            )
            for row in self._run(statement)
        ]
