"""Two tiny ONNX networks that stand for the real ones, and the voices they can hear: pulsing tones.

The segmentation network measures the energy of each pitch in `PITCHES_HZ` in frames as the real one
has them; a pitch is voice (its index modulo 3) of the window. The embedding network gives how much
each band of the log mel energies goes up and down, which is where the tone is.
"""

from __future__ import annotations

import hashlib
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

RATE_HZ = 16_000
PITCHES_HZ = (350.0, 560.0, 850.0, 1_250.0, 1_800.0, 2_600.0)
_KERNEL = 991
_STEP = 270
_LOUD = 0.02
_OPSET = [helper.make_opsetid("", 17)]


def write_models(folder: Path, *, threshold: float = 0.5) -> Path:
    """A complete folder of the engine `onnx`."""
    folder.mkdir(parents=True, exist_ok=True)
    described: dict[str, object] = {"format": 1, "sample_rate_hz": RATE_HZ, "threshold": threshold}
    kinds = {
        "segmentation": ("powerset of 3 voices, 10 s", segmentation()),
        "embedding": ("80 log mel energies, no mean", embedding()),
    }
    for name, (kind, model) in kinds.items():
        data = model.SerializeToString()
        (folder / f"{name}.onnx").write_bytes(data)
        described[name] = {"kind": kind, "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "speakers.json").write_text(json.dumps(described), encoding="utf-8")
    return folder


def segmentation() -> onnx.ModelProto:
    """(1, 1, 160000) → (1, 589, 7) log probabilities."""
    time = (np.arange(_KERNEL) - _KERNEL // 2) / RATE_HZ
    shape = np.hanning(_KERNEL)
    waves = [
        shape * wave(2 * np.pi * pitch * time) * 2 / shape.sum()
        for pitch in PITCHES_HZ
        for wave in (np.cos, np.sin)
    ]
    pairs = np.repeat(np.eye(len(PITCHES_HZ)), 2, axis=1)[:, :, None]
    thirds = np.array([[pitch % 3 == voice for pitch in range(6)] for voice in range(3)])
    sets = [set(one) for size in range(3) for one in combinations(range(3), size)]
    classes = np.array([[1 if voice in one else -1 for one in sets] for voice in range(3)])
    return _model(
        [
            helper.make_node("Conv", ["given", "waves"], ["swing"], strides=[_STEP]),
            helper.make_node("Mul", ["swing", "swing"], ["power"]),
            helper.make_node("Conv", ["power", "pairs"], ["pitches"]),
            helper.make_node("Greater", ["pitches", "loud"], ["heard"]),
            helper.make_node("Cast", ["heard"], ["ones"], to=TensorProto.FLOAT),
            helper.make_node("Conv", ["ones", "thirds"], ["counts"]),
            helper.make_node("Clip", ["counts", "none", "one"], ["voices"]),
            helper.make_node("Mul", ["voices", "ten"], ["tens"]),
            helper.make_node("Sub", ["tens", "five"], ["sure"]),
            helper.make_node("Transpose", ["sure"], ["frames"], perm=[0, 2, 1]),
            helper.make_node("MatMul", ["frames", "classes"], ["scores"]),
            helper.make_node("LogSoftmax", ["scores"], ["answer"], axis=-1),
        ],
        [1, 1, 160_000],
        [1, 589, 7],
        {
            "waves": np.stack(waves)[:, None, :], "pairs": pairs, "loud": np.array(_LOUD**2),
            "thirds": thirds[:, :, None], "none": np.array(0.0), "one": np.array(1.0),
            "ten": np.array(10.0), "five": np.array(5.0), "classes": classes,
        },
    )  # fmt: skip


def embedding() -> onnx.ModelProto:
    """(1, frames, 80) → (1, 80): how far each band's variance is above that of noise."""
    return _model(
        [
            helper.make_node("Mul", ["given", "given"], ["square"]),
            helper.make_node("ReduceMean", ["square"], ["variance"], axes=[1], keepdims=0),
            helper.make_node("Sub", ["variance", "noise"], ["above"]),
            helper.make_node("Relu", ["above"], ["positive"]),
            helper.make_node("Add", ["positive", "little"], ["answer"]),
        ],
        [1, "frames", 80],
        [1, 80],
        {"noise": np.array(4.0), "little": np.array(1e-3)},
    )


def _model(
    nodes: list[onnx.NodeProto],
    given: list[int | str],
    answer: list[int | str],
    constants: dict[str, NDArray[np.float64]],
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("given", TensorProto.FLOAT, given)],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, answer)],
        [
            numpy_helper.from_array(np.asarray(value, dtype=np.float32), name)
            for name, value in constants.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=_OPSET, ir_version=8)
    onnx.checker.check_model(model)
    return model


def talk(length_s: float, *turns: tuple[int, float, float]) -> NDArray[np.float32]:
    """A sound in which (voice, start s, end s) speak, over faint noise; the same every time."""
    count = round(length_s * RATE_HZ)
    time = np.arange(count) / RATE_HZ
    sound = 0.0005 * np.random.default_rng(8914).standard_normal(count)
    for voice, start, end in turns:
        pulse = 0.02 + 0.98 * (0.5 - 0.5 * np.cos(2 * np.pi * 6 * (time - start)))
        inside = (time >= start) & (time < end)
        sound += 0.25 * inside * pulse * np.sin(2 * np.pi * PITCHES_HZ[voice] * time)
    return sound.astype(np.float32)
