"""Bytes of the vault as a player asks for them: ranges, and nothing a browser would run."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from offair.desk import browse
from offair.desk.log_in import anybody
from offair.desk.public_media import is_public
from offair.model.errors import NotFound
from offair.web.view import desk_of
from offair.web.who import account_of

_RANGE_RE = re.compile(rb"(\d{0,18})-(\d{0,18})")
_SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def media(request: Request) -> Response:
    """`/media/{sha256}`: a recording, its playable copy or a record's cut. `?download` saves it.

    Raises `NotFound` for every other object of the vault, texts and pages above all; and for who is
    not at the desk, where it has accounts, for all but media of published records.
    """
    desk, sha256 = desk_of(request), request.path_params["sha256"]
    if account_of(request) is None and anybody(desk):
        download = "download" in request.query_params
        if not is_public(desk, sha256, download=download):
            raise NotFound("there is no media here that everybody may have")
    found = browse.playable_bytes(desk, sha256)
    tag = f'"{found.object.sha256}"'
    headers = {
        "etag": tag,
        "content-security-policy": _SANDBOX,
        "cache-control": "private, max-age=3600",
    }
    asked = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if asked & {tag, "W/" + tag, "*"}:
        return Response(status_code=304, headers=headers)
    return RangedFile(
        found.path,
        media_type=found.media_type,
        headers=headers,
        filename=found.object.name if "download" in request.query_params else None,
        stat_result=found.path.stat(),
    )


class RangedFile(FileResponse):
    """A file with byte ranges as RFC 9110, section 14 has them.

    The framework's own answer is right for ranges that can be met; a header that is malformed, in
    another unit or sent with HEAD is to be ignored there, not refused, and of several ranges
    those that can be met are sent. So the header is put in order first.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the part asked for."""
        assert self.stat_result is not None  # noqa: S101 - `media` always gives it
        size = self.stat_result.st_size
        headers = []
        for name, value in scope["headers"]:
            if name == b"range":
                kept = ranges_to_send(value, size) if scope["method"] == "GET" else None
                if kept is None:
                    continue
                value = kept
            headers.append((name, value))
        await super().__call__({**scope, "headers": headers}, receive, send)


def ranges_to_send(header: bytes, size: int) -> bytes | None:
    """A Range header reduced to what can be met; None where it is to be ignored.

    `bytes=0-9,900-` of 100 bytes becomes `bytes=0-9`. Where no range can be met the first is
    kept, for the answer 416. size: of the file, bytes.
    """
    unit, _, spec = header.partition(b"=")
    if unit.strip().lower() != b"bytes":
        return None
    asked = [part.strip() for part in spec.split(b",")]
    met = []
    for part in asked:
        match = _RANGE_RE.fullmatch(part)
        if match is None or part == b"-":
            return None
        first, last = match.groups()
        if first and last and int(last) < int(first):
            return None
        if int(first) < size if first else int(last) > 0:
            met.append(part)
    return b"bytes=" + b",".join(met or [b"%d-" % size])


ROUTES = (Route("/media/{sha256:str}", media),)
