"""How fast this machine hears: with how many processes, and whether on a graphics processor.

`offair doctor --measure` keeps what `best` chooses for `listening.processes = 0`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from offair.engines.speech.pool import ProcessPool
from offair.model.errors import BadInput, Unavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PER_S = 16_000
_NEAR_ENOUGH = 1.05
"""A number of processes counts as as good as the best where it takes at most 5 % longer."""
_ROUNDS = 2
"""Chunks that each process hears; the figure is of all of them together."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What hearing cost with one number of processes.

    device: `cpu` or `cuda`. real_time_factor: seconds it took for each second of sound, all
    processes together (0.1: ten hours in one). memory_bytes: of each process when it was done, the
    greatest; None where the system does not tell.
    """

    device: str
    processes: int
    real_time_factor: float
    memory_bytes: int | None


def measure(
    implementation: str,
    settings: Mapping[str, str | int | float | bool | None],
    samples: NDArray[np.float32],
    candidates: Sequence[int],
    notice: Callable[[str], None] | None = None,
    *,
    time_limit_s: float = 300.0,
) -> tuple[Measurement, ...]:
    """Hear a chunk again and again with each number of processes.

    implementation, settings, notice, time_limit_s: as for `open_pool`. samples: speech, as for
    `Recogniser.recognise`, 10 s or more for a figure that means something. candidates: numbers of
    processes. Where the settings have a `device`, a graphics processor that CTranslate2 sees is
    measured as well, with the first number alone: its memory is not shared out; `cuda` measures
    only that. Returns one measurement for each, in that order. Loading is not counted.
    Raises what the recogniser raises; a number of processes that dies is left out, unless it is the
    first (memory may not hold so many).
    """
    if not candidates or min(candidates) < 1 or len(samples) == 0:
        raise BadInput("a measurement needs some sound, and numbers of processes from 1 on")
    told: list[Measurement] = []
    device = settings.get("device", "cpu")
    tried = {"cpu": candidates if device != "cuda" else ()}
    if device == "cuda" or ("device" in settings and _cuda()):
        tried["cuda"] = candidates[:1]
    for where, numbers in tried.items():
        here = {**settings, "device": where} if "device" in settings else settings
        for number in numbers:
            try:
                told.append(
                    _one(implementation, here, samples, number, notice, where, time_limit_s)
                )
            except Unavailable:
                if not told:
                    raise
    return tuple(told)


def best(measured: Sequence[Measurement]) -> Measurement:
    """The smallest number of processes within 5 % of the fastest, on whatever device.

    Raises `BadInput` where nothing was measured.
    """
    if not measured:
        raise BadInput("nothing was measured, so nothing can be chosen")
    fastest = min(one.real_time_factor for one in measured)
    near = [one for one in measured if one.real_time_factor <= fastest * _NEAR_ENOUGH]
    return min(near, key=lambda one: (one.processes, one.real_time_factor))


def _one(
    implementation: str,
    settings: Mapping[str, str | int | float | bool | None],
    samples: NDArray[np.float32],
    processes: int,
    notice: Callable[[str], None] | None,
    device: str,
    time_limit_s: float,
) -> Measurement:
    with ProcessPool(implementation, settings, processes, time_limit_s, notice) as pool:
        pool.wait_loaded()
        _hear(pool, samples, processes)  # the first call of a model is slower than the others
        begun = time.perf_counter()
        _hear(pool, samples, processes * _ROUNDS)
        took_s = time.perf_counter() - begun
        memory = [size for pid in pool.process_ids if (size := _memory_bytes(pid)) is not None]
    heard_s = len(samples) / _PER_S * processes * _ROUNDS
    return Measurement(device, processes, took_s / heard_s, max(memory, default=None))


def _hear(pool: ProcessPool, samples: NDArray[np.float32], times: int) -> None:
    futures = [pool.submit(samples, label="the sound it is measured with") for _ in range(times)]
    for future in futures:
        future.result()


def _memory_bytes(pid: int) -> int | None:
    """The most memory a process ever had, as Linux tells; None elsewhere."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    sizes = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(sizes[0]) << 10 if sizes else None


def _cuda() -> bool:
    """Whether CTranslate2 sees a graphics processor."""
    try:
        import ctranslate2
    except ImportError:
        return False
    return bool(ctranslate2.get_cuda_device_count())
