"""Tells voices apart with two ONNX networks in onnxruntime: no torch.

A segmentation network says, window by window, when up to three voices speak; an embedding network
turns each stretch of one voice, without the moments in which somebody else speaks too, into a
direction; stretches of like direction are one person (`clustering`). Only embeddings are held, not
the sound: an hour takes about a megabyte.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from offair.engines.speakers import clustering, features, segmentation
from offair.engines.speakers.model_files import EMBEDDING, SEGMENTATION, find_models
from offair.engines.speakers.spans import voice_spans
from offair.model.errors import BadInput, Unavailable
from offair.model.time import Ms
from offair.model.transcript import Engine, VoiceSpan

_PER_MS = 16
_PAUSE_MS = 250
_LEAST_MS = 100
_FEWEST_FRAMES = 15
_ENOUGH_ALONE = 30
_METHOD = 1
"""Counted up whenever the same networks give other spans."""


class OnnxDiariser:
    """Fulfils `Diariser`; one thread."""

    def __init__(
        self, model: str | None = None, threshold: float | None = None, cache: str | None = None
    ) -> None:
        """Load the two networks.

        model: a folder, a hub name, or None for the folder in the cache, see
        `model_files.find_models`. threshold: average cosine distance (0…2) from which two groups
        of stretches are two people; None for the one that the models came with. cache: folder for
        models, by default the user's cache folder. Raises `BadInput` or `Unavailable`.
        """
        try:
            import onnxruntime
        except ImportError as error:
            raise Unavailable(
                f"the engine onnx needs onnxruntime, which cannot be loaded ({error}); install it"
                " with `pip install onnxruntime`"
            ) from error
        if threshold is not None and not 0 < threshold < 2:
            raise BadInput(f"a threshold is a distance between 0 and 2, not {threshold}")
        found = find_models(model, Path(cache) if cache else user_cache_path("offair") / "models")
        self._threshold = found.threshold if threshold is None else threshold
        self._segmentation = _Network(found.segmentation, f"{SEGMENTATION} of {found.name}")
        self._embedding = _Network(found.embedding, f"{EMBEDDING} of {found.name}")
        self._engine = Engine(
            name="onnx",
            model=found.name,
            revision=found.revision,
            settings={
                "threshold": self._threshold,
                "method": _METHOD,
                "onnxruntime": str(onnxruntime.__version__),
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, models, hash of their files, threshold and library version."""
        return self._engine

    def diarise(
        self, sound: Iterable[NDArray[np.float32]], *, speakers: int | None = None
    ) -> tuple[VoiceSpan, ...]:
        """Who speaks when; see `Diariser.diarise`. Raises `BadInput` for less than one speaker."""
        if speakers is not None and speakers < 1:
            raise BadInput(f"the number of speakers is 1 or more, not {speakers}")
        places: list[tuple[Ms, Ms]] = []
        heard: list[clustering.Heard] = []
        length = 0
        for number, window in enumerate(segmentation.windows(sound)):
            length = window.start + window.length
            speaking = segmentation.active(self._segment(window.samples), window.length)
            stretches = segmentation.stretches(speaking, window.answers)
            energies = features.log_mel(window.samples) if stretches else None
            for one in stretches:
                start, end = (
                    segmentation.edge_sample(window.first_frame + frame) // _PER_MS
                    for frame in one.answers
                )
                places.append((start, end))
                heard.append(self._heard(number, one, energies))
        order = sorted(range(len(places)), key=places.__getitem__)
        labels = clustering.label(
            [heard[index] for index in order], threshold=self._threshold, speakers=speakers
        )
        return voice_spans(
            ((*places[index], label) for index, label in zip(order, labels, strict=True)),
            length // _PER_MS,
            pause=_PAUSE_MS,
            least=min(_LEAST_MS, max(1, length // _PER_MS // 2)),
        )

    def _segment(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log probabilities of the classes, shape (frames, classes)."""
        wanted = (1, segmentation.FRAMES, segmentation.CLASSES)
        answer: NDArray[np.float32] = self._segmentation.run(samples[None, None], wanted)[0]
        return answer

    def _heard(
        self, window: int, one: segmentation.Stretch, energies: NDArray[np.float32] | None
    ) -> clustering.Heard:
        """A stretch with its embedding, if it is long enough for one."""
        place = {"window": window, "voice": one.voice, "run": one.run}
        if energies is None:
            return clustering.Heard(None, 0, **place)
        begin, end = one.frames
        first, last = (features.frame_from(segmentation.edge_sample(edge)) for edge in one.frames)
        rows = np.arange(first, min(last, len(energies)))
        middles = rows * features.HOP_SAMPLES + features.FRAME_SAMPLES // 2
        frames = (middles - segmentation.edge_sample(0)) // segmentation.STEP_SAMPLES
        alone = one.alone[np.clip(frames, begin, end - 1) - begin]
        chosen = rows[alone] if alone.sum() >= _ENOUGH_ALONE else rows
        if len(chosen) < _FEWEST_FRAMES:
            return clustering.Heard(None, 0, **place)
        clear = energies[chosen]
        embedding = self._embedding.run((clear - clear.mean(axis=0))[None], (1, None))[0]
        return clustering.Heard(embedding, int(alone.sum()), **place)


class _Network:
    """One ONNX network with one input and one output."""

    def __init__(self, data: bytes, name: str) -> None:
        """data: the file. name: for messages. Raises `BadInput` where it cannot be loaded."""
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as state

        # Its errors have no class in common but Exception.
        self._refusals = (
            state.Fail, state.InvalidProtobuf, state.InvalidGraph, state.InvalidArgument,
            state.RuntimeException, state.NotImplemented, RuntimeError, ValueError, TypeError,
        )  # fmt: skip
        self._name = name
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                data, sess_options=options, providers=["CPUExecutionProvider"]
            )
        except self._refusals as error:
            raise BadInput(
                f"{name} cannot be loaded by onnxruntime ({_first_line(error)}); copy or export"
                " the models again"
            ) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            raise BadInput(
                f"{name} takes {len(inputs)} inputs, not one; set `speakers.model` to a folder that"
                " `offair models export-speakers` made"
            )
        self._input = inputs[0].name

    def run(
        self, given: NDArray[np.float32], wanted: tuple[int | None, ...]
    ) -> NDArray[np.float32]:
        """The answer, float32. wanted: its shape, None for any size.

        Raises `BadInput` where the network gives something else.
        """
        try:
            answer = np.asarray(self._session.run(None, {self._input: given})[0])
        except self._refusals as error:
            raise BadInput(
                f"{self._name} does not run on sound of shape {given.shape}"
                f" ({_first_line(error)}); export the models again"
            ) from error
        fits = answer.ndim == len(wanted) and all(
            size is None or size == have for size, have in zip(wanted, answer.shape, strict=True)
        )
        if not fits:
            raise BadInput(
                f"{self._name} answers with shape {answer.shape} where {wanted} is needed; set"
                " `speakers.model` to a folder that `offair models export-speakers` made"
            )
        return answer.astype(np.float32, copy=False)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
