"""The lines of a printed record, cut so that joining them again gives the same text.

A line ends at LF, CR LF or a lone CR; every other separator stays inside its line. White space
at the edges, no-break spaces and direction marks included, belongs to the layout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from offair.model.errors import BadInput

BOM = "\ufeff"

_INVISIBLE = "\u200b\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\ufeff"
WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _INVISIBLE
"""Characters that print nothing: all of Unicode's white space, direction and zero-width marks."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FOREIGN_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One line. number: from 1. start, end: where its visible text lies in `text`."""

    number: int
    text: str
    ending: str
    start: int
    end: int

    @property
    def body(self) -> str:
        """The visible text, without white space at the edges."""
        return self.text[self.start : self.end]

    @property
    def blank(self) -> bool:
        """Whether nothing visible stands on it; no-break spaces are not visible."""
        return self.start == self.end


def shown(text: str) -> str:
    """A text for a message: cut at 120 characters."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_LOOKED_AT = 4_096
"""Bytes in which text has no null."""


def decode(data: bytes | str, source: str) -> str:
    """The text of a printed record; a UTF-8 byte-order mark stays as its first character.

    Raises `BadInput` naming the byte position where the data is not UTF-8 or not text.
    """
    if isinstance(data, bytes):
        for mark, name in _FOREIGN_BOMS:
            if data.startswith(mark):
                raise BadInput(f"{source} is {name} text; save it as UTF-8 and try again")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            if b"\x00" in data[:_LOOKED_AT]:
                raise BadInput(
                    f"{source} holds no text but sound, pictures or other data; sound and video "
                    "are taken in with `offair add`"
                ) from error
            raise BadInput(
                f"{source} is not UTF-8 text: byte {error.start} is 0x{data[error.start]:02x}; "
                "save it as UTF-8 and try again"
            ) from error
    else:
        text = data
        found = _SURROGATE.search(text)
        if found is not None:
            raise BadInput(
                f"{source} holds half a character (a lone surrogate) at position {found.start()}; "
                "read the file again as UTF-8"
            )
    position = text.find("\x00")
    if position >= 0:
        raise BadInput(
            f"{source} is not text: a zero byte stands at character {position}; "
            "give the printed record as a UTF-8 text file"
        )
    return text


def split_lines(text: str) -> list[Line]:
    """The lines of a text in order. `line.text + line.ending` of all, joined, is the text.

    A text that ends with a line end has no empty last line.
    """
    lines: list[Line] = []
    position = 0
    for match in _LINE_END.finditer(text):
        lines.append(_line(len(lines) + 1, text[position : match.start()], match.group()))
        position = match.end()
    if position < len(text):
        lines.append(_line(len(lines) + 1, text[position:], ""))
    return lines


def _line(number: int, text: str, ending: str) -> Line:
    start = len(text) - len(text.lstrip(WHITE))
    end = max(start, len(text.rstrip(WHITE)))
    return Line(number, text, ending, start, end)
