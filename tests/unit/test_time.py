"""Spans and dates: half-open, and never more exact than what was given."""

from __future__ import annotations

import calendar
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.model.time import LOCAL_TO_CHANNEL, DateKind, PartialDate, Precision, Span

spans = st.tuples(st.integers(0, 200), st.integers(0, 50)).map(lambda p: Span(p[0], p[0] + p[1]))


@given(spans, spans)
def test_spans_overlap_where_they_share_a_millisecond(one: Span, other: Span) -> None:
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    if one.length and other.length:
        assert one.overlaps(other) == bool(shared)
    elif one.length or other.length:
        moment, long = (other, one) if one.length else (one, other)
        assert one.overlaps(other) == (long.start < moment.start < long.end)
    else:
        assert not one.overlaps(other)
    assert one.overlaps(other) == other.overlaps(one)


@given(spans)
def test_a_span_touches_its_neighbours_without_sharing(span: Span) -> None:
    assert not span.overlaps(Span(span.end, span.end + 5))
    assert span.length == span.end - span.start


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3), (-2, -1)])
def test_a_span_that_no_recording_has_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start <= end"):
        Span(start, end)


moments = st.datetimes()
zones = st.sampled_from(["", "Z", "+03:00", "-12:00", "+14:00", "+05:45", "-00:30"])
_WIDTH = {
    Precision.YEAR: 4,
    Precision.MONTH: 7,
    Precision.DAY: 10,
    Precision.MINUTE: 16,
    Precision.SECOND: 19,
}


@given(moments, st.sampled_from(Precision), zones, st.sampled_from(DateKind))
def test_a_date_keeps_value_precision_zone_and_kind(
    moment: datetime, precision: Precision, zone: str, kind: DateKind
) -> None:
    value = moment.isoformat(timespec="seconds")[: _WIDTH[precision]]
    if precision not in (Precision.MINUTE, Precision.SECOND):
        zone = ""
    read = PartialDate.parse(value + zone, kind)
    assert read == PartialDate(value, precision, kind, zone or LOCAL_TO_CHANNEL)
    assert read.day == (value[:10] if precision is not Precision.YEAR and len(value) > 7 else None)
    assert PartialDate.parse(str(read), kind) == read


@given(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
def test_a_day_is_read_exactly_where_the_calendar_has_it(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    there = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    if there:
        assert PartialDate.parse(text).day == date(year, month, day).isoformat()
    else:
        with pytest.raises(ValueError, match="names a day"):
            PartialDate.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "21-06-01",
        "2021-6-1",
        "2021-06-01T19",
        "2021-06-01T19:30:05.5",
        "2021-06-01T24:00",
        "2021-06-01T19:60",
        "2021-06-01T19:30:61",
        "2021-06-01Z",
        "2021-06-01T19:30+15:00",
        "2021-06-01T19:30-12:30",
        "2021-06-01T19:30+03:60",
        "0000-01-01",
        "2021-06-01\n2021-06-02",
        "٢٠٢١-٠٦-٠١",
        "2021/06/01",
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date|no calendar|no clock|no zone"):
        PartialDate.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        read = PartialDate.parse(text)
    except ValueError:
        return
    assert PartialDate.parse(str(read)) == read
