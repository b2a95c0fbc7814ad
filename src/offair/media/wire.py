"""The language between the desk's process and the child: requests down, messages up.

A request is one line of JSON on the child's stdin, which then stays open: its end tells the
child that nobody waits any more. Messages come up as kind (1 byte), length (4 bytes, little
endian) and payload.
"""

from __future__ import annotations

import struct
from enum import Enum

HEADER = struct.Struct("<cI")
"""Kind and payload length of a message."""

SOUND_HEADER = struct.Struct("<Q??ff")
"""Before the samples of a `Kind.SOUND`: media time in ms, whether some of it is damaged, whether
one audio channel stands for two that cancel each other out, and the level of each of two (RMS)."""

CAPTION_PAIR = struct.Struct("<QBBB")
"""In a `Kind.CAPTIONS`, many after another: media time in ms, field (1, 2), the two bytes."""

CEA_608 = "CEA-608 caption data is in the"
"""How the note of a probe begins that says that `closed_captions` has something to read."""

LINE_21 = "eia_608"
"""FFmpeg's name of the codec of a caption track that holds nothing but CEA-608."""

PROGRESS = struct.Struct("<d")
"""Payload of a `Kind.PROGRESS`: the share done, 0…1."""

MAX_PAYLOAD = 16 << 20
"""A longer message is not ours: the child has been taken over or has lost its way."""

SAMPLE_RATE_HZ = 16_000
"""The rate of all sound handed to engines."""

BLOCK_MS = 1000
"""The longest block of sound sent at once."""


class Kind(Enum):
    """What a message is."""

    RESULT = b"R"
    ERROR = b"E"
    PROGRESS = b"P"
    SOUND = b"S"
    CAPTIONS = b"C"
    PEAKS = b"K"


def pack(kind: Kind, payload: bytes) -> bytes:
    """One message, ready to be written."""
    return HEADER.pack(kind.value, len(payload)) + payload


class Unpacker:
    """Cuts the byte stream of a child into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Take bytes as they came from the pipe."""
        self._buffer += data

    def next(self) -> tuple[Kind, bytes] | None:
        """The next whole message, or None until more bytes come.

        Raises `ValueError` where the bytes are no message.
        """
        if len(self._buffer) < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self._buffer)
        if length > MAX_PAYLOAD:
            raise ValueError(f"a message of {length} bytes")
        if len(self._buffer) < HEADER.size + length:
            return None
        payload = bytes(memoryview(self._buffer)[HEADER.size : HEADER.size + length])
        del self._buffer[: HEADER.size + length]
        return Kind(kind), payload
