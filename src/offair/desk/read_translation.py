"""Read a layer sentence by sentence: its ids, beside each translation what it translates."""

from __future__ import annotations

from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.evidence import chosen_layer
from offair.desk.translations import (
    ShownSentence,
    label_of,
    read_sentences,
    shown_sentences,
    translations,
)
from offair.model.transcript import Layer


@dataclass(frozen=True, slots=True)
class ReadLayer:
    """A layer with its sentences in order. label: what is to be said wherever it is shown, or
    None."""

    layer: Layer
    label: str | None
    sentences: tuple[ShownSentence, ...]


def read_translation(desk: Desk, recording_id: int, layer_id: int | None = None) -> ReadLayer:
    """The sentences of the layer asked for, by default of the newest translation, else of the best
    text. Raises `NotFound`, `BadInput` where the layer is another recording's."""
    with desk.catalogue.snapshot() as tx:
        tx.recording(recording_id)
        newest = translations(tx, recording_id)
        if layer_id is None and newest:
            layer = newest[0]
        else:
            layer = chosen_layer(tx, recording_id, layer_id)
        _, sentences = read_sentences(tx, layer.id)
        return ReadLayer(layer, label_of(layer), tuple(shown_sentences(tx, layer, sentences)))
