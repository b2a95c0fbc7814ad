"""What every catalogue does: layers, turns, speakers, clips, numbers, editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.record import Clip, RecordNumber
from offair.model.recording import Channel, Held, VaultObject
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    Mark,
    MarkKind,
    Speaker,
    SpeakerKind,
    Turn,
)
from offair.model.words import TimeSource, Word, Words
from offair.store import Catalogue, Transaction
from offair.store.catalogue import SqlCatalogue

MARK = Mark(MarkKind.ELLIPSIS, 4, 5, "…", "unknown", confirmed=False)


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def recording(tx: Transaction, name: str = "Channel 7") -> int:
    return tx.add_recording(
        channel=Channel(name),
        aired=None,
        title="News",
        held=Held.NEVER_HELD,
        object=None,
        media=None,
        actor="rana",
    ).id


def turns(count: int) -> list[Turn]:
    """Turns of one second each, with a hole of one second after each."""
    made = []
    for place in range(count):
        start = place * 2_000
        words = Words.of([Word(0, 3, start, start + 500, TimeSource.ENGINE, 0.5), Word(4, 8)])
        span = Span(start, start + 1_000)
        made.append(Turn(0, place, "One two… ", words, span, f"Speaker {place}"))
    return made


def layer(
    tx: Transaction,
    recording_id: int,
    given: Sequence[Turn],
    *,
    run: int = 1,
    sentences: Sequence[Sequence[tuple[int, int]]] | None = None,
    origin: LayerOrigin = LayerOrigin.ENGINE,
) -> Layer:
    return tx.add_layer(
        recording_id=recording_id,
        kind=LayerKind.SPEECH,
        language="en",
        origin=origin,
        maker="whisper base",
        run=run,
        turns=given,
        note="made in a test",
        sentences=[[(0, 3), (4, 8)]] * len(given) if sentences is None else sentences,
    )


def test_a_layer_comes_back_with_its_turns_and_sentences(catalogue: Catalogue) -> None:
    untimed = Turn(0, 0, "لا أحد", Words.of([Word(0, 2)]), None, marks=(MARK,))
    with catalogue.transaction() as tx:
        made = layer(tx, recording(tx), [*turns(2), untimed], sentences=[[(0, 8)], [], [(0, 6)]])
    assert made.frozen
    with catalogue.snapshot() as tx:
        assert tx.layer(made.id) == made
        found = tx.turns(made.id)
        given = [replace(one, id=0, ordinal=place) for place, one in enumerate(found)]
        assert given == [*turns(2), replace(untimed, ordinal=2)]
        assert tx.count_turns(made.id) == 3
        sentences = tx.sentences([found[2].id, found[1].id, found[0].id])
        assert [(one.turn_id, one.char_start, one.char_end) for one in sentences] == [
            (found[2].id, 0, 6),
            (found[0].id, 0, 8),
        ]
        backwards = [one.id for one in reversed(found)]
        assert [one.id for one in tx.turns_by_id(backwards)] == backwards
        with pytest.raises(NotFound, match="turn 999"):
            tx.turns_by_id([backwards[0], 999])


def test_a_layer_is_made_once_and_a_new_text_is_a_new_run(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        first = layer(tx, about, turns(1))
        second = layer(tx, about, turns(1), run=2)
        person = layer(tx, about, turns(1), origin=LayerOrigin.PERSON)
        assert [one.id for one in tx.layers(about)] == [second.id, person.id, first.id]
    with pytest.raises(Conflict, match=f"layer {first.id}"), catalogue.transaction() as tx:
        layer(tx, about, turns(3))
    with catalogue.snapshot() as tx:
        assert tx.count_turns(first.id) == 1
        assert [(kind, about) for _, kind, about in tx.changes()] == [
            ("layer", first.id),
            ("layer", second.id),
            ("layer", person.id),
        ]


def test_hearing_again_the_same_way_is_the_same_run(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        run = tx.open_run(about, {"model": "base"})
        layer(tx, about, turns(1), run=run, origin=LayerOrigin.IMPORT)
        assert tx.open_run(about, {"model": "base"}) == run
        layer(tx, about, turns(1), run=run)
        assert tx.open_run(about, {"model": "base"}) == run
        assert tx.open_run(about, {"model": "tiny"}) == run + 1


@pytest.mark.parametrize(
    "sentences",
    [[], [[(0, 10)]], [[(3, 3)]], [[(-1, 3)]], [[(4, 8), (0, 3)]], [[(0, 5), (4, 8)]]],
)
def test_sentences_that_do_not_fit_are_refused(
    catalogue: Catalogue, sentences: list[list[tuple[int, int]]]
) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
    with pytest.raises(BadInput, match="sentence"), catalogue.transaction() as tx:
        layer(tx, about, turns(1), sentences=sentences)
    with catalogue.snapshot() as tx:
        assert tx.layers(about) == []


def test_turn_ids_are_never_used_again(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        first = layer(tx, about, turns(3))
        used = [one.id for one in tx.turns(first.id)]
    assert isinstance(catalogue, SqlCatalogue)
    with catalogue.transaction() as tx:
        for table in ("sentence", "turn", "layer"):
            tx._connection.exec_driver_sql(f"DELETE FROM {table}")
    with catalogue.transaction() as tx:
        second = layer(tx, about, turns(3))
        assert second.id > first.id
        assert min(one.id for one in tx.turns(second.id)) > max(used)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    offset=st.integers(0, 12),
    limit=st.none() | st.integers(0, 12),
    span=st.none()
    | st.tuples(st.integers(0, 20_000), st.integers(0, 6_000)).map(
        lambda pair: Span(pair[0], pair[0] + pair[1])
    ),
)
def test_a_page_of_turns_is_a_slice_of_them(
    catalogue: Catalogue, offset: int, limit: int | None, span: Span | None
) -> None:
    with catalogue.transaction() as tx:
        about = next(iter(tx.recordings()), None)
        about_id = recording(tx) if about is None else about.id
        known = tx.layers(about_id)
        made = known[0] if known else layer(tx, about_id, turns(10))
    with catalogue.snapshot() as tx:
        every = [
            one
            for one in tx.turns(made.id)
            if span is None or (one.span is not None and one.span.overlaps(span))
        ]
        end = None if limit is None else offset + limit
        assert tx.turns(made.id, span=span, offset=offset, limit=limit) == every[offset:end]


def test_many_ids_are_asked_in_one_call(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        made = layer(tx, recording(tx), turns(2_500))
        ids = [one.id for one in tx.turns(made.id)]
        assert [one.id for one in tx.turns_by_id(ids)] == ids
        assert len(tx.sentences(ids)) == 5_000
        for one in ids:
            tx.add_attributions([Attribution(one, Speaker("Rana"), None, "R", 0.5, "rana")])
        assert list(tx.attributions(ids)) == ids


def test_the_newest_attribution_counts(catalogue: Catalogue) -> None:
    rana, interpreter = Speaker("Rana"), Speaker("Interpreter", SpeakerKind.ROLE)
    with catalogue.transaction() as tx:
        made = layer(tx, recording(tx), turns(3))
        one, other, third = (turn.id for turn in tx.turns(made.id))
        tx.add_attributions([Attribution(one, None, None, "speaker 1", None, "engine")])
        tx.add_attributions(
            [Attribution(one, interpreter, rana, "Interpreter", 0.75, "rana", "rana", heard=True)]
        )
        tx.add_attributions([Attribution(other, rana, None, None, None, "rana")])
    with catalogue.snapshot() as tx:
        found = tx.attributions([one, other, third])
    assert set(found) == {one, other}
    newest = found[one]
    assert newest.voice is not None
    assert newest.author is not None
    assert (newest.voice.name, newest.voice.kind) == ("Interpreter", SpeakerKind.ROLE)
    assert found[other].voice == newest.author == replace(rana, id=newest.author.id)
    assert (newest.label, newest.certainty, newest.confirmed_by) == ("Interpreter", 0.75, "rana")
    assert newest.heard
    assert found[other].certainty is None


def test_a_role_belongs_to_one_recording_and_a_person_to_all(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        ids = []
        for name in ("Seven", "Eight"):
            made = layer(tx, recording(tx, name), turns(2))
            ids += [turn.id for turn in tx.turns(made.id)]
        for turn_id in ids:
            role = Speaker("Interviewer", SpeakerKind.ROLE)
            tx.add_attributions([Attribution(turn_id, role, Speaker("Rana"), None, None, "rana")])
        found = tx.attributions(ids)
        voices = [found[one].voice for one in ids]
        authors = {found[one].author for one in ids}
        assert voices[0] == voices[1] != voices[2] == voices[3]
        assert len(authors) == 1
        for wrong in (
            Attribution(999, None, None, None, None, "rana"),
            Attribution(ids[0], Speaker("x", id=999), None, None, None, "rana"),
        ):
            with pytest.raises(NotFound, match="999"):
                tx.add_attributions([wrong])


def draft(tx: Transaction, about: int, headline: str = "A headline") -> Clip:
    return tx.add_clip(
        recording_id=about,
        layer_id=None,
        spans=[Span(9_000, 12_000), Span(0, 4_000)],
        turn_ids=[],
        headline=headline,
        summary=["One.", "Two."],
        actor="rana",
    )


def test_a_draft_comes_back_as_it_was_given(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        made = layer(tx, about, turns(3))
        ids = [one.id for one in tx.turns(made.id)]
        first = draft(tx, about)
        second = tx.add_clip(
            recording_id=about,
            layer_id=made.id,
            spans=[],
            turn_ids=[ids[2], ids[0]],
            headline=None,
            summary=[],
            actor="rana",
        )
        assert tx.clip(first.id) == first
        assert [one.id for one in tx.clips()] == [second.id, first.id]
        assert [one.id for one in tx.clips(before_id=second.id)] == [first.id]
    assert first.spans == (Span(9_000, 12_000), Span(0, 4_000))
    assert (first.headline, first.summary) == ("A headline", ("One.", "Two."))
    assert (first.number, first.edition, first.made_by) == (None, 0, "rana")
    assert second.turn_ids == (ids[2], ids[0])
    assert (second.spans, second.layer_id, second.headline) == ((), made.id, None)


def test_a_clip_of_what_is_not_there_is_refused(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about, other = recording(tx), recording(tx, "Other")
        made = layer(tx, other, turns(1))
    for recording_id, layer_id, turn_ids, error in (
        (99, None, [], NotFound),
        (about, 99, [], NotFound),
        (about, None, [99], NotFound),
        (about, made.id, [], BadInput),
    ):
        with pytest.raises(error), catalogue.transaction() as tx:
            tx.add_clip(
                recording_id=recording_id,
                layer_id=layer_id,
                spans=[],
                turn_ids=turn_ids,
                headline=None,
                summary=[],
                actor="rana",
            )
    with catalogue.snapshot() as tx:
        assert tx.clips() == []


def test_numbers_run_from_one_and_stay(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        clips = [draft(tx, about).id for _ in range(4)]
        tx.set_printed_number(clips[3], RecordNumber("offair", "2"))
    for clip_id, printed in ((clips[1], "1"), (clips[0], "3"), (clips[1], "1")):
        with catalogue.transaction() as tx:
            assert tx.take_number(clip_id, "offair") == RecordNumber("offair", printed)
    with catalogue.transaction() as tx:
        assert tx.take_number(clips[2], "other") == RecordNumber("other", "1")
        assert tx.clip_numbered(RecordNumber("offair", "3")).id == clips[0]
        with pytest.raises(NotFound, match="offair 4"):
            tx.clip_numbered(RecordNumber("offair", "4"))


def test_a_failed_publication_burns_no_number(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        clip_id = draft(tx, recording(tx)).id

    def fail() -> None:
        with catalogue.transaction() as tx:
            assert tx.take_number(clip_id, "offair").printed == "1"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with catalogue.transaction() as tx:
        assert tx.clip(clip_id).number is None
        assert tx.take_number(clip_id, "offair").printed == "1"


def test_an_imported_record_keeps_its_number_and_nobody_elses(catalogue: Catalogue) -> None:
    number = RecordNumber("Monitor", "No. 8914")
    with catalogue.transaction() as tx:
        about = recording(tx)
        one, other = draft(tx, about).id, draft(tx, about).id
        tx.set_printed_number(one, number)
        tx.set_printed_number(one, number)
        assert tx.clip(one).number == number
        assert tx.take_number(one, "offair") == number
        with pytest.raises(Conflict, match=f"clip {one}"):
            tx.set_printed_number(other, number)
        with pytest.raises(Conflict, match="keeps its number"):
            tx.set_printed_number(one, RecordNumber("Monitor", "8915"))


def test_editions_follow_one_another(catalogue: Catalogue) -> None:
    cut = VaultObject("c" * 64, 10, "cut.mp4")
    with catalogue.transaction() as tx:
        clip_id = draft(tx, recording(tx)).id
        with pytest.raises(NotFound, match="published record"):
            tx.edition(clip_id)
        tx.add_edition(clip_id, 1, document='{"edition":1}', objects=[cut, cut], actor="rana")
        tx.add_edition(clip_id, 2, document='{"edition":2}', objects=[], actor="rana", note="typo")
        assert tx.edition(clip_id) == (2, '{"edition":2}')
        assert tx.edition(clip_id, 1) == (1, '{"edition":1}')
        assert tx.clip(clip_id).edition == 2
        assert tx.object_referred("c" * 64)
        assert tx.object_named("c" * 64) == cut
        for wrong in (2, 4, 0):
            with pytest.raises(Conflict, match="edition 3"):
                tx.add_edition(clip_id, wrong, document="", objects=[], actor="rana")
        with pytest.raises(NotFound, match="edition 7"):
            tx.edition(clip_id, 7)
        changes = tx.changes()
        assert [(kind, about) for _, kind, about in changes] == [("record", clip_id)] * 2
        assert tx.changes(after=changes[0][0]) == [changes[1]]
        assert tx.changes(limit=1) == [changes[0]]
