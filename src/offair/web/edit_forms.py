"""What the forms of the editing page do, where a browser has no scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from offair.desk import Desk
from offair.desk.hear_span import hear_span, span_to_hear
from offair.desk.merge_turns import merge_turns
from offair.desk.name_speaker import (
    SpeakerName,
    Target,
    confirm_speaker,
    forget_speaker,
    kind_of_name,
    name_speaker,
)
from offair.desk.open_turns import open_standing
from offair.desk.revert_revision import revert_revision, undo
from offair.desk.revise_turn import revise_turn
from offair.desk.split_turn import split_turn
from offair.model.errors import BadInput
from offair.model.transcript import Layer

_LARGEST_ID = 2**53


def number_of(text: str | None) -> int:
    """A number as a form sends it. Raises `BadInput`."""
    if not text or not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise BadInput("the form does not say which turn it is about; load the page again")
    if int(text) > _LARGEST_ID:
        raise BadInput(f"{text} is not a number this desk knows")
    return int(text)


def act(desk: Desk, layer: Layer, turn_id: int, form: Mapping[str, str], actor: str) -> int:
    """Do what a form asks with a turn, as it was read. Returns the id of the turn to go on with.

    Raises `BadInput` for what no form asks, and as the verbs do.
    """
    asked = form.get("act", "")
    text = form.get("text")
    if text is not None and asked in ("save", "split", "merge"):
        saved = revise_turn(desk, turn_id, text.replace("\r\n", "\n"), actor=actor)
        turn_id = saved.turns[0].id
    if asked == "split":
        return _split(desk, turn_id, form.get("before", ""), actor)
    if asked == "merge":
        return _merge(desk, layer, turn_id, actor)
    if asked == "speaker":
        _speaker(desk, layer, turn_id, form, actor)
    elif asked == "heard":
        _heard(desk, layer, turn_id, actor)
    elif asked == "undo":
        return undo(desk, layer.id, actor=actor).turns[0].id
    elif asked != "save":
        raise BadInput("the form does not say what to do with the turn; load the page again")
    return turn_id


def revert(desk: Desk, form: Mapping[str, str], actor: str) -> int:
    """Take back the revision that a form names. Returns the id of the turn that stands now."""
    return revert_revision(desk, number_of(form.get("revision")), actor=actor).turns[0].id


def _split(desk: Desk, turn_id: int, before: str, actor: str) -> int:
    """Divide a turn before these words, which must stand in it once."""
    words = before.strip()
    text = open_standing(desk, turn_id).turns[0].turn.text
    if not words:
        raise BadInput("write the words before which the turn is to be divided")
    if text.count(words) != 1:
        raise BadInput(
            f"{words[:80]!r} stands in the turn {text.count(words)} times; write words that stand "
            "there once"
        )
    return split_turn(desk, turn_id, text.index(words), actor=actor).turns[1].id


def _merge(desk: Desk, layer: Layer, turn_id: int, actor: str) -> int:
    place = open_standing(desk, turn_id).turns[0].turn.ordinal
    with desk.catalogue.snapshot() as tx:
        following = tx.turns(layer.id, offset=place + 1, limit=1)
    if not following:
        raise BadInput("this is the last turn of the text; there is none to join it with")
    return merge_turns(desk, turn_id, following[0].id, actor=actor).turns[0].id


def _speaker(desk: Desk, layer: Layer, turn_id: int, form: Mapping[str, str], actor: str) -> None:
    turn = open_standing(desk, turn_id).turns[0].turn
    whole = form.get("whole") == "1" and turn.label is not None
    target = Target(
        label=turn.label if whole else None, turn_id=None if whole else turn_id, layer_id=layer.id
    )
    heard = form.get("heard") == "1"
    how = form.get("how", "")
    if how == "confirm":
        confirm_speaker(desk, layer.recording_id, target, actor=actor, heard=heard)
    elif how == "forget":
        forget_speaker(desk, layer.recording_id, target, actor=actor)
    else:
        name = " ".join(form.get("name", "").split())
        if not name:
            raise BadInput("write the name of whoever speaks")
        name_speaker(
            desk, layer.recording_id, target, SpeakerName(name, kind_of_name(name)), actor=actor,
            heard=heard,
        )  # fmt: skip


def _heard(desk: Desk, layer: Layer, turn_id: int, actor: str) -> None:
    open_standing(desk, turn_id)
    shown = span_to_hear(desk, layer.recording_id, turn_ids=[turn_id], layer_id=layer.id)
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    hear_span(desk, shown, actor=actor, now_utc=now)
