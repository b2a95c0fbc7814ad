"""Try every part of the desk for real, and say what is found and what to do."""

from __future__ import annotations

import wave
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from offair import jobs, media
from offair.desk import Desk
from offair.desk.scratch import scratch_folder
from offair.model.errors import OffairError
from offair.model.job import JobState

LITTLE_ROOM_BYTES = 5 * 10**9


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: well, or not, or (None) something that matters only sometimes; a sentence."""

    part: str
    well: bool | None
    sentence: str


def examine(desk: Desk) -> Iterator[Finding]:
    """The catalogue, the vault, the index, media, activity, the recogniser, jobs, in this order.

    A sound is written and probed in a child process; the recogniser's model is loaded.
    """
    yield Finding("catalogue", True, f"at migration {desk.catalogue.version()}")
    yield from _vault(desk)
    yield from _index(desk)
    yield _tried("media", lambda: _media(desk))
    yield _tried("activity", lambda: desk.listening.activity().engine.name)
    yield _tried("recogniser", lambda: _recogniser(desk))
    yield from _jobs(desk)


def _tried(part: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, attempt())
    except OffairError as error:
        return Finding(part, False, str(error))


def _vault(desk: Desk) -> Iterator[Finding]:
    free = desk.vault.free_bytes()
    room = f"{free / 1e9:.1f} GB free"
    if free < LITTLE_ROOM_BYTES:
        yield Finding("vault", None, f"{room}: an hour of television is 1 to 3 GB; make room")
    else:
        yield Finding("vault", True, room)
    left = len(desk.vault.unkept())
    if left:
        sentence = f"{left} deposit(s) of killed processes; `offair work` settles them"
        yield Finding("vault", None, sentence)


def _index(desk: Desk) -> Iterator[Finding]:
    try:
        opened = desk.index.open()
    except OffairError as error:
        yield Finding("index", False, str(error))
        return
    with desk.catalogue.snapshot() as tx:
        behind = tx.last_change() - opened.applied
    yield Finding("index", True, f"{sum(opened.words.values()):,} words can be searched")
    if behind > 0:
        sentence = f"{behind} change(s) behind the catalogue; `offair work` takes them in"
        yield Finding("index", None, sentence)
    yield from (Finding("index", False, trouble) for trouble in opened.damaged)


def _media(desk: Desk) -> str:
    with scratch_folder(desk, "doctor") as folder:
        path = folder / "second.wav"
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(16_000)
            sound.writeframes(bytes(32_000))
        facts = media.probe(path, desk.limits)
    return f"FFmpeg's libraries read a test sound of {facts.duration_ms} ms in a child process"


def _recogniser(desk: Desk) -> str:
    listening = desk.listening
    pool = listening.open_pool(listening.routing.route(listening.language))
    engine = pool.engine
    language = listening.language or "told per stretch"
    return (
        f"{engine.name}, model {engine.model} (revision {engine.revision[:12]}), "
        f"{pool.processes} process(es), language {language}"
    )


def _jobs(desk: Desk) -> Iterator[Finding]:
    with desk.catalogue.snapshot() as tx:
        found = Counter(job.state for job in jobs.standing(tx.jobs()))
    waiting, paused = found[JobState.QUEUED] + found[JobState.RUNNING], found[JobState.PAUSED]
    said = f"{waiting} waiting or running"
    yield Finding("jobs", True, f"{said}, {paused} paused" if paused else said)
    bad = found[JobState.FAILED] + found[JobState.QUARANTINED]
    if bad:
        sentence = f"{bad} failed or in quarantine; `offair jobs` says why"
        yield Finding("jobs", None, sentence)
