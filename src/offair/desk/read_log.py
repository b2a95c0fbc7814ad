"""Read the log: who did what to what, newest first."""

from __future__ import annotations

from offair.desk import Desk
from offair.model.errors import BadInput
from offair.model.people import Act

MOST = 1_000
"""Lines at once."""
_LARGEST = 2**53


def read_log(
    desk: Desk,
    *,
    kind: str | None = None,
    subject: int | None = None,
    actor: str | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> tuple[Act, ...]:
    """Lines of the log, newest first. kind, subject: what was done something to (`clip` 12).
    actor: who did it, written as there. before_id: only lines with lesser numbers. limit: 1 to
    `MOST`. Raises `BadInput` (the limit, a number
    that nothing has, a subject without a kind)."""
    if not 1 <= limit <= MOST:
        raise BadInput(f"{limit} lines cannot be shown at once; ask for 1 to {MOST:,}")
    if any(one is not None and not 0 <= one < _LARGEST for one in (subject, before_id)):
        raise BadInput("the log has no line and no thing with such a number; give another")
    if subject is not None and kind is None:
        raise BadInput(f"{subject} alone says nothing; give the kind of thing too, like clip")
    with desk.catalogue.snapshot() as tx:
        return tuple(
            tx.acts(kind=kind, subject=subject, actor=actor, before_id=before_id, limit=limit)
        )
