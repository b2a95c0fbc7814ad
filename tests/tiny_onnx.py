"""A recogniser's model of a few hundred bytes: what loudness says, in NeMo's CTC form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

VOCABULARY = ("\u2581low", "\u2581loud", "er", "<blk>")
SUBSAMPLING = 8


def make_ctc(folder: Path, kind: str | None = "nemo-conformer-ctc") -> Path:
    """Write a model that says `low` where the features are small and `loud` where they are large.

    Inputs and outputs are those of onnx-asr's `NemoConformerCtc`: features (batch, 80, frames) in,
    log probabilities (batch, frames / 8, 4) out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = np.array([[-4.0, 4.0, 1.0, 0.0]], dtype=np.float32)
    bias = np.array([-1.0, -1.0, -2.0, 0.5], dtype=np.float32)
    values = {
        "middle": np.array([1], dtype=np.int64),
        "from": np.array([0], dtype=np.int64),
        "to": np.array([1 << 40], dtype=np.int64),
        "time": np.array([1], dtype=np.int64),
        "step": np.array([SUBSAMPLING], dtype=np.int64),
        "last": np.array([2], dtype=np.int64),
        "weights": weights,
        "bias": bias,
    }
    nodes = [
        helper.make_node("ReduceMean", ["audio_signal", "middle"], ["energy"], keepdims=0),
        helper.make_node("Slice", ["energy", "from", "to", "time", "step"], ["thinned"]),
        helper.make_node("Unsqueeze", ["thinned", "last"], ["column"]),
        helper.make_node("MatMul", ["column", "weights"], ["weighed"]),
        helper.make_node("Add", ["weighed", "bias"], ["scores"]),
        helper.make_node("LogSoftmax", ["scores"], ["logprobs"], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("audio_signal", TensorProto.FLOAT, ["n", 80, "t"]),
            helper.make_tensor_value_info("length", TensorProto.INT64, ["n"]),
        ],
        [helper.make_tensor_value_info("logprobs", TensorProto.FLOAT, ["n", "s", 4])],
        [numpy_helper.from_array(value, name) for name, value in values.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))
    lines = [f"{token} {index}" for index, token in enumerate(VOCABULARY)]
    (folder / "vocab.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = {"features_size": 80, "subsampling_factor": SUBSAMPLING}
    if kind is not None:
        config |= {"model_type": kind}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder
