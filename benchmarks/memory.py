"""Peak memory of the whole process tree of `offair work` over a three-hour recording.

    script/bench memory [--hours 3] [--model tiny.en]

Prints the peak sum of proportional set sizes (shared pages counted once), sampled five times a
second, and the peak of the sum of resident sizes; as ratio to the size of the decoded sound.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import threading
import time
from pathlib import Path

import psutil
from desk_runs import BenchDesk, machine
from english_clips import build


def _tree(pid: int) -> tuple[int, int]:
    """(proportional, resident) bytes of a process and all below it."""
    proportional = resident = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for one in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                facts = one.memory_full_info()
                proportional += facts.pss
                resident += facts.rss
    return proportional, resident


def main() -> None:
    """Make the recording, work on it, print the peaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=3)
    parser.add_argument("--model", default="tiny.en")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sound = Path(scratch) / "long.wav"
        build(sound, args.hours * 3600)
        desk = BenchDesk(Path(scratch) / "desk", args.model, 2)
        desk.facts("add", sound, "--channel", "Bench", "--language", "en", "--link")
        peak = [0, 0]
        began = time.perf_counter()
        process = desk.start("work", "--json")
        reader = threading.Thread(target=process.communicate)
        reader.start()
        while process.poll() is None:
            peak = [max(pair) for pair in zip(peak, _tree(process.pid), strict=True)]
            time.sleep(0.2)
        reader.join()
        took = time.perf_counter() - began
        decoded = args.hours * 3600 * 16_000 * 4
        print(f"machine: {machine()}")
        print(
            f"{args.hours:g} h, {args.model}, exit code {process.returncode}: peak "
            f"{peak[0] / 2**30:.2f} GiB proportional, {peak[1] / 2**30:.2f} GiB resident summed; "
            f"{peak[0] / decoded:.2f} x the decoded sound; {took:.0f} s"
        )


if __name__ == "__main__":
    main()
