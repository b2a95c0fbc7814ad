"""Revisions: a person's change of turns. The old ones stay, new ones stand in their place."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, takewhile
from typing import Any

from sqlalchemy import bindparam, select

from offair.model.errors import BadInput, Conflict
from offair.model.revising import RevisionKind
from offair.model.transcript import Mark, Sentence, SourceSentence, Turn
from offair.model.words import Words
from offair.store.catalogue import tables, work_tables
from offair.store.catalogue.columns import now_utc, write_marks
from offair.store.catalogue.hearings import HearingRows
from offair.store.catalogue.sentences import check_ranges

_t, _s = tables.turn.c, tables.sentence.c
_a, _r, _f = tables.attribution.c, tables.revision.c, tables.flag.c

_MOVE_SENTENCE = (
    tables.sentence.update()
    .where(_s.id == bindparam("moved_id"))
    .values(
        turn_id=bindparam("turn_id"),
        char_start=bindparam("char_start"),
        char_end=bindparam("char_end"),
    )
)


def unchanged(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which new text is which old one: place in `new` → place in `old`, each old one once.

    From both ends first, then in between by the text alone, equal texts in their order.
    """
    head = _equal(old, new)
    tail = min(_equal(old[::-1], new[::-1]), min(len(old), len(new)) - head)
    kept = {place: place for place in range(head)}
    kept |= {len(new) - back: len(old) - back for back in range(1, tail + 1)}
    left: dict[str, deque[int]] = {}
    for place in range(head, len(old) - tail):
        left.setdefault(old[place], deque()).append(place)
    for place in range(head, len(new) - tail):
        if left.get(new[place]):
            kept[place] = left[new[place]].popleft()
    return kept


def carried(marks: Sequence[Mark], old: str, new: str) -> tuple[Mark, ...]:
    """The marks of a text that its change left untouched, at their places in the new text.

    A mark whose printed characters were changed went with them.
    """
    head = _equal(old, new)
    tail = min(_equal(old[::-1], new[::-1]), min(len(old), len(new)) - head)
    moved = len(new) - len(old)
    result = []
    for mark in marks:
        if mark.char_end <= head:
            result.append(mark)
        elif mark.char_start >= len(old) - tail:
            start, end = mark.char_start + moved, mark.char_end + moved
            result.append(replace(mark, char_start=start, char_end=end))
    return tuple(result)


def _equal(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items the two have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def settled_note(revision_id: int) -> str:
    """With what a revision settles the doubts about sentences that it replaced."""
    return f"the sentence was revised by hand (revision {revision_id})"


def _row(turn: Turn) -> dict[str, Any]:
    return {
        "text": turn.text,
        "words": turn.words.pack(),
        "start_ms": None if turn.span is None else turn.span.start,
        "end_ms": None if turn.span is None else turn.span.end,
        "label": turn.label,
        "marks": write_marks(turn.marks),
    }


class RevisionRows(HearingRows):
    """The part of a transaction that holds revisions."""

    def revise_turn(
        self,
        turn_id: int,
        *,
        text: str,
        words: Words,
        sentences: Sequence[tuple[int, int]],
        actor: str,
        sources: Mapping[int, Sequence[SourceSentence]] | None = None,
    ) -> Turn:
        """A person's revision of one turn: a new turn with a new id takes its place, with its
        ordinal, span, label, newest attribution and those marks whose characters stand.

        A sentence whose text is unchanged keeps its id and moves to the new turn. `sources` by
        place in `sentences`; a changed sentence that is not named there keeps what the sentence
        in its place translated, or where one became several or several one, what all of them did.
        Of what persons heard, the words that are unchanged stay heard.
        Writes a change row of the layer. Raises `NotFound`, `Conflict` where the turn was replaced
        meanwhile, `BadInput` where a range does not fit or a source sentence does not exist.
        """
        (old,) = self.turns_by_id([turn_id])
        made = replace(old, text=text, words=words, marks=carried(old.marks, old.text, text))
        revision_id = self._replace(
            [old],
            [made],
            [sentences],
            kind=RevisionKind.EDIT,
            actor=actor,
            sources={(0, place): given for place, given in (sources or {}).items()},
        )
        return self._made_in(revision_id)[0]

    def _replace(
        self,
        old: Sequence[Turn],
        made: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        *,
        kind: RevisionKind,
        actor: str,
        reason: str | None = None,
        speakers: Sequence[int | None] | None = None,
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]] | None = None,
    ) -> int:
        """What `replace_turns` of `offair.store.revising` says, of turns that were read already;
        the revision's id."""
        self._check_made(old, made, sentences, sources or {})
        layer_id = self._open([one.id for one in old])
        revision_id, before = self._retire(layer_id, old, len(made), kind, actor, reason)
        new_ids = self._insert_turns(layer_id, old[0].ordinal, revision_id, [_row(t) for t in made])
        was = {one.id: one for one in old}
        kept = unchanged(
            [was[one.turn_id].text[one.char_start : one.char_end] for one in before],
            [
                turn.text[start:end]
                for turn, ranges in zip(made, sentences, strict=True)
                for start, end in ranges
            ],
        )
        ids = self._place_sentences(new_ids, sentences, [one.id for one in before], kept)
        gone = [one.id for place, one in enumerate(before) if place not in kept.values()]
        fresh = [place for place in range(len(ids)) if place not in kept]
        firsts = list(accumulate((len(one) for one in sentences), initial=0))
        named = {firsts[turn] + place: given for (turn, place), given in (sources or {}).items()}
        self._carry_sources(ids, gone, fresh, named)
        self._settle_gone(revision_id, gone, actor)
        whose = speakers if speakers is not None else [old[0].id] * len(made)
        for source, new_id in zip(whose, new_ids, strict=True):
            if source is not None:
                self._copy_attribution(source, new_id)
        self._carry_hearings(layer_id, old, self.turns_by_id(new_ids))
        self._note_change("layer", layer_id)
        return revision_id

    def _check_made(
        self,
        old: Sequence[Turn],
        made: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]],
    ) -> None:
        whose = " and ".join(f"turn {one.id}" for one in old)
        if not old or not made or len(made) != len(sentences):
            raise BadInput("a revision names the turns it replaces, and the sentences of each new")
        if any(two.ordinal != one.ordinal + 1 for one, two in pairwise(old)):
            raise BadInput(f"{whose} do not stand side by side; merge neighbours only")
        for turn, ranges in zip(made, sentences, strict=True):
            check_ranges(turn.text, ranges, f"the revision of {whose}")
            if len(turn.words) and turn.words.char_end[-1] > len(turn.text):
                raise BadInput(
                    f"the revision of {whose} has a word that ends at character "
                    f"{turn.words.char_end[-1]}, after its {len(turn.text)} characters; find its "
                    "words again"
                )
        for place, number in sources:
            if not (0 <= place < len(made) and 0 <= number < len(sentences[place])):
                raise BadInput(
                    f"the revision of {whose} has no sentence {number} to name sources for; "
                    f"it has {sum(map(len, sentences))}, counted from 0"
                )

    def _open(self, turn_ids: Sequence[int]) -> int:
        """The layer of these turns, which all stand in it. Raises `Conflict`, `BadInput`."""
        statement = select(_t.id, _t.layer_id, _t.replaced_by).where(_t.id.in_(turn_ids))
        rows = self._run(statement.with_for_update()).all()
        for row in rows:
            if row.replaced_by is not None:
                by = self._run(select(_r.made_by).where(_r.id == row.replaced_by)).scalar_one()
                raise Conflict(
                    f"turn {row.id} was revised by {by} meanwhile; read the layer again and "
                    "revise the turn that stands there now"
                )
        layers = {row.layer_id for row in rows}
        if len(layers) != 1:
            raise BadInput("turns of several layers cannot be revised as one; choose one layer")
        return int(layers.pop())

    def _retire(
        self,
        layer_id: int,
        old: Sequence[Turn],
        count: int,
        kind: RevisionKind,
        actor: str,
        reason: str | None,
        undoes: int | None = None,
    ) -> tuple[int, Sequence[Sentence]]:
        """Open a revision that replaces these turns by `count` others: its id, and the sentences
        they had, which are noted so that a revert finds them."""
        values = {"layer_id": layer_id, "made_by": actor, "made_utc": now_utc()}
        revision_id = self._insert(tables.revision, values)
        self._insert(
            work_tables.revision_act,
            {"revision_id": revision_id, "kind": kind.value, "reason": reason, "undoes": undoes},
        )
        ids = [one.id for one in old]
        before = self.sentences(ids)
        if before:
            self._run(
                work_tables.past_sentence.insert(),
                [
                    {
                        "turn_id": one.turn_id,
                        "char_start": one.char_start,
                        "char_end": one.char_end,
                        "sentence_id": one.id,
                    }
                    for one in before
                ],
            )
        self._run(tables.turn.update().where(_t.id.in_(ids)), {"replaced_by": revision_id})
        self._renumber(layer_id, old[0].ordinal, old[-1].ordinal, count)
        return revision_id, before

    def _renumber(self, layer_id: int, first: int, last: int, count: int) -> None:
        """Make room for `count` turns where those from `first` to `last` stood.

        Replaced turns keep their numbers: they tell the order in which they were replaced.
        """
        more = count - (last - first + 1)
        if not more:
            return
        # In two steps: a number may not be taken twice, not even while they are being changed.
        standing = tables.turn.update().where(_t.layer_id == layer_id, _t.replaced_by.is_(None))
        self._run(standing.where(_t.ordinal > last).values(ordinal=-(_t.ordinal + more) - 1))
        self._run(standing.where(_t.ordinal < 0).values(ordinal=-_t.ordinal - 1))

    def _insert_turns(
        self, layer_id: int, first: int, revision_id: int, rows: Sequence[Mapping[str, Any]]
    ) -> list[int]:
        return [
            self._insert(
                tables.turn,
                {**row, "layer_id": layer_id, "ordinal": first + at, "made_in": revision_id},
            )
            for at, row in enumerate(rows)
        ]

    def _made_in(self, revision_id: int) -> Sequence[Turn]:
        """The turns that came of a revision, in order."""
        layer = select(_r.layer_id).where(_r.id == revision_id).scalar_subquery()
        statement = select(_t.id).where(_t.layer_id == layer, _t.made_in == revision_id)
        return self.turns_by_id(self._run(statement.order_by(_t.id)).scalars().all())

    def _place_sentences(
        self,
        turn_ids: Sequence[int],
        ranges: Sequence[Sequence[tuple[int, int]]],
        old_ids: Sequence[int],
        kept: Mapping[int, int],
    ) -> list[int]:
        """The ids of new turns' sentences, in order: the old one where it is kept, else new."""
        ids: list[int] = []
        moved = []
        for turn_id, of_turn in zip(turn_ids, ranges, strict=True):
            for start, end in of_turn:
                row = {"turn_id": turn_id, "char_start": start, "char_end": end}
                if len(ids) in kept:
                    ids.append(old_ids[kept[len(ids)]])
                    moved.append({**row, "moved_id": ids[-1]})
                else:
                    ids.append(self._insert(tables.sentence, row))
        if moved:
            self._run(_MOVE_SENTENCE, moved)
        return ids

    def _carry_sources(
        self,
        ids: Sequence[int],
        gone: Sequence[int],
        made: Sequence[int],
        named: Mapping[int, Sequence[SourceSentence]],
    ) -> None:
        """Set what was named, and carry on what the sentences that are gone translated."""
        theirs = self.sentence_sources(gone)
        every = dict.fromkeys(source for one in gone for source in theirs.get(one, ()))
        sources: dict[int, Sequence[SourceSentence]] = {}
        for number, place in enumerate(made):
            alone = theirs.get(gone[number], ()) if len(gone) == len(made) else list(every)
            if alone:
                sources[ids[place]] = alone
        self._set_sources(sources | {ids[place]: given for place, given in named.items()})

    def _settle_gone(self, revision_id: int, gone: Sequence[int], actor: str) -> None:
        """Doubts about sentences that stand no more are settled: a person put other words there."""
        if gone:
            doubts = tables.flag.update().where(_f.sentence_id.in_(gone), _f.settled_by.is_(None))
            note = settled_note(revision_id)
            self._run(doubts, {"settled_by": actor, "settled_utc": now_utc(), "settled_note": note})

    def _copy_attribution(self, old_id: int, new_id: int) -> None:
        """The newest attribution of a turn counts for the one that took its place, as it stands."""
        newest = select(tables.attribution).where(_a.turn_id == old_id).order_by(_a.id.desc())
        row = self._run(newest.limit(1)).mappings().one_or_none()
        if row is not None:
            values = {name: value for name, value in row.items() if name != "id"}
            self._insert(tables.attribution, {**values, "turn_id": new_id})
