"""How loud a recording is, to be drawn: lowest and highest sample of every short bucket.

The file that is kept, all numbers little-endian:

    8 bytes  "offairpk"
    u8       version, 1
    u8       how many levels
    u16      buckets in a second on the finest level
    u32      buckets of the finest level
    planes   for each level, finest first: the lowest samples, then the highest, one i8 a bucket

A bucket of a level stands for `STEP` of the finer one. A sample of 1.0 is 127; the lowest are cut
down and the highest up to whole numbers, so that what is not silence is never drawn as silence.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from offair.media.wire import SAMPLE_RATE_HZ
from offair.model.errors import BadInput, Corrupt
from offair.model.time import Ms

PER_SECOND = 20
"""Buckets in a second, where nobody asks for more: one is as long as a short sound of speech."""
STEP = 8
"""Buckets of a level that one of the next level stands for."""
MOST_SECONDS = 14 * 86_400
"""Longer sound is no recording: two weeks."""
MOST_COLUMNS = 8_192
"""Columns drawn at once: wider than any screen."""
NOTHING = bytes((127, 129))
"""A column where there is no sound at all: its lowest is above its highest (127, −127)."""
_HEADER = struct.Struct("<8sBBHI")
_MAGIC, _VERSION = b"offairpk", 1


@dataclass(frozen=True, slots=True)
class Peaks:
    """Loudness of a recording from media time 0 on.

    per_second: buckets of the finest level. levels: (lowest, highest) samples of each bucket as
    signed bytes, −127…127, finest level first; each is `STEP` times coarser than the one before.
    """

    per_second: int
    levels: tuple[tuple[memoryview, memoryview], ...]

    @property
    def duration_ms(self) -> Ms:
        """Where the sound ends, to the bucket."""
        return len(self.levels[0][0]) * 1000 // self.per_second

    def columns(self, start_ms: Ms, end_ms: Ms, width: int) -> bytes:
        """What to draw in `width` columns over a stretch: lowest and highest in turn, signed bytes.

        A column without any sound is `NOTHING`. It may show what lies up to a quarter of a column
        beside it. Raises `BadInput` where there is no stretch, or no or too many columns.
        """
        if not 0 <= start_ms < end_ms:
            raise BadInput("a waveform is drawn from a time to a later one; give an end after it")
        if not 1 <= width <= MOST_COLUMNS:
            raise BadInput(f"a waveform has 1 to {MOST_COLUMNS} columns, not {width}")
        level, per_second = self._level((end_ms - start_ms) / width)
        lows, highs = self.levels[level]
        scale, length = 1000 * width * STEP**level, (end_ms - start_ms) * per_second
        offset = start_ms * per_second * width
        drawn = bytearray()
        for column in range(width):
            first = (offset + column * length) // scale
            last = max(first + 1, -(-(offset + (column + 1) * length) // scale))
            low = lows[first:last]
            if low:
                drawn += bytes((min(low) & 255, max(highs[first:last]) & 255))
            else:
                drawn += NOTHING
        return bytes(drawn)

    def _level(self, column_ms: float) -> tuple[int, int]:
        """The coarsest level of which at least four buckets lie in a column."""
        level = 0
        while (
            level + 1 < len(self.levels)
            and 4_000 * STEP ** (level + 1) <= column_ms * self.per_second
        ):
            level += 1
        return level, self.per_second

    def packed(self) -> bytes:
        """The file to keep; `read_peaks` reads it."""
        head = _HEADER.pack(
            _MAGIC, _VERSION, len(self.levels), self.per_second, len(self.levels[0][0])
        )
        return head + b"".join(bytes(plane) for level in self.levels for plane in level)


def check_rate(per_second: int) -> None:
    """Raises `BadInput` where a second of sound cannot be cut into that many equal buckets."""
    if not 1 <= per_second <= 1_000 or SAMPLE_RATE_HZ % per_second:
        raise BadInput(
            f"{per_second} peaks a second cannot be made; give a number from 1 to 1,000 that "
            f"divides {SAMPLE_RATE_HZ}"
        )


def of_planes(pairs: bytes, per_second: int) -> Peaks:
    """Peaks of (lowest, highest) in turn as signed bytes, with their coarser levels."""
    view = memoryview(pairs).cast("b")
    levels = [(view[0::2], view[1::2])]
    while len(levels[-1][0]) > STEP:
        lows, highs = levels[-1]
        starts = range(0, len(lows), STEP)
        coarser = (
            bytes(min(lows[at : at + STEP]) & 255 for at in starts),
            bytes(max(highs[at : at + STEP]) & 255 for at in starts),
        )
        levels.append((memoryview(coarser[0]).cast("b"), memoryview(coarser[1]).cast("b")))
    return Peaks(per_second, tuple(levels))


def read_peaks(data: bytes) -> Peaks:
    """The peaks of a file as `Peaks.packed` makes it. Raises `Corrupt`."""
    if len(data) < _HEADER.size:
        raise Corrupt("what was kept of a waveform is cut short; make it again")
    magic, version, levels, per_second, count = _HEADER.unpack_from(data)
    sizes = list(_sizes(count))
    whole = _HEADER.size + 2 * sum(sizes)
    if (magic, version) != (_MAGIC, _VERSION) or levels != len(sizes) or per_second == 0:
        raise Corrupt("what was kept of a waveform is in a form this desk does not know")
    if len(data) != whole:
        raise Corrupt("what was kept of a waveform is cut short; make it again")
    view, at = memoryview(data), _HEADER.size
    read = []
    for size in sizes:
        low, high = view[at : at + size], view[at + size : at + 2 * size]
        read.append((low.cast("b"), high.cast("b")))
        at += 2 * size
    return Peaks(per_second, tuple(read))


def _sizes(count: int) -> Iterator[int]:
    """How many buckets each level has, finest first."""
    yield count
    while count > STEP:
        count = -(-count // STEP)
        yield count
