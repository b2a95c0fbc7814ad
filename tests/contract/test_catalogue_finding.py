"""What every catalogue does: what finding and checking read of it, hearings, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import ClauseElement, event
from sqlalchemy.dialects import postgresql, sqlite

from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.names import Hearing, Match, Name, NameKind
from offair.model.recording import Channel, Gap, Held, MediaFacts, Recording
from offair.model.time import PartialDate, Span
from offair.model.transcript import (
    Activity,
    Attribution,
    Chunk,
    Claim,
    Engine,
    Heard,
    Layer,
    LayerKind,
    LayerOrigin,
    Speaker,
    Turn,
)
from offair.model.words import Word, Words
from offair.store import Catalogue, Transaction
from offair.store.catalogue import SqlCatalogue
from offair.store.catalogue.hearings import heard_words, kept_words

HOUR = 3_600_000


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def recording(
    tx: Transaction,
    channel: str = "Seven",
    aired: str | None = "2021-06-01",
    hours: int | None = 1,
    gaps: Sequence[Gap] = (),
    held: Held = Held.HELD,
) -> Recording:
    return tx.add_recording(
        channel=Channel(channel), aired=None if aired is None else PartialDate.parse(aired),
        title="News", held=held, object=None, actor="rana", gaps=gaps,
        media=None if hours is None else MediaFacts("mp4", hours * HOUR, 0, (), True),
    )  # fmt: skip


def words_of(text: str) -> Words:
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append(Word(at, at + len(word)))
        at += len(word)
    return Words.of(found)


def add_layer(
    tx: Transaction,
    about: Recording,
    texts: Sequence[str] = ("We will not raise taxes.", "Thank you."),
    kind: LayerKind = LayerKind.SPEECH,
    origin: LayerOrigin = LayerOrigin.ENGINE,
    run: int = 1,
    language: str = "en",
) -> Layer:
    return tx.add_layer(
        recording_id=about.id, kind=kind, language=language, origin=origin, maker="m", run=run,
        turns=[Turn(0, 0, one, words_of(one), None) for one in texts],
        sentences=[[(0, len(one))] for one in texts],
    )  # fmt: skip


def revise(tx: Transaction, turn: Turn, text: str) -> Turn:
    return tx.revise_turn(
        turn.id, text=text, words=words_of(text), sentences=[(0, len(text))], actor="ana"
    )


def hearing(turn: Turn, start: int, end: int, by: str = "ana") -> Hearing:
    return Hearing(turn.id, start, end, by, "2024-01-01T10:00:00Z")


def test_things_by_id_leave_out_what_is_not_there(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        first = recording(tx, gaps=[Gap(Span(0, 9), "late")])
        second = recording(tx, "Eight", None)
        layers = [add_layer(tx, first), add_layer(tx, second)]
    with catalogue.snapshot() as tx:
        assert tx.recordings_by_id([second.id, 99, first.id, second.id]) == {
            first.id: first,
            second.id: second,
        }
        assert tx.layers_by_id([layers[1].id, 77]) == {layers[1].id: layers[1]}
        assert (tx.recordings_by_id([]), tx.layers_by_id([])) == ({}, {})
        hostile = range(-5, 70_000)
        assert len(tx.recordings_by_id(hostile)) == len(tx.layers_by_id(hostile)) == 2
        assert tx.hearings(hostile) == {}
        with pytest.raises(BadInput, match="64 bits"):
            tx.layers_by_id([1 << 70])


def test_layers_are_known_a_page_at_a_time(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        ids = [add_layer(tx, about, run=run).id for run in (1, 2, 3)]
        assert list(tx.layers_known()) == ids
        assert list(tx.layers_known(limit=2)) == ids[:2]
        assert list(tx.layers_known(ids[1])) == ids[2:]
        assert list(tx.layers_known(ids[2])) == []


def test_turns_around_stand_now(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        layer = add_layer(tx, about, ["A.", "B.", "C.", "D.", "E."])
        add_layer(tx, about, ["X.", "Y."], run=2)
        turns = tx.turns(layer.id)
        new = revise(tx, turns[2], "See.")
        for asked in (turns[2].id, new.id):
            around = tx.turns_around(asked, before=1, after=2)
            assert [one.text for one in around] == ["B.", "See.", "D.", "E."]
        assert around[1] == new
        ends = [tx.turns_around(turns[at].id, before=9, after=0) for at in (0, 4)]
        assert [[one.text for one in end] for end in ends] == [
            ["A."],
            ["A.", "B.", "See.", "D.", "E."],
        ]
        with pytest.raises(NotFound, match="no turn 999"):
            tx.turns_around(999, before=1, after=1)


def test_turns_asked_twice_come_twice(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        first, second = tx.turns(add_layer(tx, recording(tx)).id)
        assert tx.turns_by_id([second.id, first.id, second.id]) == [second, first, second]


def test_attributions_change_each_layer_once(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        assert tx.last_change() == 0
        about = recording(tx)
        layers = [add_layer(tx, about, run=run) for run in (1, 2, 3)]
        before = tx.last_change()
        assert before == tx.changes()[-1][0]
        turns = [*tx.turns(layers[2].id), *tx.turns(layers[0].id)]
        named = Speaker("Ada Finch")
        tx.add_attributions([Attribution(one.id, named, None, None, None, "ana") for one in turns])
        changes = tx.changes(before)
        assert [one[1:] for one in changes] == [("layer", layers[0].id), ("layer", layers[2].id)]
        assert tx.last_change() == changes[-1][0]
        tx.add_attributions([])
        assert tx.last_change() == changes[-1][0]


def test_who_is_withheld_is_told_with_the_mark(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        (turn, _) = tx.turns(add_layer(tx, recording(tx)).id)
        hidden = Speaker("Source One", withheld=True)
        tx.add_attributions([Attribution(turn.id, hidden, None, None, None, "ana")])
        voice = tx.attributions([turn.id])[turn.id].voice
        assert voice is not None
        assert (voice.withheld, voice.id is None) == (True, False)


def test_what_was_heard_comes_back_by_start(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        first, second = tx.turns(add_layer(tx, recording(tx)).id)
        given = [hearing(first, 8, 17), hearing(first, 0, 7, "ben"), hearing(second, 0, 10)]
        tx.add_hearings(given)
        tx.add_hearings(given)
        tx.add_hearings([])
        assert tx.hearings([first.id, second.id, 99]) == {
            first.id: [given[1], given[0]],
            second.id: [given[2]],
        }


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (4, 4), (5, 4), (0, 25)])
def test_a_hearing_fits_its_turn(catalogue: Catalogue, start: int, end: int) -> None:
    with catalogue.transaction() as tx:
        first, second = tx.turns(add_layer(tx, recording(tx)).id)
        with pytest.raises(BadInput, match="cannot have been heard"):
            tx.add_hearings([hearing(second, 0, 5), hearing(first, start, end)])
        assert tx.hearings([first.id, second.id]) == {}


def test_a_turn_revised_meanwhile_cannot_be_heard(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        (turn, _) = tx.turns(add_layer(tx, recording(tx)).id)
        revise(tx, turn, "We will raise taxes.")
        with pytest.raises(Conflict, match="revised meanwhile"):
            tx.add_hearings([hearing(turn, 0, 5)])
        with pytest.raises(NotFound):
            tx.add_hearings([Hearing(999, 0, 1, "ana", "2024-01-01T10:00:00Z")])


def test_a_revision_ends_the_hearing_of_the_words_it_changes(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        (turn, _) = tx.turns(add_layer(tx, recording(tx)).id)
        tx.add_hearings([hearing(turn, 0, 24), hearing(turn, 3, 11, "ben")])
        new = revise(tx, turn, "We must not raise any taxes.")
        heard = {
            (one.heard_by, new.text[one.char_start : one.char_end])
            for one in tx.hearings([new.id])[new.id]
        }
        assert heard == {("ana", "We"), ("ana", "not raise"), ("ana", "taxes."), ("ben", "not")}
        assert tx.coverage()[0].heard_words == 4
        again = revise(tx, new, "Nothing of it is the same.")
        assert tx.hearings([again.id]) == {}
        assert (tx.coverage()[0].heard_words, tx.coverage()[0].words) == (0, 8)


def test_words_kept_by_a_change() -> None:
    old, new = ["a", "b", "c", "d", "e"], ["a", "x", "c", "d", "y", "z", "e"]
    assert [old[at : at + size] for at, _, size in kept_words(old, new)] == [
        ["a"],
        ["c", "d"],
        ["e"],
    ]
    assert kept_words(old, old) == [(0, 0, 5)]
    assert kept_words([], new) == kept_words(old, []) == []
    long = [str(number) for number in range(5_000)]
    changed = ["new", *long[1:-1], "end"]
    assert kept_words(long, changed) == []
    assert kept_words(long, [*long[:-1], "end"]) == [(0, 0, 4_999)]


def test_a_word_heard_by_two_counts_once() -> None:
    turn = Turn(1, 0, "aa bb cc", Words(), None)
    words = [(0, 2), (3, 5), (6, 8)]
    assert heard_words(words, [hearing(turn, 0, 4), hearing(turn, 4, 8), hearing(turn, 0, 5)]) == 3
    assert heard_words(words, [hearing(turn, 1, 5)]) == 1
    assert heard_words(words, []) == 0


def test_coverage_of_nothing_is_nothing(catalogue: Catalogue) -> None:
    with catalogue.snapshot() as tx:
        assert tx.coverage() == ()
        assert tx.coverage(channel="Seven", first_day="2021-01-01") == ()


def test_coverage_sums_what_is_held_transcribed_and_heard(catalogue: Catalogue) -> None:
    engine = Engine("whisper", "base", "r1", {})
    claim = Claim("c" * 64, engine, "d" * 64, HOUR // 4, Heard("a", Words(), "en"))
    with catalogue.transaction() as tx:
        tx.add_claim(claim)
        partly = recording(tx, gaps=[Gap(Span(0, HOUR // 2), "no signal")])
        run = tx.open_run(partly.id, {"beam": 5})
        quarter = HOUR // 4
        heard = Chunk(Span(0, quarter), Activity.SPEECH, 0.9, claim_key=claim.key)
        for chunk in (
            heard,
            heard,
            Chunk(Span(quarter, 2 * quarter), Activity.SILENCE, 0.0, skipped="silence"),
            Chunk(Span(2 * quarter, 3 * quarter), Activity.SPEECH, 0.9, skipped="engine died"),
        ):
            tx.add_chunk(partly.id, run, chunk)
        by_hand = recording(tx, aired="2021-07", hours=2)
        layer = add_layer(tx, by_hand, origin=LayerOrigin.PERSON)
        add_layer(tx, by_hand, ["Too short."])
        add_layer(tx, by_hand, ["A longer translation of it all than the words themselves are."],
                  LayerKind.TRANSLATION, language="fr")  # fmt: skip
        tx.add_hearings([hearing(tx.turns(layer.id)[0], 0, 11)])
        captioned = recording(tx, aired=None, hours=4, held=Held.EXPIRED)
        add_layer(tx, captioned, ["Three short words."], LayerKind.CAPTIONS)
        imported = recording(tx, "Eight", "2020", None, held=Held.NEVER_HELD)
        add_layer(tx, imported, ["Just imported."], origin=LayerOrigin.IMPORT)
    with catalogue.snapshot() as tx:
        eight, seven = tx.coverage()
        assert (eight.channel, eight.recordings, eight.texts, eight.words) == ("Eight", 1, 1, 2)
        assert (eight.held_hours, eight.transcribed_hours, eight.first) == (0, 0, "2020")
        assert (seven.recordings, seven.texts, seven.held_hours) == (3, 0, 3.0)
        assert seven.transcribed_hours == 2.5
        assert (seven.words, seven.heard_words) == (7 + 3, 3)
        assert (seven.first, seven.last) == ("2021-06-01", "2021-07")
        assert (seven.gaps, seven.gap_hours) == (1, 0.5)
        assert tx.coverage(channel="Eight") == (eight,)
        assert [one.recordings for one in tx.coverage(first_day="2021-06-02")] == [1]
        assert [one.recordings for one in tx.coverage(last_day="2021-06-30")] == [1, 1]
        assert [one.recordings for one in tx.coverage(first_day="2020-05-05", last_day="2020-06-01")
                ] == [1]  # fmt: skip
        assert tx.coverage(first_day="2022-01-01") == ()
    with catalogue.transaction() as tx:
        tx.replace_chunks(partly.id, run, [heard])
        assert tx.coverage(channel="Seven")[0].transcribed_hours == 2.25


def test_a_snapshot_tells_the_coverage_that_stands(catalogue: Catalogue) -> None:
    def told() -> tuple[int, int, int]:
        with catalogue.snapshot() as tx:
            (seven,) = tx.coverage()
            assert tx.coverage() == (seven,)
        return seven.recordings, seven.words, seven.heard_words

    with catalogue.transaction() as tx:
        layer = add_layer(tx, recording(tx))
    assert told() == (1, 7, 0)
    with catalogue.transaction() as tx:
        tx.add_hearings([hearing(tx.turns(layer.id)[1], 0, 10)])
    assert told() == (1, 7, 2)
    with catalogue.transaction() as tx:
        revise(tx, tx.turns(layer.id)[1], "Thanks to all of you.")
    assert told() == (1, 10, 1)
    left_uncommitted = catalogue.transaction()
    tx = left_uncommitted.__enter__()
    recording(tx)
    assert tx.coverage()[0].recordings == 2
    assert left_uncommitted.__exit__(Conflict, Conflict("no"), None) is not True
    assert told() == (1, 10, 1)
    with catalogue.transaction() as tx:
        recording(tx)
    assert told() == (2, 10, 1)


def test_every_new_statement_is_postgresql_too(tmp_path: Path) -> None:
    catalogue = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    catalogue.migrate()
    said: list[str] = []

    def compiled(connection: object, statement: object, *rest: object) -> None:
        if isinstance(statement, ClauseElement) and type(statement) is not sqlite.Insert:
            dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
            said.append(str(statement.compile(dialect=dialect)))

    event.listen(catalogue._engine, "before_execute", compiled)
    with catalogue.transaction() as tx:
        layer = add_layer(tx, recording(tx))
        (turn, _) = tx.turns(layer.id)
        tx.add_hearings([hearing(turn, 0, 2)])
        tx.coverage(channel="Seven", first_day="2020-01-01", last_day="2024-01-01")
        revise(tx, turn, "We do.")
        tx.turns_around(turn.id, before=1, after=1)
        tx.recordings_by_id([1])
        tx.layers_by_id([1])
        tx.layers_known()
        tx.last_change()
        tx.save_name(Name(NameKind.PERSON, "Ada"), actor="ana")
        tx.names(kind=NameKind.PERSON)
        watch = tx.add_watch("w", "taxes", owner="ana")
        tx.matches(watch.id)
        tx.remove_watch(watch.id)
    with catalogue.snapshot() as tx:
        tx.coverage()
    catalogue.close()
    assert len(said) > 20


def test_standing_queries_keep_a_sentence_once(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        layer = add_layer(tx, about)
        turn = tx.turns(layer.id)[0]
        sentence = tx.sentences([turn.id])[0]
        first, second = (tx.add_watch(label, "taxes", owner="ana") for label in ("tax", "levy"))
        with pytest.raises(Conflict, match="'tax' is there already"):
            tx.add_watch("tax", "other", owner="ben")
        given = [
            Match(0, watch.id, about.id, layer.id, turn.id, sentence.id, turn.text, "2024-01-01Z")
            for watch in (first, second, first)
        ]
        assert tx.add_matches(given) == 2
        assert tx.add_matches(given) == 0
        (found,) = tx.matches(first.id)
        assert (found.sentence_id, found.text, found.watch_id) == (sentence.id, turn.text, first.id)
        assert tx.matches(first.id, after=found.id) == []
        with pytest.raises(NotFound, match="no standing query 99"):
            tx.matches(99)


def test_a_removed_query_keeps_its_matches_and_frees_its_label(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        old = tx.add_watch("tax", "taxes", owner="ana")
        removed = tx.remove_watch(old.id)
        assert (removed.active, tx.remove_watch(old.id)) == (False, removed)
        new = tx.add_watch("tax", "levies", owner="ana")
        assert new.id != old.id
        assert tx.watches() == [new]
        assert tx.watches(removed=True) == [removed, new]
        assert tx.matches(old.id) == []
        with pytest.raises(NotFound):
            tx.remove_watch(99)
