"""Folders for files in the making, and the end of those that a killed process left.

    scratch/lock              held while a folder is made or swept
    scratch/<name>.lock       held by the process that the folder <name> belongs to
    scratch/<name>/           its files

Locks are `flock`: the system lets go of them when a process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from offair.desk import Desk
from offair.model.errors import Unavailable


@contextmanager
def scratch_folder(desk: Desk, purpose: str) -> Iterator[Path]:
    """An empty folder of this process's own, removed with all in it at the end.

    Raises `Unavailable` where it cannot be made.
    """
    folder = desk.scratch / f"{purpose}-{secrets.token_hex(8)}"
    held = _lock_of(folder)
    try:
        with _alone(desk.scratch):
            mine = _locked(held)
            folder.mkdir()
    except OSError as error:
        with suppress(OSError):
            held.unlink()
        raise Unavailable(
            f"the folder {desk.scratch} for files in the making cannot be used "
            f"({error.strerror}); make room, or check the rights on it"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            held.unlink()
        os.close(mine)


def sweep_scratch(desk: Desk) -> int:
    """Remove the folders of processes that are gone; how many there were."""
    if not desk.scratch.is_dir():
        return 0
    count = 0
    with suppress(OSError), _alone(desk.scratch):
        for folder in desk.scratch.iterdir():
            if folder.is_dir() and not _held(_lock_of(folder)):
                shutil.rmtree(folder, ignore_errors=True)
                count += 1
        for held in desk.scratch.glob("*.lock"):
            if not held.with_suffix("").exists() and not _held(held):
                held.unlink(missing_ok=True)
    return count


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _locked(path: Path) -> int:
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(opened, fcntl.LOCK_EX)
    return opened


def _held(path: Path) -> bool:
    try:
        opened = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(opened)
    return False


@contextmanager
def _alone(scratch: Path) -> Iterator[None]:
    """Alone among all processes, for moments: a folder is never seen without its lock."""
    scratch.mkdir(parents=True, exist_ok=True)
    lock = _locked(scratch / "lock")
    try:
        yield
    finally:
        os.close(lock)
