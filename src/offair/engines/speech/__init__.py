"""The words of one chunk of sound, with their times.

An engine here is made inside a process of its own (`open_pool`: one process per core, one thread
each), hears one chunk of at most 30 s at a time and knows nothing of the recording around it.

To add an engine: a module beside this one with a class that fulfils `Recogniser`, its name in
`ENGINES`, and its line in `tests/contract/test_recogniser_contract.py`. The library it needs is
imported in its constructor. Third parties publish an entry point of the group
`offair.engines.speech` whose name is the engine's and whose value is `module:Class`. Which engine
and model hears which language is told by `routing`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from offair.engines.speech.pool import ProcessPool
from offair.model.transcript import Engine, Heard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENTRY_POINTS = "offair.engines.speech"
"""Entry-point group in which other packages publish engines of this room."""

ENGINES: dict[str, str] = {
    "faster-whisper": "offair.engines.speech.faster_whisper_engine:FasterWhisper",
    "onnx-asr": "offair.engines.speech.onnx_asr_engine:OnnxAsr",
}
"""Name in the settings → `module:Class`. The class is made with the pool's `settings`: `model`, and
what else the route says (`beam`, `device`); what an engine has no use for it takes and leaves."""


class Recogniser(Protocol):
    """Recognises the words of one chunk. Made once per process, used for many chunks.

    The constructor raises `BadInput` where its settings cannot work and `Unavailable` where a
    library or a model is missing now.
    """

    @property
    def engine(self) -> Engine:
        """Name, model, revision of the model's files, and what else changes output: settings and
        library versions. What is said with each chunk (language, prompt) is not in it."""
        ...

    @property
    def again(self) -> Engine:
        """The same, with the settings of the second try: how it hears once more otherwise.

        Equal to `engine` where it has no other way of hearing.
        """
        ...

    def recognise(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None,
        prompt: str | None,
        again: bool = False,
    ) -> Heard:
        """Hear one chunk.

        samples: mono float32, shape (samples,), 16 000 Hz, −1…1, at most 30 s. language: BCP 47,
        or None to let the engine tell. prompt: names and words to expect, or None; an engine
        without prompts leaves it. again: hear as `again` says, for a chunk whose words are doubted.
        Returns times in ms from the chunk's start, inside the chunk, never running backwards
        (a word may have no length); each word's character range in the text.
        Raises `BadInput` where the model does not know the language.
        """
        ...


class RecogniserPool(Protocol):
    """Several processes that each hold one recogniser. A context manager; leaving it closes it."""

    @property
    def engine(self) -> Engine:
        """What the recogniser says it is; waits until the first process has loaded its model.

        Raises what its constructor raised (`BadInput`, `Unavailable`).
        """
        ...

    @property
    def again(self) -> Engine:
        """What it is when it hears once more otherwise; waits and raises as `engine`."""
        ...

    @property
    def processes(self) -> int:
        """How many chunks are heard at a time."""
        ...

    @property
    def usable(self) -> bool:
        """False once it is closed or its processes died; a new pool must then be opened."""
        ...

    def submit(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None = None,
        prompt: str | None = None,
        again: bool = False,
        label: str = "a chunk",
    ) -> Future[Heard]:
        """Hear a chunk as soon as a process is free; chunks start in the order submitted.

        samples, language, prompt, again: as for `Recogniser.recognise`. label: what messages call
        it. Waits where two chunks per process are already waiting, so that a long recording is not
        held in memory. The future raises what the recogniser raised, or `EngineDied` naming engine
        and chunk where its process died or gave no answer within the time limit; another process
        takes its place and the pool goes on, until each died three times with nothing heard in
        between. Raises `Unavailable` where the pool is closed or no longer usable.
        """
        ...

    def close(self) -> None:
        """End the processes; chunks not yet heard raise `CancelledError`. Idempotent."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_pool(
    implementation: str,
    settings: Mapping[str, str | int | float | bool | None],
    processes: int,
    notice: Callable[[str], None] | None = None,
    *,
    time_limit_s: float = 300.0,
) -> RecogniserPool:
    """Start the processes and return at once; models load in all of them in parallel.

    implementation: `module:Class` of a `Recogniser` (a value of `ENGINES` or of an entry point).
    settings: keyword arguments of that class. processes: at least 1.
    notice: is told, in a sentence, what takes long (a model that is being downloaded, its size);
    called from another thread. By default such sentences are logged as warnings. time_limit_s:
    seconds that one chunk may take.
    """
    return ProcessPool(implementation, settings, processes, time_limit_s, notice)


def claim_key(engine: Engine, sound: bytes, language: str | None, prompt: str | None) -> str:
    """The key under which a chunk's claim is kept: heard again the same way, it is the same.

    sound: the chunk's samples as little-endian float32. Returns SHA-256 as 64 hex digits, over
    the sound's own SHA-256, the engine with model, revision and settings, language and prompt.
    """
    said = json.dumps(
        {
            "sound": hashlib.sha256(sound).hexdigest(),
            "engine": engine.name,
            "model": engine.model,
            "revision": engine.revision,
            "settings": dict(engine.settings),
            "language": language,
            "prompt": prompt,
        },
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(said.encode("ascii")).hexdigest()
