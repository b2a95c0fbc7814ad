"""Hold a printed quotation, or every quotation of an article, against the archive.

    offair check "We will not leave" --speaker "Ann Smith" --date 2023-05-13
    offair check --article story.docx --format html --out report.html

Prints where the words were said, the difference word by word, and what was found about words,
speaker and context. Text that only a machine heard may itself be wrong: what rests on it is
provisional until somebody listens (`offair confirm`). The exit code says nothing of the findings.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from offair import config, wiring
from offair.cli.check_report import print_report
from offair.cli.export import write_out
from offair.cli.terminal import air_date, emit, language, say
from offair.desk import Desk
from offair.desk.browse import open_record
from offair.desk.check_article import (
    LONGEST_QUOTATION,
    Corrections,
    Quoted,
    check_article,
    quotations_in,
)
from offair.desk.check_quote import check_quotes
from offair.desk.evidence import printable
from offair.desk.index import catch_up
from offair.formats import article, article_quotations, finding_html, finding_json, finding_markdown
from offair.model.errors import BadInput, NotFound
from offair.model.finding import Finding, Quotation, Report

_WRITERS = {
    "json": finding_json.write,
    "markdown": finding_markdown.write,
    "html": finding_html.write,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair check` takes."""
    parser.add_argument("words", nargs="?", metavar="QUOTATION", help="the printed words")
    parser.add_argument(
        "--article", metavar="FILE|-", help="instead, a file whose quotations are all checked"
    )
    parser.add_argument(
        "--speaker", action="append", default=[], metavar="NAME",
        help="who is said to have said it; with --article N=NAME, more than once",
    )  # fmt: skip
    parser.add_argument(
        "--date", type=air_date, help="when it is said to have been said; 2023, 2023-05, 2023-05-13"
    )
    parser.add_argument("--recording", type=int, metavar="ID", help="look in this recording only")
    parser.add_argument(
        "--record", metavar="NUMBER", help="look in the recording of this record only"
    )
    parser.add_argument("--language", type=language, metavar="TAG", help="of the printed words")
    parser.add_argument(
        "--thorough", action="store_true", help="look at more places, and scan every word"
    )
    parser.add_argument(
        "--published", type=air_date, metavar="DATE",
        help="the article's own day, where it does not say",
    )  # fmt: skip
    parser.add_argument(
        "--list", action="store_true", help="with --article: write its quotations, to be corrected"
    )
    parser.add_argument(
        "--quotations", type=Path, metavar="FILE", help="with --article: a corrected --list"
    )
    parser.add_argument(
        "--not-a-quotation", type=int, action="append", default=[], metavar="N",
        help="with --article: number N is a title or a term",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=("terminal", *_WRITERS), help="of the report; terminal by default"
    )
    parser.add_argument("-o", "--out", type=Path, help="a file; by default the output stream")
    parser.add_argument("--json", action="store_true", help="print the report as one line of JSON")


def run(args: argparse.Namespace) -> int:
    """Check and report; 0 whatever was found."""
    _agree(args)
    if args.article is not None:
        data, source = _article(args.article), _name(args.article)
        if args.list:
            write_out(_listed(args, data, source).encode("utf-8"), args.out)
            return 0
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        recording = _scope(desk, args)
        check = partial(_checked, thorough=args.thorough)
        if args.article is not None:
            report = check_article(
                desk, data, source, check=check, corrections=_corrections(args),
                recording_id=recording, date=args.date, language=args.language,
                published=args.published,
            )  # fmt: skip
        else:
            report = _one(desk, args, recording)
    _report(report, args)
    return 0


def _agree(args: argparse.Namespace) -> None:
    """Refuse options that say two things, before anything is opened."""
    if (args.words is None) == (args.article is None):
        raise BadInput(
            "say one thing to check: the QUOTATION's words in quotation marks, or --article FILE"
        )
    if args.recording is not None and args.record is not None:
        raise BadInput("say one scope: --recording ID or --record NUMBER")
    if args.article is None:
        for name in ("list", "quotations", "not_a_quotation", "published"):
            if getattr(args, name):
                raise BadInput(f"--{name.replace('_', '-')} goes with --article FILE")
        if len(args.speaker) > 1:
            raise BadInput("a quotation has one --speaker; N=NAME goes with --article FILE")
    if args.json and args.format not in (None, "json"):
        raise BadInput(f"say --json or --format {args.format}, not both")
    if args.out is not None and not args.json and args.format in (None, "terminal"):
        if not args.list:
            raise BadInput("--out needs a format that is a file: --format json, markdown or html")
    elif args.out is not None and args.json:
        raise BadInput("--json prints a line; write a file with --format json --out FILE")
    if args.list and (args.json or args.format is not None):
        raise BadInput("--list writes a list to correct, no report: leave --format and --json out")


def _article(name: str) -> bytes:
    """The article's bytes, no more of them than an article may have and one."""
    most = article.LARGEST_BYTES + 1
    if name == "-":
        return sys.stdin.buffer.read(most)
    return _bytes(Path(name), most)


def _bytes(path: Path, most: int) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"{printable(path)} is a folder; name a file")
        with path.open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotFound(f"{printable(path)} cannot be read: {reason}") from error


def _name(given: str) -> str:
    return "standard input" if given == "-" else Path(given).name


def _corrections(args: argparse.Namespace) -> Corrections:
    speakers: dict[int, str] = {}
    for given in args.speaker:
        number, equals, name = given.partition("=")
        if not equals or not number.strip().isascii() or not number.strip().isdigit():
            raise BadInput(
                f"--speaker {given!r}: with --article write N=NAME, N as `--list` numbers the "
                "quotations"
            )
        if not name.strip():
            raise BadInput(f"--speaker {given!r} names nobody")
        if speakers.setdefault(int(number), name.strip()) != name.strip():
            raise BadInput(f"quotation {int(number)} is given two speakers; say one")
    listed = None
    if args.quotations is not None:
        listed = _bytes(args.quotations, article_quotations.LARGEST_BYTES + 1)
    return Corrections(speakers, frozenset(args.not_a_quotation), listed)


def _quoted(args: argparse.Namespace, data: bytes, source: str) -> Quoted:
    return quotations_in(
        data, source, corrections=_corrections(args), language=args.language,
        published=args.published,
    )  # fmt: skip


def _listed(args: argparse.Namespace, data: bytes, source: str) -> str:
    quoted = _quoted(args, data, source)
    for remark in quoted.remarks:
        say(f"note: {remark}")
    return article_quotations.write(quoted.article, quoted.quotations, source=source)


def _scope(desk: Desk, args: argparse.Namespace) -> int | None:
    if args.record is None:
        return None if args.recording is None else int(args.recording)
    return open_record(desk, args.record).clip.recording_id


def _one(desk: Desk, args: argparse.Namespace, recording: int | None) -> Report:
    words: str = args.words
    if not words.strip():
        raise BadInput("the quotation is empty; give the printed words in quotation marks")
    if len(words) > LONGEST_QUOTATION:
        raise BadInput(
            f"the quotation has {len(words):,} characters; check at most {LONGEST_QUOTATION:,} at "
            "once, or its article with --article FILE"
        )
    speaker = args.speaker[0].strip() if args.speaker else None
    if speaker == "":
        raise BadInput("--speaker names nobody; give a name or leave it out")
    quotation = Quotation(
        words, speaker=speaker, date=args.date, recording_id=recording, language=args.language
    )
    return Report(
        findings=tuple(_checked(desk, [quotation], thorough=args.thorough)),
        desk=desk.name,
        made_utc=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _checked(desk: Desk, quotations: Sequence[Quotation], *, thorough: bool) -> Sequence[Finding]:
    catch_up(desk, notice=say)  # the coverage says what is still behind
    return check_quotes(desk, quotations, thorough=thorough)


def _report(report: Report, args: argparse.Namespace) -> None:
    if args.json:
        emit({"event": "checked", **finding_json.document(report)})
    elif args.format in _WRITERS:
        write_out(_WRITERS[args.format](report).encode("utf-8"), args.out)
    else:
        print_report(report)
    if any(one.coverage.words_searched == 0 for one in report.findings):
        say("note: there is no text to search; take some in with `offair add` or `offair import`")
    for remark in dict.fromkeys(
        one for finding in report.findings for one in finding.coverage.remarks
    ):
        if args.format in _WRITERS or args.json:
            say(f"note: {remark}")
