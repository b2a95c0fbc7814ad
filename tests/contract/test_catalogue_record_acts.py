"""What every catalogue does with acts on published records: kept in order, and who ended one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_desk import add_harbour, make_desk

from offair.desk import Desk
from offair.model.clip_work import EditionAct
from offair.model.errors import NotFound
from offair.model.time import Span


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    recording = add_harbour(made)
    with made.catalogue.transaction() as tx:
        for _ in range(2):
            tx.add_clip(
                recording_id=recording, layer_id=tx.layers(recording)[0].id,
                spans=[Span(0, 5_000)], turn_ids=[], headline=None, summary=[], actor="ana",
            )  # fmt: skip
    yield made
    made.catalogue.close()


def test_acts_are_kept_oldest_first_and_each_for_its_own_clip(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        first = tx.add_record_act(1, 1, EditionAct.PUBLISH, actor="ana")
        second = tx.add_record_act(
            1, 2, EditionAct.CORRECT, actor="ben", note="A name", said="Khazal", says="Khazali"
        )
        other = tx.add_record_act(2, 1, EditionAct.PUBLISH, actor="ana")
        assert tx.record_acts(1) == [first, second]
        assert tx.record_acts(2) == [other]
        assert (second.said, second.says, second.note) == ("Khazal", "Khazali", "A name")
        with pytest.raises(NotFound):
            tx.add_record_act(3, 1, EditionAct.PUBLISH, actor="ana")
        assert tx.record_acts(3) == []


def test_a_removal_ends_a_record_whatever_came_before_or_after(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        tx.add_record_act(1, 1, EditionAct.PUBLISH, actor="ana")
        assert tx.ended_by(1) is None
        withdrawn = tx.add_record_act(1, 1, EditionAct.WITHDRAW, actor="ben", note="why")
        assert tx.ended_by(1) == withdrawn
        removed = tx.add_record_act(
            1, 1, EditionAct.REMOVE, actor="carl", ground="an order", erased=True
        )
        tx.add_record_act(1, 1, EditionAct.WITHDRAW, actor="ben", note="again")
        assert tx.ended_by(1) == removed
        assert (removed.ground, removed.erased) == ("an order", True)
        assert tx.ended_by(2) is None
