"""A person has looked at a doubt: the flag stays, with who settled it and what they found."""

from __future__ import annotations

from offair.desk import Desk
from offair.model.errors import BadInput
from offair.model.transcript import Flag

LONGEST_NOTE = 2_000


def settle_flag(desk: Desk, flag_id: int, *, actor: str, note: str | None = None) -> Flag:
    """Note that `actor` has looked at a flag. note: what they found, in words.

    Raises `NotFound` where there is no such flag, `BadInput` where the note is too long.
    """
    said = " ".join((note or "").split()) or None
    if said is not None and len(said) > LONGEST_NOTE:
        raise BadInput(
            f"the note on flag {flag_id} has {len(said)} characters; at most {LONGEST_NOTE} are"
            " kept, so say it shorter"
        )
    with desk.catalogue.transaction() as tx:
        settled = tx.settle_flag(flag_id, actor=actor, note=said)
        tx.note_act(actor, "settle_flag", "flag", flag_id)
        return settled
