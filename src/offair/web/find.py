"""Find: who said what, with facets, mentions over time, and the sound of every hit.

The page asks twice: for the hits, which come as soon as enough are known, and for what surrounds
them, which needs all of them. Without scripts one page has both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offair.desk import found_document
from offair.desk.browse import open_recording
from offair.desk.find import Found, find
from offair.desk.found_sentences import FoundSentence
from offair.desk.suggest import suggest
from offair.formats import mentions_svg
from offair.formats.mentions_svg import Bar
from offair.model.errors import BadInput, QueryError
from offair.model.time import PartialDate
from offair.web import wording
from offair.web.find_address import AT_ONCE, PERIODS, Asked
from offair.web.language import _, _n, marked, spoken
from offair.web.view import desk_of, fragment, page, recording_asked

MOST_IN_FILE = 1_000
"""Hits in a file of them."""
SHOWN_VALUES = 8
"""Values of a facet that stand there before the rest is asked for."""
MOST_VALUES = 200
"""Values of a facet on the page; the data have all."""
LONGEST_SHOWN = 700
"""Characters of a hit: a text without sentences may hold pages."""
_AROUND = 240
_STYLES = ("find.css",)
_FACETS = (
    ("speaker", marked("Speakers")),
    ("channel", marked("Channels")),
    ("layer", marked("Kinds of text")),
    ("language", marked("Languages")),
)
_LAYERS = (marked("speech"), marked("captions"), marked("translation"))
_BY = {
    "day": marked("Day"), "week": marked("Week"), "month": marked("Month"), "year": marked("Year"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a facet. name: as shown; asked: it is among the filters; address: with it, or
    without it where it is."""

    name: str
    count: int
    asked: bool
    address: str | None


def find_page(request: Request) -> Response:
    """`/find`: the search of its address. `?part=hits` and `?part=around` are its two parts."""
    part = request.query_params.get("part")
    try:
        asked = Asked.read(request.query_params)
        values = _values(request, asked, part)
    except BadInput as error:
        return _refused(request, part, error)
    if part == "hits":
        return fragment("find_hits.html", **values)
    if part == "around":
        return fragment("find_around.html", **values)
    return page(
        request, "find.html", styles=_STYLES, scripts=("find",), twin=asked.address("/find.json"),
        **values,
    )  # fmt: skip


def _values(request: Request, asked: Asked, part: str | None) -> dict[str, Any]:
    """What the page or a part of it shows. Raises `BadInput`, and what a search raises."""
    found = None
    if asked.anything:
        found = find(
            desk_of(request), asked.text, filters=asked.filters,
            limit=0 if part == "around" else AT_ONCE, after=asked.skip, ranked=asked.ranked,
            by=None if part == "hits" else asked.by,
        )  # fmt: skip
    return {
        "asked": asked, "found": found, "trouble": None, "around": part != "hits",
        **_shown(asked, found),
    }  # fmt: skip


def _shown(asked: Asked, found: Found | None) -> dict[str, Any]:
    made = mentions_svg.bars(found.timeline, asked.by) if found is not None else []
    return {
        "snippet": snippet,
        "chips": [
            (_chip(field.value, value), asked.widened(field.value, value).address())
            for field, value in asked.values
        ],
        "facets": _facets(asked, found.facets) if found is not None else [],
        "shown_values": SHOWN_VALUES,
        "count": _count(found) if found is not None else "",
        "plot": _plot(asked, made),
        "bars": [
            (_bar_name(asked.by, one), one.count, _bar_address(asked, one))
            for one in made
            if one.count
        ],
        "most": max((one.count for one in made), default=0),
        "ends": _ends(asked.by, made),
        "undated": 0 if found is None else
        found.total - sum(count for _period, count in found.timeline),
        "periods": [(one, _(_BY[one]), asked.counted(one).address()) for one in PERIODS],
        "at_once": AT_ONCE,
    }  # fmt: skip


def _refused(request: Request, part: str | None, error: BadInput) -> Response:
    """The page with what was typed and where it cannot be read."""
    try:
        asked = Asked.read(request.query_params)
    except BadInput:
        asked = Asked()
    values = {
        "asked": asked, "found": None, "trouble": _trouble(error), "around": False,
        **_shown(asked, None),
    }  # fmt: skip
    if part is not None:
        # An answer like others: the page shows it, and it is no fault of the server's.
        return fragment("find_around.html" if part == "around" else "find_hits.html", **values)
    return page(
        request, "find.html", status=400, styles=_STYLES, scripts=("find",), twin=None, **values
    )


def _trouble(error: BadInput) -> dict[str, Any]:
    message = str(error)
    told: dict[str, Any] = {"message": f"{message[:1].upper()}{message[1:]}.", "at": None}
    if isinstance(error, QueryError) and error.text.strip():
        at = min(error.at, len(error.text))
        first = max(0, at - 60)
        told |= {
            "at": at,
            "before": ("…" if first else "") + error.text[first:at],
            "here": error.text[at : at + 1] or " ",
            "after": error.text[at + 1 : at + 60],
        }
    return told


def found_data(request: Request) -> Response:
    """`/find.json`: as `offair find --json` prints it."""
    try:
        asked = Asked.read(request.query_params)
        if not asked.anything:
            raise BadInput("what is looked for? Give q=, or a filter such as speaker=")
        found = _whole(request, asked)
    except QueryError as error:
        told = {"status": 400, "title": _("That cannot be used"), "message": str(error),
                "at": error.at, "pointer": error.pointer}  # fmt: skip
        return JSONResponse({"error": told}, 400)
    return JSONResponse(found_document.document(found, asked.by))


def found_table(request: Request) -> Response:
    """`/find.csv`: the hits as a table; `?mentions` the mentions over time instead."""
    asked = Asked.read(request.query_params)
    mentions = "mentions" in request.query_params
    found = _whole(request, asked, limit=0 if mentions else MOST_IN_FILE)
    text = io.StringIO()
    rows = found_document.table(found, asked.by if mentions else None)
    csv.writer(text, lineterminator="\n").writerows(rows)
    headers = {"content-disposition": 'attachment; filename="found.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _whole(request: Request, asked: Asked, limit: int | None = None) -> Found:
    if limit is None:
        raw = request.query_params.get("limit", "")
        if raw and not (raw.isascii() and raw.isdigit() and int(raw[:6]) <= MOST_IN_FILE):
            raise BadInput(f"limit={raw[:20]} is none: a file has at most {MOST_IN_FILE:,} hits")
        limit = int(raw[:6]) if raw else AT_ONCE
    return find(
        desk_of(request), asked.text, filters=asked.filters, limit=limit, after=asked.skip,
        ranked=asked.ranked, by=asked.by,
    )  # fmt: skip


def suggestions(request: Request) -> Response:
    """`/find/suggest.json?what=speaker&begin=jan`: names that begin so."""
    params = request.query_params
    names = suggest(desk_of(request), params.get("what", ""), params.get("begin", ""))
    return JSONResponse({"names": list(names)})


def player(request: Request) -> Response:
    """`/player/{id}?t=&layer=`: the player of a recording, to be put where its words are shown."""
    at = request.query_params.get("t")
    opened = open_recording(desk_of(request), recording_asked(request))
    return fragment(
        "find_player.html", opened=opened, recording=opened.recording,
        at=wording.read_time(at) if at else 0,
    )  # fmt: skip


def snippet(one: FoundSentence) -> Markup:
    """The words of a hit with what was asked for marked; of a long one what stands around the
    first mark."""
    start, end = 0, len(one.text)
    if end > LONGEST_SHOWN:
        first = one.marks[0][0] if one.marks else 0
        start = _word_start(one.text, first - _AROUND) if first > _AROUND else 0
        end = _word_start(one.text, start + LONGEST_SHOWN)
    pieces, at = [Markup("… ") if start else Markup()], start
    for begin, stop in one.marks:
        if begin < at or stop > end:
            continue
        pieces.append(escape(one.text[at:begin]))
        pieces.append(Markup("<mark>{}</mark>").format(one.text[begin:stop]))
        at = stop
    pieces.append(escape(one.text[at:end]))
    pieces.append(Markup("…") if end < len(one.text) else Markup())
    return Markup("").join(pieces)


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at)
    return space + 1 if 0 <= space < at + 60 else at


def _count(found: Found) -> str:
    text = _n("%(num)s sentence", "%(num)s sentences", found.total)
    told = text % {"num": wording.number(found.total)}
    return _("at least %(count)s") % {"count": told} if found.total_at_least else told


def _facets(
    asked: Asked, facets: Mapping[str, Sequence[tuple[str, int]]]
) -> list[tuple[str, str, list[Facet], int]]:
    """(field, heading, values, how many more there are)."""
    made = []
    for field, heading in _FACETS:
        rows = facets.get(field, ())
        values = [_facet(asked, field, value, count) for value, count in rows[:MOST_VALUES]]
        if values:
            made.append((field, _(heading), values, max(0, len(rows) - MOST_VALUES)))
    return made


def _facet(asked: Asked, field: str, value: str, count: int) -> Facet:
    if not value:
        return Facet(_("not known"), count, asked=False, address=None)
    there = asked.has(field, value)
    other = asked.widened(field, value) if there else asked.narrowed(field, value)
    return Facet(value_name(field, value), count, there, other.address())


def value_name(field: str, value: str) -> str:
    """A filter's value as it is read."""
    if field == "layer" and value in _LAYERS:
        return _(value)
    if field == "language":
        name = spoken().locale.languages.get(value.partition("-")[0])
        return f"{name} ({value})" if name else value
    if field in ("after", "before"):
        try:
            return wording.day(PartialDate.parse(value))
        except ValueError:
            return value
    return value


def _chip(field: str, value: str) -> str:
    shown = {"value": value_name(field, value)}
    return {
        "speaker": _("speaker: %(value)s"),
        "channel": _("channel: %(value)s"),
        "language": _("language: %(value)s"),
        "layer": _("kind of text: %(value)s"),
        "after": _("from %(value)s"),
        "before": _("before %(value)s"),
    }[field] % shown


def _plot(asked: Asked, made: Sequence[Bar]) -> Markup | None:
    if not made:
        return None
    return mentions_svg.write(
        made,
        label=_("Mentions over time"),
        title=lambda one: f"{_bar_name(asked.by, one)}: {wording.number(one.count)}",
        address=partial(_bar_address, asked),
    )


def _bar_address(asked: Asked, bar: Bar) -> str:
    return asked.between(*mentions_svg.bounds(bar.first, bar.last, asked.by)).address()


def _bar_name(by: str, bar: Bar) -> str:
    first = _period(by, bar.first)
    if bar.first == bar.last:
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": _period(by, bar.last)}


def _period(by: str, name: str) -> str:
    if by == "week":
        monday = mentions_svg.bounds(name, name, by)[0]
        return _("week of %(day)s") % {"day": wording.day(PartialDate.parse(monday))}
    return wording.day(PartialDate.parse(name))


def _ends(by: str, made: Sequence[Bar]) -> tuple[str, str] | None:
    return (_period(by, made[0].first), _period(by, made[-1].last)) if made else None


ROUTES = (
    Route("/find", find_page),
    Route("/find.json", found_data),
    Route("/find.csv", found_table),
    Route("/find/suggest.json", suggestions),
    Route("/player/{id:int}", player),
)
