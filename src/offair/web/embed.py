"""A record inside other people's pages: its player, its headline, its citation, and nothing else.

The one page of the desk that may be framed, and only where the channel's terms allow it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from offair.desk.show_record import show_record
from offair.formats import record_html
from offair.formats.record_html_page import page_of
from offair.model.errors import NotFound, Refused
from offair.web.conditional import with_validators
from offair.web.page_words import page_words
from offair.web.record_links import base_of, format_links, media_urls, moment_asked, record_address
from offair.web.view import PUBLIC, desk_of, template_part, text_digest

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; media-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors *"
    ),
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-resource-policy": "cross-origin",
}
"""What a browser may do with an embedded record: any page may frame it, no script runs in it."""


def embed(request: Request) -> Response:
    """`/embed/{number}`, and addresses of editions and sentences; `?t=1:23` plays from there."""
    desk = desk_of(request)
    shown = show_record(desk, request.path_params["address"])
    opened, terms = shown.opened, shown.terms
    if not (terms.embed and terms.media and terms.text):
        raise Refused("the terms of this channel do not let its records be embedded; link to it")
    if not opened.record.media:
        raise NotFound("this record has no sound or picture to embed; link to its page")
    edition = opened.edition if opened.asked_edition else None
    here = record_address(opened.number, desk.series, edition)
    page = page_of(
        opened.record,
        address=f"{base_of(request)}{here}",
        media_urls=media_urls(opened),
        links=format_links(opened, here),
        passage=shown.passage,
        at=moment_asked(request),
        words=page_words(),
    )
    text = template_part(
        "embed.html",
        page=page,
        stylesheet=f"/record.css?v={text_digest(record_html.style_sheet())}",
    )
    return with_validators(
        request, HTMLResponse(text, headers=HEADERS), opened.record.published_utc
    )


ROUTES = (Route("/embed/{address:path}", embed, middleware=PUBLIC),)
