"""From the finished chunks of a run to its frozen layer: words, turns, voices, doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from offair.desk.evidence import sentence_ranges, settled_before
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Recording
from offair.model.time import Span, clock
from offair.model.transcript import (
    Chunk,
    Engine,
    Flag,
    FlagKind,
    Layer,
    LayerKind,
    LayerOrigin,
    Turn,
    VoiceSpan,
)
from offair.store import Transaction
from offair.text import attribute, caption_agreement, caption_voices, guard

TURN_PAUSE_MS = 700
LONGEST_TURN_MS = 20_000
"""While nobody knows who speaks, a turn ends at a pause after a sentence, and when it gets long."""
UNTOLD = "voices were not told apart"
"""How the part of a layer's note begins that says why it has no voices."""
_DAMAGED = "the sound is damaged at"
_NO_WORDS = "no words were heard"
_LANGUAGES = "heard per chunk:"
_ENGINES = "heard by"


@dataclass(frozen=True, slots=True)
class Assembled:
    """What a run is made of. voices: of the diariser; empty where none was asked.

    by_captions: whether changes of speaker may be taken from the broadcaster's captions.
    notes: what the reader of the layer should know, as parts of a sentence.
    """

    chunks: tuple[Chunk, ...]
    flags: tuple[Flag, ...]
    voices: tuple[VoiceSpan, ...] = ()
    by_captions: bool = False
    notes: tuple[str, ...] = ()


def heard_chunks(tx: Transaction, chunks: Sequence[Chunk]) -> list[attribute.HeardChunk]:
    """The words of chunks from their claims, cut to the part of each that counts."""
    return [heard for heard, _ in _heard_by(tx, chunks)]


def _heard_by(
    tx: Transaction, chunks: Sequence[Chunk]
) -> list[tuple[attribute.HeardChunk, Engine]]:
    """As `heard_chunks`, each with the engine of its claim."""
    heard = []
    for chunk in chunks:
        claim = tx.claim(chunk.claim_key) if chunk.claim_key else None
        if claim is None:
            continue
        start = chunk.span.start if chunk.sound_start is None else chunk.sound_start
        whole = attribute.HeardChunk(Span(start, start + claim.duration_ms), claim.heard)
        counts = chunk.span.start <= whole.span.start and whole.span.end <= chunk.span.end
        part = whole if counts else attribute.cut_heard(whole, chunk.span)
        if part is not None:
            heard.append((part, claim.engine))
    return heard


def freeze(
    tx: Transaction, recording: Recording, run: int, maker: str, made_of: Assembled
) -> Layer:
    """The run's layer with its turns, sentences and flags; its chunks are then just these.

    maker: named where nothing was heard; else the engine that most of the words come from.
    """
    tx.replace_chunks(recording.id, run, made_of.chunks)
    claimed = _heard_by(tx, made_of.chunks)
    heard = [one for one, _ in claimed]
    language, languages_note = languages_of(heard)
    makers, makers_note = _makers_of(claimed)
    turns = _turns(heard, made_of.voices)
    captions = _caption_turns(tx, recording, language)
    if captions and not made_of.voices and made_of.by_captions:
        voices = caption_voices.voices_from_captions(turns, captions)
        turns = _turns(heard, voices) if voices else turns
    flags = made_of.flags
    if captions:
        flags += caption_agreement.disagreements(turns, captions, language=language).flags
    turns = tuple(guard.mark_words(turns, flags))
    layer = tx.add_layer(
        recording_id=recording.id, kind=LayerKind.SPEECH, language=language,
        origin=LayerOrigin.ENGINE, maker=makers or maker, run=run, turns=turns,
        sentences=sentence_ranges(turns, language),
        note="; ".join(
            one for one in (*made_of.notes, languages_note, makers_note) if one
        ) or None,
    )  # fmt: skip
    tx.add_flags(layer.id, sorted(flags, key=lambda one: (one.span or Span(0, 0), one.kind)))
    return layer


def doubt_by_captions(tx: Transaction, recording: Recording) -> int:
    """Hold the captions that came after the hearing against its newest layer; how many flags."""
    machine = [
        one
        for one in tx.layers(recording.id)
        if (one.kind, one.origin) == (LayerKind.SPEECH, LayerOrigin.ENGINE)
    ]
    if not machine:
        return 0
    layer = max(machine, key=lambda one: (one.run, one.id))
    captions = _caption_turns(tx, recording, layer.language)
    if not captions or any(one.kind is FlagKind.CAPTIONS_DIFFER for one in tx.flags(layer.id)):
        return 0
    found = caption_agreement.disagreements(
        tx.turns(layer.id), captions, language=layer.language
    ).flags
    tx.add_flags(layer.id, found)
    return len(found)


def _turns(heard: Sequence[attribute.HeardChunk], voices: Sequence[VoiceSpan]) -> tuple[Turn, ...]:
    return attribute.turns(heard, voices, pause_ms=TURN_PAUSE_MS, longest_ms=LONGEST_TURN_MS)


def _caption_turns(tx: Transaction, recording: Recording, language: str) -> Sequence[Turn]:
    """The turns of the broadcaster's newest captions in this language, if there are any."""
    for layer in tx.layers(recording.id):
        same = layer.language in ("und", language) or layer.language.split("-")[0] == language
        if layer.kind is LayerKind.CAPTIONS and same:
            return tx.turns(layer.id)
    return ()


def languages_of(heard: Sequence[attribute.HeardChunk]) -> tuple[str, str | None]:
    """The language heard longest, and a note where there were others."""
    longest, shares = _longest((one.heard.language, one) for one in heard)
    if longest is None:
        return "und", _NO_WORDS
    return longest, f"{_LANGUAGES} {shares}" if shares else None


def _makers_of(
    claimed: Sequence[tuple[attribute.HeardChunk, Engine]],
) -> tuple[str | None, str | None]:
    """The engine and model that most of the words come from, and a note where there are more."""
    longest, shares = _longest((f"{by.name} {by.model}", one) for one, by in claimed)
    return longest, f"{_ENGINES} {shares}" if shares else None


def _longest(
    heard: Iterable[tuple[str, attribute.HeardChunk]],
) -> tuple[str | None, str | None]:
    """What holds of most of the time with words, and everybody's share where it is not all."""
    lengths: dict[str, int] = {}
    for name, chunk in heard:
        if len(chunk.heard.words):
            lengths[name] = lengths.get(name, 0) + chunk.span.length
    if not lengths:
        return None, None
    ordered = sorted(lengths, key=lambda name: (-lengths[name], name))
    total = sum(lengths.values())
    shares = ", ".join(f"{name} {lengths[name] * 100 // total} %" for name in ordered)
    return ordered[0], shares if len(ordered) > 1 else None


def machine_speech(tx: Transaction, recording_id: int, layer_id: int | None = None) -> Layer:
    """The machine's speech layer asked for, or that of the newest run.

    Raises `NotFound` where there is none, `BadInput` where the layer asked for is another thing.
    """
    machine = [
        one
        for one in tx.layers(recording_id)
        if (one.kind, one.origin) == (LayerKind.SPEECH, LayerOrigin.ENGINE)
    ]
    if layer_id is not None:
        found = next((one for one in machine if one.id == layer_id), None)
        if found is None:
            raise BadInput(
                f"layer {layer_id} is no machine transcript of recording {recording_id}; "
                f"`offair list layers --recording {recording_id}` names its layers"
            )
        return found
    if not machine:
        if tx.recording(recording_id).media is None:
            raise BadInput(
                f"recording {recording_id} is a text without sound: there is nothing to hear"
            )
        raise NotFound(f"recording {recording_id} was not heard yet; run `offair work` first")
    return max(machine, key=lambda one: (one.run, one.id))


def carried_flags(tx: Transaction, layer: Layer, outside: Span | None = None) -> tuple[Flag, ...]:
    """A layer's flags that hold of the same words in another run; those of the captions are found
    anew. outside: leave out what touches this span, which was heard again."""
    return tuple(
        replace(one, id=0, settled_note=settled_before(layer, one))
        for one in tx.flags(layer.id)
        if one.kind is not FlagKind.CAPTIONS_DIFFER
        and one.sentence_id is None
        and not (outside and one.span and _touch(one.span, outside))
    )


def carried_notes(layer: Layer, *, voices_anew: bool = False) -> tuple[str, ...]:
    """The parts of a layer's note that hold of the same words in another run; `freeze` finds the
    rest anew. voices_anew: voices are told apart anew, so that it counts no longer why not."""
    anew = (_NO_WORDS, _LANGUAGES, f"{_ENGINES} ", *((UNTOLD,) if voices_anew else ()))
    parts = layer.note.split("; ") if layer.note else []
    return tuple(one for one in parts if not one.startswith(anew))


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def damage_note(spans: Sequence[Span]) -> str | None:
    """Where the sound is damaged, in words; None where it is whole."""
    if not spans:
        return None
    listed = ", ".join(f"{clock(one.start)}–{clock(one.end)}" for one in spans[:20])
    more = f" and {len(spans) - 20} more" if len(spans) > 20 else ""
    return f"{_DAMAGED} {listed}{more}"


def run_layer(layers: Sequence[Layer], run: int) -> Layer | None:
    """The layer that finishes a run, if it is finished."""
    return next(
        (
            one
            for one in layers
            if (one.kind, one.origin, one.run) == (LayerKind.SPEECH, LayerOrigin.ENGINE, run)
        ),
        None,
    )
