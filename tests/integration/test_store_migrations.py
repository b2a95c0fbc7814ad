"""The one history of the tables: it ends at what the program expects, from any earlier state."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from offair.model.errors import Conflict, Corrupt
from offair.model.recording import Held, VaultObject
from offair.model.time import PartialDate
from offair.store.catalogue import HEAD, MIGRATIONS, SqlCatalogue, people_tables, work_tables  # noqa: F401 - part of the metadata
from offair.store.catalogue.tables import metadata

REVISIONS = [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]

# What a release at that revision wrote, in plain SQL: the program's own tables have moved on.
ROWS_OF_0001 = """
INSERT INTO channel (name, country, languages) VALUES ('Channel 7', 'Iraq', '["ar"]');
INSERT INTO vault_object VALUES
    ('{sha}', 12, 'news.mp4', '2026-01-01T00:00:00.000Z');
INSERT INTO recording (channel_id, object_sha256, object_name, aired_value, aired_precision,
    aired_kind, aired_zone, title, held, added_utc, added_by)
    VALUES (1, '{sha}', 'news.mp4', '2021-06', 'month', 'aired', 'local to channel',
    'News', 'held', '2026-01-01T00:00:00.000Z', 'rana');
""".format(sha="a" * 64)


def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'offair.sqlite'}"


def migrate_to(tmp_path: Path, revision: str) -> None:
    """Make a catalogue as the release of that revision left it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with create_engine(url(tmp_path)).begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, revision)


def shape(path: Path) -> dict[str, list[str]]:
    """Every table and index of a file: its definition, line by line, in no order."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    return {
        name: sorted(line.strip().rstrip(",").replace('"', "") for line in sql.splitlines())
        for name, sql in rows
        if name != "alembic_version"
    }


def test_there_is_one_line_of_migrations() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]
    assert REVISIONS[-1] == "0001"


def test_the_migrations_end_at_the_tables_of_the_program(tmp_path: Path) -> None:
    SqlCatalogue(url(tmp_path)).migrate()
    with create_engine(url(tmp_path)).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    # Alembic does not compare checks, partial indexes nor AUTOINCREMENT.
    metadata.create_all(create_engine(f"sqlite:///{tmp_path / 'expected.sqlite'}"))
    expected = shape(tmp_path / "expected.sqlite")
    assert "AUTOINCREMENT" in str(expected["turn"])
    assert shape(tmp_path / "offair.sqlite") == expected


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_catalogue_of_every_release_is_brought_up_with_its_rows(
    tmp_path: Path, revision: str
) -> None:
    migrate_to(tmp_path, "0001")
    with closing(sqlite3.connect(tmp_path / "offair.sqlite")) as connection:
        connection.executescript(ROWS_OF_0001)
    migrate_to(tmp_path, revision)
    catalogue = SqlCatalogue(url(tmp_path))
    assert catalogue.version() == revision
    for _ in range(2):
        catalogue.migrate()
        assert catalogue.version() == REVISIONS[0]
    with catalogue.snapshot() as tx:
        (found,) = tx.recordings()
    assert found.object == VaultObject("a" * 64, 12, "news.mp4")
    assert found.aired == PartialDate.parse("2021-06")
    assert (found.channel.country, found.held, found.gaps) == ("Iraq", Held.HELD, ())


def test_a_catalogue_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    catalogue = SqlCatalogue(url(tmp_path))
    catalogue.migrate()
    with closing(sqlite3.connect(tmp_path / "offair.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(Conflict, match="newer release"):
        catalogue.migrate()
    assert catalogue.version() == "9999"


def test_a_migration_that_fails_leaves_the_catalogue_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise ZeroDivisionError

    monkeypatch.setattr("alembic.command.upgrade", fail)
    with pytest.raises(ZeroDivisionError):
        SqlCatalogue(url(tmp_path)).migrate()
    assert shape(tmp_path / "offair.sqlite") == {}
    monkeypatch.undo()
    SqlCatalogue(url(tmp_path)).migrate()
    assert "job" in shape(tmp_path / "offair.sqlite")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "offair.sqlite")) as connection:
        connection.execute("CREATE TABLE job (boss TEXT)")
    with pytest.raises(Conflict, match="something else"):
        SqlCatalogue(url(tmp_path)).migrate()
    assert list(shape(tmp_path / "offair.sqlite")) == ["job"]


def test_a_row_that_refers_to_nothing_stops_a_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = SqlCatalogue(url(tmp_path))
    catalogue.migrate()
    with closing(sqlite3.connect(tmp_path / "offair.sqlite")) as connection:
        connection.execute(
            "INSERT INTO gap (recording_id, start_ms, end_ms, reason) VALUES (7, 0, 1, 'x')"
        )
        connection.commit()
    monkeypatch.setattr(SqlCatalogue, "_stands_at", lambda self: "an earlier one")
    with pytest.raises(Corrupt, match="a row of gap"):
        catalogue.migrate()
