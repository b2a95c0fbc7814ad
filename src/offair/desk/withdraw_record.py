"""Withdraw a published record: its page stands with number, date and reason, and nothing else."""

from __future__ import annotations

from offair.desk import Desk
from offair.desk.record_end import LONGEST_REASON, end_record, numbered
from offair.model.clip_work import ClipState, EditionAct, RecordAct


def withdraw_record(desk: Desk, address: str, reason: str, *, actor: str) -> RecordAct:
    """Withdraw the record at an address (`12`, `publisher/8914`), all its editions, for good.

    Text and media are shown to nobody any more; the number stays taken, and the page says since
    when and why. The broadcast's own transcript stays at the desk. Withdrawn twice is once. Raises
    `NotFound`, `Gone` (it was removed), `BadInput` (no reason).
    """
    with desk.catalogue.transaction() as tx:
        clip = numbered(tx, desk.series, address)
        return end_record(
            tx, clip, EditionAct.WITHDRAW, ClipState.WITHDRAWN, actor=actor, told=reason,
            longest=LONGEST_REASON,
        )  # fmt: skip
