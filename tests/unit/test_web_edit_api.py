"""The operations on turns: saving, dividing, joining, marks, speakers, history, two editors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clips_made import harbour_clip
from logged_in import AsAccount
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient
from web_desk import make_desk

from offair.desk import Desk
from offair.desk.record_draft import draft_record
from offair.desk.revise_sentence import revise_sentence
from offair.desk.revise_turn import revise_turn
from offair.desk.turn_edit import StaleTurn
from offair.model.errors import BadInput, Conflict, NotFound, OffairError, Refused
from offair.model.people import Role
from offair.model.record import Clip
from offair.model.time import Span
from offair.model.transcript import Attribution, Speaker, Turn
from offair.text.attribute import clip_turns
from offair.web import api, edit_api
from offair.web.view import problem

_STATUS = {NotFound: 404, BadInput: 400, Conflict: 409, Refused: 403}


def _refusal(request: Request, error: Exception) -> Response:
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    return problem(request, status, "no", str(error))


class Calls:
    """Calls as somebody with a role."""

    def __init__(self, desk: Desk, name: str = "ana", role: Role = Role.EDITOR) -> None:
        app = Starlette(routes=api.routes(edit_api.API), exception_handlers={OffairError: _refusal})
        app.state.desk = desk
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
def clip(desk: Desk) -> Clip:
    return harbour_clip(desk)


def turns_now(desk: Desk, clip: Clip) -> list[Turn]:
    assert clip.layer_id is not None
    with desk.catalogue.snapshot() as tx:
        return list(tx.turns(clip.layer_id))


def printed(desk: Desk, clip: Clip) -> str:
    """The words that the clip prints, without white space."""
    turns = turns_now(desk, clip)
    return "".join(
        "".join(one.text.split()) for span in clip.spans for one in clip_turns(turns, span)
    )


def test_a_save_and_what_it_answers(desk: Desk, clip: Clip) -> None:
    ana = Calls(desk)
    listed = ana("GET", f"/layers/{clip.layer_id}/turns?limit=2")
    assert (len(listed["turns"]), listed["layer"]) == (2, clip.layer_id)
    first = listed["turns"][0]
    assert (first["origin"], first["written_by"]) == ("machine", None)
    text = first["text"].replace("Good", "Fine").replace("morning", "evening") + " Really."
    done = ana("PUT", f"/turns/{first['id']}", {"text": text, "reason": "heard so"})
    (now,) = done["turns"]
    assert (done["changed"], done["before"], now["text"]) == (True, [first["id"]], text)
    assert (now["origin"], now["written_by"], now["changed_by"]) == ("person", "ana", "ana")
    kept = {one[0] for one in now["sentences"]} & {one[0] for one in first["sentences"]}
    assert len(kept) >= len(first["sentences"]) - 1
    again = ana("PUT", f"/turns/{now['id']}", {"text": text})
    assert (again["changed"], again["turns"][0]["id"]) == (False, now["id"])
    lost = ana("PUT", f"/turns/{first['id']}", {"text": text})
    assert (lost["changed"], lost["turns"][0]["id"]) == (False, now["id"])
    with desk.catalogue.snapshot() as tx:
        (line,) = tx.acts(kind="turn")
    assert (line.verb, line.actor, line.subject) == ("revise_turn", "ana", now["id"])
    assert ana("GET", f"/turns/{now['id']}")["text"] == text


def test_two_editors_are_shown_both_versions(desk: Desk, clip: Clip) -> None:
    ana, ben = Calls(desk), Calls(desk, "ben")
    turn = turns_now(desk, clip)[0]
    ana("PUT", f"/turns/{turn.id}", {"text": turn.text + " One."})
    told = ben("PUT", f"/turns/{turn.id}", {"text": turn.text + " Two."}, status=409)
    assert told["base"]["text"] == turn.text
    assert [one["text"] for one in told["now"]] == [turn.text + " One."]
    assert told["by"]["who"] == "ana"
    assert "ana changed turn" in told["detail"].lower()
    for path, body in (
        ("split", {"at": 5}), ("marks", {"kind": "sic", "char_start": 0, "char_end": 4}),
        ("heard", {}), ("speaker", {"act": "forget"}),
    ):  # fmt: skip
        assert ben("POST", f"/turns/{turn.id}/{path}", body, status=409)["now"]
    with pytest.raises(StaleTurn):
        revise_turn(desk, turn.id, turn.text + " Two.", actor="ben")


def test_dividing_and_joining_change_no_word_that_a_clip_prints(desk: Desk, clip: Clip) -> None:
    ana = Calls(desk)
    before, count = printed(desk, clip), len(turns_now(desk, clip))
    turn = turns_now(desk, clip)[1]
    at = turn.words[3].char_start
    halves = ana("POST", f"/turns/{turn.id}/split", {"at": at})["turns"]
    assert [one["ordinal"] for one in halves] == [1, 2]
    assert halves[0]["speaker"] == halves[1]["speaker"]
    assert (printed(desk, clip), len(turns_now(desk, clip))) == (before, count + 1)
    ana("POST", f"/turns/{halves[0]['id']}/merge", {"next": turns_now(desk, clip)[3].id}, 404)
    whole = ana("POST", f"/turns/{halves[0]['id']}/merge", {"next": halves[1]["id"]})["turns"]
    assert whole[0]["text"] == turn.text
    assert (printed(desk, clip), len(turns_now(desk, clip))) == (before, count)
    told = ana("POST", f"/turns/{whole[0]['id']}/split", {"at": at + 1}, status=400)
    assert "inside a word" in told["detail"]
    history = ana("GET", f"/turns/{whole[0]['id']}/history")["revisions"]
    assert [one["kind"] for one in history] == ["merge", "split"]


def test_a_clip_of_turns_is_not_widened_by_joining(desk: Desk, clip: Clip) -> None:
    turns = turns_now(desk, clip)
    with desk.catalogue.transaction() as tx:
        tx.change_clip(
            clip.id, layer_id=clip.layer_id, spans=[], turn_ids=[turns[1].id],
            headline=None, summary=[],
        )  # fmt: skip
    told = Calls(desk)("POST", f"/turns/{turns[0].id}/merge", {"next": turns[1].id}, 400)
    assert f"clip {clip.id}" in told["detail"]
    assert turns_now(desk, clip) == turns


def test_joined_turns_of_two_speakers_are_confirmed_anew(desk: Desk, clip: Clip) -> None:
    one, two = turns_now(desk, clip)[:2]
    with desk.catalogue.transaction() as tx:
        for turn, name in ((one, "Ada"), (two, "Ben")):
            given = Attribution(turn.id, Speaker(name), None, name, None, "ana", "ana", heard=True)
            tx.add_attributions([given])
        for other in tx.clips_of([clip.recording_id]):
            tx.change_clip(
                other.id, layer_id=clip.layer_id, spans=[Span(0, 10**9)], turn_ids=[],
                headline=None, summary=[],
            )  # fmt: skip
    (made,) = Calls(desk)("POST", f"/turns/{one.id}/merge", {"next": two.id})["turns"]
    assert (made["speaker"], made["speaker_confirmed_by"]) == ("Ada", None)


def test_marks_are_set_and_taken_away(desk: Desk, clip: Clip) -> None:
    ana = Calls(desk)
    turn = turns_now(desk, clip)[0]
    at = turn.words[0].char_end
    body = {"kind": "insertion", "char_start": at, "char_end": at, "printed": "the presenter"}
    (made,) = ana("POST", f"/turns/{turn.id}/marks", body)["turns"]
    assert "[the presenter]" in made["text"]
    assert (made["origin"], made["marks"][0]["kind"]) == ("machine", "insertion")
    now = turns_now(desk, clip)[0]
    assert [(w.start, w.end) for w in now.words] == [(w.start, w.end) for w in turn.words]
    longer = f"{made['text']} Indeed."
    (kept,) = ana("PUT", f"/turns/{made['id']}", {"text": longer})["turns"]
    assert kept["marks"] == made["marks"]
    same = {"text": longer, "marks": kept["marks"]}
    assert not ana("PUT", f"/turns/{kept['id']}", same)["changed"]
    bad = replace(now.marks[0], char_end=99_999)
    with pytest.raises(BadInput, match="set it again"):
        revise_turn(desk, kept["id"], longer, marks=[bad], actor="ana")
    lying = [{**kept["marks"][0], "text": "other words"}]
    assert not ana("PUT", f"/turns/{kept['id']}", {"text": longer, "marks": lying})["changed"]
    loud = [{**kept["marks"][0], "char_end": at, "char_start": at, "text": "a\u0007b"}]
    assert ana("PUT", f"/turns/{kept['id']}", {"text": longer, "marks": loud}, 400)
    wrong = {"text": longer, "marks": [{**kept["marks"][0], "kind": "shout"}]}
    assert "no mark of the kind" in ana("PUT", f"/turns/{kept['id']}", wrong, 400)["detail"]
    (gone,) = ana("DELETE", f"/turns/{kept['id']}/marks/0")["turns"]
    assert (gone["text"], gone["marks"]) == (f"{turn.text} Indeed.", [])


def test_history_comparison_undo_and_what_stands_in_the_way(desk: Desk, clip: Clip) -> None:
    ana, ben = Calls(desk), Calls(desk, "ben")
    turn = turns_now(desk, clip)[0]
    one = ana("PUT", f"/turns/{turn.id}", {"text": turn.text + " One."})
    two = ben("PUT", f"/turns/{one['turns'][0]['id']}", {"text": turn.text + " One. Two."})
    page = ana("GET", f"/layers/{clip.layer_id}/history")
    assert [(r["who"], r["standing"]) for r in page["revisions"]] == [("ben", True), ("ana", False)]
    assert page["before"] is None
    compared = ana("GET", f"/revisions/{two['revision']}/comparison?with={one['revision']}")
    assert [c["new"] for c in compared["changes"] if not c["same"]] == [" Two."]
    told = ana("POST", f"/revisions/{one['revision']}/revert", {}, status=409)
    assert f"revision {two['revision']}" in told["detail"]
    ana("POST", f"/layers/{clip.layer_id}/undo", {}, status=404)
    ben("POST", f"/layers/{clip.layer_id}/undo", {"turn": two["turns"][0]["id"]})
    ana("POST", f"/layers/{clip.layer_id}/undo", {})
    now = turns_now(desk, clip)[0]
    assert (now.text, now.words.pack(), now.span) == (turn.text, turn.words.pack(), turn.span)
    assert ana("GET", f"/turns/{now.id}")["origin"] == "machine"
    told = ana("POST", f"/revisions/{one['revision']}/revert", {}, status=409)
    assert "taken back already" in told["detail"]
    ana("GET", f"/revisions/{10**6}/comparison", status=404)
    other = ana("PUT", f"/turns/{turns_now(desk, clip)[1].id}", {"text": "Else."})
    path = f"/revisions/{other['revision']}/comparison?with={one['revision']}"
    assert "other turns" in ana("GET", path, status=400)["detail"]


def test_speakers_and_hearing_of_one_turn(desk: Desk, clip: Clip) -> None:
    ana = Calls(desk)
    turn = turns_now(desk, clip)[0]
    named = ana("POST", f"/turns/{turn.id}/speaker", {"act": "name", "name": "Nell Byrne"})
    assert (named["speaker"], named["confirmed_by"]) == ("Nell Byrne", "ana")
    assert named["turns"] == [turn.id]
    heard = ana("POST", f"/turns/{turn.id}/heard", {"as_shown": True})
    assert heard["heard"] == [[0, len(turn.text)]]
    ana("POST", f"/turns/{turn.id}/speaker", {"act": "confirm", "heard": True})
    gone = ana("POST", f"/turns/{turn.id}/speaker", {"act": "forget"})
    assert gone["confirmed_by"] is None
    assert isinstance(ana("GET", f"/turns/{turn.id}/speakers")["names"], list)


def test_who_may_edit_and_what_is_no_edit(desk: Desk, clip: Clip) -> None:
    reader, ana = Calls(desk, "rita", Role.READER), Calls(desk)
    turn = turns_now(desk, clip)[0]
    reader("PUT", f"/turns/{turn.id}", {"text": "x"}, status=403)
    reader("GET", f"/turns/{turn.id}/history", status=403)
    assert "control" in ana("PUT", f"/turns/{turn.id}", {"text": "a\x07b"}, 400)["detail"]
    ana("PUT", f"/turns/{2**60}", {"text": "x"}, status=400)
    ana("PUT", "/turns/99999", {"text": "x"}, status=404)
    ana("GET", f"/layers/{clip.layer_id}/turns?limit=999", status=400)
    assert turns_now(desk, clip)[0] == turn


def test_a_sentence_revised_by_hand_stands_in_the_history(desk: Desk, clip: Clip) -> None:
    turn = turns_now(desk, clip)[0]
    with desk.catalogue.snapshot() as tx:
        sentence = tx.sentences([turn.id])[0]
    revise_sentence(desk, clip.recording_id, sentence.id, "Quite other words.", actor="ana")
    (one,) = Calls(desk)("GET", f"/turns/{turn.id}/history")["revisions"]
    assert (one["who"], one["kind"], one["standing"]) == ("ana", "edit", True)


def test_a_record_says_who_wrote_each_turn(desk: Desk, clip: Clip) -> None:
    ana = Calls(desk)
    first, second, third = turns_now(desk, clip)[:3]
    for other in (first, second, third):
        with desk.catalogue.transaction() as tx:
            tx.change_clip(
                clip.id, layer_id=clip.layer_id, spans=[Span(0, 10**9)], turn_ids=[],
                headline=None, summary=[],
            )  # fmt: skip
        assert other.made_by is None
    ana("PUT", f"/turns/{first.id}", {"text": first.text + " Indeed."})
    ana("POST", f"/turns/{second.id}/split", {"at": second.words[1].char_start})
    ana("PUT", f"/turns/{third.id}", {"text": ""})
    with desk.catalogue.snapshot() as tx:
        record = draft_record(
            tx, tx.clip(clip.id), tx.recording(clip.recording_id), actor="ana",
            desk_name="Test desk", now_utc="2026-05-15T10:00:00Z",
        )  # fmt: skip
    turns = list(record.turns)
    assert [one.origin for one in turns[:3]] == ["person", "machine", "machine"]
    assert all(one.paragraphs for one in turns)
    assert len(turns) == len(turns_now(desk, clip)) - 1


def test_the_document_describes_every_operation() -> None:
    paths = api.openapi(edit_api.API)["paths"]
    assert sum(map(len, paths.values())) == len(edit_api.API)
    assert "409" in paths["/api/v1/turns/{id}"]["put"]["responses"]
