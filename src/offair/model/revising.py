"""What a person did to the turns of a layer, so that it can be read, compared and undone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from offair.model.transcript import Turn


class RevisionKind(StrEnum):
    """How turns came from turns: one for one, one in two, two in one, or as they were before."""

    EDIT = "edit"
    SPLIT = "split"
    MERGE = "merge"
    MARK = "mark"
    REVERT = "revert"


@dataclass(frozen=True, slots=True)
class Revision:
    """One act: the turns it took the place of, and those that came of it, each in order.

    undoes: the revision that a revert takes back. standing: nothing that came of it was replaced
    since, or what did was taken back, so that it can be taken back itself.
    """

    id: int
    layer_id: int
    kind: RevisionKind
    made_by: str
    made_utc: str
    before: tuple[Turn, ...]
    after: tuple[Turn, ...]
    reason: str | None = None
    undoes: int | None = None
    standing: bool = True
