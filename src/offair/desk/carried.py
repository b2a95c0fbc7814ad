"""Where the words stand now that something is pinned to: a query, a proof, a clip by turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.clip_work import ProofLink
from offair.model.time import Ms
from offair.model.transcript import Turn
from offair.store import Transaction
from offair.text.carried_place import carried_place


@dataclass(frozen=True, slots=True)
class Standing:
    """Words of a turn as they stand now. unchanged: as they did when something was pinned."""

    turn: Turn
    char_start: int
    char_end: int
    unchanged: bool

    @property
    def words(self) -> str:
        """The words."""
        return self.turn.text[self.char_start : self.char_end]

    @property
    def link(self) -> ProofLink:
        """The same as a proof names it."""
        return ProofLink(self.turn.id, self.char_start, self.char_end)

    @property
    def at(self) -> Ms | None:
        """Media time of the first of the words; of the turn, where they have none."""
        for word in self.turn.words:
            if word.char_end > self.char_start and word.start is not None:
                return word.start
        return None if self.turn.span is None else self.turn.span.start


def standing_words(tx: Transaction, turn_id: int, start: int, end: int) -> Standing | None:
    """Where words of a turn stand now that it was revised, split or merged, and that again; None
    where they are gone. Raises `NotFound` where there never was such a turn."""
    unchanged = True
    while (step := tx.taken_over(turn_id)) is not None:
        before, after = step
        number = next(at for at, one in enumerate(before) if one.id == turn_id)
        texts = [one.text for one in before], [one.text for one in after]
        place = carried_place(*texts, number, start, end)
        if place is None:
            return None
        turn_id, start, end = after[place.text].id, place.char_start, place.char_end
        unchanged = unchanged and place.unchanged
    (turn,) = tx.turns_by_id([turn_id])
    return Standing(turn, min(start, len(turn.text)), min(end, len(turn.text)), unchanged)


def standing_turns(tx: Transaction, turn_ids: Sequence[int]) -> list[Turn]:
    """The turns that stand in the place of these, each once, in their order."""
    found: dict[int, Turn] = {}
    waiting = list(turn_ids)
    while waiting:
        turn_id = waiting.pop(0)
        step = tx.taken_over(turn_id)
        if step is None:
            found.update((one.id, one) for one in tx.turns_by_id([turn_id]))
        else:
            waiting[:0] = [one.id for one in step[1]]
    return list(found.values())
