"""Looks into the weights that CTranslate2 reads, so that a damaged file is named before it loads.

The form is that of binary versions 4 to 6 (CTranslate2 `src/models/model.cc`): little-endian; a
version, the model's kind and its revision, then each variable with name, shape, type and bytes.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from offair.model.errors import BadInput

_VERSIONS = range(4, 7)
_MOST_VARIABLES = 100_000


def variable_shapes(path: Path) -> dict[str, tuple[int, ...]] | None:
    """Name → shape of every variable; None where the file is of a version not known here.

    Raises `BadInput` where the file is cut short or no model at all.
    """
    size = path.stat().st_size
    shapes: dict[str, tuple[int, ...]] = {}
    try:
        with path.open("rb") as file:
            version = _number(file, "<I")
            if version not in _VERSIONS:
                if 0 < version < 32:
                    return None
                raise BadInput(
                    f"{path} is no file of CTranslate2's weights; put the model's own there,"
                    " not a page or a pointer to it"
                )
            _text(file)
            _number(file, "<I")
            for _ in range(min(_number(file, "<I"), _MOST_VARIABLES)):
                name = _text(file)
                shape = tuple(_number(file, "<I") for _ in range(_number(file, "<B")))
                _number(file, "<B")
                end = file.seek(_number(file, "<I"), 1)
                if end > size:
                    raise EOFError
                shapes[name] = shape
    except EOFError as error:
        raise BadInput(f"{path} is cut short ({size} bytes); copy or download it again") from error
    return shapes


def _number(file: BinaryIO, form: str) -> int:
    data = file.read(struct.calcsize(form))
    if len(data) < struct.calcsize(form):
        raise EOFError
    value: int = struct.unpack(form, data)[0]
    return value


def _text(file: BinaryIO) -> str:
    length = _number(file, "<H")
    data = file.read(length)
    if len(data) < length:
        raise EOFError
    return data.rstrip(b"\0").decode("utf-8", "replace")
