"""Measure how well the desk hears, finds and judges, with its own verbs, where the truth is known.

A set is a folder (docs/reference/evaluation-sets.md). Nothing of it enters the desk: it is taken
into a scratch desk with these settings, which is removed at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from offair import config
from offair.cli.terminal import Reporter, language, say
from offair.config import Settings
from offair.desk.evidence import printable
from offair.evaluation import quotes_report, report, scorers
from offair.evaluation.hear import hear, score, scratch_desk
from offair.evaluation.listening import ItemScore
from offair.evaluation.material import Item, LeftOut
from offair.evaluation.quotes import Amounts, evaluate
from offair.evaluation.sets import read_set
from offair.model.errors import BadInput, OffairError, Unavailable
from offair.model.transcript import Engine

_TO_OUTPUT = Path("-")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair evaluate` takes."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    one = kinds.add_parser(
        "listening", help="words, times, speakers, inventions, speed", description=__doc__,
        allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    one.add_argument("--set", type=Path, required=True, metavar="FOLDER", help="the set to hear")
    one.add_argument("--model", help="instead of the settings' model")
    one.add_argument("--engine", help="instead of the settings' recogniser")
    one.add_argument("--speakers", metavar="ENGINE", help="instead of the settings' diariser")
    one.add_argument("--language", type=language, metavar="TAG", help="BCP 47 tag to force")
    one.add_argument("--limit", type=int, metavar="N", help="only the first N items")
    one.add_argument(
        "--collar", type=float, default=0.0, metavar="S",
        help="seconds left out on each side of a change of speaker, for the DER (0)",
    )  # fmt: skip
    one.add_argument(
        "--json", type=Path, metavar="FILE", help="write the report there; - prints it instead"
    )
    _quotes_arguments(kinds)


def _quotes_arguments(kinds: Any) -> None:
    one = kinds.add_parser(
        "quotes", help="events, findings, false alarms, calibration", description=__doc__,
        allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    one.add_argument("--set", type=Path, required=True, metavar="FOLDER", help="the set to check")
    one.add_argument(
        "--never", type=Path, metavar="FOLDER",
        help="texts that nobody of the archive said, for false alarms (the articles' own text)",
    )  # fmt: skip
    one.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the scratch desk there for the next time"
    )
    one.add_argument(
        "--quick", action="store_true", help="a tenth of the quotations made by rule and controls"
    )
    one.add_argument(
        "--json", type=Path, metavar="FILE", help="write the report there; - prints it instead"
    )


def run(args: argparse.Namespace) -> int:
    """Run an evaluation and print its report; 0, or 1 where an item could not be used."""
    return _quotes(args) if args.what == "quotes" else _listening(args)


def _quotes(args: argparse.Namespace) -> int:
    if args.never is not None and not args.never.is_dir():
        raise BadInput(f"{printable(args.never)} is no folder; name a folder of texts")
    as_json = args.json == _TO_OUTPUT
    amounts = Amounts(4, 100, 8, 10) if args.quick else Amounts()
    with Reporter(as_json=False) as reporter:
        made = evaluate(
            config.load(args.config), args.set, never=args.never, amounts=amounts, keep=args.keep,
            notice=say, progress=reporter.progress,
        )  # fmt: skip
        reporter.progress("checking quotations", 1.0)
    if as_json:
        print(json.dumps(quotes_report.document(made), ensure_ascii=False))
    else:
        quotes_report.print_tables(made, terminal=sys.stdout.isatty())
        if args.json is not None:
            quotes_report.write_json(made, args.json)
    return 1 if made.refused or made.found.left_out else 0


def _listening(args: argparse.Namespace) -> int:
    if args.limit is not None and args.limit < 1:
        raise BadInput(f"--limit {args.limit} leaves no item; give 1 or more")
    if not 0 <= args.collar <= 10:
        raise BadInput(f"--collar {args.collar} is no collar; give 0 to 10 seconds")
    settings = _settings(args)
    scorers.versions()
    found = read_set(args.set)
    items = found.items[: args.limit]
    as_json = args.json == _TO_OUTPUT
    with Reporter(as_json=False) as reporter:
        scores, failed, engines, told = _hear_all(settings, items, args.collar, reporter)
    if not scores:
        raise BadInput(
            f"no item of {args.set} could be heard; the first: {failed[0].name}: {failed[0].reason}"
        )
    made = report.Report(
        found, tuple(scores), tuple(failed), tuple(engines), told, args.collar * 1000, args.limit
    )
    if as_json:
        print(json.dumps(report.document(made), ensure_ascii=False))
    else:
        report.print_tables(made, terminal=sys.stdout.isatty())
        if args.json is not None:
            report.write_json(made, args.json)
    return 1 if failed else 0


def _settings(args: argparse.Namespace) -> Settings:
    settings = config.load(args.config)
    told = {"model": args.model, "engine": args.engine, "language": args.language}
    changed = {name: value for name, value in told.items() if value is not None}
    settings = config.with_section(settings, "listening", changed)
    if args.speakers is not None:
        settings = config.with_section(settings, "speakers", {"engine": args.speakers})
    return settings


def _hear_all(
    settings: Settings, items: tuple[Item, ...], collar_s: float, reporter: Reporter
) -> tuple[list[ItemScore], list[LeftOut], list[Engine], dict[str, str]]:
    """Scores, what could not be heard, who heard, and what the first run was made with.

    One item refused does not stop the others; what is missing now (a model, a disk) does.
    """
    scores: list[ItemScore] = []
    failed: list[LeftOut] = []
    engines: list[Engine] = []
    told: dict[str, str] = {}
    with scratch_desk(settings, notice=say) as desk:
        for number, item in enumerate(items):
            reporter.progress("hearing the set", number / len(items), item.name)
            try:
                heard = hear(desk, item)
            except Unavailable:
                raise
            except OffairError as error:
                failed.append(LeftOut(item.name, str(error)))
                continue
            scores.append(score(item, heard, collar_ms=collar_s * 1000))
            engines += (one for one in heard.engines if one not in engines)
            told = told or heard.run
        reporter.progress("hearing the set", 1.0)
    return scores, failed, engines, told
