"""How well quotations are found and judged, beside the bounds the project set itself.

`python benchmarks/quotes.py --set FOLDER [--never FOLDER] [--keep FOLDER] [--quick] [--json F]`

The same as `offair evaluate quotes`, with a table of the bounds, met or missed, printed under the
report. The set is the White House's of docs/reference/evaluation-sets.md, the texts never said are
statements of other bodies.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from offair import config
from offair.evaluation import quotes_report
from offair.evaluation import quotes_scores as scores
from offair.evaluation.quotes import SCORED, Amounts, Evaluation, evaluate
from offair.evaluation.quotes_scores import LONG, Checked, Share
from offair.model.finding import EditClass

RIGHT_EVENT, RECALL, NOISY, MACRO_F1, LEFT_OUT = 0.98, 0.86, 0.99, 0.90, 0.01
"""At least; the last at most."""
FLIPS = frozenset({EditClass.NEGATION, EditClass.NUMBER})


@dataclass(frozen=True, slots=True)
class Bound:
    """A measure, what it is to reach (in words), what was measured (None: nothing to measure on),
    of how many quotations, and whether it is met."""

    what: str
    bound: str
    value: float | None
    of: int
    met: bool


def bounds(made: Evaluation) -> Iterator[Bound]:
    """Every bound."""
    adjudicated = made.group(*SCORED)
    long = [one for one in adjudicated if one.known.said and one.known.length >= LONG]

    def recalled(one: Checked) -> bool:
        return one.right_event and scores.believed(one, made.limit)

    def right(one: Checked) -> bool:
        return one.right_event

    adjudicated_long = f"adjudicated, {LONG} words and more"
    yield of_share(f"right event first: {adjudicated_long}", scores.share(long, right), RIGHT_EVENT)
    yield of_share(
        f"recall at 1 % false alarms: {adjudicated_long}", scores.share(long, recalled), RECALL
    )
    for (low, high), found in scores.by_length(long, recalled).items():
        shown = f"{max(low, LONG)} to {high} words" if high < 1_000 else f"{low} words and more"
        yield of_share(f"  of these, {shown}", found, RECALL)
    by_hand = [one for one in long if one.known.group == "by hand"]
    yield of_share("  of these, found by hand", scores.share(by_hand, recalled), RECALL)
    noisy = scores.share(made.group("made: 20 words, 15 % and 15 %"), right)
    yield of_share("20 words, 15 % substituted, 15 % dropped: right event", noisy, NOISY)
    made_rows = made.group("made:", "control:")
    for name, rows in (("adjudicated", adjudicated), ("made by rule, controls", made_rows)):
        value = scores.words_confusion(rows).macro_f1
        yield at_least(f"macro-F1 of words: {name}", value, len(rows), MACRO_F1)
    every = [*adjudicated, *made_rows]
    value = scores.speaker_confusion(every).macro_f1
    yield at_least("macro-F1 of speaker", value, len(every), MACRO_F1)
    flips = [one for one in made.rows if one.known.critical & FLIPS and one.positive]
    for what, rows in (
        ("negation and number flips missed", flips),
        ("critical edits missed", [one for one in made.rows if one.known.critical]),
    ):
        missed = sum(one.missed_critical for one in rows)
        yield Bound(what, "none", float(missed), len(rows), missed == 0)
    for what, left, of in (
        ("positive without its event, unconfirmed elsewhere", made.without, made.without_of),
        ("positive without its year, unconfirmed elsewhere", made.other_years, made.other_years_of),
    ):
        bare = Share(sum(not one.elsewhere for one in left), of)
        met = bare.rate is not None and bare.rate <= LEFT_OUT
        yield Bound(what, f"<= {LEFT_OUT:.0%}", bare.rate, of, met)


def of_share(what: str, found: Share, bound: float) -> Bound:
    """A bound from below on a share."""
    return at_least(what, found.rate, found.of, bound)


def at_least(what: str, value: float | None, of: int, bound: float) -> Bound:
    """A bound from below."""
    return Bound(what, f">= {bound:.2f}", value, of, value is not None and value >= bound)


def print_bounds(every: Iterable[Bound]) -> None:
    """The bounds as a table."""
    table = Table(title="bounds", title_justify="left")
    for name in ("measure", "to reach", "measured", "quotations", ""):
        table.add_column(name, justify="left" if name in {"measure", ""} else "right")
    for one in every:
        shown = "–" if one.value is None else f"{one.value:.3f}"
        met = "met" if one.met else "MISSED"
        table.add_row(one.what, one.bound, shown, str(one.of), met)
    Console(width=110, highlight=False).print(table)


def main() -> None:
    """Evaluate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--never", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    amounts = Amounts(4, 100, 8, 10) if args.quick else Amounts()
    made = evaluate(
        config.load(None), args.set, never=args.never, amounts=amounts, keep=args.keep,
        notice=lambda said: print(f"  {said}"), progress=lambda *_: None,
    )  # fmt: skip
    quotes_report.print_tables(made, terminal=False)
    if args.json is not None:
        quotes_report.write_json(made, args.json)
    print_bounds(bounds(made))


if __name__ == "__main__":
    main()
