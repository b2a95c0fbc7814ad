"""How surprising a match is: significance, not similarity.

S = Σ bits of the words matched − price of the edits; E = N · 2^(−λS) is the number of matches this
good that chance gives in N words searched (after Karlin & Altschul 1990, who do the same for
sequences of amino acids). A word that is rare in the archive is worth more bits than a common one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.finding import EditClass, EditKind
from offair.text.align import Alignment, Edit


@dataclass(frozen=True, slots=True)
class Constants:
    """The prices by which matches are weighed, and the version a finding names them by.

    decay: λ. edit: bits that a word changed, added or left out costs. variant: that another form of
    the same word costs. cut: the most that one run left out costs, however long. most: bits of one
    word. claimed_speaker, claimed_day: bits that a place gains where its speaker or its day is the
    one claimed: so many fewer words had to be searched. expected: a match is believed where chance
    gives at most so many as good. piece: the same for one of several pieces from different places.
    shared: of the bits of a quotation's words that carry meaning, the share that a sentence must
    hold to be a possible paraphrase; `shared_words` of them at least, and of these `in_order` in
    the order printed, else the words are merely the same.
    """

    version: str
    decay: float
    edit: float = 10.0
    variant: float = 3.0
    cut: float = 20.0
    most: float = 24.0
    claimed_speaker: float = 3.0
    claimed_day: float = 6.0
    expected: float = 0.002
    piece: float = 0.0001
    shared: float = 0.7
    shared_words: int = 5
    in_order: float = 0.7


CONSTANTS = Constants(version="2", decay=0.7)
"""λ was set by hand between the values that lose short quotations and those that believe chance;
`fit` gives it for a set of quotations that were never said."""


def word_bits(
    counts: Sequence[int], words: int, constants: Constants = CONSTANTS
) -> tuple[float, ...]:
    """The bits of each word by how often it stands among so many words; a word that was never said
    counts as said once."""
    total = max(words, 1) + 1
    return tuple(min(constants.most, math.log2(total / max(count, 1))) for count in counts)


def score(alignment: Alignment, bits: Sequence[float], constants: Constants = CONSTANTS) -> float:
    """S of an alignment. bits: of each printed word."""
    total = 0.0
    for edit in alignment.edits:
        if edit.kind in {EditKind.EQUAL, EditKind.VARIANT}:
            total += sum(bits[edit.printed[0] : edit.printed[1]])
        total -= _price(edit, constants)
    return total


def _price(edit: Edit, constants: Constants) -> float:
    printed = edit.printed[1] - edit.printed[0]
    spoken = edit.spoken[1] - edit.spoken[0]
    if edit.kind is EditKind.VARIANT:
        free = {EditClass.SPELLING, EditClass.NUMBER_FORM, EditClass.FILLER}
        return 0.0 if edit.classes <= free else constants.variant
    if edit.kind is EditKind.SUBSTITUTED:
        return constants.edit * max(printed, spoken)
    if edit.kind is EditKind.ADDED:
        return constants.edit * printed
    if edit.kind is EditKind.LEFT_OUT:
        free = {EditClass.FILLER, EditClass.REPETITION, EditClass.INTERJECTION}
        return 0.0 if edit.classes & free else min(constants.cut, constants.edit * spoken)
    return 0.0


def expected(bits: float, words: int, constants: Constants = CONSTANTS) -> float:
    """E: how many matches of this score chance gives in so many words searched."""
    exponent = math.log2(max(words, 1)) - constants.decay * bits
    return float(2.0 ** min(exponent, 1000.0))


def bits_needed(words: int, constants: Constants = CONSTANTS) -> float:
    """The least score that is believed in so many words searched."""
    return (math.log2(max(words, 1)) - math.log2(constants.expected)) / constants.decay


def fit(chance: Sequence[tuple[float, int]]) -> float:
    """λ by maximum likelihood from matches that are known to be chance.

    chance: of quotations never said, the score of the best match and the words searched. Where
    E = N · 2^(−λS) is the mean of a Poisson count, the best score has the density
    λ ln 2 · E · e^(−E). Raises `ValueError` where there is none.
    """
    if not chance:
        raise ValueError("λ cannot be fitted without matches that are known to be chance")
    low, high = 0.01, 5.0
    for _ in range(80):  # the likelihood has one maximum: its slope changes sign once
        middle = (low + high) / 2
        if _slope(middle, chance) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _slope(decay: float, chance: Sequence[tuple[float, int]]) -> float:
    """The slope of the log likelihood in λ."""
    total = 0.0
    for best, words in chance:
        mean = 2.0 ** min(math.log2(max(words, 1)) - decay * best, 500.0)
        total += 1.0 / decay - math.log(2) * best * (1.0 - mean)
    return total
