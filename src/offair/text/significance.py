"""How surprising a match is: significance, not similarity.

S = Σ bits of the words matched − price of the edits; E = K · N^g · 2^(−λS) is the number of matches
this good that chance gives in N words searched (after Karlin & Altschul 1990, who do the same for
sequences of amino acids, with g = 1). Speech is no sequence of independent words: the same phrases
return in every archive, so that the best match of chance grows more slowly with N, and g is
measured. A word that is rare in the archive is worth more bits than a common one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offair.model.finding import EditClass, EditKind
from offair.text.align import Alignment, Edit


@dataclass(frozen=True, slots=True)
class Constants:
    """The prices by which matches are weighed, and the version a finding names them by.

    decay: λ. growth: g. offset: log₂ K. fewest: words searched, below which E is not less: no
    smaller archive was measured. edit: bits that a word changed, added or left out costs.
    variant: that another form of the same word costs. cut: the most that one run left out costs,
    however long. most: bits of one word. claimed_speaker, claimed_day: bits that a place gains
    where its speaker or its day is the one claimed: so many fewer words had to be searched.
    expected: a match is believed where chance gives at most so many as good. piece: the same for
    one of several pieces from different places. shared: of the bits of a quotation's words that
    carry meaning, the share that a sentence must hold to be a possible paraphrase; `shared_words`
    of them at least, and of these `in_order` in the order printed, else the words are merely the
    same.
    """

    version: str
    decay: float
    growth: float
    offset: float
    fewest: int = 130_000
    edit: float = 10.0
    variant: float = 3.0
    cut: float = 20.0
    most: float = 24.0
    claimed_speaker: float = 3.0
    claimed_day: float = 6.0
    expected: float = 0.002
    piece: float = 0.0006
    shared: float = 0.7
    shared_words: int = 5
    in_order: float = 0.7


CONSTANTS = Constants(version="3", decay=0.216, growth=0.589, offset=-12.9)
"""λ, g and K as `fit` gives them (160 matches of 20 bits and more) for 1,184 runs of 5–28 words of
statements in the general debate of the United Nations that stand nowhere in the archive, against
the White House's speeches and briefings of 2021–2023 (9.4 million words) and against a quarter, a
sixteenth and a sixty-fourth of them. They are the second 1,200 of 2,400 runs drawn with seed 4;
`offair evaluate quotes` draws the first 1,200, fits anew on half of those and holds E against the
other half."""


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
    exponent = _of_words(words, constants) - constants.decay * bits
    return float(2.0 ** min(exponent, 1000.0))


def bits_needed(words: int, constants: Constants = CONSTANTS) -> float:
    """The least score that is believed in so many words searched."""
    return (_of_words(words, constants) - math.log2(constants.expected)) / constants.decay


def _of_words(words: int, constants: Constants) -> float:
    """log₂ of K · N^g."""
    return constants.offset + constants.growth * math.log2(max(words, constants.fewest))


LEAST_FITTED = 20.0
"""Bits from which on a match of chance counts in `fit`: below, most quotations have one, and the
tail that decides is not seen."""
_FEWEST_FITTED = 20


@dataclass(frozen=True, slots=True)
class Fitted:
    """λ, g and log₂ K, and on how many matches of so many they rest."""

    decay: float
    growth: float
    offset: float
    matches: int
    of: int


def fit(chance: Sequence[tuple[float, int]], least: float = LEAST_FITTED) -> Fitted:
    """λ, g and K by maximum likelihood from matches that are known to be chance.

    chance: of quotations never said, the score of the best match and the words searched, in
    archives of several sizes. Where E is the mean of a Poisson count, the best score S has the
    density λ ln 2 · E(S) · e^(−E(S)), and one below `least` the probability e^(−E(least)). The
    likelihood is concave in (ln K, g, λ ln 2). Raises `ValueError` where too few reach `least`, or
    all were searched for in as many words.
    """
    scores = np.array([best for best, _ in chance], np.float64)
    reach = scores >= least
    sizes = np.log([max(words, 1) for _, words in chance]) if chance else np.zeros(0)
    if reach.sum() < _FEWEST_FITTED or np.ptp(sizes) < 1.0:
        raise ValueError(
            f"{int(reach.sum())} of {len(chance)} matches known to be chance reach {least:g} bits; "
            f"at least {_FEWEST_FITTED}, in archives of several sizes, tell the constants"
        )
    rows = np.stack([np.ones_like(scores), sizes, -np.where(reach, scores, least)], axis=1)
    found = np.array([math.log(reach.mean()), 0.0, 0.1])
    found[0] -= float((rows @ np.array([0.0, 0.0, 0.1])).mean())
    likelihood = _likelihood(found, rows, reach)
    for _ in range(200):
        step = _newton(found, rows, reach)
        size = 1.0
        while (better := _likelihood(found + size * step, rows, reach)) < likelihood:
            size /= 2
            if size < 1e-12:
                break
        if size < 1e-12 or better - likelihood < 1e-10:
            break
        found, likelihood = found + size * step, better
    ln2 = math.log(2)
    return Fitted(
        float(found[2]) / ln2, float(found[1]), float(found[0]) / ln2, int(reach.sum()), len(chance)
    )


_Row = npt.NDArray[np.float64]


def _likelihood(at: _Row, rows: _Row, reach: npt.NDArray[np.bool_]) -> float:
    """The log likelihood of (ln K, g, λ ln 2), but for a constant."""
    if at[2] <= 0:
        return -math.inf
    exponents = rows @ at
    hits = float(reach.sum())
    means = float(np.exp(np.minimum(exponents, 300.0)).sum())
    return hits * math.log(at[2]) + float(exponents[reach].sum()) - means


def _newton(at: _Row, rows: _Row, reach: npt.NDArray[np.bool_]) -> _Row:
    """The step to where a parabola through the likelihood has its top."""
    means = np.exp(np.minimum(rows @ at, 300.0))
    slope = rows[reach].sum(axis=0) - rows.T @ means
    slope[2] += reach.sum() / at[2]
    bend = (rows * means[:, None]).T @ rows
    bend[2, 2] += reach.sum() / at[2] ** 2
    return np.asarray(np.linalg.solve(bend, slope), np.float64)
