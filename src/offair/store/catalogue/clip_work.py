"""How clips are worked on: states, queries, proofs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, func, select

from offair.model.clip_work import (
    ClauseKind,
    ClipQuery,
    ClipState,
    ClipWork,
    Proof,
    ProofLink,
)
from offair.model.errors import Conflict, NotFound
from offair.model.time import Ms
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc, read_json, write_json
from offair.store.catalogue.rows import PAGE, Rows
from offair.store.catalogue.work_tables import clip_proof, clip_query, clip_work

_w, _q, _p = clip_work.c, clip_query.c, clip_proof.c
_c = tables.clip.c


def _work(row: Row[Any]) -> ClipWork:
    if row.state is None:
        state = ClipState.PUBLISHED if row.edition else ClipState.TO_DO
        return ClipWork(row.id, state)
    return ClipWork(
        row.id, ClipState(row.state), row.owner, row.version, row.not_before, row.hold,
        row.hold_by, row.read_by, row.changed_by, row.changed_utc,
    )  # fmt: skip


def _query(row: Row[Any]) -> ClipQuery:
    return ClipQuery(
        row.id, row.clip_id, row.turn_id, row.char_start, row.char_end, row.words, row.at_ms,
        row.text, row.made_by, row.made_utc, row.answer, row.settled_by, row.settled_utc,
    )  # fmt: skip


def _proof(row: Row[Any]) -> Proof:
    return Proof(
        id=row.id,
        clip_id=row.clip_id,
        part=row.part,
        char_start=row.char_start,
        char_end=row.char_end,
        clause=row.clause,
        kind=ClauseKind(row.kind),
        links=tuple(ProofLink(*one) for one in read_json(row.links)),
        own_words=row.own_words,
        field=row.field,
        differing=tuple(read_json(row.differing)),
        reasons=tuple(read_json(row.reasons)),
        proposed_by=row.proposed_by,
        confirmed_by=row.confirmed_by,
        confirmed_utc=row.confirmed_utc,
        passed=row.passed,
    )


class ClipWorkTableRows(Rows):
    """Rows of how clips are worked on; fulfils `offair.store.clip_work.ClipWorkRows` with
    `clips.ClipRows`."""

    def clip_work(self, clip_id: int) -> ClipWork:
        """How a clip is worked on; of one that nobody touched since it was drafted or published
        what that says. Raises `NotFound`."""
        row = self._run(_works().where(_c.id == clip_id)).one_or_none()
        if row is None:
            raise NotFound(f"the desk has no clip {clip_id}; list the clips to find its number")
        return _work(row)

    def clip_works(
        self,
        *,
        state: ClipState | None = None,
        owner: str | None = None,
        limit: int = 100,
        before_id: int | None = None,
    ) -> Sequence[ClipWork]:
        """How clips are worked on, the newest clip first; in one state, of one owner."""
        asked = _works().order_by(_c.id.desc()).limit(limit)
        if state is not None:
            untouched = _w.state.is_(None)
            same = _w.state == state.value
            if state is ClipState.TO_DO:
                same |= untouched & (_c.edition == 0)
            elif state is ClipState.PUBLISHED:
                same |= untouched & (_c.edition > 0)
            asked = asked.where(same)
        if owner is not None:
            asked = asked.where(_w.owner == owner)
        if before_id is not None:
            asked = asked.where(_c.id < before_id)
        return [_work(row) for row in self._run(asked)]

    def save_clip_work(self, work: ClipWork, *, version: int, actor: str) -> ClipWork:
        """Write how a clip is worked on, as changed by `actor` now. Raises `NotFound`, `Conflict`
        where its version is no longer `version`."""
        standing = self.clip_work(work.clip_id)
        if standing.version != version:
            raise Conflict(
                f"clip {work.clip_id} was changed by {standing.changed_by} meanwhile; look at it "
                "again, then change it"
            )
        saved = replace(work, changed_by=actor, changed_utc=now_utc())
        values = {
            "state": saved.state.value,
            "owner": saved.owner,
            "version": saved.version,
            "not_before": saved.not_before,
            "hold": saved.hold,
            "hold_by": saved.hold_by,
            "read_by": saved.read_by,
            "changed_by": saved.changed_by,
            "changed_utc": saved.changed_utc,
        }
        if not self._insert_once(clip_work, {"clip_id": work.clip_id, **values}):
            self._run(clip_work.update().where(_w.clip_id == work.clip_id), values)
        return saved

    def clip_queries(self, clip_id: int) -> Sequence[ClipQuery]:
        """The queries of a clip, oldest first, settled ones too."""
        asked = select(clip_query).where(_q.clip_id == clip_id).order_by(_q.id)
        return [_query(row) for row in self._run(asked)]

    def open_clip_queries(self, clip_ids: Sequence[int]) -> Mapping[int, int]:
        """How many queries nobody settled, of each of these clips that has one."""
        found: dict[int, int] = {}
        for start in range(0, len(clip_ids), PAGE):
            asked = (
                select(_q.clip_id, func.count().label("asked"))
                .where(_q.clip_id.in_(clip_ids[start : start + PAGE]), _q.settled_by.is_(None))
                .group_by(_q.clip_id)
            )
            found |= {row.clip_id: row.asked for row in self._run(asked)}
        return found

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
        self.clip_work(clip_id)
        made_utc = now_utc()
        query_id = self._insert(
            clip_query,
            {
                "clip_id": clip_id,
                "turn_id": turn_id,
                "char_start": char_start,
                "char_end": char_end,
                "words": words,
                "at_ms": at,
                "text": text,
                "made_by": actor,
                "made_utc": made_utc,
            },
        )
        return ClipQuery(
            query_id, clip_id, turn_id, char_start, char_end, words, at, text, actor, made_utc
        )

    def settle_clip_query(self, query_id: int, *, answer: str, actor: str) -> ClipQuery:
        """Answer a query. Raises `NotFound`, `Conflict` where somebody did already."""
        row = self._run(select(clip_query).where(_q.id == query_id)).one_or_none()
        if row is None:
            raise NotFound(f"the desk has no query {query_id}; list those of the clip")
        known = _query(row)
        if known.settled_by is not None:
            raise Conflict(f"query {query_id} was answered by {known.settled_by} already")
        settled = replace(known, answer=answer, settled_by=actor, settled_utc=now_utc())
        self._run(
            clip_query.update().where(_q.id == query_id),
            {"answer": answer, "settled_by": actor, "settled_utc": settled.settled_utc},
        )
        return settled

    def clip_proofs(self, clip_id: int) -> Sequence[Proof]:
        """The proofs of a clip's clauses, in their order."""
        asked = (
            select(clip_proof)
            .where(_p.clip_id == clip_id)
            .order_by(_p.part, _p.char_start, _p.char_end, _p.id)
        )
        return [_proof(row) for row in self._run(asked)]

    def set_clip_proofs(self, clip_id: int, proofs: Sequence[Proof]) -> Sequence[Proof]:
        """These proofs in place of all the clip had; one with an id keeps it. Raises `NotFound`."""
        self.clip_work(clip_id)
        known = set(self._run(select(_p.id).where(_p.clip_id == clip_id)).scalars())
        gone = sorted(known - {one.id for one in proofs})
        for start in range(0, len(gone), PAGE):
            self._run(clip_proof.delete().where(_p.id.in_(gone[start : start + PAGE])))
        for one in proofs:
            values = _proof_values(clip_id, one)
            if one.id in known:
                self._run(clip_proof.update().where(_p.id == one.id), values)
            else:
                self._insert(clip_proof, values)
        return self.clip_proofs(clip_id)


def _works() -> Select[Any]:
    """Clips with how they are worked on, where anything was written down."""
    columns = [one for one in clip_work.c if one.name != "clip_id"]
    joined = tables.clip.outerjoin(clip_work, _w.clip_id == _c.id)
    return select(_c.id, _c.edition, *columns).select_from(joined)


def _proof_values(clip_id: int, one: Proof) -> dict[str, Any]:
    return {
        "clip_id": clip_id,
        "part": one.part,
        "char_start": one.char_start,
        "char_end": one.char_end,
        "clause": one.clause,
        "kind": one.kind.value,
        "links": write_json([[a.turn_id, a.char_start, a.char_end] for a in one.links]),
        "differing": write_json(list(one.differing)),
        "reasons": write_json(list(one.reasons)),
        "own_words": one.own_words,
        "field": one.field,
        "proposed_by": one.proposed_by,
        "confirmed_by": one.confirmed_by,
        "confirmed_utc": one.confirmed_utc,
        "passed": one.passed,
    }
