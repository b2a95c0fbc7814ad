"""What every catalogue does with a person's work: it is counted, and told in the change table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offair.model.errors import Conflict, NotFound
from offair.model.names import Hearing
from offair.model.recording import Channel, Held, Recording
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Flag,
    FlagKind,
    Layer,
    LayerKind,
    LayerOrigin,
    Speaker,
    SpeakerKind,
    Turn,
)
from offair.model.words import Words
from offair.store import Catalogue, Transaction
from offair.store.catalogue import SqlCatalogue


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def recording(tx: Transaction) -> Recording:
    return tx.add_recording(
        channel=Channel("Seven"), aired=None, title="News", held=Held.NEVER_HELD, object=None,
        media=None, actor="rana",
    )  # fmt: skip


def add_layer(tx: Transaction, of: Recording, run: int = 1, label: str | None = None) -> Layer:
    return tx.add_layer(
        recording_id=of.id, kind=LayerKind.CAPTIONS, language="en",
        origin=LayerOrigin.BROADCASTER, maker="captions", run=run,
        turns=[Turn(0, 0, text, Words(), None, label) for text in ("One two.", "Three.")],
        sentences=[[(0, 8)], [(0, 6)]],
    )  # fmt: skip


def told(tx: Transaction, after: int) -> list[tuple[str, int]]:
    return [(kind, subject) for _, kind, subject in tx.changes(after)]


def test_settling_and_hearing_are_told(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        first, second = (add_layer(tx, about, run) for run in (1, 2))
        tx.add_flags(first.id, [Flag(FlagKind.REPEATED, Span(0, 5), "said again")])
        before = tx.last_change()
        tx.settle_flag(tx.flags(first.id)[0].id, actor="rana")
        assert told(tx, before) == [("layer", first.id)]
        before = tx.last_change()
        one, two = tx.turns(second.id)
        tx.add_hearings([Hearing(turn.id, 0, 3, "ana", "2026-01-01T00:00:00Z")
                         for turn in (one, two)])  # fmt: skip
        assert told(tx, before) == [("layer", second.id)]
        before = tx.last_change()
        with pytest.raises(NotFound):
            tx.settle_flag(99, actor="rana")
        assert told(tx, before) == []


def test_words_that_a_person_heard_are_a_persons_work(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        layer = add_layer(tx, recording(tx))
        assert not tx.people_worked(layer.id)
        turn = tx.turns(layer.id)[0]
        tx.add_hearings([Hearing(turn.id, 0, 3, "ana", "2026-01-01T00:00:00Z")])
        assert tx.people_worked(layer.id)


def test_a_speaker_is_withheld_and_lifted_with_who_when_and_why(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        named, labelled, other = (
            add_layer(tx, about, run, label)
            for run, label in ((1, None), (2, "ANA  LEE"), (3, "X"))
        )
        turn = tx.turns(named.id)[0]
        given = Attribution(turn.id, Speaker("Ana Lee"), None, None, None, "bo")
        tx.add_attributions([given])
        (ana,) = tx.speakers(about.id)
        assert (tx.withheld(about.id), tx.withholdings()) == ([], [])
        before = tx.last_change()
        act = tx.withhold(ana.id or 0, withheld=True, why="asked", actor="bo")
        assert (act.speaker.withheld, act.withheld, act.why, act.made_by) == (
            True, True, "asked", "bo",
        )  # fmt: skip
        assert told(tx, before) == [("layer", named.id), ("layer", labelled.id)]
        assert tx.withheld(about.id) == [act.speaker]
        assert tx.persons() == []
        voices = [
            one.voice for one in tx.attributions(
                [turn.id for layer in (labelled, other) for turn in tx.turns(layer.id)]
            ).values()
        ]  # fmt: skip
        assert voices == [act.speaker] * 2
        with pytest.raises(Conflict, match="withheld already"):
            tx.withhold(ana.id or 0, withheld=True, why="again", actor="bo")
        with pytest.raises(NotFound, match="speaker 99"):
            tx.withhold(99, withheld=True, why="asked", actor="bo")
        lifted = tx.withhold(ana.id or 0, withheld=False, why="agreed", actor="eve")
        assert [one.why for one in tx.withholdings(ana.id)] == ["asked", "agreed"]
        assert (lifted.speaker.withheld, lifted.made_by) == (False, "eve")
        assert tx.withheld(about.id) == []
        with pytest.raises(Conflict, match="not withheld"):
            tx.withhold(ana.id or 0, withheld=False, why="again", actor="bo")


def test_who_is_withheld_stays_so_in_texts_that_come_later(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about, elsewhere = recording(tx), recording(tx)
        turns = tx.turns(add_layer(tx, about).id)
        role = Speaker("Source", SpeakerKind.ROLE)
        tx.add_attributions([
            Attribution(turn.id, speaker, None, None, None, "bo")
            for turn, speaker in zip(turns, (Speaker("Ana Lee"), role), strict=True)
        ])  # fmt: skip
        for one in tx.speakers(about.id):
            tx.withhold(one.id or 0, withheld=True, why="asked", actor="bo")
        assert [one.name for one in tx.withheld(about.id)] == ["Ana Lee", "Source"]
        assert [one.name for one in tx.withheld(elsewhere.id)] == ["Ana Lee"]
        for of, label, hidden in (
            (elsewhere, "ANA LEE", True), (elsewhere, "Source", False), (about, "source", True),
        ):  # fmt: skip
            later = tx.turns(add_layer(tx, of, 2 + len(tx.layers(of.id)), label).id)
            known = tx.attributions([turn.id for turn in later])
            assert [one.voice is not None and one.voice.withheld for one in known.values()] == (
                [True, True] if hidden else []
            )
        again = tx.turns(add_layer(tx, elsewhere, 9).id)[0]
        tx.add_attributions([Attribution(again.id, Speaker("ANA Lee"), None, None, None, "bo")])
        voice = tx.attributions([again.id])[again.id].voice
        assert voice is not None
        assert voice.withheld
