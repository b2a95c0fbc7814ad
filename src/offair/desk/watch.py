"""Keep standing queries, see what they found, and try one on what is indexed already."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.asking import Withheld, in_all_forms, read_query, spellings_of
from offair.model.errors import BadInput, NotFound
from offair.model.names import Match, Watch
from offair.model.query import Query
from offair.model.recording import Recording
from offair.model.time import Ms
from offair.model.transcript import Layer, Turn
from offair.search import Ask, Hit
from offair.store import Transaction

LONGEST_LABEL = 100
LONGEST_QUERY = 10_000
MOST_SHOWN = 1000
"""Matches shown in one answer."""


@dataclass(frozen=True, slots=True)
class MatchedSentence:
    """A sentence that a standing query found, and where it was aired.

    match: as it was kept; its id is 0 where the query was only tried. layer: the text it stands in.
    at: media time of its first
    word as the text stands now, of its turn where its words have none; None where that has none
    either, or the sentence does not stand any more.
    """

    match: Match
    recording: Recording
    layer: Layer
    at: Ms | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What a query would have found. sentences: the newest by airing date, newest first. total:
    all that match, at least so many where `at_least`. remarks: what could not be searched."""

    sentences: tuple[MatchedSentence, ...]
    total: int
    at_least: bool
    remarks: tuple[str, ...]


def add_watch(desk: Desk, label: str, query: str, *, actor: str) -> Watch:
    """Keep a standing query: sentences that are indexed from now on are held against it.

    Raises `QueryError` (the query), `BadInput` (the label), `Conflict` (one with that label is
    active already).
    """
    label = _checked_label(label)
    _checked_query(query)
    with desk.catalogue.transaction() as tx:
        made = tx.add_watch(label, query.strip(), owner=actor)
        tx.note_act(actor, "add_watch", "watch", made.id, label=label)
        return made


def list_watches(desk: Desk, *, removed: bool = False) -> tuple[Watch, ...]:
    """The standing queries in the order they were made; with `removed`, the removed ones too."""
    with desk.catalogue.snapshot() as tx:
        return tuple(tx.watches(removed=removed))


def remove_watch(desk: Desk, which: str, *, actor: str) -> Watch:
    """It finds nothing new; what it found stays. which: its label or number. Raises `NotFound`."""
    with desk.catalogue.transaction() as tx:
        removed = tx.remove_watch(_found(tx.watches(), which).id)
        tx.note_act(actor, "remove_watch", "watch", removed.id, label=removed.label)
        return removed


def watch_matches(
    desk: Desk, which: str, *, after: int = 0, limit: int = 100
) -> tuple[Watch, tuple[MatchedSentence, ...]]:
    """A standing query, removed ones too, and what it found, oldest match first.

    which: its label (the newest of that label) or number. after: only matches with greater ids.
    Raises `NotFound`, `BadInput` (the limit).
    """
    _check_limit(limit)
    with desk.catalogue.snapshot() as tx:
        known = tx.watches(removed=True)
        watch = _found([one for one in known if one.active], which, instead=known)
        found = tx.matches(watch.id, after=after, limit=limit)
        return watch, _placed(tx, found)


def try_watch(desk: Desk, query: str, *, last: int = 20) -> Tried:
    """What a query would have found among what is indexed now: the newest `last` sentences.

    Nothing is kept. Raises `QueryError`, `BadInput` (the limit).
    """
    _check_limit(last)
    tree = _checked_query(query)
    shards = desk.index.open()
    with desk.catalogue.snapshot() as tx:
        whole = Withheld(tx, shards).asked(in_all_forms(tree, spellings_of(tx)))
        hits = shards.find(whole, Ask(limit=last, newest_first=True))
        standing = {
            one.id: one for one in tx.sentences_by_id([one.sentence_id for one in hits.hits])
        }
        turns = {
            one.id: one
            for one in tx.turns_by_id(sorted({one.turn_id for one in standing.values()}))
        }
        rows = []
        for hit in hits.hits:
            sentence = standing.get(hit.sentence_id)
            if sentence is not None:
                text = turns[sentence.turn_id].text[sentence.char_start : sentence.char_end]
                rows.append(_tried(hit, text))
        sentences = _placed(tx, rows)
    remarks = list(shards.damaged)
    if len(sentences) < len(hits.hits):
        remarks.append(
            f"{len(hits.hits) - len(sentences)} of the sentences found were changed since they "
            "were indexed and are not shown"
        )
    return Tried(sentences, hits.total, hits.total_at_least, tuple(remarks))


def _tried(hit: Hit, text: str) -> Match:
    return Match(
        0, 0, hit.recording_id, hit.layer_id, hit.turn_id, hit.sentence_id, text, found_utc=""
    )


def _placed(tx: Transaction, found: Sequence[Match]) -> tuple[MatchedSentence, ...]:
    """The matches with their recordings and the time of their first word."""
    recordings = tx.recordings_by_id(sorted({one.recording_id for one in found}))
    layers = tx.layers_by_id(sorted({one.layer_id for one in found}))
    standing = {one.id: one for one in tx.sentences_by_id([one.sentence_id for one in found])}
    turns = {
        one.id: one for one in tx.turns_by_id(sorted({one.turn_id for one in standing.values()}))
    }
    rows = []
    for one in found:
        sentence = standing.get(one.sentence_id)
        at = None
        if sentence is not None:
            at = _first_time(turns[sentence.turn_id], sentence.char_start, sentence.char_end)
        rows.append(MatchedSentence(one, recordings[one.recording_id], layers[one.layer_id], at))
    return tuple(rows)


def _first_time(turn: Turn, start: int, end: int) -> Ms | None:
    for word in turn.words:
        if start <= word.char_start < end and word.start is not None:
            return word.start
    return None if turn.span is None else turn.span.start


def _checked_label(label: str) -> str:
    label = unicodedata.normalize("NFC", " ".join(label.split()))
    if not label:
        raise BadInput("a standing query needs a label; write `offair watch add LABEL QUERY`")
    if len(label) > LONGEST_LABEL:
        raise BadInput(f"a label has {LONGEST_LABEL} characters at most; this has {len(label)}")
    if any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn") for one in label):
        raise BadInput(f"the label {label[:60]!a} holds control or invisible characters")
    if label.isdecimal():
        raise BadInput(f"the label {label} is a number, as standing queries have; write a word")
    return label


def _checked_query(query: str) -> Query:
    if len(query) > LONGEST_QUERY:
        raise BadInput(
            f"a standing query has {LONGEST_QUERY} characters at most; this has {len(query)}"
        )
    return read_query(query)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MOST_SHOWN:
        raise BadInput(f"from 1 to {MOST_SHOWN} sentences can be shown, not {limit}")


def _found(watches: Sequence[Watch], which: str, *, instead: Sequence[Watch] = ()) -> Watch:
    wanted = unicodedata.normalize("NFC", " ".join(which.split()))
    for row in (watches, instead):
        for one in reversed(row):
            if one.label == wanted or (wanted.isdecimal() and one.id == int(wanted)):
                return one
    raise NotFound(f"there is no standing query {which[:60]!r}; `offair watch list` lists them")
