"""What an edition changes that no tidying may: words, names, numbers, speakers, extent, marks."""

from __future__ import annotations

from collections.abc import Iterator

from offair.model.record import Paragraph, Record, RecordTurn
from offair.text.tidied import beyond_tidy

_MOST_NAMED = 3
"""Changes that a sentence names."""


def not_tidy(old: Record, new: Record) -> str | None:
    """What `new` changes of `old` beside spelling and punctuation, as the end of a sentence; None
    where it changes nothing else."""
    for what, was, now in (
        ("the channel", (old.channel, old.country), (new.channel, new.country)),
        ("when it was aired", old.aired, new.aired),
        ("the spans", old.spans, new.spans),
        ("the language", (old.language, old.kind), (new.language, new.kind)),
        ("the turns or the cuts", _frame(old), _frame(new)),
        ("who speaks", _speakers(old), _speakers(new)),
    ):
        if was != now:
            return f"{what} changed"
    changed = [
        pair
        for was, now in zip(_texts(old), _texts(new), strict=True)
        for pair in beyond_tidy(was, now, None if old.language == "und" else old.language)
    ]
    if not changed:
        return None
    named = ", ".join(_named(*pair) for pair in changed[:_MOST_NAMED])
    more = len(changed) - _MOST_NAMED
    return f"{named} {f'and {more} more ' if more > 0 else ''}changed"


def _named(was: str, now: str) -> str:
    if not was:
        return f"“{now}” (put in)"
    return f"“{was}” (to “{now}”)" if now else f"“{was}” (taken out)"


def _frame(record: Record) -> list[object]:
    """The turns, paragraphs and marks of the body without their words."""
    found: list[object] = [len(record.summary)]
    for item in record.body:
        parts = item.parts if isinstance(item, RecordTurn) else (item,)
        found.append(isinstance(item, RecordTurn))
        for part in parts:
            marks = part.marks if isinstance(part, Paragraph) else (part.mark,)
            found.append((isinstance(part, Paragraph), [one.kind for one in marks]))
    return found


def _speakers(record: Record) -> list[tuple[str | None, str | None, str | None]]:
    known = {one.key: one.name for one in record.speakers}
    return [(known.get(one.speaker or ""), one.label, one.confirmed_by) for one in record.turns]


def _texts(record: Record) -> Iterator[str]:
    """Headline, summary and speech, part by part; of equal frames equally many."""
    yield record.headline or ""
    for paragraph in record.summary:
        yield paragraph.text
    for turn in record.turns:
        for part in turn.paragraphs:
            yield part.text
