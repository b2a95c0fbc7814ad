"""What findings about known quotations are worth: pure counts over pure values."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from offair.evaluation.quotes_set import KnownQuotation
from offair.model.finding import EditKind, Finding, WordsFinding
from offair.model.time import Ms

POSITIVE = frozenset(
    {
        WordsFinding.VERBATIM,
        WordsFinding.CLEANED,
        WordsFinding.ELIDED,
        WordsFinding.CUT,
        WordsFinding.BRACKETED,
        WordsFinding.ALTERED,
        WordsFinding.SPLICED,
    }
)
"""Findings that say that the words were said, as they stand or changed."""
TRUE = frozenset({WordsFinding.VERBATIM, WordsFinding.CLEANED, WordsFinding.ELIDED})
"""What a fair quotation is found to be."""
UNFAIR = frozenset({WordsFinding.ALTERED, WordsFinding.SPLICED, WordsFinding.NOT_FOUND})
COST_UNFAIR, COST_MISSED, COST_OTHER = 5.0, 10.0, 1.0
"""A true quotation called altered or not found; a critical edit missed; any other wrong finding."""
LONG = 6
"""Words from which a quotation counts for the figures of the whole set."""
BINS = ((1, 3), (4, 5), (6, 8), (9, 12), (13, 20), (21, 10_000))
"""Lengths in words, both ends included."""
APART = frozenset({WordsFinding.PARAPHRASE, WordsFinding.OTHER_TRANSLATION})
"""Findings reported beside the macro-F1, not in it."""
UNCHECKED = APART | {WordsFinding.NOT_A_QUOTATION}
"""What no macro-F1 counts where it is expected: what is no speech is told by the article's reader,
before anything is checked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A known quotation and what was found.

    first: the event of the best place, without any threshold, None where no word of it stands
    anywhere. events: of the finding's pieces. expected: E of the best match, None where nothing
    matched. start_error: media time of the first word less the known one, None where not known.
    """

    known: KnownQuotation
    finding: Finding
    first: str | None
    events: frozenset[str]
    start_error: Ms | None = None

    @property
    def expected(self) -> float | None:
        """E of the finding."""
        return self.finding.significance.expected if self.finding.significance else None

    @property
    def words_as(self) -> WordsFinding:
        """What was found of the words, a finding that is as right counted as the expected one."""
        found, known = self.finding.words, self.known
        return known.words if known.words is not None and found in known.also else found

    @property
    def right_event(self) -> bool:
        """Whether the best place is in an event in which it was said."""
        return self.first is not None and self.first in self.known.events

    @property
    def positive(self) -> bool:
        """Whether the finding says that the words were said."""
        return self.finding.words in POSITIVE

    @property
    def missed_critical(self) -> bool:
        """Whether a critical edit is in it that a finding of having been said does not show."""
        if not self.known.critical or not self.positive:
            return False
        shown = {
            one for passage in self.finding.passages if passage.critical for one in passage.classes
        }
        return not self.known.critical & shown


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share, None of nothing."""
        return self.count / self.of if self.of else None


def share(rows: Iterable[Checked], holds: Callable[[Checked], bool]) -> Share:
    """How many of these rows hold."""
    every = list(rows)
    return Share(sum(map(holds, every)), len(every))


def by_length(
    rows: Sequence[Checked], holds: Callable[[Checked], bool]
) -> dict[tuple[int, int], Share]:
    """The share in each bin of length that has a row."""
    found = {
        (low, high): share((one for one in rows if low <= one.known.length <= high), holds)
        for low, high in BINS
    }
    return {key: one for key, one in found.items() if one.of}


def threshold(never: Sequence[Checked], rate: float = 0.01) -> float:
    """The greatest E at which at most this share of quotations never said would be believed.

    0 where there are too few of them to say it.
    """
    values = sorted(one.expected for one in never if one.expected is not None)
    allowed = int(len(never) * rate)
    if not values or allowed >= len(values):
        return values[-1] if values else 0.0
    # Just below the first value too many: everything under it is at most `allowed` alarms.
    return values[allowed] * (1 - 1e-9)


def believed(one: Checked, limit: float) -> bool:
    """Whether a match is as good as this threshold asks."""
    return one.expected is not None and one.expected <= limit


@dataclass(frozen=True, slots=True)
class Confusion:
    """Expected against found. labels: every finding in it, expected ones first."""

    counts: Mapping[tuple[str, str], int]
    labels: tuple[str, ...]

    def f1(self, label: str) -> float | None:
        """F1 of one finding; None where it was never expected."""
        wanted = sum(count for (one, _), count in self.counts.items() if one == label)
        given = sum(count for (_, one), count in self.counts.items() if one == label)
        if not wanted:
            return None
        both = self.counts.get((label, label), 0)
        return 2 * both / (wanted + given)

    @property
    def macro_f1(self) -> float | None:
        """The mean F1 of the findings that were expected at least once."""
        known = [value for label in self.labels if (value := self.f1(label)) is not None]
        return sum(known) / len(known) if known else None


def confusion(pairs: Iterable[tuple[str, str]]) -> Confusion:
    """Count (expected, found)."""
    counts = Counter(pairs)
    expected = sorted({one for one, _ in counts})
    others = sorted({one for _, one in counts} - set(expected))
    return Confusion(dict(counts), (*expected, *others))


def words_confusion(rows: Iterable[Checked]) -> Confusion:
    """Of the findings about words, where one was expected."""
    return confusion(
        (one.known.words.value, one.words_as.value)
        for one in rows
        if one.known.words is not None and one.known.words not in UNCHECKED
    )


def speaker_confusion(rows: Iterable[Checked]) -> Confusion:
    """Of the findings about the speaker, where one was expected and the words were found where
    they were said: elsewhere there is no speaker to be right about."""
    return confusion(
        (one.known.speaker.value, one.finding.speaker.value)
        for one in rows
        if one.known.speaker is not None and one.events & one.known.events
    )


def cost(rows: Iterable[Checked]) -> tuple[float, int]:
    """The sum of the costs, and of how many quotations with an expected finding."""
    total, count = 0.0, 0
    for one in rows:
        if one.known.words is None or one.known.words in UNCHECKED:
            continue
        count += 1
        if one.missed_critical:
            total += COST_MISSED
        elif one.words_as is one.known.words:
            continue
        elif one.known.words in TRUE and one.finding.words in UNFAIR:
            total += COST_UNFAIR
        else:
            total += COST_OTHER
    return total, count


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Printed words that were said so and are shown so, are wrongly shown so, and are not."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float | None:
        """Word-level F1."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else None


def alignment(rows: Iterable[Checked]) -> WordCounts:
    """Of quotations made by rule and found: which of their words are shown as said.

    A printed word is shown as said where a passage that is equal or a variant covers its middle.
    """
    right = wrong = missed = 0
    for one in rows:
        if one.known.kept is None or not one.positive:
            continue
        said = set(one.known.kept)
        matched = [
            passage.printed_chars
            for passage in one.finding.passages
            if passage.kind in {EditKind.EQUAL, EditKind.VARIANT}
        ]
        at = 0
        for word in one.known.printed.split(" "):
            span = (at, at + len(word))
            at += len(word) + 1
            if not any(letter.isalnum() for letter in word):
                continue
            middle = (span[0] + span[1]) // 2
            shown = any(start <= middle < end for start, end in matched)
            right += shown and span in said
            wrong += shown and span not in said
            missed += not shown and span in said
    return WordCounts(right, wrong, missed)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Between two values of E: how many of so many quotations never said should by chance have
    their best match there, and how many had."""

    low: float
    high: float
    expected: float
    observed: int
    of: int


CALIBRATED_AT = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Ends of the bins of E."""


def calibration(never: Sequence[Checked]) -> tuple[Calibrated, ...]:
    """E against what happened: P(best E ≤ t) = 1 − e^(−t) where E is right."""
    found = [one.expected for one in never]
    return tuple(
        Calibrated(
            low,
            high,
            len(never) * (math.exp(-low) - math.exp(-high)),
            sum(value is not None and low < value <= high for value in found),
            len(never),
        )
        for low, high in itertools.pairwise(CALIBRATED_AT)
    )


def halves(rows: Sequence[Checked]) -> tuple[list[Checked], list[Checked]]:
    """Every other row: what a constant is fitted on, and what it is reported on."""
    return list(rows[::2]), list(rows[1::2])
