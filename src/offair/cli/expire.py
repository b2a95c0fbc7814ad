"""Remove media whose time at the desk is over by their channel's terms; the text stays.

What a published record, a clip in work, a shared report or a hold needs stays and is listed; --also
names a recording whose media go all the same, with a --reason that is logged.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import actor, emit, now_utc, say
from offair.desk.expire import Expiring, expire


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair expire` takes."""
    parser.add_argument("--dry-run", action="store_true", help="tell what would go, remove nothing")
    parser.add_argument(
        "--also", type=int, action="append", default=[], metavar="RECORDING",
        help="its media go although something needs them; may be given again",
    )  # fmt: skip
    parser.add_argument("--reason", help="why, with --also")
    parser.add_argument("--json", action="store_true", help="facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Remove what is due."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        found = expire(
            desk, actor=actor(), now_utc=now_utc(), also=args.also, reason=args.reason,
            dry_run=args.dry_run,
        )  # fmt: skip
    for one in found:
        if args.json:
            emit({"recording": one.recording.id, "ground": one.ground, "needed": list(one.needed),
                  "removed": not one.needed and not args.dry_run,
                  "freed_bytes": one.freed_bytes})  # fmt: skip
        else:
            print(_line(one, dry_run=args.dry_run))
    if not found and not args.json:
        print("no recording's time is over")
    return 0


def _line(one: Expiring, *, dry_run: bool) -> str:
    what = f"recording {one.recording.id}, {one.recording.title}"
    if one.needed:
        return f"{what}: stays, for {'; '.join(one.needed)}"
    return f"{what}: {'would be removed' if dry_run else f'removed, {one.freed_bytes} bytes'}"
