"""The history of a turn or of a text: who did what and when; two versions; taking back."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk.read_history import Comparison, History, compare_revisions, read_history
from offair.model.errors import NotFound
from offair.model.people import Role
from offair.model.revising import RevisionKind
from offair.text.word_changes import word_changes
from offair.web import edit_forms
from offair.web.edit_models import ChangeFacts, RevisionFacts
from offair.web.forms import read_form
from offair.web.language import _
from offair.web.view import desk_of, number_asked, page
from offair.web.who import actor_of

_LARGEST_ID = 2**53


def of_turn(request: Request) -> Response:
    """`/turns/{id}/history`: what led to a turn, through splits and merges; `?compare=` and
    `?with=` two versions of it word by word."""
    return _answer(request, "turns")


def of_text(request: Request) -> Response:
    """`/layers/{id}/history`: what was done to a text, newest first, paged by `?before=`."""
    return _answer(request, "layers")


async def taken_back(request: Request) -> Response:
    """The form on both pages: take back the revision that it names."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    stands = await run_in_threadpool(edit_forms.revert, desk_of(request), form, actor)
    where = request.url.path
    if where.startswith("/turns/"):
        where = f"/turns/{stands}/history"
    return RedirectResponse(where, 303)


def _answer(request: Request, kind: str) -> Response:
    actor_of(request, Role.EDITOR)
    number: int = request.path_params["id"]
    if number > _LARGEST_ID:
        raise NotFound("there is no text or turn of this number")
    one_turn = kind == "turns"
    desk = desk_of(request)
    found = read_history(
        desk, None if one_turn else number, turn_id=number if one_turn else None,
        before_id=number_asked(request, "before"),
    )  # fmt: skip
    compared = None
    if (newer := number_asked(request, "compare")) is not None:
        compared = compare_revisions(desk, newer, number_asked(request, "with"))
    if request.url.path.endswith(".json"):
        return JSONResponse(_data(kind, number, found, compared))
    layer = found.layer
    back = f"/recordings/{layer.recording_id}/edit?layer={layer.id}"
    if one_turn:
        stands = found.revisions[0].after[0].id if found.revisions else number
        back += f"&turn={stands}#turn-{stands}"
    title = (
        _("History of turn %(number)s") % {"number": number} if one_turn
        else _("History of the text")
    )  # fmt: skip
    return page(
        request, "edit_history.html", styles=("edit.css",), found=found, compared=compared,
        title=title, one_turn=one_turn, back=back, here_is=f"/{kind}/{number}/history",
        wording_of=kind_of_act,
        changes={
            one.id: word_changes(
                "\n".join(each.text for each in one.before),
                "\n".join(each.text for each in one.after),
            )
            for one in found.revisions
        },
        twin=f"/{kind}/{number}/history.json"
        + (f"?{request.url.query}" if request.url.query else ""),
    )  # fmt: skip


def kind_of_act(kind: RevisionKind) -> str:
    """What was done, in a word or two."""
    return {
        RevisionKind.EDIT: _("words changed"),
        RevisionKind.SPLIT: _("divided"),
        RevisionKind.MERGE: _("joined"),
        RevisionKind.MARK: _("marked"),
        RevisionKind.REVERT: _("taken back"),
    }[kind]


def _data(kind: str, number: int, found: History, compared: Comparison | None) -> dict[str, Any]:
    following = f"/{kind}/{number}/history.json?before={found.before}" if found.before else None
    told = None
    if compared is not None:
        told = {
            "older": compared.older.id if compared.older else None,
            "newer": compared.newer.id,
            "changes": [
                ChangeFacts(old=one.old, new=one.new, same=one.same).model_dump(mode="json")
                for one in compared.changes
            ],
        }
    return {
        "layer": found.layer.id,
        "recording": found.layer.recording_id,
        "revisions": [RevisionFacts.of(one).model_dump(mode="json") for one in found.revisions],
        "compared": told,
        "next": following,
    }


ROUTES = (
    Route("/turns/{id:int}/history", of_turn, methods=["GET"]),
    Route("/turns/{id:int}/history", taken_back, methods=["POST"]),
    Route("/turns/{id:int}/history.json", of_turn),
    Route("/layers/{id:int}/history", of_text, methods=["GET"]),
    Route("/layers/{id:int}/history", taken_back, methods=["POST"]),
    Route("/layers/{id:int}/history.json", of_text),
)
