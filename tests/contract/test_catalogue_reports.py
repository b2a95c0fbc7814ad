"""What every catalogue does with shared reports: kept as they stand, found by key, and ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offair.model.errors import Conflict, NotFound
from offair.store.catalogue import SqlCatalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[SqlCatalogue]:
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def test_a_report_is_kept_and_listed_without_its_document(catalogue: SqlCatalogue) -> None:
    with catalogue.transaction() as tx:
        first = tx.add_shared_report("a" * 32, "One", '"recording_id": 7,\n', actor="rana")
        second = tx.add_shared_report("b" * 32, "Two", '"recording_id": 77,\n', actor="omar")
    with catalogue.snapshot() as tx:
        assert tx.shared_report("a" * 32) == first
        assert [(one.id, one.document) for one in tx.shared_reports()] == [
            (second.id, ""), (first.id, ""),
        ]  # fmt: skip
        assert [one.id for one in tx.shared_reports(before_id=second.id)] == [first.id]
        assert len(tx.shared_reports(limit=1)) == 1
        with pytest.raises(NotFound, match="no report"):
            tx.shared_report("c" * 32)
    with catalogue.transaction() as tx, pytest.raises(Conflict):
        tx.add_shared_report("a" * 32, "Again", "{}", actor="rana")


def test_reports_that_rest_on_a_recording_are_found_until_they_are_ended(
    catalogue: SqlCatalogue,
) -> None:
    with catalogue.transaction() as tx:
        tx.add_shared_report("a" * 32, "One", '{"recording_id": 7,\n', actor="rana")
        tx.add_shared_report("b" * 32, "Two", '{"printed": "\\"recording_id\\": 7,"}', actor="rana")
        tx.add_shared_report("c" * 32, "%", '{"recording_id": 70,\n', actor="rana")
    with catalogue.transaction() as tx:
        assert [one.title for one in tx.shared_reports_on(7)] == ["One"]
        ended = tx.end_shared_report("a" * 32)
        assert ended.ended_utc
        assert tx.end_shared_report("a" * 32) == ended
        assert not tx.shared_reports_on(7)
        with pytest.raises(NotFound):
            tx.end_shared_report("d" * 32)
