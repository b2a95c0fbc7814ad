"""Prepared statements of the catalogue: the same rows as the engine's own, and the same errors."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select

from offair.model.errors import Corrupt, Unavailable
from offair.model.recording import Channel
from offair.model.transcript import SpeakerKind
from offair.store.catalogue import SqlCatalogue, tables
from offair.store.catalogue.prepared import IDS, Prepared
from offair.store.catalogue.rows import PAGE, spoken_errors

_P = tables.speaker.c
BY_ID = select(tables.speaker).where(_P.id.in_(bindparam(IDS, expanding=True))).order_by(_P.id)
NAMED = select(_P.id, _P.withheld).where(
    _P.name == bindparam("name"), _P.kind == SpeakerKind.PERSON.value
)


@pytest.fixture
def catalogue(tmp_path: Path) -> SqlCatalogue:
    """A catalogue that knows seven persons, every third withheld."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    with made.transaction() as tx:
        for number in range(7):
            tx._insert(
                tables.speaker,
                {
                    "name": f"Speaker {number}",
                    "kind": SpeakerKind.PERSON.value,
                    "recording_id": None,
                    "withheld": number % 3 == 0,
                },
            )
    return made


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 7, PAGE + 1])
def test_rows_are_those_of_the_engine(catalogue: SqlCatalogue, count: int) -> None:
    statement = Prepared(BY_ID, by_ids=True)
    ids = list(range(1, count + 1))
    with catalogue.snapshot() as tx:
        for _ in range(2):
            found = list(tx._read_by_ids(statement, [*ids, *ids]))
            expected = tx._run(BY_ID, {IDS: ids}).all()
            assert [tuple(one) for one in found] == [tuple(one) for one in expected]
            assert [one.name for one in found] == [one.name for one in expected]
            assert {type(one.withheld) for one in found} <= {bool}


def test_values_by_name_and_in_the_statement_itself(catalogue: SqlCatalogue) -> None:
    statement = Prepared(NAMED)
    with catalogue.snapshot() as tx:
        assert [tuple(one) for one in tx._read(statement, name="Speaker 3")] == [(4, True)]
        assert tx._read(statement, name="Nobody' OR 1") == []


def test_what_was_just_written_is_read(catalogue: SqlCatalogue) -> None:
    with catalogue.transaction() as tx:
        known = tx.last_change(), tx.names_change()
        made = tx.ensure_channel(Channel("Harbour One"))
        assert made.id
        tx._note_change("layer", 1)
        assert (tx.last_change(), tx.names_change()) == (known[0] + 1, known[1])
    with catalogue.snapshot() as tx:
        assert tx.last_change() == known[0] + 1


def test_a_snapshot_writes_nothing_after_a_transaction_did(catalogue: SqlCatalogue) -> None:
    for _ in range(2):
        with catalogue.transaction() as tx:
            tx.ensure_channel(Channel("Harbour Two"))
        with catalogue.snapshot() as tx, pytest.raises(Unavailable):
            tx._insert(tables.counter, {"name": "x", "value": 1})


def test_errors_of_the_driver_are_sentences() -> None:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    with (
        pytest.raises(Corrupt, match=r"the catalogue x\.sqlite is damaged"),
        spoken_errors("x.sqlite"),
    ):
        raise error
