"""Turns as an editor opens them: who speaks and why, who wrote the words, what was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.attributed import SpokenBy, newest_attributions, spoken_by
from offair.desk.clusters import suggestions
from offair.desk.heard import stretches
from offair.desk.turn_edit import turn_to_edit, writers
from offair.model.errors import BadInput
from offair.model.transcript import Layer, Sentence, Turn
from offair.store import Transaction
from offair.text.name_hints import Suggestion

MOST = 200
"""Turns at once."""


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A turn that stands. writer: the person who wrote its words, None where they are as the
    layer's maker made them. heard: character ranges that persons heard."""

    turn: Turn
    spoken_by: SpokenBy
    writer: str | None
    heard: tuple[tuple[int, int], ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class OpenTurns:
    """A stretch of a layer. count: how many turns stand in all of it."""

    layer: Layer
    turns: tuple[OpenTurn, ...]
    count: int


def open_turns(desk: Desk, layer_id: int, *, offset: int = 0, limit: int = 50) -> OpenTurns:
    """Turns of a layer to edit, from place `offset` on. Raises `NotFound`, `BadInput`."""
    if not 1 <= limit <= MOST:
        raise BadInput(f"1 to {MOST} turns are read at once, not {limit}")
    with desk.catalogue.snapshot() as tx:
        layer = tx.layer(layer_id)
        found = tx.turns(layer_id, offset=offset, limit=limit)
        return OpenTurns(layer, opened(tx, layer, found), tx.count_turns(layer_id))


def open_turns_by_id(desk: Desk, turn_ids: Sequence[int]) -> OpenTurns:
    """These turns of one layer as they are, replaced ones too. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        layer = tx.turn_layer(turn_ids[0])
        found = tx.turns_by_id(turn_ids)
        return OpenTurns(layer, opened(tx, layer, found), tx.count_turns(layer.id))


def open_standing(desk: Desk, turn_id: int) -> OpenTurns:
    """One turn that nobody changed meanwhile. Raises `NotFound`, `StaleTurn`."""
    with desk.catalogue.snapshot() as tx:
        layer, turn = turn_to_edit(tx, turn_id)
        return OpenTurns(layer, opened(tx, layer, [turn]), tx.count_turns(layer.id))


def opened(tx: Transaction, layer: Layer, turns: Sequence[Turn]) -> tuple[OpenTurn, ...]:
    """What an editor sees of these turns of a layer."""
    ids = [one.id for one in turns]
    attributions = newest_attributions(tx, layer, turns)
    hearings = tx.hearings(ids)
    written = writers(tx, layer, turns)
    sentences: dict[int, list[Sentence]] = {}
    for one in tx.sentences(ids):
        sentences.setdefault(one.turn_id, []).append(one)
    return tuple(
        OpenTurn(
            one,
            spoken_by(one, attributions.get(one.id), layer),
            written.get(one.id),
            tuple(stretches(hearings.get(one.id, ()))),
            tuple(sentences.get(one.id, ())),
        )
        for one in turns
    )


def suggested_speakers(desk: Desk, turn_id: int) -> tuple[Suggestion, ...]:
    """Who might speak in a turn, best first, with the reasons. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        layer = tx.turn_layer(turn_id)
        (turn,) = tx.turns_by_id([turn_id])
        if turn.label is None:
            return ()
        return suggestions(tx, layer).get(turn.label, ())
