"""The one place that every command's output passes through: nothing that came in with a text acts
on the terminal."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TextIO, cast

CONTROL = re.compile(r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters (C0, DEL, C1) but tabs and line ends; a carriage return alone is none."""

_STYLED = re.compile(rf"\x1b\[[0-9;]*m|{CONTROL.pattern}")


def printed(text: str, *, styled: bool = False) -> str:
    """Text as a terminal may show it: control characters but line ends and tabs are escaped
    (`\\x1b`), so that what came in with a text cannot move the cursor or run anything.

    styled: colours and their like (SGR sequences) stay.
    """
    found = _STYLED if styled else CONTROL
    return found.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    text = found[0]
    return text if text.endswith("m") else text.encode("unicode_escape").decode("ascii")


class Printed:
    """The output stream of a command: everything that is printed passes through `printed`."""

    def __init__(self, stream: TextIO, *, styled: bool) -> None:
        """stream: written to. styled: the command sets colours itself."""
        self._stream, self._styled = stream, styled

    def write(self, text: str) -> int:
        """Write it as a terminal may show it; how many characters were given."""
        self._stream.write(printed(text, styled=self._styled))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each."""
        for one in lines:
            self.write(one)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the stream's own."""
        return getattr(self._stream, name)


@contextlib.contextmanager
def printing(*, styled: bool) -> Iterator[None]:
    """Let everything that the block prints on the output stream pass through `printed`."""
    before = sys.stdout
    sys.stdout = cast(TextIO, Printed(before, styled=styled))
    try:
        yield
    finally:
        sys.stdout = before


def write_document(data: bytes) -> None:
    """A document on the output stream: byte for byte into a file or another program, as `printed`
    on a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(data.decode("utf-8", "backslashreplace"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    sys.stdout.flush()
