"""A record as a web page that stands alone: no scripts, nothing fetched but its own media.

The exported file and the desk's public page are the same page. The file carries its style and a
content security policy that allows just that style; the desk names its stylesheet instead and
sends the policy as a header.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from markupsafe import Markup

from offair.formats.page_words import ENGLISH, PageWords
from offair.formats.record_html_page import page_of
from offair.formats.record_linked_data import linked_data
from offair.formats.standing_page import environment, policy
from offair.model.record import Layout, Record
from offair.model.time import Ms

_NOTHING = Markup("")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Frame:
    """What a site puts around the record: HTML that is already safe, printed as it is.

    head_extra: at the end of `<head>`. navigation: before `<main>`. end: before `</body>`.
    """

    head_extra: Markup = _NOTHING
    navigation: Markup = _NOTHING
    end: Markup = _NOTHING


_BARE = Frame()


@cache
def style_sheet() -> str:
    """The page's style sheet, for a site that serves it under an address of its own."""
    return (files("offair.formats") / "templates" / "record.css").read_text(encoding="utf-8")


def write(
    record: Record,
    layout: Layout | None = None,  # noqa: ARG001 - writers are called alike; the page has its own
    *,
    address: str | None = None,
    media_urls: Mapping[str, str] = _NONE,
    links: Mapping[str, str] = _NONE,
    stylesheet: str | None = None,
    frame: Frame = _BARE,
    passage: str | None = None,
    at: Ms | None = None,
    offered: bool = True,
    words: PageWords = ENGLISH,
) -> str:
    """The record as a complete HTML page.

    address: the page's own, absolute; makes the canonical link, the citation and the addresses of
    turns whole. media_urls: by role of the media file (`exact`, `original`, `proxy`); the first
    of exact, proxy, original is played. links: by name of the format (`webvtt` is also the
    player's caption track) or by a name of the caller's. stylesheet: the address of a style
    sheet; without it the style is inside the page. Addresses are relative or http(s); any other
    raises `BadInput`. passage: the key of a turn or a sentence that is marked, cited and played
    from; at: ms in the clip to play from. offered: whether the media
    files may be taken away, and are listed. words: the page's own, in the
    reader's language. Raises `NotFound` for a passage that is not there.
    """
    page = page_of(
        record, address=address, media_urls=media_urls, links=links, passage=passage, at=at,
        offered=offered, words=words,
    )  # fmt: skip
    style = style_sheet()
    return (
        environment()
        .get_template("record.html.jinja")
        .render(
            record=record,
            page=page,
            frame=frame,
            stylesheet=stylesheet,
            style=Markup(style),
            policy=None if stylesheet else policy(style, "media-src * file: blob:"),
            linked_data=linked_data(record, page),
            words=words,
            _=words.say,
        )
    )
