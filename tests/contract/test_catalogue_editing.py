"""What every catalogue does with turns that are split, merged and taken back, in any order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.names import Hearing
from offair.model.recording import Channel, Held
from offair.model.revising import Revision, RevisionKind
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Flag,
    FlagKind,
    Layer,
    LayerKind,
    LayerOrigin,
    Mark,
    MarkKind,
    Speaker,
    Turn,
)
from offair.model.words import TimeSource, Word, Words
from offair.store import Catalogue, Transaction
from offair.store.catalogue import SqlCatalogue, SqlTransaction
from offair.store.catalogue.hearings import heard_words
from offair.store.catalogue.layers import word_ranges
from offair.text.divided import cut_ranges, merge, split
from offair.text.sentences import sentences


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def a_layer(tx: Transaction, texts: list[str], run: int = 1) -> Layer:
    known = tx.recordings()
    about = known[0].id if known else tx.add_recording(
        channel=Channel("Channel 7"), aired=None, title="News", held=Held.NEVER_HELD,
        object=None, media=None, actor="rana",
    ).id  # fmt: skip
    turns = []
    for place, text in enumerate(texts):
        words, at = [], 0
        for number, word in enumerate(text.split()):
            start = place * 10_000 + number * 100
            words.append(Word(at, at + len(word), start, start + 80, TimeSource.ENGINE, 0.5, 1))
            at += len(word) + 1
        marks = (Mark(MarkKind.CLOCK, 0, 0, "10:00", "time"),) if place == 0 else ()
        span = Span(place * 10_000, place * 10_000 + 9_000)
        turns.append(Turn(0, 0, text, Words.of(words), span, f"SPEAKER_0{place}", marks))
    return tx.add_layer(
        recording_id=about, kind=LayerKind.SPEECH, language="en", origin=LayerOrigin.ENGINE,
        maker="whisper", run=run, turns=turns, sentences=[sentences(one, "en") for one in texts],
    )  # fmt: skip


def divide(tx: Transaction, turn: Turn, at: int, actor: str = "rana") -> Revision:
    ranges = [(one.char_start, one.char_end) for one in tx.sentences([turn.id])]
    return tx.replace_turns(
        [turn.id], split(turn, at), cut_ranges(ranges, turn.text, at), kind=RevisionKind.SPLIT,
        actor=actor,
    )  # fmt: skip


def join(tx: Transaction, one: Turn, two: Turn, actor: str = "rana") -> Revision:
    shift = len(one.text) + 1
    ranges = [(s.char_start, s.char_end) for s in tx.sentences([one.id])]
    ranges += [(s.char_start + shift, s.char_end + shift) for s in tx.sentences([two.id])]
    return tx.replace_turns(
        [one.id, two.id], [merge(one, two)], [ranges], kind=RevisionKind.MERGE, actor=actor
    )


def write(tx: Transaction, turn: Turn, text: str, actor: str = "rana") -> Revision:
    made = replace(turn, text=text, words=Words())
    return tx.replace_turns(
        [turn.id], [made], [sentences(text, "en")], kind=RevisionKind.EDIT, actor=actor,
        reason="heard",
    )  # fmt: skip


State = list[tuple[object, ...]]


def state(tx: Transaction, layer: Layer) -> State:
    """Everything of the standing turns but their ids and who made them."""
    turns = tx.turns(layer.id)
    spoken = tx.attributions([one.id for one in turns])
    heard = tx.hearings([one.id for one in turns])
    return [
        (
            one.ordinal, one.text, one.words.pack(), one.span, one.label, one.marks,
            [(s.id, s.char_start, s.char_end) for s in tx.sentences([one.id])],
            (lambda a: a and (a.voice, a.confirmed_by))(spoken.get(one.id)),
            heard_words(word_ranges(one.text, one.words), heard.get(one.id, ())),
        )
        for one in turns
    ]  # fmt: skip


def test_a_split_and_its_way_back(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        layer = a_layer(tx, ["One two. Three four.", "Five."])
        first, second = tx.turns(layer.id)
        tx.add_attributions([Attribution(first.id, Speaker("Ada"), None, "Ada", None, "e", "e")])
        tx.add_hearings([Hearing(first.id, 0, 8, "rana", "2026-01-01T00:00:00Z")])
        before = state(tx, layer)
        ids = [one.id for one in tx.sentences([first.id])]
        made = divide(tx, first, 9)
        turns = tx.turns(layer.id)
        assert [one.text for one in turns] == ["One two.", "Three four.", "Five."]
        assert [one.ordinal for one in turns] == [0, 1, 2]
        assert [s.id for one in turns[:2] for s in tx.sentences([one.id])] == ids
        assert {one.voice.name for one in tx.attributions(
            [t.id for t in turns]).values() if one.voice} == {"Ada"}  # fmt: skip
        assert list(tx.hearings([one.id for one in turns])) == [turns[0].id]
        assert turns[2].id == second.id
        assert [one.id for one in tx.turns_around(first.id, before=0, after=1)] == [
            turns[0].id, turns[1].id,
        ]  # fmt: skip
        assert tx.words_by(layer.id, [one.id for one in turns]) == {}
        back = tx.revert_revision(made.id, actor="ada", reason="one voice")
        assert state(tx, layer) == before
        assert (back.kind, back.undoes, back.reason) == (RevisionKind.REVERT, made.id, "one voice")
        assert not tx.revision(made.id).standing
        again = tx.revert_revision(back.id, actor="rana")
        assert [one.text for one in again.after] == ["One two.", "Three four."]
        assert len(tx.revisions(layer.id)) == 3


def test_an_edit_is_taken_back_to_the_byte_and_its_doubts_are_open_again(
    catalogue: Catalogue,
) -> None:
    with catalogue.transaction() as tx:
        layer = a_layer(tx, ["One two. Three four."])
        (turn,) = tx.turns(layer.id)
        doubted = tx.sentences([turn.id])[1].id
        tx.add_flags(
            layer.id, [Flag(FlagKind.MEANING_DIFFERS, None, "it may differ", sentence_id=doubted)]
        )
        before = state(tx, layer)
        made = write(tx, turn, "One two. Three fair.")
        assert [one.settled_by for one in tx.flags(layer.id)] == ["rana"]
        assert tx.words_by(layer.id, [made.after[0].id]) == {made.after[0].id: "rana"}
        named = Attribution(made.after[0].id, Speaker("Ada"), None, "Ada", None, "x", "x")
        tx.add_attributions([named])
        back = tx.revert_revision(made.id, actor="rana")
        assert [one[:7] for one in state(tx, layer)] == [one[:7] for one in before]
        assert [one.settled_by for one in tx.flags(layer.id)] == [None]
        given = tx.attributions([back.after[0].id])[back.after[0].id]
        assert given.voice is not None
        assert given.voice.name == "Ada"
        assert tx.words_by(layer.id, [back.after[0].id]) == {}
        for missing in (999, 2**40):
            with pytest.raises(NotFound, match="no revision"):
                tx.revision(missing)


def test_what_stands_in_the_way_of_a_revert(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        layer = a_layer(tx, ["One two.", "Three."])
        one, two = tx.turns(layer.id)
        first = write(tx, one, "One too.")
        second = write(tx, first.after[0], "Won too.", "ada")
        assert not tx.revision(first.id).standing
        with pytest.raises(Conflict, match="changed since"):
            tx.revert_revision(first.id, actor="rana")
        assert tx.newest_of(layer.id, "rana") is None
        tx.revert_revision(second.id, actor="ada")
        found = tx.newest_of(layer.id, "rana")
        assert found is not None
        assert (found.id, found.standing) == (first.id, True)
        tx.revert_revision(first.id, actor="rana")
        assert [t.text for t in tx.turns(layer.id)] == ["One two.", "Three."]
        with pytest.raises(Conflict, match=r"revised by rana"):
            write(tx, one, "Late.")
        with pytest.raises(BadInput, match="side by side"):
            tx.replace_turns(
                [two.id, tx.turns(layer.id)[0].id], [two], [[]], kind=RevisionKind.MERGE,
                actor="rana",
            )  # fmt: skip
        with pytest.raises(NotFound, match="has no turn"):
            tx.revisions(a_layer(tx, ["Other."], run=2).id, turn_id=two.id)


def test_the_history_of_a_turn_goes_through_splits_and_merges(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        layer = a_layer(tx, ["One two.", "Three.", "Four."])
        one, two, three = tx.turns(layer.id)
        a = divide(tx, one, 4)
        b = write(tx, a.after[1], "too.")
        c = join(tx, b.after[0], two, "ada")
        other = write(tx, three, "For.")
        chain = [c.id, b.id, a.id]
        for turn in (one, two, a.after[1], c.after[0]):
            assert [r.id for r in tx.revisions(layer.id, turn_id=turn.id)][-3:] == chain
        assert [r.id for r in tx.revisions(layer.id)] == [other.id, *chain]
        assert [r.id for r in tx.revisions(layer.id, before_id=c.id, limit=1)] == [b.id]
        read = tx.revision(c.id)
        assert [t.text for t in read.before] == ["too.", "Three."]
        assert (read.made_by, read.after[0].text) == ("ada", "too. Three.")
        assert tx.words_by(layer.id, [read.after[0].id]) == {read.after[0].id: "rana"}
        assert tx.turn_layer(one.id) == layer


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["split", "merge", "edit", "undo", "hear"]),
        st.integers(0, 5), st.integers(1, 30),
    ), max_size=10,
)  # fmt: skip


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_any_row_of_acts_keeps_the_layer_whole_and_can_be_taken_back(
    catalogue: Catalogue, acts: list[tuple[str, int, int]]
) -> None:
    with catalogue.transaction() as tx:
        known = tx.recordings()
        run = 1 + max((one.run for one in tx.layers(known[0].id)), default=0) if known else 1
        layer = a_layer(tx, ["One two. Three four.", "لا نعم. 船 はい。", "Five."], run=run)
        past: list[tuple[int, State]] = []
        for act, place, at in acts:
            turns = tx.turns(layer.id)
            turn = turns[place % len(turns)]
            if act == "hear":
                tx.add_hearings([Hearing(turn.id, 0, len(turn.text), "rana", "2026-01-01")])
                past.clear()
                continue
            was = state(tx, layer)
            done = None
            try:
                if act == "split":
                    done = divide(tx, turn, at)
                elif act == "merge" and turn is not turns[-1]:
                    done = join(tx, turn, turns[turn.ordinal + 1])
                elif act == "edit":
                    done = write(tx, turn, f"{turn.text} More {at}.")
            except BadInput:
                continue
            if act == "undo" and past:
                number, before = past.pop()
                tx.revert_revision(number, actor="rana")
                assert state(tx, layer) == before
            elif done is not None:
                past.append((done.id, was))
            now = tx.turns(layer.id)
            assert [one.ordinal for one in now] == list(range(len(now)))
            assert tx.turns(layer.id, offset=1, limit=1) == now[1:2]
            ids = [s.id for s in tx.sentences([one.id for one in now])]
            assert len(ids) == len(set(ids))
        for number, before in reversed(past):
            newest = tx.newest_of(layer.id, "rana")
            assert newest is not None
            assert newest.id == number
            tx.revert_revision(number, actor="rana")
            assert state(tx, layer) == before
        assert isinstance(tx, SqlTransaction)
        row = tx._connection.exec_driver_sql(
            f"SELECT words, heard_words FROM layer WHERE id = {layer.id}"
        ).one()
        assert row[0] == sum(len(t.words) or len(t.text.split()) for t in tx.turns(layer.id))
        assert 0 <= row[1] <= row[0]
