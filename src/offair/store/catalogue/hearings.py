"""Hearings: which words of a turn a person listened to, and found as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from sqlalchemy import bindparam, select

from offair.model.errors import BadInput, Conflict
from offair.model.names import Hearing
from offair.model.transcript import Turn
from offair.store.catalogue import tables
from offair.store.catalogue.doubts import FlagRows
from offair.store.catalogue.layers import word_ranges
from offair.store.catalogue.prepared import IDS, Prepared
from offair.store.catalogue.rows import PAGE

_h, _t, _l = tables.hearing.c, tables.turn.c, tables.layer.c
_OF_TURNS = Prepared(
    select(_h.turn_id, _h.char_start, _h.char_end, _h.heard_by, _h.heard_utc)
    .where(_h.turn_id.in_(bindparam(IDS, expanding=True)))
    .order_by(_h.turn_id, _h.char_start, _h.id),
    by_ids=True,
)
_LARGEST_COMPARED = 2_000
"""Of a change that touches more words than this, everything between its ends counts as changed."""


def heard_words(words: Sequence[tuple[int, int]], heard: Sequence[Hearing]) -> int:
    """How many of these words (character ranges, sorted) lie wholly in what was heard.

    Hearings that touch one another count as one stretch.
    """
    stretches: list[list[int]] = []
    for one in sorted(heard, key=lambda one: one.char_start):
        if stretches and one.char_start <= stretches[-1][1]:
            stretches[-1][1] = max(stretches[-1][1], one.char_end)
        else:
            stretches.append([one.char_start, one.char_end])
    found = place = 0
    for start, end in words:
        while place < len(stretches) and stretches[place][1] < end:
            place += 1
        found += place < len(stretches) and stretches[place][0] <= start
    return found


def kept_words(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Rows of words that a change left as they were: (place in `old`, place in `new`, how many)."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    rows = [(0, 0, head)]
    if max(len(old_middle), len(new_middle)) <= _LARGEST_COMPARED:
        blocks = SequenceMatcher(None, old_middle, new_middle, autojunk=False).get_matching_blocks()
        rows += [(head + one.a, head + one.b, one.size) for one in blocks]
    rows.append((len(old) - tail, len(new) - tail, tail))
    return [row for row in rows if row[2]]


class HearingRows(FlagRows):
    """The part of a transaction that holds hearings. A hearing is never changed; a revision ends
    what it was of the words changed, by carrying the others only to the turn that stands now."""

    def add_hearings(self, hearings: Sequence[Hearing]) -> None:
        """A person heard these stretches and found the words so; the same twice is one row.

        Writes a change row of each layer: it may be the one to search from now on. Raises
        `NotFound` (a turn), `Conflict` where a turn was revised meanwhile, `BadInput` where a
        stretch does not fit its turn. Then nothing is written.
        """
        given: dict[int, list[Hearing]] = {}
        for one in hearings:
            given.setdefault(one.turn_id, []).append(one)
        turns = self.turns_by_id(list(given))
        layers = self._standing_layers(list(given))
        for turn in turns:
            for one in given[turn.id]:
                if not 0 <= one.char_start < one.char_end <= len(turn.text):
                    raise BadInput(
                        f"characters {one.char_start} to {one.char_end} of turn {turn.id} cannot "
                        f"have been heard: it has {len(turn.text)}; read it again"
                    )
        more: dict[int, int] = {}
        before = self.hearings(list(given))
        for turn in turns:
            words = word_ranges(turn.text, turn.words)
            known = list(before.get(turn.id, ()))
            for one in given[turn.id]:
                self._insert_once(tables.hearing, _row(one))
            gained = heard_words(words, known + given[turn.id]) - heard_words(words, known)
            more[layers[turn.id]] = more.get(layers[turn.id], 0) + gained
        for layer_id, count in more.items():
            self._count_heard(layer_id, count)
            self._note_change("layer", layer_id)

    def hearings(self, turn_ids: Sequence[int]) -> Mapping[int, Sequence[Hearing]]:
        """What persons heard of these turns, by start; a turn nobody heard is left out."""
        found: dict[int, list[Hearing]] = {}
        for row in self._read_by_ids(_OF_TURNS, turn_ids):
            found.setdefault(row.turn_id, []).append(Hearing(*row))
        return found

    def _standing_layers(self, turn_ids: Sequence[int]) -> dict[int, int]:
        """The layer of each of these turns. Raises `Conflict` where one was replaced."""
        found: dict[int, int] = {}
        for start in range(0, len(turn_ids), PAGE):
            statement = select(_t.id, _t.layer_id, _t.replaced_by).where(
                _t.id.in_(turn_ids[start : start + PAGE])
            )
            for row in self._run(statement):
                if row.replaced_by is not None:
                    raise Conflict(
                        f"turn {row.id} was revised meanwhile, so what was heard is not what "
                        "stands there now; read it again"
                    )
                found[row.id] = row.layer_id
        return found

    def _carry_hearings(self, layer_id: int, old: Sequence[Turn], new: Sequence[Turn]) -> None:
        """Note for turns that took others' place which of their words were heard before, and
        count the words of their layer anew. Both in the order of their text."""
        old_words, new_words = _words_of(old), _words_of(new)
        heard = self.hearings([one.id for one in old])
        if heard:
            kept = kept_words([one[3] for one in old_words], [one[3] for one in new_words])
            for one in (one for listed in heard.values() for one in listed):
                for first, place, count in kept:
                    own: dict[int, list[tuple[int, int]]] = {}
                    for step in range(count):
                        turn_id, start, end, _ = old_words[first + step]
                        inside = one.char_start <= start and end <= one.char_end
                        if turn_id == one.turn_id and inside:
                            now_id, begin, until, _ = new_words[place + step]
                            own.setdefault(now_id, []).append((begin, until))
                    for now_id, ranges in own.items():
                        carried = Hearing(
                            now_id, ranges[0][0], ranges[-1][1], one.heard_by, one.heard_utc
                        )
                        self._insert_once(tables.hearing, _row(carried))
        more = len(new_words) - len(old_words)
        if more:
            update = tables.layer.update().where(_l.id == layer_id)
            self._run(update.values(words=_l.words + more))
        self._count_heard(layer_id, self._heard_of(new) - self._heard_of(old))

    def _heard_of(self, turns: Sequence[Turn]) -> int:
        """How many words of these turns persons heard."""
        heard = self.hearings([one.id for one in turns])
        return sum(
            heard_words(word_ranges(one.text, one.words), heard[one.id])
            for one in turns
            if one.id in heard
        )

    def _count_heard(self, layer_id: int, more: int) -> None:
        if more:
            update = tables.layer.update().where(_l.id == layer_id)
            self._run(update.values(heard_words=_l.heard_words + more))


def _words_of(turns: Sequence[Turn]) -> list[tuple[int, int, int, str]]:
    """The words of these turns in order: (turn, start, end, text)."""
    return [
        (turn.id, start, end, turn.text[start:end])
        for turn in turns
        for start, end in word_ranges(turn.text, turn.words)
    ]


def _row(one: Hearing) -> dict[str, str | int]:
    return {
        "turn_id": one.turn_id,
        "char_start": one.char_start,
        "char_end": one.char_end,
        "heard_by": one.heard_by,
        "heard_utc": one.heard_utc,
    }
