"""Parakeet, GigaAM, Canary, FastConformer and their like through onnx-asr, on onnxruntime.

These models have no prompt and one way of decoding (greedy), so a second try is the same as the
first: a routing file names another engine for it. Most give the frame of every token: a word begins
with the frame of its first token and ends with that of its last. Models that give none (Canary,
Whisper) leave their words without times; none are made up.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from offair.engines.hosting import hub
from offair.engines.speech.languages_known import ONNX_ASR, broader
from offair.model.errors import BadInput, Unavailable
from offair.model.time import Ms
from offair.model.transcript import Engine, Heard
from offair.model.words import TimeSource, Word, Words

_PER_MS = 16
_LONGEST_SAMPLES = 30_000 * _PER_MS
_SHORTEST_SAMPLES = 400 * _PER_MS
"""Shorter sound is filled up with silence: the models see frames, some of them eight at a time."""
_ORT_FAILURES = (
    "EPFail", "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoModel",
    "NoSuchFile", "NotImplemented", "RuntimeException",
)  # fmt: skip
_GIVEN_LANGUAGE = ("nemo-conformer-aed", "nemo-canary-1b-v2")
"""Kinds that must be told the language: left alone they take it for English."""
_TOLD_LANGUAGE = (*_GIVEN_LANGUAGE, "whisper-ort", "whisper-base", "whisper")
"""Kinds that can be told the language."""


class OnnxAsr:
    """Fulfils `Recogniser`. One thread; made in a process of its own by the pool."""

    def __init__(
        self,
        model: str,
        cache: str | None = None,
        kind: str | None = None,
        quantization: str | None = None,
        device: str = "cpu",
        languages: str | None = None,
        beam: int | None = None,
    ) -> None:
        """Load a model.

        model: a name of onnx-asr (`nemo-parakeet-tdt-0.6b-v3`), `owner/name` of the hub, or a
        folder with the model's files. cache: folder for downloads, by default the user's cache
        folder. kind: what sort of model a folder holds (`nemo-conformer-ctc`), where its
        `config.json` has no `model_type`. quantization: of the files, as in their names (`int8`).
        device: `cpu`, `cuda`, or `auto`. languages: tags the model knows, with commas, where it is
        not one whose card is known here. beam: taken and left, these models decode greedily.
        Raises `BadInput` or `Unavailable`.
        """
        del beam
        try:
            import onnx_asr
            import onnxruntime
            from onnx_asr import loader, resolver
            from onnxruntime.capi import onnxruntime_pybind11_state as state
        except ImportError as error:
            raise Unavailable(
                f"the engine onnx-asr cannot be loaded ({error});"
                " install it with `pip install offair[onnx-asr]`"
            ) from error
        self._failures: tuple[type[Exception], ...] = (
            *(getattr(state, name) for name in _ORT_FAILURES if hasattr(state, name)),
            AssertionError,
            KeyError,
        )
        at_loading: tuple[type[Exception], ...] = (*self._failures, OSError, ValueError)
        cached = Path(cache) if cache else user_cache_path("offair") / "models"
        known = {name: resolver.model_repos.get(name, name) for name in get_args(loader.AsrNames)}
        try:
            folder, kind = _find(model, kind, quantization, cached, loader, known)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            loaded: Any = onnx_asr.load_model(
                kind,
                folder,
                quantization=quantization,
                sess_options=options,
                providers=_providers(device, onnxruntime.get_available_providers()),
            )
        except at_loading as error:
            raise BadInput(
                f"the model {model} cannot be loaded by onnx-asr: {_first_line(error)}; set `model`"
                " to a folder that holds all files of one model, or to a name it knows"
            ) from error
        self._asr = loaded.asr
        self._model = loaded.with_timestamps()
        self._kind = kind
        self._frame_s = float(getattr(self._asr, "window_step", 0.01)) * int(
            getattr(self._asr, "_subsampling_factor", 1)
        )
        said = frozenset(tag.strip().lower() for tag in (languages or "").split(",") if tag.strip())
        self._languages = said or ONNX_ASR.get(model, frozenset())
        self._engine = Engine(
            name="onnx-asr",
            model=Path(model).name if Path(model).expanduser().is_dir() else model,
            revision=_revision(folder, loader, kind, quantization),
            settings={
                "kind": kind,
                "quantization": quantization,
                "device": device,
                "languages": ",".join(sorted(self._languages)) or None,
                "onnx-asr": version("onnx-asr"),
                "onnxruntime": onnxruntime.__version__,
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, model, hash of its files, settings and library versions."""
        return self._engine

    @property
    def again(self) -> Engine:
        """The same: these models hear in one way."""
        return self._engine

    def recognise(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None,
        prompt: str | None,
        again: bool = False,
    ) -> Heard:
        """Hear one chunk; see `Recogniser.recognise`. prompt, again: change nothing."""
        del prompt, again
        if samples.ndim != 1 or len(samples) > _LONGEST_SAMPLES:
            raise BadInput(
                f"a chunk is one row of at most {_LONGEST_SAMPLES} samples, not {samples.shape};"
                " cut it first"
            )
        code = self._code(language)
        if len(samples) == 0:
            return Heard("", Words(), language or code or "und")
        sound = np.ascontiguousarray(samples, dtype=np.float32)
        if len(sound) < _SHORTEST_SAMPLES:
            sound = np.pad(sound, (0, _SHORTEST_SAMPLES - len(sound)))
        told = {"language": code} if code and self._kind in _TOLD_LANGUAGE else {}
        try:
            result = self._model.recognize(sound, sample_rate=16_000, **told)
        except self._failures as error:
            raise Unavailable(
                f"{self._engine.name} with {self._engine.model} failed on a chunk:"
                f" {type(error).__name__}: {_first_line(error)}; try again, or choose another model"
            ) from error
        text, words = assemble(
            str(result.text),
            result.tokens,
            result.timestamps,
            result.logprobs,
            self._frame_s,
            -(-len(samples) // _PER_MS),
        )
        sure = [word.probability for word in words if word.probability is not None]
        return Heard(
            text=text,
            words=Words.of(words),
            language=language or code or "und",
            mean_probability=sum(sure) / len(sure) if sure else None,
        )

    def _code(self, language: str | None) -> str | None:
        """The model's tag for a language; where none is given, the only one it knows, else None.

        Raises `BadInput` where the model does not know it, or must be told and is not.
        """
        if language is None:
            if len(self._languages) == 1:
                return next(iter(self._languages))
            if self._kind in _GIVEN_LANGUAGE:
                raise BadInput(
                    f"the model {self._engine.model} cannot tell languages and none was given;"
                    " set `listening.language`, or `listening.languages` to an engine that tells"
                )
            return None
        tags = broader(language)
        if not self._languages:
            return tags[-1]
        code = next((tag for tag in tags if tag in self._languages), None)
        if code is None:
            raise BadInput(
                f"the model {self._engine.model} does not know the language {language}; it knows"
                f" {', '.join(sorted(self._languages))}; choose another model or language"
            )
        return code


def assemble(
    text: str,
    tokens: Sequence[str] | None,
    times: Sequence[float] | None,
    logprobs: Sequence[float] | None,
    frame_s: float,
    length: Ms,
) -> tuple[str, list[Word]]:
    """Text and words of a chunk from the tokens of a result.

    times: seconds of each token's frame, `frame_s` long; or None. logprobs: natural logarithms of
    each token's probability, or None. length: of the chunk, ms; times are clamped to it and never
    run backwards. Where tokens and text do not agree, words have neither times nor probabilities.
    """
    text = " ".join(text.split())
    owners = _owners(text, tokens)
    timed = owners is not None and times is not None and len(times) == len(tokens or ())
    weighed = owners is not None and logprobs is not None and len(logprobs) == len(tokens or ())
    words, at, cursor, seen = [], 0, 0, 0
    for spoken in text.split():
        at = text.index(spoken, at)
        start = end = None
        certainty = None
        if owners is not None:
            first, last = owners[seen], owners[seen + len(spoken) - 1]
            if timed and times is not None:
                start = min(max(_ms(times[first]), cursor), length)
                end = cursor = min(max(_ms(times[last] + frame_s), start), length)
            if weighed and logprobs is not None:
                certainty = _mean_probability(logprobs[first : last + 1])
        source = TimeSource.NONE if start is None else TimeSource.ENGINE
        words.append(Word(at, at + len(spoken), start, end, source, certainty))
        at += len(spoken)
        seen += len(spoken)
    return text, words


def _owners(text: str, tokens: Sequence[str] | None) -> list[int] | None:
    """For each character of the text that is no space, the token it came from."""
    if tokens is None:
        return None
    owners, letters = [], []
    for index, token in enumerate(tokens):
        for letter in token:
            if not letter.isspace():
                owners.append(index)
                letters.append(letter)
    return owners if letters == [one for one in text if not one.isspace()] else None


def _mean_probability(logprobs: Sequence[float]) -> float | None:
    mean = sum(logprobs) / len(logprobs)
    # Some decoders give the raw scores in their place; those are no probabilities.
    return math.exp(mean) if mean <= 0 and all(one <= 1e-3 for one in logprobs) else None


def _ms(seconds: float) -> Ms:
    return round(seconds * 1000) if math.isfinite(seconds) and seconds > 0 else 0


def _find(
    model: str,
    kind: str | None,
    quantization: str | None,
    cache: Path,
    loader: Any,
    known: Mapping[str, str],
) -> tuple[Path, str]:
    """The folder of a model and its kind; downloaded where it is not here.

    known: name in onnx-asr → repository. Raises `BadInput`, `Unavailable`, and what onnx-asr
    raises.
    """
    folder = Path(model).expanduser()
    if model and folder.is_dir():
        return folder, kind or _kind_of(folder)
    if folder.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise BadInput(
            f"the model folder {model} does not exist; set `model` to a folder with the files of"
            " an ONNX model, or to a name of onnx-asr"
        )
    if model not in known and "/" not in model:
        raise BadInput(
            f"{model!r} is no model of onnx-asr; it knows {', '.join(sorted(known))}, owner/name of"
            " the hub, and folders"
        )
    repository = known.get(model, model)
    otherwise = "set `model` to a folder that holds it"
    if model in known:
        kind = kind or model
    if kind is None:
        config = hub.on_this_machine(repository, ["config.json"], cache)
        if config is None or not (config / "config.json").is_file():
            config = hub.download(repository, ["config.json"], cache, otherwise=otherwise)
        kind = _kind_of(config)
    patterns = _patterns(loader, kind, quantization, cache)
    here = hub.on_this_machine(repository, patterns, cache)
    if here is None or not _whole(here, loader, kind, quantization):
        here = hub.download(repository, patterns, cache, otherwise=otherwise)
    return here, kind


def _kind_of(folder: Path) -> str:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_bytes())
    except FileNotFoundError:
        config = {}
    except ValueError as error:
        raise BadInput(f"{path} is damaged: {error}; copy it again") from error
    found = config.get("model_type") if isinstance(config, dict) else None
    if not isinstance(found, str):
        raise BadInput(
            f"{path} does not say what kind of model this is (`model_type`); write it there, as"
            ' "nemo-conformer-ctc", or set `kind` on its route'
        )
    return found


def _files(loader: Any, kind: str, quantization: str | None, folder: Path) -> Mapping[str, str]:
    """Role → name or pattern of the files that a kind of model is read from."""
    sort = loader.create_asr_resolver(kind, folder, offline=True).model_type
    files: Mapping[str, str] = sort._get_model_files(quantization)
    return files


def _patterns(loader: Any, kind: str, quantization: str | None, cache: Path) -> list[str]:
    names = list(_files(loader, kind, quantization, cache).values())
    names += [name.removeprefix("**/") for name in names if name.startswith("**/")]
    weights = [name + "?data" for name in names if name.endswith(".onnx")]
    return ["config.json", *names, *weights]


def _whole(folder: Path, loader: Any, kind: str, quantization: str | None) -> bool:
    files = _files(loader, kind, quantization, folder).values()
    return all(any(folder.glob(name)) for name in files)


def _revision(folder: Path, loader: Any, kind: str, quantization: str | None) -> str:
    """SHA-256 over the names and hashes of the files read."""
    patterns = _patterns(loader, kind, quantization, folder)
    paths = sorted({path for one in patterns for path in folder.glob(one) if path.is_file()})
    lines = []
    for path in paths:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder)}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _providers(device: str, available: Sequence[str]) -> list[str]:
    """onnxruntime's names for a device. Raises `BadInput` where it is not there."""
    cuda = "CUDAExecutionProvider"
    if device == "cuda" and cuda not in available:
        raise BadInput(
            "onnxruntime sees no CUDA device; install onnxruntime-gpu in place of onnxruntime, or"
            " set `device` to cpu"
        )
    if device in ("cuda", "auto") and cuda in available:
        return [cuda, "CPUExecutionProvider"]
    return ["CPUExecutionProvider"]


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
