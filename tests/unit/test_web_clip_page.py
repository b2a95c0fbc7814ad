"""The pages of clips without scripts: what they show, what their forms do, and who may."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clips_made import harbour_clip, hear_all
from logged_in import AsAccount
from published import publish
from starlette.testclient import TestClient
from web_desk import make_desk

from offair import wiring
from offair.desk import Desk
from offair.model.clip_work import ClauseKind, ClipState, Stance
from offair.model.errors import BadInput
from offair.model.people import Role
from offair.model.record import Clip
from offair.model.time import Span
from offair.web.application import app
from offair.web.clip_forms import KINDS, read_spans


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


def browser(desk: Desk, role: Role = Role.EDITOR, name: str = "rana") -> TestClient:
    """Somebody's browser."""
    return TestClient(AsAccount(app(desk), role, name), base_url="http://localhost")


def send(client: TestClient, act: str, status: int = 303, clip: int = 1, **fields: Any) -> str:
    """A form of the page, with the version that stands; what was answered."""
    if "version" not in fields:
        fields["version"] = client.get(f"/clips/{clip}.json").json()["work"]["version"]
    answer = client.post(f"/clips/{clip}", data={"act": act, **fields}, follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer.text


def shown(desk: Desk) -> Any:
    """The clip as data."""
    return browser(desk).get("/clips/1.json").json()


def heard(desk: Desk) -> Clip:
    """A clip of which every word was heard."""
    made = harbour_clip(desk)
    hear_all(desk, made.layer_id or 0)
    return made


def test_every_word_of_the_model_that_a_page_shows_is_translated() -> None:
    wanted = {one.value for kind in (ClauseKind, ClipState, Stance) for one in kind}
    assert set(KINDS) | {"unclear"} == wanted


def test_the_page_shows_the_proofs_the_stops_and_the_record(desk: Desk) -> None:
    harbour_clip(desk)
    text = browser(desk).get("/clips/1").text
    parts = (
        "We Are Not Cancelling The Late Boat", "record fact", "in the speaker&#39;s own",
        "nobody has heard", "MACHINE TRANSCRIPT, NOT CHECKED", "/edit?layer=1",
    )  # fmt: skip
    for part in parts:
        assert part in text, part
    assert "A publisher publishes it." in text
    assert "/clips/1" in browser(desk).get("/clips").text
    assert browser(desk).get("/clips?state=ready").text.count("/clips/1") == 0
    assert browser(desk).get("/clips.json?owner=nobody").json() == {"clips": [], "before": None}


def test_readers_and_strangers_see_no_clips(desk: Desk) -> None:
    harbour_clip(desk)
    with desk.catalogue.transaction() as tx:
        tx.add_account("rana", Role.READER, password=None, actor="x")
    for path in ("/clips", "/clips.json", "/clips/1", "/clips/1.json", "/clips/1/parts",
                 "/clips/1.docx", "/clips/1.mp4"):  # fmt: skip
        assert browser(desk, Role.READER).get(path).status_code == 403, path
        with TestClient(app(desk), base_url="http://localhost") as nobody:
            assert nobody.get(path, follow_redirects=False).status_code in (303, 401, 403), path


def test_hostile_text_is_text(desk: Desk) -> None:
    harbour_clip(desk)
    client = browser(desk)
    send(client, "save", headline="<script>alert(1)</script>", summary='"><img src=x>')
    for path in ("/clips/1", "/clips/1/parts", "/clips"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "&lt;script&gt;alert" in text
    assert client.get("/clips/99").status_code == 404
    assert client.get("/clips/99999999999999999999").status_code == 404
    assert client.get("/clips?state=nonsense").status_code == 400


def test_a_save_that_comes_too_late_shows_both(desk: Desk) -> None:
    harbour_clip(desk)
    client = browser(desk)
    send(client, "save", headline="Theirs", summary="One.\n\nTwo.")
    assert shown(desk)["clip"]["summary"] == ["One.", "Two."]
    text = send(client, "save", 409, version=1, headline="Mine", summary="Three.")
    assert "Theirs" in text
    assert 'value="Mine"' in text
    assert "Three." in text
    assert shown(desk)["clip"]["headline"] == "Theirs"


def test_cuts_of_somebody_else_are_not_undone_by_a_save_that_did_not_touch_them(desk: Desk) -> None:
    harbour_clip(desk)
    client = browser(desk)
    had = re.search(r'name="had_spans" value="([^"]+)"', client.get("/clips/1").text)
    assert had is not None
    send(client, "save", headline="Theirs", summary="", spans="0:13.5 – 0:18")
    mine = {"headline": "Mine", "summary": "", "spans": had[1], "had_spans": had[1]}
    text = send(client, "save", 409, version=1, **mine)
    again = re.search(r'<textarea name="spans"[^>]*>([^<]+)</textarea>', text)
    assert again is not None
    assert again[1].split() == ["0:13.500", "–", "0:18"]
    send(client, "save", **mine)
    assert [one["start_ms"] for one in shown(desk)["clip"]["spans"]] == [13_500]
    text = send(client, "save", 409, version=1, **{**mine, "spans": "0:14 – 0:16"})
    assert '<bdi dir="ltr">0:13.500 – 0:18</bdi>' in text
    assert "0:14 – 0:16" in text


def test_spans_are_given_one_a_line(desk: Desk) -> None:
    harbour_clip(desk)
    client = browser(desk)
    send(client, "save", headline="x", summary="", spans="0:13.5 – 0:18\n0:20-0:25.3\n")
    assert [one["start_ms"] for one in shown(desk)["clip"]["spans"]] == [13_500, 20_000]
    text = send(client, "save", 400, headline="x", summary="", spans="0:20 – 0:10")
    assert "ends before it begins" in text
    assert "0:20 – 0:10" in text
    assert read_spans("1:02:03.5 – 1:02:04") == [Span(3_723_500, 3_724_000)]
    for wrong in ("0:10", "a – b", "1 – 2 – 3"):
        with pytest.raises(BadInput):
            read_spans(wrong)


def test_proofs_are_confirmed_and_passed(desk: Desk) -> None:
    harbour_clip(desk, summary=("The moon is made of cheese.",))
    client = browser(desk)
    proofs = {one["clause"]: one for one in shown(desk)["proofs"]}
    cheese = proofs["The moon is made of cheese."]
    assert cheese["kind"] == "unsupported"
    where = {"part": cheese["part"], "start": cheese["start"], "clause": cheese["clause"]}
    assert "say" in send(client, "pass", 400, **where, why="").lower()
    send(client, "pass", **where, why="It is a figure of speech.")
    said = proofs["We Are Not Cancelling The Late Boat"]
    send(client, "confirm", part=said["part"], start=said["start"], clause=said["clause"])
    now = {one["clause"]: one for one in shown(desk)["proofs"]}
    assert now[cheese["clause"]]["passed"] == "It is a figure of speech."
    assert now[said["clause"]]["confirmed_by"] == "rana"
    assert "passed by rana: It is a figure of speech." in client.get("/clips/1").text


def test_queries_are_pinned_to_words_and_answered(desk: Desk) -> None:
    harbour_clip(desk)
    client = browser(desk)
    text = send(client, "ask", 400, text="Really?", words="no such words")
    assert "does not stand in the clip" in text
    send(client, "ask", text="Really 14?", words="14 crossings")
    (query,) = shown(desk)["queries"]
    assert (query["words"], query["text"]) == ("14 crossings", "Really 14?")
    send(browser(desk, name="omar"), "answer", query=query["id"], text="Yes.")
    assert shown(desk)["queries"][0]["settled_by"] == "omar"


def test_the_way_from_hand_to_hand(desk: Desk) -> None:
    heard(desk)
    client = browser(desk)
    send(client, "state", state="in hand")
    send(client, "owner", owner="rana")
    send(client, "state", state="to second reader")
    other = browser(desk, Role.PUBLISHER, "omar")
    send(other, "state", state="ready")
    work = shown(desk)["work"]
    assert (work["state"], work["owner"], work["read_by"]) == ("ready", "rana", "omar")
    send(client, "hold", hold="Wait for the lawyer")
    send(client, "not before", not_before="2126-01-01")
    assert "Wait for the lawyer" in client.get("/clips/1").text
    send(client, "hold", 400, hold="")
    send(other, "hold", hold="")
    send(other, "not before", not_before="")
    assert shown(desk)["work"]["hold"] is None


def test_publishing_correcting_and_tidying_by_forms(desk: Desk) -> None:
    made = heard(desk)
    client, publisher = browser(desk), browser(desk, Role.PUBLISHER)
    send(client, "publish", 400)
    send(publisher, "publish")
    with wiring.serving_work(desk):
        done(publisher)
        assert "/records/1" in publisher.get("/clips/1").text
        assert "A correction, with a public note" in publisher.get("/clips/1").text
        assert "public note" in send(publisher, "publish", 400, kind="correct")
        send(client, "save", headline="Marsh: 14 Crossings A Day", summary="")
        send(publisher, "publish", kind="correct", said="Cancelling", says="14 crossings")
        done(publisher)
    page = publisher.get("/records/1").text
    assert "It said “Cancelling”; it says “14 crossings”." in page
    assert made.id == 1


def done(client: TestClient) -> None:
    """Waits until the clip is published."""
    for _ in range(600):
        if client.get("/api/v1/clips/1/publishing").json()["state"] not in ("queued", "running"):
            return


def test_what_stops_it_is_told_on_the_page(desk: Desk) -> None:
    harbour_clip(desk)
    text = send(browser(desk, Role.PUBLISHER), "publish", 409)
    assert "It cannot be published yet" in text
    assert "override" not in browser(desk, Role.PUBLISHER).get("/clips/1").text
    admin = browser(desk, Role.ADMINISTRATOR)
    assert 'name="override"' in admin.get("/clips/1").text
    send(admin, "publish", override="The minister speaks at noon")
    assert "the media is cut" in admin.get("/clips/1").text


def test_the_draft_in_word_and_the_clip_with_subtitles(desk: Desk) -> None:
    harbour_clip(desk)
    answer = browser(desk).get("/clips/1.docx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        words = file.read("word/document.xml").decode()
    assert "MACHINE TRANSCRIPT, NOT CHECKED" in words
    assert "draft" in words
    clip = browser(desk).get("/clips/1.mp4")
    assert (clip.status_code, clip.headers["content-type"]) == (200, "video/mp4")
    assert clip.content[4:8] == b"ftyp"
    assert not list(desk.scratch.glob("subtitled-*"))


def test_an_imported_record_is_not_published_again(desk: Desk) -> None:
    made = harbour_clip(desk)
    publish(desk, made.id, actor="ana", now_utc="2026-05-14T12:00:00Z")
    assert "Publish the next edition" in browser(desk, Role.PUBLISHER).get("/clips/1").text
    assert send(browser(desk), "nonsense", 400)
