"""Today: what came in, what is being heard, what waits, and every channel's day as a strip."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offair.desk import browse
from offair.desk.browse import HearingState
from offair.desk.bulletin import bulletin
from offair.desk.show_day import DAY_S, ChannelDay, ShownDay, show_day
from offair.model.errors import BadInput
from offair.model.people import Role
from offair.model.time import PartialDate
from offair.web.view import WORD, desk_of, page
from offair.web.who import account_of, actor_of

_CAME_IN = 8
_STILL = frozenset({HearingState.RUNNING, HearingState.QUEUED, HearingState.PAUSED})
_TROUBLED = frozenset({HearingState.FAILED, HearingState.QUARANTINED})


def today(request: Request) -> Response:
    """`/`: a day of the desk, the newest aired one unless `?day=2024-05-14` names another."""
    desk = desk_of(request)
    shown = show_day(desk, request.query_params.get("day") or None)
    rows, _ = browse.list_recordings(desk)
    if request.url.path.endswith(".json"):
        return JSONResponse(_data(shown))
    return page(
        request,
        "today.html",
        styles=("today.css",),
        shown=shown,
        came_in=rows[:_CAME_IN],
        at_work=[row for row in rows if row.hearing.state in _STILL],
        troubled=[row for row in rows if row.hearing.state in _TROUBLED],
        hours=[(hour, hour * 3600 * 1000 // DAY_S) for hour in range(0, 24, 3)],
        strip=strip,
        at_desk=account_of(request) is not None,
        twin=f"/today.json?day={shown.day}",
    )


def strip(day: ChannelDay) -> list[dict[str, Any]]:
    """A channel's day for a drawing 1000 wide: where each stretch stands and how wide it is."""
    return [
        {
            "x": round(one.start_s * 1000 / DAY_S, 2),
            "width": max(1.5, round((one.end_s - one.start_s) * 1000 / DAY_S, 2)),
            "held": one.held,
            "recording": one.recording,
            "reason": one.reason,
            "from": clock_of_day(one.start_s),
            "to": clock_of_day(one.end_s),
        }
        for one in day.stretches
    ]


def clock_of_day(seconds: int) -> str:
    """`19:30` of a channel's clock."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def _data(shown: ShownDay) -> dict[str, Any]:
    return {
        "day": shown.day,
        "before": shown.before,
        "after": shown.after,
        "channels": [
            {
                "channel": one.channel.name,
                "zone": one.channel.zone,
                "held_s": one.held_s,
                "stretches": [
                    {
                        "start_s": each.start_s,
                        "end_s": each.end_s,
                        "held": each.held,
                        "reason": each.reason,
                        "recording": each.recording.id,
                    }
                    for each in one.stretches
                ],
                "undated": [each.id for each in one.undated],
            }
            for one in shown.channels
        ],
        "waiting": [
            {"recording": one.recording.id, "layer": one.layer.id, "doubts": one.doubts}
            for one in shown.waiting
        ],
        "more_waiting": shown.more_waiting,
    }


def day_in_word(request: Request) -> Response:
    """`/bulletin/2026-05-14.docx`: the records of a day as one Word document, for the desk."""
    actor_of(request, Role.READER)
    day = request.path_params["day"]
    try:
        date = PartialDate.parse(day)
    except ValueError as error:
        raise BadInput(str(error)) from error
    made = bulletin(desk_of(request), date, "docx")
    name = quote(f"records-{day}.docx", safe="")
    return Response(
        made,
        media_type=WORD,
        headers={"content-disposition": f"attachment; filename*=utf-8''{name}"},
    )


ROUTES = (
    Route("/bulletin/{day:str}.docx", day_in_word),
    Route("/", today),
    Route("/today.json", today),
)
