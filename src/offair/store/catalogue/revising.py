"""The part of a transaction that holds how turns were changed, and changes them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from offair.model.errors import Conflict, NotFound
from offair.model.revising import Revision, RevisionKind
from offair.model.transcript import Layer, SourceSentence, Turn
from offair.store.catalogue import tables, work_tables
from offair.store.catalogue.revisions import RevisionRows, settled_note

_t, _s, _r = tables.turn.c, tables.sentence.c, tables.revision.c
_a, _f, _h = tables.attribution.c, tables.flag.c, tables.hearing.c
_k, _p = work_tables.revision_act.c, work_tables.past_sentence.c
_STORED = (_t.text, _t.words, _t.start_ms, _t.end_ms, _t.label, _t.marks)


@dataclass(frozen=True, slots=True)
class _Act:
    """A row of a revision. known: it was noted how, so that it can be taken back."""

    id: int
    kind: RevisionKind
    made_by: str
    made_utc: str
    reason: str | None
    undoes: int | None
    known: bool


@dataclass(frozen=True)
class _Chain:
    """How the turns of a layer came from one another. made_in, replaced_by: by turn, None for
    none. acts: by id, oldest first."""

    made_in: Mapping[int, int | None]
    replaced_by: Mapping[int, int | None]
    acts: Mapping[int, _Act]

    @cached_property
    def before(self) -> Mapping[int, list[int]]:
        """The turns that each act replaced, in order."""
        return _grouped(self.replaced_by)

    @cached_property
    def after(self) -> Mapping[int, list[int]]:
        """The turns that came of each act, in order: they were made in it."""
        return {act: sorted(turns) for act, turns in _grouped(self.made_in).items()}

    @cached_property
    def _undoers(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = {}
        for one in self.acts.values():
            if one.undoes is not None:
                found.setdefault(one.undoes, []).append(one.id)
        return found

    def now(self, turn_id: int) -> int | None:
        """The turn that stands with what this one holds: itself, or as reverts brought it back."""
        waiting = [turn_id]
        while waiting:
            one = waiting.pop()
            by = self.replaced_by[one]
            if by is None:
                return one
            place = self.before[by].index(one)
            waiting += [self.after[undoer][place] for undoer in self._undoers.get(by, ())]
        return None

    def standing_after(self, act_id: int) -> list[int] | None:
        """The turns that stand with what came of an act; None where one was replaced."""
        found = [self.now(one) for one in self.after.get(act_id, ())]
        standing = [one for one in found if one is not None]
        return standing if found and len(standing) == len(found) else None

    def of_turn(self, turn_id: int) -> set[int]:
        """The acts that led to what stands in the place of a turn."""
        return self._acts_from(self._ends(turn_id))

    def _ends(self, turn_id: int) -> list[int]:
        ends, seen, waiting = [], {turn_id}, [turn_id]
        while waiting:
            one = waiting.pop()
            by = self.replaced_by[one]
            if by is None:
                ends.append(one)
            else:
                fresh = [other for other in self.after[by] if other not in seen]
                seen.update(fresh)
                waiting += fresh
        return ends

    def _acts_from(self, turn_ids: Sequence[int]) -> set[int]:
        acts: set[int] = set()
        waiting = list(turn_ids)
        while waiting:
            by = self.made_in[waiting.pop()]
            if by is not None and by not in acts:
                acts.add(by)
                waiting += self.before.get(by, ())
        return acts

    def writer(self, turn_id: int) -> str | None:
        """The person who wrote the words of a turn; None where the layer's maker did."""
        waiting, seen = [turn_id], {turn_id}
        while waiting:
            one = waiting.pop(0)
            by = self.made_in[one]
            if by is None:
                continue
            act = self.acts[by]
            if act.kind is RevisionKind.EDIT:
                return act.made_by
            if act.undoes is None:
                sources = self.before[by]
            else:
                sources = [self.before[act.undoes][self.after[by].index(one)]]
            waiting += [other for other in sources if other not in seen]
            seen.update(sources)
        return None


def _grouped(acts: Mapping[int, int | None]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for turn_id, act_id in acts.items():
        if act_id is not None:
            found.setdefault(act_id, []).append(turn_id)
    return found


class RevisingTableRows(RevisionRows):
    """Fulfils `offair.store.revising.RevisingRows`."""

    def replace_turns(
        self,
        turn_ids: Sequence[int],
        made: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        *,
        kind: RevisionKind,
        actor: str,
        reason: str | None = None,
        speakers: Sequence[int | None] | None = None,
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]] | None = None,
    ) -> Revision:
        """Put turns in the place of one turn or of neighbours, in order; the old ones stay,
        replaced. Raises `Conflict`, `BadInput`, `NotFound`."""
        old = self.turns_by_id(turn_ids)
        revision_id = self._replace(
            old, made, sentences, kind=kind, actor=actor, reason=reason, speakers=speakers,
            sources=sources,
        )  # fmt: skip
        return self._done(revision_id, old)

    def revert_revision(
        self, revision_id: int, *, actor: str, reason: str | None = None
    ) -> Revision:
        """Take a revision back: its turns stand again as they were stored. Raises `Conflict` where
        what came of it was replaced since, or it was made before reverts could be; `NotFound`."""
        layer_id = self._layer_of(revision_id)
        chain = self._chain(layer_id)
        if not chain.acts[revision_id].known:
            raise Conflict(
                f"revision {revision_id} was made by an earlier release, which did not note how to "
                "take it back; write the old words again"
            )
        standing = chain.standing_after(revision_id)
        if standing is None:
            raise Conflict(
                f"what came of revision {revision_id} was changed since; take the newer changes "
                "back first"
            )
        old = sorted(self.turns_by_id(standing), key=lambda one: one.ordinal)
        again = chain.before[revision_id]
        stored = {
            row.id: row._asdict()
            for row in self._run(select(_t.id, *_STORED).where(_t.id.in_(again)))
        }
        undo, _ = self._retire(
            layer_id, old, len(again), RevisionKind.REVERT, actor, reason, revision_id
        )
        rows = [{name: stored[one][name] for name in stored[one] if name != "id"} for one in again]
        made = self._insert_turns(layer_id, old[0].ordinal, undo, rows)
        alone = len(old) == len(made) == 1
        for was, now in zip(again, made, strict=True):
            past = select(_p.char_start, _p.char_end, _p.sentence_id).where(_p.turn_id == was)
            for row in self._run(past).all():
                place = {"turn_id": now, "char_start": row.char_start, "char_end": row.char_end}
                self._run(tables.sentence.update().where(_s.id == row.sentence_id), place)
            self._copy_attribution(old[0].id if alone else was, now)
            self._hear_again(was, now)
        reopened = {"settled_by": None, "settled_utc": None, "settled_note": None}
        settled = _f.settled_note == settled_note(revision_id)
        self._run(tables.flag.update().where(_f.layer_id == layer_id, settled), reopened)
        self._carry_hearings(layer_id, old, self.turns_by_id(made))
        self._note_change("layer", layer_id)
        return self._done(undo, old)

    def turns_around(self, turn_id: int, *, before: int, after: int) -> Sequence[Turn]:
        """The turn that stands in the place of this one, the first where it was split, and as many
        as `before` and `after` say beside it in its layer, in order. Raises `NotFound`."""
        found = super().turns_around(turn_id, before=before, after=after)
        if any(one.id == turn_id for one in found):
            return found
        here = turn_id
        while True:
            by = self._run(select(_t.replaced_by).where(_t.id == here)).scalar_one()
            if by is None:
                return super().turns_around(here, before=before, after=after)
            here = self._made_in(by)[0].id

    def _hear_again(self, was: int, now: int) -> None:
        """What was heard of a turn counts for the one that stands in its place with its words."""
        statement = select(_h.char_start, _h.char_end, _h.heard_by, _h.heard_utc)
        for row in self._run(statement.where(_h.turn_id == was)).all():
            self._insert_once(tables.hearing, {**row._asdict(), "turn_id": now})

    def turn_layer(self, turn_id: int) -> Layer:
        """The layer of a turn, whether it stands or was replaced. Raises `NotFound`."""
        layer_id = self._run(select(_t.layer_id).where(_t.id == turn_id)).scalar()
        if layer_id is None:
            raise NotFound(f"the desk has no turn {turn_id}; read its layer again")
        return self.layer(layer_id)

    def revision(self, revision_id: int) -> Revision:
        """One revision. Raises `NotFound`."""
        chain = self._chain(self._layer_of(revision_id))
        return self._read_revisions(chain, self._layer_of(revision_id), [revision_id])[0]

    def revisions(
        self,
        layer_id: int,
        *,
        turn_id: int | None = None,
        before_id: int | None = None,
        limit: int = 50,
    ) -> Sequence[Revision]:
        """What was done to a layer, or to what stands in the place of a turn, newest first. Raises
        `NotFound`."""
        chain = self._chain(layer_id)
        wanted = self._wanted(chain, layer_id, turn_id)
        ids = sorted((one for one in wanted if before_id is None or one < before_id), reverse=True)
        return self._read_revisions(chain, layer_id, ids[:limit])

    def newest_of(self, layer_id: int, actor: str, turn_id: int | None = None) -> Revision | None:
        """The newest revision by this person that can be taken back and is no revert itself."""
        chain = self._chain(layer_id)
        for one in sorted(self._wanted(chain, layer_id, turn_id), reverse=True):
            act = chain.acts[one]
            own = act.made_by == actor and act.kind is not RevisionKind.REVERT and act.known
            if own and chain.standing_after(one) is not None:
                return self._read_revisions(chain, layer_id, [one])[0]
        return None

    def words_by(self, layer_id: int, turn_ids: Sequence[int]) -> Mapping[int, str]:
        """Who wrote the words of these turns of a layer, where that was a person."""
        if not turn_ids:
            return {}
        chain = self._chain(layer_id)
        found = {one: chain.writer(one) for one in turn_ids if one in chain.made_in}
        return {one: name for one, name in found.items() if name is not None}

    def _wanted(self, chain: _Chain, layer_id: int, turn_id: int | None) -> set[int]:
        if turn_id is None:
            return set(chain.acts)
        if turn_id not in chain.made_in:
            raise NotFound(f"layer {layer_id} has no turn {turn_id}; read the layer again")
        return chain.of_turn(turn_id)

    def _layer_of(self, revision_id: int) -> int:
        found = self._run(select(_r.layer_id).where(_r.id == revision_id)).scalar()
        if found is None:
            raise NotFound(f"the desk has no revision {revision_id}; read the history again")
        return int(found)

    def _chain(self, layer_id: int) -> _Chain:
        turns = self._run(
            select(_t.id, _t.made_in, _t.replaced_by)
            .where(_t.layer_id == layer_id)
            .order_by(_t.ordinal, _t.id)
        ).all()
        acts = self._run(
            select(tables.revision, _k.revision_id, _k.kind, _k.reason, _k.undoes)
            .outerjoin(work_tables.revision_act, _k.revision_id == _r.id)
            .where(_r.layer_id == layer_id)
            .order_by(_r.id)
        ).all()
        return _Chain(
            {one.id: one.made_in for one in turns},
            {one.id: one.replaced_by for one in turns},
            {
                one.id: _Act(
                    one.id,
                    RevisionKind(one.kind or RevisionKind.EDIT.value),
                    one.made_by,
                    one.made_utc,
                    one.reason,
                    one.undoes,
                    one.revision_id is not None,
                )
                for one in acts
            },
        )

    def _read_revisions(
        self, chain: _Chain, layer_id: int, ids: Sequence[int]
    ) -> Sequence[Revision]:
        wanted = [turn for one in ids for turn in (*chain.before[one], *chain.after[one])]
        turns = {one.id: one for one in self.turns_by_id(list(dict.fromkeys(wanted)))}
        return [
            Revision(
                one,
                layer_id,
                chain.acts[one].kind,
                chain.acts[one].made_by,
                chain.acts[one].made_utc,
                tuple(turns[turn] for turn in chain.before[one]),
                tuple(turns[turn] for turn in chain.after[one]),
                chain.acts[one].reason,
                chain.acts[one].undoes,
                chain.acts[one].known and chain.standing_after(one) is not None,
            )
            for one in ids
        ]

    def _done(self, revision_id: int, old: Sequence[Turn]) -> Revision:
        """A revision that was made just now."""
        statement = (
            select(tables.revision, _k.kind, _k.reason, _k.undoes)
            .join(work_tables.revision_act, _k.revision_id == _r.id)
            .where(_r.id == revision_id)
        )
        row = self._run(statement).one()
        return Revision(
            row.id, row.layer_id, RevisionKind(row.kind), row.made_by, row.made_utc, tuple(old),
            tuple(self._made_in(revision_id)), row.reason, row.undoes,
        )  # fmt: skip
