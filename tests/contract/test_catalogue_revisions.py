"""What every catalogue does: a person's revisions, sentences that stay, what they translate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.recording import Channel, Held
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    Mark,
    MarkKind,
    SourceSentence,
    Speaker,
    Turn,
)
from offair.model.words import Word, Words
from offair.store import Catalogue, Transaction
from offair.store.catalogue import SqlCatalogue


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def recording(tx: Transaction) -> int:
    return tx.add_recording(
        channel=Channel("Channel 7"), aired=None, title="News", held=Held.NEVER_HELD,
        object=None, media=None, actor="rana",
    ).id  # fmt: skip


def joined(sentences: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """A text of these sentences with blanks between, and their ranges."""
    ranges, at = [], 0
    for one in sentences:
        ranges.append((at, at + len(one)))
        at += len(one) + 1
    return " ".join(sentences), ranges


def add_layer(
    tx: Transaction,
    about: int,
    turns: Sequence[Sequence[str]],
    *,
    kind: LayerKind = LayerKind.SPEECH,
    run: int = 1,
    marks: tuple[Mark, ...] = (),
    sources: dict[tuple[int, int], list[SourceSentence]] | None = None,
) -> Layer:
    texts = [joined(one) for one in turns]
    return tx.add_layer(
        recording_id=about, kind=kind, language="en", origin=LayerOrigin.ENGINE, maker="whisper",
        run=run, sources=sources, sentences=[ranges for _, ranges in texts],
        turns=[
            Turn(0, 0, text, Words(), Span(place * 10, place * 10 + 9), f"Speaker {place}", marks)
            for place, (text, _) in enumerate(texts)
        ],
    )  # fmt: skip


def revise(
    tx: Transaction,
    turn_id: int,
    sentences: Sequence[str],
    sources: dict[int, list[SourceSentence]] | None = None,
) -> Turn:
    text, ranges = joined(sentences)
    return tx.revise_turn(
        turn_id, text=text, words=Words(), sentences=ranges, actor="rana", sources=sources
    )


def said(tx: Transaction, turn: Turn) -> list[tuple[int, str]]:
    """(id, text) of a turn's sentences."""
    return [(one.id, turn.text[one.char_start : one.char_end]) for one in tx.sentences([turn.id])]


def source(sentence_id: int, text: str = "x") -> SourceSentence:
    return SourceSentence(sentence_id, hashlib.sha256(text.encode()).hexdigest())


def test_a_revision_takes_the_place_of_its_turn(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        layer = add_layer(tx, recording(tx), [["A."], ["One.", "Too.", "Three."], ["B."]])
        first, old, last = tx.turns(layer.id)
        before = said(tx, old)
        new = revise(tx, old.id, ["One.", "Two.", "Three."])
    assert new.id > last.id
    assert (new.ordinal, new.span, new.label) == (old.ordinal, old.span, old.label)
    assert (new.text, new.made_by, old.made_by) == ("One. Two. Three.", "rana", None)
    with catalogue.snapshot() as tx:
        assert tx.turns(layer.id) == [first, new, last]
        assert tx.count_turns(layer.id) == 3
        assert tx.turns(layer.id, offset=1, limit=1) == [new]
        assert new.span is not None
        assert tx.turns(layer.id, span=new.span) == [new]
        assert tx.turns_by_id([old.id, new.id]) == [old, new]
        after = said(tx, new)
        assert [text for _, text in after] == ["One.", "Two.", "Three."]
        assert (after[0], after[2]) == (before[0], before[2])
        assert after[1][0] not in {number for number, _ in before}
        assert tx.sentences([old.id]) == []
        every = [number for number, _ in (*before, *after)]
        standing = tx.sentences_by_id([*every, 999])
        assert [one.id for one in standing] == sorted({number for number, _ in after})
        assert [change[1:] for change in tx.changes()] == [("layer", layer.id)] * 2


def test_a_revision_of_a_turn_that_was_replaced_is_a_conflict(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        layer = add_layer(tx, recording(tx), [["One."]])
        (old,) = tx.turns(layer.id)
        new = revise(tx, old.id, ["Two."])
    said_by = f"turn {old.id} was revised by rana"
    with pytest.raises(Conflict, match=said_by), catalogue.transaction() as tx:
        revise(tx, old.id, ["Three."])
    with pytest.raises(NotFound, match="turn 999"), catalogue.transaction() as tx:
        revise(tx, 999, ["Three."])
    with catalogue.snapshot() as tx:
        assert tx.turns(layer.id) == [new]
        assert len(tx.changes()) == 2


def test_a_revision_that_does_not_fit_is_refused_and_changes_nothing(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        layer = add_layer(tx, recording(tx), [["One."]])
        (old,) = tx.turns(layer.id)
    for words, ranges, sources, reason in (
        (Words(), [(0, 5)], None, "sentence at characters 0 to 5"),
        (Words(), [(2, 2)], None, "sentence at characters 2 to 2"),
        (Words.of([Word(0, 5)]), [(0, 4)], None, "word that ends at character 5"),
        (Words(), [(0, 4)], {1: []}, "no sentence 1"),
        (Words(), [(0, 4)], {-1: []}, "no sentence -1"),
        (Words(), [(0, 4)], {0: [source(999)]}, "sentence 999"),
        (Words(), [(0, 4)], {0: [SourceSentence(1, "A" * 64)]}, "SHA-256"),
    ):
        with pytest.raises(BadInput, match=reason), catalogue.transaction() as tx:
            tx.revise_turn(
                old.id, text="Two.", words=words, sentences=ranges, actor="rana", sources=sources
            )
    with catalogue.snapshot() as tx:
        assert tx.turns(layer.id) == [old]
        assert len(tx.sentences([old.id])) == 1


def test_who_speaks_and_untouched_marks_go_with_the_new_turn(catalogue: Catalogue) -> None:
    marks = tuple(
        Mark(MarkKind.UNCLEAR, start, start + 3, "[x]", "somewhere") for start in (0, 8, 16)
    )
    with catalogue.transaction() as tx:
        layer = add_layer(tx, recording(tx), [["[x] one [x] two [x]"]], marks=marks)
        (old,) = tx.turns(layer.id)
        tx.add_attributions([Attribution(old.id, None, None, "speaker 1", 0.5, "engine")])
        named = Attribution(
            old.id, Speaker("Rana"), Speaker("Ali"), "Rana", 0.75, "ana", "ana", heard=True
        )
        tx.add_attributions([named])
        new = revise(tx, old.id, ["[x] one and two [x]"])
        found = tx.attributions([old.id, new.id])
    was, stands = found[old.id], found[new.id]
    assert was.voice is not None
    assert (stands.voice, stands.author, stands.label) == (was.voice, was.author, "Rana")
    assert (stands.certainty, stands.made_by, stands.confirmed_by) == (0.75, "ana", "ana")
    assert (was.voice.name, stands.heard, stands.turn_id) == ("Rana", True, new.id)
    assert [(one.char_start, one.char_end) for one in new.marks] == [(0, 3), (16, 19)]
    assert all(new.text[one.char_start : one.char_end] == "[x]" for one in new.marks)


def test_clips_keep_the_words_they_were_made_of(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        layer = add_layer(tx, about, [["One."]])
        (old,) = tx.turns(layer.id)
        clip = tx.add_clip(
            recording_id=about, layer_id=layer.id, spans=[], turn_ids=[old.id], headline=None,
            summary=[], actor="rana",
        )  # fmt: skip
        revise(tx, old.id, ["Two."])
        assert tx.turns_by_id(tx.clip(clip.id).turn_ids) == [old]


def test_a_translation_says_what_each_sentence_translates(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        spoken = add_layer(tx, about, [["Um.", "Dois.", "Tres."]])
        a, b, c = (one.id for one in tx.sentences([tx.turns(spoken.id)[0].id]))
        made = add_layer(
            tx, about, [["One."], ["Two three.", "And so."]], kind=LayerKind.TRANSLATION,
            sources={(0, 0): [source(a)], (1, 0): [source(c), source(b)]},
        )  # fmt: skip
        one, two = tx.turns(made.id)
        (first,), (second, third) = tx.sentences([one.id]), tx.sentences([two.id])
        ids = [first.id, second.id, third.id]
        assert tx.sentence_sources([*ids, a]) == {
            first.id: [source(a)], second.id: [source(c), source(b)],
        }  # fmt: skip
    for key in ((0, 1), (2, 0), (-1, 0), (0, -1)):
        with pytest.raises(BadInput, match="sources were given"), catalogue.transaction() as tx:
            add_layer(tx, about, [["Again."]], kind=LayerKind.TRANSLATION, run=2,
                      sources={key: [source(a)]})  # fmt: skip
    with pytest.raises(BadInput, match="sentence 999"), catalogue.transaction() as tx:
        add_layer(tx, about, [["Again."]], kind=LayerKind.TRANSLATION, run=2,
                  sources={(0, 0): [source(999)]})  # fmt: skip
    with catalogue.snapshot() as tx:
        assert len(tx.layers(about)) == 2


def test_sources_follow_an_edit_unless_they_are_named(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        spoken = add_layer(tx, about, [["A.", "B.", "C.", "D."]])
        a, b, c, d = (source(one.id) for one in tx.sentences([tx.turns(spoken.id)[0].id]))
        made = add_layer(
            tx, about, [["One.", "Two.", "Three."]], kind=LayerKind.TRANSLATION,
            sources={(0, 0): [a], (0, 1): [b], (0, 2): [c]},
        )  # fmt: skip
        (turn,) = tx.turns(made.id)

        def translated(now: Turn) -> dict[str, list[SourceSentence]]:
            texts = dict(said(tx, now))
            found = tx.sentence_sources(list(texts))
            return {text: list(found.get(number, ())) for number, text in texts.items()}

        turn = revise(tx, turn.id, ["One.", "Too.", "Three."])
        assert translated(turn) == {"One.": [a], "Too.": [b], "Three.": [c]}
        turn = revise(tx, turn.id, ["One two.", "Three."])
        assert translated(turn) == {"One two.": [a, b], "Three.": [c]}
        turn = revise(tx, turn.id, ["One.", "Two.", "Three."], {0: [], 2: [d, c]})
        assert translated(turn) == {"One.": [], "Two.": [a, b], "Three.": [d, c]}
        assert said(tx, turn)[2][0] == tx.sentences([turn.id])[2].id


def test_a_translation_finishes_no_run_of_hearing(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        run = tx.open_run(about, {"model": "base", "beam": 5})
        add_layer(tx, about, [["One."]], kind=LayerKind.TRANSLATION, run=run)
    assert isinstance(catalogue, SqlCatalogue)
    with catalogue.transaction() as tx:
        rows = "SELECT finished_utc IS NULL FROM run"
        assert tx._connection.exec_driver_sql(rows).scalars().all() == [1]
        add_layer(tx, about, [["One."]], run=run)
        assert tx._connection.exec_driver_sql(rows).scalars().all() == [0]
        assert tx.run_settings(about, run) == {"model": "base", "beam": 5}
        for missing in ((about, run + 1), (99, run)):
            with pytest.raises(NotFound, match="has no run"):
                tx.run_settings(*missing)


SENTENCES = st.lists(st.sampled_from(["Yes.", "No.", "Well…", "لا."]), max_size=7)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=st.lists(SENTENCES, min_size=1, max_size=3),
    edits=st.lists(st.tuples(st.integers(0, 2), SENTENCES), max_size=6),
)
def test_a_chain_of_revisions(
    catalogue: Catalogue, start: list[list[str]], edits: list[tuple[int, list[str]]]
) -> None:
    with catalogue.transaction() as tx:
        known = [one.id for one in tx.recordings()]
        about = known[0] if known else recording(tx)
        run = 1 + max((one.run for one in tx.layers(about)), default=0)
        layer = add_layer(tx, about, start, run=run)
        used = {one.id for one in tx.turns(layer.id)}
        sentences = {one.id for one in tx.sentences(sorted(used))}
        for place, new in edits:
            turns = tx.turns(layer.id)
            old = turns[place % len(turns)]
            before = said(tx, old)
            made = revise(tx, old.id, new)
            after = said(tx, made)
            assert made.id not in used, "a turn's id was used again"
            used.add(made.id)
            assert [text for _, text in after] == new
            old_ids = dict(before)
            for number, text in after:
                assert old_ids.get(number, text) == text, "an id moved to another text"
                assert number in old_ids or number not in sentences, "a sentence's id came back"
            for text in {*new, *old_ids.values()}:
                both = min(new.count(text), [one for _, one in before].count(text))
                kept = [number for number, one in after if one == text and number in old_ids]
                assert len(kept) == both, "a sentence that is unchanged lost its id"
            sentences.update(number for number, _ in after)
            expected = [made.id if one.id == old.id else one.id for one in turns]
            assert [one.id for one in tx.turns(layer.id)] == expected
            assert [one.ordinal for one in tx.turns(layer.id)] == list(range(len(turns)))
