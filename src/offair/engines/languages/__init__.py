"""Which language a stretch of speech is in, told before the sound is cut into chunks.

To add an engine: a module beside this one with a class that fulfils `LanguageEngine`, its name in
`ENGINES`, and nothing else: `tests/contract/test_language_contract.py` runs over the table. The
library it needs is imported in its constructor. Third parties publish an entry point of the group
`offair.engines.languages` whose name is the engine's and whose value is `module:Class`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from offair.engines.languages.hosted import HostedLanguages
from offair.model.transcript import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENTRY_POINTS = "offair.engines.languages"
"""Entry-point group in which other packages publish engines of this room."""

ENGINES: dict[str, str] = {"whisper": "offair.engines.languages.whisper:Whisper"}
"""Name in the settings → `module:Class`. The class is made with keywords `model` (a packaged name,
a folder or a hub name) and, where it is known, `cache` (folder for joined and downloaded models).
"""


class LanguageEngine(Protocol):
    """Tells the language of speech. Made once per process, used for many stretches.

    The constructor raises `BadInput` where its settings cannot work and `Unavailable` where a
    library or a model is missing now.
    """

    @property
    def engine(self) -> Engine:
        """Which engine this is, with every setting and library version that changes output."""
        ...

    def estimate(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        """How probable each language is.

        samples: speech, mono float32, shape (samples,), 16 000 Hz, −1…1, 1 to 30 s.
        Returns BCP 47 tag → probability 0…1; the probabilities sum to 1.
        """
        ...


class LanguageCalls(Protocol):
    """A `LanguageEngine` that lives in a process of its own. A context manager; leaving it closes
    it.
    """

    @property
    def engine(self) -> Engine:
        """What the engine says it is; waits until its model is loaded.

        Raises what its constructor raised (`BadInput`, `Unavailable`).
        """
        ...

    def estimate(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        """As `LanguageEngine.estimate`; waits for the answer.

        Raises what the engine raised, or `EngineDied` where its process died or hung.
        """
        ...

    @property
    def usable(self) -> bool:
        """False once it is closed or its process died for good; another must then be opened."""
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
) -> LanguageCalls:
    """Start the engine in a process of its own and return at once; its model loads meanwhile.

    implementation: `module:Class` of a `LanguageEngine` (a value of `ENGINES` or an entry point's).
    settings: keyword arguments of that class. time_limit_s: seconds that one stretch may take.
    notice: is told, in a sentence, what takes long (a model that is being downloaded, its size);
    called from another thread. By default such sentences are logged as warnings.
    """
    return HostedLanguages(implementation, settings, time_limit_s, notice)
