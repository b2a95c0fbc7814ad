"""Finds a translation model in CTranslate2's form: a folder, or one of the hub.

A model's revision is the hash of its files, so that the same weights are the same engine wherever
they came from.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from offair.engines.hosting import hub
from offair.model.errors import BadInput, Unavailable

_NEEDED = ("config.json", "model.bin")
_SHARED = ("shared_vocabulary.json", "shared_vocabulary.txt")
_SOURCE = ("source_vocabulary.json", "source_vocabulary.txt")
_TARGET = ("target_vocabulary.json", "target_vocabulary.txt")
_TWO_PIECES = ("source.spm", "target.spm")
_ONE_PIECES = ("spiece.model", "sentencepiece.model", "spm.model", "sentencepiece.bpe.model")
_READ = (*_NEEDED, *_SHARED, *_SOURCE, *_TARGET, *_TWO_PIECES, *_ONE_PIECES)
_HUB_NAME_RE = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model's folder, complete.

    source_pieces, target_pieces: its sentencepiece models; one and the same where
    `one_vocabulary`. source_tokens: the tokens it may be given. revision: SHA-256 over the names
    and hashes of its files.
    """

    name: str
    folder: Path
    source_pieces: Path
    target_pieces: Path
    one_vocabulary: bool
    source_tokens: frozenset[str]
    revision: str


def find_model(model: str, cache: Path) -> FoundModel:
    """The model that a setting names.

    model: a folder or `owner/name` of the hub. cache: folder for downloads; made where it is
    missing. Raises `BadInput` where the name or the folder cannot be a model, `Unavailable` where
    it cannot be had now.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return _read(folder.absolute().name, folder)
    if folder.is_absolute() or model.startswith((".", "~")) or not _HUB_NAME_RE.fullmatch(model):
        raise BadInput(
            f"the model folder {model} does not exist; set translation.model to a folder with"
            f" {', '.join(_NEEDED)}, a vocabulary and sentencepiece models, or to owner/name of"
            " the hub"
        )
    return _read(model, _from_hub(model, cache))


def _read(name: str, folder: Path) -> FoundModel:
    present = {one for one in _READ if (folder / one).is_file()}
    missing = [one for one in _NEEDED if one not in present]
    one_piece = next((one for one in _ONE_PIECES if one in present), None)
    two = all(one in present for one in _TWO_PIECES)
    if not two and one_piece is None:
        missing.append(f"{' and '.join(_TWO_PIECES)} (OPUS-MT) or {_ONE_PIECES[0]} (MADLAD-400)")
    vocabulary = next((one for one in (*_SHARED, *_SOURCE) if one in present), None)
    target = next((one for one in (*_SHARED, *_TARGET) if one in present), None)
    if vocabulary is None or target is None:
        missing.append(f"{_SHARED[0]}, or {_SOURCE[0]} and {_TARGET[0]}")
    if missing or vocabulary is None:
        raise BadInput(
            f"the model folder {folder} lacks {', '.join(missing)}; it must hold an OPUS-MT or"
            " MADLAD-400 model converted for CTranslate2, with its sentencepiece models"
        )
    source_pieces, target_pieces = _TWO_PIECES if two else (one_piece or "",) * 2
    return FoundModel(
        name,
        folder,
        folder / source_pieces,
        folder / target_pieces,
        one_vocabulary=not two,
        source_tokens=_tokens(folder / vocabulary),
        revision=_revision(folder, sorted(present)),
    )


def _tokens(path: Path) -> frozenset[str]:
    try:
        text = path.read_text("utf-8")
        listed = json.loads(text) if path.suffix == ".json" else text.splitlines()
        if not isinstance(listed, list):
            raise ValueError("it is no list")
    except (OSError, ValueError) as error:
        raise BadInput(f"the vocabulary {path} cannot be read: {error}; get it again") from error
    return frozenset(str(one) for one in listed)


def _revision(folder: Path, names: list[str]) -> str:
    lines = ""
    for name in names:
        try:
            with (folder / name).open("rb") as file:
                lines += f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"
        except OSError as error:
            raise Unavailable(
                f"the model file {folder / name} cannot be read: {error.strerror};"
                " check its permissions"
            ) from error
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


def _from_hub(model: str, cache: Path) -> Path:
    """The folder of a model of the hub: as downloaded before, else downloaded now."""
    here = hub.on_this_machine(model, _READ, cache)
    if here is not None and all((here / one).is_file() for one in _NEEDED):
        return here
    return hub.download(
        model, _READ, cache, otherwise="set translation.model to a folder that holds it"
    )
