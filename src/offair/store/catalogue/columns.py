"""How structured facts stand in a text column: JSON, read leniently and written one way.

Reading ignores keys it does not know and fills keys that are missing, so that rows of an older
or newer release can be read. A frame rate is written `30000/1001`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from offair.model.errors import Corrupt
from offair.model.recording import MediaFacts, StreamFacts
from offair.model.time import ClockAnchor, DateKind, PartialDate, Precision, Span
from offair.model.transcript import Mark, MarkKind, VoiceSpan

Settings = Mapping[str, str | int | float | bool | None]


def now_utc() -> str:
    """This moment in UTC, ISO 8601 with milliseconds and `Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_json(value: Any) -> str:
    """JSON on one line, keys sorted: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_json(text: str) -> Any:
    """What `write_json` wrote. Raises `Corrupt` where it is not JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise Corrupt(
            f"a JSON column of the catalogue is damaged ({error}); restore it from a backup"
        ) from error


def write_media(media: MediaFacts) -> str:
    """Media facts as JSON; fields that are unknown are left out."""
    streams = []
    for stream in media.streams:
        row = {name: getattr(stream, name) for name in StreamFacts.__dataclass_fields__}
        if stream.frame_rate is not None:
            row["frame_rate"] = f"{stream.frame_rate.numerator}/{stream.frame_rate.denominator}"
        streams.append({name: value for name, value in row.items() if value is not None})
    return write_json(
        {
            "container": media.container,
            "duration_ms": media.duration_ms,
            "start_ms": media.start_ms,
            "browser_playable": media.browser_playable,
            "streams": streams,
            "anchors": [[one.media_ms, one.utc, one.source] for one in media.anchors],
            "notes": list(media.notes),
        }
    )


@lru_cache(maxsize=512)
def read_media(text: str) -> MediaFacts:
    """Media facts from JSON. Raises `Corrupt` where what every release wrote is missing."""
    row = read_json(text)
    try:
        streams = tuple(_stream(one) for one in row["streams"])
        return MediaFacts(
            container=row["container"],
            duration_ms=row["duration_ms"],
            start_ms=row.get("start_ms", 0),
            streams=streams,
            browser_playable=row.get("browser_playable", False),
            anchors=tuple(ClockAnchor(*one[:3]) for one in row.get("anchors", ())),
            notes=tuple(row.get("notes", ())),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise Corrupt(
            f"the media facts of a recording are damaged ({error!r}); restore the catalogue "
            "from a backup"
        ) from error


def _stream(row: Mapping[str, Any]) -> StreamFacts:
    known = {name: row[name] for name in StreamFacts.__dataclass_fields__ if name in row}
    if known.get("frame_rate") is not None:
        known["frame_rate"] = Fraction(known["frame_rate"])
    known.setdefault("codec", None)
    return StreamFacts(**known)


def write_marks(marks: Sequence[Mark]) -> str | None:
    """Marks as JSON; None where there are none."""
    if not marks:
        return None
    return write_json(
        [
            {
                "kind": one.kind.value,
                "char_start": one.char_start,
                "char_end": one.char_end,
                "text": one.text,
                "sense": one.sense,
                "confirmed": one.confirmed,
            }
            for one in marks
        ]
    )


def read_marks(text: str | None) -> tuple[Mark, ...]:
    """Marks from JSON. Raises `Corrupt` where one cannot be read."""
    if text is None:
        return ()
    try:
        return tuple(
            Mark(
                MarkKind(one["kind"]),
                one["char_start"],
                one["char_end"],
                one["text"],
                one.get("sense"),
                one.get("confirmed", True),
            )
            for one in read_json(text)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Corrupt(
            f"the marks of a turn are damaged ({error!r}); restore the catalogue from a backup"
        ) from error


def write_voices(voices: Sequence[VoiceSpan]) -> str:
    """Stretches of voices as JSON: the labels once, then [start, end, place of the label] each."""
    labels = {label: place for place, label in enumerate(dict.fromkeys(v.label for v in voices))}
    spans = [[one.span.start, one.span.end, labels[one.label]] for one in voices]
    return write_json({"labels": list(labels), "spans": spans})


def read_voices(text: str) -> tuple[VoiceSpan, ...]:
    """Stretches of voices from JSON. Raises `Corrupt` where one cannot be read."""
    row = read_json(text)
    try:
        labels = row["labels"]
        return tuple(
            VoiceSpan(Span(start, end), labels[place]) for start, end, place in row["spans"]
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Corrupt(
            f"the voices of a diarisation are damaged ({error!r}); restore the catalogue from a "
            "backup"
        ) from error


def write_date(date: PartialDate | None) -> dict[str, str]:
    """The four columns of an airing; all empty where it is unknown."""
    if date is None:
        return {"aired_value": "", "aired_precision": "", "aired_kind": "", "aired_zone": ""}
    return {
        "aired_value": date.value,
        "aired_precision": date.precision.value,
        "aired_kind": date.kind.value,
        "aired_zone": date.zone,
    }


def read_date(value: str, precision: str, kind: str, zone: str) -> PartialDate | None:
    """An airing from its four columns."""
    return PartialDate(value, Precision(precision), DateKind(kind), zone) if value else None
