"""Video with captions that are known to the frame: a small CEA-608 encoder, and where to put it.

The pictures are FFmpeg's; the caption bytes are put into the coded packets by hand, as PyAV has no
way to give a picture side data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = Fraction(30_000, 1001)
"""Frames a second."""

_SPECIAL = {"♪": (0x11, 0x37), "½": (0x11, 0x32), "à": (0x11, 0x38)}
_EXTENDED = {
    "É": ("E", 0x12, 0x21), "“": ('"', 0x12, 0x2E), "”": ('"', 0x12, 0x2F),
    "ß": ("s", 0x13, 0x34),
}  # fmt: skip
_BASIC = {"á": 0x2A, "é": 0x5C, "í": 0x5E, "ó": 0x5F, "ú": 0x60, "ç": 0x7B, "ñ": 0x7E, "’": 0x27}
RCL, RU2, RU3, RDC, EDM, CR, ENM, EOC = 0x20, 0x25, 0x26, 0x29, 0x2C, 0x2D, 0x2E, 0x2F
_PAC = {1: (0x11, 0x40), 13: (0x13, 0x60), 14: (0x14, 0x40), 15: (0x14, 0x60)}


@dataclass(frozen=True)
class Known:
    """What a stream shows: first frame, first frame after, text; channel CC1 to CC4."""

    start: int
    end: int
    text: str
    channel: int = 1


@dataclass
class Script:
    """What is sent in each frame: one pair for each field. Frames count from 0."""

    sent: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    known: list[Known] = field(default_factory=list)

    def pop_on(self, start: int, end: int | None, *rows: str, channel: int = 1) -> None:
        """A caption loaded before `start`; `end` None where the next one takes its place."""
        pairs = [*twice(RCL, channel), *twice(ENM, channel)]
        for number, text in zip((14, 15) if len(rows) == 2 else (15,), rows, strict=True):
            pairs += [*_address(number, channel), *_letters(text, channel)]
        self._put(start - len(pairs), pairs, channel)
        self._put(start, twice(EOC, channel), channel)
        self._close(start, channel)
        if end is not None:
            self._put(end, twice(EDM, channel), channel)
        self.known.append(Known(start, end or -1, "\n".join(rows), channel))

    def roll_up(self, start: int, *lines: str, channel: int = 1, depth: int = RU2) -> int:
        """Lines one after the other, as fast as they can be sent; returns the frame after."""
        at = start
        for number, text in enumerate(lines):
            head = [*twice(depth, channel), *twice(CR, channel), *_address(15, channel)]
            letters = _letters(text, channel)
            if number:
                # The line above ends with the carriage return.
                last = self.known[-1]
                self.known[-1] = Known(last.start, at + 2, last.text, channel)
            self.known.append(Known(at + len(head), -1, text, channel))
            at = self._put(at, [*head, *letters], channel)
        return at

    def erase(self, at: int, channel: int = 1) -> None:
        """What stands is over."""
        self._put(at, twice(EDM, channel), channel)
        self._close(at, channel)

    def _close(self, at: int, channel: int) -> None:
        self.known = [
            Known(one.start, at, one.text, one.channel)
            if one.end < 0 and one.channel == channel
            else one
            for one in self.known
        ]

    def paint_on(self, start: int, end: int, *rows: str, channel: int = 1) -> None:
        """Rows painted letter by letter from `start`."""
        pairs = twice(RDC, channel)
        first = start + len(pairs) + 2
        for number, text in zip((14, 15) if len(rows) == 2 else (15,), rows, strict=True):
            pairs += [*_address(number, channel), *_letters(text, channel)]
        self._put(start, pairs, channel)
        self._put(end, twice(EDM, channel), channel)
        self.known.append(Known(first, end, "\n".join(rows), channel))

    def expected(self, channel: int, frames: int) -> list[Known]:
        """The captions of one channel, a missing end filled in by the next start or the last."""
        mine = sorted((one for one in self.known if one.channel == channel), key=lambda k: k.start)
        return [
            Known(
                one.start,
                one.end if one.end >= 0 else (mine[n + 1].start if n + 1 < len(mine) else frames),
                one.text,
                channel,
            )
            for n, one in enumerate(mine)
        ]

    def triplets(self, frame: int) -> bytes:
        """The `cc_data` of one frame: both fields, and one empty pair of CEA-708."""
        first = self.sent.get((frame, 1), (0, 0))
        second = self.sent.get((frame, 2), (0, 0))
        return bytes((0xFC, *map(parity, first), 0xFD, *map(parity, second), 0xFA, 0x00, 0x00))

    def _put(self, at: int, pairs: list[tuple[int, int]], channel: int) -> int:
        number = 1 if channel < 3 else 2
        for pair in pairs:
            assert (at, number) not in self.sent, f"frame {at} is taken"
            assert at >= 0
            self.sent[at, number] = pair
            at += 1
        return at


def parity(byte: int) -> int:
    """The eighth bit that makes the number of ones odd."""
    return byte | 0x80 if (byte & 0x7F).bit_count() % 2 == 0 else byte & 0x7F


def twice(code: int, channel: int) -> list[tuple[int, int]]:
    """A command, sent twice as it must be."""
    first = 0x14 | (0x08 if channel in (2, 4) else 0) | (0x01 if channel > 2 else 0)
    return [(first, code)] * 2


def _address(row: int, channel: int) -> list[tuple[int, int]]:
    first, second = _PAC[row]
    return [(first | (0x08 if channel in (2, 4) else 0), second)] * 2


def _letters(text: str, channel: int) -> list[tuple[int, int]]:
    other = 0x08 if channel in (2, 4) else 0
    pairs: list[tuple[int, int]] = []
    waiting: int | None = None

    def flush() -> None:
        nonlocal waiting
        if waiting is not None:
            pairs.append((waiting, 0))
            waiting = None

    for letter in text:
        if letter in _SPECIAL:
            flush()
            first, second = _SPECIAL[letter]
            pairs.extend([(first | other, second)] * 2)
            continue
        plain, *code = _EXTENDED.get(letter, (letter,))
        byte = _BASIC.get(str(plain), ord(str(plain)))
        if waiting is None:
            waiting = byte
        else:
            pairs.append((waiting, byte))
            waiting = None
        if code:
            flush()
            pairs.extend([(int(code[0]) | other, int(code[1]))] * 2)
    flush()
    return pairs


def script() -> Script:
    """Every way of showing captions, special letters, two back to back, two channels."""
    one = Script()
    one.pop_on(40, 80, "PLAIN POP-ON", "OF TWO ROWS")
    one.pop_on(130, None, "♪ música é “ÉTÉ” ♪")
    one.pop_on(180, 220, "back to back, Straße ½")
    after = one.roll_up(230, "FIRST LINE ROLLS UP", "then the second", "and >> JANE: a third")
    one.erase(after + 20)
    one.paint_on(after + 40, after + 110, "painted row one", "and row two à la carte")
    one.pop_on(after + 160, None, "the last is never erased")
    one.pop_on(60, 120, "otro canal", channel=3)
    return one


FRAMES = 620
"""Long enough for `script`."""


def with_captions(
    path: Path,
    captions: Script,
    *,
    codec: str = "libx264",
    frames: int = FRAMES,
    size: tuple[int, int] = (64, 48),
    options: dict[str, str] | None = None,
    picture: Callable[[int], Any] | None = None,
) -> Path:
    """A video whose coded pictures carry the captions. The container is told by the suffix.

    size: width, height. picture: the pixels of a frame, RGB; by default one colour that changes.
    """
    put = {"libx264": _into_h264, "libx265": _into_hevc, "mpeg2video": _into_mpeg2}[codec]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = options or {}
        if codec == "mpeg2video":
            stream.codec_context.max_b_frames = 2
            stream.codec_context.gop_size = 12
        for number in range(frames + 1):
            if number < frames:
                pixels = picture(number) if picture else _plain(size, number)
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
                frame.pts = number
                frame.time_base = 1 / RATE
                packets = stream.encode(frame)
            else:
                packets = stream.encode(None)
            for packet in packets:
                container.mux(_with(packet, captions, put))
    return path


def _plain(size: tuple[int, int], number: int) -> Any:
    return np.full((size[1], size[0], 3), number % 256, np.uint8)


def _with(packet: Any, captions: Script, put: Callable[..., bytes]) -> Any:
    shown = round(packet.pts * packet.time_base * RATE)
    made = av.Packet(put(bytes(packet), captions.triplets(shown)))
    made.pts, made.dts, made.duration = packet.pts, packet.dts, packet.duration
    made.time_base, made.stream = packet.time_base, packet.stream
    made.is_keyframe = packet.is_keyframe
    return made


def atsc(triplets: bytes) -> bytes:
    """User data of ATSC A/53 around caption triplets."""
    count = len(triplets) // 3
    return b"GA94\x03" + bytes((0xC0 | count, 0xFF)) + triplets + b"\xff"


def sei(triplets: bytes, head: bytes = b"\x06") -> bytes:
    """A unit with one SEI message, escaped as units are."""
    payload = b"\xb5\x00\x31" + atsc(triplets)
    body = bytearray(head + bytes((4, len(payload))) + payload + b"\x80")
    at = len(head)
    while at + 2 < len(body):
        if body[at] == 0 and body[at + 1] == 0 and body[at + 2] <= 3:
            body.insert(at + 2, 3)
            at += 2
        at += 1
    return bytes(body)


def _into_h264(packet: bytes, triplets: bytes) -> bytes:
    unit = sei(triplets)
    return _before(packet, unit, lambda first: first & 0x1F in (1, 5))


def _into_hevc(packet: bytes, triplets: bytes) -> bytes:
    unit = sei(triplets, head=b"\x4e\x01")
    return _before(packet, unit, lambda first: (first >> 1 & 0x3F) < 32)


def _before(packet: bytes, unit: bytes, is_slice: Callable[[int], bool]) -> bytes:
    """The unit put before the first slice of a packet in start codes."""
    for at in _codes(packet):
        if is_slice(packet[at + 3]):
            return packet[:at] + b"\x00\x00\x01" + unit + packet[at:]
    raise AssertionError("a packet without a picture")


def _into_mpeg2(packet: bytes, triplets: bytes) -> bytes:
    for at in _codes(packet):
        if 0x01 <= packet[at + 3] <= 0xAF:
            return packet[:at] + b"\x00\x00\x01\xb2" + atsc(triplets) + packet[at:]
    raise AssertionError("a packet without a picture")


def _codes(packet: bytes) -> Iterable[int]:
    at = packet.find(b"\x00\x00\x01")
    while at >= 0:
        yield at
        at = packet.find(b"\x00\x00\x01", at + 3)
