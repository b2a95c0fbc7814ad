"""First byte and weight of the recording page of a three-hour transcript (27,000 words).

Makes a desk in a temporary folder with one recording of random words (fixed seed), serves it with
uvicorn in another process and asks over the loopback, as a browser would. The ratio is to a bare
Starlette page served by that process too, so that it means the same on any machine; the times are
this machine's.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import platform
import random
import re
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from pathlib import Path
from typing import NoReturn

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from offair.desk import Desk, Listening
from offair.engines.speech import routing
from offair.jobs.queue import Queue as JobQueue
from offair.media import Limits
from offair.model.recording import Channel, Held, MediaFacts, StreamFacts
from offair.model.time import PartialDate, Span
from offair.model.transcript import (
    Activity,
    Chunk,
    Claim,
    Engine,
    Heard,
    LayerKind,
    LayerOrigin,
    Turn,
)
from offair.model.words import TimeSource, Word, Words
from offair.search.index import FolderIndex
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
        recording_id = add_recording(make_desk(Path(folder)))
        pages = {
            "a bare page": "/bare",
            "recording, its first turns": f"/recordings/{recording_id}",
            "recording at ?t=1:30:00": f"/recordings/{recording_id}?t=1:30:00",
            "next turns as a fragment": f"/recordings/{recording_id}/turns?from=60",
        }
        with served(Path(folder)) as port:
            rows = {name: measure(port, path) for name, path in pages.items()}
            assets = weigh_assets(port, pages["recording, its first turns"])
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
        queue=JobQueue(),
        index=FolderIndex(folder / "index"),
        limits=Limits(),
        listening=Listening(
            activity=never,
            routing=routing.read_routing(
                None, "packaged", routing.Route("faster-whisper", "base", {})
            ),
            open_pool=never,
            languages=None,
            diariser=None,
            speakers="captions",
            language=None,
            names=(),
            second_try=True,
        ),
        translator=never,
        translates_to="en",
        scratch=folder / "scratch",
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
    claim = Claim("0" * 64, Engine("none", "none", "1"), "0" * 64, 20_000, Heard("", Words(), "en"))
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
            tx.add_claim(claim)
            for start in range(0, HOURS_MS, 20_000):
                span, heard = Span(start, start + 20_000), start % 200_000 > 0
                tx.add_chunk(recording.id, run, chunk(span, claim.key if heard else None))
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


def chunk(span: Span, claim_key: str | None) -> Chunk:
    """A chunk that was heard, or skipped."""
    if claim_key is not None:
        return Chunk(span, Activity.SPEECH, 0.9, claim_key)
    return Chunk(span, Activity.OTHER, 0.1, None, "no speech in it: other sound")


def serve(folder: Path, ready: Queue[int]) -> None:
    """Serve the desk, and the bare page beside it, on a free port; run in a process of its own."""
    desk = app(make_desk(folder))
    bare = Starlette(routes=[Route("/bare", hello)])

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        await (bare if scope["path"] == "/bare" else desk)(scope, receive, send)

    # Without the protocol named, asyncio leaves Nagle's algorithm on: 40 ms for every answer.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        ready.put(listener.getsockname()[1])
        config = uvicorn.Config(either, log_level="error", lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The desk in another process, so that asking does not slow the answer: the port."""
    context = multiprocessing.get_context("spawn")
    ready: Queue[int] = context.Queue()
    process = context.Process(target=serve, args=(folder, ready), daemon=True)
    process.start()
    try:
        yield ready.get(timeout=60)
    finally:
        process.terminate()
        process.join()


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
