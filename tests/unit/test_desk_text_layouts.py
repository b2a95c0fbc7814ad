"""Proceedings on their way into the catalogue: batches, layouts, persons beside a sitting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_desk import HARBOUR, make_desk

from offair.desk import Desk
from offair.desk.take_text import Origin, Taken, take_all, take_text
from offair.model.errors import BadInput, OffairError
from offair.model.recording import Held

BRIEFING = """---
date: '2024-05-0{day}'
source_url: https://press.example.org/{day}
title: Press Briefing by Press Secretary Ann Reed
---
MS. REED:  The ferry sails at {day}.

PRIME MINISTER ITO:  (As interpreted.)  We pay.

Q    Who?
"""
SITTING = """<TEI xml:lang="gl"><teiHeader/><text><body><note type="speaker">A señora REI:</note>
<u who="#ReiAna"><seg>Bo día a todos.</seg></u></body></text></TEI>"""
CORPUS = """<teiCorpus><listPerson><person xml:id="ReiAna"><persName><forename>Ana</forename>
<surname>Rei</surname></persName></person></listPerson></teiCorpus>"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


def _write(folder: Path, days: int = 3) -> None:
    folder.mkdir()
    for day in range(1, days + 1):
        (folder / f"b{day}.md").write_text(BRIEFING.format(day=day), encoding="utf-8")


def _all(desk: Desk, folder: Path, origin: Origin) -> dict[str, Taken | OffairError]:
    told: dict[str, Taken | OffairError] = {}
    take_all(
        desk, [folder], origin, actor="t", done=lambda path, one: told.update({path.name: one})
    )
    return told


def test_a_folder_of_briefings_becomes_recordings_once(desk: Desk, tmp_path: Path) -> None:
    _write(tmp_path / "in")
    first = _all(desk, tmp_path / "in", Origin())
    again = _all(desk, tmp_path / "in", Origin())
    assert all(
        isinstance(one, Taken) and one.new and one.layout == "briefing" for one in first.values()
    )
    assert all(isinstance(one, Taken) and not one.new for one in again.values())
    with desk.catalogue.snapshot() as tx:
        recordings = tx.recordings()
        layer = tx.layers(recordings[0].id)[0]
        turns = tx.turns(layer.id)
        said = tx.attributions([one.id for one in turns])
    assert len(recordings) == 3
    assert {one.held for one in recordings} == {Held.NEVER_HELD}
    assert recordings[0].channel.name == "press.example.org"
    assert str(recordings[0].aired) == "2024-05-03"
    assert layer.note == "source: https://press.example.org/3"
    one, other, _ = (said[turn.id] for turn in turns)
    assert one.voice is not None
    assert (one.voice.name, one.author, one.label) == ("Ann Reed", None, "MS. REED")
    assert other.voice is not None
    assert other.author is not None
    assert (other.voice.name, other.author.name) == ("Interpreter", "PRIME MINISTER ITO")


def test_one_bad_file_of_a_batch_does_not_stop_the_others(desk: Desk, tmp_path: Path) -> None:
    _write(tmp_path / "in")
    (tmp_path / "in" / "a.xml").write_text("<housecommons/>", encoding="utf-8")
    (tmp_path / "in" / "z.md").write_text("", encoding="utf-8")
    told = _all(desk, tmp_path / "in", Origin())
    assert list(told) == ["a.xml", "b1.md", "b2.md", "b3.md", "z.md"]
    assert [name for name, one in told.items() if isinstance(one, BadInput)] == ["a.xml", "z.md"]


def test_a_batch_that_cannot_be_stored_is_taken_in_one_by_one(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path / "in")
    real = type(desk.vault).deposit_bytes

    def refuse(self: object, data: bytes, name: str) -> object:
        if name == "b2.md":
            raise BadInput("b2.md is refused")
        return real(self, data, name)  # type: ignore[arg-type]

    monkeypatch.setattr(type(desk.vault), "deposit_bytes", refuse)
    told = _all(desk, tmp_path / "in", Origin())
    assert [name for name, one in told.items() if isinstance(one, BadInput)] == ["b2.md"]
    with desk.catalogue.snapshot() as tx:
        assert len(tx.recordings()) == 2


def test_a_layout_can_be_named_and_a_wrong_one_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("MS. REED:  The ferry sails.\n\nQ    When?\n", encoding="utf-8")
    assert take_text(desk, path, Origin(HARBOUR, layout="briefing"), actor="t").turns == 2
    with pytest.raises(BadInput):
        take_text(desk, path, Origin(HARBOUR, layout="hansard"), actor="t")
    with pytest.raises(BadInput, match="layouts are"):
        take_text(desk, path, Origin(HARBOUR, layout="minutes"), actor="t")


def test_a_sittings_persons_come_from_the_corpus_beside_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "ParlaMint-XX.xml").write_text(CORPUS, encoding="utf-8")
    path = tmp_path / "ParlaMint-XX_2020-01-01.xml"
    path.write_text(SITTING, encoding="utf-8")
    taken = take_text(desk, path, Origin(HARBOUR), actor="t")
    with desk.catalogue.snapshot() as tx:
        turns = tx.turns(tx.layers(taken.recording.id)[0].id)
        voice = tx.attributions([turns[0].id])[turns[0].id].voice
    assert voice is not None
    assert voice.name == "Ana Rei"


def test_a_text_that_names_no_channel_takes_the_one_given_for_such(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "x.txt"
    path.write_text("Ann: The ferry sails.\n\nBen: When?\n", encoding="utf-8")
    taken = take_text(desk, path, Origin(otherwise=HARBOUR), actor="t")
    assert taken.recording.channel.name == HARBOUR.name
