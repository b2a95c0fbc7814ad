"""Captions beside speech: how late they are is said where the two are read together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from published import publish
from starlette.testclient import TestClient
from web_desk import HARBOUR, make_desk, timed

from offair.desk import Desk
from offair.desk.export import export
from offair.desk.show_beside import Beside, show_beside
from offair.formats import record_text
from offair.model.record import CAPTIONS_NOT_CHECKED
from offair.model.recording import Held
from offair.model.transcript import LayerKind, LayerOrigin, Turn
from offair.web.application import app

SENTENCE = (
    "The first boat of the morning leaves the old harbour at half past six and carries the mail, "
    "the papers and whoever could not sleep that night across the bay to the islands"
)
WORDS = SENTENCE.split()


def desk_with(folder: Path, lag_ms: int, caption_words: list[str]) -> Desk:
    """A recording with speech (layer 1) and captions (layer 2) that come so much later."""
    desk = make_desk(folder)
    base = 10_000
    text, words = timed(
        [(one, base + n * 400, base + n * 400 + 380) for n, one in enumerate(WORDS)]
    )
    shown, late = timed(
        [(one, base + lag_ms + n * 400, base + lag_ms + n * 400 + 380)
         for n, one in enumerate(caption_words)]
    )  # fmt: skip
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.NEVER_HELD,
            object=None, media=None, actor="test",
        )  # fmt: skip
        for kind, origin, turn in (
            (LayerKind.SPEECH, LayerOrigin.ENGINE, Turn(0, 0, text, words, words.span)),
            (LayerKind.CAPTIONS, LayerOrigin.BROADCASTER, Turn(0, 0, shown, late, late.span)),
        ):
            tx.add_layer(
                recording_id=recording.id, kind=kind, language="en", origin=origin, maker="test",
                run=1, turns=[turn], sentences=[[(0, len(turn.text))]],
            )  # fmt: skip
    return desk


def beside(desk: Desk, shown: int, other: int) -> Beside:
    with desk.catalogue.snapshot() as tx:
        layer, turns = tx.layer(shown), tx.turns(shown)
    return show_beside(desk, 1, other, [0], None, shown_layer=layer, turns=turns)


@pytest.mark.parametrize(
    ("lag_ms", "says"),
    [
        (4_200, "captions run about 4.2 s behind the words"),
        (-2_000, "captions run about 2.0 s ahead of the words"),
        (100, "captions run together with the words"),
    ],
)
def test_the_lag_of_captions_is_said_either_way_round(
    tmp_path: Path, lag_ms: int, says: str
) -> None:
    desk = desk_with(tmp_path, lag_ms, WORDS)
    for shown, other in ((1, 2), (2, 1)):
        found = beside(desk, shown, other)
        assert (found.lag_ms, found.lag) == (lag_ms, says)
    with TestClient(app(desk), base_url="http://localhost") as client:
        assert says in client.get("/recordings/1?layer=1&beside=2").text
        facts = client.get("/recordings/1.json?layer=1&beside=2").json()
    assert facts["beside"]["lag_ms"] == lag_ms


def test_no_lag_is_told_of_other_words_or_other_texts(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, 4_200, ["Other"] * 30)
    found = beside(desk, 1, 2)
    assert (found.lag_ms, found.lag) == (None, None)
    speech = replace(beside(desk, 1, 1).layer, kind=LayerKind.TRANSLATION)
    assert show_beside(desk, 1, 2, [0], None, shown_layer=speech, turns=[]).lag is None


def test_a_record_of_captions_alone_says_whose_they_are(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, 4_200, WORDS)
    with desk.catalogue.transaction() as tx:
        clip = tx.add_clip(
            recording_id=1, layer_id=2, spans=(), turn_ids=[one.id for one in tx.turns(2)],
            headline="News", summary=(), actor="ana",
        )  # fmt: skip
    record = publish(desk, clip.id, actor="ana", now_utc="2026-05-14T10:00:00Z").record
    assert record.notice == CAPTIONS_NOT_CHECKED
    page = export(desk, "1", "record")
    assert CAPTIONS_NOT_CHECKED in page.splitlines()
    again = record_text.read(page.encode()).record
    assert (again.notice, again.turns[0].origin) == (CAPTIONS_NOT_CHECKED, "broadcaster")
