"""Channels and their terms: the pages, the form, the operations, and who may use them."""

from __future__ import annotations

from pathlib import Path

import pytest
from logged_in import AsAccount
from starlette.testclient import TestClient
from web_desk import HARBOUR, add_harbour, make_desk

from offair.desk import Desk
from offair.desk.change_terms import change_terms, list_channels, show_terms
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput, NotFound
from offair.model.people import Role
from offair.web.application import app

TERMS = "/api/v1/channels/1/terms"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = make_desk(tmp_path)
    add_harbour(made)
    return made


def client(desk: Desk, role: Role | None = None) -> TestClient:
    made = app(desk) if role is None else AsAccount(app(desk), role)
    return TestClient(made, base_url="http://localhost", follow_redirects=False)


def test_terms_are_kept_and_what_they_were_is_in_the_log(desk: Desk) -> None:
    assert show_terms(desk, 1)[1] == ChannelTerms()
    change_terms(desk, 1, actor="rana", media=False, longest_ms=90_000)
    change_terms(desk, 1, actor="rana", media=False)  # nothing changes, nothing is noted
    change_terms(desk, 1, actor="omar", longest_ms=None, ground="licence of 2024")
    ((channel, terms, held),) = list_channels(desk)
    assert (channel.name, held and held.recordings) == (HARBOUR.name, 1)
    assert terms == ChannelTerms(media=False, ground="licence of 2024")
    with desk.catalogue.snapshot() as tx:
        newest, first = tx.acts(kind="channel", subject=1)
    assert (newest.actor, newest.detail) == ("omar", {"longest_ms": 90_000, "ground": None})
    assert (first.actor, first.detail) == ("rana", {"media": True, "longest_ms": None})


def test_terms_that_cannot_be(desk: Desk) -> None:
    with pytest.raises(BadInput, match="longest clip"):
        change_terms(desk, 1, actor="rana", longest_ms=0)
    with pytest.raises(BadInput, match="expiry"):
        change_terms(desk, 1, actor="rana", expires_days=-1)
    with pytest.raises(NotFound, match="no channel 9"):
        change_terms(desk, 9, actor="rana", text=False)
    with desk.catalogue.transaction() as tx, pytest.raises(NotFound, match="no channel 9"):
        tx.set_channel_terms(9, ChannelTerms())


def test_the_pages_show_them(desk: Desk) -> None:
    change_terms(desk, 1, actor="rana", longest_ms=90_000, ground="<b>licence</b>")
    plain = client(desk)
    page = plain.get("/channels").text
    assert HARBOUR.name in page
    assert "text and clips up to 1:30" in page
    one = plain.get("/channels/1").text
    assert "&lt;b&gt;licence&lt;/b&gt;" in one
    assert "<form" not in one
    assert plain.get("/channels.json").json()["channels"][0]["terms"]["longest_ms"] == 90_000
    assert plain.get("/channels/1.json").json()["name"] == HARBOUR.name
    assert plain.get("/channels/9").status_code == 404


def test_a_publisher_changes_them_by_a_form(desk: Desk) -> None:
    publisher = client(desk, Role.PUBLISHER)
    assert "<form" in publisher.get("/channels/1").text
    sent = {"text": "on", "longest": "1.5", "expires": "", "ground": " by  word of mouth "}
    answer = publisher.post("/channels/1", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/channels/1")
    assert show_terms(desk, 1)[1] == ChannelTerms(
        media=False, download=False, longest_ms=90_000, ground="by word of mouth"
    )
    assert publisher.post("/channels/1", data={"longest": "long"}).status_code == 400
    assert publisher.post("/channels/1", content=b"x=" + b"y" * 300_000).status_code == 413
    assert client(desk, Role.EDITOR).post("/channels/1", data=sent).status_code == 403
    assert client(desk).post("/channels/1", data=sent).status_code == 401


def test_programs_read_and_write_them(desk: Desk) -> None:
    reader, publisher = client(desk, Role.READER), client(desk, Role.PUBLISHER)
    terms = reader.get(TERMS).json()
    assert terms["embed"] is False
    answer = publisher.put(TERMS, json={**terms, "embed": True, "expires_days": 30})
    assert answer.json() == {**terms, "embed": True, "expires_days": 30}
    assert show_terms(desk, 1)[1] == ChannelTerms(embed=True, expires_days=30)


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        (None, {}, 401),
        (Role.EDITOR, {}, 403),
        (Role.PUBLISHER, {"text": True}, 400),
        (Role.PUBLISHER, {"nonsense": 1}, 400),
        (Role.PUBLISHER, [1], 400),
        (Role.PUBLISHER, "x" * 2_100_000, 413),
    ],
)
def test_a_wrong_write_is_a_problem_with_a_sentence(
    desk: Desk, role: Role | None, body: object, status: int
) -> None:
    answer = client(desk, role).put(TERMS, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert len(answer.json()["detail"]) > 20
    assert show_terms(desk, 1)[1] == ChannelTerms()


def test_what_is_no_json_is_told(desk: Desk) -> None:
    publisher = client(desk, Role.PUBLISHER)
    for content, kind in ((b"{", "application/json"), (b"{}", "text/plain"), (b"\xff", "x")):
        answer = publisher.put(TERMS, content=content, headers={"content-type": kind})
        assert answer.status_code == 400, kind


def test_the_document_names_every_operation(desk: Desk) -> None:
    document = client(desk).get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    described = document["paths"]["/api/v1/channels/{id}/terms"]
    assert set(described) == {"get", "put"}
    assert set(described["put"]["responses"]) == {"200", "400", "401", "403", "404", "413"}
    assert document["components"]["schemas"]["Terms"]["additionalProperties"] is False
