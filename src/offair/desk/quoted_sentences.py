"""Sentences that say something like a quotation in other words: the last resort.

One is shown where it holds most of what the quotation's words of meaning are worth. Never more than
a possible paraphrase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from offair.desk.quoted_evidence import Evidence
from offair.model.finding import EditKind, Quotation, WordsFinding
from offair.model.transcript import LayerKind, Sentence, Turn
from offair.search import Scope, Shards
from offair.store import Transaction
from offair.text.events import in_common
from offair.text.judge import Judged, Rarity, judge
from offair.text.judge_speaker import KnownNames
from offair.text.lexicon import is_function_word
from offair.text.printed import PrintedWords
from offair.text.significance import CONSTANTS, Constants
from offair.text.tokenise import Token, TokenKind, tokens
from offair.text.word_variants import inflections, stem

_LONGEST = 40
"""Words of meaning; more do not stand in one sentence."""
_HITS = 12


def alike(
    tx: Transaction,
    shards: Shards,
    evidence: Evidence,
    quotation: Quotation,
    printed: PrintedWords,
    kinds: Sequence[LayerKind],
    known: KnownNames,
    rarity: Rarity,
    near: Judged | None = None,
    constants: Constants = CONSTANTS,
) -> Judged | None:
    """The sentence of these kinds of text that holds most of what the quotation says, or None.

    near: the place that aligns best, though not beyond chance. Where most of the quotation stands
    in it, it is the one that is meant, and no other is looked for: one with more would have aligned
    better. Else a sentence is nothing beside it where fewer of the words stand there in order.
    """
    weights = _weights(printed, rarity, quotation.language)
    if not constants.shared_words <= len(weights) <= _LONGEST:
        return None
    held = 0.0 if near is None else _in_order(near, rarity)
    if near is not None and held >= constants.shared * sum(rarity.bits) > 0:
        used = near.used[0]
        share, count, in_order = _shared(weights, used.place.tokens[slice(*used.alignment.window)])
        if (
            len(near.used) == 1
            and used.place.kind in kinds
            and _enough(share, count, in_order, constants)
        ):
            return _possible(near, count, len(weights))
        return None
    given = quotation.recording_id
    found = shards.sentences_holding(
        [inflections(one) for one in weights],
        list(weights.values()),
        Scope(kinds=kinds, recordings=None if given is None else [given]),
        share=constants.shared,
        least=constants.shared_words,
        limit=_HITS,
    )
    if not found:
        return None
    layers = {one.sentence_id: one.layer_id for one in found}
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
        if _enough(share, count, in_order, constants) and (
            best is None or (share, count) > best[:2]
        ):
            best = (share, count, sentence)
    if best is None:
        return None
    share, count, sentence = best
    turn = turns[sentence.turn_id]
    place = evidence.at_sentence(layers[sentence.id], turn, _chars(sentence, turn))
    judged = None
    if place is not None:
        judged = judge(quotation, printed, [place], rarity, known=known)
    if place is None or judged is None:
        return None
    if held > _in_order(judged, rarity):
        return None
    return _possible(judged, count, len(weights))


def _enough(share: float, count: int, in_order: int, constants: Constants) -> bool:
    """Whether so much of what the quotation says stands there that it may be a paraphrase."""
    return (
        share >= constants.shared
        and count >= constants.shared_words
        and in_order >= constants.in_order * count
    )


def _possible(judged: Judged, count: int, wanted: int) -> Judged:
    """A place as a possible paraphrase."""
    translated = judged.used[0].place.kind is LayerKind.TRANSLATION
    finding = WordsFinding.OTHER_TRANSLATION if translated else WordsFinding.PARAPHRASE
    reason = (
        f"{count} of {wanted} words of meaning stand close together there, in other words "
        "around them: a person must say whether it means the same"
    )
    return replace(judged, words=finding, reasons=(reason, *judged.reasons), believed=False)


def _weights(printed: PrintedWords, rarity: Rarity, language: str | None) -> dict[str, float]:
    """The stems of the words of meaning and their bits; the editor's own are left out."""
    weights: dict[str, float] = {}
    for index, token in enumerate(printed.tokens):
        if (
            index not in printed.bracketed
            and token.kind is not TokenKind.FILLER
            and not is_function_word(token.form, language)
        ):
            of = stem(token.form)
            weights[of] = max(weights.get(of, 0.0), rarity.bits[index])
    return weights


def _in_order(judged: Judged, rarity: Rarity) -> float:
    """The bits of the printed words that stand where they were aligned."""
    return sum(
        sum(rarity.bits[slice(*edit.printed)])
        for one in judged.used
        for edit in one.alignment.edits
        if edit.kind in {EditKind.EQUAL, EditKind.VARIANT}
    )


def _chars(sentence: Sentence, turn: Turn) -> tuple[int, int]:
    return sentence.char_start, min(sentence.char_end, len(turn.text))


def _shared(weights: dict[str, float], words: Sequence[Token]) -> tuple[float, int, int]:
    """What share of the words' bits a sentence holds in any form, how many of the words, and how
    many of them in the order printed."""
    said = [stem(one.form) for one in words]
    known = frozenset(said)
    found = [one for one in weights if one in known]
    total = sum(weights.values())
    share = sum(weights[one] for one in found) / total if total else 0.0
    return share, len(found), in_common(found, said)
