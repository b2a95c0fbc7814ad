"""List the voices of a recording: who they are said to be, and who they might be. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.clusters import Carried, Cluster, carried_names, clusters, suggestions
from offair.desk.evidence import chosen_layer, newer_run
from offair.model.errors import NotFound
from offair.model.transcript import Layer
from offair.text.name_hints import Suggestion


@dataclass(frozen=True, slots=True)
class ListedVoice:
    """A voice of a layer and the names that something speaks for, best first."""

    cluster: Cluster
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class ListedSpeakers:
    """The voices of one layer, in the order they are first heard. newer: a later run of the same
    text, where there is one."""

    layer: Layer
    voices: tuple[ListedVoice, ...]
    newer: Layer | None


def list_speakers(desk: Desk, recording_id: int, layer_id: int | None = None) -> ListedSpeakers:
    """The voices of the layer asked for, or of the best one.

    Raises `NotFound` (no such recording or layer, no text yet), `BadInput` (another recording's
    layer).
    """
    with desk.catalogue.snapshot() as tx:
        layer = chosen_layer(tx, recording_id, layer_id)
        named = suggestions(tx, layer)
        voices = tuple(
            ListedVoice(one, named.get(one.label, ()) if one.label is not None else ())
            for one in clusters(tx, layer)
        )
        return ListedSpeakers(layer, voices, newer_run(tx, layer))


def propose_carried(
    desk: Desk, recording_id: int, from_layer_id: int, layer_id: int | None = None
) -> Carried:
    """Which names confirmed in one layer could be carried to another by time; changes nothing.

    layer_id: by default the newest run after that layer. Raises as `list_speakers`, and `NotFound`
    where no newer run is there.
    """
    with desk.catalogue.snapshot() as tx:
        older = chosen_layer(tx, recording_id, from_layer_id)
        newer = newer_run(tx, older) if layer_id is None else None
        if layer_id is not None:
            newer = chosen_layer(tx, recording_id, layer_id)
        if newer is None:
            raise NotFound(
                f"no newer run follows layer {from_layer_id}; say which layer takes the names "
                "with --layer"
            )
        return carried_names(tx, older, newer)
