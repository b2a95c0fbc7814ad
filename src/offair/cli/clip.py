"""Draft a clip from a recording: spans by time, or turns where there is no media."""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import actor, clock, emit, media_time, say
from offair.desk.clip import clip, taken_from_captions
from offair.model.errors import BadInput
from offair.model.time import Span


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair clip` takes."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its id (`offair list`)")
    parser.add_argument(
        "--from", dest="starts", type=media_time, action="append", default=[], metavar="TIME",
        help="start of a span (83, 1:23, 1:02:03.5); again for a further span",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="ends", type=media_time, action="append", default=[], metavar="TIME",
        help="end of that span",
    )  # fmt: skip
    parser.add_argument(
        "--turns", type=int, nargs="+", default=[], metavar="TURN",
        help="for a recording without media: turn ids (`offair show --recording` prints them)",
    )  # fmt: skip
    parser.add_argument(
        "--layer", type=int, metavar="ID", help="the text to print; by default the best there is"
    )
    parser.add_argument("--headline", help="by default the recording's title")
    parser.add_argument(
        "--summary", action="append", default=[], help="a paragraph; again for another"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def run(args: argparse.Namespace) -> int:
    """Draft it and print its id."""
    if len(args.starts) != len(args.ends):
        raise BadInput(f"{len(args.starts)} --from and {len(args.ends)} --to: each span needs both")
    for start, end in zip(args.starts, args.ends, strict=True):
        if end <= start:
            raise BadInput(
                f"the span {clock(start)} to {clock(end)} is empty: give a --to after its --from"
            )
    spans = [Span(start, end) for start, end in zip(args.starts, args.ends, strict=True)]
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        draft = clip(
            desk, args.recording, spans=spans, turn_ids=args.turns, layer_id=args.layer,
            headline=args.headline, summary=args.summary, actor=actor(),
        )  # fmt: skip
        warning = taken_from_captions(desk, draft)
    if warning is not None:
        say(warning)
    if args.json:
        emit({"event": "drafted", "clip": draft.id, "recording": draft.recording_id,
              "remark": warning})  # fmt: skip
    else:
        print(f"clip {draft.id} drafted; publish it with `offair publish {draft.id}`")
    return 0
