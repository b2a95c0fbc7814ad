"""Scripts and styles are sent compressed; pages, which hold a session's token, are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from web_desk import add_harbour, make_desk

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
