"""Recognisers in processes of their own: what the desk calls, and what the process answers with.

One process per core, each with one thread; see `offair.engines.hosting.host`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from offair.engines.hosting import Hosted
from offair.engines.hosting.frames import engine_facts, read_engine
from offair.engines.hosting.host import Host
from offair.model.transcript import Engine, Heard
from offair.model.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from offair.engines.speech import Recogniser


class ProcessPool:
    """Fulfils `RecogniserPool`; made by `offair.engines.speech.open_pool`."""

    def __init__(
        self,
        implementation: str,
        settings: Mapping[str, str | int | float | bool | None],
        processes: int,
        time_limit_s: float,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        hosted = Hosted("recogniser", implementation, settings, f"{__name__}:Serving", time_limit_s)
        self._host = Host(hosted, processes, notice)

    @property
    def engine(self) -> Engine:
        """What the recogniser says it is; waits for the first process. Raises as it raised."""
        return read_engine(self._host.described["engine"])

    @property
    def again(self) -> Engine:
        """The same engine hearing once more otherwise; waits and raises as `engine`."""
        return read_engine(self._host.described["again"])

    def wait_loaded(self) -> None:
        """Wait until every process has loaded its model; raises as `engine`."""
        self._host.wait_loaded()

    @property
    def processes(self) -> int:
        """How many chunks are heard at a time."""
        return self._host.processes

    @property
    def usable(self) -> bool:
        """False once it is closed or its processes died; a new pool must then be opened."""
        return self._host.usable

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The ids of the running processes, for whoever measures them."""
        return self._host.process_ids

    def submit(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None = None,
        prompt: str | None = None,
        again: bool = False,
        label: str = "a chunk",
    ) -> Future[Heard]:
        """Hear a chunk as soon as a process is free; see `RecogniserPool.submit`."""
        given = {"language": language, "prompt": prompt, "again": again}
        sound = samples.astype("<f4", copy=False).tobytes()
        return self._host.submit("recognise", given, sound, read_heard, label=label)

    def close(self) -> None:
        """End the processes; chunks not yet heard raise `CancelledError`. Idempotent."""
        self._host.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Serving:
    """A recogniser as its process serves it; fulfils `hosting.Served`."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    def described(self) -> Mapping[str, Any]:
        """Both of the recogniser's engines."""
        return {
            "engine": engine_facts(self._recogniser.engine),
            "again": engine_facts(self._recogniser.again),
        }

    def answer(
        self, method: str, header: Mapping[str, Any], body: Iterator[bytes]
    ) -> tuple[Mapping[str, Any], bytes]:
        """Hear one chunk; there is no other method."""
        import numpy as np

        del method
        samples = np.frombuffer(b"".join(body), dtype="<f4").astype(np.float32, copy=False)
        return heard_frame(
            self._recogniser.recognise(
                samples,
                language=header["language"],
                prompt=header["prompt"],
                again=header["again"],
            )
        )


def heard_frame(heard: Heard) -> tuple[dict[str, Any], bytes]:
    """What was heard, as JSON and bytes."""
    header = {
        "text": heard.text,
        "language": heard.language,
        "language_probability": heard.language_probability,
        "mean_probability": heard.mean_probability,
        "no_speech_probability": heard.no_speech_probability,
    }
    return header, heard.words.pack()


def read_heard(header: Mapping[str, Any], body: bytes) -> Heard:
    """What `heard_frame` made. Raises `Corrupt` where its words are damaged."""
    return Heard(
        text=header["text"],
        words=Words.unpack(body),
        language=header["language"],
        language_probability=header["language_probability"],
        mean_probability=header["mean_probability"],
        no_speech_probability=header["no_speech_probability"],
    )
