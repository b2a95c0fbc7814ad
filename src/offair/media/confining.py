"""Limits a child puts on itself before it touches a media file. Runs in the child only.

Not a sandbox against an attacker who runs code in the child; it bounds what a hostile file can
cost and what a playlist can reach.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 64


def limit(*, memory_bytes: int, cpu_s: int | None, output_bytes: int) -> None:
    """Bound address space, CPU time, file size and open files; no core dumps.

    output_bytes: the largest file the child may write; 0 where it has nothing to write.
    """
    _lower(resource.RLIMIT_AS, memory_bytes)
    _lower(resource.RLIMIT_FSIZE, output_bytes)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)
    if cpu_s is not None:
        # The soft limit ends the child with a signal that says why; the hard one is just a kill.
        _lower(resource.RLIMIT_CPU, cpu_s, spare=5)


def _lower(what: int, value: int, spare: int = 0) -> None:
    hard = resource.getrlimit(what)[1]
    most = value + spare if hard == resource.RLIM_INFINITY else min(value + spare, hard)
    resource.setrlimit(what, (min(value, most), most))


def die_with(parent: int) -> None:
    """Be killed by the kernel when the thread that started this process ends (Linux).

    parent: the process id that started us; if it has gone already, leave at once.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def leave_at_end_of(requests: BinaryIO) -> None:
    """End this process when the other side of `requests` is closed. FFmpeg lets threads run."""

    def watch() -> None:
        while requests.read(1):
            pass
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="watch for the end of the desk", daemon=True).start()
