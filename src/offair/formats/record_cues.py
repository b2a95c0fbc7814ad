"""A record as timed lines: what the caption writers print, in the clip's own time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from offair.formats.record_citation import speaker_name
from offair.model.errors import BadInput
from offair.model.record import Paragraph, Record, RecordTurn, StandingMark
from offair.model.time import Ms, Span
from offair.model.transcript import Cue


class ClipClock:
    """Turns media time of the recording into time of the clip, whose first span starts at 0.

    The spans follow one another in the clip in the order the record names them. A record that
    names no span keeps the times it has.
    """

    def __init__(self, record: Record) -> None:
        self._stretches: list[tuple[Span, Ms]] = []
        length = 0
        for one in record.spans:
            if one.span is None:
                continue
            # Turns carry times of the first recording only; a later one just takes up room.
            if one.recording_id == record.spans[0].recording_id:
                self._stretches.append((one.span, length))
            length += one.span.length

    def to_clip(self, span: Span) -> Span | None:
        """The span in clip time, cut to the clip's edges; None where the clip does not show it."""
        if not self._stretches:
            return span
        best: tuple[int, Span] | None = None
        for stretch, offset in self._stretches:
            start, end = max(span.start, stretch.start), min(span.end, stretch.end)
            if start > end or (start == end and span.length > 0):
                continue
            shown = Span(start - stretch.start + offset, end - stretch.start + offset)
            if best is None or shown.length > best[0]:
                best = (shown.length, shown)
        return None if best is None else best[1]


def flatten(text: str) -> str:
    """Text fit for a cue: no empty lines, no space at line ends, one kind of line break.

    An empty line ends a cue and NUL is forbidden, in both caption formats.
    """
    lines = text.replace("\0", "\N{REPLACEMENT CHARACTER}").replace("\r", "\n").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def cues_of(record: Record) -> tuple[Cue, ...]:
    """One cue for each paragraph of speech, sorted by start, in clip time.

    A paragraph without a span takes its turn's; untimed paragraphs that follow one another in a
    turn are one cue. A printed mark that stands alone (a cut, a stage direction) has no time and
    follows the text before it as a line. Raises `BadInput` where a turn has no time or lies
    outside the record's spans.
    """
    clip = ClipClock(record)
    cues: list[Cue] = []
    waiting = ""
    for item in record.body:
        if isinstance(item, StandingMark):
            waiting = _hang(cues, item.mark.text, waiting)
            continue
        if not item.paragraphs:
            for mark in item.parts:
                if isinstance(mark, StandingMark):
                    waiting = _hang(cues, mark.mark.text, waiting)
            continue
        for cue in _turn_cues(record, item, clip):
            text = "\n".join(part for part in (waiting, flatten(cue.text)) if part)
            waiting = ""
            if text:
                cues.append(replace(cue, text=text))
    if not cues:
        raise BadInput(
            f"{_named(record)} has no speech with times, so it cannot be captions; "
            "export it in the format 'record' or 'markdown' instead"
        )
    return tuple(sorted(cues, key=lambda cue: cue.span.start))


def in_clip_time(
    record: Record, cues: Sequence[Cue] | None, *, offset_ms: Ms = 0
) -> tuple[Cue, ...]:
    """The cues to print: those given (in media time of the recording), or the record's own.

    offset_ms: added to every time, ≥ 0; for a media file that starts before the clip
    (`RecordMedia.clip_in`). A cue lasts at least 1 ms, the least the formats can show. Raises
    `BadInput` as `cues_of`, and where none of the cues given lies in the clip.
    """
    if cues is None:
        shown = list(cues_of(record))
    else:
        clip = ClipClock(record)
        shown = []
        for cue in cues:
            span, text = clip.to_clip(cue.span), flatten(cue.text)
            if span is not None and text:
                shown.append(replace(cue, span=span, text=text))
        shown.sort(key=lambda cue: cue.span.start)
        if not shown:
            raise BadInput(
                f"none of the cues given for {_named(record)} lies within its spans; "
                "give cues in the media time of the recording"
            )
    return tuple(
        replace(
            cue,
            span=Span(
                cue.span.start + offset_ms,
                max(cue.span.end, cue.span.start + 1) + offset_ms,
            ),
        )
        for cue in shown
    )


def _turn_cues(record: Record, turn: RecordTurn, clip: ClipClock) -> list[Cue]:
    groups: list[tuple[Span, list[str]]] = []
    leading: list[str] = []
    for part in turn.parts:
        if isinstance(part, StandingMark):
            (groups[-1][1] if groups else leading).append(part.mark.text)
            continue
        span = _shown(record, turn, part, clip)
        untimed = part.span is None
        if groups and untimed and groups[-1][0] == span:
            groups[-1][1].append(part.text)
        else:
            groups.append((span, [*leading, part.text]))
            leading = []
    name = speaker_name(record, turn)
    return [Cue(span, "\n".join(texts), name) for span, texts in groups]


def _shown(record: Record, turn: RecordTurn, part: Paragraph, clip: ClipClock) -> Span:
    span = part.span or turn.span
    if span is None:
        raise BadInput(
            f"turn {turn.key} of {_named(record)} has no times, so it cannot be a caption; "
            "export the record in the format 'record' or 'markdown' instead"
        )
    shown = clip.to_clip(span)
    if shown is None:
        raise BadInput(
            f"turn {turn.key} of {_named(record)} lies outside the record's spans; "
            "correct the turn's times or the spans of the clip"
        )
    return shown


def _hang(cues: list[Cue], text: str, waiting: str) -> str:
    printed = flatten(text)
    if not printed:
        return waiting
    if cues:
        cues[-1] = replace(cues[-1], text=f"{cues[-1].text}\n{printed}")
        return waiting
    return f"{waiting}\n{printed}" if waiting else printed


def _named(record: Record) -> str:
    return f"record #{record.number.printed}" if record.number else "the draft record"
