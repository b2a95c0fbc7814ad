"""Records: the list, the newest or one edition of a record, and its downloads in every format."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from offair import formats
from offair.desk import browse
from offair.desk.export import export
from offair.desk.show_record import Compared, ShownRecord, compare_editions, show_record
from offair.formats import record_html
from offair.model.errors import Refused, Withdrawn
from offair.model.people import Role
from offair.web.conditional import with_validators
from offair.web.page_words import page_words
from offair.web.record_links import base_of, format_links, media_urls, moment_asked, record_address
from offair.web.view import (
    PUBLIC,
    SMALLER,
    desk_of,
    lasting,
    number_asked,
    page,
    script_address,
    style_address,
    template_part,
    text_digest,
)
from offair.web.who import account_of, may

_DATA = ".json"
_ALWAYS = frozenset(("json", "webvtt", "csl", "bibtex"))
"""Formats that are no copy to take away: the page's data, its captions and its citation."""


def records(request: Request) -> Response:
    """`/records`: published and imported records, newest first, paged by `?before=`."""
    desk = desk_of(request)
    public = not may(request, Role.READER)
    before = number_asked(request, "before")
    rows, older = browse.list_records(desk, before=before, public=public)
    if request.url.path.endswith(_DATA):
        data = [_row(row, record_address(row.number, desk.series)) for row in rows]
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


def _row(row: browse.ListedRecord, address: str) -> dict[str, Any]:
    """A record of the list as data; of a withdrawn one only that it is."""
    known: dict[str, Any] = {
        "series": row.number.series, "number": row.number.printed, "address": address,
    }  # fmt: skip
    if row.record is None:
        return known | {"withdrawn": row.withdrawn.day if row.withdrawn else None}
    return known | {
        "edition": row.clip.edition,
        "headline": row.record.headline,
        "date": str(row.record.date) if row.record.date else None,
        "channel": row.record.channel,
        "imported": row.imported,
        "checked": row.record.checked,
        "recording": row.clip.recording_id,
    }


def record(request: Request) -> Response:
    """`/records/{number}`, `/records/{number}/{edition}`, `/records/{number}/s34` (a sentence) and
    the same below a publisher's name; `?t=1:23` plays from there, `?against=1` compares with
    edition 1.

    A suffix of a format that the desk writes (`.txt`, `.json`, `.docx`, …) gives that format.
    """
    desk = desk_of(request)
    address, wanted = _split_suffix(request.path_params["address"])
    try:
        shown = show_record(desk, address)
    except Withdrawn as gone:
        if wanted in (None, "json"):
            return withdrawn(request, gone, data=wanted == "json")
        raise
    _check_shown(request, shown)
    against = number_asked(request, "against")
    if against is not None and wanted in (None, "json"):
        compared = compare_editions(desk, address, against)
        return _comparison(request, compared) if wanted is None else JSONResponse(_data(compared))
    if wanted is not None:
        return _file(request, shown, address, wanted)
    return with_validators(request, _page(request, shown), shown.opened.record.published_utc)


def record_style(request: Request) -> Response:
    """`/record.css`: the style of a record's page, which comes before the desk's own."""
    return Response(record_html.style_sheet(), media_type="text/css", headers=lasting(request))


def _split_suffix(address: str) -> tuple[str, str | None]:
    found = [
        (one.suffix, name)
        for name, one in formats.known().items()
        if one.writes and address.endswith(one.suffix) and len(address) > len(one.suffix)
    ]
    # Of `.json` and `.csl.json` the longer is meant.
    suffix, name = max(found, key=lambda one: len(one[0]), default=("", None))
    return address.removesuffix(suffix), name


def _check_shown(request: Request, shown: ShownRecord) -> None:
    """Raises `Refused` where the channel's terms keep its text at the desk, and nobody of the desk
    asks."""
    if not shown.terms.text and not may(request, Role.READER):
        raise Refused(
            "the terms of this channel keep its records at the desk; log in, or ask the desk"
        )


def _file(request: Request, shown: ShownRecord, address: str, wanted: str) -> Response:
    one, opened = formats.find(wanted), shown.opened
    made = export(desk_of(request), address, wanted, beside="beside" in request.query_params)
    headers = {}
    # A page that stands alone carries its style inside, which the desk's own policy refuses.
    alone = one.media_type.startswith("text/html") or isinstance(made, bytes)
    if "download" in request.query_params or alone:
        name = f"{opened.number.series}-{opened.number.printed}{one.suffix}"
        headers["content-disposition"] = f"attachment; filename*=utf-8''{quote(name, safe='')}"
    answer = Response(made, media_type=one.media_type, headers=headers)
    return with_validators(request, answer, opened.record.published_utc)


def _comparison(request: Request, compared: Compared) -> Response:
    series = desk_of(request).series
    new = compared.new
    return page(
        request,
        "record_compare.html",
        styles=("record_compare.css",),
        compared=compared,
        twin=f"{record_address(new.number, series, new.edition)}.json"
        f"?against={compared.old.edition}",
        addresses=[record_address(new.number, series, one.edition)
                   for one in (compared.old, new)],
    )  # fmt: skip


def _data(compared: Compared) -> dict[str, Any]:
    return {
        "old": compared.old.edition,
        "new": compared.new.edition,
        "lines": [
            {"kind": line.kind, "changes": [[one.old, one.new] for one in line.changes]}
            for line in compared.lines
        ],
    }


def _page(request: Request, shown: ShownRecord) -> Response:
    desk, opened, terms = desk_of(request), shown.opened, shown.terms
    fixed = record_address(opened.number, desk.series, opened.edition)
    newest = record_address(opened.number, desk.series)
    here = fixed if opened.asked_edition else newest
    desk_asks = may(request, Role.READER)
    played = media_urls(opened) if terms.media or desk_asks else {}
    links = format_links(opened, here)
    if not (terms.download or desk_asks):
        links = {name: url for name, url in links.items() if name in _ALWAYS}
    values: dict[str, Any] = {
        "opened": opened, "newest": newest, "twin": f"{here}.json", "desk_name": desk.name,
        "style": style_address(), "elements": script_address(),
        "editions": [
            (one, record_address(opened.number, desk.series, one.edition))
            for one in shown.editions
        ],
        "embed": f"{base_of(request)}/embed{here.removeprefix('/records')}"
        if terms.embed and terms.media and played else None,
        "account": account_of(request), "publishes": may(request, Role.PUBLISHER),
    }  # fmt: skip
    text = record_html.write(
        opened.record,
        opened.layout,
        address=f"{base_of(request)}{here}",
        media_urls=played,
        links=links,
        offered=terms.download or desk_asks,
        stylesheet=f"/record.css?v={text_digest(record_html.style_sheet())}",
        frame=record_html.Frame(
            head_extra=template_part("record_head.html", **values),
            navigation=template_part("record_top.html", **values),
            end=template_part("record_end.html", **values),
        ),
        passage=shown.passage,
        at=moment_asked(request),
        words=page_words(),
    )
    return HTMLResponse(text)


def withdrawn(request: Request, gone: Withdrawn, *, data: bool) -> Response:
    """The page of a record that was withdrawn, or its data twin: number, since when, and why; no
    text, no media. Whatever else it had answers 410."""
    if data:
        return JSONResponse(
            {
                "series": gone.series, "number": gone.printed, "withdrawn": gone.day,
                "reason": gone.reason,
            }
        )  # fmt: skip
    return page(request, "record_withdrawn.html", gone=gone)


ROUTES = (
    Route("/records", records, middleware=PUBLIC),
    Route("/records.json", records, middleware=PUBLIC),
    Route("/records/{address:path}", record, middleware=PUBLIC),
    Route("/record.css", record_style, middleware=SMALLER),
)
