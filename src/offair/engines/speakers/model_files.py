"""Finds the folder with the two networks of the `onnx` engine: a folder, the cache, or the hub.

Such a folder holds `segmentation.onnx`, `embedding.onnx` and `speakers.json`, which says what the
two are, whose, under which licence, their hashes, and the threshold that suits them. `offair
models export-speakers` writes one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offair.model.errors import BadInput, Unavailable

_LOG = logging.getLogger(__name__)
SEGMENTATION = "segmentation.onnx"
EMBEDDING = "embedding.onnx"
DESCRIPTION = "speakers.json"
NEEDED = (DESCRIPTION, SEGMENTATION, EMBEDDING)
FORMAT = 1
KINDS = {SEGMENTATION: "powerset of 3 voices, 10 s", EMBEDDING: "80 log mel energies, no mean"}
"""What the engine feeds to each network and how it reads the answer; another kind is refused."""
CACHE_NAME = "speakers"
"""The folder in the cache of models that is taken where the settings name none."""
_EXPORT = "make one with `offair models export-speakers FOLDER`"
_HUB_NAME_RE = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_LARGEST_DESCRIPTION = 1 << 20


@dataclass(frozen=True, slots=True)
class SpeakerModels:
    """The two networks, read and checked. threshold: average cosine distance, 0…2.

    revision: SHA-256 over the names and hashes of the files.
    """

    name: str
    segmentation: bytes
    embedding: bytes
    threshold: float
    revision: str


def find_models(model: str | None, cache: Path) -> SpeakerModels:
    """The networks that a setting names.

    model: a folder, `owner/name` of the hub, or None for the folder `speakers` in the cache.
    cache: the folder of models. Raises `BadInput` where the folder is not complete or its files
    are not those it describes, `Unavailable` where there is none now.
    """
    if model is None:
        folder = cache / CACHE_NAME
        if not folder.is_dir():
            raise Unavailable(
                f"the engine onnx has no models yet: {_EXPORT} (by default into {folder}), or set"
                " `speakers.model` to a folder or a hub name that has them"
            )
        return _read(folder, CACHE_NAME)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return _read(folder, folder.absolute().name)
    if folder.is_absolute() or model.startswith((".", "~")) or not _HUB_NAME_RE.fullmatch(model):
        raise BadInput(
            f"the folder of speaker models {model} does not exist; {_EXPORT}, or set"
            " `speakers.model` to owner/name of the hub"
        )
    return _read(_from_hub(model, cache), model)


def _read(folder: Path, name: str) -> SpeakerModels:
    missing = [file for file in NEEDED if not (folder / file).is_file()]
    if missing:
        raise BadInput(
            f"the folder of speaker models {folder} lacks {', '.join(missing)}; {_EXPORT}"
        )
    contents = {file: _bytes(folder / file) for file in NEEDED}
    path = folder / DESCRIPTION
    described = _description(path, contents[DESCRIPTION])
    hashes = {}
    for file, kind in KINDS.items():
        facts = described.get(Path(file).stem)
        if not isinstance(facts, Mapping) or facts.get("kind") != kind:
            raise BadInput(
                f"{path} does not say that {file} is of the kind {kind!r}, the only one the engine"
                f" onnx runs; {_EXPORT}"
            )
        hashes[file] = hashlib.sha256(contents[file]).hexdigest()
        if facts.get("sha256") != hashes[file]:
            raise BadInput(
                f"{folder / file} is not the file that {DESCRIPTION} describes (its SHA-256 is"
                f" {hashes[file][:12]}…); copy the folder again, or {_EXPORT}"
            )
    threshold = described.get("threshold")
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise BadInput(f"{path} has no number as `threshold`; {_EXPORT}")
    if not 0 < threshold < 2:
        raise BadInput(f"`threshold` in {path} is {threshold}, not between 0 and 2; {_EXPORT}")
    lines = "".join(f"{digest}  {file}\n" for file, digest in sorted(hashes.items()))
    return SpeakerModels(
        name=name,
        segmentation=contents[SEGMENTATION],
        embedding=contents[EMBEDDING],
        threshold=float(threshold),
        revision=hashlib.sha256(lines.encode("ascii")).hexdigest(),
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.name == DESCRIPTION and path.stat().st_size > _LARGEST_DESCRIPTION:
            raise BadInput(f"{path} is no description of models: it is too large; {_EXPORT}")
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"the model file {path} cannot be read: {error.strerror}; check its permissions"
        ) from error


def _description(path: Path, data: bytes) -> Mapping[str, Any]:
    try:
        described = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path} is not JSON ({error}); {_EXPORT}") from error
    if not isinstance(described, dict) or described.get("format") != FORMAT:
        raise BadInput(f"{path} is no description of speaker models of format {FORMAT}; {_EXPORT}")
    return described


def _from_hub(model: str, cache: Path) -> Path:
    """The folder of a repository of the hub: as downloaded before, else downloaded now."""
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError

    hub, wanted = str(cache / "hub"), [*NEEDED]
    with suppress(OSError, ValueError):
        here = Path(
            huggingface_hub.snapshot_download(
                model, cache_dir=hub, allow_patterns=wanted, local_files_only=True
            )
        )
        if all((here / file).is_file() for file in NEEDED):
            return here
    _LOG.info("the speaker models %s are not here yet: downloading some 35 MB", model)
    try:
        return Path(huggingface_hub.snapshot_download(model, cache_dir=hub, allow_patterns=wanted))
    except (OSError, ValueError, HfHubHTTPError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise Unavailable(
            f"the speaker models {model} are not on this machine and cannot be downloaded"
            f" ({reason}); with a network try again, without one {_EXPORT}"
        ) from error
