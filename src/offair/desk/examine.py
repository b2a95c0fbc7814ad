"""Try every part of the desk for real, and say what is found and what to do."""

from __future__ import annotations

import time
import wave
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offair import jobs, media
from offair.desk import Desk
from offair.desk.scratch import scratch_folder
from offair.model.errors import OffairError, Unavailable
from offair.model.job import JobState
from offair.model.transcript import Engine

LITTLE_ROOM_BYTES = 5 * 10**9
MOST_PAIRS = 3
"""So many pairs of languages are tried for translation."""
SOUND_S = 3
"""Seconds of sound that the engines are asked of."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: well, or not, or (None) something that matters only sometimes; a sentence."""

    part: str
    well: bool | None
    sentence: str


def examine(desk: Desk) -> Iterator[Finding]:
    """The catalogue, the vault, the index, media, activity, the recogniser, languages, speakers,
    translation, jobs, in this order.

    A sound is written and probed in a child process. Each engine of the settings loads its model
    (which it downloads where it has none yet) and is asked once: of three seconds of sound, or of
    a sentence in each language that the desk would translate from.
    """
    yield Finding("catalogue", True, f"at migration {desk.catalogue.version()}")
    yield from _vault(desk)
    yield from _index(desk)
    yield _tried("media", lambda: _media(desk))
    yield _tried("activity", lambda: desk.listening.activity().engine.name)
    yield _tried("recogniser", lambda: _recogniser(desk))
    yield _languages(desk)
    yield _speakers(desk)
    yield from _translation(desk)
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
    began = time.monotonic()
    pool = listening.open_pool(listening.routing.route(listening.language))
    engine = pool.engine
    loaded = time.monotonic()
    pool.submit(_sound(), language=listening.language, label="the sound of doctor").result()
    language = listening.language or "told per stretch"
    return (
        f"{_named(engine)}, {pool.processes} process(es), language {language}; "
        f"{_took(began, loaded)}"
    )


def _languages(desk: Desk) -> Finding:
    languages = desk.listening.languages
    if languages is None:
        said = "none: no engine tells languages; each recording is heard in its channel's"
        return Finding("languages", None, said)

    def ask() -> str:
        began = time.monotonic()
        calls = languages()
        engine = calls.engine
        loaded = time.monotonic()
        known = len(calls.estimate(_sound()))
        return f"{_named(engine)}; tells {known} languages apart; {_took(began, loaded)}"

    return _tried("languages", ask)


def _speakers(desk: Desk) -> Finding:
    diariser = desk.listening.diariser
    if diariser is None:
        said = {"captions": "by the broadcaster's captions, where there are some: nothing to load"}
        none = "none: voices are not told apart; `speakers.engine` names an engine"
        return Finding("speakers", True, said.get(desk.listening.speakers, none))

    def ask() -> str:
        began = time.monotonic()
        calls = diariser()
        engine = calls.engine
        loaded = time.monotonic()
        calls.diarise([_sound()])
        return f"{_named(engine)}; {_took(began, loaded)}"

    return _tried("speakers", ask)


def _translation(desk: Desk) -> Iterator[Finding]:
    """Each pair of languages that the desk would be asked for; what fails keeps no hearing back."""
    into = desk.translates_to
    found = _other_languages(desk)
    if not found:
        said = f"not tried: nothing is held in another language than {into}"
        yield Finding("translation", True, said)
    for source in found[:MOST_PAIRS]:
        try:
            yield Finding("translation", True, _translated(desk, source))
        except OffairError as error:
            yield Finding("translation", None, f"{source} into {into}: {error}")
    if len(found) > MOST_PAIRS:
        said = f"not tried: {', '.join(found[MOST_PAIRS:])} into {into}"
        yield Finding("translation", None, said)


def _translated(desk: Desk, source: str) -> str:
    began = time.monotonic()
    calls = desk.translator(source, desk.translates_to)
    engine = calls.engine
    loaded = time.monotonic()
    (answer,) = calls.translate(["1, 2, 3."])
    if not answer:
        raise Unavailable(f"{engine.name} gave no answer; look at its settings and its server")
    return f"{source} into {desk.translates_to}: {_named(engine)}; {_took(began, loaded)}"


def _other_languages(desk: Desk) -> list[str]:
    """Languages of channels that are not translated into already, in the order of the list."""
    with desk.catalogue.snapshot() as tx:
        spoken = [tag for channel in tx.channels() for tag in channel.languages]
    into = desk.translates_to.split("-")[0]
    return [tag for tag in dict.fromkeys(spoken) if tag.split("-")[0] not in (into, "und")]


def _named(engine: Engine) -> str:
    """Name, model and revision, and whether it goes on without a network."""
    remote = engine.settings.get("endpoint")
    where = f"needs its server {remote}" if remote else "works without a network"
    revision = f" (revision {engine.revision[:12]})" if engine.revision else ""
    return f"{engine.name}, model {engine.model}{revision}, {where}"


def _took(began: float, loaded: float) -> str:
    return f"loaded in {loaded - began:.1f} s, answered in {time.monotonic() - loaded:.1f} s"


def _sound() -> NDArray[np.float32]:
    """A tone that comes and goes, mono float32 at 16 000 Hz."""
    at = np.arange(SOUND_S * 16_000) / 16_000
    tone = 0.1 * np.sin(2 * np.pi * 220 * at) * np.clip(np.sin(2 * np.pi * 2 * at), 0, None)
    sound: NDArray[np.float32] = tone.astype(np.float32)
    return sound


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
