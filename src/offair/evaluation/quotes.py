"""How well quotations are found and judged: the whole evaluation, from a set to its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from offair.config import Settings
from offair.evaluation import quotes_controls, quotes_run
from offair.evaluation.material import LeftOut
from offair.evaluation.quotes_articles import ArticleReading, read_articles
from offair.evaluation.quotes_controls import NEVER
from offair.evaluation.quotes_made import Maker
from offair.evaluation.quotes_run import Archive
from offair.evaluation.quotes_scores import Checked, halves, threshold
from offair.evaluation.quotes_set import KnownQuotation, QuoteSet, read_set
from offair.model.finding import SpeakerFinding, WordsFinding
from offair.text import significance

SEED = 4
SCORED = ("candidate", "by hand")
"""Groups of a set that a reader adjudicated."""
_EDITS_A_WORD = 0.2
"""Edits for each word within which the exhaustive scan says that the same words stand elsewhere."""
_LONGEST_SCAN = 1_024
_GREATEST_DECAY = 4.9


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many quotations are made: by each rule, never said, of each other control, and left out
    with their event."""

    made: int = 40
    never: int = 400
    control: int = 40
    without: int = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """A positive finding although the event was left out. elsewhere: places within the edits of the
    scan, 0 where the same words stand nowhere else."""

    checked: Checked
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was checked.

    rows: known quotations, made ones and controls with one whole archive. without, other_years:
    the same with recordings left out. reading: what the articles' reader makes of the adjudicated
    quotations. decay_fitted: λ fitted on every other quotation never said;
    decay_used: of the constants in use. limit: E at which 1 % of the other half of the quotations
    never said would be believed.
    """

    found: QuoteSet
    files: int
    refused: tuple[LeftOut, ...]
    words: int
    seed: int
    rows: tuple[Checked, ...]
    without: tuple[Kept, ...]
    without_of: int
    other_years: tuple[Kept, ...]
    other_years_of: int
    decay_fitted: float | None
    decay_used: float
    constants: str
    limit: float
    reading: ArticleReading

    def group(self, *names: str) -> list[Checked]:
        """The rows of these groups; a name that ends with `:` stands for all that begin so."""
        return [
            one
            for one in self.rows
            if any(
                one.known.group == name or (name.endswith(":") and one.known.group.startswith(name))
                for name in names
            )
        ]

    @property
    def never(self) -> list[Checked]:
        """The half of the quotations never said that λ was not fitted on."""
        return halves(self.group(NEVER))[1]


def evaluate(
    settings: Settings,
    folder: Path,
    *,
    never: Path | None,
    amounts: Amounts,
    keep: Path | None,
    notice: Callable[[str], None],
    progress: Callable[[str, float], None],
) -> Evaluation:
    """Run the whole evaluation.

    never: a folder of texts that nobody of the archive said, None for the articles' own text.
    Raises what reading the set, taking in, indexing and checking raise.
    """
    found = read_set(folder)
    with quotes_run.scratch_archive(
        settings, found, keep=keep, notice=notice,
        progress=lambda done: progress("taking in the archive", done),
    ) as archive:  # fmt: skip
        rows = _check_all(archive, found, never, amounts, progress)
        without = _without_event(archive, rows, amounts.without, progress)
        years = _other_years(archive, rows, amounts.control, progress)
        fitted = _fitted(halves([one for one in rows if one.known.group == NEVER])[0])
        kept_out = halves([one for one in rows if one.known.group == NEVER])[1]
        return Evaluation(
            found, len(archive.recordings), archive.refused, archive.words, SEED, tuple(rows),
            without[0], without[1], years[0], years[1], fitted, significance.CONSTANTS.decay,
            significance.CONSTANTS.version, threshold(kept_out),
            read_articles(found),
        )  # fmt: skip


def _check_all(
    archive: Archive,
    found: QuoteSet,
    never: Path | None,
    amounts: Amounts,
    progress: Callable[[str, float], None],
) -> list[Checked]:
    passages = quotes_run.passages(archive, max(amounts.made * 60, amounts.control * 8), seed=SEED)
    made = list(Maker(passages, seed=SEED).make(amounts.made))
    controls = [
        *_never_said(archive, found, never, amounts.never),
        *quotes_controls.broken(passages, amounts.control, seed=SEED),
        *quotes_controls.formulae(),
    ]
    speech = [one for one in found.quotations if one.words is not WordsFinding.NOT_A_QUOTATION]
    every = [*speech, *made, *controls]
    return quotes_run.check(
        archive, every, progress=lambda done: progress("checking quotations", done)
    )


def _never_said(
    archive: Archive, found: QuoteSet, never: Path | None, count: int
) -> list[KnownQuotation]:
    """Quotations never said, without those that stand in the archive all the same."""
    folder = never or found.folder / "articles"
    files = sorted(
        one for one in folder.rglob("*") if one.suffix in {".txt", ".md"} and one.is_file()
    )
    wanted = quotes_controls.never_said(files, count, seed=SEED)
    return [one for one in wanted if not quotes_run.said_within(archive, one.printed, 0, ())]


def _fitted(never: Sequence[Checked]) -> float | None:
    chance = [
        (one.finding.significance.bits, one.finding.significance.words_searched)
        for one in never
        if one.finding.significance is not None and one.finding.significance.bits > 0
    ]
    fitted = significance.fit(chance) if len(chance) >= 20 else None
    # At its upper end the likelihood still grows: these matches do not tell λ.
    return None if fitted is None or fitted > _GREATEST_DECAY else fitted


def _true(rows: Sequence[Checked]) -> list[Checked]:
    """Quotations that were said and found to be, of six words and more, the adjudicated first."""
    said = [
        one
        for one in rows
        if one.known.said and one.positive and one.known.length >= 6 and one.right_event
    ]
    return sorted(said, key=lambda one: one.known.group not in SCORED)


def _without_event(
    archive: Archive,
    rows: Sequence[Checked],
    count: int,
    progress: Callable[[str, float], None],
) -> tuple[tuple[Kept, ...], int]:
    """Check true quotations with every event left out in which they are known to have been said."""
    kept: list[Kept] = []
    chosen = _true(rows)[:count]
    for number, one in enumerate(chosen):
        progress("leaving events out", number / len(chosen))
        gone = _recordings(archive, one)
        kept += _still_positive(archive, one, gone)
    return tuple(kept), len(chosen)


def _recordings(archive: Archive, one: Checked) -> set[int]:
    gone = {archive.recordings[event] for event in one.known.events if event in archive.recordings}
    # Further airings of the same event, as the finding tells them.
    gone |= {airing.recording_id for airing in one.finding.airings}
    return gone


def _still_positive(archive: Archive, one: Checked, gone: set[int]) -> list[Kept]:
    again = quotes_run.check(archive, [one.known], without=gone)[0]
    if not again.positive:
        return []
    counts = [
        quotes_run.said_within(archive, text, int(len(text.split()) * _EDITS_A_WORD), gone)
        for text in _stretches(again)
        if len(text.split()) <= _LONGEST_SCAN
    ]
    return [Kept(again, min(counts, default=0))]


def _stretches(one: Checked) -> list[str]:
    """The printed words that the finding puts in one place: all of them, or a piece of a splice."""
    if len(one.finding.pieces) < 2:
        return [one.known.printed]
    ranges: dict[int, list[int]] = {}
    for passage in one.finding.passages:
        if passage.piece is not None:
            ranges.setdefault(passage.piece, []).extend(passage.printed_chars)
    return [one.known.printed[min(chars) : max(chars)] for chars in ranges.values()]


def _other_years(
    archive: Archive,
    rows: Sequence[Checked],
    count: int,
    progress: Callable[[str, float], None],
) -> tuple[tuple[Kept, ...], int]:
    """The same speaker in other years: everything of the year in which it was said is left out."""
    kept: list[Kept] = []
    chosen = [one for one in _true(rows) if one.known.speaker is SpeakerFinding.AS_CLAIMED][:count]
    for number, one in enumerate(chosen):
        progress("leaving years out", number / len(chosen))
        own = _recordings(archive, one)
        years = {archive.days[number][:4] for number in own}
        gone = own | {number for number, day in archive.days.items() if day[:4] in years}
        kept += _still_positive(archive, one, gone)
    return tuple(kept), len(chosen)
