"""Confirm what you heard: the words of a span stand as they were said, and who says them.

Shows the words it is about to confirm and plays nothing: listen first. It asks before it writes; in
a script add --yes. A finding of `offair check` that rests on these words is then no longer
provisional, and a record of them no longer says that nobody checked it, once their speakers are
confirmed too. A later revision ends this for the words it changes.
"""

from __future__ import annotations

import argparse
import sys

from offair import config, wiring
from offair.cli.terminal import actor, clock, emit, media_time, now_utc, say
from offair.desk.hear_span import HeardSpan, SpanToHear, hear_span, span_to_hear
from offair.model.errors import BadInput
from offair.model.time import Span


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair confirm` takes."""
    parser.add_argument(
        "what", metavar="RECORDING|QUOTATION", help="a recording's id, or words as printed"
    )
    parser.add_argument(
        "--recording", type=int, metavar="ID", help="with a QUOTATION: where it was said"
    )
    parser.add_argument(
        "--from", dest="start", type=media_time, metavar="TIME", help="start of the span heard"
    )
    parser.add_argument("--to", dest="end", type=media_time, metavar="TIME", help="its end")
    parser.add_argument(
        "--turns", type=int, nargs="+", default=[], metavar="TURN",
        help="for a text without times: turn ids (`offair show --recording` prints them)",
    )  # fmt: skip
    parser.add_argument("--layer", type=int, metavar="ID", help="which text; by default the best")
    parser.add_argument("--speaker", metavar="NAME", help="all of it is spoken by this person")
    parser.add_argument(
        "--as-shown", action="store_true", help="the speakers are those that are shown"
    )
    parser.add_argument("--yes", action="store_true", help="confirm without asking")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Show the words, ask, confirm."""
    recording_id, quotation = _what(args)
    span = _span(args)
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        shown = span_to_hear(
            desk, recording_id, span=span, turn_ids=args.turns, quotation=quotation,
            layer_id=args.layer,
        )  # fmt: skip
        _show(shown, as_json=args.json)
        if not args.yes and not _agreed():
            say("nothing is confirmed; listen to it, then add --yes")
            return 0
        done = hear_span(
            desk, shown, actor=actor(), now_utc=now_utc(), speaker=args.speaker,
            as_shown=args.as_shown,
        )  # fmt: skip
    _report(done, as_json=args.json)
    return 0


def _what(args: argparse.Namespace) -> tuple[int, str | None]:
    """The recording, and the quotation where one is given."""
    if args.recording is None:
        if not (args.what.isascii() and args.what.isdigit() and len(args.what) < 19):
            raise BadInput("in which recording were these words heard? Say --recording ID")
        return int(args.what), None
    if args.start is not None or args.end is not None or args.turns:
        raise BadInput("a quotation names its own place: leave --from, --to and --turns out")
    return args.recording, args.what


def _span(args: argparse.Namespace) -> Span | None:
    if args.start is None and args.end is None:
        return None
    if args.start is None or args.end is None or args.end <= args.start:
        raise BadInput("a span needs --from and a later --to")
    return Span(args.start, args.end)


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    print("Did you hear these words? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _show(shown: SpanToHear, *, as_json: bool) -> None:
    if as_json:
        for piece in shown.pieces:
            emit(
                {
                    "event": "words", "layer": shown.layer.id, "turn": piece.turn.id,
                    "at_ms": piece.at, "until_ms": piece.until, "speaker": piece.spoken_by.name,
                    "confirmed": piece.spoken_by.certain, "text": piece.text,
                }
            )  # fmt: skip
        return
    layer = shown.layer
    print(f"layer {layer.id}: {layer.kind.value}, {layer.language} ({layer.maker})")
    for piece in shown.pieces:
        by = piece.spoken_by
        sure = "" if by.certain else ", not confirmed" if by.named else ", not named"
        untimed = piece.at is None and piece.until is None
        when = "no times" if untimed else f"{clock(piece.at)} to {clock(piece.until)}"
        print(f"{when}  {by.name or 'unknown'}{sure}")
        print(f"    {piece.text}")


def _report(done: HeardSpan, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "event": "heard", "layer": done.layer.id, "words": done.words,
                "turns": list(done.turn_ids), "speakers": list(done.speakers),
            }
        )  # fmt: skip
        return
    count = "1 word" if done.words == 1 else f"{done.words} words"
    print(f"{count} of layer {done.layer.id}: heard by {actor()}")
    if done.speakers:
        print(f"speaker confirmed: {', '.join(done.speakers)}")
    else:
        print("the speaker is not confirmed by this; add --speaker NAME or --as-shown")
