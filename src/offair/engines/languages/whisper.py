"""Whisper's language head: how probable each language is, without recognising a word.

The encoder hears the stretch and a second of silence, not 30 s as in recognition: of 168 pieces of
3 to 8 s of the shared clips one less is told right, for a sixth of the cost. It hears them at full
level: where the sound is faint, Whisper takes the silence that follows for the louder part, and
tells nothing (`benchmarks/languages.py --windows` prints the figures).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from offair.engines.whisper_models import find_model
from offair.model.errors import BadInput, Unavailable
from offair.model.time import Ms
from offair.model.transcript import Engine

_PER_MS = 16
_SHORTEST_MS = 1_000
_LONGEST_MS = 30_000
_FAINTEST = 1e-4
"""Peak below which sound is made no louder: −80 dBFS."""
_TO_BCP_47 = {"jw": "jv", "iw": "he", "in": "id", "ji": "yi", "mo": "ro"}
"""Whisper's code → BCP 47, where they differ."""


class Whisper:
    """Fulfils `LanguageEngine`. One thread; made in a process of its own by the host."""

    def __init__(
        self,
        model: str = "base",
        cache: str | None = None,
        compute_type: str = "int8",
        window_ms: Ms = 8_000,
        margin_ms: Ms = 1_000,
        device: str = "cpu",
    ) -> None:
        """Load a model.

        model: a packaged name, a folder or a hub name, see `whisper_models.find_model`; a
        multilingual one. cache: folder for joined and downloaded models, by default the user's
        cache folder. compute_type, device: as CTranslate2 names them. window_ms: of a longer
        stretch only its middle is heard. margin_ms: silence heard after the stretch; Whisper was
        trained on 30 s padded with silence. Raises `BadInput` or `Unavailable`.
        """
        try:
            import faster_whisper
        except ImportError as error:
            raise Unavailable(
                f"the language engine whisper cannot be loaded ({error});"
                " install it with `pip install faster-whisper`"
            ) from error
        if not _SHORTEST_MS <= window_ms <= window_ms + margin_ms <= _LONGEST_MS:
            raise BadInput(
                f"the language engine hears {_SHORTEST_MS} to {_LONGEST_MS} ms with its margin,"
                f" not {window_ms} and {margin_ms}"
            )
        found = find_model(model, Path(cache) if cache else user_cache_path("offair") / "models")
        try:
            whisper: Any = faster_whisper.WhisperModel(
                str(found.folder), device=device, compute_type=compute_type, cpu_threads=1,
                num_workers=1,
            )  # fmt: skip
        except (RuntimeError, ValueError, OSError) as error:
            raise BadInput(
                f"the model {model} cannot be loaded by faster-whisper with {compute_type}:"
                f" {error}; set `language_model` to a Whisper model converted for CTranslate2"
            ) from error
        if not whisper.model.is_multilingual:
            raise BadInput(
                f"the model {model} knows English only and cannot tell languages; set"
                " `language_model` to a multilingual one such as base, or `languages` to none"
            )
        self._whisper = whisper
        self._window = window_ms * _PER_MS
        self._margin = margin_ms * _PER_MS
        self._engine = Engine(
            name="whisper",
            model=found.name,
            revision=found.revision,
            settings={
                "compute_type": str(whisper.model.compute_type),
                "window_ms": window_ms,
                "margin_ms": margin_ms,
                "faster-whisper": version("faster-whisper"),
                "ctranslate2": version("ctranslate2"),
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, model, hash of its files, settings and library versions."""
        return self._engine

    def estimate(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        """How probable each language is; see `LanguageEngine.estimate`.

        Raises `BadInput` where this is no row of samples, or more than 30 s of them.
        """
        if samples.ndim != 1 or len(samples) > _LONGEST_MS * _PER_MS:
            raise BadInput(
                f"a stretch is one row of at most {_LONGEST_MS * _PER_MS} samples, not"
                f" {samples.shape}; give a part of it"
            )
        before = max(0, len(samples) - self._window) // 2
        heard = np.nan_to_num(
            samples[before : before + self._window].astype(np.float32), posinf=1.0, neginf=-1.0
        )
        heard = heard / max(float(np.abs(heard).max(initial=0.0)), _FAINTEST)
        silence = max(self._margin, _SHORTEST_MS * _PER_MS - len(heard))
        features = self._whisper.feature_extractor(np.pad(heard, (0, silence)), padding=0)
        told = self._whisper.model.detect_language(self._whisper.encode(features))[0]
        return _shares({_tag(token): float(probability) for token, probability in told})


def _tag(token: str) -> str:
    """`<|jw|>` → `jv`."""
    code = token.removeprefix("<|").removesuffix("|>")
    return _TO_BCP_47.get(code, code)


def _shares(told: Mapping[str, float]) -> dict[str, float]:
    """Probabilities that sum to 1, the most probable first."""
    total = sum(told.values())
    ordered = sorted(told.items(), key=lambda one: (-one[1], one[0]))
    return {tag: probability / total for tag, probability in ordered}
