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
from offair.evaluation.quotes_scores import LONG, Checked, Share, halves, threshold
from offair.evaluation.quotes_set import KnownQuotation, QuoteSet, read_set
from offair.model.finding import EditKind, SpeakerFinding, WordsFinding
from offair.text import significance
from offair.text.align import LOOSE_END
from offair.text.significance import CONSTANTS, Constants, Fitted

SEED = 4
SCORED = ("candidate", "by hand")
"""Groups of a set that a reader adjudicated."""
_SIZES = (4, 16, 64)
"""λ, g and K are fitted on the whole archive and on one in so many of its recordings."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many quotations are made: by each rule, never said, of each other control, and left out
    with their event."""

    made: int = 40
    never: int = 1200
    control: int = 40
    without: int = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """A positive finding although the event was left out. elsewhere: places within the edits of the
    scan, 0 where the same words stand nowhere else (`quotes_run.confirmed`)."""

    checked: Checked
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was checked.

    rows: known quotations, made ones and controls with one whole archive. without, other_years:
    the same with recordings left out. by_chance: of the quotations never said, of six words and
    more, how many the scan that confirms a finding elsewhere would confirm. reading: what the
    articles' reader makes of the adjudicated quotations. fitted: the constants of chance fitted on
    every other quotation never said, None where too few match anything; used: those in use. limit:
    E at which 1 % of the other half of the quotations never said would be believed.
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
    by_chance: Share
    fitted: Fitted | None
    used: Constants
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
        """The half of the quotations never said that no constant was fitted on."""
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
        fitted_on, kept_out = halves([one for one in rows if one.known.group == NEVER])
        return Evaluation(
            found, len(archive.recordings), archive.refused, archive.words, SEED, tuple(rows),
            without[0], without[1], years[0], years[1], _by_chance(archive, kept_out),
            _fitted(archive, fitted_on, progress), CONSTANTS, threshold(kept_out),
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
    return [one for one in wanted if not quotes_run.stands(archive, one.printed)]


def _fitted(
    archive: Archive, never: Sequence[Checked], progress: Callable[[str, float], None]
) -> Fitted | None:
    """The constants of chance, by the best matches in the archive and in parts of it."""
    every = list(never)
    for number, size in enumerate(_SIZES):
        progress("matching by chance", number / len(_SIZES))
        gone = quotes_run.all_but_one_in(archive, size, seed=SEED)
        every += quotes_run.check(archive, [one.known for one in never], without=gone)
    chance = []
    for one in every:
        found = one.finding.significance
        searched = found.words_searched if found else one.finding.coverage.words_searched
        chance.append((found.bits if found else 0.0, searched))
    try:
        return significance.fit(chance)
    except ValueError:
        return None


def _by_chance(archive: Archive, never: Sequence[Checked]) -> Share:
    longer = [one.known.printed for one in never if one.known.length >= LONG]
    return Share(sum(bool(quotes_run.confirmed(archive, one, ())) for one in longer), len(longer))


def _true(rows: Sequence[Checked]) -> list[Checked]:
    """Quotations that were said and found to be, of six words and more, the adjudicated first."""
    said = [
        one
        for one in rows
        if one.known.said and one.positive and one.known.length >= LONG and one.right_event
    ]
    return sorted(said, key=lambda one: one.known.group not in SCORED)


def _without_event(
    archive: Archive,
    rows: Sequence[Checked],
    count: int,
    progress: Callable[[str, float], None],
) -> tuple[tuple[Kept, ...], int]:
    """True quotations with every event left out in which they are known to have been said."""
    chosen = _true(rows)[:count]
    return _left_out(archive, chosen, _recordings, "leaving events out", progress), len(chosen)


def _other_years(
    archive: Archive,
    rows: Sequence[Checked],
    count: int,
    progress: Callable[[str, float], None],
) -> tuple[tuple[Kept, ...], int]:
    """The same speaker in other years: everything of the year in which it was said is left out."""

    def own_years(archive: Archive, one: Checked) -> set[int]:
        own = _recordings(archive, one)
        years = {archive.days[number][:4] for number in own}
        return own | {number for number, day in archive.days.items() if day[:4] in years}

    chosen = [one for one in _true(rows) if one.known.speaker is SpeakerFinding.AS_CLAIMED][:count]
    return _left_out(archive, chosen, own_years, "leaving years out", progress), len(chosen)


def _left_out(
    archive: Archive,
    chosen: Sequence[Checked],
    gone_for: Callable[[Archive, Checked], set[int]],
    stage: str,
    progress: Callable[[str, float], None],
) -> tuple[Kept, ...]:
    """What keeps a positive finding although these recordings are gone."""
    kept: list[Kept] = []
    for number, one in enumerate(chosen):
        progress(stage, number / len(chosen))
        gone = gone_for(archive, one)
        again = quotes_run.check(archive, [one.known], without=gone)[0]
        if again.positive:
            counts = [quotes_run.confirmed(archive, text, gone) for text in shown_as_said(again)]
            kept.append(Kept(again, min(counts, default=0)))
    return tuple(kept)


def _recordings(archive: Archive, one: Checked) -> set[int]:
    gone = {archive.recordings[event] for event in one.known.events if event in archive.recordings}
    # Further airings of the same event, as the finding tells them.
    return gone | {airing.recording_id for airing in one.finding.airings}


def shown_as_said(one: Checked) -> list[str]:
    """The printed words that the finding puts in each of its places, from the first to the last
    that stand there; one or two words before and after them are theirs too.

    Empty where these are less than half of the printed words: then no scan of them confirms what
    the finding says of the whole.
    """
    printed = one.known.printed
    ranges: dict[int, list[int]] = {}
    for passage in one.finding.passages:
        if passage.piece is not None and passage.kind in {EditKind.EQUAL, EditKind.VARIANT}:
            ranges.setdefault(passage.piece, []).extend(passage.printed_chars)
    spans = [(min(chars), max(chars)) for chars in ranges.values()]
    if len(spans) == 1:
        (start, end), words = spans[0], len(printed.split())
        start = 0 if len(printed[:start].split()) < LOOSE_END else start
        end = len(printed) if len(printed[end:].split()) < LOOSE_END else end
        spans = [(start, end)] if len(printed[start:end].split()) * 2 >= words else []
    return [printed[start:end] for start, end in spans]
