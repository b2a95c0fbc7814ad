"""However many try passwords at once, only a few are tried at a time: memory and threads stay."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import web_desk
from starlette.testclient import TestClient

from offair.model.errors import NotLoggedIn
from offair.web import login
from offair.web.application import app

AT_ONCE = 4


def test_a_few_passwords_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, trying, most = threading.Lock(), 0, 0

    def tried(*_given: object, **_named: object) -> None:
        nonlocal trying, most
        with lock:
            trying += 1
            most = max(most, trying)
        time.sleep(0.05)
        with lock:
            trying -= 1
        raise NotLoggedIn("name and password do not fit; try again")

    monkeypatch.setattr(login, "log_in", tried)
    form = {"name": "rana", "password": "ferry before the tide"}
    desk = app(web_desk.make_desk(tmp_path))
    with TestClient(desk, base_url="http://localhost") as client, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: client.post("/login", data=form), range(16)))
    assert {one.status_code for one in answers} == {401}
    assert 1 < most <= AT_ONCE
