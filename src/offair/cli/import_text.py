"""Take in texts as recordings without media: printed records and proceedings, caption files,
plain transcripts.

A folder stands for every file in it. One file refused does not stop the others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from offair import config, wiring
from offair.cli.terminal import actor, air_date, counted, emit, language, say
from offair.desk.evidence import printable
from offair.desk.take_text import Origin, Taken, take_all
from offair.desk.text_readings import layouts
from offair.model.errors import OffairError
from offair.model.record import Severity
from offair.model.recording import Channel


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair import` takes."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--channel", help="the station; by default what the text names")
    parser.add_argument("--country", help="the channel's country")
    parser.add_argument("--aired", type=air_date, metavar="DATE", help="by default the text's date")
    parser.add_argument(
        "--language", type=language, metavar="TAG", help="language of the words printed"
    )
    parser.add_argument("--spoken", type=language, metavar="TAG", help="language of the broadcast")
    parser.add_argument(
        "--publisher", default="imported", help="whose number a printed record carries"
    )
    parser.add_argument("--encoding", help="of a file that is not UTF-8")
    parser.add_argument(
        "--layout", choices=layouts(), help="how the text is laid out; by default the file tells"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Take the texts in; 0 where all were, else the exit code of the last one refused."""
    settings = config.load(args.config)
    channel = Channel(args.channel, country=args.country) if args.channel else None
    origin = Origin(
        channel, args.aired, args.language, args.spoken, args.publisher, args.encoding, args.layout
    )
    codes: list[int] = []

    def done(path: Path, result: Taken | OffairError) -> None:
        if isinstance(result, OffairError):
            codes.append(result.exit_code)
            say(f"offair: {result}")
            if args.json:
                emit({"event": "refused", "file": printable(path), "error": str(result)})
        else:
            _tell(path, result, as_json=args.json)

    with wiring.open_desk(settings, notice=say) as desk:
        take_all(desk, args.paths, origin, actor=actor(), done=done)
    return codes[-1] if codes else 0


def _tell(path: Path, taken: Taken, *, as_json: bool) -> None:
    number = f"{taken.number.series} #{taken.number.printed}" if taken.number else None
    if as_json:
        emit(
            {
                "event": "imported" if taken.new else "known", "recording": taken.recording.id,
                "file": printable(path), "layout": taken.layout, "turns": taken.turns,
                "number": number,
                "report": [
                    {"severity": one.severity.value, "line": one.line, "message": one.message}
                    for one in taken.report
                ],
            }
        )  # fmt: skip
        return
    what = "taken in" if taken.new else "here already"
    print(
        f"recording {taken.recording.id}: {printable(path)}, {taken.layout}, "
        f"{counted(taken.turns, 'turn')}{', ' + number if number else ''}, {what}"
    )
    for one in taken.report:
        if one.severity is not Severity.NOTE:
            where = f"line {one.line}: " if one.line else ""
            print(f"  {one.severity.value}: {where}{one.message}")
