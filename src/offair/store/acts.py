"""The part of a transaction that writes the log: who did what to what, in one commit with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from offair.model.people import Act


class ActRows(Protocol):
    """The log. Nothing is ever taken out of it."""

    def note_act(
        self,
        actor: str,
        verb: str,
        kind: str = "",
        subject: int = 0,
        **detail: str | int | float | bool | None,
    ) -> Act:
        """Append a line. Raises `BadInput` where nobody or no verb is named."""
        ...

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
        ...
