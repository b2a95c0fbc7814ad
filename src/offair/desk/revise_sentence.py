"""Revise one sentence by hand: of a translation, or of a transcript whose word was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.evidence import newer_run
from offair.desk.turn_edit import fresh_sources
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.transcript import Layer, LayerKind, Sentence, SourceSentence, Turn
from offair.store import Transaction
from offair.text.retime import retime
from offair.text.sentences import sentences as sentences_of

LONGEST_CHARS = 10_000
"""A sentence longer than this is refused: something else was pasted."""


@dataclass(frozen=True, slots=True)
class RevisedSentence:
    """A revision that stands. before: the sentence as it was. sentences: the ids of what took its
    place (several where the new text is several sentences of a transcript). changed: False where
    the text was the same already and nothing was written."""

    layer: Layer
    turn: Turn
    before: str
    sentences: tuple[int, ...]
    changed: bool


def revise_sentence(
    desk: Desk, recording_id: int, sentence_id: int, text: str, *, actor: str
) -> RevisedSentence:
    """Put a person's words in the place of one sentence.

    Every other sentence keeps its id and what it translates; unchanged words keep their times. A
    revised sentence of a translation stays one sentence and is taken to translate its originals as
    they stand now; the flags about it are settled. Sentences of a transcript are cut anew, and
    translations of what changed are stale from then on.
    Raises `NotFound` (no such sentence in this recording, or it was replaced), `BadInput` (no
    text, control characters, too long), `Conflict` (somebody revised the turn meanwhile).
    """
    words = _checked(text)
    with desk.catalogue.transaction() as tx:
        sentence, turn, layer = _found(tx, recording_id, sentence_id)
        newer = newer_run(tx, layer) if layer.kind is LayerKind.TRANSLATION else None
        if newer is not None:
            raise Conflict(
                f"sentence {sentence_id} stands in layer {layer.id}, which layer {newer.id} has "
                f"replaced; `offair translate {recording_id} --list` names the sentences that "
                "stand now"
            )
        before = turn.text[sentence.char_start : sentence.char_end]
        if before == words:
            return RevisedSentence(layer, turn, before, (sentence_id,), False)
        standing = tx.sentences([turn.id])
        place = [one.id for one in standing].index(sentence_id)
        new_text = turn.text[: sentence.char_start] + words + turn.text[sentence.char_end :]
        inner = _inner(words, layer)
        ranges = _ranges(standing, place, inner, len(words))
        revised = tx.revise_turn(
            turn.id,
            text=new_text,
            words=retime(turn.text, turn.words, new_text, turn.span),
            sentences=ranges,
            actor=actor,
            sources=_sources(tx, sentence_id, place) if len(inner) == 1 else None,
        )
        made = tx.sentences([revised.id])[place : place + len(inner)]
        tx.note_act(
            actor, "revise_sentence", "turn", revised.id,
            recording=recording_id, layer=layer.id, sentence=sentence_id, before=turn.id,
        )  # fmt: skip
    return RevisedSentence(layer, revised, before, tuple(one.id for one in made), True)


def _checked(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise BadInput("a sentence cannot be revised to nothing; write what it should say")
    if len(words) > LONGEST_CHARS:
        raise BadInput(
            f"the sentence has {len(words)} characters; at most {LONGEST_CHARS} are taken for one"
        )
    if any(
        ord(one) < 32 or 0x7F <= ord(one) < 0xA0 or 0xD800 <= ord(one) < 0xE000 for one in words
    ):
        raise BadInput("the sentence holds control characters; write it as plain text")
    return words


def _found(tx: Transaction, recording_id: int, sentence_id: int) -> tuple[Sentence, Turn, Layer]:
    """The sentence, its turn and its layer, which must be of this recording."""
    tx.recording(recording_id)
    standing = tx.sentences_by_id([sentence_id])
    if standing:
        (turn,) = tx.turns_by_id([standing[0].turn_id])
        for layer in tx.layers(recording_id):
            at = tx.turns(layer.id, offset=turn.ordinal, limit=1)
            if at and at[0].id == turn.id:
                return standing[0], turn, layer
    raise NotFound(
        f"recording {recording_id} has no sentence {sentence_id} now; `offair translate"
        f" {recording_id} --list` names the sentences that stand"
    )


def _inner(words: str, layer: Layer) -> tuple[tuple[int, int], ...]:
    if layer.kind is LayerKind.TRANSLATION:
        return ((0, len(words)),)
    return sentences_of(words, layer.language)


def _ranges(
    standing: Sequence[Sentence], place: int, inner: Sequence[tuple[int, int]], length: int
) -> list[tuple[int, int]]:
    """The sentences of the turn with the new ones in the place of one."""
    old = standing[place]
    shift = length - (old.char_end - old.char_start)
    return [
        *((one.char_start, one.char_end) for one in standing[:place]),
        *((old.char_start + start, old.char_start + end) for start, end in inner),
        *((one.char_start + shift, one.char_end + shift) for one in standing[place + 1 :]),
    ]


def _sources(
    tx: Transaction, sentence_id: int, place: int
) -> dict[int, Sequence[SourceSentence]] | None:
    """What the sentence translates, with the hash of what stands there now."""
    fresh = fresh_sources(tx, sentence_id)
    return {place: fresh} if fresh else None
