"""Records: the list, the newest or one edition of a record, and its downloads in every format."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from offair import formats
from offair.desk import browse
from offair.desk.export import export
from offair.desk.record_address import OpenRecord
from offair.formats import Holds, record_html
from offair.model.record import RecordNumber
from offair.web.view import (
    desk_of,
    lasting,
    number_asked,
    page,
    script_address,
    style_address,
    template_part,
    text_digest,
)

_DATA = ".json"


def records(request: Request) -> Response:
    """`/records`: published and imported records, newest first, paged by `?before=`."""
    desk = desk_of(request)
    rows, older = browse.list_records(desk, before=number_asked(request, "before"))
    if request.url.path.endswith(_DATA):
        data = [
            {
                "series": row.number.series,
                "number": row.number.printed,
                "address": record_address(row.number, desk.series),
                "edition": row.clip.edition,
                "headline": row.record.headline,
                "date": str(row.record.date) if row.record.date else None,
                "channel": row.record.channel,
                "imported": row.imported,
                "checked": row.record.checked,
                "recording": row.clip.recording_id,
            }
            for row in rows
        ]
        following = f"/records.json?before={older}" if older else None
        return JSONResponse({"records": data, "next": following})
    query = f"?{request.url.query}" if request.url.query else ""
    return page(
        request,
        "records.html",
        rows=[(row, record_address(row.number, desk.series)) for row in rows],
        older=older,
        twin=f"/records.json{query}",
    )


def record(request: Request) -> Response:
    """`/records/{number}`, `/records/{number}/{edition}` and the same below a publisher's name.

    A suffix of a format that the desk writes (`.txt`, `.json`, `.vtt`, …) gives that format.
    """
    desk = desk_of(request)
    address, wanted = _split_suffix(request.path_params["address"])
    opened = browse.open_record(desk, address)
    if wanted is None:
        return _page(request, opened)
    text = export(desk, address, wanted)
    headers = {}
    # A page that stands alone carries its style inside, which the desk's own policy refuses.
    if "download" in request.query_params or formats.find(wanted).media_type.startswith(
        "text/html"
    ):
        name = f"{opened.number.series}-{opened.number.printed}{formats.find(wanted).suffix}"
        headers["content-disposition"] = f"attachment; filename*=utf-8''{quote(name, safe='')}"
    return Response(text, media_type=formats.find(wanted).media_type, headers=headers)


def record_address(number: RecordNumber, series: str, edition: int | None = None) -> str:
    """Where a record is read; the desk's own need no series. edition: that one's fixed address."""
    parts = [] if number.series == series else [number.series]
    parts.append(number.printed)
    address = "/records/" + "/".join(quote(part, safe="") for part in parts)
    return address if edition is None else f"{address}/{edition}"


def record_style(request: Request) -> Response:
    """`/record.css`: the style of a record's page, which comes before the desk's own."""
    return Response(record_html.style_sheet(), media_type="text/css", headers=lasting(request))


def _split_suffix(address: str) -> tuple[str, str | None]:
    for name, one in formats.known().items():
        if one.writes and address.endswith(one.suffix) and len(address) > len(one.suffix):
            return address.removesuffix(one.suffix), name
    return address, None


def _page(request: Request, opened: OpenRecord) -> Response:
    desk = desk_of(request)
    fixed = record_address(opened.number, desk.series, opened.edition)
    newest = record_address(opened.number, desk.series)
    here = fixed if opened.asked_edition else newest
    base = desk.address or str(URL(scope=request.scope).replace(path="", query=""))
    links = {
        name: f"{here}{one.suffix}"
        for name, one in formats.known().items()
        if one.writes and _can_hold(one.holds, opened)
    }
    values: dict[str, Any] = {
        "opened": opened, "newest": newest, "twin": f"{here}.json", "desk_name": desk.name,
        "style": style_address(), "elements": script_address(),
        "editions": [
            (number, record_address(opened.number, desk.series, number))
            for number in range(1, opened.clip.edition + 1)
        ],
    }  # fmt: skip
    media_urls: dict[str, str] = {}
    for one in opened.record.media:
        # A clip of several spans has one exact file and a copy of the original for each span.
        copies = sum(name.startswith(one.role) for name in media_urls)
        name = f"{one.role} {copies + 1}" if copies else one.role
        media_urls[name] = f"/media/{one.sha256}"
    text = record_html.write(
        opened.record,
        opened.layout,
        address=f"{base.rstrip('/')}{here}",
        media_urls=media_urls,
        links=links,
        stylesheet=f"/record.css?v={text_digest(record_html.style_sheet())}",
        frame=record_html.Frame(
            head_extra=template_part("record_head.html", **values),
            navigation=template_part("record_top.html", **values),
            end=template_part("record_end.html", **values),
        ),
    )
    return HTMLResponse(text)


def _can_hold(holds: Holds, opened: OpenRecord) -> bool:
    """Captions need times; a record printed elsewhere often has none."""
    return holds is not Holds.CUES or any(turn.span for turn in opened.record.turns)


ROUTES = (
    Route("/records", records),
    Route("/records.json", records),
    Route("/records/{address:path}", record),
    Route("/record.css", record_style),
)
