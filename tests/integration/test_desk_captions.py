"""Captions at the desk: in the pictures, in tracks, in files beside; each a layer of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from caption_samples import Script, with_captions
from web_desk import make_desk

from offair import media
from offair.desk import Desk
from offair.desk.accept import Accepted, accept
from offair.desk.read_captions import read_captions
from offair.desk.take_text import Origin, take_text
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Channel
from offair.model.transcript import Layer, LayerKind, LayerOrigin
from offair.store import Transaction

HARBOUR = Channel("Harbour One", "Ireland", "Europe/Dublin", ("ga",))
SCC = "Scenarist_SCC V1.0\n\n00:00:01:00\t9420 9420 9470 4869 942f 942f\n00:00:03:00\t942c 942c\n"
TTML = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="fr"><body><div>'
    '<p begin="1s" end="2s">Bonjour</p><p begin="900s" end="901s">trop tard</p></div></body></tt>'
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "desk").mkdir()
    made = make_desk(tmp_path / "desk")
    yield made
    made.catalogue.close()


def _video(folder: Path) -> Path:
    captions = Script()
    captions.pop_on(40, 80, ">> ANN: in the", "pictures")
    captions.pop_on(40, 80, "in the other channel", channel=3)
    return with_captions(folder / "news.ts", captions, frames=120)


def _accept(desk: Desk, path: Path, *cars: Path, channel: Channel = HARBOUR) -> Accepted:
    return accept(desk, path, channel=channel, aired=None, side_cars=cars, actor="test")


def _layers(desk: Desk, recording_id: int) -> list[Layer]:
    with desk.catalogue.snapshot() as tx:
        return sorted(tx.layers(recording_id), key=lambda one: one.maker)


def _jobs(desk: Desk) -> list[str]:
    with desk.catalogue.snapshot() as tx:
        return [one.kind for one in tx.jobs()]


def test_captions_in_the_pictures_are_queued_and_read_by_a_job(desk: Desk, tmp_path: Path) -> None:
    taken = _accept(desk, _video(tmp_path))
    assert taken.captions == 0
    assert any(note.startswith(media.CEA_608) for note in taken.notes)
    assert "captions" in _jobs(desk)
    assert _layers(desk, taken.recording.id) == []
    finished: list[Transaction] = []
    shares: list[float] = []
    number = taken.recording.id
    stored = read_captions(
        desk, number, actor="test", progress=shares.append, finish=finished.append
    )
    assert (stored, len(finished)) == (2, 1)
    first, other = _layers(desk, number)
    assert [one.kind for one in (first, other)] == [LayerKind.CAPTIONS] * 2
    assert [one.origin for one in (first, other)] == [LayerOrigin.BROADCASTER] * 2
    assert [one.maker for one in (first, other)] == ["CEA-608 CC1", "CEA-608 CC3"]
    # Nobody says what the second channel's language is.
    assert [one.language for one in (first, other)] == ["ga", "und"]
    with desk.catalogue.snapshot() as tx:
        (turn,) = tx.turns(first.id)
        assert (turn.text, turn.label) == ("in the pictures", "ANN")
        assert tx.turns(other.id)[0].text == "in the other channel"
    assert read_captions(desk, number, actor="test") == 0
    assert len(_layers(desk, number)) == 2


def test_what_was_read_is_not_queued_again(desk: Desk, tmp_path: Path) -> None:
    path = _video(tmp_path)
    taken = _accept(desk, path)
    with desk.catalogue.transaction() as tx:
        job = desk.queue.take(tx, ["captions"], "me")
        assert job is not None

    def finish(tx: Transaction) -> None:
        assert desk.queue.done(tx, job, "me")

    read_captions(desk, taken.recording.id, actor="test", finish=finish)
    before = _jobs(desk).count("captions")
    _accept(desk, path)
    assert _jobs(desk).count("captions") == before


def test_a_job_over_nothing_is_refused(desk: Desk, tmp_path: Path) -> None:
    text = tmp_path / "text.scc"
    text.write_text(SCC)
    taken = take_text(desk, text, Origin(HARBOUR), actor="test")
    with pytest.raises(NotFound):
        read_captions(desk, taken.recording.id, actor="test")
    with pytest.raises(NotFound):
        read_captions(desk, 99, actor="test")


def test_side_cars_of_every_kind(desk: Desk, tmp_path: Path) -> None:
    video = _video(tmp_path)
    cars = {
        "news.scc": SCC, "news.ttml": TTML, "news.sub": "{1}{1}25\n{25}{50}frames\n",
        "news.es.ass": "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,Ann,0,0,0,,hola\nstray\n",
        "news.xyz": "?", "news.stl": "no such header",
    }  # fmt: skip
    for name, text in cars.items():
        (tmp_path / name).write_text(text)
    taken = _accept(desk, video, *(tmp_path / name for name in cars))
    layers = {one.maker: one for one in _layers(desk, taken.recording.id)}
    assert {maker: one.language for maker, one in layers.items()} == {
        "side-car news.scc": "ga",
        "side-car news.ttml": "fr",
        "side-car news.sub": "ga",
        "side-car news.es.ass": "es",
    }
    assert all(one.origin is LayerOrigin.IMPORT for one in layers.values())
    with desk.catalogue.snapshot() as tx:
        said = {maker: tx.turns(one.id)[0] for maker, one in layers.items()}
        assert len(tx.attached(taken.recording.id, "side-car")) == len(cars)
    assert said["side-car news.scc"].text == "Hi"
    assert (said["side-car news.es.ass"].text, said["side-car news.es.ass"].label) == (
        "hola", "Ann",
    )  # fmt: skip
    notes = " | ".join(taken.notes)
    for part in (
        "news.xyz is kept as a side-car file and was not read", "news.stl is kept",
        "1 of 2 captions begin after the recording has ended", "not understood and is left out",
    ):  # fmt: skip
        assert part in notes


def test_texts_of_every_kind_come_in_without_media(desk: Desk, tmp_path: Path) -> None:
    for name, text in (("a.scc", SCC), ("b.ttml", TTML), ("c.sub", "{1}{1}25\n{25}{50}x\n")):
        (tmp_path / name).write_text(text)
        taken = take_text(desk, tmp_path / name, Origin(HARBOUR), actor="test")
        assert taken.turns
    bomb = tmp_path / "bomb.ttml"
    bomb.write_text('<!DOCTYPE tt [<!ENTITY a "b">]><tt>&a;</tt>')
    with pytest.raises(BadInput, match="document type"):
        take_text(desk, bomb, Origin(HARBOUR), actor="test")
