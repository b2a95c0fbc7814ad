"""Fifty readers over one real server while two edit: how long they wait, and that nothing is lost.

    script/bench load [--readers 50] [--saves 200] [--steps 30] [--pause 1] [--json]

Makes a desk in a temporary folder with a recording of 60 turns of 80 words, records and accounts;
serves it by `offair serve` in a process of its own and lets everybody in at once over the loopback:
half of the readers walk the desk's pages, half the public ones, a second on each (`--pause 0` for
none);
two editors save, two of three times on turns that the other edits too, and where one is too late
takes both texts and saves again. Ends with an error where an answer failed or a save was lost. The
ratio is of an editor's save under load to the same save on a desk that nobody reads, in the same
run; the times are this machine's, whose cores the visitors share with the server.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from desk_runs import machine

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from installation import install
from load_desk import EDITORS, READERS, Day, fill, hold, lost
from load_walk import serving

TURNS, TURN_WORDS, SHARED = 60, 80, 4
SEED = 5


def main() -> None:
    """Hold both days, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--saves", type=int, default=200, help="of each editor")
    parser.add_argument("--steps", type=int, default=30, help="of each reader at least")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds of a reader on a page")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    quiet = a_day(0, args.saves, 0, 0.0)
    begun = time.perf_counter()
    loaded = a_day(args.readers, args.saves, args.steps, args.pause)
    taken = time.perf_counter() - begun
    alone, under = saves(quiet), saves(loaded)
    rows = {name: spread(times) for name, times in sorted(loaded.walk.times.items())}
    told = {
        "machine": machine(), "readers": args.readers, "wall_s": round(taken, 1),
        "requests": sum(map(len, loaded.walk.times.values())), "failures": 0, "lost": 0,
        "conflicts": sum(one.conflicts for one in loaded.editors),
        "save alone": spread(alone), "save under load": spread(under),
        "ratio of the p95": round(spread(under)["p95"] / spread(alone)["p95"], 1), "pages": rows,
    }  # fmt: skip
    if args.json:
        print(json.dumps(told, indent=2))
        return
    print(f"{args.readers} readers, {len(EDITORS)} editors; {told['machine']}")
    print(
        f"{told['requests']} pages and {len(under)} saves in {taken:.0f} s with the start; none "
        f"failed, none lost, {told['conflicts']} saves came too late and were joined"
    )
    rows = {"save, nobody reads": spread(alone), "save under load": spread(under)} | rows
    for name, row in rows.items():
        print(f"{name:24} " + ", ".join(f"{key} {value:7.1f}" for key, value in row.items()))
    print(f"a save's p95 under load is {told['ratio of the p95']} times that with nobody reading")


def a_day(readers: int, count: int, steps: int, pause_s: float) -> Day:
    """One desk, served and read. Ends the program where something failed or was lost."""
    chance = random.Random(SEED)
    both = [chance.randrange(SHARED) for _ in range(count)]
    places = [
        [place if number % 3 else 10 + 20 * who + number % 20 for number, place in enumerate(both)]
        for who in range(len(EDITORS))
    ]
    with tempfile.TemporaryDirectory() as folder:
        installation = install(Path(folder))
        desk = fill(installation, turns=TURNS, words_in_turn=TURN_WORDS)
        with serving(installation) as (address, _process):
            day = hold(address, desk, places, steps=steps, readers=readers, pause_s=pause_s)
            troubles = [*day.walk.troubles, *lost(address, desk, day)]
    if troubles:
        raise SystemExit("\n".join(troubles[:20]))
    return day


def saves(day: Day) -> list[float]:
    """Seconds of every acknowledged save."""
    return [save.seconds for one in day.editors for save in one.saves]


def spread(times: list[float]) -> dict[str, float]:
    """Median, 95th percentile and longest, in ms."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {
        "median": round(statistics.median(ordered) * 1000, 1),
        "p95": round(late * 1000, 1),
        "longest": round(ordered[-1] * 1000, 1),
    }


if __name__ == "__main__":
    main()
