"""Write a record in one of the formats: record, json, html, markdown, webvtt, srt."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from offair import config, wiring
from offair.cli.printed import write_document
from offair.cli.terminal import say
from offair.desk.evidence import printable
from offair.desk.export import export
from offair.model.errors import BadInput, Unavailable


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair export` takes."""
    parser.add_argument("number", metavar="NUMBER", help="12, 12/2, publisher/8914")
    parser.add_argument(
        "--format", required=True, dest="name", metavar="FORMAT",
        help="record, json, html, markdown, webvtt or srt",
    )  # fmt: skip
    parser.add_argument("-o", "--out", type=Path, help="a file; by default the output stream")


def run(args: argparse.Namespace) -> int:
    """Write it; a file appears whole or not at all."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        text = export(desk, args.number, args.name).encode("utf-8")
    write_out(text, args.out)
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
