"""A record as printed, or a recording's transcript.

NUMBER is a record's number (12), a fixed edition of it (12/2), or another publisher's record
(publisher/8914). --schema prints the JSON Schema of the record's document.
"""

from __future__ import annotations

import argparse
import sys

from offair import config, wiring
from offair.cli.printed import write_document
from offair.cli.terminal import clock, say
from offair.desk import Desk
from offair.desk.browse import open_record, turn_page
from offair.formats import record_json, record_text
from offair.model.errors import BadInput


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair show` takes."""
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="12, 12/2, publisher/8914")
    parser.add_argument(
        "--recording", type=int, metavar="ID", help="instead, a recording's transcript"
    )
    parser.add_argument(
        "--layer", type=int, metavar="ID", help="which of its texts; by default the best"
    )
    parser.add_argument("--schema", action="store_true", help="the JSON Schema of the document")


def run(args: argparse.Namespace) -> int:
    """Print it."""
    asked = [args.number is not None, args.recording is not None, args.schema]
    if sum(asked) != 1:
        raise BadInput("say one thing to show: a record's NUMBER, --recording ID, or --schema")
    if args.schema:
        sys.stdout.write(record_json.schema())
        return 0
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if args.recording is not None:
            _transcript(desk, args.recording, args.layer)
        else:
            found = open_record(desk, args.number)
            write_document(record_text.write(found.record, found.layout).encode())
    return 0


def _transcript(desk: Desk, recording_id: int, layer_id: int | None) -> None:
    offset: int | None = 0
    while offset is not None:
        page = turn_page(desk, recording_id, layer_id, offset=offset)
        if offset == 0:
            layer = page.layer
            print(
                f"layer {layer.id}: {layer.kind.value}, {layer.language}, from "
                f"{layer.origin.value} ({layer.maker}, run {layer.run})"
            )
            if layer.note:
                print(f"note: {layer.note}")
        lines = [
            (one.turn.span.start if one.turn.span else 0,
             f"{clock(one.turn.span.start if one.turn.span else None)}  turn {one.turn.id}  "
             f"{one.speaker or 'speaker unknown'}: {one.turn.text}")
            for one in page.turns
        ]  # fmt: skip
        lines += [
            (one.span.start, f"{clock(one.span.start)}–{clock(one.span.end)}  [{one.reason}]")
            for one in page.asides
        ]
        for _, line in sorted(lines, key=lambda pair: pair[0]):
            print(line)
        offset = page.next_offset
