"""What the verbs about translations share: hashes of sentences, what is stale, what may be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.errors import BadInput, NotFound
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    Sentence,
    SourceSentence,
    Turn,
)
from offair.store import Transaction
from offair.text.translated import NOT_TRANSLATED, sentence_span

MACHINE_NOT_CHECKED = "machine translation, not checked"
"""What is said wherever a machine's translation is shown."""
NOT_CHECKED = "translation, not checked"
"""What is said wherever a person's translation is shown that nobody confirmed as heard."""
IMPORTED_NOT_CHECKED = "imported translation, not checked"
CHANGED = "the original was changed since"
GONE = "its original is gone"


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of a layer with its text and its turn. span: when it is spoken, or None."""

    sentence: Sentence
    turn: Turn
    text: str
    span: Span | None

    @property
    def source(self) -> SourceSentence:
        """What a translation of it names."""
        return SourceSentence(self.sentence.id, text_hash(self.text))


@dataclass(frozen=True, slots=True)
class StaleSentence:
    """A translated sentence whose original is no longer what was translated; reason in words."""

    sentence_id: int
    turn_id: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence as a reader sees it.

    originals: the texts it translates, as they stand now. stale: why it no longer fits them, or
    None. doubts: the reasons of the flags about it that nobody settled. made_by: the person who
    revised its turn, or None. as_spoken: it was said in the language of the translation.
    """

    id: int
    turn_id: int
    text: str
    span: Span | None
    originals: tuple[str, ...]
    stale: str | None
    doubts: tuple[str, ...]
    made_by: str | None
    as_spoken: bool
    missing: bool


def text_hash(text: str) -> str:
    """SHA-256 of a sentence's text in UTF-8, 64 lower-case hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_sentences(tx: Transaction, layer_id: int) -> tuple[tuple[Turn, ...], list[ReadSentence]]:
    """The standing turns of a layer, and its sentences in order."""
    turns = tuple(tx.turns(layer_id))
    by_id = {turn.id: turn for turn in turns}
    found = []
    for one in tx.sentences([turn.id for turn in turns]):
        turn = by_id[one.turn_id]
        text = turn.text[one.char_start : one.char_end]
        span = sentence_span(turn, one.char_start, one.char_end)
        found.append(ReadSentence(one, turn, text, span))
    return turns, found


def texts_now(tx: Transaction, sentence_ids: Sequence[int]) -> dict[int, str]:
    """The text of each of these sentences that stands now."""
    standing = tx.sentences_by_id(sentence_ids)
    ids = sorted({one.turn_id for one in standing})
    turns = {turn.id: turn for turn in tx.turns_by_id(ids)}
    return {one.id: turns[one.turn_id].text[one.char_start : one.char_end] for one in standing}


def stale_sentences(tx: Transaction, layer: Layer) -> tuple[StaleSentence, ...]:
    """The sentences of a translation whose original has another text now, or is gone."""
    _, sentences = read_sentences(tx, layer.id)
    return stale_among(tx, sentences)


def stale_among(tx: Transaction, sentences: Sequence[ReadSentence]) -> tuple[StaleSentence, ...]:
    """Those of these translated sentences that are stale."""
    sources = tx.sentence_sources([one.sentence.id for one in sentences])
    named = {one.sentence_id for given in sources.values() for one in given}
    now = {key: text_hash(text) for key, text in texts_now(tx, sorted(named)).items()}
    found = []
    for one in sentences:
        given = sources.get(one.sentence.id, ())
        gone = any(source.sentence_id not in now for source in given)
        changed = any(
            now.get(source.sentence_id, source.sha256) != source.sha256 for source in given
        )
        if gone or changed:
            reason = CHANGED if changed else GONE
            found.append(StaleSentence(one.sentence.id, one.turn.id, one.text, reason))
    return tuple(found)


def newer_source(tx: Transaction, layer: Layer) -> Layer | None:
    """The newest run of what a translation translates, where there is a newer one."""
    if layer.source_layer_id is None:
        return None
    source = tx.layer(layer.source_layer_id)
    newer = [
        one
        for one in tx.layers(layer.recording_id)
        if (one.kind, one.origin) == (source.kind, source.origin)
        and one.language.split("-")[0] == source.language.split("-")[0]
        and (one.kind is LayerKind.SPEECH or one.maker == source.maker)
        and one.run > source.run
    ]
    return max(newer, key=lambda one: (one.run, one.id)) if newer else None


def translations(tx: Transaction, recording_id: int, to: str | None = None) -> list[Layer]:
    """The translations of a recording (into one language), the newest first."""
    found = [
        one
        for one in tx.layers(recording_id)
        if one.kind is LayerKind.TRANSLATION and to in (None, one.language)
    ]
    return sorted(found, key=lambda one: (-one.run, -one.id))


def next_run(tx: Transaction, recording_id: int) -> int:
    """The run of the next translation: above that of every other, so that the newest is known."""
    return 1 + max((one.run for one in translations(tx, recording_id)), default=0)


def original_layer(tx: Transaction, recording_id: int, layer_id: int | None, to: str) -> Layer:
    """The layer to translate: the one asked for, or the best text that is no translation.

    Speech before captions, a text in another language than `to` before one in it, a person's
    before a machine's, the newest run. Raises `BadInput` where the layer asked for is another
    recording's or a translation, `NotFound` where there is no text.
    """
    if layer_id is not None:
        layer = tx.layer(layer_id)
        if layer.recording_id != recording_id:
            raise BadInput(f"layer {layer_id} belongs to recording {layer.recording_id}")
        if layer.kind is LayerKind.TRANSLATION:
            raise BadInput(
                f"layer {layer_id} is itself a translation; name the layer it was made from"
            )
        return layer
    originals = [one for one in tx.layers(recording_id) if one.kind is not LayerKind.TRANSLATION]
    if not originals:
        tx.recording(recording_id)
        raise NotFound(
            f"recording {recording_id} has no text to translate; run `offair work`, or bring a"
            " translation made from the sound with --by-hand FILE --from-sound"
        )
    base = to.split("-")[0]
    return min(
        originals,
        key=lambda one: (
            one.language.split("-")[0] == base,
            one.kind is not LayerKind.SPEECH,
            one.origin is not LayerOrigin.PERSON,
            -one.run,
            one.id,
        ),
    )


def carried_attribution(attribution: Attribution, turn_id: int, source: Layer) -> Attribution:
    """Who speaks in a translated turn, from the turn it translates. Nobody has heard it yet."""
    return Attribution(
        turn_id,
        attribution.voice,
        attribution.author,
        attribution.label,
        attribution.certainty,
        f"carried from layer {source.id}",
        attribution.confirmed_by,
    )


def is_placeholder(text: str) -> bool:
    """Whether a sentence of a translation only says that there is none."""
    return text == NOT_TRANSLATED


def label_of(layer: Layer) -> str | None:
    """What is said of a layer wherever its text is shown; None where nothing need be."""
    if layer.kind is not LayerKind.TRANSLATION:
        return None
    if layer.origin is LayerOrigin.ENGINE:
        return MACHINE_NOT_CHECKED
    return NOT_CHECKED if layer.origin is LayerOrigin.PERSON else IMPORTED_NOT_CHECKED


def shown_sentences(
    tx: Transaction, layer: Layer, sentences: Sequence[ReadSentence]
) -> list[ShownSentence]:
    """These sentences of a layer as a reader sees them."""
    ids = [one.sentence.id for one in sentences]
    sources = tx.sentence_sources(ids)
    originals = texts_now(
        tx, sorted({one.sentence_id for given in sources.values() for one in given})
    )
    stale = {one.sentence_id: one.reason for one in stale_among(tx, sentences)}
    doubts: dict[int, list[str]] = {}
    for flag in tx.flags(layer.id):
        if flag.sentence_id is not None and flag.settled_by is None:
            doubts.setdefault(flag.sentence_id, []).append(flag.reason)
    shown = []
    for one in sentences:
        given = sources.get(one.sentence.id, ())
        texts = tuple(
            originals[source.sentence_id] for source in given if source.sentence_id in originals
        )
        shown.append(
            ShownSentence(
                one.sentence.id,
                one.turn.id,
                one.text,
                one.span,
                texts,
                stale.get(one.sentence.id),
                tuple(doubts.get(one.sentence.id, ())),
                one.turn.made_by,
                texts == (one.text,),
                is_placeholder(one.text),
            )
        )
    return shown
