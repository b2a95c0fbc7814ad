"""An indexer killed at any moment loses nothing and leaves nothing half."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROUNDS = 4

SCRIPT = """
import os, random, signal, sys, time
from pathlib import Path

from test_desk_index import quiet, recording, text, watch
from web_desk import make_desk

from offair.desk.index import index, reindex
from offair.search import Scope

folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
desk = make_desk(folder)
ferry = watch(desk, "ferries", "ferry")
text(desk, recording(desk, "first"), ["The first ferry leaves."])
index(desk, notice=quiet)
desk.index.close()
dice = random.Random(7)
killed = 0
for turn in range(rounds):
    for place in range(6):
        text(desk, recording(desk, f"{turn} {place}"), [f"The ferry number{turn}x{place} leaves."])
    child = os.fork()
    if child == 0:
        while True:  # by small steps, then from nothing, until it is killed
            for _ in range(6):
                index(desk, notice=quiet)
            reindex(desk, notice=quiet)
    time.sleep(dice.uniform(0.05, 0.5))
    os.kill(child, signal.SIGKILL)
    killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
done = index(desk, notice=print)
opened = desk.index.open()
count, places = opened.occurrences(["ferry"], Scope(), limit=1000)
with desk.catalogue.snapshot() as tx:
    layers = tx.layers_known()
    matches = [one.sentence_id for one in tx.matches(ferry.id, limit=1000)]
assert killed == rounds, killed
assert done.behind == 0 and not done.rebuilt, done
assert sorted(one.layer_id for one in places) == list(layers), (places, layers)
assert len(matches) == len(set(matches)) == len(layers), matches
left = {one.name.split(".")[0] for one in (desk.index.folder / "shards").iterdir()}
assert left == set(opened.map(lambda one: one.name)), left
print("whole")
"""


def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path: Path) -> None:
    tests = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(tmp_path), str(ROUNDS)],
        capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "PYTHONPATH": f"{tests}:{tests / 'unit'}:{tests.parent / 'src'}"},
    )  # fmt: skip
    assert done.stdout.strip().endswith("whole"), done.stderr[-3000:]
