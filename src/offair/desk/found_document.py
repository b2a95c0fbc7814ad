"""What a search found as data and as a table: the same for commands, data twins and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from offair.desk.find import Found
from offair.desk.found_sentences import FoundSentence

COLUMNS = (
    "recording", "layer", "turn", "sentence", "kind", "language", "channel", "title", "aired",
    "speaker", "at_ms", "text", "score", "note", "beside",
)  # fmt: skip
"""Of the table of hits."""
_FORMULA = frozenset("=+-@\t\r＝＋－＠")
"""What a formula begins with in a spreadsheet: an empty cell does not, nor do numbers."""


def document(found: Found, by: str | None) -> dict[str, object]:
    """Hits, facets, timeline and coverage as values of JSON. by: the timeline's period, None where
    none was asked for."""
    coverage = found.coverage
    return {
        "query": found.query,
        "total": found.total,
        "changed": found.changed,
        "hits": [_hit(one) for one in found.sentences],
        "facets": {
            name: [{"value": value, "count": count} for value, count in values]
            for name, values in found.facets.items()
        },
        "timeline": {
            "by": by,
            "periods": [{"period": period, "count": count} for period, count in found.timeline],
        }
        if by
        else None,
        "coverage": {
            "words_searched": coverage.words_searched,
            "behind": coverage.behind,
            "remarks": list(coverage.remarks),
            "channels": [
                {
                    "channel": one.channel, "recordings": one.recordings, "texts": one.texts,
                    "held_hours": round(one.held_hours, 3),
                    "transcribed_hours": round(one.transcribed_hours, 3),
                    "words": one.words, "heard_words": one.heard_words,
                    "first": one.first, "last": one.last, "gaps": one.gaps,
                    "gap_hours": round(one.gap_hours, 3),
                }
                for one in coverage.channels
            ],
        },
    }  # fmt: skip


def table(found: Found, by: str | None) -> Iterator[Sequence[object]]:
    """Rows for a CSV file, the heading first: hits, or with a period mentions over time. What a
    spreadsheet would take for a formula stands behind a quote."""
    if by is not None:
        yield (by, "count")
        yield from found.timeline
        return
    yield COLUMNS
    for one in found.sentences:
        facts = _hit(one) | {"beside": " / ".join(other.text for other in one.beside)}
        yield ["" if facts[name] is None else _inert(facts[name]) for name in COLUMNS]


def _hit(one: FoundSentence) -> dict[str, object]:
    return {
        "recording": one.recording.id, "layer": one.layer.id, "turn": one.turn_id,
        "sentence": one.sentence_id, "kind": one.layer.kind.value,
        "language": one.layer.language, "channel": one.recording.channel.name,
        "title": one.recording.title,
        "aired": one.recording.aired.value if one.recording.aired else None,
        "speaker": one.speaker.name, "speaker_confirmed": one.speaker.certain,
        "at_ms": one.at,
        "start_ms": one.span.start if one.span else None,
        "end_ms": one.span.end if one.span else None,
        "text": one.text, "marks": [list(mark) for mark in one.marks],
        "score": round(one.score, 4), "note": one.note,
        "beside": [
            {
                "sentence": other.sentence_id, "layer": other.layer.id,
                "language": other.layer.language, "text": other.text,
                "stale": other.stale, "note": other.note,
            }
            for other in one.beside
        ],
    }  # fmt: skip


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA else value
