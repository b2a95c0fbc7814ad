"""Read a record or caption file and print what was understood; nothing is stored.

--json prints the document with the report of the reading; --format record prints it back, byte
for byte; the other formats print it as they would be exported. Captions are printed as lines.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from offair import formats
from offair.cli.export import write_out
from offair.cli.terminal import clock, say
from offair.desk.evidence import caption_suffixes, printable, read_caption_file, text_bytes
from offair.formats import record_docx_reading, record_json, record_text
from offair.model.errors import BadInput
from offair.model.record import Reading, Severity


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair read` takes."""
    parser.add_argument("file", type=Path, metavar="FILE")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="the document with its reading report")
    how.add_argument("--format", dest="name", default="record", metavar="FORMAT")
    parser.add_argument("-o", "--out", type=Path, help="a file; by default the output stream")


def run(args: argparse.Namespace) -> int:
    """Read and print."""
    if args.file.suffix.lower() in caption_suffixes():
        return _captions(args)
    reading = _read(text_bytes(args.file), args.file)
    if args.json:
        text = record_json.write(reading.record, reading.layout, reading.report).encode()
    elif args.name == "record":
        text = record_text.write_bytes(reading.record, reading.layout)
    else:
        made = formats.writer(args.name)(reading.record, reading.layout)
        text = made if isinstance(made, bytes) else made.encode()
    write_out(text, args.out)
    return 0


def _captions(args: argparse.Namespace) -> int:
    if args.name != "record":
        raise BadInput(
            f"{printable(args.file)} holds captions, not a record, and cannot be printed as "
            f"{args.name}; `offair import` takes it in"
        )
    cues, report = read_caption_file(text_bytes(args.file), args.file)
    if args.json:
        document = {
            "captions": [
                {
                    "start_ms": one.span.start, "end_ms": one.span.end, "text": one.text,
                    "speaker": one.speaker,
                }
                for one in cues
            ],
            "report": [
                {"severity": one.severity.value, "line": one.line, "message": one.message}
                for one in report
            ],
        }  # fmt: skip
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    else:
        text = "".join(
            f"{clock(one.span.start)} – {clock(one.span.end)}  "
            f"{f'{one.speaker}: ' if one.speaker else ''}{' / '.join(one.text.splitlines())}\n"
            for one in cues
        )
        for remark in report:
            if remark.severity is not Severity.NOTE:
                where = f"line {remark.line}: " if remark.line else ""
                say(f"{remark.severity.value}: {where}{remark.message}")
    write_out(text.encode(), args.out)
    return 0


def _read(data: bytes, path: Path) -> Reading:
    if path.suffix.lower() == ".json":
        record, layout, report = record_json.read(data, source=printable(path))
        return Reading(record, layout or record_text.layout_for(record), report)
    if path.suffix.lower() in formats.find("docx").suffixes:
        return record_docx_reading.read(data, source=printable(path))
    return record_text.read(data, source=printable(path))
