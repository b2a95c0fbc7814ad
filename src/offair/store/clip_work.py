"""The part of a transaction that holds how clips are worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from offair.model.clip_work import ClipQuery, ClipState, ClipWork, Proof
from offair.model.record import Clip
from offair.model.time import Ms, Span
from offair.model.transcript import Turn


class ClipWorkRows(Protocol):
    """Rows of how clips are worked on."""

    def clip_work(self, clip_id: int) -> ClipWork:
        """How a clip is worked on; of one that nobody touched since it was drafted or published
        what that says. Raises `NotFound`."""
        ...

    def clip_works(
        self,
        *,
        state: ClipState | None = None,
        owner: str | None = None,
        limit: int = 100,
        before_id: int | None = None,
    ) -> Sequence[ClipWork]:
        """How clips are worked on, the newest clip first; in one state, of one owner."""
        ...

    def save_clip_work(self, work: ClipWork, *, version: int, actor: str) -> ClipWork:
        """Write how a clip is worked on, as changed by `actor` now. Raises `NotFound`, `Conflict`
        where its version is no longer `version`."""
        ...

    def change_clip(
        self,
        clip_id: int,
        *,
        layer_id: int | None,
        spans: Sequence[Span],
        turn_ids: Sequence[int],
        headline: str | None,
        summary: Sequence[str],
    ) -> Clip:
        """Write what a draft is anew. Raises `NotFound` (clip, layer, turn), `BadInput` where the
        layer is another recording's."""
        ...

    def clips_of(self, recording_ids: Sequence[int]) -> Sequence[Clip]:
        """Every clip of these recordings, the newest first."""
        ...

    def taken_over(self, turn_id: int) -> tuple[Sequence[Turn], Sequence[Turn]] | None:
        """The turns that were replaced together with this one, and those that came in their place,
        each in order; None where it stands. Raises `NotFound`."""
        ...

    def clip_queries(self, clip_id: int) -> Sequence[ClipQuery]:
        """The queries of a clip, oldest first, settled ones too."""
        ...

    def open_clip_queries(self, clip_ids: Sequence[int]) -> Mapping[int, int]:
        """How many queries nobody settled, of each of these clips that has one."""
        ...

    def add_clip_query(
        self,
        clip_id: int,
        *,
        turn_id: int | None,
        char_start: int,
        char_end: int,
        words: str,
        at: Ms | None,
        text: str,
        actor: str,
    ) -> ClipQuery:
        """Ask something of words of a clip. Raises `NotFound` (clip, turn)."""
        ...

    def settle_clip_query(self, query_id: int, *, answer: str, actor: str) -> ClipQuery:
        """Answer a query. Raises `NotFound`, `Conflict` where somebody did already."""
        ...

    def clip_proofs(self, clip_id: int) -> Sequence[Proof]:
        """The proofs of a clip's clauses, in their order."""
        ...

    def set_clip_proofs(self, clip_id: int, proofs: Sequence[Proof]) -> Sequence[Proof]:
        """These proofs in place of all the clip had; one with an id keeps it. Raises `NotFound`."""
        ...
