"""The shared layouts, read: bytes, facts, and one word changed. Skipped where `shared` is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from offair.formats.record_text import read, write, write_bytes
from offair.model.record import Paragraph, Reading, Record, RecordTurn, StandingMark
from offair.model.transcript import Mark, MarkKind, SpeakerKind

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "records"
GOLDEN = ROOT / "tests" / "golden" / "records"
SHARED_PAGES = sorted((SHARED / "layouts").glob("*.txt")) if SHARED.is_dir() else []
PAGES = sorted(GOLDEN.glob("*.txt")) + SHARED_PAGES
if (SHARED / "8914.txt").is_file():
    PAGES.append(SHARED / "8914.txt")

needs_shared = pytest.mark.skipif(
    not SHARED_PAGES, reason="the folder `shared` does not stand beside the project"
)
# What the facts take from the page's address and not from the text, as their notes say.
OUTSIDE_THE_TEXT = {
    "pb-02": {
        "date": "no date in the excerpt",
        "channel": "no header in the excerpt",
        "country": "no header in the excerpt",
        "THE PRESIDENT": "the excerpt nowhere says which president",
    }
}


@dataclass(frozen=True)
class Case:
    """One shared layout with its facts."""

    facts: dict[str, Any]
    reading: Reading

    @property
    def record(self) -> Record:
        """The record read."""
        return self.reading.record

    def outside(self, name: str) -> bool:
        """Whether the text does not hold this fact."""
        return name in OUTSIDE_THE_TEXT.get(self.facts["id"], {})


@pytest.fixture(params=SHARED_PAGES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> Case:
    """Each shared layout in turn."""
    path = request.param
    facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return Case(facts, read(path.read_bytes(), source=path.name))


@needs_shared
def test_all_shared_layouts_are_there() -> None:
    assert len(SHARED_PAGES) == 12


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_written_back_it_is_the_same_bytes(path: Path) -> None:
    data = path.read_bytes()
    reading = read(data, source=path.name)
    assert write_bytes(reading.record, reading.layout) == data


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_one_word_changed_changes_only_its_bytes(path: Path) -> None:
    data = path.read_bytes()
    reading = read(data, source=path.name)
    for place, turn, number, part in _paragraphs(reading.record):
        words = part.text.split(" ")
        for at in {0, len(words) // 2, len(words) - 1}:
            old = words[at]
            core = old.strip("\"'“”«».,?!…[]():;\u00a0 ")
            if not core:
                continue
            start = len(" ".join(words[:at])) + bool(at) + old.index(core)
            text = part.text[:start] + "ZEBRA" + part.text[start + len(core) :]
            changed = _with_part(reading.record, place, turn, number, replace(part, text=text))
            written = write_bytes(changed, reading.layout)
            before = _common_prefix(data, written)
            after = _common_prefix(data[before:][::-1], written[before:][::-1])
            assert 0 < len(written) - before - after <= len(b"ZEBRA")
            assert len(data) - before - after <= len(core.encode())
            assert len(written) - len(data) == len(b"ZEBRA") - len(core.encode())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_layout_holds_no_words_of_speech(path: Path) -> None:
    reading = read(path.read_bytes(), source=path.name)
    body = tuple(
        replace(
            item,
            parts=tuple(
                replace(part, text="") if isinstance(part, Paragraph) else part
                for part in item.parts
            ),
        )
        if isinstance(item, RecordTurn)
        else item
        for item in reading.record.body
    )
    emptied = write(replace(reading.record, body=body), reading.layout)
    literals = "".join(piece.text for piece in reading.layout.pieces)
    for _, _, _, part in _paragraphs(reading.record):
        assert len(part.text.split()) < 3 or part.text not in emptied
        assert len(part.text.split()) < 3 or part.text not in literals
    before = write(reading.record, reading.layout)
    spoken = sum(len(part.text) for _, _, _, part in _paragraphs(reading.record))
    assert len(before) - len(emptied) == spoken


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_speech_word_comes_from_the_record(path: Path) -> None:
    reading = read(path.read_bytes(), source=path.name)
    record = reading.record
    for place, turn, number, part in _paragraphs(record):
        veiled = "".join("x" if letter.isalnum() else letter for letter in part.text)
        turn = record.body[place]  # type: ignore[assignment]
        record = _with_part(record, place, turn, number, replace(part, text=veiled))
    written = write(record, reading.layout)
    again = read(written, source="veiled")
    spoken = [part.text for _, _, _, part in _paragraphs(again.record)]
    assert all({letter for letter in text if letter.isalnum()} <= {"x"} for text in spoken)
    assert len(spoken) == len(list(_paragraphs(reading.record)))


@needs_shared
def test_facts_said_to_be_outside_a_text_are_outside_it() -> None:
    text = (SHARED / "layouts" / "pb-02.txt").read_text(encoding="utf-8")
    assert not any(word in text for word in ("2020", "White House", "United States", "Trump"))


@needs_shared
def test_header_facts(case: Case) -> None:
    facts, record = case.facts, case.record
    assert (record.number.printed if record.number else None) == facts["number"]
    expected = None if facts["duration_s"] is None else facts["duration_s"] * 1000
    assert record.run_time_ms == expected
    assert record.headline == facts["headline"]
    for name, found in (
        ("date", record.date.day if record.date else None),
        ("channel", record.channel),
        ("country", record.country),
    ):
        assert found == (None if case.outside(name) else facts[name])


@needs_shared
def test_summary_facts(case: Case) -> None:
    first = case.facts["summary_first_words"]
    if first is None:
        assert case.record.summary == ()
    else:
        assert case.record.summary[0].text.startswith(first)


@needs_shared
def test_turn_facts(case: Case) -> None:
    turns = case.record.turns
    assert [turn.label for turn in turns] == [fact["label"] for fact in case.facts["turns"]]
    for turn, fact in zip(turns, case.facts["turns"], strict=True):
        assert len(turn.paragraphs) == fact["n_paragraphs"]
        assert _printed(case.reading, turn, 0).startswith(fact["first_words"])
        assert _printed(case.reading, turn, -1).endswith(fact["last_words"])


@needs_shared
def test_speaker_facts(case: Case) -> None:
    for turn, fact in zip(case.record.turns, case.facts["turns"], strict=True):
        speaker = case.record.speaker(turn.speaker)
        assert speaker is not None
        assert turn.label in speaker.forms
        if case.outside(fact["label"]):
            assert speaker.kind is SpeakerKind.ROLE
            assert speaker.name == "The President"
        else:
            assert speaker.shown == fact["speaker"]


@needs_shared
def test_mark_facts(case: Case) -> None:
    marks = list(_marks(case.record))
    assert sum(mark.kind is MarkKind.CUT for mark in marks) == case.facts["cuts"]
    inserted = [mark.text for mark in marks if mark.kind is MarkKind.INSERTION]
    assert inserted == case.facts["insertions"]
    stage = [mark.text for mark in marks if mark.kind is MarkKind.STAGE]
    assert stage == case.facts["stage_marks"]


@needs_shared
def test_cuts_stand_where_the_notes_say() -> None:
    reading = read((SHARED / "layouts" / "clip-12.txt").read_bytes())
    inside = [
        part
        for turn in reading.record.turns
        for part in turn.parts
        if isinstance(part, StandingMark)
    ]
    between = [item for item in reading.record.body if isinstance(item, StandingMark)]
    assert [len(inside), len(between)] == [1, 1]


def test_golden_records_read_as_noted() -> None:
    noted = json.loads((GOLDEN / "readings.json").read_text(encoding="utf-8"))
    read_now = {
        path.name: outline(read(path.read_bytes(), source=path.name))
        for path in sorted(GOLDEN.glob("*.txt"))
    }
    assert read_now == noted


def outline(reading: Reading) -> dict[str, Any]:
    """What a golden record is read into, in short, for the file `readings.json`."""
    record = reading.record
    return {
        "layout": reading.layout.name,
        "number": record.number.printed if record.number else None,
        "date": str(record.date),
        "aired": str(record.aired),
        "run_time_ms": record.run_time_ms,
        "headline": record.headline,
        "channel": record.channel,
        "country": record.country,
        "kind": record.kind,
        "language": record.language,
        "summary": [paragraph.text for paragraph in record.summary],
        "speakers": [
            [one.shown, one.kind.value, one.role, list(one.forms)] for one in record.speakers
        ],
        "body": [
            [item.label, *(_part(part) for part in item.parts)]
            if isinstance(item, RecordTurn)
            else _part(item)
            for item in record.body
        ],
        "marks": [f"{mark.kind.value} {mark.text}" for mark in _marks(record)],
        "report": [f"{one.severity.value} {one.line} {one.message}" for one in reading.report],
    }


def _part(part: Paragraph | StandingMark) -> str:
    return part.text if isinstance(part, Paragraph) else f"* {part.mark.sense or part.mark.text}"


def _paragraphs(record: Record) -> Iterator[tuple[int, RecordTurn, int, Paragraph]]:
    for place, item in enumerate(record.body):
        if isinstance(item, RecordTurn):
            for number, part in enumerate(item.parts):
                if isinstance(part, Paragraph):
                    yield place, item, number, part


def _with_part(
    record: Record, place: int, turn: RecordTurn, number: int, part: Paragraph
) -> Record:
    parts = (*turn.parts[:number], part, *turn.parts[number + 1 :])
    body = (*record.body[:place], replace(turn, parts=parts), *record.body[place + 1 :])
    return replace(record, body=body)


def _common_prefix(one: bytes, other: bytes) -> int:
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _marks(record: Record) -> Iterator[Mark]:
    """Every mark of the transcript in reading order."""
    for item in record.body:
        for part in item.parts if isinstance(item, RecordTurn) else (item,):
            if isinstance(part, StandingMark):
                yield part.mark
            else:
                yield from part.marks


def _printed(reading: Reading, turn: RecordTurn, which: int) -> str:
    """A paragraph as printed: with a quotation mark inside it, without a stage mark at its end."""
    paragraph = turn.paragraphs[which]
    text = paragraph.text
    slot = f"turn:{turn.key}:part:{turn.parts.index(paragraph)}"
    piece = next(one for one in reading.layout.pieces if one.slot == slot)
    for mark in paragraph.marks:
        if mark.kind is MarkKind.STAGE and mark.char_end == len(text):
            text = text[: mark.char_start].rstrip()
    for distance, characters in piece.inside:
        text = text[: len(text) - distance] + characters + text[len(text) - distance :]
    return " ".join(text.split())
