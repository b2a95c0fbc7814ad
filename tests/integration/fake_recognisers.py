"""Recognisers that a test can steer through the prompt; made inside the pool's processes."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from offair.model.errors import BadInput, Unavailable
from offair.model.transcript import Engine, Heard
from offair.model.words import Word, Words


class Obedient:
    """Does with a chunk what its prompt says, and answers with what it was given."""

    def __init__(self, model: str = "fake") -> None:
        self._model = model
        print("loading, says the library")

    @property
    def engine(self) -> Engine:
        """Who it is."""
        return Engine("obedient", self._model, "1", {"beam": 1})

    @property
    def again(self) -> Engine:
        """Who it is the second time."""
        return Engine("obedient", self._model, "1", {"beam": 5})

    def recognise(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None,
        prompt: str | None,
        again: bool = False,
    ) -> Heard:
        """Obey the prompt."""
        print("a line that is no frame", flush=True)
        order, _, rest = (prompt or "").partition(" ")
        if order == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "die-once" and not Path(rest).exists():
            Path(rest).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "exit":
            sys.stderr.write("terminate called: the library gave up\n")
            sys.stderr.flush()
            os._exit(3)
        if order == "fail":
            raise RuntimeError("primitive not supported")
        if order == "refuse":
            raise BadInput("this chunk cannot be heard")
        if order == "sleep":
            time.sleep(float(rest))
        if order == "hang":
            while True:
                time.sleep(0.01)
        if order == "shout":
            sys.stderr.write("warning: this model is old\n" * 100_000)
        text = f"{len(samples)} {float(samples.sum()):g} {os.getpid()} {os.getppid()}"
        text = f"again {text}" if again else text
        words = Words.of([Word(0, len(text.split()[0]), 0, 10)])
        return Heard(text, words, language or "und", None, 0.5, None)


class Announcing(Obedient):
    """Tells something while it loads."""

    def __init__(self) -> None:
        super().__init__()
        logging.getLogger("offair.engines.speech.test").info("downloading %d MB", 12)


class Downloading(Obedient):
    """Loads for longer than its limit, and says that it goes on; with `silent` it says nothing."""

    def __init__(self, silent: bool = False) -> None:
        super().__init__()
        for share in range(8):
            time.sleep(0.3)
            if not silent:
                logging.getLogger("offair.engines.speech.test").info("%d of 8 parts", share + 1)


class Missing:
    """Never loads: its model is not there."""

    def __init__(self) -> None:
        raise Unavailable("the model fake is not on this machine; set `model` to a folder")


class Broken:
    """Never loads: its library fails."""

    def __init__(self) -> None:
        raise RuntimeError("this processor lacks AVX")


class Doomed:
    """Never loads: its process dies."""

    def __init__(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Fickle(Obedient):
    """Is another engine in every process."""

    @property
    def engine(self) -> Engine:
        """Who it is this time."""
        return Engine("fickle", "fake", str(os.getpid()))
