"""Hold the translations of a recording against their originals: what is stale, missing, doubted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.translations import (
    ReadSentence,
    StaleSentence,
    is_placeholder,
    newer_source,
    read_sentences,
    stale_among,
    translations,
)
from offair.model.transcript import Flag, Layer, LayerKind, LayerOrigin, Turn
from offair.store import Transaction


@dataclass(frozen=True, slots=True)
class CheckedTranslation:
    """How a translation stands to its original.

    stale: sentences whose original changed or is gone. untranslated: how many sentences of the
    original no sentence of it names, or has no translation. newer: a newer run of the original, or
    None. doubts: flags that nobody has settled. revised: how many turns a person has revised.
    replaced: the newer machine translation into the same language that is read instead of this
    one, or None.
    """

    layer: Layer
    sentences: int
    stale: tuple[StaleSentence, ...]
    untranslated: int
    newer: Layer | None
    doubts: tuple[Flag, ...]
    revised: int
    replaced: Layer | None

    @property
    def current(self) -> bool:
        """Whether it translates what the original says now, all of it."""
        return not self.stale and not self.untranslated and self.newer is None

    @property
    def wanting(self) -> bool:
        """Whether something should be done: it is not current, and no newer one stands for it."""
        return not self.current and self.replaced is None


def check_translation(
    desk: Desk, recording_id: int, *, to: str | None = None
) -> tuple[CheckedTranslation, ...]:
    """How each translation of a recording (into one language, BCP 47) stands to its original, the
    newest first. Raises `NotFound` where there is no such recording."""
    checked: list[CheckedTranslation] = []
    newest: dict[str, Layer] = {}
    with desk.catalogue.snapshot() as tx:
        tx.recording(recording_id)
        for layer in translations(tx, recording_id, to):
            turns, sentences = read_sentences(tx, layer.id)
            machine = layer.origin is LayerOrigin.ENGINE
            checked.append(
                CheckedTranslation(
                    layer,
                    len(sentences),
                    stale_among(tx, sentences),
                    _untranslated(tx, layer, sentences),
                    newer_source(tx, layer),
                    tuple(one for one in tx.flags(layer.id) if one.settled_by is None),
                    sum(turn.made_by is not None for turn in turns),
                    newest.get(layer.language) if machine else None,
                )
            )
            if machine:
                newest.setdefault(layer.language, layer)
    return tuple(checked)


@dataclass(frozen=True, slots=True)
class StalePlace:
    """Characters of a translated turn whose original changed or is gone; half-open."""

    char_start: int
    char_end: int
    reason: str


def stale_on_page(
    desk: Desk, layer: Layer, turns: Sequence[Turn]
) -> tuple[int, Mapping[int, tuple[StalePlace, ...]]]:
    """How many sentences of a translation are stale, and where they stand in these turns of it, by
    turn id. Of any other layer none are."""
    if layer.kind is not LayerKind.TRANSLATION or layer.source_layer_id is None:
        return 0, {}
    wanted = {turn.id for turn in turns}
    places: dict[int, list[StalePlace]] = {}
    with desk.catalogue.snapshot() as tx:
        _, sentences = read_sentences(tx, layer.id)
        stale = {one.sentence_id: one.reason for one in stale_among(tx, sentences)}
    for one in sentences:
        here = one.sentence
        if here.id in stale and here.turn_id in wanted:
            place = StalePlace(here.char_start, here.char_end, f"stale: {stale[here.id]}")
            places.setdefault(here.turn_id, []).append(place)
    return len(stale), {turn_id: tuple(some) for turn_id, some in places.items()}


def _untranslated(tx: Transaction, layer: Layer, sentences: Sequence[ReadSentence]) -> int:
    """Sentences of the original without a translation; 0 where a translation is not aligned."""
    sources = tx.sentence_sources([one.sentence.id for one in sentences])
    missing = sum(is_placeholder(one.text) for one in sentences)
    if layer.source_layer_id is None or not sources:
        return missing
    named = {one.sentence_id for given in sources.values() for one in given}
    _, original = read_sentences(tx, layer.source_layer_id)
    return missing + sum(one.sentence.id not in named for one in original)
