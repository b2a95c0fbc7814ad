"""Scenarist closed captions (`.scc`): time codes and the bytes of line 21, to cues.

ttconv was passed over as a reader: lines it does not know and the second channel are dropped
without a word, and roll-up captions are repeated line by line.
"""

from __future__ import annotations

import re

from offair.formats.cue_report import (
    OPEN_CUE_MS,
    Draft,
    Report,
    cues_of,
    numbered_lines,
    refuse_too_many,
)
from offair.formats.decoding import decode
from offair.formats.frame_times import (
    drop_frame_number,
    frame_number,
    is_dropped,
)
from offair.formats.line_21 import Track, with_parity
from offair.formats.line_21 import decode as decode_pairs
from offair.model.errors import BadInput
from offair.model.record import Remark
from offair.model.time import Ms
from offair.model.transcript import Cue

_HEADER_RE = re.compile(r"\s*Scenarist_SCC\b", re.I)
_LINE_RE = re.compile(r"\s*(\d{1,3}):(\d\d):(\d\d)([:;.,])(\d\d)(?:\s+(.*))?", re.S)
_WORD_RE = re.compile(r"[0-9A-Fa-f]{4}")
_MOST_WORDS = 24 * 3600 * 30
_LATE_MS: Ms = 3_500_000


def read(
    data: bytes, *, source: str, encoding: str | None = None
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of a Scenarist file, by start, and the report of the reading.

    A code with `;` before its frames drops frame numbers, one with `:` does not; both count frames
    of 29.97 Hz, one pair of bytes in each. Where several channels hold captions the first is
    read and the others are reported. Raises `BadInput` where it is no Scenarist file or no caption
    can be read.
    """
    text = decode(data, source=source, encoding=encoding)
    if _HEADER_RE.match(text) is None:
        raise BadInput(
            f"{source}: does not open with Scenarist_SCC, as every Scenarist file must; "
            "give it its right suffix"
        )
    report = Report()
    pairs = _pairs(text, report, source)
    end = (pairs[-1][0] if pairs else 0) + OPEN_CUE_MS
    found = decode_pairs(pairs, end)
    drafts = [
        Draft(None, one.span.start, one.span.end, one.text) for one in _first(found.tracks, report)
    ]
    refuse_too_many(len(drafts), source)
    if found.text_services:
        report.unexplained(
            f"the text services {', '.join(found.text_services)} are no captions and are not read"
        )
    if any(one.end == end for one in drafts):
        report.doubt(f"the last caption is never erased; it is ended after {OPEN_CUE_MS // 1000} s")
    if drafts and min(one.start for one in drafts) >= _LATE_MS:
        report.doubt("the captions begin an hour or more after 0; their times are kept as written")
    return cues_of(drafts, report, source=source, kind="a Scenarist file")


def _first(tracks: tuple[Track, ...], report: Report) -> tuple[Cue, ...]:
    for track in tracks:
        if track.lost:
            report.unexplained(
                f"text of {track.name} stands before any command says how to show it", None,
                track.lost,
            )  # fmt: skip
    showing = [track for track in tracks if track.cues]
    for track in showing[1:]:
        report.unexplained(
            f"channel {track.name} holds {len(track.cues)} captions of its own and is not read",
            None,
            "\n".join(cue.text for cue in track.cues),
        )
    return showing[0].cues if showing else ()


def _pairs(text: str, report: Report, source: str) -> list[tuple[Ms, int, int, int]]:
    """The pairs of bytes, each with its time; a line that is still being sent delays the next."""
    pairs: list[tuple[Ms, int, int, int]] = []
    frame, wrong = 0, 0
    for number, line in numbered_lines(text, source):
        if not line.strip() or (number == 1 and _HEADER_RE.match(line)):
            continue
        match = _LINE_RE.fullmatch(line)
        if match is None:
            report.unexplained("the line has no time code and is left out", number, line)
            continue
        starts = _frame(match, number, line, report)
        if starts is None:
            continue
        if starts < frame and pairs:
            report.note("the line begins while the one above it is still being sent", number, line)
        frame = max(frame, starts)
        words = (match[6] or "").split()
        if len(pairs) + len(words) > _MOST_WORDS:
            raise BadInput(
                f"{source}: holds more bytes than a day of line 21; it is damaged or hostile"
            )
        for word in words:
            if _WORD_RE.fullmatch(word):
                first, second = bytes.fromhex(word)
                right = with_parity(first), with_parity(second)
                wrong += (first, second) != right
                pairs.append(((frame * 1001 + 15) // 30, 1, *right))
            else:
                report.unexplained("a word is not four hexadecimal digits", number, word)
            frame += 1
    if wrong:
        report.note(f"{wrong} words have wrong parity; they are read all the same")
    return pairs


def _frame(match: re.Match[str], number: int, line: str, report: Report) -> int | None:
    hours, minutes, seconds, frames = (int(match[index]) for index in (1, 2, 3, 5))
    if minutes > 59 or seconds > 59 or frames > 29:
        report.unexplained("the time code is none that a clock shows", number, line)
        return None
    if match[4] == ":":
        return frame_number(hours, minutes, seconds, frames, base=30)
    if is_dropped(minutes, seconds, frames):
        report.doubt("no drop-frame code has this number; it is read as the next", number, line)
        frames = 2
    return drop_frame_number(hours, minutes, seconds, frames)
