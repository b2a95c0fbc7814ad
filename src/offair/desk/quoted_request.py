"""A printed quotation as it is looked for: its words, where to look, which stretches to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.errors import BadInput
from offair.model.finding import LongestFragment, Quotation
from offair.model.time import PartialDate
from offair.model.transcript import LayerKind
from offair.search import Proposal, Scope, Stretch
from offair.text.judge import Rarity
from offair.text.printed import PrintedWords, read_printed
from offair.text.significance import word_bits
from offair.text.tokenise import TokenKind

LONGEST_QUOTATION = 20_000
"""Characters; longer printed text is an article, and is checked piece by piece."""
_CLEARLY_WORSE = 14.0
"""Bits below the best from which on a stretch is read only for words that the better ones lack."""
_HEARD_BESIDE = 0.5
"""Of the best score, what speech must have that is read beside captions of the same recording."""
_WORTH_READING = 12.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A quotation being checked. forms: the words looked for; where: their indices in `printed`."""

    quotation: Quotation
    printed: PrintedWords
    forms: tuple[str, ...]
    where: tuple[int, ...]


def read_quotation(quotation: Quotation, number: int, of: int) -> Asked:
    """Read the printed words. Raises `BadInput`."""
    which = "the quotation" if of == 1 else f"quotation {number}"
    text = quotation.printed
    if not text.strip():
        raise BadInput(f"{which} is empty; give the printed words in quotation marks")
    if "\x00" in text:
        raise BadInput(f"{which} holds null bytes and is no text; copy the words anew")
    if len(text) > LONGEST_QUOTATION:
        raise BadInput(
            f"{which} has {len(text):,} characters; check at most {LONGEST_QUOTATION:,} at once, "
            "or its article with --article FILE"
        )
    printed = read_printed(text, quotation.language)
    where = tuple(
        index
        for index, one in enumerate(printed.tokens)
        if index not in printed.bracketed and one.kind is not TokenKind.FILLER
    )
    if not where:
        raise BadInput(
            f"{which} has no word that is said to have been spoken, only marks or an editor's "
            "brackets; give the printed words"
        )
    return Asked(quotation, printed, tuple(printed.tokens[one].form for one in where), where)


def scope_of(asked: Asked, kinds: Sequence[LayerKind]) -> Scope:
    """Where the words are looked for: the whole archive, or the record that was given."""
    if asked.quotation.recording_id is None:
        return Scope(kinds=kinds)
    return Scope(kinds=kinds, recordings=(asked.quotation.recording_id,))


def day_scope(asked: Asked, kinds: Sequence[LayerKind]) -> Scope | None:
    """The claimed day, where a speaker and a day are claimed."""
    quotation = asked.quotation
    if quotation.recording_id is not None or quotation.speaker is None or quotation.date is None:
        return None
    first, last = _days(quotation.date)
    return Scope(kinds=kinds, first_day=first, last_day=last)


def _days(date: PartialDate) -> tuple[str, str]:
    value = date.value[:10]
    return (value + "-01-01"[len(value) - 4 :])[:10], (value + "-12-31"[len(value) - 4 :])[:10]


def worth_reading(stretches: Sequence[Stretch], proposal: Proposal, words: int) -> list[Stretch]:
    """The stretches worth reading: those nearly as good as the best, those that have words which
    the better ones have not, and beside captions what was heard in the same recording: a person
    confirms speakers and words there."""
    bits = word_bits(proposal.counts, proposal.words_searched)
    kept: list[Stretch] = []
    missing = set(range(words))
    for one in stretches:
        gained = sum(bits[at] for at in one.matched if at in missing)
        near = bool(kept) and one.score >= kept[0].score - _CLEARLY_WORSE
        if not kept or near or gained >= _WORTH_READING:
            kept.append(one)
            missing.difference_update(one.matched)
    silent = {one.recording_id for one in kept if one.kind is LayerKind.CAPTIONS}
    silent -= {one.recording_id for one in kept if one.kind is LayerKind.SPEECH}
    for one in stretches if silent else ():
        heard = one.kind is LayerKind.SPEECH and one.recording_id in silent
        if heard and one.score >= kept[0].score * _HEARD_BESIDE:
            kept.append(one)
            silent.discard(one.recording_id)
    return kept


def rarity_of(asked: Asked, background: Proposal, proposal: Proposal) -> Rarity:
    """The bits of every printed word; the editor's own and sounds of hesitation have none."""
    bits = [0.0] * len(asked.printed.tokens)
    weighed = word_bits(background.counts, background.words_searched)
    for at, value in zip(asked.where, weighed, strict=True):
        bits[at] = value
    scope = proposal.words_searched if proposal is not background else None
    return Rarity(tuple(bits), background.words_searched, scope)


def longest_of(asked: Asked, proposal: Proposal) -> LongestFragment | None:
    """The longest run of the words that stands somewhere, as it is printed."""
    found = proposal.longest
    if found.first >= found.last or not found.count:
        return None
    tokens = asked.printed.tokens
    first, last = asked.where[found.first], asked.where[found.last - 1]
    text = asked.quotation.printed[tokens[first].char_start : tokens[last].char_end]
    return LongestFragment(text, found.last - found.first, found.count)
