"""Bytes of a text file to characters, without ever guessing an encoding."""

from __future__ import annotations

import codecs

from offair.model.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, *, source: str, encoding: str | None = None) -> str:
    """The text of a file: by its byte order mark, else as `encoding`, else as UTF-8.

    The byte order mark is not part of the text. Raises `BadInput` where the bytes are not of that
    encoding (naming the first byte that is not), where the encoding's name is unknown, and where
    the text holds NUL characters, which no text file has.
    """
    start, name = 0, encoding or "utf-8"
    for mark, marked in _MARKS:
        if data.startswith(mark):
            start, name = len(mark), marked
            break
    try:
        if codecs.lookup(name).name in ("utf-7", "idna", "punycode") or not _is_text(name):
            raise LookupError(name)
        text = data[start:].decode(name)
    except LookupError:
        raise BadInput(
            f"{source}: {encoding!r} is no text encoding; name one such as windows-1256"
        ) from None
    except UnicodeError as error:
        at = start + (error.start if isinstance(error, UnicodeDecodeError) else 0)
        raise BadInput(
            f"{source}: the byte at offset {at} is not {name.upper()}; "
            "say what the file is written in with --encoding, e.g. --encoding windows-1256"
        ) from None
    if "\0" in text:
        raise BadInput(f"{source}: holds NUL characters, so it is not a text file; check the file")
    return text


def _is_text(name: str) -> bool:
    # The codecs that turn bytes into bytes (hex, zlib) refuse with a LookupError here.
    "".encode(name)
    return True
