"""A record as it may be shown: whoever is withheld since it was published is named nowhere in it.

The labels, the list of speakers, headline, summary and the edition's note are the desk's words,
and are put right; what is said in a turn stays what was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from offair.model.record import WITHHELD, Paragraph, Record, RecordSpeaker, RecordTurn
from offair.model.transcript import SpeakerKind

_SPEAKS_FOR_RE = re.compile(r"(?: for| reading| \(interpreter for) $", re.IGNORECASE)


def without_names(record: Record, names: Collection[str]) -> Record:
    """The record without these names, upper and lower case aside; the very same record where it
    has none of them.

    A speaker of such a name is printed as `WITHHELD`, in every form; of a voice that speaks for
    somebody withheld only the voice is printed.
    """
    hidden = _pattern(names)
    if hidden is None:
        return record
    speakers = [_speaker(one, hidden) for one in record.speakers]
    gone = {
        old.key
        for old, new in zip(record.speakers, speakers, strict=True)
        if new.name == WITHHELD and old.name != WITHHELD
    }
    forms = [form for one in record.speakers if one.key in gone for form in (one.name, *one.forms)]
    everywhere = _pattern([*names, *forms]) or hidden

    def label(turn: RecordTurn) -> RecordTurn:
        if turn.label is None:
            return turn
        said = WITHHELD if turn.speaker in gone else _label(turn.label, hidden)
        return turn if said == turn.label else replace(turn, label=said)

    made = replace(
        record,
        headline=None if record.headline is None else everywhere.sub(WITHHELD, record.headline),
        summary=tuple(_paragraph(one, everywhere) for one in record.summary),
        note=None if record.note is None else everywhere.sub(WITHHELD, record.note),
        speakers=tuple(speakers),
        body=tuple(label(one) if isinstance(one, RecordTurn) else one for one in record.body),
    )
    return record if made == record else made


def _pattern(names: Collection[str]) -> re.Pattern[str] | None:
    """Any of these names as whole words, the longest first; None where there is none."""
    wanted = sorted({" ".join(name.split()) for name in names} - {"", WITHHELD}, key=len)
    if not wanted:
        return None
    each = (r"\s+".join(map(re.escape, name.split())) for name in reversed(wanted))
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)", re.IGNORECASE)


def _speaker(one: RecordSpeaker, hidden: re.Pattern[str]) -> RecordSpeaker:
    said = _label(one.name, hidden)
    if said == WITHHELD or any(hidden.fullmatch(form) for form in one.forms):
        return replace(
            one, name=WITHHELD, kind=SpeakerKind.LABEL, forms=(WITHHELD,), role=None, title=None
        )
    forms = tuple(dict.fromkeys(_label(form, hidden) for form in one.forms))
    return replace(one, name=said, forms=forms)


def _label(printed: str, hidden: re.Pattern[str]) -> str:
    """A label without the name: `Interpreter for X` is `Interpreter`, another is `WITHHELD`."""
    found = hidden.search(printed)
    if found is None:
        return printed
    speaks_for = _SPEAKS_FOR_RE.search(printed[: found.start()])
    return printed[: speaks_for.start()] if speaks_for and speaks_for.start() else WITHHELD


def _paragraph(one: Paragraph, hidden: re.Pattern[str]) -> Paragraph:
    """The paragraph without the names; its marks stay with the words they stand at."""
    found = [(match.start(), match.end()) for match in hidden.finditer(one.text)]
    if not found:
        return one
    moved = _moved(found)
    kept = [
        replace(mark, char_start=moved(mark.char_start), char_end=moved(mark.char_end))
        for mark in one.marks
        if not any(start < mark.char_end and mark.char_start < end for start, end in found)
    ]
    return replace(one, text=hidden.sub(WITHHELD, one.text), marks=tuple(kept))


def _moved(found: Sequence[tuple[int, int]]) -> Callable[[int], int]:
    """Where a place outside these stretches lies when each is `WITHHELD` instead."""

    def place(at: int) -> int:
        before = [(start, end) for start, end in found if end <= at]
        return at + sum(len(WITHHELD) - (end - start) for start, end in before)

    return place
