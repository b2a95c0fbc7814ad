"""The log: who did what to what, newest first. Nothing is ever taken out of it."""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.printed import printed
from offair.cli.terminal import emit, say
from offair.desk.read_log import MOST, read_log
from offair.model.people import Act


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair log` takes."""
    parser.add_argument("--kind", metavar="KIND", help="what it was done to: clip, account, …")
    parser.add_argument("--subject", type=int, metavar="N", help="the number of that clip")
    parser.add_argument("--actor", metavar="NAME", help="who did it")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help=f"50, at most {MOST}")
    parser.add_argument("--before", type=int, metavar="N", help="only lines with lesser numbers")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Print the lines."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        found = read_log(
            desk, kind=args.kind, subject=args.subject, actor=args.actor, before_id=args.before,
            limit=args.limit,
        )  # fmt: skip
    for one in found:
        if args.json:
            emit(
                {
                    "event": "act", "id": one.id, "made_utc": one.made_utc, "actor": one.actor,
                    "verb": one.verb, "kind": one.kind, "subject": one.subject,
                    "detail": dict(one.detail),
                }
            )  # fmt: skip
        else:
            print(printed(_line(one)))
    if not found:
        say("the log has no such line")
    return 0


def _line(one: Act) -> str:
    about = f"  {one.kind} {one.subject}" if one.subject else f"  {one.kind}" if one.kind else ""
    said = "".join(f"  {name}={value}" for name, value in one.detail.items() if value is not None)
    return f"{one.id}  {one.made_utc}  {one.actor}  {one.verb}{about}{said}"
