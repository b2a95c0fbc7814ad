"""The sentences of a record, under the numbers that the catalogue gave them.

A number outlives the edition: as long as the sentence stands in the text, every edition prints it
under the same key, so its address answers after each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from offair.model.record import Paragraph, Record, RecordSentence, RecordTurn, StandingMark
from offair.model.transcript import Sentence, Turn
from offair.store import Transaction
from offair.text.translated import sentence_span


def with_sentences(tx: Transaction, record: Record) -> Record:
    """The record with the sentences of every turn that was printed from the catalogue.

    Where a sentence is printed in two pieces, on both sides of a cut, the first has the key. A
    paragraph that is not in the turn's text any more keeps none.
    """
    ids = list(dict.fromkeys(turn.turn_id for turn in record.turns if turn.turn_id is not None))
    turns = {turn.id: turn for turn in tx.turns_by_id(ids)}
    sentences: dict[int, list[Sentence]] = {}
    for one in tx.sentences(ids):
        sentences.setdefault(one.turn_id, []).append(one)
    named: set[int] = set()
    body = tuple(
        _told(item, turns, sentences, named) if isinstance(item, RecordTurn) else item
        for item in record.body
    )
    return replace(record, body=body)


def _told(
    printed: RecordTurn,
    turns: Mapping[int, Turn],
    sentences: Mapping[int, Sequence[Sentence]],
    named: set[int],
) -> RecordTurn:
    turn = turns.get(printed.turn_id or 0)
    if turn is None:
        return printed
    at = _begin(printed, turn)
    parts: list[Paragraph | StandingMark] = []
    for part in printed.parts:
        if isinstance(part, Paragraph):
            found = turn.text.find(part.text, at)
            if found >= 0:
                at = found + len(part.text)
                part = replace(
                    part, sentences=_inside(turn, found, at, sentences.get(turn.id, ()), named)
                )
        parts.append(part)
    return replace(printed, parts=tuple(parts))


def _begin(printed: RecordTurn, turn: Turn) -> int:
    """Where in the turn's text the printed piece of it can begin at the earliest."""
    if printed.span is None:
        return 0
    first = printed.span.start
    later = (one for one in turn.words if one.start is not None and one.start >= first)
    word = next(later, None)
    return word.char_start if word is not None else 0


def _inside(
    turn: Turn, start: int, end: int, sentences: Sequence[Sentence], named: set[int]
) -> tuple[RecordSentence, ...]:
    found: list[RecordSentence] = []
    for one in sentences:
        begin, stop = max(start, one.char_start), min(end, one.char_end)
        words = turn.text[begin:stop]
        if begin >= stop or not words.strip() or one.id in named:
            continue
        begin += len(words) - len(words.lstrip())
        stop -= len(words) - len(words.rstrip())
        if found and begin < start + found[-1].char_end:
            continue
        named.add(one.id)
        span = sentence_span(turn, begin, stop)
        found.append(RecordSentence(f"s{one.id}", begin - start, stop - start, span))
    return tuple(found)
