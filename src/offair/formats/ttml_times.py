"""Time expressions of TTML (W3C TTML2, 12.3) to milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from offair.formats.cue_report import Report
from offair.formats.frame_times import NTSC, drop_frame_number, frame_ms
from offair.formats.xml_tree import Node
from offair.model.time import Ms

_CLOCK_RE = re.compile(
    r"(\d{1,9}):(\d{1,2}):(\d{1,2})(?:(\.\d{1,9})|:(\d{1,3})(?:\.(\d{1,3}))?)?", re.ASCII
)
_OFFSET_RE = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)\s*(h|m|s|ms|f|t)", re.ASCII)
_NUMBER_RE = re.compile(r"\s*(\d{1,9})\s*", re.ASCII)
_RATIO_RE = re.compile(r"\s*(\d{1,9})(?:[\s:/]+(\d{1,9}))?\s*", re.ASCII)
_DEFAULT_RATE = 30
_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


@dataclass(frozen=True, slots=True)
class Clock:
    """How a document counts. rate: frames a second as shown; base: as numbered."""

    base: int
    rate: Fraction
    sub_frames: int
    ticks: Fraction
    drops: bool
    codes: bool
    report: Report

    @classmethod
    def of(cls, root: Node, report: Report) -> Clock:
        """From the parameters of the root element; a value that is none is reported."""
        said = root.attributes

        def number(name: str) -> int | None:
            match = _NUMBER_RE.fullmatch(said.get(name, ""))
            value = int(match[1]) if match else 0
            if name in said and not value:
                report.doubt(f"{name} is {said[name]!r}, which is no number", root.line)
            return value or None

        base = number("frameRate") or _DEFAULT_RATE
        rate = Fraction(base)
        if "frameRateMultiplier" in said:
            match = _RATIO_RE.fullmatch(said["frameRateMultiplier"])
            over, under = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
            if over and under:
                rate *= Fraction(over, under)
            else:
                report.doubt("frameRateMultiplier is no ratio and is left out", root.line)
        sub_frames = number("subFrameRate") or 1
        ticks = number("tickRate")
        counted = (
            Fraction(ticks)
            if ticks
            else (rate * sub_frames if "frameRate" in said else Fraction(1))
        )
        base_of_time = said.get("timeBase", "media")
        if base_of_time == "clock":
            report.doubt(
                "times are those of a clock on the wall; they are kept as written", root.line
            )
        return cls(
            base, rate, sub_frames, counted,
            drops=said.get("dropMode") == "dropNTSC", codes=base_of_time == "smpte",
            report=report,
        )  # fmt: skip

    def ms(self, text: str, line: int) -> Ms | None:
        """A time expression in ms; None, and a remark, where it is none."""
        value = self._clock(text.strip())
        if value is None:
            value = self._offset(text.strip())
        if value is None:
            self.report.doubt(f"{text!r} is no time and is left out", line)
        return value

    def _clock(self, text: str) -> Ms | None:
        match = _CLOCK_RE.fullmatch(text)
        if match is None or int(match[2]) > 59 or int(match[3]) > 60:
            return None
        hours, minutes, seconds = (int(match[index]) for index in (1, 2, 3))
        whole = (hours * 60 + minutes) * 60 + seconds
        if match[5] is None:
            return whole * 1000 + round(Fraction(match[4] or 0) * 1000)
        frames = Fraction(int(match[5])) + Fraction(int(match[6] or 0), self.sub_frames)
        if frames >= self.base:
            return None
        if self.codes and self.drops:
            return frame_ms(drop_frame_number(hours, minutes, seconds, int(match[5])), NTSC)
        if self.codes:
            return frame_ms(whole * self.base + frames, self.rate)
        return whole * 1000 + round(frames * 1000 / self.rate)

    def _offset(self, text: str) -> Ms | None:
        match = _OFFSET_RE.fullmatch(text)
        if match is None:
            return None
        value = Fraction(match[1])
        if match[2] == "f":
            return round(value * 1000 / self.rate)
        if match[2] == "t":
            return round(value * 1000 / self.ticks)
        return round(value * _UNITS[match[2]])
