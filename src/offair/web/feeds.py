"""The feed of records."""

from __future__ import annotations

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from offair.desk.show_record import FedRecord, feed_records
from offair.formats import record_atom
from offair.formats.record_atom import Enclosure, FeedEntry, FeedPage
from offair.web.conditional import with_validators
from offair.web.record_links import base_of, record_address
from offair.web.view import PUBLIC, desk_of, number_asked


def atom(request: Request) -> Response:
    """`/records.atom`: published records, the newest first, in pages by `?before=`."""
    desk = desk_of(request)
    before = number_asked(request, "before")
    found, older = feed_records(desk, before)
    base = base_of(request)
    first = f"{base}/records.atom"
    page = FeedPage(
        title=f"{desk.name}: records",
        desk=desk.name,
        here=str(URL(first).include_query_params(before=before)) if before else first,
        first=first,
        following=f"{first}?before={older}" if older else None,
        site=f"{base}/records",
        entries=tuple(_entry(one, base, desk.series) for one in found),
    )
    newest = max((one.updated for one in page.entries), default=None)
    answer = Response(record_atom.write(page), media_type=record_atom.MEDIA_TYPE)
    return with_validators(request, answer, newest)


def _entry(one: FedRecord, base: str, series: str) -> FeedEntry:
    opened, record = one.opened, one.opened.record
    given = record.media if one.terms.media and one.terms.download else ()
    return FeedEntry(
        record,
        opened.number,
        f"{base}{record_address(opened.number, series)}",
        record_atom.updated([record.published_utc, opened.clip.made_utc]),
        tuple(
            Enclosure(f"{base}/media/{file.sha256}", file.media_type, file.size_bytes)
            for file in given
            if file.role == "exact"
        ),
    )


ROUTES = (Route("/records.atom", atom, middleware=PUBLIC),)
