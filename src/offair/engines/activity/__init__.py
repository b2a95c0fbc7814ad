"""Which stretches of a sound are speech, and where to cut it into chunks for recognition.

An engine here gives the probability of speech, window by window; `chunks.ChunkCutter` turns
probabilities into chunks of at most 30 s cut at pauses, and into skipped spans.

To add an engine: a module beside this one with a class that fulfils `ActivityEngine`, its name in
`ENGINES`, and nothing else: `tests/contract/test_activity_contract.py` runs over the table. The
library it needs is imported in its constructor. Third parties publish an entry point of the group
`offair.engines.activity` whose name is the engine's and whose value is `module:Class`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from offair.model.time import Ms
from offair.model.transcript import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENTRY_POINTS = "offair.engines.activity"
"""Entry-point group in which other packages publish engines of this room."""

ENGINES: dict[str, str] = {"silero": "offair.engines.activity.silero:Silero"}
"""Name in the settings → `module:Class`. The class is made without arguments."""

SAMPLE_RATE_HZ = 16_000
"""Every sound in this room is mono float32 at this rate, −1…1."""

WINDOW_MS = 32
"""Length of one window: 512 samples."""


class ActivityListener(Protocol):
    """One pass over one sound; carries the engine's state from window to window."""

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        """Hear the next samples of the sound.

        samples: mono float32, shape (samples,), 16 000 Hz, −1…1, of any length, also none.
        Returns (window start, probability of speech 0…1) for each 32 ms window now complete, by
        start; windows start at 0, 32, 64, … from the first sample ever fed. The probabilities do
        not depend on how the sound was divided into calls.
        """
        ...

    def flush(self) -> list[tuple[Ms, float]]:
        """The last window, begun and not complete, as if silence followed; at most one.

        The listener is at its end: feeding it again raises `ValueError`.
        """
        ...


class ActivityEngine(Protocol):
    """Tells speech from other sound. Made once, used for many sounds, one thread at a time.

    The constructor takes no arguments that must be given; it raises `Unavailable` where a library
    or model file is missing.
    """

    @property
    def engine(self) -> Engine:
        """Which engine this is, with every setting and library version that changes output."""
        ...

    def listener(self) -> ActivityListener:
        """Begin with a new sound."""
        ...
