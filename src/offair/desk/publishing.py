"""How a clip is published: as which act, with which note, and what stops it."""

from __future__ import annotations

from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.publication_stops import publication_stops
from offair.model.clip_work import EditionAct, Stop
from offair.model.errors import BadInput, Refused
from offair.model.record import Clip
from offair.store import Transaction


@dataclass(frozen=True, slots=True)
class Publishing:
    """How a clip is to be published.

    act: None publishes a draft as edition 1, and a published clip as a correction. note: public, of
    a correction; said, says: what was printed and what is now. override: the reason for which an
    administrator passes the stops that can be passed. version: of the draft that was looked at,
    None where nobody has to have looked.
    """

    act: EditionAct | None = None
    note: str | None = None
    said: str | None = None
    says: str | None = None
    override: str | None = None
    version: int | None = None


def public_note(how: Publishing) -> str | None:
    """The note that a correction prints: what it said, what it says, and what else is noted."""
    parts = []
    if how.said and how.says:
        parts.append(f"It said “{how.said.strip()}”; it says “{how.says.strip()}”.")
    if how.note and how.note.strip():
        parts.append(how.note.strip())
    return " ".join(parts) or None


def check_act(clip: Clip, how: Publishing) -> EditionAct:
    """The act that publishing this clip is. Raises `BadInput` where it is none that can be: a
    correction without a note, a first edition that corrects."""
    if clip.edition == 0:
        if how.act not in (None, EditionAct.PUBLISH):
            raise BadInput(
                f"clip {clip.id} is not published, so there is nothing to {how.act.value}; "
                "publish it first"
            )
        return EditionAct.PUBLISH
    act = how.act or EditionAct.CORRECT
    if act not in (EditionAct.TIDY, EditionAct.CORRECT):
        number = clip.number.printed if clip.number else clip.id
        raise BadInput(f"record {number} is published: tidy it, or correct it with a note")
    if act is EditionAct.CORRECT and public_note(how) is None:
        raise BadInput(
            f"record {clip.number.printed if clip.number else clip.id} is published: a new edition"
            " needs a public note of what it said and what it says now"
        )
    return act


def act_of(desk: Desk, tx: Transaction, clip: Clip, how: Publishing) -> EditionAct:
    """The same, of a clip that this desk may publish. Raises `Refused` where it may not: an
    imported record, a withdrawn or removed one; `BadInput` where an override gives no reason."""
    if clip.number is not None and clip.number.series != desk.series:
        raise Refused(
            f"clip {clip.id} is {clip.number.series}'s record {clip.number.printed}: an "
            "imported record keeps its number and is not published again by this desk"
        )
    ended = tx.ended_by(clip.id)
    if ended is not None:
        done = "removed" if ended.act is EditionAct.REMOVE else "withdrawn"
        raise Refused(f"the record of clip {clip.id} was {done}; it is not published again")
    if how.override is not None and not how.override.strip():
        raise BadInput("what stops a clip is passed for a reason; say which")
    return check_act(clip, how)


def stops_of(desk: Desk, tx: Transaction, clip_id: int, now_utc: str) -> tuple[Stop, ...]:
    """What stops a clip at this desk. now_utc: ISO 8601 with `Z`. Raises as `publication_stops`."""
    required = desk.second_reader_required
    return publication_stops(tx, clip_id, now_utc=now_utc, second_reader_required=required)
