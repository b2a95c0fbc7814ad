"""Revisions: a person's change of a turn. The old turn stays, a new one stands in its place."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from sqlalchemy import select

from offair.model.errors import BadInput, Conflict
from offair.model.transcript import Mark, SourceSentence, Turn
from offair.model.words import Words
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc, write_marks
from offair.store.catalogue.hearings import HearingRows
from offair.store.catalogue.sentences import check_ranges

_t, _s = tables.turn.c, tables.sentence.c
_a, _r = tables.attribution.c, tables.revision.c


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
        self._check_revision(old, text, words, sentences, sources or {})
        standing = select(_t.layer_id, _t.replaced_by).where(_t.id == turn_id).with_for_update()
        row = self._run(standing).one()
        layer_id = row.layer_id
        if row.replaced_by is not None:
            by = self._run(select(_r.made_by).where(_r.id == row.replaced_by)).scalar_one()
            raise Conflict(
                f"turn {turn_id} was revised by {by} meanwhile; read the layer again and revise "
                "the turn that stands there now"
            )
        revision_id = self._insert(
            tables.revision, {"layer_id": layer_id, "made_by": actor, "made_utc": now_utc()}
        )
        before = self.sentences([turn_id])
        self._run(tables.turn.update().where(_t.id == turn_id), {"replaced_by": revision_id})
        new_id = self._insert(
            tables.turn,
            {
                "layer_id": layer_id,
                "ordinal": old.ordinal,
                "text": text,
                "words": words.pack(),
                "start_ms": None if old.span is None else old.span.start,
                "end_ms": None if old.span is None else old.span.end,
                "label": old.label,
                "marks": write_marks(carried(old.marks, old.text, text)),
                "made_in": revision_id,
            },
        )
        old_texts = [old.text[one.char_start : one.char_end] for one in before]
        kept = unchanged(old_texts, [text[start:end] for start, end in sentences])
        ids = self._place_sentences(new_id, sentences, [one.id for one in before], kept)
        gone = [one.id for place, one in enumerate(before) if place not in kept.values()]
        made = [place for place in range(len(sentences)) if place not in kept]
        self._carry_sources(ids, gone, made, sources or {})
        self._copy_attribution(turn_id, new_id)
        self._carry_hearings(old, layer_id, new_id, text, words)
        self._note_change("layer", layer_id)
        return self.turns_by_id([new_id])[0]

    def _check_revision(
        self,
        old: Turn,
        text: str,
        words: Words,
        sentences: Sequence[tuple[int, int]],
        sources: Mapping[int, Sequence[SourceSentence]],
    ) -> None:
        check_ranges(text, sentences, f"the revision of turn {old.id}")
        if len(words) and words.char_end[-1] > len(text):
            raise BadInput(
                f"the revision of turn {old.id} has a word that ends at character "
                f"{words.char_end[-1]}, after its {len(text)} characters; find its words again"
            )
        for place in sources:
            if not 0 <= place < len(sentences):
                raise BadInput(
                    f"the revision of turn {old.id} has no sentence {place} to name sources for; "
                    f"it has {len(sentences)}, counted from 0"
                )

    def _place_sentences(
        self,
        turn_id: int,
        ranges: Sequence[tuple[int, int]],
        old_ids: Sequence[int],
        kept: Mapping[int, int],
    ) -> list[int]:
        """The ids of a new turn's sentences, in order: the old one where it is kept, else new."""
        ids = []
        for place, (start, end) in enumerate(ranges):
            row = {"turn_id": turn_id, "char_start": start, "char_end": end}
            if place in kept:
                sentence_id = old_ids[kept[place]]
                self._run(tables.sentence.update().where(_s.id == sentence_id), row)
            else:
                sentence_id = self._insert(tables.sentence, row)
            ids.append(sentence_id)
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

    def _copy_attribution(self, old_id: int, new_id: int) -> None:
        """The newest attribution of a turn counts for the one that took its place, as it stands."""
        newest = select(tables.attribution).where(_a.turn_id == old_id).order_by(_a.id.desc())
        row = self._run(newest.limit(1)).mappings().one_or_none()
        if row is not None:
            values = {name: value for name, value in row.items() if name != "id"}
            self._insert(tables.attribution, {**values, "turn_id": new_id})
