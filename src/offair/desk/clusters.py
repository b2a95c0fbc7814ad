"""The voices of a layer with what is known of each, and names carried from another run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offair.desk.attributed import SpokenBy, newest_attributions, spoken_by
from offair.desk.evidence import chosen_layer
from offair.model.errors import BadInput, NotFound
from offair.model.record import WITHHELD
from offair.model.time import Ms, Span
from offair.model.transcript import Attribution, Layer, LayerKind, SpeakerKind, Turn
from offair.store import Transaction
from offair.text.name_hints import Suggestion, name_hints
from offair.text.normalise import fold

CARRIED_SHARE = 0.8
"""A turn takes a name from another run where that name covers at least this share of its time."""


@dataclass(frozen=True, slots=True)
class NamedTurns:
    """A name in a voice: how many turns and how much time of it, and whether somebody confirmed it.

    printed: as records print it. heard: somebody listened when they confirmed it.
    """

    printed: str
    kind: SpeakerKind
    certain: bool
    heard: bool
    turns: int
    length_ms: Ms


@dataclass(frozen=True, slots=True)
class Cluster:
    """The turns of one voice. label: None for turns of which nobody knows who speaks; `WITHHELD`
    where the label is itself the name of somebody withheld.

    names: of its turns that have one, the longest first.
    """

    label: str | None
    turns: tuple[Turn, ...]
    names: tuple[NamedTurns, ...]

    @property
    def length_ms(self) -> Ms:
        """How long its turns last together."""
        return sum(turn.span.length for turn in self.turns if turn.span)

    @property
    def first_ms(self) -> Ms | None:
        """When it is first heard, or None in a text without times."""
        return next((turn.span.start for turn in self.turns if turn.span), None)


def clusters(tx: Transaction, layer: Layer) -> tuple[Cluster, ...]:
    """The voices of a layer in the order they are first heard; turns of nobody known come last."""
    grouped: dict[str | None, list[Turn]] = {}
    turns = tx.turns(layer.id)
    attributions = newest_attributions(tx, layer, turns)
    for turn in turns:
        grouped.setdefault(turn.label, []).append(turn)
    nobody = grouped.pop(None, None)
    found = [_cluster(label, group, attributions, layer) for label, group in grouped.items()]
    if nobody:
        found.append(_cluster(None, nobody, attributions, layer))
    return tuple(found)


def _cluster(
    label: str | None, turns: Sequence[Turn], attributions: Mapping[int, Attribution], layer: Layer
) -> Cluster:
    counted: dict[tuple[str, SpeakerKind, bool, bool], list[Turn]] = {}
    for turn in turns:
        attribution = attributions.get(turn.id)
        heard = spoken_by(turn, attribution, layer)
        if attribution is not None and heard.named and heard.name is not None:
            key = (heard.name, heard.kind, heard.certain, attribution.heard)
            counted.setdefault(key, []).append(turn)
    names = [
        NamedTurns(*key, len(group), sum(one.span.length for one in group if one.span))
        for key, group in counted.items()
    ]
    names.sort(key=lambda one: (-one.length_ms, -one.turns))
    if label is not None and any(
        one.withheld and fold(one.name) == fold(label)
        for turn in turns
        if (attribution := attributions.get(turn.id)) is not None
        for one in (attribution.voice, attribution.author)
        if one is not None
    ):
        label = WITHHELD
    return Cluster(label, tuple(turns), tuple(names))


def suggestions(tx: Transaction, layer: Layer) -> Mapping[str, tuple[Suggestion, ...]]:
    """Names for the voices of a layer, from what is said, from the broadcaster's captions in the
    layer's language and from the persons the desk has named, this channel's before others; nobody
    who is withheld."""
    recording = tx.recording(layer.recording_id)
    persons = [*tx.persons(channel_id=recording.channel.id), *tx.persons()]
    found = name_hints(
        tx.turns(layer.id),
        captions=() if layer.kind is LayerKind.CAPTIONS else _captions(tx, layer),
        persons=dict.fromkeys(one.name for one in persons),
        language=layer.language,
    )
    hidden = {fold(one.name) for one in tx.withheld(layer.recording_id)}
    if not hidden:
        return found
    return {
        label: tuple(one for one in named if fold(one.name) not in hidden)
        for label, named in found.items()
    }


def _captions(tx: Transaction, layer: Layer) -> Sequence[Turn]:
    base = layer.language.split("-")[0]
    for one in tx.layers(layer.recording_id):
        if one.kind is LayerKind.CAPTIONS and one.language.split("-")[0] in ("und", base):
            return tx.turns(one.id)
    return ()


def layer_of_turn(tx: Transaction, recording_id: int, turn_id: int, layer_id: int | None) -> Layer:
    """The layer of a recording in which this turn stands now. Raises `NotFound`."""
    layers = (
        tx.layers(recording_id) if layer_id is None else [chosen_layer(tx, recording_id, layer_id)]
    )
    for layer in layers:
        if any(turn.id == turn_id for turn in tx.turns(layer.id)):
            return layer
    where = f"layer {layer_id}" if layer_id is not None else f"recording {recording_id}"
    raise NotFound(
        f"no turn {turn_id} stands in {where}; `offair show --recording {recording_id}` "
        "prints the turns with their ids"
    )


@dataclass(frozen=True, slots=True)
class CarriedName:
    """A name that an older run's turns give to turns of a voice in a newer one.

    share: of the voice's time in which the older run's confirmed name is this one, 0…1.
    turn_ids: the turns it covers for `CARRIED_SHARE` and more; only they would take it. of: how
    many turns the voice has.
    """

    voice: str | None
    printed: str
    share: float
    turn_ids: tuple[int, ...]
    of: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What could be carried from one layer to another. attributions: the older one's, by the turn
    of the newer one that would take it."""

    older: Layer
    newer: Layer
    names: tuple[CarriedName, ...]
    attributions: Mapping[int, Attribution]


def carried_names(tx: Transaction, older: Layer, newer: Layer) -> Carried:
    """Confirmed names of one run held against the voices of another, by time. Changes nothing.

    Turns of the newer run that somebody confirmed already are left alone. Raises `BadInput` where
    the layers are the same or of different recordings.
    """
    if older.id == newer.id or older.recording_id != newer.recording_id:
        raise BadInput(
            f"names are carried between two runs of one recording; layers {older.id} and "
            f"{newer.id} are not that"
        )
    theirs = _confirmed(tx, older)
    ours = tx.turns(newer.id)
    known = tx.attributions([turn.id for turn in ours])
    time: dict[tuple[str | None, str], Ms] = {}
    taken: dict[tuple[str | None, str], list[int]] = {}
    attributions: dict[int, Attribution] = {}
    place = 0
    for span, turn in _by_start(ours):
        while place < len(theirs) and theirs[place][3] <= span.start:
            place += 1
        shared: dict[str, Ms] = {}
        of: dict[str, Attribution] = {}
        for other, by, attribution, _ in theirs[place:]:
            if other.start >= span.end:
                break
            common = min(span.end, other.end) - max(span.start, other.start)
            if common > 0 and by.name is not None:
                shared[by.name] = shared.get(by.name, 0) + common
                of[by.name] = attribution
        for name, common in shared.items():
            time[turn.label, name] = time.get((turn.label, name), 0) + common
        best = max(shared, key=lambda name: shared[name], default=None)
        done = turn.id in known and known[turn.id].confirmed_by is not None
        if best is None or done or shared[best] < CARRIED_SHARE * span.length:
            continue
        taken.setdefault((turn.label, best), []).append(turn.id)
        attributions[turn.id] = of[best]
    return Carried(older, newer, _summed(ours, time, taken), attributions)


def _by_start(turns: Sequence[Turn]) -> list[tuple[Span, Turn]]:
    """Turns with times, by start."""
    timed = [(turn.span, turn) for turn in turns if turn.span is not None]
    return sorted(timed, key=lambda pair: pair[0])


def _confirmed(tx: Transaction, layer: Layer) -> list[tuple[Span, SpokenBy, Attribution, Ms]]:
    """Who is confirmed to speak when, by start; last, the latest end of all up to it."""
    turns = tx.turns(layer.id)
    attributions = tx.attributions([turn.id for turn in turns])
    found: list[tuple[Span, SpokenBy, Attribution, Ms]] = []
    latest = 0
    for span, turn in _by_start(turns):
        attribution = attributions.get(turn.id)
        by = spoken_by(turn, attribution, layer)
        if attribution is None or not (by.certain and by.name):
            continue
        latest = max(latest, span.end)
        found.append((span, by, attribution, latest))
    return found


def _summed(
    turns: Sequence[Turn],
    time: Mapping[tuple[str | None, str], Ms],
    taken: Mapping[tuple[str | None, str], Sequence[int]],
) -> tuple[CarriedName, ...]:
    whole: dict[str | None, tuple[Ms, int]] = {}
    for turn in turns:
        length, count = whole.get(turn.label, (0, 0))
        whole[turn.label] = (length + (turn.span.length if turn.span else 0), count + 1)
    return tuple(
        CarriedName(
            voice, name, min(1.0, common / max(1, whole[voice][0])),
            tuple(taken.get((voice, name), ())), whole[voice][1],
        )
        for (voice, name), common in sorted(time.items(), key=lambda one: -one[1])
    )  # fmt: skip
