"""How well quotations are found and judged, beside the bounds the project set itself.

`python benchmarks/quotes.py --set FOLDER [--never FOLDER] [--keep FOLDER] [--quick]`

The same as `offair evaluate quotes`, with each bound and whether it is kept printed under the
report. The set is the White House's of docs/reference/evaluation-sets.md, the texts never said are
statements of other bodies.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from offair import config
from offair.evaluation import quotes_report
from offair.evaluation import quotes_scores as scores
from offair.evaluation.quotes import SCORED, Amounts, Evaluation, evaluate
from offair.evaluation.quotes_report import LONG
from offair.evaluation.quotes_scores import Checked, Share
from offair.model.finding import EditClass

RIGHT_EVENT, RECALL, NOISY, MACRO_F1, LEFT_OUT = 0.98, 0.86, 0.99, 0.90, 0.01
"""At least; the last at most."""
FLIPS = frozenset({EditClass.NEGATION, EditClass.NUMBER})


def bounds(made: Evaluation) -> Iterator[tuple[str, float | None, str, bool]]:
    """(what, value, bound, kept) of every bound."""
    adjudicated = made.group(*SCORED)
    long = [one for one in adjudicated if one.known.said and one.known.length >= LONG]

    def recalled(one: Checked) -> bool:
        return one.right_event and scores.believed(one, made.limit)

    first = scores.share(long, lambda one: one.right_event).rate
    yield at_least(f"right event first, adjudicated, {LONG} words and more", first, RIGHT_EVENT)
    yield at_least(
        "recall at 1 % false alarms, the same", scores.share(long, recalled).rate, RECALL
    )
    by_hand = [one for one in long if one.known.group == "by hand"]
    hand = scores.share(by_hand, recalled).rate
    yield at_least("recall at 1 % false alarms, found by hand", hand, RECALL)
    noisy = scores.share(made.group("made: 20 words, 15 % and 15 %"), lambda one: one.right_event)
    yield at_least("20 words, 15 % substituted, 15 % dropped: right event", noisy.rate, NOISY)
    made_rows = made.group("made:", "control:")
    for name, rows in (("adjudicated", adjudicated), ("made by rule, controls", made_rows)):
        value = scores.words_confusion(rows).macro_f1
        yield at_least(f"macro-F1 of words, {name}", value, MACRO_F1)
    speakers = scores.speaker_confusion([*adjudicated, *made_rows]).macro_f1
    yield at_least("macro-F1 of speaker", speakers, MACRO_F1)
    missed = sum(one.missed_critical and bool(one.known.critical & FLIPS) for one in made.rows)
    yield "negation and number flips missed", float(missed), "0", missed == 0
    bare = Share(sum(not one.elsewhere for one in made.without), made.without_of).rate
    kept = bare is not None and bare <= LEFT_OUT
    yield "positive without its event, not confirmed elsewhere", bare, f"<= {LEFT_OUT}", kept


def at_least(what: str, value: float | None, bound: float) -> tuple[str, float | None, str, bool]:
    """A bound from below."""
    return what, value, f">= {bound}", value is not None and value >= bound


def main() -> None:
    """Evaluate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--never", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    amounts = Amounts(4, 100, 8, 10) if args.quick else Amounts()
    made = evaluate(
        config.load(None), args.set, never=args.never, amounts=amounts, keep=args.keep,
        notice=lambda said: print(f"  {said}"), progress=lambda *_: None,
    )  # fmt: skip
    quotes_report.print_tables(made, terminal=False)
    for what, value, bound, kept in bounds(made):
        shown = "–" if value is None else f"{value:.3f}"
        print(f"{'kept  ' if kept else 'MISSED'} {what}: {shown} ({bound})")


if __name__ == "__main__":
    main()
