"""Names: the list, one name with where it was heard, and forms to change both."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk.names import NameChange, add_name, change_name, export_names, list_names
from offair.desk.names import remove_name as take_off
from offair.desk.show_appearances import Appearances, show_appearances
from offair.formats.names_csv import office_of, office_text, spelling_of, spelling_text
from offair.model.errors import BadInput
from offair.model.names import Name, NameKind
from offair.model.people import Role
from offair.web.forms import read_form
from offair.web.view import desk_of, page
from offair.web.who import actor_of, may

_MOST_SHOWN = 500


def names(request: Request) -> Response:
    """`/names`: the list, or what `?q=` finds in it, of one `?kind=`."""
    asked = request.query_params.get("q", "").strip()
    kind = _kind(request.query_params.get("kind", ""))
    found = list_names(desk_of(request), kind=kind, containing=asked or None)
    if request.url.path.endswith(".json"):
        return JSONResponse({"names": [_facts(one) for one in found]})
    query = f"?{request.url.query}" if request.url.query else ""
    return page(
        request,
        "names.html",
        styles=("names.css",),
        found=found[:_MOST_SHOWN],
        total=len(found),
        asked=asked,
        kind=kind,
        kinds=list(NameKind),
        may_change=may(request, Role.EDITOR),
        twin=f"/names.json{query}",
    )


def table(request: Request) -> Response:
    """`/names.csv`: the whole list, as `offair names import` takes it in."""
    headers = {"content-disposition": 'attachment; filename="names.csv"'}
    text = export_names(desk_of(request))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def name(request: Request) -> Response:
    """`/names/{id}`: one name, and where it was heard."""
    shown = show_appearances(desk_of(request), request.path_params["id"])
    if request.url.path.endswith(".json"):
        return JSONResponse(_facts(shown.name) | _heard(shown))
    return page(
        request,
        "name.html",
        styles=("names.css",),
        shown=shown,
        most=max((spoken for _, spoken in shown.months), default=1),
        written=_written(shown.name),
        offices=[office_text(one) for one in shown.name.offices],
        kinds=list(NameKind),
        may_change=may(request, Role.EDITOR),
        twin=f"/names/{shown.name.id}.json",
    )


async def make(request: Request) -> Response:
    """The form that puts a name on the list."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    change = _change(form)
    made = Name(
        change.kind or NameKind.PERSON, change.house or "", change.native or None,
        tuple(change.spellings or ()), change.authority or None, tuple(change.offices or ()),
    )  # fmt: skip
    saved = await run_in_threadpool(add_name, desk_of(request), made, actor=actor)
    return RedirectResponse(f"/names/{saved.name.id}", 303)


async def save(request: Request) -> Response:
    """The form of one name: changes it, or takes it off the list."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    desk, which = desk_of(request), str(request.path_params["id"])
    if "remove" in form:
        await run_in_threadpool(take_off, desk, which, actor=actor)
        return RedirectResponse("/names", 303)
    await run_in_threadpool(change_name, desk, which, _change(form), actor=actor)
    return RedirectResponse(f"/names/{which}", 303)


def _kind(text: str) -> NameKind | None:
    if not text:
        return None
    try:
        return NameKind(text)
    except ValueError as error:
        raise BadInput(f"{text[:20]!r} is no kind of name; person, body or place") from error


def _change(form: dict[str, str]) -> NameChange:
    return NameChange(
        kind=_kind(form.get("kind", "")),
        house=form.get("house", ""),
        native=form.get("native", "").strip(),
        spellings=[spelling_of(line) for line in _lines(form.get("spellings", ""))],
        authority=form.get("authority", "").strip(),
        offices=[office_of(line) for line in _lines(form.get("offices", ""))],
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _written(one: Name) -> dict[str, str]:
    """A name as its form has it."""
    return {
        "house": one.house,
        "native": one.native or "",
        "authority": one.authority or "",
        "spellings": "\n".join(map(spelling_text, one.spellings)),
        "offices": "\n".join(map(office_text, one.offices)),
    }


def _facts(one: Name) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "house": one.house,
        "native": one.native,
        "authority": one.authority,
        "spellings": [{"text": each.text, "whose": each.whose} for each in one.spellings],
        "offices": [
            {
                "title": each.title,
                "since": str(each.since) if each.since else None,
                "until": str(each.until) if each.until else None,
            }
            for each in one.offices
        ],
    }


def _heard(shown: Appearances) -> dict[str, Any]:
    return {
        "spoken_ms": shown.spoken_ms,
        "appearances": [
            {
                "recording": one.recording.id,
                "channel": one.recording.channel.name,
                "aired": str(one.recording.aired) if one.recording.aired else None,
                "layer": one.appearance.layer_id,
                "turns": one.appearance.turns,
                "confirmed": one.appearance.confirmed,
                "spoken_ms": one.appearance.spoken_ms,
                "first_ms": one.appearance.first_ms,
            }
            for one in shown.rows
        ],
        "months": [{"month": month, "spoken_ms": spoken} for month, spoken in shown.months],
    }


ROUTES = (
    Route("/names", names, methods=["GET"]),
    Route("/names", make, methods=["POST"]),
    Route("/names.json", names),
    Route("/names.csv", table),
    Route("/names/{id:int}.json", name),
    Route("/names/{id:int}", name, methods=["GET"]),
    Route("/names/{id:int}", save, methods=["POST"]),
)
