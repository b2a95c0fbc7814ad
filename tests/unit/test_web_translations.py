"""A translation in the pages and in records: labelled, beside its original, stale where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import web_desk
from published import publish
from starlette.testclient import TestClient
from test_desk_translate import FakeTranslator

from offair.desk import Desk
from offair.desk.clip import clip
from offair.desk.revise_sentence import revise_sentence
from offair.desk.take_text import Origin, take_text
from offair.desk.take_translation import take_translation
from offair.desk.translate import translate
from offair.model.recording import Channel
from offair.model.transcript import Layer
from offair.web.application import app


class Doubling(FakeTranslator):
    """Says everything in capitals."""

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        """In capitals."""
        return [one.upper() for one in sentences]


@dataclass(frozen=True)
class Shelf:
    desk: Desk
    client: TestClient
    harbour: int
    source: int
    layer: Layer


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    desk = web_desk.make_desk(tmp_path_factory.mktemp("desk"))
    desk = replace(desk, translator=lambda source, target: Doubling())
    harbour = web_desk.add_harbour(desk)
    done = translate(desk, harbour, actor="ana", to="fr")
    source = done.layer.source_layer_id or 0
    with desk.catalogue.snapshot() as tx:
        first = tx.sentences([tx.turns(source)[0].id])[0]
    revise_sentence(desk, harbour, first.id, "Something else was said.", actor="ana")
    with TestClient(app(desk), base_url="http://localhost:8914") as client:
        yield Shelf(desk, client, harbour, source, done.layer)


def test_the_page_of_a_translation_says_what_it_is_and_what_is_stale(shelf: Shelf) -> None:
    address = f"/recordings/{shelf.harbour}"
    page = shelf.client.get(f"{address}?layer={shelf.layer.id}").text
    assert "<strong>Machine translation</strong>" in page
    assert "not checked" in page
    assert "1 sentence no longer fits the original" in page
    assert "stale: its original is gone" in page
    data = shelf.client.get(f"{address}.json?layer={shelf.layer.id}").json()
    assert data["stale_sentences"] == 1
    assert data["stale"][0]["char_start"] == 0
    plain = shelf.client.get(f"{address}.json?layer={shelf.source}").json()
    assert plain["stale_sentences"] == 0


def test_it_stands_beside_its_original_with_its_label(shelf: Shelf) -> None:
    address = f"/recordings/{shelf.harbour}"
    page = shelf.client.get(f"{address}?layer={shelf.source}&beside={shelf.layer.id}").text
    assert "Hide the translation" in page
    assert "Machine translation — " in page
    label = 'data-what="machine translation, not checked"'
    assert f'<p class="beside" {label} dir="auto" lang="fr">' in page
    assert "— machine translation, not checked" not in page
    assert "1 sentence no longer fits the original" in page
    other = shelf.client.get(f"{address}?layer={shelf.layer.id}&beside={shelf.source}").text
    assert "Hide the transcript" in other


def test_a_translation_without_times_stands_beside_the_turns_it_belongs_to(
    tmp_path: Path,
) -> None:
    desk = web_desk.make_desk(tmp_path)
    file = tmp_path / "souq.txt"
    file.write_text("A: صباح الخير. أهلًا بكم.\n\nB: شكرًا.\n\nA: مع السلامة.\n", encoding="utf-8")
    origin = Origin(Channel("Souq"), language="ar", spoken="ar")
    recording = take_text(desk, file, origin, actor="ana").recording.id
    file.write_text("A: Good morning. Welcome.\n\nB: Thanks.\n\nA: Goodbye.\n", encoding="utf-8")
    layer = take_translation(desk, recording, file, actor="ana", to="en").layer
    source = layer.source_layer_id or 0
    with desk.catalogue.snapshot() as tx:
        last = tx.sentences([tx.turns(source)[2].id])[0]
    revise_sentence(desk, recording, last.id, "إلى اللقاء.", actor="ana")
    with TestClient(app(desk), base_url="http://localhost:8914") as client:
        address = f"/recordings/{recording}"
        both = [
            client.get(f"{address}.json?layer={one}&beside={other}").json()["beside"]["parts"]
            for one, other in ((source, layer.id), (layer.id, source))
        ]
        page = client.get(f"{address}?layer={layer.id}").text
    assert [one["text"] for one in both[0]] == ["Good morning. Welcome.", "Thanks.", "Goodbye."]
    assert [one["text"] for one in both[1]] == ["صباح الخير. أهلًا بكم.", "شكرًا.", "إلى اللقاء."]
    assert "<strong>Translation by hand</strong>" in page
    assert "not checked" in page


def test_a_record_of_it_says_who_made_it_and_what_is_stale(shelf: Shelf, tmp_path: Path) -> None:
    with shelf.desk.catalogue.snapshot() as tx:
        turn = tx.turns(shelf.layer.id)[0]
    assert turn.span is not None
    draft = clip(shelf.desk, shelf.harbour, spans=[turn.span], layer_id=shelf.layer.id, actor="ana")
    record = publish(shelf.desk, draft.id, actor="ana", now_utc="2026-05-14T09:00:00Z").record
    assert (record.kind, record.language, record.checked) == ("translation", "fr", False)
    assert record.made_by is not None
    assert "machine translation, not checked (fake table" in record.made_by
    assert record.translator == shelf.layer.maker
    assert (record.stale, [turn.stale for turn in record.turns]) == (1, [True])
    assert record.caution == (
        "MACHINE TRANSLATION, NOT CHECKED; 1 SENTENCE TRANSLATES WHAT WAS CHANGED SINCE"
    )
