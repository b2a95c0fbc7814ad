"""Answers that a reader's program need not fetch twice: ETag and 304 (RFC 9110, section 13)."""

from __future__ import annotations

import datetime
import hashlib
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response


def with_validators(
    request: Request, response: Response, published_utc: str | None = None
) -> Response:
    """The answer with an ETag of its bytes and the time of the newest edition; without a body where
    the reader has these bytes already.

    Only the ETag decides: what a page shows can change without a new edition, when a name is
    withheld.
    """
    digest = hashlib.sha256(bytes(response.body)).hexdigest()[:32]
    etag = f'"{digest}"'
    # A weak one: the bytes may be sent compressed or not.
    response.headers["etag"] = f"W/{etag}"
    # Who asks may be shown more than the next one; a shared cache must ask again.
    response.headers.setdefault("cache-control", "no-cache")
    modified = _http_date(published_utc)
    if modified is not None:
        response.headers["last-modified"] = modified
    asked = [one.strip().removeprefix("W/") for one in
             request.headers.get("if-none-match", "").split(",")]  # fmt: skip
    if response.status_code == 200 and (etag in asked or "*" in asked):
        kept = (
            "etag", "last-modified", "cache-control", "content-security-policy",
            "referrer-policy", "cross-origin-resource-policy",
        )  # fmt: skip
        headers = {name: response.headers[name] for name in kept if name in response.headers}
        return Response(status_code=304, headers=headers)
    return response


def _http_date(text: str | None) -> str | None:
    try:
        when = datetime.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if when.tzinfo is None:
        return None
    return format_datetime(when.astimezone(datetime.UTC), usegmt=True)
