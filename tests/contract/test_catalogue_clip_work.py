"""What every catalogue does: how clips are worked on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from web_desk import add_harbour, make_desk

from offair.desk import Desk
from offair.model.clip_work import ClauseKind, ClipState, ClipWork, Proof, ProofLink
from offair.model.errors import Conflict, NotFound
from offair.model.time import Span
from offair.store import Transaction

PROOF = Proof(
    0, 1, 1, 4, 9, "a b c", ClauseKind.SAID, (ProofLink(2, 0, 5), ProofLink(3, 1, 2)), True,
    "a source", ("x", "ب"), ("because",), "machine", "ana", "2026-01-01T00:00:00Z", None,
)  # fmt: skip


@pytest.fixture(params=["sqlite"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a broadcast and two clips of it."""
    made = make_desk(tmp_path)
    recording = add_harbour(made)
    with made.catalogue.transaction() as tx:
        for start in (0, 10_000):
            _clip(tx, recording, start)
    yield made
    made.catalogue.close()


def _clip(tx: Transaction, recording: int, start: int) -> int:
    layer = tx.layers(recording)[0].id
    return tx.add_clip(
        recording_id=recording, layer_id=layer, spans=[Span(start, start + 5_000)], turn_ids=[],
        headline=None, summary=[], actor="ana",
    ).id  # fmt: skip


def test_a_clip_nobody_touched_is_to_do_and_a_published_one_published(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        assert tx.clip_work(1) == ClipWork(1)
        tx.take_number(1, "desk")
        tx.add_edition(1, 1, document="{}", objects=[], actor="ana")
        assert tx.clip_work(1) == ClipWork(1, ClipState.PUBLISHED)
        assert [one.clip_id for one in tx.clip_works(state=ClipState.TO_DO)] == [2]
        assert [one.clip_id for one in tx.clip_works(state=ClipState.PUBLISHED)] == [1]
        with pytest.raises(NotFound):
            tx.clip_work(3)


def test_how_a_clip_is_worked_on_is_kept_with_who_changed_it(desk: Desk) -> None:
    work = ClipWork(1, ClipState.READY, "ana", 2, "2026-01-01T00:00:00Z", "why", "ben", "carl")
    with desk.catalogue.transaction() as tx:
        saved = tx.save_clip_work(work, version=1, actor="dora")
        assert saved.changed_by == "dora"
        assert saved.changed_utc
        assert tx.clip_work(1) == saved
        assert replace(saved, changed_by=None, changed_utc=None) == work
        with pytest.raises(Conflict, match="dora"):
            tx.save_clip_work(work, version=1, actor="ben")
        tx.save_clip_work(replace(saved, version=3), version=2, actor="ben")
        assert [one.clip_id for one in tx.clip_works(owner="ana")] == [1]
        assert [one.clip_id for one in tx.clip_works()] == [2, 1]
        assert [one.clip_id for one in tx.clip_works(limit=1)] == [2]
        assert tx.clip_works(before_id=1) == []


def test_queries_are_kept_counted_and_settled_once(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(tx.clip(1).layer_id or 0)[0]
        first = tx.add_clip_query(
            1, turn_id=turn.id, char_start=0, char_end=4, words="Good", at=1_200, text="?",
            actor="ben",
        )  # fmt: skip
        second = tx.add_clip_query(
            1, turn_id=None, char_start=0, char_end=0, words="", at=None, text="!", actor="ben"
        )
        assert tx.clip_queries(1) == [first, second]
        assert tx.open_clip_queries([1, 2]) == {1: 2}
        settled = tx.settle_clip_query(first.id, answer="yes", actor="ana")
        assert (settled.answer, settled.settled_by) == ("yes", "ana")
        assert tx.clip_queries(1)[0] == settled
        assert tx.open_clip_queries([1, 2]) == {1: 1}
        with pytest.raises(Conflict, match="ana"):
            tx.settle_clip_query(first.id, answer="no", actor="ben")
        with pytest.raises(NotFound):
            tx.settle_clip_query(99, answer="no", actor="ben")
        with pytest.raises(NotFound):
            tx.add_clip_query(
                9, turn_id=None, char_start=0, char_end=0, words="", at=None, text="!", actor="b"
            )


def test_proofs_come_back_as_given_and_in_order(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        headline = replace(PROOF, part=0, kind=ClauseKind.UNSUPPORTED, links=(), passed="so")
        first, second = tx.set_clip_proofs(1, [PROOF, headline])
        assert replace(first, id=0) == headline
        assert replace(second, id=0) == PROOF
        assert tx.set_clip_proofs(2, []) == []
        changed = replace(second, kind=ClauseKind.BACKGROUND)
        assert tx.set_clip_proofs(1, [changed]) == [changed]
        with pytest.raises(NotFound):
            tx.set_clip_proofs(9, [PROOF])


def test_a_draft_is_written_anew(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        layer = tx.layers(1)[1].id
        found = tx.change_clip(
            1, layer_id=layer, spans=[Span(5, 6), Span(7, 9)], turn_ids=[], headline="H",
            summary=["a", "b"],
        )  # fmt: skip
        assert (found.layer_id, found.spans) == (layer, (Span(5, 6), Span(7, 9)))
        assert (found.headline, found.summary) == ("H", ("a", "b"))
        assert tx.clip(1) == found
        assert [one.id for one in tx.clips_of([1, 99])] == [2, 1]
        with pytest.raises(NotFound):
            tx.change_clip(9, layer_id=None, spans=[], turn_ids=[], headline=None, summary=[])


def test_what_took_a_turns_place_is_known(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(tx.clip(1).layer_id or 0)[0]
        assert tx.taken_over(turn.id) is None
        new = tx.revise_turn(
            turn.id, text="Good.", words=turn.words.of([]), sentences=[(0, 5)], actor="ana"
        )
        before, after = tx.taken_over(turn.id) or ((), ())
        assert [one.id for one in before] == [turn.id]
        assert [one.id for one in after] == [new.id]
        with pytest.raises(NotFound):
            tx.taken_over(10_000)
