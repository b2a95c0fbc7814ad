"""The names list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from offair.model.errors import Conflict, Corrupt, NotFound
from offair.model.names import Name, NameKind, Office, Spelling
from offair.model.time import PartialDate
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc, read_date, read_json, write_date, write_json
from offair.store.catalogue.prepared import Prepared
from offair.store.catalogue.rows import Rows

_n, _c = tables.name.c, tables.counter.c
_CHANGES = "names"
"""The counter that grows with every change of the list."""
_CHANGED = Prepared(select(_c.value).where(_c.name == _CHANGES))


def _name(row: Row[Any]) -> Name:
    try:
        return Name(
            kind=NameKind(row.kind),
            house=row.house,
            native=row.native,
            spellings=tuple(Spelling(*one) for one in read_json(row.spellings)),
            authority=row.authority,
            offices=tuple(
                Office(title, _read_bound(since), _read_bound(until))
                for title, since, until in read_json(row.offices)
            ),
            id=row.id,
        )
    except (TypeError, ValueError) as error:
        raise Corrupt(
            f"name {row.id} of the names list is damaged ({error!r}); restore the catalogue from a "
            "backup"
        ) from error


def _read_bound(written: Sequence[str]) -> PartialDate | None:
    return read_date(*written) if written else None


def _write_bound(bound: PartialDate | None) -> list[str]:
    return [] if bound is None else list(write_date(bound).values())


class NameRows(Rows):
    """The part of a transaction that holds the names list."""

    def save_name(self, name: Name, *, actor: str) -> Name:
        """Make a name (id 0) or write all its fields anew. Raises `NotFound` (an id), `Conflict`
        where another name of the kind has that house spelling."""
        taken = select(_n.id).where(_n.kind == name.kind.value, _n.house == name.house)
        holder = self._run(taken.where(_n.id != name.id)).scalar()
        if holder is not None:
            raise Conflict(
                f"the names list has a {name.kind.value} {name.house!r} already (name {holder}); "
                "change that one"
            )
        values = {
            "kind": name.kind.value,
            "house": name.house,
            "native": name.native,
            "spellings": write_json([[one.text, one.whose] for one in name.spellings]),
            "authority": name.authority,
            "offices": write_json(
                [[one.title, _write_bound(one.since), _write_bound(one.until)]
                 for one in name.offices]
            ),
            "made_by": actor,
            "made_utc": now_utc(),
        }  # fmt: skip
        name_id = name.id
        if not name_id:
            name_id = self._insert(tables.name, values)
        elif self._run(tables.name.update().where(_n.id == name_id), values).rowcount == 0:
            raise NotFound(f"the names list has no name {name_id}; list the names to find it")
        self._count_change()
        return _name(self._run(select(tables.name).where(_n.id == name_id)).one())

    def remove_name(self, name_id: int) -> None:
        """Take a name off the list; its number is not given again. Raises `NotFound`."""
        if self._run(tables.name.delete().where(_n.id == name_id)).rowcount == 0:
            raise NotFound(f"the names list has no name {name_id}; list the names to find it")
        self._count_change()

    def names(self, *, kind: NameKind | None = None) -> Sequence[Name]:
        """The names list, by house spelling."""
        statement = select(tables.name).order_by(_n.house, _n.kind)
        if kind is not None:
            statement = statement.where(_n.kind == kind.value)
        return [_name(row) for row in self._run(statement)]

    def names_change(self) -> int:
        """Grows with every change of the names list, so that a reader can keep what it made of
        it; 0 where nothing was ever on it."""
        rows = self._read(_CHANGED)
        return rows[0][0] if rows else 0

    def _count_change(self) -> None:
        self._insert_once(tables.counter, {"name": _CHANGES, "value": 0})
        counted = tables.counter.update().where(_c.name == _CHANGES).values(value=_c.value + 1)
        self._run(counted)
