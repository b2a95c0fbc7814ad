"""The log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from offair.model.errors import BadInput
from offair.model.people import Act
from offair.store.catalogue import people_tables
from offair.store.catalogue.columns import now_utc, read_json, write_json
from offair.store.catalogue.rows import Rows

_a = people_tables.act.c


def _act(row: Row[Any]) -> Act:
    return Act(
        row.id, row.made_utc, row.actor, row.verb, row.kind, row.subject, read_json(row.detail)
    )


class ActTableRows(Rows):
    """The part of a transaction that writes the log; fulfils `offair.store.acts.ActRows`."""

    def note_act(
        self,
        actor: str,
        verb: str,
        kind: str = "",
        subject: int = 0,
        **detail: str | int | float | bool | None,
    ) -> Act:
        """Append a line. Raises `BadInput` where nobody or no verb is named."""
        if not actor.strip() or not verb.strip():
            raise BadInput("a line of the log names who did what; give an actor and a verb")
        made_utc = now_utc()
        act_id = self._insert(
            people_tables.act,
            {
                "made_utc": made_utc,
                "actor": actor,
                "verb": verb,
                "kind": kind,
                "subject": subject,
                "detail": write_json(detail),
            },
        )
        return Act(act_id, made_utc, actor, verb, kind, subject, detail)

    def acts(
        self,
        *,
        kind: str | None = None,
        subject: int | None = None,
        actor: str | None = None,
        before_id: int | None = None,
        limit: int = 100,
    ) -> Sequence[Act]:
        """Lines of the log, newest first."""
        asked = select(people_tables.act).order_by(_a.id.desc()).limit(limit)
        for column, value in ((_a.kind, kind), (_a.subject, subject), (_a.actor, actor)):
            if value is not None:
                asked = asked.where(column == value)
        if before_id is not None:
            asked = asked.where(_a.id < before_id)
        return [_act(row) for row in self._run(asked)]
