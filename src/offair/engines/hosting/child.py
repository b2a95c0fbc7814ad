"""One engine in a process of its own: `python -m offair.engines.hosting.child PARENT`.

Reads frames from standard input and answers each on what was standard output; dies with its
parent. First frame: which class, made with what, served by what. Then calls.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from offair.engines.hosting import Served
from offair.engines.hosting.frames import Header, error_header, read_frame, write_frame
from offair.model.errors import BadInput, OffairError, Unavailable

_PR_SET_PDEATHSIG = 1
_ENGINE_FAILURES = (
    RuntimeError, ValueError, OSError, MemoryError, ImportError, LookupError, ArithmeticError,
)  # fmt: skip
"""What a library may raise on a call or at loading; the process and its model stay usable."""


class _Announcing(logging.Handler):
    """Sends log records of `offair` (a model is being downloaded) to the host."""

    def __init__(self, answers: BinaryIO) -> None:
        super().__init__(logging.INFO)
        self._answers = answers

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record as a `notice` frame."""
        write_frame(self._answers, {"kind": "notice", "message": record.getMessage()})


class _Blocks(Iterator[bytes]):
    """The blocks of one stream, as they come."""

    def __init__(self, requests: BinaryIO) -> None:
        self._requests = requests
        self._ended = False

    def __next__(self) -> bytes:
        frame = None if self._ended else read_frame(self._requests)
        if frame is None and not self._ended:
            # There is nobody left to answer; half a sound must not be taken for a whole one.
            os._exit(1)
        if frame is None or frame[0]["kind"] == "end":
            self._ended = True
            raise StopIteration
        return frame[1]


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent goes (Linux; elsewhere the pipe's end
    does it, after the call in hand). parent: its process id, in case it has gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def load(header: Header) -> Served:
    """The engine that the first frame names, served. Raises `BadInput` or `Unavailable`."""
    what, implementation = header["what"], header["implementation"]
    try:
        maker, server = _named(implementation), _named(header["server"])
    except (ImportError, AttributeError) as error:
        raise BadInput(
            f"the {what} {implementation} cannot be imported ({error});"
            " install its package or choose another engine"
        ) from error
    try:
        served: Served = server(maker(**header["settings"]))
        return served
    except OffairError:
        raise
    except TypeError as error:
        raise BadInput(
            f"the {what} {implementation} does not take these settings: {error};"
            " correct them in the settings file"
        ) from error
    except _ENGINE_FAILURES as error:
        raise Unavailable(
            f"the {what} {implementation} could not be loaded: {error};"
            " check its model and its libraries with `offair doctor`"
        ) from error


def _named(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Load the engine and answer call after call until the host closes the pipe."""
    first = read_frame(requests)
    if first is None:
        return
    try:
        served = load(first[0])
        described = served.described()
    except OffairError as error:
        write_frame(answers, error_header(error))
        return
    write_frame(answers, {"kind": "ready", "described": described})
    engine = described["engine"]
    while (frame := read_frame(requests)) is not None:
        header, body = frame
        blocks = _Blocks(requests) if header["streamed"] else iter((body,))
        try:
            answer, made = served.answer(header["method"], header["given"], blocks)
        except OffairError as error:
            write_frame(answers, error_header(error))
        except _ENGINE_FAILURES as error:
            trouble = Unavailable(
                f"{engine['name']} with {engine['model']} failed on {header['label']}:"
                f" {type(error).__name__}: {error}; try again, or choose another engine or model"
            )
            write_frame(answers, error_header(trouble))
        else:
            write_frame(answers, {"kind": "answer", "answer": answer}, made)
        for _ in blocks:  # what an engine left unread of a stream is not the next call
            pass


def main() -> None:
    """Take over the pipes, so that nothing a library prints can be taken for an answer."""
    die_with_parent(int(sys.argv[1]))
    # The keyboard's interrupt goes to the whole foreground group; only the parent acts on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    log = logging.getLogger("offair")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(_Announcing(answers))
    try:
        serve(requests, answers)
    except BrokenPipeError:
        os._exit(1)  # the host has gone; there is nobody to tell


if __name__ == "__main__":
    main()
