"""Spoken words as columns: where each stands in its text, when it was said, and how we know."""

from __future__ import annotations

import math
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import NamedTuple

from offair.model.errors import Corrupt
from offair.model.time import Ms, Span

NO_TIME = -1
NO_PROBABILITY = 0xFFFF
PROBABILITY_UNIT = 10_000
_FAMILY = b"ofw"
_MAGIC = _FAMILY + b"1"
_HEADER = struct.Struct("<4sII")
_COLUMNS = ("I", "I", "q", "q", "B", "H", "H")
_WORD_BYTES = sum(array(code).itemsize for code in _COLUMNS)
_CHARS_END, _TIME_END, _FLAGS_END = 1 << 32, 1 << 63, 1 << 16


class TimeSource(IntEnum):
    """Where a word's time comes from."""

    NONE = 0
    ENGINE = 1
    ALIGNED = 2
    CARRIED = 3
    INTERPOLATED = 4


class WordFlag(IntFlag):
    """What is to be said of a word, as bits."""

    DOUBTED = 1
    """A flag of its layer covers it."""
    OVERLAP = 2
    """Several voices were speaking at once."""


class Word(NamedTuple):
    """One spoken word. `char_start:char_end` in its turn's text; times in ms or None, half-open."""

    char_start: int
    char_end: int
    start: Ms | None = None
    end: Ms | None = None
    source: TimeSource = TimeSource.NONE
    probability: float | None = None
    flags: int = 0


def _empty(code: str) -> array[int]:
    return array(code)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, one array per column, all of one length, in text order.

    char_start, char_end: character range in the text, sorted, not overlapping.
    start_ms, end_ms: media time, `NO_TIME` where there is none.
    source: a `TimeSource`. probability: 0…`PROBABILITY_UNIT`, `NO_PROBABILITY` where unknown.
    flags: `WordFlag` bits, 0 where nothing is to be said.
    """

    char_start: array[int] = field(default_factory=lambda: _empty("I"))
    char_end: array[int] = field(default_factory=lambda: _empty("I"))
    start_ms: array[int] = field(default_factory=lambda: _empty("q"))
    end_ms: array[int] = field(default_factory=lambda: _empty("q"))
    source: array[int] = field(default_factory=lambda: _empty("B"))
    probability: array[int] = field(default_factory=lambda: _empty("H"))
    flags: array[int] = field(default_factory=lambda: _empty("H"))

    @classmethod
    def of(cls, words: Iterable[Word]) -> Words:
        """Columns from single words; a probability that is no number is unknown.

        Raises `ValueError` where a range or time runs backwards or does not fit its column.
        """
        result = cls()
        last = 0
        for word in words:
            if not last <= word.char_start < word.char_end < _CHARS_END:
                raise ValueError(f"word ranges must be sorted and not empty, not {word}")
            if (word.start is None) != (word.end is None):
                raise ValueError(f"a word has both times or none, not {word}")
            timed = word.start is not None and word.end is not None
            if timed and not 0 <= (word.start or 0) <= (word.end or 0) < _TIME_END:
                raise ValueError(f"a word's times run from 0 and forwards, not {word}")
            if not 0 <= word.flags < _FLAGS_END:
                raise ValueError(f"a word's flags are 16 bits, not {word}")
            last = word.char_end
            result.char_start.append(word.char_start)
            result.char_end.append(word.char_end)
            result.start_ms.append(NO_TIME if word.start is None else word.start)
            result.end_ms.append(NO_TIME if word.end is None else word.end)
            result.source.append(int(word.source))
            result.probability.append(
                NO_PROBABILITY
                if word.probability is None or math.isnan(word.probability)
                else round(min(1.0, max(0.0, word.probability)) * PROBABILITY_UNIT)
            )
            result.flags.append(word.flags)
        return result

    def __len__(self) -> int:
        return len(self.char_start)

    def __getitem__(self, index: int) -> Word:
        start, probability = self.start_ms[index], self.probability[index]
        return Word(
            self.char_start[index],
            self.char_end[index],
            None if start == NO_TIME else start,
            None if start == NO_TIME else self.end_ms[index],
            TimeSource(self.source[index]),
            None if probability == NO_PROBABILITY else probability / PROBABILITY_UNIT,
            self.flags[index],
        )

    def __iter__(self) -> Iterator[Word]:
        return (self[index] for index in range(len(self)))

    @property
    def span(self) -> Span | None:
        """From the first timed word's start to the last end; None where no word has a time."""
        starts = [value for value in self.start_ms if value != NO_TIME]
        ends = [value for value in self.end_ms if value != NO_TIME]
        return Span(min(starts), max(ends)) if starts else None

    def pack(self) -> bytes:
        """The one column on disk: magic and version, count, CRC-32, the arrays little-endian."""
        body = b"".join(_little(column).tobytes() for column in self._columns())
        return _HEADER.pack(_MAGIC, len(self), zlib.crc32(body)) + body

    @classmethod
    def unpack(cls, data: bytes) -> Words:
        """Read what `pack` wrote. Raises `Corrupt` where the bytes are not whole."""
        if len(data) < _HEADER.size:
            raise Corrupt("a turn's words column is cut short; restore the catalogue from a backup")
        magic, count, crc = _HEADER.unpack_from(data)
        body = data[_HEADER.size :]
        size = _WORD_BYTES * count
        if magic != _MAGIC and magic.startswith(_FAMILY):
            raise Corrupt("a turn's words column is of a newer release; install that release")
        if magic != _MAGIC or len(body) != size or zlib.crc32(body) != crc:
            raise Corrupt("a turn's words column is damaged; restore the catalogue from a backup")
        columns, position = [], 0
        for code in _COLUMNS:
            column = array(code)
            length = column.itemsize * count
            column.frombytes(body[position : position + length])
            position += length
            columns.append(_little(column))
        return cls(*columns)

    def _columns(self) -> tuple[array[int], ...]:
        return (
            self.char_start,
            self.char_end,
            self.start_ms,
            self.end_ms,
            self.source,
            self.probability,
            self.flags,
        )


def _little(column: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return column
    swapped = array(column.typecode, column)
    swapped.byteswap()
    return swapped
