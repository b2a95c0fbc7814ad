"""The words every export of a record shares: its number, clock times, notice and citation."""

from __future__ import annotations

from offair.formats.record_dates import print_run_time, run_time_form
from offair.model.record import Record, RecordNumber, RecordTurn
from offair.model.time import MONTHS, Ms, PartialDate

STALE = "original changed since"
"""What is said of a turn a sentence of which translates what was changed since."""
_ADVICE = {
    False: "No person has compared these words with the sound.",
    True: "Nobody has confirmed this translation against the sound.",
}


def clock(ms: Ms) -> str:
    """A time to the second, `mm:ss` or `h:mm:ss`; parts of a second are cut off."""
    seconds = ms // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes:02}:{seconds % 60:02}"


def run_time(length_ms: Ms) -> str:
    """A length as the printed record has it: rounded to the second."""
    return print_run_time(length_ms, run_time_form(length_ms))


def long_date(date: PartialDate) -> str:
    """A date in words, as exact as it is known: `June 2021`, `June 1, 2021, 19:30 +03:00`."""
    year, _, rest = date.value.partition("-")
    if not rest:
        return year
    month, _, rest = rest.partition("-")
    name = MONTHS[int(month) - 1]
    if not rest:
        return f"{name} {year}"
    day, _, time = rest.partition("T")
    words = f"{name} {int(day)}, {year}"
    if not time:
        return words
    zone = {"Z": "UTC", "local to channel": "local time"}.get(date.zone, date.zone)
    return f"{words}, {time} {zone}"


def printed_number(number: RecordNumber) -> str:
    """A record's number with its series: `demo #1`; the `#` is not doubled."""
    return f"{number.series} #{number.printed.removeprefix('#')}".strip()


def notice(record: Record) -> str | None:
    """What a record says before anything else: nobody checked it, or its translation is stale."""
    return record.caution


def advice(record: Record) -> str | None:
    """The sentences that explain the notice of a record to a reader, else None."""
    return " ".join(advised(record)) or None


def advised(record: Record) -> tuple[str, ...]:
    """The same, one by one; empty where nothing has to be said."""
    said = []
    if record.notice is not None:
        said.append(_ADVICE[record.kind == "translation"])
    if record.stale:
        said.append("The original was changed after it was translated.")
    return (*said, "Listen before you quote.") if said else ()


def made_as(record: Record, turn: RecordTurn) -> str | None:
    """Who made the words of a turn and whether a person heard it; None where nothing is said."""
    captions = "captions by the broadcaster"
    what = {"machine": "machine", "import": "imported text", "broadcaster": captions}.get(
        turn.origin
    )
    if record.kind == "translation":
        imported = "imported translation"
        what = {
            "machine": "machine translation", "import": imported, "broadcaster": imported,
        }.get(turn.origin)  # fmt: skip
    if what is None or (turn.origin == "import" and turn.heard):
        return None
    return f"{what}, heard by a person" if turn.heard else f"{what}, not heard"


def speaker_name(record: Record, turn: RecordTurn) -> str | None:
    """Who speaks: the fullest name, else the label as printed, else None."""
    speaker = record.speaker(turn.speaker)
    return speaker.name if speaker is not None else turn.label


def citation(record: Record, *, address: str | None = None, at: Ms | None = None) -> str:
    """One line that names the record so that anybody can find it again.

    Channel, date, headline, number, edition, run time, the notice where it is due, address.
    at: a time in the clip, printed to the second, for a citation of one passage.
    """
    channel = record.channel
    if channel and record.country:
        channel = f"{channel} ({record.country})"
    date = record.aired or record.date
    parts = [part for part in (channel, long_date(date) if date else None) if part]
    if record.headline:
        parts.append(f"“{' '.join(record.headline.split())}”")
    if record.number is not None:
        parts.append(f"clip record {printed_number(record.number)}")
        parts.append(f"edition {record.edition}")
    else:
        parts.append("draft clip record")
    if at is not None:
        parts.append(f"at {clock(at)}")
    elif record.run_time_ms is not None:
        parts.append(run_time(record.run_time_ms))
    if record.caution is not None:
        parts.append(record.caution)
    line = ", ".join(parts) + "."
    return f"{line} {address}" if address else line
