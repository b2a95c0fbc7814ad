"""What the desk holds, by channel: hours held and transcribed, words, what persons heard, gaps.

Hours held are of recordings whose media is here; hours transcribed are those that were heard, or
found to hold no speech. Words are those of one text for each recording, in the language spoken.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict

from offair import config, wiring
from offair.cli.terminal import air_date, emit, say
from offair.desk.coverage import show_coverage
from offair.desk.evidence import printable_name
from offair.model.finding import ChannelCoverage, Coverage


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair coverage` takes."""
    parser.add_argument("--channel", metavar="NAME", help="this channel alone")
    parser.add_argument(
        "--after", type=air_date, metavar="DATE", help="aired on this date or later (2021-06)"
    )
    parser.add_argument(
        "--before", type=air_date, metavar="DATE", help="aired before this date begins"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print it."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        found = show_coverage(desk, channel=args.channel, after=args.after, before=args.before)
    if args.json:
        emit(asdict(found))
    else:
        _print(found)
    return 0


def _print(found: Coverage) -> None:
    width = max((len(printable_name(one.channel)) for one in found.channels), default=0)
    width = max(width, len("channel"))
    if found.channels:
        print(
            f"{'channel':<{width}}  {'recordings':>10}  {'held h':>8}  {'transcribed':>11}  "
            f"{'words':>11}  {'heard':>9}  {'gaps':>5}  aired"
        )
    for one in found.channels:
        print(
            f"{printable_name(one.channel):<{width}}  {one.recordings:>10,}  "
            f"{one.held_hours:>8.1f}  {one.transcribed_hours:>11.1f}  {one.words:>11,}  "
            f"{one.heard_words:>9,}  {one.gaps:>5,}  {_aired(one)}"
        )
    print(f"{found.words_searched:,} words can be searched")
    for remark in found.remarks:
        print(f"note: {remark}")


def _aired(one: ChannelCoverage) -> str:
    if one.first is None:
        return "no date"
    return one.first if one.first == one.last else f"{one.first} to {one.last}"
