"""What is found, what is missing, and what to do about it.

Each part is tried for real: a sound is written and probed in a child process, the recogniser's
model is loaded. Returns 1 where something is missing that the main job needs.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from offair import __version__, config, media, web, wiring
from offair.cli.terminal import emit
from offair.config import Settings
from offair.desk import Desk
from offair.model.errors import OffairError
from offair.model.job import JobState

Finding = tuple[str, bool | None, str]
"""(what, whether it is well or None where it only matters sometimes, a sentence)"""
LITTLE_ROOM_BYTES = 5 * 10**9


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair doctor` takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object for each part")


def run(args: argparse.Namespace) -> int:
    """Look at every part and print what was found."""
    bad = 0
    signs = {True: "well", False: "BAD", None: "note"}
    for what, well, sentence in _findings(args.config):
        bad += well is False
        if args.json:
            emit({"part": what, "state": signs[well].lower(), "message": sentence})
        else:
            print(f"{signs[well]:<5} {what:<11} {sentence}")
    return 1 if bad else 0


def _findings(named: Path | None) -> Iterator[Finding]:
    yield "offair", True, f"version {__version__}"
    try:
        file = config.find_file(named)
        settings = config.load(named)
    except OffairError as error:
        yield "settings", False, str(error)
        return
    yield "settings", True, f"from {file}" if file else "no settings file: the defaults count"
    with ExitStack() as stack:
        try:
            notices: list[str] = []
            desk = stack.enter_context(wiring.open_desk(settings, notice=notices.append))
            yield from _store(desk, settings)
        except OffairError as error:
            yield "store", False, str(error)
            return
        yield _tried("media", lambda: _media(desk))
        yield _tried("activity", lambda: desk.activity().engine.name)
        yield _tried("recogniser", lambda: _recogniser(desk, settings))
        yield from (("recogniser", None, notice) for notice in notices)
        yield from _jobs(desk)
    if web.assets_built():
        yield "pages", True, "their scripts are built"
    else:
        sentence = "their scripts are not built: pages read, the transcript does not follow"
        yield "pages", None, f"{sentence}; install the package again with a network"


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return what, True, attempt()
    except OffairError as error:
        return what, False, str(error)


def _store(desk: Desk, settings: Settings) -> Iterator[Finding]:
    yield "catalogue", True, f"{settings.catalogue_url}, at migration {desk.catalogue.version()}"
    free = desk.vault.free_bytes()
    room = f"{settings.vault_folder}, {free / 1e9:.1f} GB free"
    if free < LITTLE_ROOM_BYTES:
        yield "vault", None, f"{room}: an hour of television is 1 to 3 GB; make room"
    else:
        yield "vault", True, room
    left = len(desk.vault.unkept())
    if left:
        yield "vault", None, f"{left} deposit(s) of killed processes; `offair work` settles them"


def _media(desk: Desk) -> str:
    desk.scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="doctor-", dir=desk.scratch))
    try:
        path = folder / "second.wav"
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(16_000)
            sound.writeframes(bytes(32_000))
        facts = media.probe(path, desk.limits)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return f"FFmpeg's libraries read a test sound of {facts.duration_ms} ms in a child process"


def _recogniser(desk: Desk, settings: Settings) -> str:
    pool = desk.open_pool()
    engine = pool.engine
    language = settings.listening.language or "heard per chunk"
    return (
        f"{engine.name}, model {engine.model} (revision {engine.revision[:12]}), "
        f"{pool.processes} process(es), language {language}"
    )


def _jobs(desk: Desk) -> Iterator[Finding]:
    with desk.catalogue.snapshot() as tx:
        bad = tx.jobs([JobState.FAILED, JobState.QUARANTINED])
        waiting = tx.jobs([JobState.QUEUED, JobState.RUNNING])
    yield "jobs", True, f"{len(waiting)} waiting or running"
    if bad:
        yield "jobs", None, f"{len(bad)} failed or in quarantine; `offair list jobs` says why"
