"""Hear a recording: sound, activity, languages, words, voices; then a frozen layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from offair.desk import Desk
from offair.desk.evidence import HEARD_IN_PART, heard_in_part, held_object
from offair.desk.hearing import (
    Hearing,
    Progress,
    Scalar,
    Way,
    chunks_of,
    only_language,
    prompt_for,
    run_settings,
    run_through,
)
from offair.desk.run_layer import UNTOLD, Assembled, damage_note, freeze, run_layer
from offair.desk.voices import diarisation_key, tell_apart
from offair.engines.activity.chunks import ChunkCutter, ChunkSettings, LanguageTeller
from offair.model.errors import BadInput, EngineDied
from offair.model.recording import Recording, VaultObject
from offair.model.transcript import Diarisation, Engine, Layer
from offair.store import Transaction

__all__ = ["Progress", "process"]


def process(
    desk: Desk,
    recording_id: int,
    *,
    actor: str,
    progress: Callable[[Progress], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
    finish: Callable[[Transaction], None] = lambda _: None,
    last: bool = False,
) -> Layer:
    """Hear one recording and freeze what was heard into a layer.

    Each finished chunk is a durable claim before its process gets the next; a killed run goes on
    where it was, and an identical run is all found. A chunk that its engine dies or hangs over
    twice is a visible span without words, and the rest goes on; where the engine that tells voices
    apart dies twice, the words stand without voices and the layer's note says why. `check` is
    called between chunks and may raise to stop (a lost lease); `finish` is called in the
    transaction that freezes the layer. last: nobody will try again by himself; then a few chunks
    for which the engine is not to be had are such spans too. Raises `NotFound` (no media here),
    `BadInput` (no sound), `Corrupt` (damaged or hostile media), `Unavailable` (an engine is missing
    or hears nothing at all).
    """
    del actor  # a machine's layer is signed by the engine that made it
    listening = desk.listening
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        prompt = prompt_for(desk, tx, recording)
    source = held_object(recording)
    if recording.media is None or not recording.media.of_kind("audio"):
        raise BadInput(f"recording {recording_id} has no sound; there is nothing to hear in it")
    language = listening.language or only_language(recording)
    way = Way(ChunkSettings(), language, None, prompt)
    pool = listening.open_pool(listening.routing.route(language))
    # Loaded while the recogniser's processes load their model, which `pool.engine` waits for.
    activity = listening.activity()
    telling = listening.languages() if language is None and listening.languages else None
    engine = pool.engine
    settings = run_settings(
        recording, way, pool, desk, activity.engine, telling.engine if telling else None
    )
    settings |= _speakers_settings(desk, source)
    with desk.catalogue.transaction() as tx:
        layers = tx.layers(recording_id)
        in_part = sum(map(heard_in_part, layers))
        run = tx.open_run(recording_id, settings | ({"after_parts": in_part} if in_part else {}))
        finished = run_layer(layers, run)
    if finished is not None:
        return finished
    hearing = Hearing(desk, recording, run, way, recording.media.duration_ms, progress, last=last)
    teller = LanguageTeller(telling.estimate, recording.channel.languages) if telling else None
    cutter = ChunkCutter(activity, way.cutting, teller)
    broke = run_through(hearing, chunks_of(hearing, source, cutter), check)
    if broke is not None:
        _quarantine(hearing, engine, str(broke))
        raise broke
    made_of = _assembled(hearing)
    if listening.diariser is not None:
        progress(_telling_apart(hearing))
        try:
            told = _tell_apart(desk, source, check)
            made_of = replace(made_of, voices=told.voices)
        except EngineDied as died:
            # The words are worth more than their attribution.
            why = str(died).replace("; ", ", ")  # one part of the note
            made_of = replace(made_of, notes=(*made_of.notes, f"{UNTOLD}: {why}"))
    with desk.catalogue.transaction() as tx:
        layer = freeze(tx, recording, run, _maker(engine), made_of)
        finish(tx)
    return layer


def _tell_apart(desk: Desk, source: VaultObject, check: Callable[[], None]) -> Diarisation:
    """The voices; an engine that dies over the recording gets it once more."""
    try:
        return tell_apart(desk, source, check=check)
    except EngineDied:
        check()
        return tell_apart(desk, source, check=check)


def _speakers_settings(desk: Desk, source: VaultObject) -> dict[str, Scalar]:
    said: dict[str, Scalar] = {"speakers": desk.listening.speakers}
    if desk.listening.diariser is not None:
        engine = desk.listening.diariser().engine
        said["speakers.key"] = diarisation_key(source, engine, None)
    return said


def _telling_apart(hearing: Hearing) -> Progress:
    return Progress(
        hearing.recording.id, hearing.total_ms, hearing.total_ms, hearing.heard, hearing.reused,
        hearing.skipped, "telling voices apart",
    )  # fmt: skip


def _maker(engine: Engine) -> str:
    return f"{engine.name} {engine.model}"


def _assembled(hearing: Hearing, unread: str | None = None) -> Assembled:
    notes = (unread, damage_note(hearing.damaged), hearing.channels.remark())
    return Assembled(
        tuple(sorted(hearing.chunks, key=lambda one: one.span)),
        tuple(hearing.flags),
        by_captions=hearing.desk.listening.speakers == "captions",
        notes=tuple(one for one in notes if one),
    )


def _quarantine(hearing: Hearing, engine: Engine, reason: str) -> None:
    """Keep what was heard before the media failed, and let nothing open it again by itself."""
    recording: Recording = hearing.recording
    with hearing.desk.catalogue.transaction() as tx:
        if hearing.done_ms:
            unread = f"{HEARD_IN_PART} {hearing.done_ms} ms: {reason}"
            freeze(tx, recording, hearing.run, _maker(engine), _assembled(hearing, unread))
        tx.quarantine_recording(recording.id, reason)
