"""Which language a stretch of speech is in, told before the sound is cut into chunks.

To add an engine: a module beside this one with a class that fulfils `LanguageEngine`, its name in
`ENGINES`, and nothing else: `tests/contract/test_language_contract.py` runs over the table. The
library it needs is imported in its constructor. Third parties publish an entry point of the group
`offair.engines.languages` whose name is the engine's and whose value is `module:Class`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from offair.model.transcript import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENTRY_POINTS = "offair.engines.languages"
"""Entry-point group in which other packages publish engines of this room."""

ENGINES: dict[str, str] = {"whisper": "offair.engines.languages.whisper:Whisper"}
"""Name in the settings → `module:Class`. The class is made with keyword `model`."""


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
