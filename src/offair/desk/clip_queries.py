"""Ask something of words of a clip, and answer it; a query goes along where words are revised."""

from __future__ import annotations

from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.carried import Standing, standing_words
from offair.desk.clip_ground import clip_text
from offair.desk.clip_states import refuse_ended, set_state
from offair.model.clip_work import ClipQuery, ClipState, ClipWork
from offair.model.errors import BadInput
from offair.store import Transaction

LONGEST = 2_000
"""Characters of a question, of an answer."""


@dataclass(frozen=True, slots=True)
class PinnedQuery:
    """A query, and where its words stand now: None where they are gone, and for one about headline
    or summary."""

    query: ClipQuery
    standing: Standing | None

    @property
    def gone(self) -> bool:
        """Whether the words that it was pinned to are gone."""
        return self.query.turn_id is not None and self.standing is None


def read_queries(desk: Desk, clip_id: int) -> tuple[PinnedQuery, ...]:
    """The queries of a clip, oldest first, settled ones too. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        tx.clip_work(clip_id)
        return tuple(_pinned(tx, one) for one in tx.clip_queries(clip_id))


def ask(
    desk: Desk,
    clip_id: int,
    text: str,
    *,
    turn_id: int | None = None,
    char_start: int = 0,
    char_end: int = 0,
    actor: str,
) -> tuple[PinnedQuery, ClipWork]:
    """Ask something about a clip; what was asked, and how the clip stands now.

    turn_id, char_start, char_end: the words it is about, in the turn as it stands; without a turn
    it is about headline or summary. A clip that was with its second reader, or ready, is queried
    then. Raises `NotFound`, `BadInput` (nothing asked; words that are none of the clip's),
    `Refused` (withdrawn or removed).
    """
    question = _line(text, "a query")
    with desk.catalogue.transaction() as tx:
        work = tx.clip_work(clip_id)
        refuse_ended(work)
        words, at = "", None
        if turn_id is not None:
            standing = _words(tx, clip_id, turn_id, char_start, char_end)
            words, at = standing.words, standing.at
        query = tx.add_clip_query(
            clip_id, turn_id=turn_id, char_start=char_start if turn_id is not None else 0,
            char_end=char_end if turn_id is not None else 0, words=words, at=at, text=question,
            actor=actor,
        )  # fmt: skip
        tx.note_act(actor, "clip_queries", "clip", clip_id, query=query.id, asked=True)
        if work.state in (ClipState.TO_SECOND_READER, ClipState.READY):
            work = set_state(tx, work, ClipState.QUERIED, actor=actor, query=query.id)
        return _pinned(tx, query), work


def answer(
    desk: Desk, clip_id: int, query_id: int, text: str, *, actor: str
) -> tuple[PinnedQuery, ClipWork]:
    """Answer a query; with the last one answered a queried clip goes back to its second reader.

    Raises `NotFound` (no such query of this clip), `BadInput` (nothing answered), `Conflict` where
    somebody answered it already.
    """
    said = _line(text, "an answer")
    with desk.catalogue.transaction() as tx:
        work = tx.clip_work(clip_id)
        if all(one.id != query_id for one in tx.clip_queries(clip_id)):
            raise BadInput(f"query {query_id} is none of clip {clip_id}'s; list its queries")
        query = tx.settle_clip_query(query_id, answer=said, actor=actor)
        tx.note_act(actor, "clip_queries", "clip", clip_id, query=query_id, answered=True)
        if work.state is ClipState.QUERIED and not tx.open_clip_queries([clip_id]):
            work = set_state(tx, work, ClipState.TO_SECOND_READER, actor=actor, query=query_id)
        return _pinned(tx, query), work


def _pinned(tx: Transaction, query: ClipQuery) -> PinnedQuery:
    if query.turn_id is None:
        return PinnedQuery(query, None)
    place = query.turn_id, query.char_start, query.char_end
    return PinnedQuery(query, standing_words(tx, *place))


def _words(tx: Transaction, clip_id: int, turn_id: int, char_start: int, char_end: int) -> Standing:
    """The words that a query is about. Raises `BadInput` where they are none of the clip's."""
    if all(turn.id != turn_id for turn in clip_text(tx, clip_id).turns):
        raise BadInput(
            f"turn {turn_id} is not printed in clip {clip_id} as it stands; read the clip again"
        )
    (turn,) = tx.turns_by_id([turn_id])
    if not 0 <= char_start < char_end <= len(turn.text):
        raise BadInput(
            f"characters {char_start} to {char_end} are no words of turn {turn_id}, which has "
            f"{len(turn.text)} characters"
        )
    return Standing(turn, char_start, char_end, True)


def _line(text: str, what: str) -> str:
    line = " ".join(text.split())
    if not 0 < len(line) <= LONGEST:
        raise BadInput(f"{what} has 1 to {LONGEST:,} characters, not {len(line):,}")
    return line
