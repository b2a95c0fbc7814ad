"""Caption bytes out of coded pictures, without decoding one: ATSC A/53 Part 4 `cc_data`.

In H.264 and HEVC they are an SEI message registered by ITU-T T.35, in MPEG-2 user data of the
picture. All functions take bytes of unknown quality and never raise.
"""

from __future__ import annotations

from collections.abc import Iterator

CARRIERS = ("h264", "hevc", "mpeg2video")
"""FFmpeg's names of the video codecs that caption bytes are looked for in."""

_T35_SEI = 4
_ATSC = b"\xb5\x00\x31"
_IDENTIFIER = b"GA94"
_CC_DATA = 3
_COUNT_BITS, _HAS_DATA = 0x1F, 0x40
_H264_SEI, _H264_SLICES = 6, range(1, 6)
_HEVC_SEI, _HEVC_SLICES = (39, 40), range(32)
_START = b"\x00\x00\x01"
_USER_DATA, _FIRST_SLICE, _LAST_SLICE = 0xB2, 0x01, 0xAF


def length_size(codec: str, extradata: bytes | None) -> int:
    """How many bytes give the length of each unit of a packet (ISO/IEC 14496-15); 0 where the
    units are parted by start codes."""
    if not extradata or extradata[0] != 1:
        return 0
    at = {"h264": 4, "hevc": 21}.get(codec)
    return 0 if at is None or len(extradata) <= at else (extradata[at] & 3) + 1


def triplets(codec: str, packet: bytes, size: int) -> bytes:
    """The caption triplets (flags and type, two bytes) of one coded picture, in their order.

    codec: one of `CARRIERS`. size: as `length_size` gives it.
    """
    if codec == "mpeg2video":
        return b"".join(_of_atsc(data) for data in _user_data(packet))
    found = []
    for unit in _units(codec, packet, size):
        body = unit[1 if codec == "h264" else 2 :].replace(b"\x00\x00\x03", b"\x00\x00")
        for kind, payload in _messages(body):
            if kind == _T35_SEI and payload.startswith(_ATSC):
                found.append(_of_atsc(payload[len(_ATSC) :]))
    return b"".join(found)


def _units(codec: str, packet: bytes, size: int) -> Iterator[bytes]:
    """The SEI units of a packet. A picture's come before its slices, but for HEVC's suffixes."""
    for start, end in _lengths(packet, size) if size else _start_codes(packet):
        if start >= len(packet):
            return
        if codec == "h264":
            kind = packet[start] & 0x1F
            wanted, over = kind == _H264_SEI, kind in _H264_SLICES
        else:
            kind = packet[start] >> 1 & 0x3F
            wanted, over = kind in _HEVC_SEI, False
        if wanted:
            yield packet[start:end]
        # Two fields may share a packet: only a length says cheaply where the next unit begins.
        if over and not size:
            return


def _lengths(packet: bytes, size: int) -> Iterator[tuple[int, int]]:
    at = 0
    while at + size < len(packet):
        length = int.from_bytes(packet[at : at + size], "big")
        at += size
        yield at, min(at + length, len(packet))
        at += length


def _start_codes(packet: bytes) -> Iterator[tuple[int, int]]:
    at = packet.find(_START)
    while at >= 0:
        following = packet.find(_START, at + 3)
        yield at + 3, following if following >= 0 else len(packet)
        at = following


def _messages(body: bytes) -> Iterator[tuple[int, bytes]]:
    """SEI messages (ITU-T H.264, 7.3.2.3): type and payload."""
    at = 0
    while at + 2 <= len(body):
        numbers = []
        for _ in range(2):
            value = 0
            while at < len(body) and body[at] == 0xFF:
                value, at = value + 255, at + 1
            if at >= len(body):
                return
            numbers.append(value + body[at])
            at += 1
        yield numbers[0], body[at : at + numbers[1]]
        at += numbers[1]


def _user_data(packet: bytes) -> Iterator[bytes]:
    """User data of a picture (ISO/IEC 13818-2, 6.2.2.2.2); it comes before its slices."""
    at = packet.find(_START)
    while at >= 0 and at + 3 < len(packet):
        code = packet[at + 3]
        if _FIRST_SLICE <= code <= _LAST_SLICE:
            at = _after_slices(packet, at)
            continue
        following = packet.find(_START, at + 4)
        if code == _USER_DATA:
            yield packet[at + 4 : following if following >= 0 else len(packet)]
        at = following


def _after_slices(packet: bytes, at: int) -> int:
    """Where the second field of a packet begins: its picture header, or -1."""
    return packet.find(_START + b"\x00", at + 4)


def _of_atsc(data: bytes) -> bytes:
    """The triplets of ATSC user data that begins with its identifier (A/53 Part 4, 6.2.3)."""
    if len(data) < 7 or not data.startswith(_IDENTIFIER) or data[4] != _CC_DATA:
        return b""
    count = data[5] & _COUNT_BITS if data[5] & _HAS_DATA else 0
    whole = data[7 : 7 + 3 * count]
    return whole[: len(whole) // 3 * 3]
