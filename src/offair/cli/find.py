"""Look for words in everything the desk holds: who said what, when, on which channel.

QUERY: words (all of them in one sentence), "phrases", OR, NOT or -word, brackets, elect*,
word NEAR/5 word, speaker: channel: language: layer: after: before:. Put it between single
quotation marks, so that the shell leaves it whole; one that begins with a minus goes behind --.
docs/reference/query-language.md tells all of it.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import unicodedata
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from offair import config, wiring
from offair.cli import mentions_plot
from offair.cli.terminal import clock, emit, say
from offair.desk import found_document
from offair.desk.evidence import title_of
from offair.desk.find import Found, find
from offair.desk.found_sentences import FoundSentence
from offair.desk.index import catch_up
from offair.model.errors import BadInput, Corrupt, QueryError
from offair.model.query import QueryField

PERIODS = ("day", "week", "month", "year")
_SHOWN_VALUES = 6
"""Values of a facet shown without `--facets`."""
_FACET_NAMES = {
    "speaker": "speakers", "channel": "channels", "language": "languages", "layer": "texts"
}  # fmt: skip
_KEPT = frozenset("\u200c\u200d\u200e\u200f")
"""Part of the spelling of Persian, Hindi and others, and of the direction of words."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair find` takes."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to look for")
    for field, meaning in (
        (QueryField.SPEAKER, "words of the speaker's name"),
        (QueryField.CHANNEL, "words of the channel's name"),
        (QueryField.LANGUAGE, "BCP 47; pt finds pt-BR too"),
        (QueryField.LAYER, "kind of text: speech, captions or translation"),
    ):
        parser.add_argument(
            f"--{field.value}", action="append", default=[], metavar="VALUE",
            help=f"{meaning}; again for another that may be instead",
        )  # fmt: skip
    parser.add_argument("--after", metavar="DATE", help="aired on this date or later (2021-06)")
    parser.add_argument("--before", metavar="DATE", help="aired before this date begins")
    parser.add_argument(
        "--ranked", action="store_true", help="best match first (BM25), not newest first"
    )
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="how many (20)")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="pass over so many")
    parser.add_argument(
        "--by", choices=PERIODS, metavar="PERIOD",
        help="mentions over time, as a plot: by day, week, month or year",
    )  # fmt: skip
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="with --by, write the plot: .png or .svg"
    )
    parser.add_argument(
        "--facets", action="store_true", help="every speaker, channel, language and kind of text"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument(
        "--csv", action="store_true", help="hits as CSV; with --by, mentions over time"
    )


def run(args: argparse.Namespace) -> int:
    """Find and print."""
    if args.plot is not None:
        if args.by is None:
            raise BadInput("a plot of mentions by what? Say --by day, week, month or year")
        mentions_plot.checked_path(args.plot)
    filters = {
        QueryField(name): [value for value in [getattr(args, name)] if value is not None]
        if name in ("after", "before")
        else getattr(args, name)
        for name in (one.value for one in QueryField)
    }
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        catch_up(desk, notice=say)
        try:
            found = find(
                desk, " ".join(args.query), filters=filters, limit=args.limit, after=args.skip,
                ranked=args.ranked, by=args.by or "month",
            )  # fmt: skip
        except QueryError as error:
            say(f"offair: {error}" + (f"\n{error.pointer}" if error.text.strip() else ""))
            return error.exit_code
    if args.plot is not None:
        titled = mentions_plot.written(args.plot, found.timeline, args.by, found.query)
        without = "" if titled else ", without the query, whose letters its font lacks; .svg has it"
        say(f"plot written to {args.plot}{without}")
    if args.json:
        emit(found_document.document(found, args.by))
    elif args.csv:
        _csv(found, args.by)
    else:
        _print(found, args)
    for remark in found.coverage.remarks:
        say(f"note: {remark}")
    return Corrupt.exit_code if found.damaged else 0


def _print(found: Found, args: argparse.Namespace) -> None:
    out = Console(highlight=False, soft_wrap=not sys.stdout.isatty(), emoji=False, markup=False)
    for number, one in enumerate(found.sentences, args.skip + 1):
        _hit(out, number, one)
    if found.sentences:
        out.print()
    _summary(out, found, args)
    if found.total:
        _facets(out, found, every=args.facets)
    if args.by is not None and found.timeline:
        out.print()
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 80
        for line in mentions_plot.drawn(found.timeline, args.by, width, blocks=_blocks()):
            print(line)
    if args.by is not None:
        missing = found.total - sum(count for _, count in found.timeline)
        if missing:
            say(f"{missing:,} of {found.total:,} have no date exact to the {args.by}")


def _blocks() -> bool:
    try:
        "█┤".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _hit(out: Console, number: int, one: FoundSentence) -> None:
    recording = one.recording
    aired = str(recording.aired) if recording.aired else "no date"
    who = _clean(one.speaker.name or one.speaker.label or "speaker not known")
    head = (
        f"{number}. {aired}, {title_of(recording.channel.name)}: {title_of(recording.title)}, "
        f"{clock(one.at) if one.at is not None else 'no time'}, {who}"
    )
    out.print(Text(head, style="bold"))
    body = Text()
    at = 0
    for start, end in one.marks:
        body.append(_clean(one.text[at:start]))
        body.append(_clean(one.text[start:end]), style="reverse")
        at = end
    body.append(_clean(one.text[at:]))
    _indented(out, body)
    layer = f"{one.layer.kind.value}, {one.layer.language}, from {one.layer.origin.value}"
    ids = f"recording {recording.id}, sentence {one.sentence_id}"
    _indented(out, Text(f"[{layer}{_noted(one.note)}; {ids}]", style="dim"))
    for other in one.beside:
        stale = "; the original was changed since" if other.stale else ""
        said = f"{other.layer.language}{_noted(other.note)}{stale}: {_clean(other.text)}"
        _indented(out, Text(said))


def _indented(out: Console, text: Text) -> None:
    """Print behind three spaces, every line of it where the terminal's width breaks it."""
    if out.soft_wrap:
        out.print(Text("   ") + text)
    else:
        out.print(Padding(text, (0, 0, 0, 3), expand=False))


def _noted(note: str | None) -> str:
    return f", {note}" if note else ""


def _clean(text: str) -> str:
    """Text in one line that does nothing to a terminal."""
    return "".join(
        " "
        if char.isspace()
        else char
        if char in _KEPT or unicodedata.category(char)[0] != "C"
        else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def _summary(out: Console, found: Found, args: argparse.Namespace) -> None:
    sentences = "1 sentence" if found.total == 1 else f"{found.total:,} sentences"
    if not found.total:
        out.print(Text(f"nothing found for {found.query}"))
    elif found.sentences:
        first = args.skip + 1
        last = args.skip + len(found.sentences) + found.changed
        order = "best match first" if args.ranked else "newest first"
        out.print(Text(f"{first:,} to {last:,} of {sentences}, {order}, for {found.query}"))
    else:
        passed = f", all of them passed over by --skip {args.skip}" if args.skip else ""
        out.print(Text(f"{sentences} for {found.query}{passed}"))
    if found.changed:
        say(f"{found.changed} of them changed since the index was made and are not shown")
    channels = found.coverage.channels
    held = sum(one.held_hours for one in channels)
    transcribed = sum(one.transcribed_hours for one in channels)
    texts = sum(one.texts for one in channels)
    out.print(
        Text(
            f"searched {found.coverage.words_searched:,} words; {len(channels)} channel"
            f"{'' if len(channels) == 1 else 's'}, {held:,.1f} hours held, {transcribed:,.1f} "
            f"transcribed, {texts:,} text{'' if texts == 1 else 's'} without sound"
        )
    )


def _facets(out: Console, found: Found, *, every: bool) -> None:
    for name, title in _FACET_NAMES.items():
        values = found.facets.get(name, ())
        shown = values if every else values[:_SHOWN_VALUES]
        said = ", ".join(f"{_clean(value) or 'not known'} {count:,}" for value, count in shown)
        more = len(values) - len(shown)
        out.print(Text(f"{title}: {said}" + (f" and {more:,} more (--facets)" if more else "")))


def _csv(found: Found, by: str | None) -> None:
    csv.writer(sys.stdout, lineterminator="\n").writerows(found_document.table(found, by))
