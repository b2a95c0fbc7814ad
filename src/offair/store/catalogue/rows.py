"""What every part of a transaction shares: running a statement, and errors in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from offair.model.errors import BadInput, Conflict, Corrupt, OffairError, Unavailable
from offair.store.catalogue.prepared import Prepared

PAGE = 1_000
"""How many ids go into one `IN (…)`: below every database's limit of parameters."""

Values = Mapping[str, Any]
_TOLD = (DBAPIError, sqlite3.Error, PoolTimeout, UnicodeEncodeError, OverflowError)


class Rows:
    """One open connection inside one transaction; the parts of `SqlTransaction` build on it."""

    def __init__(self, connection: Connection, place: str) -> None:
        """`place` names the catalogue in messages."""
        self._connection = connection
        self._place = place
        self._driver = connection.connection.driver_connection
        self._dialect = connection.dialect

    def _run(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        with spoken_errors(self._place):
            return self._connection.execute(statement, values)

    def _read(self, statement: Prepared, ids: Sequence[int] = (), **values: int | str) -> list[Any]:
        """All rows of a statement that is asked all the time. ids: at most `PAGE` keys."""
        try:
            return statement.fetch(self._dialect, self._driver, ids, values)
        except _TOLD:
            with spoken_errors(self._place):
                raise

    def _read_by_ids(self, statement: Prepared, ids: Sequence[int]) -> Sequence[Any]:
        """The same for any number of keys, each asked for once."""
        wanted = list(dict.fromkeys(ids))
        if len(wanted) <= PAGE:
            return self._read(statement, wanted)
        pages = range(0, len(wanted), PAGE)
        return [row for at in pages for row in self._read(statement, wanted[at : at + PAGE])]

    def _insert(self, table: Table, values: Values) -> int:
        """Insert one row; its new id."""
        key = self._run(table.insert(), values).inserted_primary_key
        return int(key[0]) if key is not None else 0

    def _insert_once(self, table: Table, values: Values) -> bool:
        """Insert one row unless a unique key is taken; whether it was inserted."""
        insert = (
            postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        )
        return self._run(insert(table).on_conflict_do_nothing(), values).rowcount > 0


@contextmanager
def spoken_errors(place: str) -> Iterator[None]:
    """Turn the database's errors into `OffairError` with a sentence that names `place`."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        spoken = _spoken(error, place)
        if spoken is None:
            raise
        raise spoken from error
    except PoolTimeout as error:
        raise Unavailable(
            f"the catalogue {place} has too many users in this process; try again"
        ) from error
    except UnicodeEncodeError as error:
        raise BadInput(
            f"a text for the catalogue is not Unicode (at character {error.start}); "
            "replace the characters that cannot be encoded"
        ) from error
    except OverflowError as error:
        raise BadInput(
            "a number for the catalogue is larger than 64 bits; give a smaller"
        ) from error


def _spoken(error: DBAPIError | sqlite3.Error, place: str) -> OffairError | None:
    """The error of ours for one of the database's, None for a mistake of the program.

    Codes: sqlite.org/rescode.html.
    """
    told = error.orig if isinstance(error, DBAPIError) else error
    reason = str(told)
    if isinstance(error, IntegrityError):
        return Conflict(
            f"the catalogue {place} refuses a row ({reason}); something it needs is missing or "
            "the row is there already: read it again and repeat"
        )
    code = getattr(told, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unavailable(
            f"the catalogue {place} stayed locked by another process; try again, or end the "
            "process that holds it"
        )
    if code == sqlite3.SQLITE_FULL:
        return Unavailable(f"the disk of the catalogue {place} is full; make room and try again")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return Unavailable(
            f"the catalogue {place} cannot be opened for this ({reason}); check that its folder "
            "exists and may be written"
        )
    if code == sqlite3.SQLITE_IOERR:
        return Unavailable(
            f"the disk of the catalogue {place} failed or is full ({reason}); check it and try "
            "again"
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Corrupt(
            f"the catalogue {place} is damaged or no catalogue ({reason}); keep the file, and "
            "restore it from a backup"
        )
    if "no such table" in reason or "no such column" in reason:
        return Conflict(
            f"the catalogue {place} has not the tables of this version ({reason}); migrate it first"
        )
    return None
