"""What stands in one shard's folder: its manifest, its table of layers, sizes and checksums.

A shard is written to a temporary name, forced to disk and renamed, so that a folder with a shard's
name is whole. `manifest.json` lists every file with its size and SHA-256; the table of layers lies
inside the folder and, again, beside it: with it a shard that is lost can be made anew.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offair.model.errors import Corrupt, Unavailable
from offair.model.transcript import LayerKind
from offair.search import UNDATED
from offair.text.tokenise import TOKENISER_VERSION

FORMAT = 1
"""Changes with every change of the files of a shard or of the list of shards."""
QUOTATION, TEXT = "quotation", "text"
"""Folders inside a shard: the quotation index and the full text."""
LAYERS = "layers.npy"
MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"
"""How the name of a shard ends that is being written."""
KINDS: tuple[LayerKind, ...] = tuple(LayerKind)
LAYER_ROW = np.dtype(
    [
        ("layer", "<i8"),
        ("recording", "<i8"),
        ("change", "<i8"),
        ("words", "<i8"),
        ("kind", "u1"),
        ("aired", "S24"),
    ]
)
"""One row of the table of layers, in the order in which the shard holds them. kind: in `KINDS`."""

_READ_AT_ONCE = 1 << 20
"""Bytes: a file no longer is read against its checksum whenever a shard is opened; a few
milliseconds a shard, and of a small one nearly everything."""
_OUT_OF_REACH = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM)
"""Errors that say nothing of the file: it must not be made anew for them."""

Table = NDArray[np.void]
"""Rows of `LAYER_ROW`."""
LayerFacts = tuple[int, int, int, int, LayerKind, str]
"""A row before it is packed: (layer, recording, change, words, kind, aired)."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A shard as the list of shards knows it.

    words: all of them, superseded ones too. days: first and last airing date, `UNDATED` both where
    none is known. layers: SHA-256 of the table of layers. files: SHA-256 of `manifest.json`.
    """

    name: str
    words: int
    days: tuple[str, str]
    layers: str
    files: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in the list of shards."""
        return {
            "name": self.name,
            "words": self.words,
            "days": list(self.days),
            "layers": self.layers,
            "files": self.files,
        }

    @classmethod
    def of_json(cls, said: Any) -> Manifest:
        """What `as_json` wrote. Raises `KeyError`, `TypeError` or `ValueError` where it is not."""
        first, last = map(str, said["days"])
        name = str(said["name"])
        if not name or not name.replace("-", "").isalnum():
            raise ValueError(f"{name!r} is no name of a shard")
        return cls(name, int(said["words"]), (first, last), str(said["layers"]), str(said["files"]))


def seal(folder: Path, name: str, table: Table) -> Manifest:
    """Finish a shard that was written under `name` + `UNFINISHED`: table, manifest, disk, name."""
    unfinished = folder / f"{name}{UNFINISHED}"
    packed = _packed(table)
    write_whole(unfinished / LAYERS, packed)
    write_whole(folder / f"{name}.{LAYERS}", packed)
    sizes: dict[str, tuple[int, str]] = {}
    for path in sorted(unfinished.rglob("*")):
        if path.is_file():
            digest = _digest_and_sync(path)
            sizes[path.relative_to(unfinished).as_posix()] = (path.stat().st_size, digest)
    aired = sorted(text for row in table["aired"] if (text := row.decode()) != UNDATED)
    days = (aired[0], aired[-1]) if aired else (UNDATED, UNDATED)
    words = int(table["words"].sum())
    said = {
        "format": FORMAT,
        "tokeniser": TOKENISER_VERSION,
        "words": {
            kind.value: int(table["words"][table["kind"] == place].sum())
            for place, kind in enumerate(KINDS)
        },
        "layers": len(table),
        "days": days,
        "files": sizes,
    }
    text = json.dumps(said, indent=1).encode()
    write_whole(unfinished / MANIFEST, text)
    for inner in [*(one for one in unfinished.rglob("*") if one.is_dir()), unfinished]:
        sync_folder(inner)
    unfinished.rename(folder / name)
    sync_folder(folder)
    return Manifest(name, words, days, _sha256(packed), _sha256(text))


def check_sizes(folder: Path, shard: Manifest) -> None:
    """See that every file of a shard is there in its full size, and read the small ones against
    their checksums; cheap. Raises `Corrupt`, or `Unavailable` where the system lets no file be
    opened now."""
    for name, (size, _) in _files(folder, shard).items():
        try:
            found = (folder / shard.name / name).stat().st_size
        except OSError as error:
            raise unreadable(error, f"its file {name}") from error
        if found != size:
            raise Corrupt(f"its file {name} has {found} bytes, and should have {size}")
    _check_bytes_up_to(_READ_AT_ONCE, folder, shard)


def check_bytes(folder: Path, shard: Manifest) -> None:
    """Read every file of a shard against its checksum. Raises `Corrupt`."""
    check_sizes(folder, shard)
    _check_bytes_up_to(None, folder, shard)


def _check_bytes_up_to(limit: int | None, folder: Path, shard: Manifest) -> None:
    for name, (size, digest) in _files(folder, shard).items():
        if limit is not None and size > limit:
            continue
        try:
            with (folder / shard.name / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise unreadable(error, f"its file {name}") from error
        if found != digest:
            raise Corrupt(f"its file {name} has other bytes than were written")


def read_table(folder: Path, shard: Manifest) -> Table:
    """The table of layers, from whichever of its two places holds it. Raises `Corrupt`."""
    for path in (folder / shard.name / LAYERS, folder / f"{shard.name}.{LAYERS}"):
        try:
            packed = path.read_bytes()
        except OSError:
            continue
        if _sha256(packed) == shard.layers:
            table: Table = np.load(io.BytesIO(packed), allow_pickle=False)
            return table
    raise Corrupt("its table of layers is lost or damaged")


def table_of(rows: Sequence[LayerFacts]) -> Table:
    """A table of layers."""
    return np.array(
        [
            (layer, recording, change, words, KINDS.index(kind), aired.encode("ascii", "replace"))
            for layer, recording, change, words, kind, aired in rows
        ],
        dtype=LAYER_ROW,
    )


def unreadable(error: OSError, what: str) -> Corrupt | Unavailable:
    """The error for a file that the system does not give: damaged, or only out of reach now."""
    sentence = f"{what} cannot be read ({error.strerror or error})"
    if error.errno in _OUT_OF_REACH:
        return Unavailable(f"the index cannot be opened now: {sentence}; check and try again")
    return Corrupt(sentence)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file and force it to disk. Raises `OSError`."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk. Raises `OSError`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(folder: Path, shard: Manifest) -> Mapping[str, tuple[int, str]]:
    """Every file that the manifest lists, by its path in the shard: (size, SHA-256)."""
    try:
        text = (folder / shard.name / MANIFEST).read_bytes()
    except OSError as error:
        raise unreadable(error, "its manifest") from error
    if _sha256(text) != shard.files:
        raise Corrupt("its manifest has other bytes than were written")
    said = json.loads(text)["files"]
    return {name: (size, digest) for name, (size, digest) in said.items()}


def _digest_and_sync(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


def _packed(table: Table) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, table, allow_pickle=False)
    return buffer.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
