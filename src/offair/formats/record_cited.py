"""What of a record is cited: all of it, a turn, or a sentence, with its address and its second."""

from __future__ import annotations

from dataclasses import dataclass

from offair.formats.record_citation import speaker_name
from offair.formats.record_cues import ClipClock
from offair.model.errors import NotFound
from offair.model.record import NOT_TOLD_APART, WITHHELD, Record, RecordTurn
from offair.model.time import Ms, Span
from offair.model.transcript import SpeakerKind


@dataclass(frozen=True, slots=True)
class Cited:
    """A record or a passage of it. key: of the passage, None for the whole. speaker: the person who
    speaks, None where it is no one person or nobody knows. at: its start in the clip, ms, None
    where unknown. words: of the passage. address: where it is read, None where the desk has none.
    """

    record: Record
    key: str | None
    speaker: str | None
    at: Ms | None
    words: str | None
    address: str | None

    @property
    def name(self) -> str:
        """A name for it in a list of works: letters, digits and hyphens, the same every time."""
        number = self.record.number
        parts = (number.series, number.printed) if number else ("draft",)
        said = "-".join((*parts, *([self.key] if self.key else [])))
        return "".join(one if one.isascii() and one.isalnum() else "-" for one in said).strip("-")


def cited(record: Record, *, address: str | None = None, key: str | None = None) -> Cited:
    """The record, or the turn (`t3`) or sentence (`s34`) of this key. Raises `NotFound`."""
    if key is None:
        people = {name for turn in record.turns if (name := person(record, turn))}
        alone = len(people) == 1 and all(person(record, turn) for turn in record.turns)
        return Cited(record, None, people.pop() if alone else None, None, None, address)
    for turn, part, one in record.sentences:
        if one.key == key:
            words = part.text[one.char_start : one.char_end]
            return Cited(
                record, key, person(record, turn), clip_time(record, one.span or turn.span),
                " ".join(words.split()), passage_address(address, key),
            )  # fmt: skip
    for turn in record.turns:
        if turn.key == key:
            words = " ".join(part.text for part in turn.paragraphs)
            return Cited(
                record, key, person(record, turn), clip_time(record, turn.span),
                " ".join(words.split()), passage_address(address, key),
            )  # fmt: skip
    raise NotFound(
        f"the record has no turn or sentence {key!r} in this edition; its page shows those it has"
    )


def person(record: Record, turn: RecordTurn) -> str | None:
    """The person who speaks in a turn; None for a role, for who is withheld or is not known."""
    speaker = record.speaker(turn.speaker)
    if speaker is None or speaker.kind is not SpeakerKind.PERSON:
        return None
    name = " ".join((speaker_name(record, turn) or "").split())
    return None if name in ("", WITHHELD, NOT_TOLD_APART) else name


def clip_time(record: Record, span: Span | None) -> Ms | None:
    """When a span of media time begins in the clip, ms; None where the clip does not show it."""
    shown = ClipClock(record).to_clip(span) if span is not None else None
    return shown.start if shown is not None else None


def passage_address(address: str | None, key: str) -> str | None:
    """The address of a turn or a sentence: one that answers on its own and shows it marked."""
    return None if address is None else f"{address}/{key}#{key}"
