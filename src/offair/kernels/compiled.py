"""How a loop is compiled: once after an installation, and kept on disk for every later process.

numba is imported where the first loop is made, since it takes a moment.
"""

from __future__ import annotations

import functools
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """A loop that is compiled when it is first called and lets go of the interpreter.

    The code is kept where numba keeps it: in `NUMBA_CACHE_DIR`, beside the package, or in the
    user's own cache folder; where none of them can be written, in a folder of the user's among the
    temporary files, and where that cannot be either, nowhere: each process compiles anew.
    """
    import numba

    try:
        return _kept(function)
    except RuntimeError:  # numba found no folder that it can write
        folder = _own_folder()
    if folder is not None:
        config: Any = numba.config
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
        try:
            return _kept(function)
        except RuntimeError:
            pass
        finally:
            config.CACHE_DIR = before
    made: Callable[..., Any] = numba.njit(nogil=True)(function)
    return made


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A loop that becomes part of those that call it."""
    import numba

    made: Callable[..., Any] = numba.njit(nogil=True, inline="always")(function)
    return made


def is_compiled(function: Callable[..., Any]) -> bool:
    """Whether a `compiled` loop was ever compiled here, by this process or another."""
    if getattr(function, "signatures", None):
        return True
    stats = getattr(function, "stats", None)
    kept = getattr(stats, "cache_path", None)
    if kept is None:
        return False
    name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
    return any(Path(kept).glob(f"{name}-*.nbi"))


def _kept(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    made: Callable[..., Any] = numba.njit(cache=True, nogil=True)(function)
    return made


@functools.cache
def _own_folder() -> Path | None:
    """A folder that nobody else can write: what lies in it is run as code."""
    folder = Path(tempfile.gettempdir()) / f"compiled-loops-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return folder if own and not found.st_mode & 0o022 else None
