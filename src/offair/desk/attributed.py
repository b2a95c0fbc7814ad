"""Who is heard in a turn, as pages and records print it: below the verbs that print or name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from offair.model.record import WITHHELD
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    Speaker,
    SpeakerKind,
    Turn,
)
from offair.store import Transaction

INTERPRETER = "Interpreter"
ALONE = ", this turn alone"
"""How the maker of an attribution ends that was made for one turn and not for its voice."""
CARRIED = "carried from layer "
"""How the maker of an attribution begins that a translation took over from its original."""
_CLUSTER_RE = re.compile(r"(?:CAPTION_)?SPEAKER_\d+")


class How(StrEnum):
    """What a voice does that says another's words."""

    INTERPRETER = "interpreter"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class SpokenBy:
    """Who is heard in a turn.

    name: to print in full, None where nobody is known. label: as this turn prints it. named: by
    a person, an import or the broadcaster; False where `name` is only how a machine calls the
    voice. certain: a person confirmed it. withheld: known, and shown to nobody.
    """

    name: str | None
    label: str | None
    kind: SpeakerKind
    named: bool
    certain: bool
    confirmed_by: str | None = None
    withheld: bool = False


def spoken_by(turn: Turn, attribution: Attribution | None, layer: Layer) -> SpokenBy:
    """Who is heard in a turn of a layer, by its newest attribution.

    A machine's name of a voice (`SPEAKER_02`; the captions' name that it was carried over from) is
    no name: `named` is False. Withheld speakers are named nowhere, nor is a withheld author.
    """
    if attribution is None or (attribution.voice is None and attribution.author is None):
        label = (attribution.label if attribution else None) or turn.label
        named = label is not None and not _is_machines(label, layer)
        return SpokenBy(label, label, SpeakerKind.LABEL, named, certain=False)
    voice, author = attribution.voice, attribution.author
    confirmed = attribution.confirmed_by
    if voice is not None and voice.withheld:
        return SpokenBy(
            WITHHELD, WITHHELD, SpeakerKind.LABEL, True, bool(confirmed), confirmed, True
        )
    if author is None and voice is not None:
        label = attribution.label or voice.name
        return SpokenBy(voice.name, label, voice.kind, True, bool(confirmed), confirmed)
    hidden = author is not None and author.withheld
    alone = voice.name if voice else INTERPRETER
    label = alone if hidden else attribution.label or printed_label(voice, author, How.INTERPRETER)
    person = hidden and voice is not None
    kind = voice.kind if voice and person else SpeakerKind.ROLE
    return SpokenBy(label, label, kind, True, bool(confirmed), confirmed)


def _is_machines(label: str, layer: Layer) -> bool:
    return layer.origin is LayerOrigin.ENGINE or _CLUSTER_RE.fullmatch(label) is not None


def printed_label(voice: Speaker | None, author: Speaker | None, how: How | None) -> str:
    """What a record prints for a voice, and for the author of its words where that is another:
    `Jane Roe`, `Interpreter for X`, `Ana Silva (interpreter for X)`, `Jane Roe reading X`."""
    if author is None:
        return voice.name if voice else INTERPRETER
    if how is How.READING:
        return f"{voice.name if voice else 'Presenter'} reading {author.name}"
    if voice is None or voice.kind is not SpeakerKind.PERSON:
        return f"{voice.name if voice else INTERPRETER} for {author.name}"
    return f"{voice.name} (interpreter for {author.name})"


def newest_attributions(
    tx: Transaction, layer: Layer, turns: Sequence[Turn]
) -> Mapping[int, Attribution]:
    """The newest attribution of each turn; for a translated turn to which nobody gave one of its
    own, that of the turn whose first sentence it translates, as it is now."""
    found = dict(tx.attributions([turn.id for turn in turns]))
    if layer.kind is not LayerKind.TRANSLATION or layer.source_layer_id is None:
        return found
    waiting = [turn.id for turn in turns if turn.id not in found or was_carried(found[turn.id])]
    sources = _source_turns(tx, waiting)
    theirs = tx.attributions(sorted(set(sources.values())))
    return found | {
        turn_id: theirs[source] for turn_id, source in sources.items() if source in theirs
    }


def was_carried(attribution: Attribution) -> bool:
    """Whether a translation took this over from its original; nobody said it of these words."""
    return attribution.made_by.startswith(CARRIED)


def _source_turns(tx: Transaction, turn_ids: Sequence[int]) -> dict[int, int]:
    """For each translated turn the turn of the first sentence that it translates."""
    ours = tx.sentences(turn_ids)
    sources = tx.sentence_sources([one.id for one in ours])
    wanted = {one.sentence_id for listed in sources.values() for one in listed}
    turn_of = {one.id: one.turn_id for one in tx.sentences_by_id(sorted(wanted))}
    result: dict[int, int] = {}
    for sentence in ours:
        for source in sources.get(sentence.id, ()):
            if source.sentence_id in turn_of:
                result.setdefault(sentence.turn_id, turn_of[source.sentence_id])
    return result
