"""Texts that come in, and clips printed of them: numbers, marks, order, languages, titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from published import publish
from web_desk import HARBOUR, keep, make_desk, silent_wave, sound_facts, timed

from offair.desk import Desk
from offair.desk.accept import side_car_language
from offair.desk.clip import clip, taken_from_captions
from offair.desk.evidence import store_captions, text_bytes, title_of
from offair.desk.export import export
from offair.desk.record_address import find_record
from offair.desk.take_text import Origin, Taken, take_all, take_text
from offair.model.errors import BadInput, NotFound, OffairError, Unavailable
from offair.model.record import Paragraph, RecordTurn, StandingMark
from offair.model.recording import Channel, Held
from offair.model.time import Span
from offair.model.transcript import Cue, LayerKind, LayerOrigin, MarkKind, Turn

NOW = "2026-05-15T10:00:00Z"
RECORD = """Jun 01, 2021
Guest Ann Lee: The Ferry Will Sail
{number}
Source: Harbour One (Ireland)

Ann Lee spoke of the ferry.

Ann Lee: "The ferry will sail at six."

[...]

Interviewer: "Every day?"

Lee: "Every day but one."
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


def _record(folder: Path, name: str = "record.txt", number: str = "\n#77 | 01:10") -> Path:
    path = folder / name
    path.write_text(RECORD.format(number=number.strip()), encoding="utf-8")
    return path


def _take(desk: Desk, path: Path, publisher: str = "imported") -> Taken:
    return take_text(desk, path, Origin(HARBOUR, publisher=publisher), actor="test")


@pytest.mark.parametrize("publisher", ["desk", "", "  ", "a/b"])
def test_a_publisher_is_another_and_can_be_part_of_an_address(
    desk: Desk, tmp_path: Path, publisher: str
) -> None:
    with pytest.raises(BadInput):
        _take(desk, _record(tmp_path), publisher)
    assert list(desk.vault.objects()) == []


def test_a_text_that_is_here_already_tells_only_the_number_it_has(
    desk: Desk, tmp_path: Path
) -> None:
    first = _take(desk, _record(tmp_path))
    assert first.number is not None
    again = _take(desk, _record(tmp_path), "somebody")
    assert not again.new
    assert again.number is None
    assert _take(desk, _record(tmp_path)).number == first.number


def test_a_cut_between_turns_is_kept_on_the_layer_and_printed_again(
    desk: Desk, tmp_path: Path
) -> None:
    taken = _take(desk, _record(tmp_path, number=""))
    assert taken.number is None
    with desk.catalogue.snapshot() as tx:
        (layer,) = tx.layers(taken.recording.id)
        turns = tx.turns(layer.id)
        (draft,) = tx.clips()
    (mark,) = turns[0].marks
    assert (mark.kind, mark.text) == (MarkKind.CUT, "[...]")
    assert mark.char_start == mark.char_end == len(turns[0].text)
    record = publish(desk, draft.id, actor="test", now_utc=NOW).record
    first = record.turns[0].parts
    assert [type(part) for part in first] == [Paragraph, StandingMark]
    with desk.catalogue.snapshot() as tx:
        assert find_record(tx, desk.series, "1").record == record
    assert "[...]" in export(desk, "1", "record")
    assert [one.origin for one in record.turns] == ["import"] * 3


def test_each_turn_keeps_its_label_and_the_speaker_every_form(desk: Desk, tmp_path: Path) -> None:
    _take(desk, _record(tmp_path, number=""))
    with desk.catalogue.snapshot() as tx:
        (draft,) = tx.clips()
    record = publish(desk, draft.id, actor="test", now_utc=NOW).record
    assert [one.label for one in record.turns] == ["Ann Lee", "Interviewer", "Lee"]
    lee = record.speaker(record.turns[2].speaker)
    assert lee is not None
    assert lee.forms == ("Ann Lee", "Lee")
    assert record.turns[0].speaker == record.turns[2].speaker


def test_turns_that_are_no_neighbours_are_printed_with_a_cut_between(
    desk: Desk, tmp_path: Path
) -> None:
    taken = _take(desk, _record(tmp_path, number=""))
    with desk.catalogue.snapshot() as tx:
        (layer,) = tx.layers(taken.recording.id)
        first, _, last = (turn.id for turn in tx.turns(layer.id))
    draft = clip(desk, taken.recording.id, turn_ids=[first, last], actor="test")
    body = publish(desk, draft.id, actor="test", now_utc=NOW).record.body
    assert [type(item) for item in body] == [RecordTurn, StandingMark, RecordTurn]
    for wrong in ([last, first], [first, first]):
        with pytest.raises(BadInput, match="order"):
            clip(desk, taken.recording.id, turn_ids=wrong, actor="test")


def test_headline_and_summary_are_lines(desk: Desk, tmp_path: Path) -> None:
    taken = _take(desk, _record(tmp_path, number=""))
    with desk.catalogue.snapshot() as tx:
        (layer,) = tx.layers(taken.recording.id)
        turns = [turn.id for turn in tx.turns(layer.id)]
    draft = clip(
        desk, taken.recording.id, turn_ids=turns, headline="One\n\n#7 | 00:10",
        summary=["Said.\n\nAnn: \"No.\"", "  "], actor="test",
    )  # fmt: skip
    assert draft.headline == "One #7 | 00:10"
    assert draft.summary == ('Said. Ann: "No."',)
    record = publish(desk, draft.id, actor="test", now_utc=NOW).record
    with desk.catalogue.snapshot() as tx:
        assert find_record(tx, desk.series, "1").record == record


def test_a_later_edition_needs_a_note_with_words_in_it(desk: Desk, tmp_path: Path) -> None:
    _take(desk, _record(tmp_path, number=""))
    with desk.catalogue.snapshot() as tx:
        (draft,) = tx.clips()
    publish(desk, draft.id, actor="test", now_utc=NOW)
    with pytest.raises(BadInput, match="note"):
        publish(desk, draft.id, actor="test", now_utc=NOW, note=" \n")


def test_what_could_not_be_read_again_is_not_published_and_burns_no_number(
    desk: Desk, tmp_path: Path
) -> None:
    taken = _take(desk, _record(tmp_path, number=""))
    with desk.catalogue.transaction() as tx:
        (layer,) = tx.layers(taken.recording.id)
        bad = tx.add_layer(
            recording_id=taken.recording.id, kind=LayerKind.SPEECH, language="v2",
            origin=LayerOrigin.IMPORT, maker="older release", run=1,
            turns=tx.turns(layer.id), sentences=[()] * 3,
        )  # fmt: skip
        turns = [turn.id for turn in tx.turns(bad.id)]
    draft = clip(desk, taken.recording.id, turn_ids=turns, layer_id=bad.id, actor="test")
    with pytest.raises(OffairError):
        publish(desk, draft.id, actor="test", now_utc=NOW)
    with desk.catalogue.transaction() as tx:
        assert tx.clip(draft.id).number is None
        assert tx.take_number(draft.id, desk.series).printed == "1"


def test_one_turn_in_two_spans_is_captioned_once(desk: Desk) -> None:
    """Spans that touch: a word over the edge makes both printed parts share time with both."""
    object = keep(desk, silent_wave(10_000), "news.wav")
    text, words = timed([("one", 0, 900), ("two", 900, 2_050), ("three", 1_990, 3_000)])
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.HELD,
            object=object, media=sound_facts(10_000), actor="test",
        )  # fmt: skip
        tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
            origin=LayerOrigin.ENGINE, maker="test", run=1,
            turns=[Turn(0, 0, text, words, Span(0, 3_000))], sentences=[()],
        )  # fmt: skip
    draft = clip(desk, recording.id, spans=[Span(0, 2_000), Span(2_000, 4_000)], actor="test")
    publish(desk, draft.id, actor="test", now_utc=NOW)
    captions = export(desk, "1", "webvtt")
    said = [line for line in captions.splitlines() if "one" in line or "three" in line]
    assert len(said) == 2, captions


def test_a_clip_of_captions_says_that_the_sound_was_not_heard(desk: Desk) -> None:
    object = keep(desk, silent_wave(10_000), "news.wav")
    text, words = timed([("one", 0, 900), ("two", 900, 2_050)])
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.HELD,
            object=object, media=sound_facts(10_000), actor="test",
        )  # fmt: skip
        for kind, origin in (
            (LayerKind.CAPTIONS, LayerOrigin.BROADCASTER),
            (LayerKind.SPEECH, LayerOrigin.ENGINE),
        ):
            tx.add_layer(
                recording_id=recording.id, kind=kind, language="en", origin=origin, maker="test",
                run=1, turns=[Turn(0, 0, text, words, Span(0, 2_050))], sentences=[()],
            )  # fmt: skip
        by_kind = {layer.kind: layer.id for layer in tx.layers(recording.id)}
    spans = [Span(0, 2_000)]
    shown = clip(
        desk, recording.id, spans=spans, layer_id=by_kind[LayerKind.CAPTIONS], actor="test"
    )
    assert "captions" in (taken_from_captions(desk, shown) or "")
    heard = clip(desk, recording.id, spans=spans, layer_id=by_kind[LayerKind.SPEECH], actor="test")
    assert taken_from_captions(desk, heard) is None


def test_a_side_car_that_was_corrected_is_a_further_run(desk: Desk, tmp_path: Path) -> None:
    taken = _take(desk, _record(tmp_path))
    cue = Cue(Span(0, 1000), "one two")

    def store(*cues: Cue) -> int:
        with desk.catalogue.transaction() as tx:
            return store_captions(
                tx, taken.recording, "side-car news.srt", "en", cues, LayerOrigin.IMPORT
            )

    assert store(cue) == 1
    assert store(cue) == 0
    assert store(replace(cue, text="one two three")) == 1
    assert store(cue) == 0
    with desk.catalogue.snapshot() as tx:
        runs = [one.run for one in tx.layers(taken.recording.id) if one.kind is LayerKind.CAPTIONS]
    assert runs == [2, 1]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("news.v2.srt", "und"), ("news.eng.srt", "en"), ("news.pt-br.vtt", "pt-BR"),
        ("news.srt", "und"), ("news.2021.srt", "und"), ("news.acm.srt", "acm"),
    ],
)  # fmt: skip
def test_the_language_of_a_side_car_is_a_tag_or_unknown(name: str, language: str) -> None:
    assert side_car_language(Path(name)) == language


def test_titles_keep_their_spelling_and_cannot_act() -> None:
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert title_of(f"  {persian}\u00a0news ") == f"{persian} news"
    assert title_of("a\nb\x1b[2Jc\u202ed\udcff") == "a b\\x1b[2Jc\\u202ed\\udcff"
    assert title_of("\n") == "untitled"


def test_a_name_that_is_not_unicode_is_taken_in(desk: Desk, tmp_path: Path) -> None:
    path = _record(tmp_path, "n\udcff\nx.srt")
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nGood evening.\n", encoding="utf-8")
    title = _take(desk, path).recording.title
    assert title == "n\\udcff x"


def test_one_text_that_cannot_be_kept_does_not_stop_the_others(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, number in (("a.txt", "#1 | 01:10"), ("b.txt", "#2 | 01:10")):
        _record(folder, name, number)
    real = desk.vault.deposit_bytes

    def full(self: object, data: bytes, name: str) -> object:
        del self
        if name == "a.txt":
            raise Unavailable("no room")
        return real(data, name)

    monkeypatch.setattr(type(desk.vault), "deposit_bytes", full)
    told: dict[str, object] = {}
    refused = take_all(
        desk, [tmp_path / "nowhere", folder], Origin(Channel("C")), actor="test",
        done=lambda path, result: told.update({path.name: result}),
    )  # fmt: skip
    assert refused == 2
    assert isinstance(told["nowhere"], NotFound)
    assert isinstance(told["a.txt"], Unavailable)
    assert isinstance(told["b.txt"], Taken)


def test_only_files_are_read_as_texts(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="regular"):
        text_bytes(Path("/dev/zero"))
    with pytest.raises(NotFound):
        text_bytes(tmp_path / "none.txt")
