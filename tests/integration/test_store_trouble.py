"""Full disks, damaged files, locks held too long: each a clear error, nothing half-written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from offair.model.errors import Conflict, Corrupt, Unavailable
from offair.model.recording import Channel
from offair.store import catalogue as module
from offair.store.catalogue import SqlCatalogue
from offair.store.folder_vault import FolderVault

# A limit on the size of a file is what a full disk looks like from inside a process.
SMALL_DISK = """
import resource, sys
from pathlib import Path
from offair.model.errors import Unavailable
from offair.store.folder_vault import FolderVault
vault = FolderVault(Path(sys.argv[1]) / "vault")
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
for link in (False, True):
    try:
        with vault.deposit_file(Path(sys.argv[1]) / "big", link=link) as deposit:
            print("linked" if link else "copied")
    except Unavailable as error:
        print(error)
try:
    with vault.deposit_bytes(b"x" * (1 << 21), "x"):
        print("written")
except Unavailable as error:
    print(error)
with vault.deposit_bytes(b"small", "x") as deposit:
    deposit.keep()
"""

SMALL_CATALOGUE = """
import resource, sys
from offair.model.errors import Unavailable
from offair.model.recording import Channel
from offair.store.catalogue import SqlCatalogue
catalogue = SqlCatalogue(sys.argv[1])
with catalogue.transaction() as tx:
    tx.ensure_channel(Channel("before"))
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, 1 << 19))
try:
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel("x" * (1 << 21)))
    print("written")
except Unavailable as error:
    print(error)
"""


def run(script: str, argument: Path | str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(argument)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


def names(catalogue: SqlCatalogue) -> list[str]:
    with catalogue.snapshot() as tx:
        return [one.name for one in tx.channels()]


@pytest.fixture
def catalogue(tmp_path: Path) -> SqlCatalogue:
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    return made


def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"big" * (1 << 20))
    copied, linked, written = run(SMALL_DISK, tmp_path)
    for said, needed in ((copied, "3,145,728"), (written, "2,097,152")):
        assert "no room" in said
        assert f"{needed} bytes are needed" in said
        assert "are free" in said
    assert linked == "linked"
    vault = FolderVault(tmp_path / "vault")
    assert vault.unkept() == []
    assert len(list(vault.objects())) == 1
    assert list((tmp_path / "vault" / "incoming").iterdir()) == []


def test_a_file_larger_than_the_free_room_is_refused_before_it_is_copied(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        try:
            file.truncate(1 << 43)
        except OSError as error:
            pytest.skip(f"no sparse files here: {error}")
    vault = FolderVault(tmp_path / "vault")
    with pytest.raises(Unavailable, match="8,796,093,022,208 bytes are needed"):
        vault.deposit_file(tmp_path / "sparse").__enter__()


def test_a_vault_where_no_folder_can_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be used"):
        FolderVault(tmp_path / "file" / "vault")


def test_a_catalogue_that_cannot_grow_says_so_and_keeps_what_it_had(
    catalogue: SqlCatalogue, tmp_path: Path
) -> None:
    (said,) = run(SMALL_CATALOGUE, f"sqlite:///{tmp_path / 'offair.sqlite'}")
    assert "full" in said
    assert names(catalogue) == ["before"]
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel("after"))
    assert names(catalogue) == ["after", "before"]


def test_a_full_database_is_unavailable(tmp_path: Path, catalogue: SqlCatalogue) -> None:
    full = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")

    def no_growth(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    event.listen(full._engine, "connect", no_growth)
    with pytest.raises(Unavailable, match="full"), full.transaction() as tx:
        tx.ensure_channel(Channel("x" * (1 << 20)))
    assert names(catalogue) == []


def test_a_lock_held_too_long_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: SqlCatalogue
) -> None:
    monkeypatch.setattr(module, "BUSY_S", 0.05)
    other = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel("held"))
        with pytest.raises(Unavailable, match="locked"), other.transaction():
            pass
        assert names(other) == [], "reading never waits"
    with other.transaction() as tx:
        tx.ensure_channel(Channel("free"))
    assert names(catalogue) == ["free", "held"]


@pytest.mark.parametrize("offset", [0, 4_096])
def test_a_damaged_catalogue_is_corrupt_and_says_what_to_do(
    tmp_path: Path, catalogue: SqlCatalogue, offset: int
) -> None:
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel("x"))
    catalogue.close()
    path = tmp_path / "offair.sqlite"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * (size - offset))
    with pytest.raises(Corrupt, match="restore it from a backup"):
        names(catalogue)


def test_a_folder_that_is_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be made"):
        SqlCatalogue(f"sqlite:///{tmp_path / 'file' / 'offair.sqlite'}").migrate()
    with pytest.raises(Unavailable, match="cannot be opened"):
        names(SqlCatalogue(f"sqlite:///{tmp_path / 'missing' / 'offair.sqlite'}"))


def test_a_catalogue_without_tables_asks_to_be_migrated(tmp_path: Path) -> None:
    empty = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    assert empty.version() == ""
    assert not (tmp_path / "offair.sqlite").exists(), "looking must not make the file"
    with pytest.raises(Conflict, match="migrate it first"):
        names(empty)


def test_a_forked_child_has_connections_of_its_own(catalogue: SqlCatalogue) -> None:
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel("parent"))
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with catalogue.transaction() as tx:
                tx.ensure_channel(Channel("child"))
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert names(catalogue) == ["child", "parent"]


def test_what_is_committed_is_on_the_disk(catalogue: SqlCatalogue) -> None:
    with catalogue.transaction() as tx:
        asked = {
            name: tx._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    # synchronous 2 is FULL: sqlite.org/pragma.html.
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }
