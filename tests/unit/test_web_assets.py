"""Scripts, styles and what strangers read are sent compressed; pages with a session's token are
not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from logged_in import AsAccount
from starlette.testclient import TestClient
from web_desk import add_harbour, add_records, make_desk

from offair.model.people import Role
from offair.web import BUILT
from offair.web.application import app
from offair.web.view import STYLE

MOST_SCRIPT = 120_000
"""Bytes of all scripts together, compressed, that a reader is asked to load at most."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    desk = make_desk(tmp_path_factory.mktemp("assets"))
    add_harbour(desk)
    return TestClient(app(desk), base_url="http://localhost")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Nobody in particular, before a desk with records."""
    desk = make_desk(tmp_path_factory.mktemp("records"))
    add_records(desk, add_harbour(desk))
    return TestClient(app(desk), base_url="http://localhost")


@pytest.fixture(scope="module")
def desk_member(published: TestClient) -> TestClient:
    """Somebody of that desk."""
    return TestClient(AsAccount(published.app, Role.READER), base_url="http://localhost")


@pytest.mark.parametrize("path", ["/desk.css", "/styles/today.css", "/record.css"])
def test_styles_are_sent_compressed_to_who_takes_it(client: TestClient, path: str) -> None:
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    plain = client.get(path, headers={"accept-encoding": "identity"})
    assert packed.status_code == plain.status_code == 200
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    if len(plain.content) > 500:
        assert packed.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/", "/recordings/1", "/login"])
def test_pages_are_not(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


PUBLIC = ("/records", "/records.json", "/records/1", "/records/1.txt", "/records.atom")


@pytest.mark.parametrize("path", PUBLIC)
def test_what_strangers_read_is_and_what_the_desk_reads_is_not(
    published: TestClient, desk_member: TestClient, path: str
) -> None:
    packed = published.get(path, headers={"accept-encoding": "gzip"})
    plain = published.get(path, headers={"accept-encoding": "identity"})
    assert packed.status_code == plain.status_code == 200
    assert packed.text == plain.text
    assert "content-encoding" not in plain.headers
    if len(plain.content) > 1_000:
        assert packed.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in packed.headers["vary"].lower()
    tag = packed.headers.get("etag")
    if tag:
        asked = {"accept-encoding": "gzip", "if-none-match": tag}
        again = published.get(path, headers=asked)
        assert (again.status_code, again.content) == (304, b"")
    answer = desk_member.get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def test_all_scripts_together_stay_small(client: TestClient) -> None:
    scripts = sorted(Path(BUILT).rglob("*.js"))
    assert scripts
    sent = 0
    for script in scripts:
        path = f"/built/{script.relative_to(BUILT).as_posix()}"
        with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
            assert answer.status_code == 200
            sent += sum(len(one) for one in answer.iter_raw())
    assert sent < MOST_SCRIPT


@pytest.mark.parametrize("sheet", [STYLE, *sorted((STYLE.parent / "styles").glob("*.css"))])
def test_every_size_of_type_is_one_of_the_scale(sheet: Path) -> None:
    """Sizes come from the tokens of `desk.css`, or stand in relation to the text around them."""
    for value in re.findall(r"font(?:-size)?:([^;}]*)", sheet.read_text("utf-8")):
        size = value.split("/")[0]
        assert not re.search(r"\d(rem|px|pt)", size), f"{sheet.name}: font:{value}"
