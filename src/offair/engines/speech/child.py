"""One recogniser in a process of its own: `python -m offair.engines.speech.child`.

Reads frames from standard input and answers each on what was standard output; dies with its
parent. First frame: which class, made with what. Then one chunk of sound a frame.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from offair.engines.speech import Recogniser
from offair.engines.speech.frames import (
    Header,
    engine_header,
    error_header,
    heard_frame,
    read_frame,
    write_frame,
)
from offair.model.errors import BadInput, OffairError, Unavailable

_PR_SET_PDEATHSIG = 1
_ENGINE_FAILURES = (RuntimeError, ValueError, OSError, MemoryError, ImportError, LookupError)
"""What a library may raise on a chunk or at loading; the process and its model stay usable."""


class _Announcing(logging.Handler):
    """Sends log records of `offair` (a model is being downloaded) to the pool."""

    def __init__(self, answers: BinaryIO) -> None:
        super().__init__(logging.INFO)
        self._answers = answers

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record as a `notice` frame."""
        write_frame(self._answers, {"kind": "notice", "message": record.getMessage()})


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent goes (Linux; elsewhere the pipe's end
    does it, after the chunk in hand). parent: its process id, in case it has gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def load(header: Header) -> Recogniser:
    """The recogniser that the first frame names. Raises `BadInput` or `Unavailable`."""
    implementation: str = header["implementation"]
    module_name, _, class_name = implementation.partition(":")
    try:
        maker: Callable[..., Recogniser] = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise BadInput(
            f"the recogniser {implementation} cannot be imported ({error});"
            " install its package or choose another engine"
        ) from error
    try:
        return maker(**header["settings"])
    except OffairError:
        raise
    except TypeError as error:
        raise BadInput(
            f"the recogniser {implementation} does not take these settings: {error};"
            " correct them in the settings file"
        ) from error
    except _ENGINE_FAILURES as error:
        raise Unavailable(
            f"the recogniser {implementation} could not be loaded: {error};"
            " check its model and its libraries with `offair doctor`"
        ) from error


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Load the recogniser and hear chunk after chunk until the pool closes the pipe."""
    first = read_frame(requests)
    if first is None:
        return
    try:
        recogniser = load(first[0])
        engine = recogniser.engine
    except OffairError as error:
        write_frame(answers, error_header(error))
        return
    write_frame(answers, engine_header(engine))
    while (frame := read_frame(requests)) is not None:
        header, sound = frame
        try:
            heard = recogniser.recognise(
                np.frombuffer(sound, dtype="<f4").astype(np.float32, copy=False),
                language=header["language"],
                prompt=header["prompt"],
            )
        except OffairError as error:
            write_frame(answers, error_header(error))
        except _ENGINE_FAILURES as error:
            trouble = Unavailable(
                f"{engine.name} with {engine.model} failed on {header['label']}:"
                f" {type(error).__name__}: {error}; try again, or choose another engine or model"
            )
            write_frame(answers, error_header(trouble))
        else:
            write_frame(answers, *heard_frame(heard))


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
        os._exit(1)  # the pool has gone; there is nobody to tell


if __name__ == "__main__":
    main()
