"""Plain transcripts, as people type them: with or without names, with or without times."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from offair.formats.decoding import decode
from offair.formats.labels import split_label
from offair.model.errors import BadInput
from offair.model.record import Remark, Severity
from offair.model.time import Ms

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_LEADING_TIME_RE = re.compile(rf"\s*(?:\[{_CLOCK}\]|\({_CLOCK}\)|{_CLOCK}(?=\s|$))\s*[-–—]?\s*")
_LABEL_TIME_RE = re.compile(
    rf"(?P<name>[^:\[\n]{{1,80}}?)(?:\s{{0,9}}+(?:\[{_CLOCK}\]|\({_CLOCK}\))|\s{{2,9}}+{_CLOCK}$)\s*+:?(?=\s|$)"
)
_QUESTION_RE = re.compile(r"\s*(?P<label>[QA])(?:\s{2,}|\t)(?=\S)")
_EMPHASIS_RE = re.compile(
    r"\s*(\*\*|__)(?P<label>[^*_\n]{1,80}?)\s*+(?P<colon>:?)\s*+\1(?P<rest>.*)", re.S
)
_ESCAPE_RE = re.compile(r"\\([!-/:-@\[-`{-~])")
_OTHER_FORMAT_RE = re.compile(
    r"\s*(?:<\?xml|<!DOCTYPE|<[A-Za-z][^<>\n]*>\s*<|[{\[]\s*[{\"\[])", re.I
)
_HEAD_RE = re.compile(r"---[ \t]*\n(?P<head>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)


@dataclass(frozen=True, slots=True)
class PlainTurn:
    """What one speaker says. Paragraphs in `text` are parted by an empty line.

    label: as printed, or None where none was printed yet. start: the time printed before it, in
    ms, or None; what that time counts from is not known here. line: 1-based, of its first word.
    """

    label: str | None
    text: str
    start: Ms | None
    line: int


@dataclass(slots=True)
class _Draft:
    label: str | None
    start: Ms | None
    line: int
    paragraphs: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Opening:
    """How a line opens a turn: time, label, and what is left of the line."""

    label: str | None
    start: Ms | None
    rest: str


def read(
    data: bytes, *, source: str, encoding: str | None = None
) -> tuple[tuple[PlainTurn, ...], tuple[Remark, ...]]:
    """The turns of a transcript in the file's order, and the report of the reading.

    A turn opens with `NAME:`, `[00:01:02] NAME:`, `NAME [00:01:02]:`, `Q` and two spaces, or a
    time code alone; a paragraph without any of these continues the turn before it. In a text
    without names each paragraph is a turn. Lines of a paragraph are joined by spaces. A YAML head
    is reported, not read as speech; text before the first name is read and reported. Raises
    `BadInput` where the bytes are not text of `encoding`, there are no words, or it is marked up.
    """
    text = decode(data, source=source, encoding=encoding)
    text = re.sub(r"\r\n?", "\n", text).replace("\f", "\n")
    if _OTHER_FORMAT_RE.match(text):
        raise BadInput(
            f"{source}: is marked-up data (XML, HTML or JSON), not a plain transcript; "
            "save it as plain text first"
        )
    remarks: list[Remark] = []
    first_line = 1
    head = _HEAD_RE.match(text)
    if head is not None:
        remarks.append(
            Remark(Severity.NOTE, "the file's head, which is not speech", 1, head["head"].strip())
        )
        first_line += head.group().count("\n")
        text = text[head.end() :]
    markdown = head is not None or source.lower().endswith((".md", ".markdown"))
    paragraphs = _paragraphs(text, first_line)
    if not paragraphs:
        raise BadInput(f"{source}: holds no words; give a file with a transcript in it")
    labels = _labels_at_starts(paragraphs)
    by_line = len(paragraphs) == 1 and len(paragraphs[0][1]) > 1
    drafts: list[_Draft] = []
    for number, lines in paragraphs:
        _add_paragraph(drafts, number, lines, labels, by_line=by_line)
    turns = tuple(
        PlainTurn(
            draft.label,
            _unescape("\n\n".join(draft.paragraphs), markdown=markdown),
            draft.start,
            draft.line,
        )
        for draft in _joined(drafts)
        if draft.paragraphs
    )
    remarks += [
        Remark(Severity.UNEXPLAINED, "a name without words after it", draft.line, draft.label)
        for draft in drafts
        if draft.label and not draft.paragraphs
    ]
    if not turns:
        raise BadInput(f"{source}: holds names or times but no words; give the whole transcript")
    _report(turns, remarks)
    return turns, tuple(sorted(remarks, key=lambda remark: remark.line or 0))


def _paragraphs(text: str, first_line: int) -> list[tuple[int, list[str]]]:
    paragraphs: list[tuple[int, list[str]]] = []
    inside = False
    for number, line in enumerate(text.split("\n"), start=first_line):
        if not line.strip():
            inside = False
        elif inside:
            paragraphs[-1][1].append(line)
        else:
            paragraphs.append((number, [line]))
            inside = True
    return paragraphs


def _opening(line: str) -> _Opening | None:
    """What a line opens with, or None where it only goes on."""
    rest, start = line, None
    time = _LEADING_TIME_RE.match(line)
    if time is not None:
        start = _ms(time)
        rest = line[time.end() :] if start is not None else line
    rest = rest.strip()
    question = _QUESTION_RE.match(rest)
    if question is not None:
        return _Opening(question["label"], start, rest[question.end() :])
    emphasis = _EMPHASIS_RE.match(rest)
    if emphasis is not None and (emphasis["colon"] or emphasis["rest"].startswith(":")):
        rest = f"{emphasis['label']}: {emphasis['rest'].removeprefix(':').strip()}"
    # A time between name and colon, `NAME [00:01:02]: text`, would stop the label at its colon.
    timed = _LABEL_TIME_RE.match(rest) if start is None else None
    if timed is not None and split_label(f"{timed['name']}:") is not None:
        return _Opening(" ".join(timed["name"].split()), _ms(timed), rest[timed.end() :].strip())
    label = split_label(rest)
    if label is not None:
        return _Opening(label[0], start, label[1].strip())
    return _Opening(None, start, rest) if start is not None else None


def _ms(match: re.Match[str]) -> Ms | None:
    groups = match.groups()[-12:]
    for at in range(0, 12, 4):
        hours, minutes, seconds, fraction = groups[at : at + 4]
        if seconds is None:
            continue
        # Minutes may run past 59 where no hours are printed (`75:10`).
        if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
            return None
        whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
        return whole * 1000 + int((fraction or "0").ljust(3, "0"))
    return None


def _labels_at_starts(paragraphs: list[tuple[int, list[str]]]) -> frozenset[str]:
    openings = (_opening(lines[0]) for _, lines in paragraphs)
    return frozenset(one.label for one in openings if one is not None and one.label is not None)


def _add_paragraph(
    drafts: list[_Draft], number: int, lines: list[str], labels: frozenset[str], *, by_line: bool
) -> None:
    """Add a paragraph; inside it a line opens a turn only where that is beyond doubt."""
    words: list[str] = []
    for offset, line in enumerate(lines):
        opening = _opening(line)
        doubtful = (
            offset > 0
            and not by_line
            and opening is not None
            and opening.start is None
            and opening.label not in labels
            and not (opening.label or "").isupper()
        )
        if opening is None or doubtful:
            if offset == 0 and (not drafts or not labels):
                drafts.append(_Draft(None, None, number))
            words.append(line.strip())
            continue
        _close(drafts, words)
        words = [opening.rest] if opening.rest else []
        drafts.append(_Draft(opening.label, opening.start, number + offset))
    _close(drafts, words)


def _close(drafts: list[_Draft], words: list[str]) -> None:
    text = " ".join(words).strip()
    if text:
        drafts[-1].paragraphs.append(text)


def _joined(drafts: list[_Draft]) -> list[_Draft]:
    """A line with only a name or only a time opens the turn after it; both then count."""
    joined: list[_Draft] = []
    for draft in drafts:
        last = joined[-1] if joined else None
        if last is not None and not last.paragraphs and (last.label is None or draft.label is None):
            last.label = last.label or draft.label
            last.start = draft.start if last.start is None else last.start
            last.paragraphs = draft.paragraphs
        else:
            joined.append(draft)
    current: str | None = None
    for draft in joined:
        # A time code alone goes on with the speaker above it.
        if draft.label is None and draft.start is not None:
            draft.label = current
        current = draft.label or current
    return joined


def _unescape(text: str, *, markdown: bool) -> str:
    return _ESCAPE_RE.sub(r"\1", text) if markdown else text


def _report(turns: tuple[PlainTurn, ...], remarks: list[Remark]) -> None:
    if all(turn.label is None for turn in turns):
        remarks.append(
            Remark(Severity.DOUBT, "no names are printed; each paragraph is read as a turn", 1)
        )
    else:
        for turn in turns:
            if turn.label is not None:
                break
            remarks.append(
                Remark(
                    Severity.DOUBT,
                    "the text stands before the first name; it may be no speech",
                    turn.line,
                    turn.text,
                )
            )
    latest = 0
    for turn in turns:
        if turn.start is None:
            continue
        if turn.start < latest:
            message = "the time is earlier than one above it"
            remarks.append(Remark(Severity.DOUBT, message, turn.line, turn.text))
        latest = max(latest, turn.start)
