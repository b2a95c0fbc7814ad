"""Hear one span of a recording again, otherwise: new claims beside the old, taken or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from offair.desk import Desk
from offair.desk.evidence import best_layer, held_object
from offair.desk.hearing import (
    Hearing,
    Progress,
    Way,
    chunks_of,
    only_language,
    prompt_for,
    run_settings,
    run_through,
)
from offair.desk.run_layer import (
    Assembled,
    carried_flags,
    carried_notes,
    damage_note,
    freeze,
    heard_chunks,
    machine_speech,
    run_layer,
)
from offair.engines.activity.chunks import ChunkCutter, ChunkSettings, LanguageTeller
from offair.engines.speech.routing import Route
from offair.model.errors import BadInput, Refused
from offair.model.recording import Recording
from offair.model.time import Span, clock
from offair.model.transcript import Chunk, Engine, Flag, FlagKind, Layer
from offair.store import Transaction
from offair.text import attribute, seams

_Setting = str | int | float | bool | None

AROUND_MS = 1_500
"""Heard on either side of the span, so that no word at its edge is heard in half, and the two
hearings can be joined at a word that both have."""


@dataclass(frozen=True, slots=True)
class HeardText:
    """What was heard in a stretch. mean_probability: 0…1, or None where the engine gives none."""

    span: Span
    text: str
    language: str
    mean_probability: float | None


@dataclass(frozen=True, slots=True)
class Reheard:
    """A span heard twice. before, after: its words then and now, in order; chunks of now.

    engine: what heard it now. flags: doubts about the words of now. taken: the layer in which the
    new words stand, or None where they were only heard. run: of the new claims. shown: the layer
    that the desk shows now.
    """

    recording_id: int
    span: Span
    base: Layer
    run: int
    engine: Engine
    before: tuple[HeardText, ...]
    after: tuple[HeardText, ...]
    chunks: tuple[Chunk, ...]
    flags: tuple[Flag, ...]
    taken: Layer | None
    shown: Layer


def rehear(
    desk: Desk,
    recording_id: int,
    span: Span,
    *,
    actor: str,
    route: Route | None = None,
    language: str | None = None,
    threshold: float | None = None,
    layer_id: int | None = None,
    take: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
) -> Reheard:
    """Hear `span` (media time, ms) once more, widened where it would halve a word.

    The words the desk shows change only with `take`: then a new run holds the old words outside
    the span and the new ones inside; the same asked again is that run, already there. A span that
    reaches beyond the recording ends with it.

    route: engine and model to hear it with; by default as the routing says. language: BCP 47 to
    force. threshold: probability 0…1 from which a window counts as speech; 0 hears all of the
    span. layer_id: whose words are compared; by default the newest machine transcript.
    Raises `BadInput` (the span is empty or outside the recording, the model does not know the
    language), `NotFound` (no media, nothing heard yet), `Refused` (words of it were removed),
    `Unavailable`, `Corrupt`.
    """
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        source = held_object(recording)
        if tx.removed_from(recording_id):
            raise Refused(
                f"words of recording {recording_id} were removed with a record; it is not heard "
                "again, for that would bring them back"
            )
        base = machine_speech(tx, recording_id, layer_id)
        prompt = prompt_for(desk, tx, recording)
        _inside_recording(recording, tx.chunks(recording_id, base.run), span)
    listening = desk.listening
    forced = language or listening.language or only_language(recording)
    cutting = ChunkSettings() if threshold is None else ChunkSettings.hearing_from(threshold)
    way = Way(cutting, forced, route, prompt)
    pool = listening.open_pool(route or listening.routing.route(forced))
    activity = listening.activity()
    telling = listening.languages() if forced is None and listening.languages else None
    settings = run_settings(
        recording, way, pool, desk, activity.engine, telling.engine if telling else None
    )
    with desk.catalogue.snapshot() as tx:
        asked = _asked(tx, recording, base, span, settings)
        if layer_id is None:
            asked = _asked_before(tx, recording, asked, span, settings) or asked
    base, old, span = asked.base, asked.old, asked.span
    with desk.catalogue.transaction() as tx:
        run = tx.open_run(recording_id, asked.settings)
        taken = run_layer(tx.layers(recording_id), run)
    sound = Span(max(0, span.start - AROUND_MS), span.end + AROUND_MS)
    hearing = Hearing(
        desk, recording, run, way, sound.length, progress, offset=sound.start, noted=taken is None
    )
    teller = LanguageTeller(telling.estimate, recording.channel.languages) if telling else None
    cutter = ChunkCutter(activity, cutting, teller)
    broke = run_through(hearing, chunks_of(hearing, source, cutter, sound), check)
    if broke is not None:
        raise broke
    finished = sorted(hearing.chunks, key=lambda one: one.span)
    with desk.catalogue.snapshot() as tx:
        span, unsure = _joined(span, sound, heard_chunks(tx, old), heard_chunks(tx, finished))
    new = _inside(finished, span)
    flags = tuple(one for one in hearing.flags if one.span is None or one.span.overlaps(span))
    flags += unsure
    with desk.catalogue.transaction() as tx:
        before = heard_chunks(tx, _inside(old, span))
        after = heard_chunks(tx, new)
        taken = run_layer(tx.layers(recording_id), run)
        if take and taken is None:
            again = f"{_clock(span.start)} to {_clock(span.end)} heard again by "
            again += f"{pool.engine.name} {pool.engine.model}"
            notes = (again, damage_note(hearing.damaged))
            taken = _take(tx, recording, base, run, old, new, flags, span, notes)
            tx.note_act(actor, "rehear", "layer", taken.id, start=span.start, end=span.end)
        shown = best_layer(tx, recording_id)
    return Reheard(
        recording_id, span, base, run, pool.engine, _texts(before), _texts(after), new,
        flags, taken, shown,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be heard again: of whose words (`old`: their chunks) which span, and the settings
    by which the run is known."""

    base: Layer
    old: tuple[Chunk, ...]
    span: Span
    settings: Mapping[str, _Setting]


def _asked(
    tx: Transaction, recording: Recording, base: Layer, span: Span, settings: Mapping[str, _Setting]
) -> _Asked:
    """The span in the words of one layer, widened where it would halve one of them."""
    old = tuple(tx.chunks(recording.id, base.run))
    inside = _inside_recording(recording, old, span)
    wide = _to_word_edges(inside, heard_chunks(tx, old))
    of = {"again.start_ms": wide.start, "again.end_ms": wide.end, "again.base_run": base.run}
    earlier = tx.run_settings(recording.id, base.run)
    voices = {name: one for name, one in earlier.items() if name.startswith("speakers")}
    return _Asked(base, old, wide, {**settings, **of, **voices})


def _asked_before(
    tx: Transaction,
    recording: Recording,
    asked: _Asked,
    span: Span,
    settings: Mapping[str, _Setting],
) -> _Asked | None:
    """What was asked when the words to be heard again came of this very act: the same again is the
    same run, and not one more upon it. None where they did not."""
    made_by = tx.run_settings(recording.id, asked.base.run)
    under = made_by.get("again.base_run")
    layer = run_layer(tx.layers(recording.id), under) if isinstance(under, int) else None
    if layer is None:
        return None
    before = _asked(tx, recording, layer, span, settings)
    return before if before.settings == made_by else None


def _joined(
    span: Span,
    sound: Span,
    old: Sequence[attribute.HeardChunk],
    new: Sequence[attribute.HeardChunk],
) -> tuple[Span, tuple[Flag, ...]]:
    """The span with its edges where the two hearings go on from each other word by word, and a
    flag for each edge where they do not."""
    was, now = seams.placed_words(old), seams.placed_words(new)
    start, end = seams.Seam(span.start, sure=True), seams.Seam(span.end, sure=True)
    if sound.start > 0:
        start = seams.seam(span.start, was, now, within=AROUND_MS)
    if any(one.middle >= span.end for one in was):
        end = seams.seam(span.end, now, was, within=AROUND_MS)
    if start.at >= end.at:  # the same word serves both edges: nothing is left between them
        start, end = seams.Seam(span.start, sure=False), seams.Seam(span.end, sure=False)
    unsure = tuple(
        Flag(
            FlagKind.SECOND_HEARING,
            Span(max(0, one.at - AROUND_MS), one.at + AROUND_MS),
            f"the two hearings have no word in common near {_clock(one.at)}, where they are "
            "joined: a word may be missing or stand twice",
        )
        for one in (start, end)
        if not one.sure
    )
    return Span(start.at, end.at), unsure


def _clock(ms: int) -> str:
    return f"{ms // 60_000}:{ms % 60_000 // 1000:02}.{ms % 1000:03}"


def _texts(heard: Sequence[attribute.HeardChunk]) -> tuple[HeardText, ...]:
    return tuple(
        HeardText(one.span, one.heard.text, one.heard.language, one.heard.mean_probability)
        for one in heard
    )


def _inside_recording(recording: Recording, old: Sequence[Chunk], span: Span) -> Span:
    """The part of the span that the recording has. Raises `BadInput` where that is nothing."""
    length = recording.media.duration_ms if recording.media else 0
    if not 0 <= span.start < span.end:
        raise BadInput("the span to hear again is empty; give an end after its start")
    if span.start >= length:
        raise BadInput(
            f"recording {recording.id} is {clock(length)} long; "
            f"{clock(span.start)} lies behind its end"
        )
    # The sound may be a little longer than its container says.
    return Span(span.start, min(span.end, max([length, *(one.span.end for one in old)])))


def _to_word_edges(span: Span, heard: Sequence[attribute.HeardChunk]) -> Span:
    """The span, wide enough to halve no word that was heard before."""
    start, end = span.start, span.end
    for chunk in heard:
        for word in chunk.heard.words:
            if word.start is None or word.end is None:
                continue
            first, last = word.start + chunk.span.start, word.end + chunk.span.start
            if first < span.start < last:
                start = min(start, first)
            if first < span.end < last:
                end = max(end, last)
    return Span(start, end)


def _inside(chunks: Sequence[Chunk], span: Span) -> tuple[Chunk, ...]:
    return tuple(part for chunk in chunks if (part := _part(chunk, span)) is not None)


def _part(chunk: Chunk, span: Span) -> Chunk | None:
    """The part of a chunk inside a span; its claim's words keep their place in time."""
    start, end = max(chunk.span.start, span.start), min(chunk.span.end, span.end)
    if start >= end:
        return None
    sound = chunk.span.start if chunk.sound_start is None else chunk.sound_start
    return replace(chunk, span=Span(start, end), sound_start=None if sound == start else sound)


def _take(
    tx: Transaction,
    recording: Recording,
    base: Layer,
    run: int,
    old: tuple[Chunk, ...],
    new: tuple[Chunk, ...],
    flags: tuple[Flag, ...],
    span: Span,
    notes: Sequence[str | None],
) -> Layer:
    """A layer of the old words outside the span and the new ones inside it."""
    kept = [
        part
        for chunk in old
        for around in (Span(0, span.start), Span(span.end, max(span.end, chunk.span.end)))
        if (part := _part(chunk, around)) is not None
    ]
    chunks = tuple(sorted((*kept, *new), key=lambda one: one.span))
    settings = tx.run_settings(recording.id, base.run)
    key = settings.get("speakers.key")
    told = tx.diarisation(str(key)) if key else None
    made_of = Assembled(
        chunks, (*carried_flags(tx, base, outside=span), *flags),
        told.voices if told else (), settings.get("speakers") == "captions",
        (*carried_notes(base), *(one for one in notes if one)),
    )  # fmt: skip
    return freeze(tx, recording, run, base.maker, made_of)
