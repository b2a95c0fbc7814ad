"""What every catalogue does with the log: lines are appended with what they tell, and stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from offair.model.errors import BadInput
from offair.store.catalogue import SqlCatalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[SqlCatalogue]:
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def test_lines_are_read_newest_first_by_what_they_are_about(catalogue: SqlCatalogue) -> None:
    with catalogue.transaction() as tx:
        first = tx.note_act("rana", "publish", "clip", 3, edition=1, override=None)
        second = tx.note_act("omar", "log_in")
        third = tx.note_act("rana", "withdraw", "clip", 3, reason="wrong day")
    with catalogue.snapshot() as tx:
        assert list(tx.acts()) == [third, second, first]
        assert list(tx.acts(kind="clip", subject=3)) == [third, first]
        assert list(tx.acts(actor="omar")) == [second]
        assert list(tx.acts(before_id=third.id, limit=1)) == [second]
        assert tx.acts()[2].detail == {"edition": 1, "override": None}


def test_a_line_names_who_did_what(catalogue: SqlCatalogue) -> None:
    with catalogue.transaction() as tx:
        for actor, verb in (("", "publish"), ("rana", " ")):
            with pytest.raises(BadInput, match="names who did what"):
                tx.note_act(actor, verb)


def test_what_is_not_committed_is_not_in_the_log(catalogue: SqlCatalogue) -> None:
    def fail() -> None:
        with catalogue.transaction() as tx:
            tx.note_act("rana", "publish", "clip", 3)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with catalogue.snapshot() as tx:
        assert list(tx.acts()) == []


def test_the_database_refuses_to_change_the_log(catalogue: SqlCatalogue, tmp_path: Path) -> None:
    with catalogue.transaction() as tx:
        tx.note_act("rana", "publish", "clip", 3)
    with closing(sqlite3.connect(tmp_path / "offair.sqlite")) as connection:
        for statement in ("UPDATE act SET actor = 'omar'", "DELETE FROM act"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                connection.execute(statement)
