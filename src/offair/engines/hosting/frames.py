"""What passes between a host and its processes: a JSON header and raw bytes.

A frame is two little-endian 32-bit lengths, a UTF-8 JSON object, and a body.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Protocol

from offair.model import errors
from offair.model.errors import OffairError, Unavailable
from offair.model.transcript import Engine

_LENGTHS = struct.Struct("<II")

Header = dict[str, Any]
"""The JSON object of a frame; `kind` says what it is."""


class Readable(Protocol):
    """What frames are read from: `read` may give less than asked, and nothing at the end."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes."""
        ...


class Writable(Protocol):
    """What frames are written to."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Take all of `data`."""
        ...

    def flush(self) -> None:
        """Pass on what was taken."""
        ...


def write_frame(
    stream: Writable, header: Mapping[str, object], body: bytes | memoryview = b""
) -> None:
    """Write one frame and flush it. Raises `OSError` where nobody reads any more."""
    head = json.dumps(header, ensure_ascii=True).encode("ascii")
    stream.write(_LENGTHS.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def read_frame(stream: Readable) -> tuple[Header, bytes] | None:
    """The next frame, or None where the other side has gone, also in the middle of a frame."""
    lengths = _exactly(stream, _LENGTHS.size)
    if lengths is None:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    head, body = _exactly(stream, head_size), _exactly(stream, body_size)
    if head is None or body is None:
        return None
    return json.loads(head), body


def _exactly(stream: Readable, size: int) -> bytes | None:
    """So many bytes; None where the stream ends before."""
    pieces, missing = [], size
    while missing:
        piece = stream.read(missing)
        if not piece:
            return None
        pieces.append(piece)
        missing -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def engine_facts(engine: Engine) -> Header:
    """An engine as JSON."""
    return {
        "name": engine.name,
        "model": engine.model,
        "revision": engine.revision,
        "settings": dict(engine.settings),
    }


def read_engine(facts: Mapping[str, Any]) -> Engine:
    """The engine in `engine_facts`."""
    return Engine(facts["name"], facts["model"], facts["revision"], facts["settings"])


def error_header(error: OffairError) -> Header:
    """An error of our tree as a header."""
    return {"kind": "error", "error": type(error).__name__, "message": str(error)}


def read_error(header: Mapping[str, Any]) -> OffairError:
    """The error in an `error` header; a class that is not of our tree becomes `Unavailable`."""
    kind = getattr(errors, header["error"], None)
    if isinstance(kind, type) and issubclass(kind, OffairError):
        return kind(header["message"])
    return Unavailable(header["message"])
