"""Remove a published record, for law or safety: every address of it answers that it is gone.

Its words are blacked out in every text of the recording, so that nothing finds or confirms them;
what stood there is sealed in the vault, or with --erase taken out for good. It cannot be taken
back; the number stays taken. The ground is kept and shown to nobody.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import actor, emit, say
from offair.desk.remove_record import remove_record
from offair.model.errors import BadInput


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair remove` takes."""
    parser.add_argument("record", metavar="NUMBER", help="as in its address: 12, publisher/8914")
    parser.add_argument("--ground", required=True, help="on what ground; kept, never shown")
    parser.add_argument(
        "--erase", action="store_true", help="take everything out for good, seal nothing"
    )
    parser.add_argument("--sure", action="store_true", help="it cannot be taken back: you are sure")
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def run(args: argparse.Namespace) -> int:
    """Remove it. Raises `BadInput` where nobody said to be sure."""
    if not args.sure:
        raise BadInput("a removal cannot be taken back; give --sure as well")
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        done = remove_record(desk, args.record, args.ground, actor=actor(), erase=args.erase)
    if args.json:
        emit({"event": "removed", "record": args.record, "erased": args.erase,
              "also": list(done.also), "freed_bytes": done.freed_bytes})  # fmt: skip
        return 0
    how = f"erased, {done.freed_bytes} bytes of media freed" if args.erase else "sealed"
    print(f"record {args.record} is removed ({how})")
    for number in done.also:
        print(f"  record {number} prints words of the same time: decide about it too")
    print("  `offair reindex` writes the index anew without the words it still holds on disk")
    return 0
