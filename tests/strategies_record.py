"""Hypothesis strategies for clip records, shared by the tests of every format.

A record made here is one that a desk could hold: keys are unique, a turn's speaker exists, marks
lie in their texts, times lie in the record's spans. Texts are hostile: markup, arrows, quotes,
right-to-left letters, line ends.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from offair.model.record import (
    Completeness,
    Layout,
    LayoutPiece,
    Paragraph,
    Record,
    RecordMedia,
    RecordNumber,
    RecordSentence,
    RecordSpan,
    RecordSpeaker,
    RecordTurn,
    Remark,
    Severity,
    StandingMark,
)
from offair.model.time import DateKind, PartialDate, Span
from offair.model.transcript import Mark, MarkKind, SpeakerKind

NASTY = (
    "</script><script>alert(1)</script>",
    "<b>bold</b> & <i>",
    "a --> b",
    "00:00:01,000 --> 00:00:02,000",
    "]]> <!-- -->",
    "R&D &amp; &lt;tag&gt; {\\an8}",
    "# heading\n> quote\n- item\n1. one\n```\ncode",
    "[a](javascript:alert(1)) ![x](y) *a* _b_ `c` ~~d~~ | e |",
    "https://example.org/?a=1&b=2 a@example.org",
    "قال: «لا» ثم صمت",
    "He said: \"No.\" 'Yes'",
    "1989",
    "\u202eabc\u202c \u200f",
    "NOTE this\n\nis two paragraphs",
    "e\u0301\U0001f399",
)

characters = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(characters, max_size=40),
    st.lists(st.sampled_from(NASTY), min_size=1, max_size=3).map(" ".join),
    st.text("abc def.\n'\"<>&*_", max_size=30),
)
spoken = texts.filter(lambda text: bool(text.strip()))
names = st.one_of(
    st.sampled_from(["Ann Lee", "Qais Khazali", "Interviewer", "قيس الخزعلي", "O'Neil & Co"]),
    texts,
)
optional_texts = st.none() | texts
languages = st.sampled_from(["en", "ar", "acm", "pt-BR", "und"])
dates = st.builds(
    PartialDate.parse,
    st.sampled_from(
        ["2021", "2021-06", "2021-06-01", "2021-06-01T19:30", "2021-06-01T19:30:05+03:00"]
    ),
    st.sampled_from(DateKind),
)
_hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
_counts = st.integers(0, 10**9)


@st.composite
def marks(draw: st.DrawFn, text: str) -> Mark:
    """A mark that lies in `text`."""
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return Mark(
        draw(st.sampled_from(MarkKind)),
        start,
        end,
        text[start:end],
        draw(st.none() | st.sampled_from(["unknown", "inferred from spacing"])),
        draw(st.booleans()),
    )


@st.composite
def paragraphs(draw: st.DrawFn, span: Span | None = None, *, marked: bool = True) -> Paragraph:
    """A paragraph with marks, in this span."""
    text = draw(spoken)
    found = draw(st.lists(marks(text), max_size=2)) if marked else []
    return Paragraph(text, tuple(found), span)


@st.composite
def sentences(
    draw: st.DrawFn, part: Paragraph, place: int, turn: int
) -> tuple[RecordSentence, ...]:
    """None, or up to three sentences of a paragraph in order, with keys of its place."""
    edges = sorted(draw(st.sets(st.integers(0, len(part.text)), max_size=4)))
    return tuple(
        RecordSentence(f"s{turn}{place}{index}", start, end, part.span)
        for index, (start, end) in enumerate(pairwise(edges))
    )


@st.composite
def standing_marks(draw: st.DrawFn) -> StandingMark:
    """A mark on a line of its own, printed or inferred."""
    text = draw(st.sampled_from(["[...]", "…", "(LAUGHTER)", ""]))
    mark = Mark(
        MarkKind.STAGE if "LAUGH" in text else MarkKind.CUT,
        0,
        len(text),
        text,
        None if text else "inferred from spacing",
    )
    return StandingMark(mark, draw(st.none() | _counts))


@st.composite
def records(draw: st.DrawFn, *, timed: bool = False) -> Record:
    """A record; `timed`: every paragraph has a span of at least 1 ms inside the record's span."""
    speakers = tuple(
        RecordSpeaker(
            f"s{number}",
            draw(names),
            draw(st.sampled_from(SpeakerKind)),
            tuple(draw(st.lists(names, max_size=2))),
            draw(optional_texts),
        )
        for number in range(1, draw(st.integers(0, 3)) + 1)
    )
    origin = draw(st.integers(0, 10**7))
    now = origin
    body: list[RecordTurn | StandingMark] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        if draw(st.integers(0, 4)) == 0:
            body.append(draw(standing_marks()))
        parts: list[Paragraph | StandingMark] = []
        start = now
        for _ in range(draw(st.integers(1, 3))):
            end = now + draw(st.integers(1, 10**5))
            has_time = timed or draw(st.booleans())
            part = draw(paragraphs(Span(now, end) if has_time else None))
            parts.append(replace(part, sentences=draw(sentences(part, len(parts), number))))
            now = end
            if draw(st.integers(0, 4)) == 0:
                parts.append(draw(standing_marks()))
        speaker = draw(st.sampled_from(speakers)) if speakers and draw(st.booleans()) else None
        body.append(
            RecordTurn(
                f"t{number}",
                draw(optional_texts),
                speaker.key if speaker else None,
                tuple(parts),
                Span(start, now) if timed or draw(st.booleans()) else None,
                draw(st.sampled_from(["machine", "import", "person"])),
                draw(st.booleans()),
                draw(optional_texts),
                draw(st.none() | _counts),
                draw(st.booleans()),
            )
        )
    known_span = timed or draw(st.booleans())
    return Record(
        number=draw(st.none() | st.builds(RecordNumber, texts, texts)),
        edition=draw(st.integers(0, 9)),
        date=draw(st.none() | dates),
        aired=draw(st.none() | dates),
        headline=draw(optional_texts),
        run_time_ms=draw(st.none() | _counts),
        channel=draw(optional_texts),
        country=draw(optional_texts),
        summary=tuple(draw(st.lists(paragraphs(), max_size=2))),
        speakers=speakers,
        body=tuple(body),
        completeness=draw(st.sampled_from(Completeness)),
        language=draw(languages),
        original_language=draw(languages),
        kind=draw(st.sampled_from(["speech", "translation"])),
        translator=draw(optional_texts),
        checked=draw(st.booleans()),
        made_by=draw(optional_texts),
        published_utc=draw(st.none() | st.just("2026-01-02T03:04:05Z")),
        spans=(RecordSpan(1, Span(origin, now), draw(st.none() | _hashes)),) if known_span else (),
        media=tuple(draw(st.lists(_media(), max_size=2))),
        stale=draw(st.sampled_from([0, 1, 7])),
    )


@st.composite
def _media(draw: st.DrawFn) -> RecordMedia:
    clip_in = draw(st.integers(0, 10_000))
    return RecordMedia(
        draw(st.sampled_from(["exact", "original", "proxy"])),
        draw(_hashes),
        draw(_counts),
        draw(st.sampled_from(["video/mp4", "audio/mp4"])),
        draw(texts),
        clip_in,
        clip_in + draw(_counts),
    )


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """A layout as a value: its pieces need not print any record."""
    pieces = st.builds(
        LayoutPiece,
        texts,
        st.none() | st.sampled_from(["headline", "turn:t1:label"]),
        optional_texts,
        st.lists(st.tuples(st.integers(0, 9), texts), max_size=2).map(tuple),
    )
    return Layout(draw(texts), tuple(draw(st.lists(pieces, max_size=4))))


remarks = st.builds(
    Remark, st.sampled_from(Severity), texts, st.none() | st.integers(1, 10**6), texts
)
