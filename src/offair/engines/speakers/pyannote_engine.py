"""Tells voices apart with a pipeline of pyannote.audio (https://github.com/pyannote/pyannote-audio,
MIT): the extra `pyannote`, with torch.

By default `pyannote/speaker-diarization-community-1` of the hub (weights CC-BY-4.0), to which
access is given after its conditions were accepted there. Computed in 32 bits throughout, and
without the telemetry that the library sends otherwise. It holds the whole sound. Overlapping speech
is kept: its `speaker_diarization`, not the exclusive one.
"""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from collections.abc import Iterable
from contextlib import redirect_stdout, suppress
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from offair.engines.speakers.spans import voice_spans
from offair.engines.speakers.whole_sound import whole_sound
from offair.model.errors import BadInput, Unavailable
from offair.model.transcript import Engine, VoiceSpan

DEFAULT = "pyannote/speaker-diarization-community-1"
_PER_MS = 16
_PIPELINE = "config.yaml"
_TELEMETRY = "PYANNOTE_METRICS_ENABLED"
_HUB_NAME_RE = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


class Pyannote:
    """Fulfils `Diariser`; one thread."""

    def __init__(
        self, model: str | None = None, threshold: float | None = None, cache: str | None = None
    ) -> None:
        """Load a pipeline.

        model: a folder with `config.yaml`, a hub name, or None for `DEFAULT`. threshold: the
        pipeline's own clustering threshold; None for the one it comes with. cache: folder for
        downloaded models, by default the user's cache folder. Raises `BadInput` or `Unavailable`.
        """
        os.environ[_TELEMETRY] = "false"  # read when the library is imported
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import torch
                from pyannote.audio import Pipeline
        except (ImportError, OSError) as error:
            raise Unavailable(
                f"the engine pyannote cannot be loaded ({error}); install it, with torch, with"
                " `pip install 'offair[pyannote]'`, or use the engine onnx"
            ) from error
        named = model or DEFAULT
        folder = _folder(named, Path(cache) if cache else user_cache_path("offair") / "models")
        torch.set_num_threads(1)
        torch.set_float32_matmul_precision("highest")
        try:
            with warnings.catch_warnings(), redirect_stdout(StringIO()):
                warnings.simplefilter("ignore")
                pipeline: Any = Pipeline.from_pretrained(folder)
                self._pipeline = pipeline.to(torch.device("cpu"))
        except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"the pipeline {named} cannot be loaded by pyannote.audio"
                f" {version('pyannote.audio')}: {_first_line(error)}; set `speakers.model` to a"
                f" folder or hub name with a speaker diarization pipeline such as {DEFAULT}"
            ) from error
        if threshold is not None:
            self._set_threshold(threshold, named)
        self._tensor = torch.from_numpy
        self._engine = Engine(
            name="pyannote",
            model=Path(named).name if Path(named).is_dir() else named,
            revision=_revision(folder),
            settings={
                "threshold": threshold,
                "pyannote.audio": version("pyannote.audio"),
                "torch": str(torch.__version__),
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, pipeline, hash of its files, threshold and library versions."""
        return self._engine

    def diarise(
        self, sound: Iterable[NDArray[np.float32]], *, speakers: int | None = None
    ) -> tuple[VoiceSpan, ...]:
        """Who speaks when; see `Diariser.diarise`. Raises `BadInput` for less than one speaker."""
        if speakers is not None and speakers < 1:
            raise BadInput(f"the number of speakers is 1 or more, not {speakers}")
        samples = whole_sound(sound)
        if not len(samples):
            return ()
        given = {"waveform": self._tensor(samples)[None], "sample_rate": 16_000}
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            answer = self._pipeline(given, num_speakers=speakers)
        # Version 3 pipelines answer with the annotation itself.
        annotation = getattr(answer, "speaker_diarization", answer)
        return voice_spans(
            (
                (round(segment.start * 1000), round(segment.end * 1000), str(label))
                for segment, _, label in annotation.itertracks(yield_label=True)
            ),
            len(samples) // _PER_MS,
        )

    def _set_threshold(self, threshold: float, named: str) -> None:
        parameters = self._pipeline.parameters(instantiated=True)
        clustering = parameters.get("clustering")
        if not isinstance(clustering, dict) or "threshold" not in clustering:
            raise BadInput(
                f"the pipeline {named} has no clustering threshold; leave `speakers.threshold` out"
            )
        clustering["threshold"] = threshold
        try:
            self._pipeline.instantiate(parameters)
        except ValueError as error:
            raise BadInput(
                f"the pipeline {named} refuses the threshold {threshold}: {_first_line(error)};"
                " give another, or none"
            ) from error


def _folder(named: str, cache: Path) -> Path:
    """The folder of a pipeline, downloaded if it must be. Raises `BadInput`, `Unavailable`."""
    folder = Path(named).expanduser()
    if folder.is_dir():
        if not (folder / _PIPELINE).is_file():
            raise BadInput(
                f"the folder {folder} lacks {_PIPELINE}; it must hold a whole pipeline of"
                " pyannote.audio, as a clone of its hub repository does"
            )
        return folder
    if folder.is_absolute() or named.startswith((".", "~")) or not _HUB_NAME_RE.fullmatch(named):
        raise BadInput(
            f"the pipeline folder {named} does not exist; set `speakers.model` to a folder with"
            f" {_PIPELINE}, or to owner/name of the hub such as {DEFAULT}"
        )
    return _from_hub(named, cache)


def _from_hub(named: str, cache: Path) -> Path:
    import huggingface_hub
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError

    hub = str(cache / "hub")
    with suppress(OSError, ValueError):
        here = huggingface_hub.snapshot_download(named, cache_dir=hub, local_files_only=True)
        if (Path(here) / _PIPELINE).is_file():
            return Path(here)
    access = (
        f"accept its conditions at https://huggingface.co/{named}, make a token at"
        " https://huggingface.co/settings/tokens, and set the variable HF_TOKEN to it"
    )
    try:
        return Path(huggingface_hub.snapshot_download(named, cache_dir=hub))
    except GatedRepoError as error:
        raise Unavailable(f"the pipeline {named} is not open to everybody: {access}") from error
    except (OSError, ValueError, HfHubHTTPError) as error:
        raise Unavailable(
            f"the pipeline {named} is not on this machine and cannot be downloaded"
            f" ({_first_line(error)}); with a network {access}; without one set `speakers.model`"
            " to a folder that holds it, or use the engine onnx"
        ) from error


def _revision(folder: Path) -> str:
    """SHA-256 over the names and hashes of a folder's files, hidden ones left out."""
    lines = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
