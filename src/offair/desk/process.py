"""Hear a recording: sound, activity, chunks, words; each chunk durable, then a frozen layer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from offair import media
from offair.desk import Desk
from offair.desk.evidence import HEARD_IN_PART, heard_in_part, held_object, sentence_ranges
from offair.engines import speech
from offair.engines.activity.chunks import ChunkCutter, ChunkSettings, SoundChunk
from offair.engines.speech import RecogniserPool
from offair.media import SoundBlock
from offair.model.errors import BadInput, Corrupt
from offair.model.recording import Recording, VaultObject
from offair.model.time import Ms, Span
from offair.model.transcript import Chunk, Claim, Engine, Heard, Layer, LayerKind, LayerOrigin
from offair.store import Transaction
from offair.text import attribute

SAMPLES_PER_MS = 16
"""Sound is heard at 16 000 Hz."""
TURN_PAUSE_MS = 700
LONGEST_TURN_MS = 20_000
"""While nobody knows who speaks, a turn ends at a pause after a sentence, and when it gets long."""
Scalar = str | int | float | bool | None


class _Unreadable(Corrupt):
    """The media itself broke its decoder; not the catalogue, not a model."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the hearing of a recording is. reused: chunks whose claim was there already."""

    recording_id: int
    done_ms: Ms
    total_ms: Ms
    heard: int
    reused: int
    skipped: int


@dataclass(slots=True)
class _Hearing:
    """One run in the making: what is in hand, and what is done."""

    desk: Desk
    recording: Recording
    pool: RecogniserPool
    run: int
    language: str | None
    progress: Callable[[Progress], None]
    damaged: list[Span] = field(default_factory=list)
    in_hand: dict[Future[Heard], tuple[SoundChunk, str, str]] = field(default_factory=dict)
    done_ms: Ms = 0
    heard: int = 0
    reused: int = 0
    skipped: int = 0
    noted: set[Span] = field(default_factory=set)
    """The chunks of this pass: an interrupted pass that was cut otherwise leaves no word twice."""

    def take(self, chunk: SoundChunk) -> None:
        """Skip the chunk, find its claim, or give it to a free process."""
        planned = chunk.planned
        if not planned.speech:
            self._note(chunk, None, f"no speech in it: {planned.activity.value}")
            self.skipped += 1
            return
        sound = chunk.sound
        key = speech.claim_key(self.pool.engine, sound, self.language, None)
        with self.desk.catalogue.snapshot() as tx:
            known = tx.claim(key) is not None
        if known:
            self._note(chunk, key, None)
            self.reused += 1
            return
        while len(self.in_hand) >= self.pool.processes:
            self.collect()
        label = f"{planned.span.start}..{planned.span.end} ms of recording {self.recording.id}"
        future = self.pool.submit(chunk.samples, language=self.language, label=label)
        self.in_hand[future] = (chunk, key, hashlib.sha256(sound).hexdigest())

    def collect(self) -> None:
        """Wait for one chunk at least and make its claim durable."""
        finished, _ = wait(self.in_hand, return_when=FIRST_COMPLETED)
        for future in finished:
            chunk, key, sound_sha256 = self.in_hand.pop(future)
            claim = Claim(
                key, self.pool.engine, sound_sha256, chunk.planned.span.length, future.result()
            )
            self._note(chunk, key, None, claim)
            self.heard += 1

    def drain(self) -> None:
        """Wait for all that is in hand."""
        while self.in_hand:
            self.collect()

    def note_damage(self, start: Ms, end: Ms) -> None:
        """Sound that could not be decoded; neighbouring blocks are one span."""
        if self.damaged and self.damaged[-1].end == start:
            start = self.damaged.pop().start
        self.damaged.append(Span(start, end))

    def abandon(self) -> None:
        """Give up what is in hand and has not begun; a finished chunk is still kept."""
        for future in self.in_hand:
            future.cancel()

    def _note(
        self, chunk: SoundChunk, key: str | None, skipped: str | None, claim: Claim | None = None
    ) -> None:
        planned = chunk.planned
        row = Chunk(planned.span, planned.activity, planned.score, key, skipped)
        with self.desk.catalogue.transaction() as tx:
            if claim is not None:
                tx.add_claim(claim)
            tx.add_chunk(self.recording.id, self.run, row)
        self.noted.add(planned.span)
        self.done_ms += planned.span.length
        total = self.recording.media.duration_ms if self.recording.media else 0
        self.progress(
            Progress(
                self.recording.id,
                min(self.done_ms, total),
                total,
                self.heard + (claim is not None),
                self.reused,
                self.skipped,
            )
        )


def process(
    desk: Desk,
    recording_id: int,
    *,
    actor: str,
    progress: Callable[[Progress], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
    finish: Callable[[Transaction], None] = lambda _: None,
) -> Layer:
    """Hear one recording and freeze what was heard into a layer.

    Each finished chunk is a durable claim before its process gets the next; a killed run goes on
    where it was, and an identical run is all found. `check` is called between chunks and may
    raise to stop (a lost lease); `finish` is called in the transaction that freezes the layer.
    Raises `NotFound` (no media here), `BadInput` (no sound), `Corrupt` (damaged or hostile
    media), `Unavailable` (an engine is missing or died).
    """
    del actor  # a machine's layer is signed by the engine that made it
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
    source = held_object(recording)
    if recording.media is None or not recording.media.of_kind("audio"):
        raise BadInput(f"recording {recording_id} has no sound; there is nothing to hear in it")
    pool = desk.open_pool()
    cutting = ChunkSettings()
    activity = desk.activity()
    language = desk.language or _only_language(recording)
    settings = _run_settings(pool.engine, activity.engine, cutting, language)
    with desk.catalogue.transaction() as tx:
        layers = tx.layers(recording_id)
        in_part = sum(map(heard_in_part, layers))
        run = tx.open_run(recording_id, settings | ({"after_parts": in_part} if in_part else {}))
        finished = _layer_of_run(layers, run)
    if finished is not None:
        return finished
    hearing = _Hearing(desk, recording, pool, run, language, progress)
    broke: _Unreadable | None = None
    try:
        try:
            with closing(_chunks(hearing, source, ChunkCutter(activity, cutting))) as chunks:
                for chunk in chunks:
                    check()
                    hearing.take(chunk)
        except _Unreadable as error:
            broke = error
        hearing.drain()
    except BaseException:
        hearing.abandon()
        raise
    check()
    if broke is not None:
        _quarantine(hearing, str(broke))
        raise broke
    return _freeze(hearing, finish)


def _chunks(
    hearing: _Hearing, source: VaultObject, cutter: ChunkCutter
) -> Generator[SoundChunk, None, None]:
    path = hearing.desk.vault.path(source.sha256)
    with closing(media.sound(path, limits=hearing.desk.limits)) as blocks:
        while (block := _next_block(blocks)) is not None:
            samples = np.frombuffer(block.samples, dtype="<f4")
            if block.damaged:
                hearing.note_damage(block.start_ms, block.start_ms + len(samples) // SAMPLES_PER_MS)
            yield from cutter.feed(block.start_ms, samples)
    yield from cutter.finish()


def _next_block(blocks: Iterator[SoundBlock]) -> SoundBlock | None:
    try:
        return next(blocks, None)
    except Corrupt as error:
        raise _Unreadable(str(error)) from error


def _only_language(recording: Recording) -> str | None:
    """The language of a channel that has just one; else the engine tells, chunk by chunk."""
    languages = recording.channel.languages
    return languages[0] if len(languages) == 1 else None


def _run_settings(
    engine: Engine, activity: Engine, cutting: ChunkSettings, language: str | None
) -> dict[str, Scalar]:
    said: dict[str, Scalar] = {
        "engine": engine.name, "model": engine.model, "revision": engine.revision,
        "activity": activity.name, "activity_revision": activity.revision, "language": language,
    }  # fmt: skip
    said |= {f"engine.{name}": value for name, value in engine.settings.items()}
    said |= {f"activity.{name}": value for name, value in activity.settings.items()}
    return said | {f"cut.{name}": value for name, value in cutting.described().items()}


def _layer_of_run(layers: Sequence[Layer], run: int) -> Layer | None:
    return next(
        (
            one
            for one in layers
            if (one.kind, one.origin, one.run) == (LayerKind.SPEECH, LayerOrigin.ENGINE, run)
        ),
        None,
    )


def _freeze(
    hearing: _Hearing, finish: Callable[[Transaction], None], unread: str | None = None
) -> Layer:
    recording_id, engine = hearing.recording.id, hearing.pool.engine
    damage = _damage(hearing.damaged)
    with hearing.desk.catalogue.transaction() as tx:
        heard = []
        for chunk in tx.chunks(recording_id, hearing.run):
            claim = tx.claim(chunk.claim_key) if chunk.claim_key else None
            if claim is not None and chunk.span in hearing.noted:
                heard.append(attribute.HeardChunk(chunk.span, claim.heard))
        turns = attribute.turns(heard, pause_ms=TURN_PAUSE_MS, longest_ms=LONGEST_TURN_MS)
        language, note = _languages(heard)
        layer = tx.add_layer(
            recording_id=recording_id, kind=LayerKind.SPEECH, language=language,
            origin=LayerOrigin.ENGINE, maker=f"{engine.name} {engine.model}", run=hearing.run,
            turns=turns, sentences=sentence_ranges(turns, language),
            note="; ".join(part for part in (unread, damage, note) if part) or None,
        )  # fmt: skip
        finish(tx)
    return layer


def _damage(spans: Sequence[Span]) -> str | None:
    if not spans:
        return None
    listed = ", ".join(f"{one.start}..{one.end} ms" for one in spans[:20])
    more = f" and {len(spans) - 20} more" if len(spans) > 20 else ""
    return f"the sound is damaged at {listed}{more}"


def _quarantine(hearing: _Hearing, reason: str) -> None:
    """Keep what was heard before the media failed, and let nothing open it again by itself."""

    def close(tx: Transaction) -> None:
        tx.quarantine_recording(hearing.recording.id, reason)

    if hearing.done_ms:
        _freeze(hearing, close, f"{HEARD_IN_PART} {hearing.done_ms} ms: {reason}")
        return
    with hearing.desk.catalogue.transaction() as tx:
        close(tx)


def _languages(heard: Sequence[attribute.HeardChunk]) -> tuple[str, str | None]:
    """The language heard longest, and a note where there were others."""
    lengths: dict[str, int] = {}
    for chunk in heard:
        if len(chunk.heard.words):
            lengths[chunk.heard.language] = lengths.get(chunk.heard.language, 0) + chunk.span.length
    if not lengths:
        return "und", "no words were heard"
    ordered = sorted(lengths, key=lambda tag: (-lengths[tag], tag))
    total = sum(lengths.values())
    if len(ordered) == 1:
        return ordered[0], None
    shares = ", ".join(f"{tag} {lengths[tag] * 100 // total} %" for tag in ordered)
    return ordered[0], f"heard per chunk: {shares}"
