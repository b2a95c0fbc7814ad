"""Read a record file and print what was understood; nothing is stored.

--json prints the document with the report of the reading; --format record prints it back, byte
for byte; the other formats print it as they would be exported.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from offair import formats
from offair.cli.export import write_out
from offair.desk.evidence import caption_suffixes, printable, text_bytes
from offair.formats import record_json, record_text
from offair.model.errors import BadInput
from offair.model.record import Reading


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair read` takes."""
    parser.add_argument("file", type=Path, metavar="FILE")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="the document with its reading report")
    how.add_argument("--format", dest="name", default="record", metavar="FORMAT")
    parser.add_argument("-o", "--out", type=Path, help="a file; by default the output stream")


def run(args: argparse.Namespace) -> int:
    """Read and print."""
    reading = _read(text_bytes(args.file), args.file)
    if args.json:
        text = record_json.write(reading.record, reading.layout, reading.report).encode()
    elif args.name == "record":
        text = record_text.write_bytes(reading.record, reading.layout)
    else:
        text = formats.writer(args.name)(reading.record, reading.layout).encode()
    write_out(text, args.out)
    return 0


def _read(data: bytes, path: Path) -> Reading:
    if path.suffix.lower() == ".json":
        record, layout, report = record_json.read(data, source=printable(path))
        return Reading(record, layout or record_text.layout_for(record), report)
    if path.suffix.lower() in caption_suffixes():
        raise BadInput(f"{printable(path)} holds captions, not a record; `offair import` takes it")
    return record_text.read(data, source=printable(path))
