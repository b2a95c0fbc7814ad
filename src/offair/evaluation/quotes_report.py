"""The report of an evaluation of quotations: tables for people, a JSON document for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from offair import __version__
from offair.evaluation import quotes_scores as scores
from offair.evaluation.quotes import SCORED, Evaluation, Kept
from offair.evaluation.quotes_scores import LONG, Checked, Confusion, Share
from offair.model.errors import Unavailable
from offair.text.significance import Constants, Fitted

DOCUMENT = "offair evaluation of quotations"
DOCUMENT_VERSION = "1.0"
"""Of the JSON; docs/reference/evaluation-sets.md describes it."""
_WIDTH = 130
_MOST_ERRORS = 400
MADE = "made:"


def _said(rows: Iterable[Checked], least: int = 1) -> list[Checked]:
    return [one for one in rows if one.known.said and one.known.length >= least]


def document(made: Evaluation) -> dict[str, object]:
    """The evaluation as JSON values. Quotations are named by their place in an article, or by the
    rule that made them; their text is given only where a rule made them."""
    adjudicated = made.group(*SCORED)
    all_scored = [*adjudicated, *made.group(MADE)]
    controls = [one for one in made.rows if one.known.group.startswith("control:")]
    cost, counted = scores.cost([*all_scored, *controls])
    return {
        "document": DOCUMENT,
        "version": DOCUMENT_VERSION,
        "program": f"offair {__version__}",
        "constants": made.used.version,
        "set": {
            "name": made.found.name, "files": made.files, "words": made.words, "seed": made.seed,
            "adjudications_sha256": made.found.adjudications_sha256,
            "quotations": len(made.found.quotations),
            "left_out": [{"name": one.name, "reason": one.reason} for one in made.found.left_out],
            "refused": [{"name": one.name, "reason": one.reason} for one in made.refused],
        },
        "chance": {
            "used": _of_chance(made.used),
            "fitted": _of_chance(made.fitted) if made.fitted else None,
            "matches": made.fitted.matches if made.fitted else None,
            "of": made.fitted.of if made.fitted else None,
        },
        "threshold": {
            "expected": made.limit, "never_said": len(made.never),
            "false_alarms": _share(scores.share(
                made.never, lambda one: scores.believed(one, made.limit))),
            "believed_as_used": _share(scores.share(made.never, lambda one: one.positive)),
        },
        "groups": {name: _group(made, rows) for name, rows in _groups(made)},
        "words": _confusion(scores.words_confusion(_with_controls(adjudicated, []))),
        "words_made": _confusion(scores.words_confusion(_with_controls([], made.rows))),
        "words_all": _confusion(scores.words_confusion(_with_controls(adjudicated, made.rows))),
        "speaker": _confusion(scores.speaker_confusion(_with_controls(adjudicated, made.rows))),
        "apart": {
            one.value: sum(row.finding.words is one for row in made.rows)
            for one in sorted(scores.APART)
        },
        "alignment": _alignment(made),
        "cost": {"total": cost, "quotations": counted, "mean": cost / counted if counted else None},
        "critical": {
            "with": sum(bool(one.known.critical) and one.positive for one in made.rows),
            "missed": [one.known.name for one in made.rows if one.missed_critical],
        },
        "calibration": [
            {"above": one.low, "to": one.high, "expected": one.expected,
             "observed": one.observed, "of": one.of}
            for one in scores.calibration(made.never)
        ],
        "start_error_ms": None,
        "articles": {
            "found": _share(made.reading.found), "told_no_speech": _share(made.reading.no_speech),
            "told_speech": _share(made.reading.speech), "speaker": _share(made.reading.speaker),
        },
        "without_event": _kept(made.without, made.without_of),
        "other_years": _kept(made.other_years, made.other_years_of),
        "confirmed_by_chance": _share(made.by_chance),
        "errors": [_error(one) for one in errors(made)][:_MOST_ERRORS],
    }  # fmt: skip


def _of_chance(constants: Constants | Fitted) -> dict[str, float]:
    return {
        "lambda": constants.decay, "growth": constants.growth, "offset": constants.offset,
    }  # fmt: skip


def _with_controls(adjudicated: Sequence[Checked], rows: Sequence[Checked]) -> list[Checked]:
    """What the macro-F1 counts: what a reader adjudicated, what rules made, and controls."""
    return [
        *adjudicated,
        *(one for one in rows if one.known.group.startswith(("made:", "control"))),
    ]


def errors(made: Evaluation) -> list[Checked]:
    """Rows whose finding about words or speaker, or whose event, is not the expected one."""
    return [
        one
        for one in made.rows
        if (one.known.words is not None and one.words_as is not one.known.words)
        or (one.known.said and not one.right_event)
        or (
            one.known.speaker is not None
            and one.events & one.known.events
            and one.finding.speaker is not one.known.speaker
        )
        or one.missed_critical
    ]


def _groups(made: Evaluation) -> list[tuple[str, list[Checked]]]:
    names = list(dict.fromkeys(one.known.group for one in made.rows))
    return [(name, made.group(name)) for name in names]


def _group(made: Evaluation, rows: Sequence[Checked]) -> dict[str, object]:
    said = _said(rows)
    return {
        "quotations": len(rows),
        "right_event_first": _share(scores.share(said, lambda one: one.right_event)),
        "right_event_first_by_length": _lengths(said, lambda one: one.right_event),
        "recall_at_threshold": _share(scores.share(said, _recalled(made))),
        "recall_at_threshold_by_length": _lengths(said, _recalled(made)),
        "positive": _share(scores.share(rows, lambda one: one.positive)),
        "words_as_expected": _share(
            scores.share(
                [one for one in rows if one.known.words is not None],
                lambda one: one.words_as is one.known.words,
            )
        ),
    }


def _recalled(made: Evaluation) -> Callable[[Checked], bool]:
    return lambda one: one.right_event and scores.believed(one, made.limit)


def _share(found: Share) -> dict[str, object]:
    return {"count": found.count, "of": found.of, "rate": found.rate}


def _lengths(
    rows: Sequence[Checked], holds: Callable[[Checked], bool]
) -> dict[str, dict[str, object]]:
    return {_length(key): _share(one) for key, one in scores.by_length(list(rows), holds).items()}


def _length(key: tuple[int, int]) -> str:
    return f"{key[0]}+" if key[1] > 1000 else f"{key[0]}-{key[1]}"


def _confusion(found: Confusion) -> dict[str, object]:
    return {
        "macro_f1": found.macro_f1,
        "f1": {label: value for label in found.labels if (value := found.f1(label)) is not None},
        "counts": [
            {"expected": one, "found": other, "count": count}
            for (one, other), count in sorted(found.counts.items())
        ],
    }


def _alignment(made: Evaluation) -> dict[str, object]:
    found = scores.alignment(made.rows)
    return {"f1": found.f1, "right": found.right, "wrong": found.wrong, "missed": found.missed}


def _kept(kept: Sequence[Kept], of: int) -> dict[str, object]:
    bare = [one for one in kept if not one.elsewhere]
    return {
        "quotations": of,
        "still_positive": len(kept),
        "unconfirmed": _share(Share(len(bare), of)),
        "listed": [{**_error(one.checked), "elsewhere": one.elsewhere} for one in kept],
    }


def _error(one: Checked) -> dict[str, object]:
    known = one.known
    made = known.group.startswith(("made:", "control:"))
    return {
        "name": known.name, "group": known.group, "printed": known.printed if made else None,
        "length": known.length,
        "words": {"expected": known.words, "found": one.finding.words},
        "speaker": {"expected": known.speaker, "found": one.finding.speaker,
                    "claimed": known.claimed,
                    "shown": [piece.speaker for piece in one.finding.pieces]},
        "events": {"expected": sorted(known.events), "first": one.first},
        "missed_critical": one.missed_critical,
        "expected_by_chance": one.expected,
        "spoken": [piece.spoken for piece in one.finding.pieces] if made else None,
    }  # fmt: skip


def write_json(made: Evaluation, path: Path) -> None:
    """Write the document. Raises `Unavailable` where the file cannot be written."""
    try:
        path.write_text(
            json.dumps(document(made), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from error


def print_tables(made: Evaluation, *, terminal: bool) -> None:
    """The evaluation as tables on standard output."""
    console = Console(width=None if terminal else _WIDTH, highlight=False)
    print_ = console.print
    print_(
        f"{made.found.name}: {made.files:,} files, {made.words:,} words; "
        f"{len(made.found.quotations)} adjudicated quotations; seed {made.seed}"
    )
    for one in (*made.refused, *made.found.left_out):
        print_(f"left out: {one.name}: {one.reason}", markup=False)
    _print_groups(console, made)
    _print_lengths(console, made)
    adjudicated = made.group(*SCORED)
    for title, rows in (
        ("words, adjudicated", adjudicated),
        ("words, made by rule and controls", _with_controls([], made.rows)),
    ):
        _print_confusion(console, title, scores.words_confusion(rows))
    _print_confusion(
        console, "speaker", scores.speaker_confusion(_with_controls(adjudicated, made.rows))
    )
    _print_rest(console, made)


def _print_groups(console: Console, made: Evaluation) -> None:
    table = Table(title="by group", title_justify="left")
    for name in ("group", "quotations", "right event first", "recall at 1 %", "positive",
                 "words as expected"):  # fmt: skip
        table.add_column(name, justify="left" if name == "group" else "right")
    for name, rows in _groups(made):
        said = _said(rows)
        scored = [one for one in rows if one.known.words is not None]
        table.add_row(
            name, str(len(rows)),
            _percent(scores.share(said, lambda one: one.right_event)),
            _percent(scores.share(said, _recalled(made))),
            _percent(scores.share(rows, lambda one: one.positive)),
            _percent(scores.share(scored, lambda one: one.words_as is one.known.words)),
        )  # fmt: skip
    console.print(table)


def _print_lengths(console: Console, made: Evaluation) -> None:
    said = _said(made.group(*SCORED))
    table = Table(title="adjudicated quotations by length", title_justify="left")
    for name in ("words", "right event first", "recall at 1 %"):
        table.add_column(name, justify="right")
    first = scores.by_length(said, lambda one: one.right_event)
    recall = scores.by_length(said, _recalled(made))
    for key, one in first.items():
        table.add_row(_length(key), _percent(one), _percent(recall[key]))
    longer = _said(made.group(*SCORED), LONG)
    table.add_row(
        f"{LONG}+, all",
        _percent(scores.share(longer, lambda one: one.right_event)),
        _percent(scores.share(longer, _recalled(made))),
    )
    console.print(table)


def _print_confusion(console: Console, title: str, found: Confusion) -> None:
    expected = [one for one in found.labels if found.f1(one) is not None]
    table = Table(title=f"{title}: macro-F1 {_number(found.macro_f1)}", title_justify="left")
    table.add_column("expected / found")
    for place, _ in enumerate(found.labels, 1):
        table.add_column(str(place), justify="right")
    table.add_column("F1", justify="right")
    for place, label in enumerate(found.labels, 1):
        cells = [str(found.counts.get((label, other), "") or "·") for other in found.labels]
        table.add_row(f"{place} {label}", *(cells if label in expected else [""] * len(cells)),
                      _number(found.f1(label)))  # fmt: skip
    console.print(table)


def _print_rest(console: Console, made: Evaluation) -> None:
    say = console.print
    limit = scores.share(made.never, lambda one: one.positive)
    say(f"chance, in use (version {made.used.version}): {_told(made.used)}")
    if made.fitted is not None:
        say(f"chance, fitted anew on {made.fitted.matches} matches of every other quotation never "
            f"said: {_told(made.fitted)}")  # fmt: skip
    say(f"E at 1 % false alarms {made.limit:.3g}; with the constants in use {_percent(limit)} of "
        "the quotations never said are believed")  # fmt: skip
    for one in scores.calibration(made.never):
        say(f"  E {one.low:g} to {one.high:g}: {one.expected:.1f} expected by chance of {one.of}, "
            f"{one.observed} observed")  # fmt: skip
    words = scores.alignment(made.rows)
    say(f"alignment, word-level F1 {_number(words.f1)} ({words.right} right, {words.wrong} wrong, "
        f"{words.missed} missed)")  # fmt: skip
    total, count = scores.cost(one for one in made.rows)
    say(f"cost {total:g} over {count} quotations ({total / max(1, count):.3f} each); "
        "5 for a true one called altered, spliced or not found, 10 for a missed critical edit, "
        "1 for another wrong finding")  # fmt: skip
    missed = [one for one in made.rows if one.missed_critical]
    shown = sum(bool(one.known.critical) and one.positive for one in made.rows)
    say(f"critical edits missed: {len(missed)} of {shown}")
    for apart in sorted(scores.APART):
        found = sum(row.finding.words is apart for row in made.rows)
        say(f"{apart.value}: {found} found")
    for title, kept, of in (
        ("with their event left out", made.without, made.without_of),
        ("with the whole year left out", made.other_years, made.other_years_of),
    ):
        bare = [one for one in kept if not one.elsewhere]
        say(f"{title}: {len(kept)} of {of} keep a positive finding, "
            f"{len(bare)} of them unconfirmed by the exhaustive scan")  # fmt: skip
        for left in bare:
            say(f"  {left.checked.known.name}: {left.checked.finding.words.value}", markup=False)
    say(f"the same scan would confirm {_percent(made.by_chance)} of the quotations never said, of "
        f"{LONG} words and more")  # fmt: skip
    read = made.reading
    say(f"in articles: {_percent(read.found)} of the adjudicated quotations found; of what is no "
        f"speech {_percent(read.no_speech)} told so, of speech {_percent(read.speech)}; its "
        f"speaker {_percent(read.speaker)}")  # fmt: skip
    say("start times: the texts of this set have none")
    say(f"findings that are not as expected: {len(errors(made))} (--json lists them)")


def _told(constants: Constants | Fitted) -> str:
    return f"λ {constants.decay:.3f}, growth {constants.growth:.3f}, log₂ K {constants.offset:.2f}"


def _percent(found: Share) -> str:
    rate = found.rate
    return "–" if rate is None else f"{found.count}/{found.of} {100 * rate:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
