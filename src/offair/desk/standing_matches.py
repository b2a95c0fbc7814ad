"""What the standing queries find in layers that the index has just taken in."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from offair.desk.asking import in_all_forms, read_query, spellings_of
from offair.model.errors import QueryError
from offair.model.names import Match, Watch
from offair.model.query import Query
from offair.search import IndexedLayer
from offair.search.standing import StandingQueries
from offair.store import Transaction
from offair.text.query_evaluator import SentenceFacts
from offair.text.query_spellings import Spellings
from offair.text.word_ids import WordTable

_log = logging.getLogger(__name__)
_WORDS_MAX = 1_000_000
"""A table of words that has grown beyond this is made anew."""


class StandingMatches:
    """The active standing queries, read and filed anew only when one of them, or the names list,
    has changed. For one thread at a time."""

    def __init__(self) -> None:
        self._state: tuple[int, tuple[tuple[int, str], ...]] | None = None
        self._standing = StandingQueries(())
        self._table = WordTable()

    def match(self, tx: Transaction, layers: Sequence[IndexedLayer], *, found_utc: str) -> int:
        """Keep what the standing queries find in these layers; how many matches are new.

        Writes with the caller's transaction. A sentence is kept once for each query, however often
        its layer is indexed; what stood in the archive before a query was made is found where its
        layer changes: an index that is rebuilt or merged asks for no matches. They find what
        `offair find` finds, a phrase also where it goes on behind the sentence it begins in.
        """
        found = self.find(tx, layers, found_utc=found_utc)
        return tx.add_matches(found) if found else 0

    def find(
        self, tx: Transaction, layers: Sequence[IndexedLayer], *, found_utc: str
    ) -> tuple[Match, ...]:
        """What they find in these layers, with ids 0; reads, and writes nothing."""
        self._refresh(tx)
        if not len(self._standing):
            return ()
        return tuple(
            match for layer in layers for match in self._in_layer(layer, found_utc=found_utc)
        )

    def _refresh(self, tx: Transaction) -> None:
        active = tx.watches()
        state = (tx.names_change(), tuple((one.id, one.query) for one in active))
        if state == self._state:
            return
        variants = spellings_of(tx) if active else {}
        self._standing = StandingQueries(_trees(active, variants))
        self._state = state

    def _in_layer(self, layer: IndexedLayer, *, found_utc: str) -> list[Match]:
        if len(self._table.forms) > _WORDS_MAX:
            self._table = WordTable()
        rows = [(turn, one) for turn in layer.turns for one in turn.sentences]
        texts = [turn.text[start:end] for turn, (_, start, end) in rows]
        words = self._table.tokenise(texts, layer.language)
        known = self._table.forms
        forms = [known[one] for one in words.ids.tolist()]
        starts, reach = words.starts.tolist(), self._standing.reach
        found: list[Match] = []
        for place, (turn, (sentence_id, _, _)) in enumerate(rows):
            start, end = starts[place], starts[place + 1]
            said, following = forms[start:end], forms[end : end + reach]
            facts = SentenceFacts(
                turn.speaker, layer.channel, layer.language, layer.kind, layer.aired
            )
            found.extend(
                Match(
                    0, watch_id, layer.recording_id, layer.layer_id, turn.turn_id, sentence_id,
                    texts[place], found_utc,
                )
                for watch_id in self._standing.matches(said, facts, following)
            )  # fmt: skip
        return found


def _trees(watches: Sequence[Watch], variants: Spellings) -> list[tuple[int, Query]]:
    trees = []
    for one in watches:
        try:
            trees.append((one.id, in_all_forms(read_query(one.query), variants)))
        except QueryError as error:
            _log.warning("standing query %d (%s) cannot be read: %s", one.id, one.label, error)
    return trees
