"""Silero's voice activity model, as the ONNX file that faster-whisper carries, heard as a stream.

Model: Silero VAD (github.com/snakers4/silero-vad, MIT). It sees 512 samples at a time with the 64
before them, and two states of an LSTM. It tells speech from everything else; sung voices pass for
speech, and music is not told from other sound.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offair.engines.activity import WINDOW_MS
from offair.model.errors import Unavailable
from offair.model.time import Ms
from offair.model.transcript import Engine

_WINDOW = 512
_CONTEXT = 64
_STATE = (1, 1, 128)
_INPUTS = {"input", "h", "c"}
_AT_ONCE = 1_024
"""Windows per call of the model: 33 s; more gains nothing and costs memory."""


class Silero:
    """Fulfils `ActivityEngine`; one thread, some 500 times faster than the sound."""

    def __init__(self, model: Path | None = None) -> None:
        """Load the model. model: the ONNX file; by default the one faster-whisper carries.

        Raises `Unavailable` where library or file is missing or the file is another model.
        """
        try:
            import onnxruntime
            from onnxruntime.capi import onnxruntime_pybind11_state as state
        except ImportError as error:
            raise Unavailable(
                f"the activity engine silero needs onnxruntime, which cannot be loaded ({error});"
                " install it with `pip install onnxruntime`"
            ) from error
        path = model or packaged_model()
        # Its errors have no class in common but Exception.
        refusals = (state.Fail, state.InvalidProtobuf, state.InvalidGraph, state.InvalidArgument)
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            data = path.read_bytes()
            session: Any = onnxruntime.InferenceSession(
                data, sess_options=options, providers=["CPUExecutionProvider"]
            )
        except (OSError, RuntimeError, ValueError, *refusals) as error:
            raise Unavailable(
                f"the activity model {path.name} cannot be loaded ({error}); install"
                " faster-whisper again, which carries it"
            ) from error
        names = {given.name for given in session.get_inputs()}
        if names != _INPUTS:
            raise Unavailable(
                f"the activity model {path.name} takes {sorted(names)}, not {sorted(_INPUTS)};"
                " install a version of faster-whisper that carries Silero 6"
            )
        self._session = session
        self._engine = Engine(
            name="silero",
            model=path.stem,
            revision=hashlib.sha256(data).hexdigest(),
            settings={"onnxruntime": str(onnxruntime.__version__)},
        )

    @property
    def engine(self) -> Engine:
        """Which engine this is."""
        return self._engine

    def listener(self) -> SileroListener:
        """Begin with a new sound."""
        return SileroListener(self._session)


class SileroListener:
    """Fulfils `ActivityListener`: the model's states between two calls, and a window begun."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._h = np.zeros(_STATE, dtype=np.float32)
        self._c = np.zeros(_STATE, dtype=np.float32)
        self._before = np.zeros(_CONTEXT, dtype=np.float32)
        self._begun = np.zeros(0, dtype=np.float32)
        self._next = 0
        self._ended = False

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        """Hear the next samples; see `ActivityListener.feed`. Raises `ValueError` after `flush`."""
        if self._ended:
            raise ValueError("this listener was flushed; begin a new one for another sound")
        if samples.ndim != 1:
            raise ValueError(f"a sound is one row of samples, not shape {samples.shape}")
        sound = np.concatenate([self._begun, samples.astype(np.float32, copy=False)])
        whole = len(sound) - len(sound) % _WINDOW
        self._begun = sound[whole:].copy()
        heard: list[tuple[Ms, float]] = []
        for start in range(0, whole, _WINDOW * _AT_ONCE):
            heard += self._run(sound[start : min(whole, start + _WINDOW * _AT_ONCE)])
        return heard

    def flush(self) -> list[tuple[Ms, float]]:
        """The last window, begun and not complete, as if silence followed; at most one."""
        begun = self._begun
        heard = self.feed(np.zeros(_WINDOW - len(begun), dtype=np.float32)) if len(begun) else []
        self._ended = True
        return heard

    def _run(self, sound: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        """Probabilities of whole windows, states carried on."""
        rows = sound.reshape(-1, _WINDOW)
        before = np.concatenate([self._before[None, :], rows[:-1, -_CONTEXT:]])
        # A damaged file may decode to NaN or infinity, which would stay in the states for ever.
        given = np.nan_to_num(np.concatenate([before, rows], axis=1), posinf=1.0, neginf=-1.0)
        probabilities, self._h, self._c = self._session.run(
            None, {"input": given, "h": self._h, "c": self._c}
        )
        self._before = rows[-1, -_CONTEXT:].copy()
        first = self._next
        self._next += len(rows)
        return [
            ((first + index) * WINDOW_MS, min(1.0, max(0.0, float(probability))))
            for index, probability in enumerate(probabilities.reshape(-1))
        ]


def packaged_model() -> Path:
    """The newest Silero file in faster-whisper's folder, found without importing that package.

    Raises `Unavailable` where the package or the file is missing.
    """
    spec = importlib.util.find_spec("faster_whisper")
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    found = [path for place in places for path in Path(place).glob("assets/silero_vad*.onnx")]
    if not found:
        raise Unavailable(
            "the activity model silero_vad is not installed; install faster-whisper,"
            " which carries it"
        )
    return max(found, key=lambda path: path.name)
