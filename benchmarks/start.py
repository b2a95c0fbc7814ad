"""Start of `offair --help` against the start of bare Python, in the same run.

script/bench start [--runs 21]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from desk_runs import machine


def _wall(words: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> None:
    """Run both in turn and print the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    bare = [sys.executable, "-c", "pass"]
    ours = [sys.executable, "-m", "offair.cli", "--help"]
    _wall(bare)
    _wall(ours)
    times = [(_wall(ours), _wall(bare)) for _ in range(runs)]
    help_s, bare_s = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"machine: {machine()}")
    print(
        f"offair --help {help_s * 1000:.0f} ms, bare Python {bare_s * 1000:.0f} ms: "
        f"ratio {help_s / bare_s:.2f} (medians of {runs})"
    )


if __name__ == "__main__":
    main()
