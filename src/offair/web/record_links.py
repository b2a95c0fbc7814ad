"""Addresses of records, and which media files and formats a reader is offered."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import URL
from starlette.requests import Request

from offair import formats
from offair.desk.record_address import OpenRecord
from offair.formats import Holds
from offair.model.record import RecordNumber
from offair.model.time import Ms
from offair.web.view import desk_of
from offair.web.wording import read_time


def base_of(request: Request) -> str:
    """Where the desk is read by others: as its settings say, else as it was asked."""
    said = desk_of(request).address or str(URL(scope=request.scope).replace(path="", query=""))
    return said.rstrip("/")


def moment_asked(request: Request) -> Ms | None:
    """Where in the clip to play from, by `?t=`; None where nothing is asked. Raises `BadInput`."""
    asked = request.query_params.get("t")
    return read_time(asked) if asked else None


def record_address(number: RecordNumber, series: str, edition: int | None = None) -> str:
    """Where a record is read; the desk's own need no series. edition: that one's fixed address."""
    parts = [] if number.series == series else [number.series]
    parts.append(number.printed)
    address = "/records/" + "/".join(quote(part, safe="") for part in parts)
    return address if edition is None else f"{address}/{edition}"


def media_urls(opened: OpenRecord) -> dict[str, str]:
    """The media files of a record by role; a second of one role has a number."""
    urls: dict[str, str] = {}
    for one in opened.record.media:
        # A clip of several spans has one exact file and a copy of the original for each span.
        copies = sum(name.startswith(one.role) for name in urls)
        urls[f"{one.role} {copies + 1}" if copies else one.role] = f"/media/{one.sha256}"
    return urls


def format_links(opened: OpenRecord, here: str) -> dict[str, str]:
    """The address of the record in every format that can hold it."""
    timed = any(turn.span for turn in opened.record.turns)
    return {
        name: f"{here}{one.suffix}"
        for name, one in formats.known().items()
        if one.writes and (timed or one.holds is not Holds.CUES)
    }
