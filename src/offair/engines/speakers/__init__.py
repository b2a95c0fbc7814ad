"""Who speaks when: voices told apart over a whole recording, not yet named.

To add an engine: a module beside this one with a class that fulfils `Diariser`, its name in
`ENGINES`, and its line in `tests/contract/test_diariser_contract.py`. The library it needs is
imported in its constructor. Third parties publish an entry point of the group
`offair.engines.speakers` whose name is the engine's and whose value is `module:Class`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from offair.engines.speakers.export import Exported, default_folder, export_models
from offair.engines.speakers.hosted import HostedDiariser
from offair.model.transcript import Engine, VoiceSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "ENGINES",
    "ENTRY_POINTS",
    "Diariser",
    "DiariserCalls",
    "Exported",
    "default_folder",
    "export_models",
    "open_hosted",
]

ENTRY_POINTS = "offair.engines.speakers"
"""Entry-point group in which other packages publish engines of this room."""

ENGINES: dict[str, str] = {
    "onnx": "offair.engines.speakers.onnx:OnnxDiariser",
    "senko": "offair.engines.speakers.senko_engine:Senko",
    "pyannote": "offair.engines.speakers.pyannote_engine:Pyannote",
}
"""Name in the settings → `module:Class`. The class is made with the settings of its section."""


class Diariser(Protocol):
    """Tells voices apart. Made once per process, used for many recordings.

    The constructor raises `BadInput` where its settings cannot work and `Unavailable` where a
    library or a model is missing now, saying what to do.
    """

    @property
    def engine(self) -> Engine:
        """Which engine this is, with every setting and library version that changes output."""
        ...

    def diarise(
        self, sound: Iterable[NDArray[np.float32]], *, speakers: int | None = None
    ) -> tuple[VoiceSpan, ...]:
        """Who speaks when in one sound.

        sound: contiguous blocks, mono float32, shape (samples,), 16 000 Hz, −1…1, from media
        time 0. speakers: how many there are, where somebody knows; None to let the engine tell.
        Returns spans in ms by start, labels `SPEAKER_00`, `SPEAKER_01`, … in the order in which
        they are first heard; spans of different labels may overlap, spans of one never do.
        Nothing heard is no span. The answer does not depend on how the sound was divided.
        """
        ...


class DiariserCalls(Protocol):
    """A `Diariser` that lives in a process of its own. A context manager; leaving it closes it."""

    @property
    def engine(self) -> Engine:
        """What the engine says it is; waits until its model is loaded.

        Raises what its constructor raised (`BadInput`, `Unavailable`).
        """
        ...

    @property
    def usable(self) -> bool:
        """False once it is closed or its process died again and again; open another then."""
        ...

    def diarise(
        self, sound: Iterable[NDArray[np.float32]], *, speakers: int | None = None
    ) -> tuple[VoiceSpan, ...]:
        """As `Diariser.diarise`; blocks are taken as they are sent on, never held whole.

        Raises what the engine raised, what making the blocks raised, or `EngineDied` where its
        process died or hung.
        """
        ...

    def close(self) -> None:
        """End the process. Idempotent."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_hosted(
    implementation: str,
    settings: Mapping[str, str | int | float | bool | None],
    time_limit_s: float,
    notice: Callable[[str], None] | None = None,
) -> DiariserCalls:
    """Start the engine in a process of its own and return at once; its model loads meanwhile.

    implementation: `module:Class` of a `Diariser` (a value of `ENGINES` or of an entry point).
    settings: keyword arguments of that class. time_limit_s: seconds that one recording may take.
    notice: is told, in a sentence, what takes long (a model that is being downloaded, its size);
    called from another thread. By default such sentences are logged as warnings.
    """
    return HostedDiariser(implementation, settings, time_limit_s, notice)
