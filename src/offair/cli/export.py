"""Write a record, or all of a day, in one of the formats: record, json, html, markdown, docx, csl,
bibtex, webvtt, srt.

A bulletin of a day (--day) is written as docx or markdown. A citation (csl, bibtex) can be of one
passage: 12/s34 is a sentence, 12/t3 a turn.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from offair import config, wiring
from offair.cli.printed import write_document
from offair.cli.terminal import air_date, say
from offair.desk.bulletin import bulletin
from offair.desk.evidence import printable
from offair.desk.export import export
from offair.model.errors import BadInput, Unavailable


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair export` takes."""
    parser.add_argument(
        "number", metavar="NUMBER", nargs="?", help="12, 12/2, 12/s34, publisher/8914"
    )
    parser.add_argument(
        "--format", required=True, dest="name", metavar="FORMAT",
        help="record, json, html, markdown, docx, csl, bibtex, webvtt or srt",
    )  # fmt: skip
    parser.add_argument(
        "--day", type=air_date, metavar="DATE", help="every record that aired on this day"
    )
    parser.add_argument("--channel", help="with --day: only of this station")
    parser.add_argument(
        "--beside", action="store_true", help="docx: the original beside the translation"
    )
    parser.add_argument("-o", "--out", type=Path, help="a file; by default the output stream")


def run(args: argparse.Namespace) -> int:
    """Write it; a file appears whole or not at all."""
    if (args.number is None) == (args.day is None):
        raise BadInput("name a record, or a day with --day; one of the two")
    if args.channel is not None and args.day is None:
        raise BadInput("--channel goes with --day; a record has its channel")
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if args.day is None:
            made = export(desk, args.number, args.name, beside=args.beside)
        else:
            made = bulletin(desk, args.day, args.name, channel=args.channel, beside=args.beside)
    if isinstance(made, bytes) and args.out is None and sys.stdout.isatty():
        raise BadInput(f"{args.name} is no text for a terminal; name a file with --out")
    write_out(made if isinstance(made, bytes) else made.encode("utf-8"), args.out)
    return 0


def write_out(data: bytes, out: Path | None) -> None:
    """Bytes to a file by rename, or to the output stream. Raises `Unavailable`."""
    if out is None:
        write_document(data)
        return
    if not out.name or out.is_dir():
        raise BadInput(f"{printable(out)} is a folder; name the file to write")
    unfinished = out.with_name(f".{out.name}.part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise Unavailable(f"{printable(out)} cannot be written: {error.strerror}") from error
