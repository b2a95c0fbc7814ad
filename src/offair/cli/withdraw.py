"""Withdraw a published record: its page stands with number, date and reason, without text or media.

The reason is public. It cannot be taken back; the number stays taken.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import actor, emit, say
from offair.desk.withdraw_record import withdraw_record


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair withdraw` takes."""
    parser.add_argument("record", metavar="NUMBER", help="as in its address: 12, publisher/8914")
    parser.add_argument("--reason", required=True, help="why; everybody reads it")
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def run(args: argparse.Namespace) -> int:
    """Withdraw it."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        done = withdraw_record(desk, args.record, args.reason, actor=actor())
    if args.json:
        emit({"event": "withdrawn", "record": args.record, "reason": done.note,
              "when": done.made_utc, "by": done.made_by})  # fmt: skip
    else:
        print(f"record {args.record} is withdrawn since {done.made_utc}: {done.note}")
    return 0
