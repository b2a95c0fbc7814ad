"""Make the search index anew from the catalogue, or check its files and mend what is damaged.

What is searched is made of the catalogue and may be thrown away at any time. While it is made anew
a search finds what is in it so far. Stopped or killed, it goes on where it was as soon as
`offair work --watch`, `offair serve` or a search brings the index up to date.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import counted, emit, say
from offair.desk.index import Indexed, reindex, verify


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair reindex` takes."""
    parser.add_argument(
        "--verify", action="store_true",
        help="keep the index: read every file against its checksum, make damaged parts anew",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="what was done as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Make or mend the index; 0 where all text can be searched, 1 where some cannot be read."""
    settings = config.load(args.config)
    with wiring.open_desk(settings, notice=say) as desk:
        done = (verify if args.verify else reindex)(desk, notice=say)
        words = sum(desk.index.open().words.values())
    if args.json:
        emit(
            {
                "words": words, "applied": done.applied, "behind": done.behind,
                "layers": done.layers, "rebuilt": list(done.rebuilt), "unread": list(done.unread),
            }
        )  # fmt: skip
    else:
        print(_sentence(done, words, verified=args.verify))
    return 1 if done.unread else 0


def _sentence(done: Indexed, words: int, *, verified: bool) -> str:
    said = f"{words:,} words can be searched"
    if verified:
        found = (
            f"{counted(len(done.rebuilt), 'damaged part')} made anew"
            if done.rebuilt
            else "all well"
        )
        return f"every file of the index was read: {found}; {said}"
    return f"the index was made anew: {counted(done.layers, 'text')}, {said}"
