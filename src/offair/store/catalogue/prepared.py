"""Statements that a check of one quotation reads: compiled once, then asked of the driver itself.

SQLite answers each of them in some microseconds; running it through an engine's general machinery
takes ten times as long, and a check of two milliseconds reads a dozen.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select

IDS = "ids"
"""The expanding parameter of a statement that is asked for rows by their keys."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as the driver takes it. places: for each parameter its place among the keys, or
    the name of its value. defaults: values that stand in the statement itself. keys_alone: its
    parameters are the keys, in their order."""

    sql: str
    names: Sequence[str]
    places: Sequence[int | str]
    defaults: Mapping[str, Any]
    positional: bool
    keys_alone: bool

    def parameters(self, ids: Sequence[int], values: Mapping[str, Any]) -> Any:
        """What the driver is given beside the text."""
        if self.keys_alone:
            return tuple(ids)
        known = {**self.defaults, **values}
        filled = [ids[one] if isinstance(one, int) else known[one] for one in self.places]
        return tuple(filled) if self.positional else dict(zip(self.names, filled, strict=True))


class Prepared:
    """One `SELECT`; threads may share it. Its parameters are numbers and texts."""

    def __init__(self, statement: Select[Any], *, by_ids: bool = False) -> None:
        """by_ids: it has the expanding parameter `IDS`."""
        self._statement = statement
        self._by_ids = by_ids
        self._texts: dict[tuple[str, int], _Text] = {}
        self._made: Callable[[Iterable[Any]], Any] = tuple
        self._reads: dict[str, tuple[tuple[int, Callable[[Any], Any]], ...]] = {}

    def fetch(
        self, dialect: Dialect, driver: Any, ids: Sequence[int], values: Mapping[str, Any]
    ) -> list[Any]:
        """All rows, as named tuples. driver: the open connection of the driver. Raises what that
        raises."""
        # Few lengths, so that few texts are prepared: the last key is asked for again.
        size = 1 << (len(ids) - 1).bit_length() if ids else 0
        if self._by_ids and not size:
            return []
        text = self._texts.get((dialect.name, size)) or self._compiled(dialect, size)
        cursor = driver.cursor()
        try:
            padded = ids if size == len(ids) else [*ids, *([ids[-1]] * (size - len(ids)))]
            cursor.execute(text.sql, text.parameters(padded, values))
            rows = cursor.fetchall()
        finally:
            cursor.close()
        reads = self._reads[dialect.name]
        if not reads:
            return list(map(self._made, rows))
        return [self._made(_read(row, reads)) for row in rows]

    def _compiled(self, dialect: Dialect, size: int) -> _Text:
        compiled = self._statement.compile(dialect=dialect)
        given = {**compiled.params, **({IDS: list(range(size))} if self._by_ids else {})}
        expanded = compiled.construct_expanded_state(given)
        keys = {name: place for place, name in enumerate(expanded.parameter_expansion.get(IDS, ()))}
        names = list(expanded.positiontup or expanded.parameters)
        places = [keys.get(name, name) for name in names]
        text = _Text(
            expanded.statement,
            names,
            places,
            {name: value for name, value in expanded.parameters.items() if name not in keys},
            bool(compiled.positional),
            bool(compiled.positional) and places == list(range(size)),
        )
        columns = self._statement.selected_columns
        # Rows have the columns' names, as those of the engine have.
        names_of = [getattr(one, "name", "") for one in columns]
        self._made = namedtuple("Row", names_of, rename=True)._make  # type: ignore[attr-defined]
        processors = [
            one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns
        ]
        self._reads[dialect.name] = tuple(
            (place, one) for place, one in enumerate(processors) if one is not None
        )
        self._texts[dialect.name, size] = text
        return text


def _read(row: Sequence[Any], reads: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    """A row with the columns that the database has no type for (truth) as they are meant."""
    result = list(row)
    for place, read in reads:
        result[place] = read(result[place])
    return result
