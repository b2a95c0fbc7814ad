"""Doubts in the pages: marked in the text, listed beside it, on a page and in the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import web_desk
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.model.transcript import LayerKind
from offair.web.application import app
from offair.web.doubts import Doubt, doubted_text


@dataclass(frozen=True)
class Shelf:
    desk: Desk
    client: TestClient
    harbour: int
    layers: dict[LayerKind, int]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    desk = web_desk.make_desk(tmp_path_factory.mktemp("desk"))
    harbour = web_desk.add_harbour(desk)
    with desk.catalogue.snapshot() as tx:
        layers = {one.kind: one.id for one in tx.layers(harbour)}
    with TestClient(app(desk), base_url="http://localhost:8914") as client:
        yield Shelf(desk, client, harbour, layers)


def test_doubted_words_are_marked_with_the_reason(shelf: Shelf) -> None:
    page = shelf.client.get(f"/recordings/{shelf.harbour}").text
    reason = escape(web_desk.DOUBTS[0].reason)
    assert f'A new <span class="doubt" title="{reason}">ferry</span> timetable' in page
    missing = '<span class="doubt missing" title="3.9 s of speech and no words"></span>'
    assert f"With me{missing} is the harbour" in page
    assert "looked at" not in page, "a settled doubt is marked"
    assert "<b>‘ferry’" not in page
    turns = shelf.client.get(f"/recordings/{shelf.harbour}/turns?layer={shelf.layers['speech']}")
    assert f'title="{reason}"' in turns.text


def test_the_list_beside_the_text_leads_to_each(shelf: Shelf) -> None:
    page = shelf.client.get(f"/recordings/{shelf.harbour}").text
    layer = shelf.layers[LayerKind.SPEECH]
    assert '<span class="quiet">3 open</span>' in page
    assert f'class="jump" href="/recordings/{shelf.harbour}?layer={layer}&amp;t=0:04#turn-' in page
    other = shelf.client.get(
        f"/recordings/{shelf.harbour}?layer={shelf.layers[LayerKind.TRANSLATION]}"
    ).text
    assert 'class="doubts"' not in other


def test_doubts_have_a_page_and_a_twin(shelf: Shelf) -> None:
    page = shelf.client.get(f"/recordings/{shelf.harbour}/flags").text
    assert "3 open · 1 settled" in page
    assert "A new <b>ferry</b> timetable" in page
    assert "Captions around that time" in page
    assert "Settled by" not in page
    assert (
        "Settled by <bdi>Ada</bdi>"
        in shelf.client.get(f"/recordings/{shelf.harbour}/flags?all").text
    )
    data = shelf.client.get(f"/recordings/{shelf.harbour}/flags.json").json()
    assert (data["open"], data["settled"], data["next"]) == (3, 1, None)
    first = data["flags"][0]
    assert (first["kind"], first["words"]) == ("words where no speech was found", "ferry")
    assert first["speaker"] == "Nora Whitlow"
    assert "A new ferry timetable" in first["captions"]
    twin = shelf.client.get(f"/recordings/{shelf.harbour}.json").json()
    assert [one["id"] for one in twin["flags"]] == [one["id"] for one in data["flags"]]
    assert twin["flags_open"] == 3
    none = shelf.client.get(
        f"/recordings/{shelf.harbour}/flags?layer={shelf.layers[LayerKind.CAPTIONS]}"
    ).text
    assert "nothing here is doubted" in none
    assert "Machine transcript (en): 3 open" in none
    assert shelf.client.get("/recordings/999/flags").status_code == 404
    assert shelf.client.get("/recordings/999/flags.json").json()["error"]["status"] == 404


def test_captions_stand_beside_the_speech_of_their_time(shelf: Shelf) -> None:
    layer, captions = shelf.layers[LayerKind.SPEECH], shelf.layers[LayerKind.CAPTIONS]
    address = f"/recordings/{shelf.harbour}"
    plain = shelf.client.get(f"{address}?layer={layer}").text
    assert "Show captions beside" in plain
    assert 'class="beside"' not in plain
    page = shelf.client.get(f"{address}?layer={layer}&beside={captions}").text
    assert "Hide captions" in page
    assert "with-beside" in page
    assert f'src="{address}/turns?layer={layer}&amp;beside={captions}"' in page
    data = shelf.client.get(f"{address}.json?layer={layer}&beside={captions}").json()
    parts = data["beside"]["parts"]
    with shelf.desk.catalogue.snapshot() as tx:
        whole = " ".join(turn.text for turn in tx.turns(captions))
    assert " ".join(one["text"] for one in parts if one["text"]) == " ".join(whole.split())
    for part in parts:
        if part["text"]:
            opening = '<p class="beside" data-what="captions" dir="auto" lang="en">'
            assert f"{opening}{escape(part['text'])}</p>" in page
    assert len(parts) == len(data["turns"]) + len(data["without_words"])
    assert shelf.client.get(f"{address}?beside=999").status_code == 404


def test_a_recording_without_doubts_says_so(shelf: Shelf, tmp_path: Path) -> None:
    desk = web_desk.make_desk(tmp_path)
    text_only = web_desk.add_text_only(desk)
    with TestClient(app(desk), base_url="http://localhost") as client:
        assert "nothing here is doubted" in client.get(f"/recordings/{text_only}/flags").text
        assert 'class="doubts"' not in client.get(f"/recordings/{text_only}").text


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 35), st.integers(0, 35), st.text(max_size=5)), max_size=5),
    st.integers(0, 30),
)
def test_marking_changes_no_character(
    text: str, found: list[tuple[int, int, str]], cut: int
) -> None:
    doubts = [Doubt(min(a, b), max(a, b), reason) for a, b, reason in found]
    cut = min(cut, len(text))
    parts = Markup("").join(
        (
            doubted_text(text, 0, cut, doubts),
            doubted_text(text, cut, len(text), doubts, last=True),
        )
    )
    bare = parts.replace("</span>", Markup(""))
    while '<span class="doubt' in bare:
        head, _, rest = bare.partition('<span class="doubt')
        bare = head + rest.partition('">')[2]
    assert bare == escape(text)
    missing = {min(a, len(text)) for a, b, _ in found if a == b}
    assert parts.count('<span class="doubt missing"') == len(missing)
