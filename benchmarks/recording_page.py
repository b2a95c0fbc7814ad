"""First byte and weight of the recording page of a three-hour transcript (27,000 words).

Makes a desk in a temporary folder with one recording of random words (fixed seed), serves it with
uvicorn in this process and asks over the loopback, as a browser would. The ratio is to a bare
Starlette page in the same process, so that it means the same on any machine; the times are this
machine's.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import random
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from offair.desk import Desk
from offair.jobs import Queue
from offair.media import Limits
from offair.model.recording import Channel, Held, MediaFacts, StreamFacts
from offair.model.time import PartialDate, Span
from offair.model.transcript import Activity, Chunk, LayerKind, LayerOrigin, Turn
from offair.model.words import TimeSource, Word, Words
from offair.store.catalogue import SqlCatalogue
from offair.store.folder_vault import FolderVault
from offair.web.application import app

HOURS_MS = 3 * 3_600_000
WORDS = 27_000
TURN_WORDS = 50
ROUNDS = 30
SEED = 8914


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        recording_id = add_recording(desk)
        pages = {
            "a bare page": None,
            "recording, its first turns": f"/recordings/{recording_id}",
            "recording at ?t=1:30:00": f"/recordings/{recording_id}?t=1:30:00",
            "next turns as a fragment": f"/recordings/{recording_id}/turns?from=60",
        }
        with served(Starlette(routes=[Route("/", hello)])) as bare, served(app(desk)) as port:
            rows = {}
            for name, path in pages.items():
                rows[name] = measure(bare if path is None else port, path or "/")
            assets = weigh_assets(port, f"/recordings/{recording_id}")
    report(rows, assets)


def report(rows: dict[str, tuple[float, int]], assets: dict[str, int]) -> None:
    """The table for a reader, or JSON with `--json`."""
    bare = rows["a bare page"][0]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    if "--json" in sys.argv:
        data = {
            name: {"first_byte_ms": first, "ratio": first / bare, "bytes": size}
            for name, (first, size) in rows.items()
        }
        print(json.dumps({"machine": machine, "pages": data, "assets": assets}, indent=2))
        return
    print(f"{WORDS} words in {WORDS // TURN_WORDS} turns; median of {ROUNDS}; {machine}")
    for name, (first, size) in rows.items():
        print(
            f"{name:28} {first:7.1f} ms to the first byte, {first / bare:5.1f} x bare, {size:7} B"
        )
    for name, size in assets.items():
        print(f"{name:28} {size:7} B, not compressed")


async def hello(request: Request) -> Response:
    """The page to compare with."""
    del request
    return HTMLResponse("<!DOCTYPE html><title>hello</title><p>hello")


def never(*_: object) -> NoReturn:
    """Stands for engines that a page may not ask for."""
    raise AssertionError("a page asked for an engine")


def make_desk(folder: Path) -> Desk:
    """An empty desk."""
    catalogue = SqlCatalogue(f"sqlite:///{folder / 'desk.sqlite'}")
    catalogue.migrate()
    return Desk(
        name="Benchmark",
        series="benchmark",
        catalogue=catalogue,
        vault=FolderVault(folder / "vault"),
        queue=Queue(),
        limits=Limits(),
        activity=never,
        open_pool=never,
        scratch=folder / "scratch",
        language=None,
        address=None,
    )


def add_recording(desk: Desk) -> int:
    """Three hours of random words with a time each, and the chunks they were heard in."""
    chance = random.Random(SEED)
    step = HOURS_MS // WORDS
    turns = []
    for first in range(0, WORDS, TURN_WORDS):
        text, words = "", []
        for index in range(first, first + TURN_WORDS):
            letters = "".join(chance.choices("aeioulmnrstdc", k=chance.randint(1, 10)))
            begin = len(text) + (1 if text else 0)
            text = f"{text} {letters}" if text else letters
            start = index * step + chance.randint(0, 60)
            end = start + chance.randint(60, step - 70)
            words.append(Word(begin, len(text), start, end, TimeSource.ENGINE, chance.random()))
        span = Span(words[0].start or 0, words[-1].end or 0)
        turns.append(Turn(0, first // TURN_WORDS, text, Words.of(words), span))
    stream = StreamFacts(0, "audio", "aac", None, 0, HOURS_MS, None, None, None, 48_000, 2)
    with desk.vault.deposit_bytes(b"\0\0\0\x18ftypM4A " + bytes(64), "long.m4a") as deposit:
        with desk.catalogue.transaction() as tx:
            recording = tx.add_recording(
                channel=tx.ensure_channel(Channel("Benchmark")),
                aired=PartialDate.parse("2026-05-14"),
                title="Three hours",
                held=Held.HELD,
                object=deposit.object,
                media=MediaFacts("mp4", HOURS_MS, 0, (stream,), browser_playable=True),
                actor="benchmark",
            )
            run = tx.open_run(recording.id, {})
            for start in range(0, HOURS_MS, 20_000):
                spoken = start % 200_000 > 0
                tx.add_chunk(
                    recording.id,
                    run,
                    Chunk(
                        Span(start, start + 20_000),
                        Activity.OTHER,
                        0.1,
                        None,
                        "stands for a claim" if spoken else "no speech in it: other sound",
                    ),
                )
            tx.add_layer(
                recording_id=recording.id,
                kind=LayerKind.SPEECH,
                language="en",
                origin=LayerOrigin.ENGINE,
                maker="faster-whisper base",
                run=run,
                turns=turns,
                sentences=[[(0, len(turn.text))] for turn in turns],
            )
        deposit.keep()
    return recording.id


@contextmanager
def served(application: Starlette) -> Iterator[int]:
    """The application on a free port of this machine: the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def measure(port: int, path: str) -> tuple[float, int]:
    """Median ms from sending the request to the first byte of the body, and the body's bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times, body = [], b""
    for number in range(ROUNDS + 5):
        started = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        first = answer.read(1)
        if number >= 5:
            times.append((time.perf_counter() - started) * 1000)
        body = first + answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
    connection.close()
    return statistics.median(times), len(body)


def weigh_assets(port: int, path: str) -> dict[str, int]:
    """Bytes of the style sheet and the script that the page asks for."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    page = connection.getresponse().read().decode()
    sizes = {}
    for address in re.findall(r'(?:href|src)="(/(?:desk\.css|built/)[^"]*)"', page):
        connection.request("GET", address)
        sizes[address.partition("?")[0]] = len(connection.getresponse().read())
    return sizes


if __name__ == "__main__":
    main()
