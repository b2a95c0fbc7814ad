"""The pages of clips: the list, and one clip on its way to a record. They work without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk import Desk
from offair.desk.browse import open_recording
from offair.desk.clip_queries import read_queries
from offair.desk.clip_stops import clip_stops
from offair.desk.edit_clip import StaleClip
from offair.desk.find_overlaps import find_overlaps
from offair.desk.list_clips import ListedClip, list_clips, show_clip
from offair.desk.open_turns import open_turns_by_id
from offair.desk.preview_clip import preview_clip
from offair.desk.prove import read_proofs
from offair.desk.publication_stops import Stopped
from offair.desk.queue_publishing import publishing_state
from offair.desk.record_originals import originals
from offair.desk.scratch import scratch_folder
from offair.desk.style_sheet import hold_against
from offair.desk.subtitle_clip import subtitle_clip
from offair.formats import record_docx
from offair.model.clip_work import ClipState, ProofLink
from offair.model.errors import BadInput, NotFound, OffairError
from offair.model.people import Role
from offair.model.record import Clip
from offair.model.time import Ms
from offair.model.transcript import Turn
from offair.web import clip_forms
from offair.web.clip_api import now_utc, whole_clip
from offair.web.forms import read_form
from offair.web.language import _
from offair.web.publish_api import facts_of
from offair.web.record_links import record_address
from offair.web.view import WORD, desk_of, fragment, number_asked, page
from offair.web.who import account_of, actor_of, may

_AT_ONCE = 50
_LARGEST_ID = 2**53
_STYLES = ("clip_page.css",)
_NOTHING: Mapping[str, str] = MappingProxyType({})


def _id(request: Request) -> int:
    found: int = request.path_params["id"]
    if found > _LARGEST_ID:
        raise NotFound(_("There is no clip of this number."))
    return found


def clips(request: Request) -> Response:
    """`/clips?state=&owner=&before=`: the clips and how each stands, the newest first."""
    who = actor_of(request, Role.EDITOR)
    asked = request.query_params.get("state", "")
    if asked and asked not in {one.value for one in ClipState}:
        raise BadInput(f"{asked[:40]!r} is no state of a clip; choose one on the page")
    owner = request.query_params.get("owner") or None
    rows = list_clips(
        desk_of(request), state=ClipState(asked) if asked else None, owner=owner, limit=_AT_ONCE,
        before_id=number_asked(request, "before"),
    )  # fmt: skip
    older = rows[-1].clip.id if len(rows) == _AT_ONCE else None
    if request.url.path.endswith(".json"):
        return JSONResponse({"clips": [_row(one) for one in rows], "before": older})
    return page(
        request, "clip_list.html", styles=_STYLES, rows=rows, older=older, asked=asked,
        owner=owner, who=who, states=[one.value for one in ClipState], twin="/clips.json",
    )  # fmt: skip


def _row(one: ListedClip) -> dict[str, Any]:
    return {
        "clip": one.clip.id, "headline": one.clip.headline, "title": one.recording.title,
        "state": one.work.state.value, "owner": one.work.owner, "queries": one.queries,
        "recording": one.recording.id, "edition": one.clip.edition,
    }  # fmt: skip


def clip(request: Request) -> Response:
    """`/clips/{id}`: headline, summary with the proof of each clause, spans, who works on it and
    what stops it, and the record as it would be printed."""
    actor_of(request, Role.EDITOR)
    return _page(request, _id(request))


def _page(
    request: Request,
    clip_id: int,
    *,
    status: int = 200,
    trouble: str | None = None,
    theirs: Clip | None = None,
    mine: Mapping[str, str] = _NOTHING,
) -> Response:
    """trouble: what could not be done. theirs, mine: after a save that came too late, what stands
    and what the form sent."""
    desk = desk_of(request)
    values = _values(request, desk, clip_id)
    recording = values["shown"].recording
    return page(
        request, "clip_page.html", status=status, styles=_STYLES, scripts=("clip-page",),
        twin=f"/clips/{clip_id}.json", playback=open_recording(desk, recording.id).playback,
        trouble=trouble, theirs=theirs, mine=mine if mine.get("act") == "save" else _NOTHING,
        cut_by_me=mine.get("act") == "save" and clip_forms.cut_anew(mine),
        **values,
    )  # fmt: skip


def _values(request: Request, desk: Desk, clip_id: int) -> dict[str, Any]:
    """All that is shown of a clip besides its player."""
    shown = show_clip(desk, clip_id)
    proofs = read_proofs(desk, clip_id)
    linked = [link.turn_id for proof in proofs.proofs for link in proof.links]
    reported = [one.turn_id for one in proofs.reported]
    ids = list(dict.fromkeys([*linked, *reported]))
    turns = {one.turn.id: one.turn for one in open_turns_by_id(desk, ids).turns} if ids else {}
    account = account_of(request)
    actor = account.name if account else ""
    preview = preview_clip(desk, clip_id, actor=actor, now_utc=now_utc())
    stops = clip_stops(
        desk, clip_id, now_utc=now_utc(), second_reader_required=desk.second_reader_required
    )
    own = "\n".join([shown.clip.headline or "", *shown.clip.summary])
    number = shown.clip.number
    return {
        "shown": shown, "clip": shown.clip, "work": shown.work, "proofs": proofs.proofs,
        "reported": proofs.reported, "turns": turns, "time_of": time_of, "words_of": words_of,
        "stops": stops, "overlaps": find_overlaps(desk, clip_id),
        "queries": read_queries(desk, clip_id), "preview": preview,
        "marks": hold_against(desk, own, preview.record.language),
        "publishing": facts_of(request, publishing_state(desk, clip_id)),
        "record": record_address(number, desk.series) if number else None,
        "nexts": clip_forms.next_states(shown.work.state),
        "publisher": may(request, Role.PUBLISHER),
        "administrator": may(request, Role.ADMINISTRATOR),
    }  # fmt: skip


def words_of(turn: Turn | None, link: ProofLink) -> str:
    """The words a clause rests on, as they stand."""
    return "" if turn is None else turn.text[link.char_start : link.char_end]


def time_of(turn: Turn | None, link: ProofLink) -> tuple[Ms, Ms] | None:
    """When those words are spoken, or the turn where nobody knows more exactly."""
    if turn is None:
        return None
    timed = [
        one for one in turn.words
        if one.start is not None and one.end is not None
        and link.char_start < one.char_end and one.char_start < link.char_end
    ]  # fmt: skip
    if timed:
        return min(one.start or 0 for one in timed), max(one.end or 0 for one in timed)
    return (turn.span.start, turn.span.end) if turn.span else None


def data(request: Request) -> Response:
    """`/clips/{id}.json`: the clip as the operation `GET /api/v1/clips/{id}` gives it."""
    actor_of(request, Role.EDITOR)
    return JSONResponse(whole_clip(desk_of(request), _id(request)).model_dump(mode="json"))


def parts(request: Request) -> Response:
    """`/clips/{id}/parts`: what changes with every save, for the script to put in its place."""
    actor_of(request, Role.EDITOR)
    values = _values(request, desk_of(request), _id(request))
    return fragment(
        "clip_parts.html", csrf=getattr(request.state, "csrf", None), fresh=True, **values
    )


async def act(request: Request) -> Response:
    """What the page's forms send: `act` says which; then back to the page."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    clip_id = _id(request)
    try:
        await run_in_threadpool(clip_forms.act, request, clip_id, form, actor)
    except StaleClip as stale:
        return await run_in_threadpool(
            _page, request, clip_id, status=409, theirs=stale.clip, mine=form
        )
    except Stopped:
        told = _("It cannot be published yet: something stops it, as told below.")
        return await run_in_threadpool(_page, request, clip_id, status=409, trouble=told)
    except OffairError as error:
        if isinstance(error, NotFound):
            raise
        return await run_in_threadpool(
            _page, request, clip_id, status=400, trouble=str(error), mine=form
        )
    return RedirectResponse(f"/clips/{clip_id}", status_code=303)


def word(request: Request) -> Response:
    """`/clips/{id}.docx`: the draft as a Word document; it is marked as what it is. `?beside` has
    the original beside a translation."""
    actor = actor_of(request, Role.EDITOR)
    desk, clip_id = desk_of(request), _id(request)
    shown = preview_clip(desk, clip_id, actor=actor, now_utc=now_utc())
    beside: Mapping[str, str] = _NOTHING
    if "beside" in request.query_params:
        with desk.catalogue.snapshot() as tx:
            beside = originals(tx, shown.record)
    name = quote(f"clip-{clip_id}-draft.docx", safe="")
    return Response(
        record_docx.write(shown.record, shown.layout, beside=beside),
        media_type=WORD,
        headers={"content-disposition": f"attachment; filename*=utf-8''{name}"},
    )


def subtitled(request: Request) -> Response:
    """`/clips/{id}.mp4`: the exact cut with its words as a track of sub-titles."""
    actor = actor_of(request, Role.EDITOR)
    desk, clip_id = desk_of(request), _id(request)
    with ExitStack() as stack:
        out = stack.enter_context(scratch_folder(desk, "subtitled")) / f"clip-{clip_id}.mp4"
        subtitle_clip(desk, clip_id, out, actor=actor, now_utc=now_utc())
        # The file goes when it was sent.
        sent = BackgroundTask(stack.pop_all().close)
    return FileResponse(out, media_type="video/mp4", filename=out.name, background=sent)


ROUTES = (
    Route("/clips", clips, methods=["GET"]),
    Route("/clips.json", clips, methods=["GET"]),
    Route("/clips/{id:int}.json", data, methods=["GET"]),
    Route("/clips/{id:int}.docx", word, methods=["GET"]),
    Route("/clips/{id:int}.mp4", subtitled, methods=["GET"]),
    Route("/clips/{id:int}/parts", parts, methods=["GET"]),
    Route("/clips/{id:int}", clip, methods=["GET"]),
    Route("/clips/{id:int}", act, methods=["POST"]),
)
