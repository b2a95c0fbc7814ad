"""One hearing of a sound: chunk by chunk, each chunk's claim durable, doubted chunks heard twice.

Shared by the verbs `process` (a whole recording) and `rehear` (one span of it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from offair import media
from offair.desk import Desk
from offair.engines import speech
from offair.engines.activity.chunks import ChunkCutter, ChunkSettings, SoundChunk
from offair.engines.speech import RecogniserPool
from offair.engines.speech.routing import Route
from offair.media import SoundBlock
from offair.model.errors import BadInput, Corrupt, EngineDied, Unavailable
from offair.model.recording import Recording, VaultObject
from offair.model.time import Ms, Span
from offair.model.transcript import Chunk, Claim, Engine, Flag, FlagKind, Heard
from offair.store import Transaction
from offair.text import guard

SAMPLES_PER_MS = 16
"""Sound is heard at 16 000 Hz."""
LONGEST_PROMPT = 220
"""Characters of names given to a recogniser; Whisper keeps about as many tokens of a prompt."""
PERSONS_IN_PROMPT = 30
_QUIET_LEVEL = 0.003
"""RMS below which a second of an audio channel is taken for silence: -50 dBFS."""
_LOUDER = 4.0
"""One audio channel is alone where it is 12 dB louder than the other."""
_MOST_POOLS = 5
"""In how many pools, each killed by other chunks, a chunk waits in vain."""
_FEW = 10
"""Of so many chunks heard, one that its engine refuses each time is that chunk's own fault."""
Scalar = str | int | float | bool | None


class Unreadable(Corrupt):
    """The media itself broke its decoder; not the catalogue, not a model."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a recording is. reused: chunks whose claim was there already.

    doing: what is being done just now, in words.
    """

    recording_id: int
    done_ms: Ms
    total_ms: Ms
    heard: int
    reused: int
    skipped: int
    doing: str = "hearing"


@dataclass(frozen=True, slots=True)
class Way:
    """How a sound is heard.

    language: BCP 47, forced; None to tell it per stretch. route: engine and model, None for what
    the routing says of each chunk's language. prompt: names to expect, or None.
    """

    cutting: ChunkSettings
    language: str | None
    route: Route | None
    prompt: str | None


@dataclass(slots=True)
class AudioChannels:
    """What the two audio channels of a sound are to each other, counted in blocks of a second."""

    cancelled: int = 0
    left: int = 0
    right: int = 0
    active: int = 0

    def note(self, block: SoundBlock) -> None:
        """The next block."""
        self.cancelled += block.one_channel
        left, right = block.levels
        if max(left, right) < _QUIET_LEVEL:
            return
        self.active += 1
        self.left += left > _LOUDER * right
        self.right += right > _LOUDER * left

    def remark(self) -> str | None:
        """What the reader of the layer should know, or None."""
        remarks = []
        if self.cancelled:
            remarks.append(
                f"the two audio channels cancel each other out for {self.cancelled} s; the louder "
                "one was heard there"
            )
        if min(self.left, self.right) >= max(2, self.active // 20):
            remarks.append(
                "the two audio channels carry different sound; they were heard as one mix, so "
                "words said at once may be missing"
            )
        return "; ".join(remarks) or None


@dataclass(slots=True, eq=False)
class _Piece:
    """One chunk with speech on its way to its words."""

    chunk: SoundChunk
    language: str | None
    route: Route
    sound_sha256: str
    first: Claim | None = None
    first_flags: tuple[Flag, ...] = ()
    failures: int = 0
    waited: int = 0
    new: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A chunk that a process has in hand: for which claim, of which engine, in which pool."""

    piece: _Piece
    key: str
    engine: Engine
    pool: RecogniserPool


@dataclass(slots=True)
class Hearing:
    """One run in the making. offset: media time at which the sound given to the cutter begins.
    noted: whether finished chunks are noted in the run; not where it has its layer already.
    last: nobody tries again by itself: a few chunks that its engine will not take keep no word of
    the others back.
    """

    desk: Desk
    recording: Recording
    run: int
    way: Way
    total_ms: Ms
    progress: Callable[[Progress], None]
    offset: Ms = 0
    noted: bool = True
    last: bool = False
    chunks: list[Chunk] = field(default_factory=list)
    """What is finished in this pass: an interrupted pass cut otherwise leaves no word twice."""
    flags: list[Flag] = field(default_factory=list)
    damaged: list[Span] = field(default_factory=list)
    channels: AudioChannels = field(default_factory=AudioChannels)
    done_ms: Ms = 0
    heard: int = 0
    reused: int = 0
    skipped: int = 0
    _in_hand: dict[Future[Heard], _Asked] = field(default_factory=dict)
    _set_aside: list[tuple[_Piece, EngineDied]] = field(default_factory=list)
    _refused: list[tuple[_Piece, Unavailable]] = field(default_factory=list)

    def take(self, chunk: SoundChunk) -> None:
        """Skip the chunk, find its claim, or give it to a free process."""
        planned = chunk.planned
        if not planned.speech:
            self.skipped += 1
            reason = f"no speech in it: {planned.activity.value}"
            self._note(self._row(chunk, None, reason), (), ())
            return
        language = self.way.language or planned.language
        route = self.way.route or self.desk.listening.routing.route(language)
        digest = hashlib.sha256(chunk.sound).hexdigest()
        self._hear(_Piece(chunk, language, route, digest))

    def drain(self) -> None:
        """Wait for all that is in hand; what killed its engine is tried once more at the end."""
        while self._in_hand or self._set_aside:
            while self._in_hand:
                self._collect()
            again, self._set_aside = self._set_aside, []
            for piece, died in again:
                if piece.first is None and not self.heard and not self.reused:
                    # Nothing at all was heard: the engine is broken, not this chunk.
                    raise died
                self._hear(piece)
        heard = self.heard + self.reused
        if self._refused and (not heard or len(self._refused) > max(1, heard // _FEW)):
            # The engine is in trouble, not these chunks: it is worth trying again.
            raise self._refused[0][1]
        for piece, why in self._refused:
            self._give_up(piece, str(why))
        self._refused.clear()

    def abandon(self) -> None:
        """Give up what is in hand and has not begun; the claims kept so far stay."""
        for future in self._in_hand:
            future.cancel()

    def note_damage(self, start: Ms, end: Ms) -> None:
        """Sound that could not be decoded; neighbouring blocks are one span."""
        if self.damaged and self.damaged[-1].end == start:
            start = self.damaged.pop().start
        self.damaged.append(Span(start, end))

    def _span(self, chunk: SoundChunk) -> Span:
        span = chunk.planned.span
        return Span(span.start + self.offset, span.end + self.offset)

    def _hear(self, piece: _Piece) -> None:
        """Ask for the first hearing of a chunk, or for the second where the first is doubted."""
        if piece.first is None:
            pool, engine, _ = self._opened(piece.route)
            self._ask(piece, piece.route, pool, engine, again=False)
            return
        routing = self.desk.listening.routing
        second = routing.second(piece.language) if self.way.route is None else None
        pool, engine, other = self._opened(second or piece.route)
        if second is None and other == engine:
            self._finish(piece, piece.first, None, piece.first_flags)  # it has no other way
        elif second is None:
            self._ask(piece, piece.route, pool, other, again=True)
        else:
            self._ask(piece, second, pool, engine, again=False)

    def _opened(self, route: Route) -> tuple[RecogniserPool, Engine, Engine]:
        """The pool of a route, what it is, and what it is when it hears once more.

        What the settings name wrongly is no fault of the recording: `Unavailable`, but for the
        route that a person asked for.
        """
        try:
            pool = self.desk.listening.open_pool(route)
            return pool, pool.engine, pool.again
        except (BadInput, Corrupt) as error:
            if self.way.route is not None:
                raise
            raise Unavailable(str(error)) from error

    def _ask(
        self, piece: _Piece, route: Route, pool: RecogniserPool, engine: Engine, *, again: bool
    ) -> None:
        sound = piece.chunk.sound
        prompt = None if piece.first is not None else self.way.prompt
        key = speech.claim_key(engine, sound, piece.language, prompt)
        with self.desk.catalogue.snapshot() as tx:
            known = tx.claim(key)
        if known is not None:
            self._answered(piece, known)
            return
        while len(self._in_hand) >= pool.processes:
            self._collect()
        if not pool.usable:  # other chunks have killed it since
            pool, _, _ = self._opened(route)
        span = self._span(piece.chunk)
        future = pool.submit(
            piece.chunk.samples, language=piece.language, prompt=prompt, again=again,
            label=f"{span.start}..{span.end} ms of recording {self.recording.id}",
        )  # fmt: skip
        self._in_hand[future] = _Asked(piece, key, engine, pool)

    def _collect(self) -> None:
        """Wait for one chunk at least and make its claim durable."""
        finished, _ = wait(self._in_hand, return_when=FIRST_COMPLETED)
        for future in finished:
            asked = self._in_hand.pop(future)
            piece = asked.piece
            try:
                heard = future.result()
            except EngineDied as died:
                self._failed(piece, died)
            except Unavailable as gone:
                if asked.pool.usable:
                    if not self.last:
                        raise
                    self._refused.append((piece, gone))
                    continue
                # Other chunks killed the pool before this one was begun.
                piece.waited += 1
                if piece.waited > _MOST_POOLS:
                    raise
                self._set_aside.append((piece, EngineDied(str(gone))))
            except BadInput as refused:
                asked_for = self.way.language is not None or self.way.route is not None
                if asked_for and piece.first is None:
                    raise  # a person asked for just this
                self._give_up(piece, str(refused))
            else:
                length = len(piece.chunk.samples) // SAMPLES_PER_MS
                claim = Claim(asked.key, asked.engine, piece.sound_sha256, length, heard)
                with self.desk.catalogue.transaction() as tx:
                    tx.add_claim(claim)
                piece.new = True
                self._answered(piece, claim)

    def _failed(self, piece: _Piece, died: EngineDied) -> None:
        piece.failures += 1
        if piece.failures == 1:
            self._set_aside.append((piece, died))
        else:
            self._give_up(piece, str(died))

    def _give_up(self, piece: _Piece, why: str) -> None:
        """No words, but a span that says so; where a first hearing is there, it counts."""
        if piece.first is not None:
            self._finish(piece, piece.first, None, piece.first_flags)
            return
        span = self._span(piece.chunk)
        self.skipped += 1
        flag = Flag(FlagKind.NOT_HEARD, span, f"not heard: {why}")
        self._note(self._row(piece.chunk, None, f"not heard: {why}", piece.language), (flag,), ())

    def _answered(self, piece: _Piece, claim: Claim) -> None:
        """A claim is there: the first, which is looked at for doubts, or the second."""
        found = self._flags(piece, claim)
        if piece.first is None:
            piece.first, piece.first_flags = claim, found
            if found and self.desk.listening.second_try:
                self._hear(piece)
            else:
                self._finish(piece, claim, None, found)
            return
        better, differs = guard.second_hearing(
            piece.first.heard, claim.heard, piece.first_flags, found,
            start_ms=piece.chunk.start_ms + self.offset,
        )  # fmt: skip
        counts, beside = (claim, piece.first) if better else (piece.first, claim)
        flags = found if better else piece.first_flags
        self._finish(piece, counts, beside, flags + ((differs,) if differs else ()))

    def _flags(self, piece: _Piece, claim: Claim) -> tuple[Flag, ...]:
        planned, offset = piece.chunk.planned, self.offset
        return guard.flags(
            claim.heard,
            start_ms=piece.chunk.start_ms + offset,
            length_ms=len(piece.chunk.samples) // SAMPLES_PER_MS,
            speech=tuple(Span(one.start + offset, one.end + offset) for one in planned.speech),
            language=piece.language or claim.heard.language,
            prompt=self.way.prompt if piece.first is None else None,
            activity_score=planned.score,
        )

    def _finish(
        self, piece: _Piece, counts: Claim, beside: Claim | None, flags: tuple[Flag, ...]
    ) -> None:
        self.heard += piece.new
        self.reused += not piece.new
        row = self._row(piece.chunk, counts.key, None, piece.language, beside)
        self._note(row, flags, tuple(one for one in (counts, beside) if one is not None))

    def _row(
        self,
        chunk: SoundChunk,
        key: str | None,
        skipped: str | None,
        language: str | None = None,
        beside: Claim | None = None,
    ) -> Chunk:
        planned = chunk.planned
        later = chunk.start_ms if key is not None and chunk.start_ms != planned.span.start else None
        return Chunk(
            self._span(chunk), planned.activity, planned.score, key, skipped,
            language=language, language_probability=planned.language_probability,
            second_key=beside.key if beside else None,
            sound_start=None if later is None else later + self.offset,
        )  # fmt: skip

    def _note(self, row: Chunk, flags: tuple[Flag, ...], claims: tuple[Claim, ...]) -> None:
        with self.desk.catalogue.transaction() as tx:
            for claim in claims:
                tx.add_claim(claim)
            if self.noted:
                tx.add_chunk(self.recording.id, self.run, row)
        self.chunks.append(row)
        self.flags += flags
        self.done_ms += row.span.length
        self.progress(
            Progress(
                self.recording.id, min(self.done_ms, self.total_ms), self.total_ms,
                self.heard, self.reused, self.skipped,
            )
        )  # fmt: skip


def chunks_of(
    hearing: Hearing, source: VaultObject, cutter: ChunkCutter, span: Span | None = None
) -> Generator[SoundChunk, None, None]:
    """The chunks of a sound, or of one span of it, while it is decoded.

    Raises `Unreadable` where the media breaks its decoder; what came before was yielded.
    """
    path = hearing.desk.vault.path(source.sha256)
    with closing(media.sound(path, limits=hearing.desk.limits)) as blocks:
        while (block := _next_block(blocks)) is not None:
            samples = np.frombuffer(block.samples, dtype="<f4")
            end = block.start_ms + len(samples) // SAMPLES_PER_MS
            if span is not None and block.start_ms >= span.end:
                break
            if span is not None and end <= span.start:
                continue
            if block.damaged:
                hearing.note_damage(block.start_ms, end)
            hearing.channels.note(block)
            start = block.start_ms
            if span is not None:
                first = max(0, span.start - start)
                samples = samples[first * SAMPLES_PER_MS : (span.end - start) * SAMPLES_PER_MS]
                start += first
            yield from cutter.feed(start - hearing.offset, samples)
    yield from cutter.finish()


def _next_block(blocks: Iterator[SoundBlock]) -> SoundBlock | None:
    try:
        return next(blocks, None)
    except Corrupt as error:
        raise Unreadable(str(error)) from error


def run_through(
    hearing: Hearing, chunks: Generator[SoundChunk, None, None], check: Callable[[], None]
) -> Unreadable | None:
    """Hear all chunks; the trouble where the media broke on the way, with all before it heard.

    check: called before each chunk; may raise to stop.
    """
    broke: Unreadable | None = None
    try:
        try:
            with closing(chunks):
                for chunk in chunks:
                    check()
                    hearing.take(chunk)
        except Unreadable as error:
            broke = error
        hearing.drain()
    except BaseException:
        hearing.abandon()
        raise
    check()
    return broke


def prompt_for(desk: Desk, tx: Transaction, recording: Recording) -> str | None:
    """Names and places to expect in a recording, as many as a recogniser takes; None for none.

    The settings' names come first, then the persons named on the recording's channel. A name in
    one line; one that is too long for the room left is left out, and the next one tried.
    """
    known = [one.name for one in tx.persons(channel_id=recording.channel.id,
                                            limit=PERSONS_IN_PROMPT)]  # fmt: skip
    chosen: list[str] = []
    length = 0
    for name in dict.fromkeys(_in_one_line(one) for one in (*desk.listening.names, *known)):
        if not name or length + len(name) + 2 > LONGEST_PROMPT:
            continue
        chosen.append(name)
        length += len(name) + 2
    return ", ".join(chosen) + "." if chosen else None


def _in_one_line(name: str) -> str:
    """A name without line ends and control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())


def only_language(recording: Recording) -> str | None:
    """The language of a channel that has just one; else it is told per stretch."""
    languages = recording.channel.languages
    return languages[0] if len(languages) == 1 else None


def run_settings(
    recording: Recording,
    way: Way,
    pool: RecogniserPool,
    desk: Desk,
    activity: Engine,
    teller: Engine | None,
) -> dict[str, Scalar]:
    """Every setting that decides what a run hears, flat: the key of a run.

    pool: of the route that hears what no other route is named for.
    """
    engine, again = pool.engine, pool.again if desk.listening.second_try else None
    said: dict[str, Scalar] = {
        "engine": engine.name, "model": engine.model, "revision": engine.revision,
        "activity": activity.name, "activity_revision": activity.revision,
        "language": way.language, "prompt": way.prompt, "second_try": desk.listening.second_try,
    }  # fmt: skip
    if way.route is None:
        said |= {f"routing.{name}": value for name, value in
                 desk.listening.routing.described().items()}  # fmt: skip
    if teller is not None:
        said |= {
            "languages": teller.name, "languages_model": teller.model,
            "languages_revision": teller.revision,
            "languages_allowed": " ".join(recording.channel.languages),
        }  # fmt: skip
        said |= {f"languages.{name}": value for name, value in teller.settings.items()}
    said |= {f"engine.{name}": value for name, value in engine.settings.items()}
    if again is not None:
        said |= {f"second.{name}": value for name, value in again.settings.items()}
    said |= {f"activity.{name}": value for name, value in activity.settings.items()}
    return said | {f"cut.{name}": value for name, value in way.cutting.described().items()}
