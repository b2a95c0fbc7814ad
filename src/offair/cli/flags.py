"""The doubts about a recording's text, to step through: each with its time and reason.

Nothing that is doubted was deleted. A doubt that a person has looked at is settled, and stays
with who settled it.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import actor, clock, emit, say
from offair.desk.list_flags import FlagList, ShownFlag, list_flags
from offair.desk.settle_flag import settle_flag
from offair.model.errors import BadInput
from offair.model.transcript import Flag


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair flags` takes."""
    parser.add_argument(
        "recording", nargs="?", type=int, metavar="RECORDING", help="its id (`offair list`)"
    )
    parser.add_argument("--layer", type=int, metavar="ID", help="which text; by default the best")
    parser.add_argument("--all", action="store_true", help="the settled ones too")
    parser.add_argument(
        "--next", action="store_true", help="the first open one, with all that is around it"
    )
    parser.add_argument(
        "--settle",
        type=int,
        metavar="FLAG",
        help="instead of RECORDING: you have looked at this one",
    )
    parser.add_argument("--note", metavar="TEXT", help="what you found, with --settle")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Print them, or settle one."""
    if (args.recording is None) == (args.settle is None):
        raise BadInput(
            "say the RECORDING whose flags to list, or --settle FLAG alone; a flag's number is "
            "enough to settle it"
        )
    if args.note is not None and args.settle is None:
        raise BadInput("a note is kept with a flag that is settled: say --settle FLAG")
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if args.settle is not None:
            _settled(settle_flag(desk, args.settle, actor=actor(), note=args.note), args.json)
            return 0
        found = list_flags(
            desk, args.recording, args.layer, settled=args.all and not args.next,
            limit=1 if args.next else None,
        )  # fmt: skip
    for one in found.flags:
        if args.json:
            emit(_facts(found, one))
        elif args.next:
            _in_full(one)
        else:
            print(_line(one))
    if not found.flags:
        say("no flags" if not found.settled else f"no open flags ({found.settled} settled)")
    elif args.next and found.open > 1:
        say(f"{found.open - 1} more open after it")
    for layer, count in found.elsewhere:
        say(
            f"layer {layer.id} ({layer.kind.value}, {layer.language}) has {count} open too: "
            f"--layer {layer.id}"
        )
    return 0


def _settled(flag: Flag, as_json: bool) -> None:
    if as_json:
        emit({"flag": flag.id, "settled_by": flag.settled_by, "note": flag.settled_note})
    else:
        said = f": {flag.settled_note}" if flag.settled_note else ""
        print(f"flag {flag.id} settled by {flag.settled_by}{said}")


def _line(one: ShownFlag) -> str:
    flag = one.flag
    words = f"  “{one.words}”" if one.words and one.words not in flag.reason else ""
    line = f"{flag.id:>5}  {_time(flag):<21}  {flag.kind.value}: {flag.reason}{words}"
    if flag.settled_by is None:
        return line
    note = f": {flag.settled_note}" if flag.settled_note else ""
    return f"{line}  [settled by {flag.settled_by}{note}]"


def _time(flag: Flag) -> str:
    if flag.span is None:
        return "--"
    return f"{clock(flag.span.start)}–{clock(flag.span.end)}"


def _in_full(one: ShownFlag) -> None:
    flag = one.flag
    print(f"flag {flag.id}, {_time(flag)}, {flag.kind.value}")
    print(f"why:      {flag.reason}")
    print(f"speaker:  {one.speaker or 'unknown'}")
    print(f"before:   {one.before}")
    print(f"words:    {one.words or '(none)'}")
    print(f"after:    {one.after}")
    if one.other is not None:
        print(f"other hearing: {one.other or '(no words)'}")
    if one.captions is not None:
        print(f"captions: {one.captions or '(none at this time)'}")
    print(f"listened to it? offair flags --settle {flag.id} --note TEXT")


def _facts(found: FlagList, one: ShownFlag) -> dict[str, object]:
    flag = one.flag
    return {
        "flag": flag.id, "recording": found.recording.id, "layer": found.layer.id,
        "kind": flag.kind.value, "reason": flag.reason,
        "start_ms": flag.span.start if flag.span else None,
        "end_ms": flag.span.end if flag.span else None, "sentence": flag.sentence_id,
        "places": [
            {"turn": place.turn_id, "char_start": place.char_start, "char_end": place.char_end}
            for place in one.places
        ],
        "before": one.before, "words": one.words, "after": one.after, "speaker": one.speaker,
        "other_hearing": one.other, "captions": one.captions,
        "settled_by": flag.settled_by, "note": flag.settled_note,
    }  # fmt: skip
