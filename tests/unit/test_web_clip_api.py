"""The operations of clips: what they answer, who may call them, what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clips_made import harbour_clip, turns_of
from logged_in import AsAccount
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient
from web_desk import make_desk

from offair.desk import Desk
from offair.model.errors import BadInput, Conflict, NotFound, OffairError, Refused
from offair.model.people import Role
from offair.model.record import Clip
from offair.web import api, clip_api
from offair.web.view import problem

_STATUS = {NotFound: 404, BadInput: 400, Conflict: 409, Refused: 403}


def _refusal(request: Request, error: Exception) -> Response:
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    return problem(request, status, "no", str(error))


class Calls:
    """Calls as somebody with a role."""

    def __init__(self, desk: Desk, role: Role, name: str, *, required: bool = False) -> None:
        app = Starlette(routes=api.routes(clip_api.API), exception_handlers={OffairError: _refusal})
        app.state.desk = replace(desk, second_reader_required=required)
        self._client = TestClient(AsAccount(app, role, name))

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The answer's JSON; the status must be this one."""
        answer = self._client.request(method, f"/api/v1{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


@pytest.fixture
def made(desk: Desk) -> Clip:
    return harbour_clip(desk, headline="Harbour Master Daniel Marsh: The Late Boat Goes")


def test_a_clip_is_read_whole(desk: Desk, made: Clip) -> None:
    call = Calls(desk, Role.EDITOR, "ana")
    found = call("GET", f"/clips/{made.id}")
    assert found["clip"]["headline"] == made.headline
    assert found["work"] == {
        "state": "to do", "owner": None, "version": 1, "not_before": None, "hold": None,
        "hold_by": None, "read_by": None, "changed_by": None, "changed_utc": None,
    }  # fmt: skip
    assert [one["kind"] for one in found["proofs"]] == ["unsupported", "unsupported", "said"]
    assert {one["kind"] for one in found["stops"]} >= {"unheard", "unsupported clause"}
    preview = call("GET", f"/clips/{made.id}/preview")
    assert preview["text"].startswith("20") or "The Late Boat Goes" in preview["text"]
    assert preview["html"].startswith("<!")
    assert call("GET", "/clips?state=to+do")["clips"][0]["clip"]["id"] == made.id
    assert call("GET", "/clips?owner=ben")["clips"] == []
    call("GET", "/clips?state=lost", status=400)
    call("GET", "/clips/999", status=404)


def test_an_editor_edits_asks_proves_and_a_publisher_says_ready(desk: Desk, made: Clip) -> None:
    ana = Calls(desk, Role.EDITOR, "ana", required=True)
    ben = Calls(desk, Role.PUBLISHER, "ben", required=True)
    path = f"/clips/{made.id}"
    edited = ana("PATCH", path, {"version": 1, "headline": "Daniel Marsh: The Late Boat Goes"})
    assert edited["work"]["version"] == 2
    stale = ana("PATCH", path, {"version": 1, "headline": "Mine"}, status=409)
    assert stale["clip"]["headline"] == "Daniel Marsh: The Late Boat Goes"
    assert stale["yours"]["headline"] == "Mine"
    assert stale["work"]["version"] == 2
    ana("PUT", f"{path}/state", {"state": "to second reader"})
    turn = turns_of(desk, made.layer_id or 0)[1]
    asked = ben(
        "POST", f"{path}/queries", {"text": "six?", "turn": turn.id, "start": 0, "end": 4}, 201
    )
    assert (asked["work"]["state"], asked["query"]["words"]) == ("queried", "Good")
    ben("PUT", f"{path}/state", {"state": "ready", "version": 2}, status=403)
    answered = ana("POST", f"{path}/queries/{asked['query']['id']}/answer", {"text": "six"})
    assert answered["work"]["state"] == "to second reader"
    proof = ana("POST", f"{path}/proofs")["proofs"][0]
    clause = {"part": proof["part"], "start": proof["start"], "clause": proof["clause"]}
    assert ana("POST", f"{path}/proofs/confirm", clause)["confirmed_by"] == "ana"
    last = ana("GET", path)["proofs"][1]
    clause = {"part": last["part"], "start": last["start"], "clause": last["clause"]}
    passed = ana("POST", f"{path}/proofs/pass", clause | {"why": "as the desk heard it"})
    assert passed["passed"] == "as the desk heard it"
    ana("PUT", f"{path}/state", {"state": "ready", "version": 2}, status=403)
    ben("PUT", f"{path}/state", {"state": "ready"}, status=400)
    assert ben("PUT", f"{path}/state", {"state": "ready", "version": 2})["read_by"] == "ben"


def test_hold_and_embargo_are_lifted_by_a_publisher(desk: Desk, made: Clip) -> None:
    ana, ben = Calls(desk, Role.EDITOR, "ana"), Calls(desk, Role.PUBLISHER, "ben")
    path = f"/clips/{made.id}"
    assert ana("PUT", f"{path}/hold", {"hold": "the lawyer"})["hold_by"] == "ana"
    ana("PUT", f"{path}/hold", {"hold": None}, status=403)
    assert ben("PUT", f"{path}/hold", {"hold": None})["hold"] is None
    ana("PUT", f"{path}/not-before", {"not_before": "2030-01-01"})
    ana("PUT", f"{path}/not-before", {"not_before": None}, status=403)
    ana("PUT", f"{path}/not-before", {"not_before": "tomorrow"}, status=400)
    assert ana("PUT", f"{path}/owner", {"owner": "carl"})["owner"] == "carl"


def test_words_become_spans_and_a_clip(desk: Desk, made: Clip) -> None:
    call = Calls(desk, Role.EDITOR, "ana")
    turn = turns_of(desk, made.layer_id or 0)[1]
    words = {"first": turn.id, "last": turn.id, "start": 0, "end": 12}
    found = call(
        "POST", f"/recordings/{made.recording_id}/spans",
        {"layer": made.layer_id, "words": [words]},
    )  # fmt: skip
    assert found["overlaps"][0]["clip"] == made.id
    drafted = call(
        "POST", f"/recordings/{made.recording_id}/clips",
        {"layer": made.layer_id, "words": [words], "headline": "Good Morning"}, 201,
    )  # fmt: skip
    assert drafted["spans"] == found["spans"]
    backwards = {"spans": [{"start_ms": 9, "end_ms": 3}]}
    call("POST", f"/recordings/{made.recording_id}/clips", backwards, status=400)
    call("PATCH", f"/clips/{made.id}", {"version": 1} | backwards, status=400)


def test_a_reader_is_refused_everything(desk: Desk, made: Clip) -> None:
    call = Calls(desk, Role.READER, "rita")
    for one in clip_api.API:
        path = one.path.replace("{id:int}", str(made.id)).replace("{query:int}", "1")
        call(one.method, path, {} if one.body else None, status=403)


def test_every_operation_stands_in_the_document() -> None:
    document = api.openapi(clip_api.API)
    assert sum(map(len, document["paths"].values())) == len(clip_api.API)
    assert "ReportedFacts" in document["components"]["schemas"]
