"""Sentences that say something like a quotation in other words: the last resort.

Full text by BM25 finds sentences that share words with it; one is shown where it holds most of what
the quotation's words of meaning are worth. Never more than a possible paraphrase.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from offair.desk.quoted_evidence import Evidence
from offair.model.finding import Quotation, WordsFinding
from offair.model.query import And, Filter, Not, Or, Query, QueryField, Term
from offair.model.transcript import LayerKind, Sentence, Turn
from offair.search import Ask, Shards
from offair.store import Transaction
from offair.text.events import in_common
from offair.text.judge import Judged, Rarity, judge
from offair.text.judge_speaker import KnownNames
from offair.text.lexicon import is_function_word
from offair.text.printed import PrintedWords
from offair.text.significance import CONSTANTS, Constants
from offair.text.tokenise import Token, TokenKind, tokens
from offair.text.word_variants import stem

_ASKED_WORDS = 12
_HITS = 30
_NOWHERE = (0, 0)


def alike(
    tx: Transaction,
    shards: Shards,
    evidence: Evidence,
    quotation: Quotation,
    printed: PrintedWords,
    kinds: Sequence[LayerKind],
    known: KnownNames,
    rarity: Rarity,
    constants: Constants = CONSTANTS,
) -> Judged | None:
    """The sentence of these kinds of text that holds most of what the quotation says, or None."""
    weights = _weights(printed, rarity, quotation.language)
    if len(weights) < constants.shared_words:
        return None
    held = [kind for kind, words in shards.words.items() if words]
    query = _query(weights, kinds, held)
    hits = shards.find(query, Ask(limit=_HITS, newest_first=False, counted=False)).hits
    wanted = [
        one
        for one in hits
        if quotation.recording_id is None or one.recording_id == quotation.recording_id
    ]
    if not wanted:
        return None
    layers = {one.sentence_id: one.layer_id for one in wanted}
    sentences = tx.sentences_by_id(list(layers))
    turns = {
        one.id: one for one in tx.turns_by_id(list(dict.fromkeys(s.turn_id for s in sentences)))
    }
    languages = evidence.languages(set(layers.values()))
    best: tuple[float, int, Sentence] | None = None
    for sentence in sentences:
        layer_id, turn = layers[sentence.id], turns[sentence.turn_id]
        if layer_id not in languages:
            continue
        said = turn.text[slice(*_chars(sentence, turn))]
        share, count, in_order = _shared(weights, tokens(said, languages[layer_id]))
        if count < constants.shared_words or in_order < constants.in_order * count:
            continue
        if best is None or (share, count) > best[:2]:
            best = (share, count, sentence)
    if best is None or best[0] < constants.shared:
        return None
    share, count, sentence = best
    turn = turns[sentence.turn_id]
    place = evidence.at_sentence(layers[sentence.id], turn, _chars(sentence, turn))
    judged = None
    if place is not None:
        judged = judge(quotation, printed, [place], rarity, known=known)
    if place is None or judged is None:
        return None
    translated = place.kind is LayerKind.TRANSLATION
    finding = WordsFinding.OTHER_TRANSLATION if translated else WordsFinding.PARAPHRASE
    reason = (
        f"{count} of {len(weights)} words of meaning stand in one sentence, in other words "
        "around them: a person must say whether it means the same"
    )
    return replace(judged, words=finding, reasons=(reason, *judged.reasons), believed=False)


def _weights(printed: PrintedWords, rarity: Rarity, language: str | None) -> dict[str, float]:
    """The words of meaning and their bits; the editor's own are left out."""
    return {
        token.form: rarity.bits[index]
        for index, token in enumerate(printed.tokens)
        if index not in printed.bracketed
        and token.kind is not TokenKind.FILLER
        and not is_function_word(token.form, language)
    }


def _query(
    weights: dict[str, float], kinds: Sequence[LayerKind], held: Collection[LayerKind]
) -> Query:
    """Sentences with any of the rarest words, in texts of these kinds. held: the kinds there are:
    to leave out those not asked for is faster than to ask for all that are."""
    rarest = sorted(weights, key=lambda form: -weights[form])[:_ASKED_WORDS]
    words = Or(tuple(Term((form,), _NOWHERE) for form in rarest), _NOWHERE)
    others = [
        Not(Filter(QueryField.LAYER, kind.value, _NOWHERE), _NOWHERE)
        for kind in LayerKind
        if kind in held and kind not in kinds
    ]
    return And((words, *others), _NOWHERE) if others else words


def _chars(sentence: Sentence, turn: Turn) -> tuple[int, int]:
    return sentence.char_start, min(sentence.char_end, len(turn.text))


def _shared(weights: dict[str, float], words: Sequence[Token]) -> tuple[float, int, int]:
    """What share of the words' bits a sentence holds in any form, how many of the words, and how
    many of them in the order printed."""
    said = [stem(one.form) for one in words]
    known = frozenset(said)
    found = [form for form in weights if stem(form) in known]
    total = sum(weights.values())
    share = sum(weights[form] for form in found) / total if total else 0.0
    return share, len(found), in_common([stem(form) for form in found], said)
