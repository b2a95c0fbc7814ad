"""The operations that publish: who may, what stops it, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clips_made import harbour_clip, hear_all
from logged_in import AsAccount
from starlette.testclient import TestClient
from web_desk import make_desk

from offair import wiring
from offair.desk import Desk
from offair.model.people import Role
from offair.web.application import app


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


def call(desk: Desk, role: Role, body: dict[str, Any] | None, clip: int = 1) -> Any:
    """Ask for clip 1 to be published, or how far that is; the status and what was said."""
    client = TestClient(AsAccount(app(desk), role), base_url="http://localhost")
    path = f"/api/v1/clips/{clip}/publish"
    answer = client.get(f"{path}ing") if body is None else client.post(path, json=body)
    return answer.status_code, answer.json()


def test_who_may_publish_and_who_may_pass_what_stops_it(desk: Desk) -> None:
    harbour_clip(desk)
    assert call(desk, Role.EDITOR, {})[0] == 403
    status, said = call(desk, Role.PUBLISHER, {})
    assert status == 409
    assert {"unheard"} <= {one["kind"] for one in said["stops"]}
    assert "administrator" in said["detail"]
    status, said = call(desk, Role.PUBLISHER, {"override": "noon"})
    assert (status, "administrator" in said["detail"]) == (403, True)
    assert call(desk, Role.EDITOR, None)[1]["state"] == "none"
    status, said = call(desk, Role.ADMINISTRATOR, {"override": "noon"})
    assert (status, said["state"]) == (200, "queued")


def test_a_page_sees_how_far_it_is_and_where_the_record_stands(desk: Desk) -> None:
    made = harbour_clip(desk)
    hear_all(desk, made.layer_id or 0)
    assert call(desk, Role.PUBLISHER, {"version": 7})[0] == 409
    assert call(desk, Role.PUBLISHER, {"version": 1})[1]["state"] == "queued"
    with wiring.serving_work(desk):
        for _ in range(600):
            status, said = call(desk, Role.PUBLISHER, None)
            if said["state"] not in ("queued", "running"):
                break
    assert (status, said["state"], said["record"], said["edition"]) == (
        200,
        "done",
        "/records/1",
        1,
    )
    assert call(desk, Role.PUBLISHER, {"act": "publish"})[0] == 400
    assert call(desk, Role.PUBLISHER, {"act": "correct"})[0] == 400
    assert call(desk, Role.PUBLISHER, {"act": "tidy"})[1]["state"] == "queued"
    assert call(desk, Role.PUBLISHER, {}, clip=99)[0] == 404
    assert call(desk, Role.PUBLISHER, {"act": "burn"})[0] == 400
