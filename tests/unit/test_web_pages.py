"""Every page reads without scripts, has a data twin, and says what the desk knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import web_desk
from starlette.testclient import TestClient

from offair import web
from offair.desk import Desk, browse
from offair.model.errors import Unavailable
from offair.model.transcript import Attribution, Speaker
from offair.web import view
from offair.web.application import app

MARKUP_RE = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Shelf:
    desk: Desk
    client: TestClient
    harbour: int
    long: int
    trouble: tuple[int, int, int]
    text_only: int


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    desk = web_desk.make_desk(tmp_path_factory.mktemp("desk"))
    harbour, long = web_desk.add_harbour(desk), web_desk.add_long(desk)
    trouble, text_only = web_desk.add_trouble(desk), web_desk.add_text_only(desk)
    web_desk.add_records(desk, harbour)
    with TestClient(app(desk), base_url="http://localhost:8914") as client:
        yield Shelf(desk, client, harbour, long, trouble, text_only)


def words_of(html: str) -> str:
    return " ".join(MARKUP_RE.sub(" ", html).split())


def test_the_list_says_how_far_each_recording_is(shelf: Shelf) -> None:
    page = shelf.client.get("/recordings")
    said = words_of(page.text)
    assert "14 May 2026 Harbour One #1 Morning Quay 1:34 heard" in said
    assert "in quarantine the decoder asked for more than 2048 MiB of memory" in said
    assert "being heard 40 %" in said
    assert "text only, no recording held" in said
    assert "Radio &lt;b&gt;Hour&lt;/b&gt;" in page.text
    data = shelf.client.get("/recordings.json").json()
    running = next(one for one in data["recordings"] if one["id"] == shelf.trouble[2])
    assert (running["hearing"], running["hearing_part"]) == ("being heard", 0.4)


def test_the_list_is_paged(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, address = [], "/recordings.json"
    monkeypatch.setattr(browse.list_recordings, "__kwdefaults__", {"before": None, "limit": 4})
    while address:
        data = shelf.client.get(address).json()
        seen += [one["id"] for one in data["recordings"]]
        address = data["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 6


def test_a_recording_reads_without_scripts(shelf: Shelf) -> None:
    page = shelf.client.get(f"/recordings/{shelf.harbour}")
    said = words_of(page.text)
    assert "Machine transcript — faster-whisper tiny.en , run 1 — not checked" in said
    assert "0:00–0:01 no speech in it: silence (score 0.03)" in said
    assert "Nora Whitlow Good morning, and welcome to Harbour One." in said
    assert '<video id="player" controls' in page.text
    assert "style=" not in page.text
    assert 'kind="captions"' in page.text


def test_each_layer_says_whose_it_is(shelf: Shelf) -> None:
    data = shelf.client.get(f"/recordings/{shelf.harbour}.json").json()
    labels = {layer["kind"]: layer for layer in data["layers"]}
    assert labels["captions"]["label"].startswith("Broadcaster's captions — embedded")
    translation = labels["translation"]
    assert translation["label"] == "Translation by hand — Samia — not checked"
    page = shelf.client.get(f"/recordings/{shelf.harbour}?layer={translation['id']}").text
    assert 'class="transcript person" dir="rtl"' in page
    assert 'lang="ar"' in page
    assert '<span class="mark" title="language">[بالإنجليزية]</span>' in page
    other = shelf.client.get(f"/recordings/{shelf.long}?layer={translation['id']}")
    assert other.status_code == 404


def test_long_texts_come_in_runs(shelf: Shelf) -> None:
    seen, address = [], f"/recordings/{shelf.long}.json"
    while address:
        data = shelf.client.get(address).json()
        assert len(data["turns"]) <= browse.TURNS_AT_ONCE
        seen += [turn["ordinal"] for turn in data["turns"]]
        address = data["next"]
    assert seen == list(range(web_desk.LONG_TURNS))
    page = shelf.client.get(f"/recordings/{shelf.long}").text
    assert page.count('class="turn"') == browse.TURNS_AT_ONCE
    link = re.search(r'rel="next"[^>]* href="([^"]+)"', page)
    assert link is not None
    later = shelf.client.get(link[1].replace("&amp;", "&")).text
    assert 'data-from="60"' in later
    assert 'rel="prev"' in later


def test_a_time_opens_the_run_that_holds_it(shelf: Shelf) -> None:
    at = web_desk.LONG_TURN_MS * 100 // 1000
    page = shelf.client.get(f"/recordings/{shelf.long}?t={at}").text
    assert 'data-from="60"' in page
    assert f'data-t="{at * 1000},' in page
    past_the_end = shelf.client.get(f"/recordings/{shelf.long}?t=99:00:00").text
    assert 'data-from="120"' in past_the_end
    piece = shelf.client.get(f"/recordings/{shelf.long}/turns?t={at}").text
    assert "<html" not in piece
    assert 'data-begin="240000" data-end="480000"' in piece


def test_a_pause_between_runs_belongs_to_the_run_before_it(shelf: Shelf) -> None:
    last = browse.turn_page(shelf.desk, shelf.long).turns[-1].turn
    assert last.span is not None
    run = browse.turn_page(shelf.desk, shelf.long, at=last.span.end + 50)
    assert run.offset == 0
    assert run.begin <= last.span.end + 50 < (run.end or 0)


def test_runs_join_without_a_hole_in_time(shelf: Shelf) -> None:
    ends, begins = [], []
    for offset in range(0, web_desk.LONG_TURNS, browse.TURNS_AT_ONCE):
        run = browse.turn_page(shelf.desk, shelf.long, offset=offset)
        begins.append(run.begin)
        ends.append(run.end)
    assert begins[0] == 0
    assert ends[-1] is None
    assert ends[:-1] == begins[1:]


def test_what_cannot_be_played_says_why(shelf: Shelf) -> None:
    quarantined, waiting, _ = shelf.trouble
    assert "Its media is in quarantine" in shelf.client.get(f"/recordings/{quarantined}").text
    assert "A playable copy is being made" in shelf.client.get(f"/recordings/{waiting}").text
    assert "only the text was taken in" in shelf.client.get(f"/recordings/{shelf.text_only}").text
    with shelf.desk.catalogue.snapshot() as tx:
        assert len(tx.jobs()) == 2, "reading a page queued work"


def test_captions_for_the_player(shelf: Shelf) -> None:
    answer = shelf.client.get(f"/recordings/{shelf.harbour}/captions.vtt")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert answer.text.startswith("WEBVTT\n")
    assert "MACHINE TRANSCRIPT, NOT CHECKED" in answer.text
    assert "<v Nora Whitlow>Good morning" in answer.text
    untimed = shelf.client.get(f"/recordings/{shelf.text_only}/captions.vtt")
    assert untimed.status_code == 400


def test_a_withheld_speaker_is_shown_to_nobody(tmp_path: Path) -> None:
    desk = web_desk.make_desk(tmp_path)
    long = web_desk.add_long(desk, turns=2)
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(tx.layers(long)[0].id)[0]
        witness = Speaker("Secret Witness", withheld=True)
        tx.add_attributions([Attribution(turn.id, witness, None, "Secret Witness", 1.0, "test")])
    with TestClient(app(desk), base_url="http://localhost") as client:
        for address in ("", ".json", "/captions.vtt", "/turns"):
            answer = client.get(f"/recordings/{long}{address}")
            assert answer.status_code == 200
            assert "Secret Witness" not in answer.text


def test_records_and_their_addresses(shelf: Shelf) -> None:
    said = words_of(shelf.client.get("/records").text)
    assert "monitor #8914" in said
    assert "#1 Harbour Master: the late boat stays, edition 2" in said
    newest = shelf.client.get("/records/1").text
    assert "late boat stays, edition 2" in newest
    assert "MACHINE TRANSCRIPT, NOT CHECKED" in newest
    first = shelf.client.get("/records/1/1").text
    assert "late boat stays, edition 1" in first
    assert "The newest is edition 2" in first
    assert shelf.client.get("/records/desk/1/2").status_code == 200
    assert "We are not cancelling" in shelf.client.get("/records/monitor/8914").text
    assert shelf.client.get("/records/8914").status_code == 404
    assert shelf.client.get("/records/1/3").status_code == 404


@pytest.mark.parametrize("suffix", [".json", ".txt", ".md", ".vtt", ".srt", ".html"])
def test_downloads_say_they_are_not_checked(shelf: Shelf, suffix: str) -> None:
    answer = shelf.client.get(f"/records/1{suffix}?download")
    assert answer.status_code == 200
    assert "MACHINE TRANSCRIPT, NOT CHECKED" in answer.text
    assert answer.headers["content-disposition"].endswith(f"desk-1{suffix}")
    assert f"/records/1{suffix}" in shelf.client.get("/records/1").text


@pytest.mark.parametrize(
    "address", ["/recordings/999", "/recordings/1?layer=999", "/records/999", "/nothing"]
)
def test_what_is_not_here_is_said_in_words_and_in_data(shelf: Shelf, address: str) -> None:
    page = shelf.client.get(address)
    assert page.status_code == 404
    assert "<h1>" in page.text
    path, _, query = address.partition("?")
    data = shelf.client.get(f"{path}.json?{query}")
    assert data.status_code == 404
    assert data.json()["error"]["status"] == 404


@pytest.mark.parametrize(
    "query", ["layer=x", "layer=-1", "from=1e9", "t=yesterday", "layer=" + "9" * 400, "from=٣"]
)
def test_an_address_that_makes_no_sense_is_refused(shelf: Shelf, query: str) -> None:
    answer = shelf.client.get(f"/recordings/{shelf.harbour}?{query}")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_a_number_beyond_the_catalogue_is_not_here(shelf: Shelf) -> None:
    assert shelf.client.get("/recordings/" + "9" * 30).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/", "/recordings/1", "/records/1", "/media/" + "0" * 64])
def test_pages_can_only_be_read(shelf: Shelf, method: str, address: str) -> None:
    answer = shelf.client.request(method, address)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("address", ["/", "/recordings.json", "/nothing", "/desk.css"])
def test_every_answer_is_guarded(shelf: Shelf, address: str) -> None:
    headers = shelf.client.get(address).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.2", ""])
def test_other_host_names_are_turned_away(shelf: Shelf, host: str) -> None:
    answer = shelf.client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "does not answer to the name" in words_of(answer.text)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8914", "[::1]:8914"])
def test_own_host_names_are_answered(shelf: Shelf, host: str) -> None:
    assert shelf.client.get("/", headers={"host": host}).status_code == 200


def test_configured_host_names_replace_the_loopback(shelf: Shelf) -> None:
    with TestClient(app(shelf.desk, hosts=("desk.example",))) as client:
        assert client.get("/", headers={"host": "desk.example"}).status_code == 200
        assert client.get("/", headers={"host": "localhost"}).status_code == 421


def test_failures_are_sentences(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise Unavailable("the catalogue is locked; try again")

    def broken(*_: object, **__: object) -> None:
        raise KeyError("secret detail")

    monkeypatch.setattr(browse, "list_recordings", locked)
    answer = shelf.client.get("/")
    assert answer.status_code == 503
    assert "The catalogue is locked; try again." in answer.text
    monkeypatch.setattr(browse, "list_recordings", broken)
    with TestClient(app(shelf.desk), "http://localhost", raise_server_exceptions=False) as client:
        for address in ("/", "/recordings.json"):
            answer = client.get(address)
            assert answer.status_code == 500
            assert "secret detail" not in answer.text
            assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_pages_read_without_built_elements(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(web, "BUILT", tmp_path / "missing")
    monkeypatch.setattr(view, "BUILT", tmp_path / "missing")
    assert not web.assets_built()
    page = shelf.client.get(f"/recordings/{shelf.harbour}").text
    assert "<script" not in page
    assert "Good morning, and welcome" in page
