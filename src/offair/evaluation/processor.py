"""Processor time of this process and of all it started, for real-time factors."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_PARENT, _FIRST, _LAST = 1, 11, 15
"""Places of a `stat` line after the name: the parent; user and system time, own and of children
that ended (proc(5), counted from 0)."""


def processor_seconds() -> float | None:
    """User and system time so far, of this process, its children and theirs, ended ones included.

    None where the system does not say it (`/proc` of Linux is read).
    """
    if not (_PROC / "self" / "stat").exists():
        return None
    spent: dict[int, float] = {}
    parents: dict[int, int] = {}
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it ended meanwhile; its time is its parent's now
        fields = line.rpartition(") ")[2].split()
        process = int(entry.name)
        parents[process] = int(fields[_PARENT])
        spent[process] = sum(map(int, fields[_FIRST:_LAST])) / os.sysconf("SC_CLK_TCK")
    ours = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(one, 0.0) for one in ours)
