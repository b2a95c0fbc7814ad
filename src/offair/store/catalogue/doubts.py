"""Flags: doubts about a stretch of a layer, and who looked at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, func, select

from offair.model.errors import BadInput, NotFound
from offair.model.time import Span
from offair.model.transcript import Flag, FlagKind
from offair.store.catalogue import tables
from offair.store.catalogue.attributions import AttributionRows
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.rows import PAGE

_f, _s, _t = tables.flag.c, tables.sentence.c, tables.turn.c
_a, _l = tables.attribution.c, tables.layer.c


def _begins_otherwise(column: Column[str], prefix: str) -> ColumnElement[bool]:
    return func.coalesce(func.substr(column, 1, len(prefix)), "") != prefix


def _flag(row: Row[Any]) -> Flag:
    return Flag(
        kind=FlagKind(row.kind),
        span=None if row.start_ms is None else Span(row.start_ms, row.end_ms),
        reason=row.reason,
        id=row.id,
        sentence_id=row.sentence_id,
        settled_by=row.settled_by,
        settled_note=row.settled_note,
    )


class FlagRows(AttributionRows):
    """The part of a transaction that holds flags. They delete nothing and are never deleted."""

    def add_flags(self, layer_id: int, flags: Sequence[Flag]) -> None:
        """Append flags to a layer; their ids are given here.

        Raises `NotFound` (the layer), `BadInput` where a flag is about a sentence of another one.
        """
        self.layer(layer_id)
        wanted = sorted({one.sentence_id for one in flags if one.sentence_id is not None})
        own: set[int] = set()
        for start in range(0, len(wanted), PAGE):
            statement = (
                select(_s.id)
                .join(tables.turn, _t.id == _s.turn_id)
                .where(_s.id.in_(wanted[start : start + PAGE]), _t.layer_id == layer_id)
            )
            own.update(self._run(statement).scalars())
        for sentence_id in wanted:
            if sentence_id not in own:
                raise BadInput(
                    f"a flag of layer {layer_id} is about sentence {sentence_id}, which is none of "
                    "its own; flag the layer that has it"
                )
        now = now_utc()
        rows = [
            {
                "layer_id": layer_id,
                "kind": one.kind.value,
                "start_ms": None if one.span is None else one.span.start,
                "end_ms": None if one.span is None else one.span.end,
                "reason": one.reason,
                "sentence_id": one.sentence_id,
                "made_utc": now,
                "settled_by": one.settled_by,
                "settled_utc": None if one.settled_by is None else now,
                "settled_note": one.settled_note,
            }
            for one in flags
        ]
        if rows:
            self._run(tables.flag.insert(), rows)

    def open_flags(self, layer_ids: Sequence[int]) -> Mapping[int, int]:
        """How many flags nobody settled, of each of these layers that has one."""
        found: dict[int, int] = {}
        for start in range(0, len(layer_ids), PAGE):
            some = list(layer_ids[start : start + PAGE])
            open_ones = _f.layer_id.in_(some) & _f.settled_by.is_(None)
            statement = select(_f.layer_id, func.count(_f.id).label("open")).where(open_ones)
            for row in self._run(statement.group_by(_f.layer_id)):
                found[row.layer_id] = row.open
        return found

    def flags(self, layer_id: int) -> Sequence[Flag]:
        """The flags of a layer, by start, settled ones too; those without a time come last, in the
        order they were made."""
        statement = (
            select(tables.flag)
            .where(_f.layer_id == layer_id)
            # NULLs sort first in SQLite and last in PostgreSQL.
            .order_by(_f.start_ms.is_(None), _f.start_ms, _f.id)
        )
        return [_flag(row) for row in self._run(statement)]

    def people_worked(self, layer_id: int, *, carried: Sequence[str] = ()) -> bool:
        """Whether a person revised a turn of a layer that stands, heard words that stand there,
        confirmed the newest attribution of a turn, or settled a flag; not counting attributions
        whose maker, and flags whose note, begins with one of `carried`."""
        standing = (_t.layer_id == layer_id, _t.replaced_by.is_(None))
        newest = (
            select(func.max(_a.id))
            .join(tables.turn, _t.id == _a.turn_id)
            .where(*standing)
            .group_by(_a.turn_id)
        )
        looked_for = (
            select(_l.id).where(_l.id == layer_id, _l.heard_words > 0),
            select(_t.id).where(*standing, _t.made_in.is_not(None)),
            select(_f.id).where(
                _f.layer_id == layer_id,
                _f.settled_by.is_not(None),
                *(_begins_otherwise(_f.settled_note, one) for one in carried),
            ),
            select(_a.id).where(
                _a.id.in_(newest),
                _a.confirmed_by.is_not(None),
                *(_begins_otherwise(_a.made_by, one) for one in carried),
            ),
        )
        return any(self._run(one.limit(1)).first() is not None for one in looked_for)

    def settle_flag(self, flag_id: int, *, actor: str, note: str | None = None) -> Flag:
        """A person has looked at it; who looks again takes the place of the first. Writes a change
        row of the layer: it may be the one to search from now on. Raises `NotFound`."""
        settled = {"settled_by": actor, "settled_utc": now_utc(), "settled_note": note}
        if self._run(tables.flag.update().where(_f.id == flag_id), settled).rowcount == 0:
            raise NotFound(f"the desk has no flag {flag_id}; list the flags of its recording")
        row = self._run(select(tables.flag).where(_f.id == flag_id)).one()
        self._note_change("layer", row.layer_id)
        return _flag(row)
