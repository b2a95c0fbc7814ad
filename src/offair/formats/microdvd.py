"""MicroDVD captions (`.sub`): times in frames of a rate that the first line gives."""

from __future__ import annotations

import re
from fractions import Fraction

from offair.formats.cue_report import Draft, Report, cues_of, numbered_lines, refuse_too_many
from offair.formats.decoding import decode
from offair.formats.frame_times import frame_ms
from offair.model.errors import BadInput
from offair.model.record import Remark
from offair.model.transcript import Cue

_LINE_RE = re.compile(r"\s*\{(\d{1,10})\}\{(\d{0,10})\}(.*)", re.S)
_RATE_RE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*")
_TAG_RE = re.compile(r"\{[A-Za-z]:[^{}]*\}")
_NTSC = {
    Fraction(n, 1000): Fraction(d, 1001)
    for n, d in ((23976, 24000), (29970, 30000), (59940, 60000))
}
_PICTURES = b"\x00\x00\x01\xba"


def read(
    data: bytes, *, source: str, encoding: str | None = None
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of a MicroDVD file, in the file's order, and the report of the reading.

    Raises `BadInput` where the file holds pictures (VobSub has the same suffix), does not say its
    frame rate, is not text of `encoding`, or no caption can be read.
    """
    if data.startswith(_PICTURES):
        raise BadInput(f"{source}: holds DVD subtitles as pictures, which cannot be read as text")
    report = Report()
    text = decode(data, source=source, encoding=encoding)
    rate: Fraction | None = None
    drafts: list[Draft] = []
    for number, line in numbered_lines(text, source):
        if not line.strip():
            continue
        match = _LINE_RE.fullmatch(line)
        if match is None:
            report.unexplained("the line has no frame numbers and is left out", number, line)
            continue
        if rate is None:
            rate = _rate(match[3], source)
            continue
        refuse_too_many(len(drafts), source)
        end = frame_ms(int(match[2]), rate) if match[2] else None
        words = _TAG_RE.sub("", match[3]).replace("|", "\n")
        drafts.append(Draft(number, frame_ms(int(match[1]), rate), end, words))
    return cues_of(drafts, report, source=source, kind="a MicroDVD file")


def _rate(text: str, source: str) -> Fraction:
    match = _RATE_RE.fullmatch(text)
    rate = Fraction(match[1].replace(",", ".")) if match else Fraction(0)
    if not rate:
        raise BadInput(
            f"{source}: does not say its frame rate, so its captions have no times; write it as "
            "the first line, e.g. {1}{1}25"
        )
    # Printed with three digits, meant exactly.
    return _NTSC.get(rate, rate)
