"""The part of a transaction that holds acts on published records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from offair.model.clip_work import EditionAct, RecordAct


class RecordActRows(Protocol):
    """Rows of acts on published records. An act is added and never changed."""

    def add_record_act(
        self,
        clip_id: int,
        edition: int,
        act: EditionAct,
        *,
        actor: str,
        note: str | None = None,
        said: str | None = None,
        says: str | None = None,
        ground: str | None = None,
        erased: bool = False,
    ) -> RecordAct:
        """Note an act, at this moment. edition: the one it made, or the newest it ended. Raises
        `NotFound` where the desk has no such clip."""
        ...

    def record_acts(self, clip_id: int) -> Sequence[RecordAct]:
        """What was done to a clip's record, oldest first; empty where nothing was."""
        ...

    def ended_by(self, clip_id: int) -> RecordAct | None:
        """The act that ended every edition of a clip's record: its removal, else its withdrawal;
        None where the record stands."""
        ...
