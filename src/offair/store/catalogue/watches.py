"""Standing queries and what they matched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from offair.model.errors import Conflict, NotFound
from offair.model.names import Match, Watch
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.rows import Rows

_w, _m = tables.watch.c, tables.watch_match.c


def _watch(row: Row[Any]) -> Watch:
    return Watch(row.id, row.label, row.query, row.owner, row.made_utc, row.removed_utc is None)


def _match(row: Row[Any]) -> Match:
    return Match(
        row.id,
        row.watch_id,
        row.recording_id,
        row.layer_id,
        row.turn_id,
        row.sentence_id,
        row.text,
        row.found_utc,
    )


class WatchRows(Rows):
    """The part of a transaction that holds standing queries. None is ever deleted."""

    def add_watch(self, label: str, query: str, *, owner: str) -> Watch:
        """Keep a standing query. Raises `Conflict` where an active one has that label."""
        taken = select(_w.id).where(_w.label == label, _w.removed_utc.is_(None))
        if self._run(taken).scalar() is not None:
            raise Conflict(
                f"a standing query {label!r} is there already; give this one another label, or "
                "remove that one first"
            )
        values = {"label": label, "query": query, "owner": owner, "made_utc": now_utc()}
        return self._watch(self._insert(tables.watch, values))

    def watches(self, *, removed: bool = False) -> Sequence[Watch]:
        """The standing queries, by id; with `removed`, those no longer active too."""
        statement = select(tables.watch).order_by(_w.id)
        if not removed:
            statement = statement.where(_w.removed_utc.is_(None))
        return [_watch(row) for row in self._run(statement)]

    def remove_watch(self, watch_id: int) -> Watch:
        """It matches nothing new; its matches stay. Removing it again changes nothing. Raises
        `NotFound`."""
        known = self._watch(watch_id)
        if known.active:
            update = tables.watch.update().where(_w.id == watch_id)
            self._run(update, {"removed_utc": now_utc()})
        return self._watch(watch_id)

    def add_matches(self, matches: Sequence[Match]) -> int:
        """Keep matches (ids given here), a sentence once for each watch; how many were new.

        Raises `Conflict` where a match refers to what the catalogue does not have.
        """
        new = 0
        for one in matches:
            values = {
                "watch_id": one.watch_id,
                "recording_id": one.recording_id,
                "layer_id": one.layer_id,
                "turn_id": one.turn_id,
                "sentence_id": one.sentence_id,
                "text": one.text,
                "found_utc": one.found_utc,
            }
            new += self._insert_once(tables.watch_match, values)
        return new

    def matches(self, watch_id: int, *, after: int = 0, limit: int = 100) -> Sequence[Match]:
        """The matches of a standing query with ids greater than `after`, oldest first. Raises
        `NotFound` (the query)."""
        self._watch(watch_id)
        statement = (
            select(tables.watch_match)
            .where(_m.watch_id == watch_id, _m.id > after)
            .order_by(_m.id)
            .limit(limit)
        )
        return [_match(row) for row in self._run(statement)]

    def _watch(self, watch_id: int) -> Watch:
        row = self._run(select(tables.watch).where(_w.id == watch_id)).one_or_none()
        if row is None:
            raise NotFound(f"the desk has no standing query {watch_id}; list them to find it")
        return _watch(row)
