"""Who speaks when: voices told apart over a whole recording, not yet named.

To add an engine: a module beside this one with a class that fulfils `Diariser`, its name in
`ENGINES`, and its line in `tests/contract/test_diariser_contract.py`. The library it needs is
imported in its constructor. Third parties publish an entry point of the group
`offair.engines.speakers` whose name is the engine's and whose value is `module:Class`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from offair.model.transcript import Engine, VoiceSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
