"""Names of workers that tell, on the same machine, whether the worker is still alive."""

from __future__ import annotations

import itertools
import os
import socket
from pathlib import Path

_PROC = Path("/proc")
_count = itertools.count(1)


def new_owner() -> str:
    """A name for a worker of this process: `host:pid:start-ticks:count`, unique in this start
    of the machine."""
    return f"{_host()}:{os.getpid()}:{_start_ticks(os.getpid())}:{next(_count)}"


def is_alive(owner: str) -> bool:
    """Whether the process of this name may be alive. True also for what cannot be known from
    here: another machine, another start of it, another container, another system than Linux."""
    host, _, rest = owner.rpartition("@")
    parts = rest.split(":")
    if len(parts) != 4 or not parts[1].isascii() or not parts[1].isdigit():
        return True
    if f"{host}@{parts[0]}" != _host() or not (_PROC / "self" / "stat").exists():
        return True
    return _start_ticks(int(parts[1])) == parts[2]


def _host() -> str:
    """The machine, this start of it and this space of process ids: `name@boot-namespace`."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()[:8]
        space = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        boot, space = "", 0
    return f"{socket.gethostname()}@{boot}-{space}"


def _start_ticks(pid: int) -> str:
    """When a living process began, in clock ticks since the machine did (proc_pid_stat(5));
    empty where there is none, or only its remains that nobody has waited for."""
    try:
        line = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    # The name of the program stands in brackets and may hold anything.
    fields = line.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
