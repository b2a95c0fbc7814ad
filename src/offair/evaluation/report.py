"""The report of a hearing: tables for people, a versioned JSON document for programs."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from offair import __version__
from offair.evaluation import listening, scorers
from offair.evaluation.listening import Boundaries, ItemScore, interval, percentile, total, within
from offair.evaluation.material import LeftOut, TestSet
from offair.evaluation.normaliser import NORMALISER
from offair.model.errors import Unavailable
from offair.model.transcript import Engine

DOCUMENT = "offair evaluation of listening"
DOCUMENT_VERSION = "1.0"
"""Of the JSON; docs/reference/evaluation-sets.md describes it."""
_WIDTH = 130


@dataclass(frozen=True, slots=True)
class Report:
    """One evaluation. engines: who made the claims and told voices apart. run: every setting of the
    first item's run, as the catalogue has it. failed: items that could not be heard."""

    test_set: TestSet
    scores: tuple[ItemScore, ...]
    failed: tuple[LeftOut, ...]
    engines: tuple[Engine, ...]
    run: Mapping[str, str]
    collar_ms: float
    limit: int | None = None

    @property
    def total(self) -> ItemScore:
        """All items as one."""
        return total("total", "", self.scores)

    @property
    def by_language(self) -> tuple[ItemScore, ...]:
        """The items of each language as one, by tag."""
        tags = sorted({one.language for one in self.scores})
        return tuple(
            total(tag, tag, [one for one in self.scores if one.language == tag]) for tag in tags
        )


def document(report: Report) -> dict[str, object]:
    """The report as JSON values. Raises `Unavailable` where a scorer is missing."""
    return {
        "document": DOCUMENT,
        "version": DOCUMENT_VERSION,
        "program": f"offair {__version__}",
        "scorers": scorers.versions(),
        "python": platform.python_version(),
        "set": {
            "name": report.test_set.name,
            "layout": report.test_set.layout,
            "items": len(report.test_set.items),
            "limit": report.limit,
            "left_out": [_reason(one) for one in report.test_set.left_out],
        },
        "engines": [
            {"name": one.name, "model": one.model, "revision": one.revision,
             "settings": dict(one.settings)}
            for one in report.engines
        ],
        "run": dict(report.run),
        "normaliser": NORMALISER,
        "diarisation": {"collar_ms": report.collar_ms, "overlapped_speech": "counted"},
        "non_speech_margin_ms": listening.MARGIN_MS,
        "items": [_facts(one, [one]) for one in report.scores],
        "languages": [
            _facts(one, [item for item in report.scores if item.language == one.language])
            for one in report.by_language
        ],
        "total": _facts(report.total, report.scores),
        "failed": [_reason(one) for one in report.failed],
    }  # fmt: skip


def write_json(report: Report, path: Path) -> None:
    """Write the document. Raises `Unavailable` where the file cannot be written."""
    text = json.dumps(document(report), ensure_ascii=False, indent=2) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be written ({error.strerror}); name a file you may write"
        ) from error


def _reason(one: LeftOut) -> dict[str, str]:
    return {"name": one.name, "reason": one.reason}


def _facts(score: ItemScore, items: Sequence[ItemScore]) -> dict[str, object]:
    """One score as JSON values: every count, and the rates made of them. None: not measured."""
    return {
        "name": score.name,
        "language": score.language,
        "sound_ms": score.sound_ms,
        "wer": _errors(score.words, [one.words for one in items if one.words]),
        "cer": _errors(score.characters, [one.characters for one in items if one.characters]),
        "cpwer": score.speakers
        and {"rate": score.speakers.rate, "reference": score.speakers.reference,
             "errors": score.speakers.count},
        "der": score.apart
        and {"rate": score.apart.rate, "total_ms": round(score.apart.total),
             "missed_ms": round(score.apart.missed),
             "false_alarm_ms": round(score.apart.false_alarm),
             "confusion_ms": round(score.apart.confusion)},
        "boundaries": score.boundaries
        and {"starts": _errors_in_time(score.boundaries.starts),
             "ends": _errors_in_time(score.boundaries.ends)},
        "invented": score.invented
        and {"non_speech_ms": score.invented.non_speech_ms, "flagged": score.invented.flagged,
             "unflagged": score.invented.unflagged,
             "flagged_per_hour": score.invented.per_hour(score.invented.flagged),
             "unflagged_per_hour": score.invented.per_hour(score.invented.unflagged)},
        "speech_lost": score.lost
        and {"share": score.lost.share, "words": score.lost.words,
             "of_words": score.lost.of_words, "speech_ms": score.lost.speech_ms,
             "of_speech_ms": score.lost.of_speech_ms},
        "flags": score.doubts
        and {"words": score.doubts.words, "flagged": score.doubts.flagged,
             "wrong": score.doubts.wrong, "wrong_and_flagged": score.doubts.both,
             "share": score.doubts.share, "precision": score.doubts.precision,
             "recall": score.doubts.recall},
        "real_time": _real_time(score),
    }  # fmt: skip


def _errors(
    errors: listening.Errors | None, items: Sequence[listening.Errors]
) -> dict[str, object] | None:
    if errors is None:
        return None
    return {
        "rate": errors.rate, "reference": errors.reference,
        "substitutions": errors.substitutions, "deletions": errors.deletions,
        "insertions": errors.insertions, "interval_95": interval(items),
    }  # fmt: skip


def _errors_in_time(values: Sequence[int]) -> dict[str, object]:
    return {
        "count": len(values),
        "median_ms": percentile(values, 0.5),
        "p95_ms": percentile(values, 0.95),
        "signed_mean_ms": sum(values) / len(values) if values else None,
        "within": {str(limit): within(values, limit) for limit in listening.WITHIN_MS},
    }


def _real_time(score: ItemScore) -> dict[str, object] | None:
    if score.wall_s is None:
        return None
    return {
        "sound_ms": score.timed_ms, "wall_s": score.wall_s, "cpu_s": score.cpu_s,
        "wall": _factor(score.wall_s, score), "cpu": _factor(score.cpu_s, score),
    }  # fmt: skip


def _factor(seconds: float | None, score: ItemScore) -> float | None:
    return seconds * 1000 / score.timed_ms if seconds is not None and score.timed_ms else None


def print_tables(report: Report, *, terminal: bool) -> None:
    """The report for a person, on the output stream: what was measured and nothing else."""
    console = Console(width=None if terminal else _WIDTH, highlight=False)
    rows = [*report.scores]
    if len(report.by_language) > 1:
        rows += report.by_language
    rows.append(report.total)
    marks = {len(report.scores) - 1, len(rows) - 2}
    for title, columns in _TABLES:
        shown = [one for one in columns if any(one.cell(row) for row in rows)]
        if not shown:
            continue
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        table.add_column("item", overflow="fold")
        table.add_column("language")
        for column in shown:
            table.add_column(column.title, justify="right", no_wrap=True)
        for place, row in enumerate(rows):
            cells = [column.cell(row) or "–" for column in shown]
            name = row.name if place < len(report.scores) else f"all {row.name}".rstrip()
            name = "total" if row is rows[-1] else name
            table.add_row(name, row.language, *cells, end_section=place in marks)
        console.print(table)
        console.print()
    for line in _remarks(report):
        console.print(line, markup=False, soft_wrap=True)


def _remarks(report: Report) -> list[str]:
    test_set = report.test_set
    lines = [f"set: {test_set.name}, {test_set.layout}, {len(report.scores)} items heard"]
    found = interval([one.words for one in report.scores if one.words])
    if found:
        lines.append(f"WER, 95 % interval over items: {found[0]:.1%} to {found[1]:.1%}")
    lines += [f"engine: {one.name} {one.model}, revision {one.revision}" for one in report.engines]
    lines += [f"{name}: {report.run[name]}" for name in ("activity", "languages", "speakers")
              if name in report.run]  # fmt: skip
    lines.append(f"words and characters: {NORMALISER}")
    if any(one.apart for one in report.scores):
        lines.append(
            f"DER: collar {report.collar_ms / 1000:g} s on each side, overlapped speech counted"
        )
    if any(one.boundaries for one in report.scores):
        lines.append("times: of words that are equal on both sides; p95 and median of |error|, ms")
    if any(one.invented for one in report.scores):
        lines.append(
            f"non-speech: further than {listening.MARGIN_MS} ms from known speech; words an hour"
        )
    named = ", ".join(f"{name} {number}" for name, number in scorers.versions().items())
    lines.append(f"scorers: {named}; offair {__version__}")
    lines += [f"left out: {one.name}: {one.reason}" for one in test_set.left_out]
    lines += [f"not heard: {one.name}: {one.reason}" for one in report.failed]
    if report.limit is not None and report.limit < len(test_set.items):
        lines.append(f"only the first {report.limit} of {len(test_set.items)} items, as asked")
    return lines


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    cell: Callable[[ItemScore], str | None]


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{value * 100:.1f} %"


def _number(value: float | None, digits: int = 0) -> str | None:
    return None if value is None else f"{value:.{digits}f}"


def _times(values: Callable[[Boundaries], Sequence[int]]) -> tuple[_Column, ...]:
    def of(row: ItemScore) -> Sequence[int]:
        return values(row.boundaries) if row.boundaries else ()

    return (
        _Column("median", lambda row: _number(percentile(of(row), 0.5))),
        _Column("p95", lambda row: _number(percentile(of(row), 0.95))),
        *(_near(of, limit) for limit in listening.WITHIN_MS),
    )


def _near(of: Callable[[ItemScore], Sequence[int]], limit: int) -> _Column:
    return _Column(f"≤{limit}", lambda row: _percent(within(of(row), limit)))


_TABLES: tuple[tuple[str, tuple[_Column, ...]], ...] = (
    (
        "words",
        (
            _Column("sound s", lambda row: _number(row.sound_ms / 1000, 1)),
            _Column("words", lambda row: str(row.words.reference) if row.words else None),
            _Column("WER", lambda row: _percent(row.words.rate) if row.words else None),
            _Column("sub", lambda row: str(row.words.substitutions) if row.words else None),
            _Column("del", lambda row: str(row.words.deletions) if row.words else None),
            _Column("ins", lambda row: str(row.words.insertions) if row.words else None),
            _Column("CER", lambda row: _percent(row.characters.rate) if row.characters else None),
            _Column("cpWER", lambda row: _percent(row.speakers.rate) if row.speakers else None),
            _Column("flagged", lambda row: _percent(row.doubts.share) if row.doubts else None),
            _Column("precision", lambda row: _percent(row.doubts.precision) if row.doubts
                    else None),
            _Column("recall", lambda row: _percent(row.doubts.recall) if row.doubts else None),
            _Column("wall ×", lambda row: _number(_factor(row.wall_s, row), 3)),
            _Column("CPU ×", lambda row: _number(_factor(row.cpu_s, row), 3)),
        ),
    ),
    (
        "voices",
        (
            _Column("DER", lambda row: _percent(row.apart.rate) if row.apart else None),
            _Column("missed s", lambda row: _number(row.apart.missed / 1000, 2) if row.apart
                    else None),
            _Column("false alarm s", lambda row: _number(row.apart.false_alarm / 1000, 2)
                    if row.apart else None),
            _Column("confusion s", lambda row: _number(row.apart.confusion / 1000, 2)
                    if row.apart else None),
            _Column("speech s", lambda row: _number(row.apart.total / 1000, 1) if row.apart
                    else None),
        ),
    ),
    ("starts of words", _times(lambda found: found.starts)),
    ("ends of words", _times(lambda found: found.ends)),
    (
        "speech and the rest",
        (
            _Column("speech lost", lambda row: _percent(row.lost.share) if row.lost else None),
            _Column("non-speech s", lambda row: _number(row.invented.non_speech_ms / 1000, 1)
                    if row.invented else None),
            _Column("invented", lambda row: str(row.invented.flagged + row.invented.unflagged)
                    if row.invented else None),
            _Column("unflagged", lambda row: str(row.invented.unflagged) if row.invented
                    else None),
            _Column("invented/h", lambda row: _number(
                row.invented.per_hour(row.invented.flagged + row.invented.unflagged), 1)
                if row.invented else None),
            _Column("unflagged/h", lambda row: _number(
                row.invented.per_hour(row.invented.unflagged), 1) if row.invented else None),
        ),
    ),
)  # fmt: skip
