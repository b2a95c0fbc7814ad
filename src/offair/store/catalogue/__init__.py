"""The catalogue on a database: SQLAlchemy Core, SQLite for now, Alembic for its history.

Many processes read and write one file at once. Durability comes before speed: the write-ahead
log is forced to disk at every commit (`synchronous=FULL`), so that what was committed survives
a power cut. A writing transaction takes the write lock when it begins, so that what it read
is still true when it writes; a snapshot never waits and never writes. The file must lie on a
local disk: SQLite's locks do not hold on network file systems.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from offair.model.errors import BadSetting, Conflict, Corrupt, Unavailable
from offair.store.catalogue.acts import ActTableRows
from offair.store.catalogue.appearances import AppearanceTableRows
from offair.store.catalogue.channel_terms import ChannelTermsTableRows
from offair.store.catalogue.clip_work import ClipWorkTableRows
from offair.store.catalogue.clips import ClipRows
from offair.store.catalogue.coverage import CoverageRows, KeptCoverage
from offair.store.catalogue.jobs import JobTableRows
from offair.store.catalogue.names import NameRows
from offair.store.catalogue.people import AccountTableRows
from offair.store.catalogue.publicity import PublicityTableRows
from offair.store.catalogue.record_acts import RecordActTableRows
from offair.store.catalogue.removals import RemovalTableRows
from offair.store.catalogue.revising import RevisingTableRows
from offair.store.catalogue.rows import spoken_errors
from offair.store.catalogue.shared_reports import SharedReportTableRows
from offair.store.catalogue.style_rules import StyleRuleTableRows
from offair.store.catalogue.watches import WatchRows
from offair.store.catalogue.withholdings import WithholdingRows

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0002"
"""The newest migration. Written here, so that a catalogue that stands there needs no Alembic, whose
import alone costs every command a tenth of a second."""
BUSY_S = 30
"""How long a transaction waits for another's write lock before it gives up."""


class SqlTransaction(
    ClipRows, WithholdingRows, CoverageRows, NameRows, WatchRows, JobTableRows, ActTableRows,
    AccountTableRows, ClipWorkTableRows, RevisingTableRows, RemovalTableRows,
    RecordActTableRows, ChannelTermsTableRows, StyleRuleTableRows, SharedReportTableRows,
    AppearanceTableRows, PublicityTableRows,
):  # fmt: skip
    """One open transaction; fulfils `offair.store.Transaction`."""


class SqlCatalogue:
    """The catalogue behind an SQLAlchemy URL; fulfils `offair.store.Catalogue`.

    May be shared by threads; a forked child opens connections of its own.
    """

    def __init__(self, url: str) -> None:
        """`url`: `sqlite:////absolute/path` or `sqlite:///relative/path`. Nothing is opened yet.

        Raises `BadSetting` where the URL cannot be read or names another database.
        """
        self._path = _sqlite_path(url)
        self._engine = _engine_of(self._path, _prepare)
        # Connections of their own: to forbid and allow writing in turn would make SQLite compile
        # every statement anew for each snapshot.
        self._reading = _engine_of(self._path, _prepare_reading)
        self._pid = os.getpid()
        self._held = threading.local()
        self._coverage = KeptCoverage()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A transaction that may write. Raises `Unavailable` where the store is locked or full.

        Raises `RuntimeError` where this thread has one open already: it would wait for itself.
        """
        if getattr(self._held, "writing", False):
            raise RuntimeError("this thread writes already; one transaction cannot hold another")
        self._held.writing = True
        try:
            with self._begun("BEGIN IMMEDIATE") as connection:
                yield SqlTransaction(connection, str(self._path))
                with spoken_errors(str(self._path)):
                    connection.commit()
        finally:
            self._held.writing = False

    @contextmanager
    def snapshot(self) -> Iterator[SqlTransaction]:
        """A consistent view for reading; never blocks writers. Raises `Unavailable` on a write."""
        with self._begun(None, self._reading) as connection:
            # By the driver itself, as `Prepared` reads: a check of one quotation begins one.
            with spoken_errors(str(self._path)):
                connection.connection.cursor().execute("BEGIN").close()
            snapshot = SqlTransaction(connection, str(self._path))
            snapshot.kept = self._coverage
            yield snapshot

    def migrate(self) -> None:
        """Bring the tables to this version, from any earlier release's. Idempotent.

        Makes the folder and the file where there are none. Safe in many processes at once: all of
        it is one writing transaction. Raises `Conflict` where a newer release or another program
        wrote the file, `Corrupt` where rows refer to none.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(
                f"the folder {self._path.parent} for the catalogue cannot be made "
                f"({error.strerror}); choose another in the settings"
            ) from error
        if self._stands_at() == HEAD:
            return
        # A batch migration drops and renames tables, which living foreign keys would follow.
        with self._begun(None) as connection, spoken_errors(str(self._path)):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                self._upgrade(connection)
                connection.commit()
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    def version(self) -> str:
        """The migration the tables stand at; empty where there are none yet."""
        return self._stands_at() or ""

    def close(self) -> None:
        """Let go of the connections."""
        for engine in (self._engine, self._reading):
            engine.dispose(close=os.getpid() == self._pid)

    def _stands_at(self) -> str | None:
        if not self._path.exists():
            return None
        with self._begun("BEGIN") as connection, spoken_errors(str(self._path)):
            return _revision(connection)

    def _upgrade(self, connection: Connection) -> None:
        from alembic.command import upgrade
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        known = {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
        current = _revision(connection)
        if current is not None and current not in known:
            raise Conflict(
                f"the catalogue {self._path} was written by a newer release (its tables stand at "
                f"{current}); install that release, or restore an older backup"
            )
        if current is None and connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first():
            raise Conflict(
                f"{self._path} is a database of something else; name another file in the settings"
            )
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        upgrade(config, HEAD)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise Corrupt(
                f"the catalogue {self._path} has a row of {broken[0]} that refers to none; it was "
                "left as it was: restore it from a backup"
            )

    @contextmanager
    def _begun(self, begin: str | None, engine: Engine | None = None) -> Iterator[Connection]:
        if os.getpid() != self._pid:
            # A connection must not cross a fork: its locks belong to the parent.
            self._engine.dispose(close=False)
            self._reading.dispose(close=False)
            self._pid = os.getpid()
            self._held = threading.local()
        with spoken_errors(str(self._path)):
            connection = (engine or self._engine).connect()
        try:
            if begin is not None:
                with spoken_errors(str(self._path)):
                    connection.exec_driver_sql(begin)
            yield connection
        finally:
            connection.close()


def _revision(connection: Connection) -> str | None:
    """The migration that the tables stand at; None where Alembic never made any."""
    table = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.exec_driver_sql(table).first() is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def _sqlite_path(url: str) -> Path:
    """The file an URL names: all that follows `sqlite:///`, as it stands. Raises `BadSetting`."""
    scheme, there, path = url.partition(":///")
    if scheme != "sqlite" or not there or path in ("", ":memory:"):
        shown = scheme if there else url.partition("://")[0]
        raise BadSetting(
            f"store.url must name an SQLite file, and {shown + '…'!r} does not; write "
            "sqlite:////path/to/offair.sqlite"
        )
    return Path(path).absolute()


def _engine_of(path: Path, prepare: Callable[[Any, object], None]) -> Engine:
    """Connections to the file. prepare: is called with every new one of the driver's."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_S},
        pool_size=8,
        max_overflow=56,
        pool_timeout=BUSY_S,
    )
    event.listen(engine, "connect", prepare)
    return engine


def _prepare_reading(connection: Any, record: object) -> None:
    """The same for connections that must not write."""
    _prepare(connection, record)
    connection.execute("PRAGMA query_only=ON").close()


def _prepare(connection: Any, record: object) -> None:
    """Settings of every new SQLite connection; `connection` is the driver's own."""
    del record
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for pragma in (f"busy_timeout={BUSY_S * 1000}", "foreign_keys=ON", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _set_wal(cursor)
    finally:
        cursor.close()


def _set_wal(cursor: Any) -> None:
    # Changing the journal does not wait for other connections as transactions do.
    end = time.monotonic() + BUSY_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            locked = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not locked or time.monotonic() > end:
                raise
            time.sleep(0.02)
