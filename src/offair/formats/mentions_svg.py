"""Mentions over time as bars of an SVG that stands in a page: no style, no script of its own.

Periods without a mention have their place. Where there are more periods than bars can be told
apart, neighbouring ones are one bar. Every bar may be a link, so that it is reached by keys; its
title says its period and its count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

MOST_BARS = 120
"""More are too thin to be told apart on a telephone."""
WIDTH, HEIGHT = 1000, 120
"""Of the drawing; the page stretches it to its own width."""
_LEAST_HEIGHT = 2.0
_SPACE = 0.12
"""Of a bar's place, left empty beside it."""
_WIDEST = 60.0
"""A bar in the middle of a place of its own, where there are few."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One or more periods. first, last: their names (`2024-05`, `2024-W20`); count: mentions."""

    first: str
    last: str
    count: int


def filled(timeline: Sequence[tuple[str, int]], by: str) -> list[tuple[str, int]]:
    """A timeline with the periods in which nothing was said, from its first to its last.

    by: `day`, `week`, `month` or `year`; periods are named as the timeline names them.
    """
    if not timeline:
        return []
    counts = dict(timeline)
    return [(name, counts.get(name, 0)) for name in _periods(timeline[0][0], timeline[-1][0], by)]


def bars(timeline: Sequence[tuple[str, int]], by: str, most: int = MOST_BARS) -> list[Bar]:
    """The bars of a timeline: one for each period, or for as many neighbours as keep them below
    `most`."""
    rows = filled(timeline, by)
    each = max(1, -(-len(rows) // most))
    return [
        Bar(some[0][0], some[-1][0], sum(count for _, count in some))
        for some in (rows[at : at + each] for at in range(0, len(rows), each))
    ]


def bounds(first: str, last: str, by: str) -> tuple[str, str]:
    """The dates, as `after:` and `before:` take them, from the first period to the end of the last.

    Of the last period a calendar has, the end is its own last day.
    """
    if by == "year":
        return first, f"{min(int(last) + 1, date.max.year):04}"
    if by == "month":
        following = int(last[:4]) * 12 + int(last[5:7])
        return first, f"{min(following // 12, date.max.year):04}-{following % 12 + 1:02}"
    start, end = _first_day(first), _first_day(last)
    step = timedelta(days=7 if by == "week" else 1)
    return start.isoformat(), (end + min(step, date.max - end)).isoformat()


def write(
    made: Sequence[Bar],
    *,
    label: str,
    title: Callable[[Bar], str],
    address: Callable[[Bar], str] | None = None,
) -> Markup:
    """The bars as an `<svg>` element.

    label: what the drawing is called; title: of a bar; address: where a bar leads. Of links the
    last is reached by the tabulator, the others by what a page's script adds.
    """
    most = max((one.count for one in made), default=0)
    place = WIDTH / max(1, len(made))
    width = min(place * (1 - _SPACE), _WIDEST)
    drawn = Markup("").join(
        _drawn(one, at * place + (place - width) / 2, width, most, title(one),
               address(one) if address else None, last=at == len(made) - 1, column=at * place,
               place=place)
        for at, one in enumerate(made)
    )  # fmt: skip
    return Markup(
        '<svg class="mentions" viewBox="0 0 {} {}" preserveAspectRatio="none" role="{}" '
        'aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, "group" if address else "img", label, drawn)


def _drawn(
    bar: Bar, x: float, width: float, most: int, title: str, address: str | None,
    *, last: bool, column: float, place: float,
) -> Markup:  # fmt: skip
    height = max(_LEAST_HEIGHT, bar.count * HEIGHT / most) if bar.count else 0.0
    shape = Markup(
        '<rect class="bar" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>'
    ).format(x, HEIGHT - height, width, height)
    if address is None or not bar.count:
        return shape
    # The whole column is the target: a bar of two units could not be hit.
    target = Markup('<rect class="target" x="{:.2f}" y="0" width="{:.2f}" height="{}"/>').format(
        column, place, HEIGHT
    )
    return Markup('<a href="{}" aria-label="{}" tabindex="{}"><title>{}</title>{}{}</a>').format(
        address, title, 0 if last else -1, title, target, shape
    )


def _periods(first: str, last: str, by: str) -> Iterator[str]:
    if by == "year":
        yield from (f"{year:04}" for year in range(int(first), int(last) + 1))
    elif by == "month":
        start, end = (int(one[:4]) * 12 + int(one[5:7]) - 1 for one in (first, last))
        yield from (f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, end + 1))
    else:
        step = timedelta(days=7 if by == "week" else 1)
        day, end_day = _first_day(first), _first_day(last)
        while day <= end_day:
            year, week, _ = day.isocalendar()
            yield f"{year:04}-W{week:02}" if by == "week" else day.isoformat()
            if end_day - day < step:
                break
            day += step


def _first_day(period: str) -> date:
    if "W" in period:
        return date.fromisocalendar(int(period[:4]), int(period[6:]), 1)
    return date.fromisoformat((period + "-01-01")[:10])
