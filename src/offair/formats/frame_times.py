"""Time codes of video (SMPTE ST 12-1) to milliseconds."""

from __future__ import annotations

from fractions import Fraction

from offair.model.time import Ms

NTSC = Fraction(30_000, 1001)
"""Frames a second of 525-line video."""


def frame_number(hours: int, minutes: int, seconds: int, frames: int, *, base: int) -> int:
    """The frame that a code without dropped numbers names; `base` is frames counted a second."""
    return ((hours * 60 + minutes) * 60 + seconds) * base + frames


def drop_frame_number(hours: int, minutes: int, seconds: int, frames: int) -> int:
    """The frame that a drop-frame code of 29.97 Hz video names.

    Numbers 0 and 1 are left out at the start of every minute but each tenth.
    """
    whole = hours * 60 + minutes
    dropped = 2 * (whole - whole // 10)
    return frame_number(hours, minutes, seconds, frames, base=30) - dropped


def is_dropped(minutes: int, seconds: int, frames: int) -> bool:
    """Whether no drop-frame code has this number."""
    return bool(minutes % 10) and seconds == 0 and frames < 2


def frame_ms(number: int | Fraction, rate: Fraction) -> Ms:
    """When a frame is shown, to the nearest millisecond."""
    return round(number * 1000 / rate)
