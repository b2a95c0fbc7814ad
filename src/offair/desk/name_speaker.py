"""Say who speaks: name a voice or a turn, confirm, take back, carry names to another run.

Every act appends attributions, one for each turn; what was said before stays in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from offair.desk import Desk
from offair.desk.attributed import (
    ALONE,
    How,
    newest_attributions,
    printed_label,
    spoken_by,
)
from offair.desk.clusters import carried_names, layer_of_turn, suggestions
from offair.desk.evidence import chosen_layer, title_of
from offair.formats.record_roles import NOT_PERSONS
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.transcript import Attribution, Layer, Speaker, SpeakerKind, Turn
from offair.store import Transaction
from offair.text.name_hints import Suggestion
from offair.text.normalise import fold

LONGEST_NAME = 120
_NOBODY = ("unknown", "unknown speaker", "unidentified speaker", "unnamed speaker")


@dataclass(frozen=True, slots=True)
class Target:
    """Whose name it is: all turns of a voice by its label, or one turn.

    layer_id: of which layer; by default the best, or for a turn the one it stands in.
    """

    label: str | None = None
    turn_id: int | None = None
    layer_id: int | None = None


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """A name to give. author: whose words they are, where not the voice's own, and `how`.

    name: None only for an interpreter whose name does not matter.
    """

    name: str | None
    kind: SpeakerKind = SpeakerKind.PERSON
    author: str | None = None
    author_kind: SpeakerKind = SpeakerKind.PERSON
    how: How | None = None


@dataclass(frozen=True, slots=True)
class Attributed:
    """What an act changed. printed: as records print it, None where unknown again.

    turn_ids: those changed. kept: turns of the voice that were named alone and stay so. reasons:
    of the suggestion that was taken, empty where a person knew the name.
    """

    layer: Layer
    printed: str | None
    turn_ids: tuple[int, ...]
    kept: tuple[int, ...]
    reasons: tuple[str, ...] = ()


def name_speaker(
    desk: Desk,
    recording_id: int,
    target: Target,
    name: SpeakerName,
    *,
    actor: str,
    heard: bool = False,
) -> Attributed:
    """Give a voice or a turn a name; that confirms it. heard: the actor listened to it.

    A name that the machine suggested keeps its reasons. Turns of the voice that somebody named
    alone keep their name. Raises `NotFound` (no such voice or turn: the message lists the voices),
    `BadInput` (an empty name; an author without `how`).
    """
    voice, author = _voice(name), _author(name)
    printed = printed_label(voice, author, name.how)
    taken = None
    if author is None:
        with desk.catalogue.snapshot() as tx:  # the write lock is not held while names are sought
            layer, turns, _ = _turns(tx, recording_id, target)
            found = _suggested(tx, layer, turns)
        taken = next((one for one in found if fold(one.name) == fold(printed)), None)
    made_by, certainty = _maker(actor, target, taken)
    with desk.catalogue.transaction() as tx:
        layer, turns, kept = _turns(tx, recording_id, target)
        tx.add_attributions(
            [
                Attribution(one.id, voice, author, printed, certainty, made_by, actor, heard)
                for one in turns
            ]
        )
        tx.note_act(actor, "name_speaker", "layer", layer.id, turns=len(turns), heard=heard)
    return Attributed(layer, printed, _ids(turns), kept, taken.reasons if taken else ())


def confirm_speaker(
    desk: Desk, recording_id: int, target: Target, *, actor: str, heard: bool = False
) -> Attributed:
    """Confirm the name that a voice or a turn has, or, where it has none, the one suggested.

    Raises `NotFound` as `name_speaker`; `BadInput` where there is nothing to confirm or several
    names are suggested, `Conflict` where somebody else named a speaker meanwhile.
    """
    with desk.catalogue.snapshot() as tx:
        layer, turns, kept = _turns(tx, recording_id, target)
        standing = newest_attributions(tx, layer, turns)
        named = [
            turn for turn in turns if turn.id in standing and _names_somebody(standing[turn.id])
        ]
        found = () if named else _suggested(tx, layer, turns)
    if named:
        again = [
            replace(
                standing[one.id],
                turn_id=one.id,
                confirmed_by=actor,
                heard=heard or standing[one.id].heard,
            )
            for one in named
        ]
        printed = dict.fromkeys(spoken_by(one, standing[one.id], layer).name for one in named)
        said = "; ".join(name for name in printed if name)
        reasons: tuple[str, ...] = ()
    else:
        named = turns
        taken = _only_one(found, turns, recording_id)
        made_by, certainty = _maker(actor, target, taken)
        voice = Speaker(taken.name, taken.kind)
        again = [
            Attribution(one.id, voice, None, taken.name, certainty, made_by, actor, heard)
            for one in turns
        ]
        said, reasons = taken.name, taken.reasons
    with desk.catalogue.transaction() as tx:
        if newest_attributions(tx, layer, turns) != standing:
            raise Conflict(
                f"somebody named a speaker of recording {recording_id} meanwhile; look again with "
                f"`offair speakers {recording_id}`"
            )
        tx.add_attributions(again)
        tx.note_act(actor, "confirm_speaker", "layer", layer.id, turns=len(named), heard=heard)
    return Attributed(layer, said, _ids(named), kept, reasons)


def forget_speaker(desk: Desk, recording_id: int, target: Target, *, actor: str) -> Attributed:
    """Mark a voice or a turn unknown again. Raises as `name_speaker`."""
    with desk.catalogue.transaction() as tx:
        layer, turns, kept = _turns(tx, recording_id, target)
        made_by, _ = _maker(actor, target, None)
        tx.add_attributions(
            [Attribution(one.id, None, None, None, None, made_by, actor) for one in turns]
        )
        tx.note_act(actor, "forget_speaker", "layer", layer.id, turns=len(turns))
    return Attributed(layer, None, _ids(turns), kept)


def carry_names(
    desk: Desk, recording_id: int, from_layer_id: int, layer_id: int, *, actor: str
) -> int:
    """Give turns of one layer the names that another's turns of the same time have, as
    `clusters.carried_names` proposes; how many turns took one.

    The actor who tells the desk to confirms them; nobody listened. What was named alone stays so.
    Raises as `carried_names`.
    """
    with desk.catalogue.transaction() as tx:
        older = chosen_layer(tx, recording_id, from_layer_id)
        found = carried_names(tx, older, chosen_layer(tx, recording_id, layer_id))
        carried = f"{actor}, carried from layer {older.id}"
        tx.add_attributions(
            [
                replace(
                    one,
                    turn_id=turn_id,
                    made_by=carried + (ALONE if one.made_by.endswith(ALONE) else ""),
                    confirmed_by=actor,
                    heard=False,
                )
                for turn_id, one in found.attributions.items()
            ]
        )
        tx.note_act(actor, "carry_names", "layer", layer_id, turns=len(found.attributions))
    return len(found.attributions)


def _turns(
    tx: Transaction, recording_id: int, target: Target
) -> tuple[Layer, list[Turn], tuple[int, ...]]:
    """The layer, the turns an act is for, and the turns of the voice that were named alone."""
    if target.turn_id is not None:
        layer = layer_of_turn(tx, recording_id, target.turn_id, target.layer_id)
        return layer, list(tx.turns_by_id([target.turn_id])), ()
    layer = chosen_layer(tx, recording_id, target.layer_id)
    turns = tx.turns(layer.id)
    hidden = {fold(one.name) for one in tx.withheld(recording_id)}
    label = _label(recording_id, layer, target.label or "", turns, hidden)
    own = [turn for turn in turns if turn.label == label]
    standing = tx.attributions(_ids(own))
    alone = {turn_id for turn_id, one in standing.items() if one.made_by.endswith(ALONE)}
    if len(alone) == len(own):
        alone = set()
    return layer, [turn for turn in own if turn.id not in alone], tuple(sorted(alone))


def _label(
    recording_id: int, layer: Layer, asked: str, turns: Sequence[Turn], hidden: Set[str]
) -> str:
    """The label of a voice as it is written, upper or lower case aside. hidden: names, folded, that
    no message lists."""
    labels = list(dict.fromkeys(turn.label for turn in turns if turn.label is not None))
    if asked in labels:
        return asked
    alike = [one for one in labels if one.casefold() == asked.casefold()]
    if len(alike) == 1:
        return alike[0]
    if not labels:
        raise NotFound(
            f"no voices are told apart in layer {layer.id} of recording {recording_id}; "
            "name single turns with --turn"
        )
    shown = [one for one in labels if fold(one) not in hidden]
    listed = ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if len(shown) > 20 else "")
    raise NotFound(f"layer {layer.id} has no voice {asked!r}; those there are: {listed}")


def _ids(turns: Sequence[Turn]) -> tuple[int, ...]:
    return tuple(turn.id for turn in turns)


def _voice(name: SpeakerName) -> Speaker | None:
    if name.name is None:
        if name.how is not How.INTERPRETER:
            raise BadInput("who speaks? Give the name, or say that it is an interpreter")
        return Speaker("Interpreter", SpeakerKind.ROLE)
    return Speaker(_clean(name.name), name.kind)


def _author(name: SpeakerName) -> Speaker | None:
    if (name.author is None) != (name.how is None):
        raise BadInput(
            "an author's words are interpreted or read out: give both --author NAME and "
            "--how interpreter or --how reading"
        )
    return None if name.author is None else Speaker(_clean(name.author), name.author_kind)


def _clean(name: str) -> str:
    """A name in one line. Raises `BadInput` where it is none."""
    line = title_of(name) if name.strip() else ""
    if not line:
        raise BadInput("the name is empty; to take a name back use --unknown")
    if len(line) > LONGEST_NAME:
        raise BadInput(f"a name has at most {LONGEST_NAME} characters, not {len(line)}")
    if line.casefold() in _NOBODY:
        raise BadInput(f"{line!r} is no name; to take a name back use --unknown")
    return line


def kind_of_name(name: str) -> SpeakerKind:
    """`label` for what the desk lists as no person (`Narrator`, `Crowd`), else `person`."""
    lowered = " ".join(name.split()).casefold()
    return SpeakerKind.LABEL if lowered in NOT_PERSONS else SpeakerKind.PERSON


def _suggested(tx: Transaction, layer: Layer, turns: Sequence[Turn]) -> tuple[Suggestion, ...]:
    """What is suggested for the voice of these turns."""
    label = turns[0].label if turns else None
    return suggestions(tx, layer).get(label, ()) if label is not None else ()


def _only_one(found: Sequence[Suggestion], turns: Sequence[Turn], recording_id: int) -> Suggestion:
    label = (turns[0].label if turns else None) or "this turn"
    if not found:
        raise BadInput(
            f"nothing to confirm: {label} has no name and none is suggested; give one with --name"
        )
    if len(found) > 1:
        listed = ", ".join(f"{one.name} ({len(one.reasons)})" for one in found)
        raise BadInput(
            f"several names are suggested for {label}: {listed}; `offair speakers {recording_id}`"
            " says why; give the right one with --name"
        )
    return found[0]


def _names_somebody(attribution: Attribution) -> bool:
    return attribution.voice is not None or attribution.author is not None


def _maker(actor: str, target: Target, taken: Suggestion | None) -> tuple[str, float | None]:
    """Who made an attribution, with the reasons of a suggestion taken, and how sure it was."""
    alone = ALONE if target.turn_id is not None else ""
    if taken is None:
        return f"{actor}{alone}", None
    return f"{actor}, as suggested: {'; '.join(taken.reasons[:3])}{alone}", taken.share
