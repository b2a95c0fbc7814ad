"""What passes between a recogniser pool and its processes: a JSON header and raw bytes.

A frame is two little-endian 32-bit lengths, a UTF-8 JSON object, and a body.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

from offair.model import errors
from offair.model.errors import OffairError, Unavailable
from offair.model.transcript import Engine, Heard
from offair.model.words import Words

_LENGTHS = struct.Struct("<II")

Header = dict[str, Any]
"""The JSON object of a frame; `kind` says what it is."""


def write_frame(
    stream: BinaryIO, header: Mapping[str, object], body: bytes | memoryview = b""
) -> None:
    """Write one frame and flush it. Raises `OSError` where nobody reads any more."""
    head = json.dumps(header, ensure_ascii=True).encode("ascii")
    stream.write(_LENGTHS.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[Header, bytes] | None:
    """The next frame, or None where the other side has gone, also in the middle of a frame."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    head, body = stream.read(head_size), stream.read(body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return json.loads(head), body


def heard_frame(heard: Heard) -> tuple[Header, bytes]:
    """A result as a frame."""
    header: Header = {
        "kind": "heard",
        "text": heard.text,
        "language": heard.language,
        "language_probability": heard.language_probability,
        "mean_probability": heard.mean_probability,
        "no_speech_probability": heard.no_speech_probability,
    }
    return header, heard.words.pack()


def read_heard(header: Header, body: bytes) -> Heard:
    """The result in a frame. Raises `Corrupt` where its words are damaged."""
    return Heard(
        text=header["text"],
        words=Words.unpack(body),
        language=header["language"],
        language_probability=header["language_probability"],
        mean_probability=header["mean_probability"],
        no_speech_probability=header["no_speech_probability"],
    )


def engine_header(engine: Engine) -> Header:
    """What a process says when its model is loaded."""
    return {
        "kind": "ready",
        "name": engine.name,
        "model": engine.model,
        "revision": engine.revision,
        "settings": dict(engine.settings),
    }


def read_engine(header: Header) -> Engine:
    """The engine in a `ready` header."""
    return Engine(header["name"], header["model"], header["revision"], header["settings"])


def error_header(error: OffairError) -> Header:
    """An error of our tree as a header."""
    return {"kind": "error", "error": type(error).__name__, "message": str(error)}


def read_error(header: Header) -> OffairError:
    """The error in an `error` header; a class that is not of our tree becomes `Unavailable`."""
    kind = getattr(errors, header["error"], None)
    if isinstance(kind, type) and issubclass(kind, OffairError):
        return kind(header["message"])
    return Unavailable(header["message"])
