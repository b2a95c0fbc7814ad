"""Sentences of a record keep their numbers through editions; an original stands beside its turn."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from published import publish
from web_desk import a_record, make_desk, timed

from offair.desk import Desk
from offair.desk.export import export
from offair.desk.record_sentences import with_sentences
from offair.desk.translations import text_hash
from offair.model.record import Paragraph, RecordSentence, RecordTurn
from offair.model.recording import Channel, Held
from offair.model.time import PartialDate, Span
from offair.model.transcript import LayerKind, LayerOrigin, SourceSentence, Turn

SAID = "One two. Three four. Five six."
RANGES = [(0, 8), (9, 20), (21, 30)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Record 1: a text of three sentences; record 2: their translation."""
    made = make_desk(tmp_path)
    text, words = timed([(one, n * 500, n * 500 + 400) for n, one in enumerate(SAID.split())])
    with made.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(Channel("Harbour One")),
            aired=PartialDate.parse("2024-05-14"), title="Quay",
            held=Held.NEVER_HELD, object=None, media=None, actor="test",
        )  # fmt: skip
        speech = tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language="ar",
            origin=LayerOrigin.IMPORT, maker="a", run=1,
            turns=[Turn(0, 0, text, words, Span(0, 3_000), "ANN")], sentences=[RANGES],
        )  # fmt: skip
        (turn,) = tx.turns(speech.id)
        sources = {
            (0, place): [SourceSentence(one.id, text_hash(text[one.char_start : one.char_end]))]
            for place, one in enumerate(tx.sentences([turn.id]))
        }
        other = tx.add_layer(
            recording_id=recording.id, kind=LayerKind.TRANSLATION, language="en",
            origin=LayerOrigin.PERSON, maker="b", run=1, source_layer_id=speech.id,
            turns=[Turn(0, 0, text.upper(), words, Span(0, 3_000), "ANN")], sentences=[RANGES],
            sources=sources,
        )  # fmt: skip
        clips = [
            tx.add_clip(
                recording_id=recording.id, layer_id=layer.id, spans=(),
                turn_ids=[one.id for one in tx.turns(layer.id)], headline="Ann", summary=[],
                actor="ana",
            ).id
            for layer in (speech, other)
        ]  # fmt: skip
    for clip in clips:
        publish(made, clip, actor="ana", now_utc="2026-05-14T10:00:00Z")
    return made


def keys(desk: Desk, address: str) -> dict[str, str]:
    """The sentences of a record by key."""
    record = json.loads(str(export(desk, address, "json")))["record"]
    return {
        one["key"]: part["text"][one["char_start"] : one["char_end"]]
        for turn in record["body"]
        for part in turn["parts"]
        for one in part["sentences"]
    }


def test_a_sentence_keeps_its_key_when_another_is_changed(desk: Desk) -> None:
    first = keys(desk, "1")
    assert list(first.values()) == ["One two.", "Three four.", "Five six."]
    with desk.catalogue.transaction() as tx:
        (turn,) = tx.turns(1)
        said = "One two. 3 4. Five six."
        text, words = timed([(one, n * 500, n * 500 + 400) for n, one in enumerate(said.split())])
        tx.revise_turn(
            turn.id, text=text, words=words, sentences=[(0, 8), (9, 13), (14, 23)], actor="ana"
        )
    publish(desk, 1, actor="ana", now_utc="2026-05-15T10:00:00Z", note="“Three four” is 3 4.")
    second = keys(desk, "1")
    assert list(second.values()) == ["One two.", "3 4.", "Five six."]
    assert [one in first for one in second] == [True, False, True]
    changed = next(key for key, words in first.items() if words == "Three four.")
    assert "“Three four.”" in str(export(desk, f"1/{changed}", "bibtex")), "edition 1 answers"


def test_a_piece_of_a_turn_has_the_sentences_inside_it(desk: Desk) -> None:
    with desk.catalogue.snapshot() as tx:
        (turn,) = tx.turns(1)
        ids = [one.id for one in tx.sentences([turn.id])]
        pieces = tuple(
            RecordTurn(f"t{n}", "ANN", None, (Paragraph(text),), span, turn_id=turn.id)
            for n, (text, span) in enumerate(
                (("two. Three", Span(500, 1_400)), ("four. Five", Span(1_500, 2_400)),
                 ("never said", Span(2_400, 2_500)))
            )
        )  # fmt: skip
        record = with_sentences(tx, replace(a_record(), body=pieces))
    found = [part.sentences for one in record.turns for part in one.paragraphs]
    assert found[0] == (
        RecordSentence(f"s{ids[0]}", 0, 4, Span(500, 900)),
        RecordSentence(f"s{ids[1]}", 5, 10, Span(1_000, 1_400)),
    )
    # The second sentence has its key already, in the piece before.
    assert found[1] == (RecordSentence(f"s{ids[2]}", 6, 10, Span(2_000, 2_400)),)
    assert found[2] == ()


def test_the_original_stands_beside_the_translation(desk: Desk) -> None:
    data = export(desk, "2", "docx", beside=True)
    assert isinstance(data, bytes)
    (table,) = Document(io.BytesIO(data)).tables
    left, right = table.rows[0].cells
    assert left.text.endswith("ONE TWO. THREE FOUR. FIVE SIX.")
    assert right.text == SAID
