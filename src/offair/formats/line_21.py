"""Caption bytes of line 21 (ANSI/CTA-608-E; 47 CFR 79.101) to cues: one track for each channel.

The bytes come from a Scenarist file or from the pictures of a recording. A channel has two
memories of 15 rows of 32 cells, one displayed and one being loaded. A cue is what became visible:

* pop-on: the whole caption, from the code that shows it to the code that erases or replaces it;
* roll-up: each line by itself, from its first letter to the carriage return after it; what only
  moves up is not said again;
* paint-on: what was painted under one command, from its first letter until it is erased or
  painted over.

FFmpeg's `cc_dec` was passed over: it mixes the channels of a field, repeats roll-up lines and has
one time for all events of a packet. It is what this module is tested against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from offair.model.time import Ms, Span
from offair.model.transcript import Cue

_ROWS, _COLUMNS = 15, 32
_DOUBLED_MS: Ms = 100
"""A control code is sent twice, in frames that follow one another; what comes later is a second."""
_BLOCK = 0x7F
_BASE_ROW = 15
# CTA-608-E, tables 49 to 52: ASCII but for these, and three tables behind a first byte.
_CHANGED = {
    0x27: "’", 0x2A: "á", 0x5C: "é", 0x5E: "í", 0x5F: "ó", 0x60: "ú", 0x7B: "ç", 0x7C: "÷",
    0x7D: "Ñ", 0x7E: "ñ", 0x7F: "█",
}  # fmt: skip
_TWO_BYTES = {
    0x11: "®°½¿™¢£♪à èâêîôû",
    0x12: "ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»",
    0x13: "ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘",
}
_TABLE_FROM = {0x11: 0x30, 0x12: 0x20, 0x13: 0x20}
_ROW_OF = {
    (0x11, 0): 1, (0x11, 1): 2, (0x12, 0): 3, (0x12, 1): 4, (0x15, 0): 5, (0x15, 1): 6,
    (0x16, 0): 7, (0x16, 1): 8, (0x17, 0): 9, (0x17, 1): 10, (0x10, 0): 11, (0x13, 0): 12,
    (0x13, 1): 13, (0x14, 0): 14, (0x14, 1): 15,
}  # fmt: skip
_RCL, _BS, _DER, _RU2, _RU4, _RDC, _TR, _RTD = 0x20, 0x21, 0x24, 0x25, 0x27, 0x29, 0x2A, 0x2B
_EDM, _CR, _ENM, _EOC = 0x2C, 0x2D, 0x2E, 0x2F


class _Mode(Enum):
    UNKNOWN = "unknown"
    POP_ON = "pop-on"
    ROLL_UP = "roll-up"
    PAINT_ON = "paint-on"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Track:
    """What one channel showed. lost: text that came before any command said how to show it, as
    where a recording begins inside a caption."""

    name: str
    cues: tuple[Cue, ...]
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """All that was found in the bytes.

    tracks: CC1 to CC4, those that showed something. text_services: T1 to T4, those that sent
    something; they are not captions and not read. damaged: pairs whose parity is wrong.
    """

    tracks: tuple[Track, ...]
    text_services: tuple[str, ...]
    damaged: int


def decode(pairs: Iterable[tuple[Ms, int, int, int]], end: Ms) -> Decoded:
    """Cues of the byte pairs of line 21.

    pairs: media time, field 1 or 2, and two bytes with their parity bit, in time order. end: when
    the recording ends, and with it what is still displayed. Never raises on any bytes.
    """
    fields = {1: _Field(1), 2: _Field(2)}
    damaged, last = 0, 0
    for at, number, first, second in pairs:
        last = max(last, at)
        if not _odd(second):
            damaged += 1
            continue
        if not _odd(first):
            damaged += 1
            # 79.101 (i): a letter that cannot be made out is shown as a block, a code is left out.
            first = _BLOCK if second & 0x7F >= 0x20 or second & 0x7F == 0 else 0
            if not first:
                continue
        fields[number].take(at, first & 0x7F, second & 0x7F)
    tracks, texts = [], []
    for one in (*fields[1].channels, *fields[2].channels):
        one.finish(max(end, last))
        cues = sorted(one.cues, key=lambda cue: (cue.span.start, cue.span.end))
        if cues or one.lost:
            tracks.append(Track(f"CC{one.number}", tuple(cues), one.lost))
        if one.text_seen:
            texts.append(f"T{one.number}")
    return Decoded(tuple(tracks), tuple(texts), damaged)


def _odd(byte: int) -> bool:
    return byte.bit_count() % 2 == 1


def with_parity(byte: int) -> int:
    """Seven bits with the eighth that makes their number odd, as line 21 sends them."""
    return _WITH_PARITY[byte & 0x7F]


_WITH_PARITY = tuple(seven if _odd(seven) else seven | 0x80 for seven in range(0x80))


class _Field:
    """Parts the pairs of one field among its two channels."""

    def __init__(self, number: int) -> None:
        self.channels = (_Channel(2 * number - 1), _Channel(2 * number))
        self._second = number == 2
        self._channel: _Channel | None = None
        self._last: tuple[int, int] | None = None
        self._last_at: Ms = 0

    def take(self, at: Ms, first: int, second: int) -> None:
        if first < 0x10:
            if first and self._second:
                # Extended data services, until a caption code comes.
                self._channel = None
            elif second >= 0x20 and self._channel is not None:
                self._last = None
                self._channel.write(at, _basic(second))
            return
        if first >= 0x20:
            self._last = None
            if self._channel is not None:
                self._channel.write(at, _basic(first))
                if second >= 0x20:
                    self._channel.write(at, _basic(second))
            return
        if second < 0x20:
            return
        if self._last == (first, second) and at - self._last_at <= _DOUBLED_MS:
            self._last = None
            return
        self._last, self._last_at = (first, second), at
        self._channel = self.channels[first >> 3 & 1]
        self._channel.control(at, first & ~0x08, second)


def _basic(code: int) -> str:
    return _CHANGED.get(code) or chr(code)


def _of_two_bytes(first: int, second: int) -> str | None:
    table = _TWO_BYTES[first]
    at = second - _TABLE_FROM[first]
    return table[at] if 0 <= at < len(table) else None


_Memory = dict[int, list[str | None]]


@dataclass(slots=True)
class _Standing:
    """Something visible: since when, its rows, and its words, None while it is still written."""

    start: Ms
    rows: set[int]
    text: str | None = None


@dataclass(slots=True)
class _Channel:
    number: int
    cues: list[Cue] = field(default_factory=list)
    lost: str = ""
    text_seen: bool = False
    mode: _Mode = _Mode.UNKNOWN
    displayed: _Memory = field(default_factory=dict)
    hidden: _Memory = field(default_factory=dict)
    standing: list[_Standing] = field(default_factory=list)
    writing: _Standing | None = None
    row: int = _BASE_ROW
    column: int = 0
    depth: int = 2
    first_at: Ms | None = None

    def write(self, at: Ms, letter: str, *, back: bool = False) -> None:
        """Put a letter at the cursor; `back` takes the place of the letter before."""
        if self.mode is _Mode.TEXT:
            return
        if back:
            self.column = max(0, self.column - 1)
        if self.mode is _Mode.UNKNOWN and self.first_at is None:
            self.first_at = at
        if letter.strip() and self.mode in (_Mode.ROLL_UP, _Mode.PAINT_ON):
            self._show(at)
        cells = self._memory().setdefault(self.row, [None] * _COLUMNS)
        cells[min(self.column, _COLUMNS - 1)] = letter
        self.column = min(self.column + 1, _COLUMNS)

    def control(self, at: Ms, first: int, second: int) -> None:
        """A code of two bytes, as the first channel has it."""
        if first in (0x14, 0x15) and 0x20 <= second <= 0x2F:
            self._command(at, second)
        elif self.mode is _Mode.TEXT:
            return
        elif second >= 0x40:
            row = _ROW_OF.get((first, second >> 5 & 1))
            if row is not None:
                self._address(row, second)
        elif first == 0x17 and 0x21 <= second <= 0x23:
            self.column = min(self.column + second - 0x20, _COLUMNS - 1)
        elif first == 0x11 and second < 0x30:
            self.write(at, " ")
        elif first in (0x11, 0x12, 0x13):
            letter = _of_two_bytes(first, second)
            if letter is not None:
                self.write(at, letter, back=first != 0x11)

    def finish(self, at: Ms) -> None:
        """The recording ends: what is displayed was displayed until then."""
        self._leave_unknown()
        self._erase(at)

    def _memory(self) -> _Memory:
        loading = self.mode in (_Mode.POP_ON, _Mode.UNKNOWN)
        return self.hidden if loading else self.displayed

    def _command(self, at: Ms, code: int) -> None:
        if code in (_TR, _RTD):
            self.mode, self.text_seen = _Mode.TEXT, True
        elif code == _EDM:
            self._erase(at)
        elif code == _ENM:
            self.hidden = {}
            if self.mode is _Mode.UNKNOWN:
                self.first_at = None
        elif code == _EOC:
            self._flip(at)
        elif code == _RCL:
            self._finish_writing()
            self.mode = _Mode.POP_ON
        elif code == _RDC:
            self._leave_unknown()
            self._finish_writing()
            self.mode = _Mode.PAINT_ON
        elif _RU2 <= code <= _RU4:
            self._roll_up(at, code - _RU2 + 2)
        elif self.mode is _Mode.TEXT:
            return
        elif code == _CR:
            self._return(at)
        elif code == _BS:
            self.column = max(0, min(self.column, _COLUMNS) - 1)
            self._blank(self.column, self.column + 1)
        elif code == _DER:
            self._blank(self.column, _COLUMNS)

    def _address(self, row: int, second: int) -> None:
        if self.mode is _Mode.ROLL_UP and row != self.row:
            # The whole window moves, with the line being written.
            shift = row - self.row
            self.displayed = {
                at_row + shift: cells
                for at_row, cells in self.displayed.items()
                if 1 <= at_row + shift <= _ROWS
            }
            if self.writing is not None:
                self.writing.rows = {row}
        self.row = row
        low = second & 0x1F
        self.column = (low >> 1 & 7) * 4 if low & 0x10 else 0

    def _roll_up(self, at: Ms, depth: int) -> None:
        if self.mode is not _Mode.ROLL_UP:
            self._leave_unknown()
            self._erase(at)
            self.hidden = {}
            self.row, self.column = _BASE_ROW, 0
        self.mode, self.depth = _Mode.ROLL_UP, depth

    def _return(self, at: Ms) -> None:
        if self.mode is _Mode.UNKNOWN and self.hidden:
            # Only roll-up text has carriage returns: these are the rest of its line.
            self.mode = _Mode.ROLL_UP
            self.displayed, self.hidden = self.hidden, {}
            self.writing = _Standing(at if self.first_at is None else self.first_at, {self.row})
        if self.mode is not _Mode.ROLL_UP:
            return
        self._finish_writing()
        self._close(at, self.standing)
        self.displayed = {
            row - 1: cells
            for row, cells in self.displayed.items()
            if self.row - self.depth + 1 < row <= self.row
        }
        self.column = 0

    def _flip(self, at: Ms) -> None:
        self._erase(at)
        self.displayed, self.hidden = self.hidden, {}
        self.mode = _Mode.POP_ON
        text = _text(self.displayed, set(self.displayed))
        if text:
            self.standing.append(_Standing(at, set(self.displayed), text))

    def _show(self, at: Ms) -> None:
        """Something becomes visible on the cursor's row."""
        over = [one for one in self.standing if self.row in one.rows]
        self._close(at, over)
        if self.writing is None:
            self.writing = _Standing(at, set())
            if over and self.mode is _Mode.PAINT_ON:
                self.displayed.pop(self.row, None)
        self.writing.rows.add(self.row)

    def _finish_writing(self) -> None:
        if self.writing is None:
            return
        self.writing.text = _text(self.displayed, self.writing.rows)
        self.standing.append(self.writing)
        self.writing = None

    def _erase(self, at: Ms) -> None:
        self._finish_writing()
        self._close(at, self.standing)
        self.displayed = {}

    def _close(self, at: Ms, over: list[_Standing]) -> None:
        for one in list(over):
            self.standing.remove(one)
            if one.text:
                self.cues.append(Cue(Span(one.start, max(one.start, at)), one.text))

    def _blank(self, first: int, last: int) -> None:
        cells = self._memory().get(self.row)
        if cells is not None and self.mode is not _Mode.TEXT:
            cells[first:last] = [None] * (min(last, _COLUMNS) - first)

    def _leave_unknown(self) -> None:
        """What was written before any command cannot be shown: kept as lost, not dropped."""
        if self.mode is _Mode.UNKNOWN and self.hidden:
            self.lost = " ".join(_text(self.hidden, set(self.hidden)).split())
            self.hidden = {}


def _text(memory: _Memory, rows: set[int]) -> str:
    lines = (
        " ".join("".join(cell or " " for cell in memory[row]).split())
        for row in sorted(rows)
        if row in memory
    )
    return "\n".join(line for line in lines if line)
