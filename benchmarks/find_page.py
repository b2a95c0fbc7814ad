"""The page Find over a large archive: how long the first hits take, and what surrounds them.

    script/bench find_page [--words 5000000] [--text FOLDER] [--keep FOLDER]

The archive is that of `full_text`, with its catalogue: recordings, turns and sentences, so that
hits are joined as the page joins them; its words have no times. The application is asked in this
process, as a browser asks it: the part with the hits, which comes first, then the part with the
facets and the plot, and the whole page as a browser without scripts gets it. Every query is asked
thrice, the best counts; the median and the 95th percentile are printed, in time of the clock.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import full_text
import numpy as np
from desk_runs import machine
from sqlalchemy import create_engine
from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from web_desk import make_desk

from offair.model.words import Words
from offair.search import IndexedLayer
from offair.search.index import FolderIndex
from offair.store.catalogue import tables
from offair.web.application import app

TIMES = 3
MADE = "2026-01-01T00:00:00.000Z"
_AT_ONCE = 200
"""Layers whose rows are written together."""


def write_catalogue(folder: Path, layers: Iterator[IndexedLayer]) -> None:
    """The catalogue of these layers, whose numbers the index has too."""
    make_desk(folder).catalogue.close()
    engine = create_engine(f"sqlite:///{folder / 'desk.sqlite'}")
    channels: dict[str, int] = {}
    waiting: list[IndexedLayer] = []
    with engine.begin() as connection:

        def keep() -> None:
            for table, rows in _rows(waiting, channels).items():
                if rows:
                    connection.execute(getattr(tables, table).insert(), rows)
            waiting.clear()

        for one in layers:
            waiting.append(one)
            if len(waiting) == _AT_ONCE:
                keep()
        keep()
        connection.execute(
            tables.change.insert(), [{"id": 1, "kind": "layer", "subject_id": 1, "made_utc": MADE}]
        )
    engine.dispose()


def _rows(
    layers: list[IndexedLayer], channels: dict[str, int]
) -> dict[str, list[dict[str, object]]]:
    made: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("channel", "recording", "layer", "turn", "sentence")
    }
    empty = Words().pack()
    for one in layers:
        if one.channel not in channels:
            channels[one.channel] = len(channels) + 1
            made["channel"].append(
                {"id": channels[one.channel], "name": one.channel, "languages": "[]"}
            )
        made["recording"].append(
            {"id": one.recording_id, "channel_id": channels[one.channel], "aired_value": one.aired,
             "aired_precision": "day", "aired_kind": "aired", "aired_zone": "local to channel",
             "title": f"Broadcast {one.recording_id}", "held": "never held", "added_utc": MADE,
             "added_by": "bench"}
        )  # fmt: skip
        made["layer"].append(
            {"id": one.layer_id, "recording_id": one.recording_id, "kind": "speech",
             "language": "en", "origin": "engine", "maker": "bench", "run": 1, "frozen": True,
             "made_utc": MADE, "heard_words": 0,
             "words": sum(len(turn.text.split()) for turn in one.turns)}
        )  # fmt: skip
        for place, turn in enumerate(one.turns):
            made["turn"].append(
                {"id": turn.turn_id, "layer_id": one.layer_id, "ordinal": place,
                 "text": turn.text, "words": empty, "label": turn.speaker}
            )  # fmt: skip
            made["sentence"].extend(
                {"id": key, "turn_id": turn.turn_id, "char_start": start, "char_end": end}
                for key, start, end in turn.sentences
            )
    return made


def main() -> None:
    """Make the archive, ask the page, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=5_000_000)
    parser.add_argument(
        "--text", type=Path, default=full_text.SHARED if full_text.SHARED.is_dir() else None
    )
    parser.add_argument(
        "--keep", type=Path, help="use the archive in this folder, or leave it there"
    )
    args = parser.parse_args()
    seed = full_text.SEED
    drawn = full_text.pool(args.text, np.random.default_rng(seed))
    folder = args.keep or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    print(f"machine: {machine()}; {args.words / 1e6:.0f} million words")
    try:
        full_text.ours(
            folder / "index", full_text.rows(drawn, args.words, np.random.default_rng(seed))
        )
        if not (folder / "desk.sqlite").exists():
            made = full_text.rows(drawn, args.words, np.random.default_rng(seed))
            write_catalogue(folder, full_text.layers(made))
        desk = replace(make_desk(folder), index=FolderIndex(folder / "index"))
        client = TestClient(app(desk), base_url="http://localhost")
        for kind, queries in full_text.queries(drawn, np.random.default_rng(seed)).items():
            _ask(client, kind, queries)
    finally:
        if args.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _ask(client: TestClient, kind: str, queries: list[str]) -> None:
    told = []
    for part in ("hits", "around", ""):
        taken = []
        for query in queries:
            best = float("inf")
            for _ in range(TIMES):
                began = time.perf_counter()
                answer = client.get("/find", params={"q": query} | ({"part": part} if part else {}))
                best = min(best, time.perf_counter() - began)
            if answer.status_code != 200:
                raise SystemExit(f"{query}: {answer.status_code}")
            taken.append(best * 1000)
        middle, slow = np.percentile(taken, [50, 95])
        told.append(f"{part or 'whole page'} {middle:.1f} / {slow:.1f} ms")
    print(f"{kind:14}; {'; '.join(told)}", flush=True)


if __name__ == "__main__":
    main()
