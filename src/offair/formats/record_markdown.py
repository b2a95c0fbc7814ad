"""A record as Markdown: readable as it stands, and the same words once it is rendered.

CommonMark 0.31 with the tables of GitHub's dialect. Every character of the record that either
could read as markup is written with a backslash.
"""

from __future__ import annotations

import re

from offair.formats.record_citation import (
    STALE,
    citation,
    clock,
    long_date,
    made_as,
    notice,
    printed_number,
    run_time,
    speaker_name,
)
from offair.formats.record_cues import ClipClock
from offair.model.record import Layout, Paragraph, Record, RecordTurn, StandingMark
from offair.model.time import Span

_PUNCTUATION_RE = re.compile(r"([\\`*_{}\[\]<>|~&$^=\"])")
_LINE_START_RE = re.compile(r"^([#+\-:]|\d{1,9}[.)])")
_LINK_RE = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp):|\bwww\.|@")


def write(
    record: Record,
    layout: Layout | None = None,  # noqa: ARG001 - writers are called alike; Markdown has its own
    *,
    address: str | None = None,
) -> str:
    """The record as Markdown: headline, a table of facts, summary, speech as quotation, citation.

    A cut that was only inferred from spacing is not printed. Raises nothing of its own.
    """
    blocks = [f"# {_line(record.headline or 'Record without a headline')}"]
    said = notice(record)
    if said:
        blocks.append(f"**{_line(said)}**")
    blocks.append(_table(record))
    if record.summary:
        blocks.append("## Summary")
        blocks += [_text(paragraph.text) for paragraph in record.summary]
    blocks.append("## Transcript")
    clip = ClipClock(record)
    for item in record.body:
        if isinstance(item, RecordTurn):
            blocks += _turn(record, item, clip)
        elif item.mark.text.strip():
            blocks.append(_text(item.mark.text))
    blocks += ["---", f"Cite as: {_line(citation(record, address=address))}"]
    return "\n\n".join(blocks) + "\n"


def _turn(record: Record, turn: RecordTurn, clip: ClipClock) -> list[str]:
    span = _span(turn)
    shown = clip.to_clip(span) if span is not None else None
    name = turn.label or speaker_name(record, turn)
    head = f"**{_line(name)}**" if name and name.strip() else "*Speaker not identified*"
    if shown is not None:
        head += f" ({clock(shown.start)})"
    said = [one for one in (made_as(record, turn), STALE if turn.stale else None) if one]
    head += "".join(f" – {one}" for one in said)
    quoted = [_text(_words(part)) for part in turn.parts if _words(part).strip()]
    return [head, *(["\n>\n".join(_quoted(text) for text in quoted)] if quoted else [])]


def _span(turn: RecordTurn) -> Span | None:
    if turn.span is not None:
        return turn.span
    return next((part.span for part in turn.paragraphs if part.span is not None), None)


def _words(part: Paragraph | StandingMark) -> str:
    return part.text if isinstance(part, Paragraph) else part.mark.text


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _table(record: Record) -> str:
    channel = record.channel
    if channel and record.country:
        channel = f"{channel} ({record.country})"
    rows = [
        ("Record", printed_number(record.number) if record.number else "draft"),
        ("Edition", str(record.edition) if record.number else None),
        ("Channel", channel),
        ("Date", long_date(record.date) if record.date else None),
        (
            record.aired.kind.value.capitalize() if record.aired else "Aired",
            long_date(record.aired) if record.aired else None,
        ),
        ("Run time", run_time(record.run_time_ms) if record.run_time_ms is not None else None),
        ("Language", record.language if record.language != "und" else None),
        (
            "Translator",
            (record.translator or "unknown") if record.kind == "translation" else None,
        ),
        ("Note on this edition", record.note),
        ("Extent", record.completeness.value),
    ]
    lines = [f"| {name} | {_line(value)} |" for name, value in rows if value]
    return "\n".join(["| | |", "|---|---|", *lines])


def _text(text: str) -> str:
    """A paragraph: its lines escaped, a line break where the text has one."""
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|\r|\n", text)]
    return "\\\n".join(_escape(line) for line in lines if line)


def _line(text: str) -> str:
    """Text that has to stay on one line: a heading, a name, a cell of a table."""
    return _escape(" ".join(text.split()))


def _escape(line: str) -> str:
    escaped = _PUNCTUATION_RE.sub(r"\\\1", line)
    # A backslash before the digit would be printed, so a list's number takes it before its dot.
    escaped = _LINE_START_RE.sub(lambda m: f"{m[1][:-1]}\\{m[1][-1]}", escaped)
    escaped = re.sub(r"!(?=\\\[)", r"\\!", escaped)
    escaped = re.sub(r"(?:(?<=\s)|^)#", r"\\#", escaped)
    return _LINK_RE.sub(lambda m: f"{m.group()[:-1]}\\{m.group()[-1]}", escaped)
