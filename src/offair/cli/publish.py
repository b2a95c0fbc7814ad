"""Cut a clip and publish its record, with the next number of the desk's series.

Nobody has heard the words of a machine transcript: its record says so in every format.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import Reporter, actor, emit, now_utc, say
from offair.desk.publish import publish


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair publish` takes."""
    parser.add_argument("clip", type=int, metavar="CLIP")
    parser.add_argument("--note", help="public note of a new edition: what it said and says now")
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def run(args: argparse.Namespace) -> int:
    """Publish it and print its number."""
    with (
        wiring.open_desk(config.load(args.config), notice=say) as desk,
        Reporter(as_json=args.json) as reporter,
    ):
        done = publish(
            desk, args.clip, actor=actor(), now_utc=now_utc(), note=args.note,
            progress=lambda share: reporter.progress(f"cutting clip {args.clip}", share),
        )  # fmt: skip
    record = done.record
    number = record.number.printed if record.number else None
    if args.json:
        emit(
            {
                "event": "published", "clip": done.clip.id, "number": number,
                "edition": record.edition, "notes": list(done.notes),
                "media": [{"role": one.role, "sha256": one.sha256} for one in record.media],
            }
        )  # fmt: skip
        return 0
    print(f"record {number}, edition {record.edition}, is published (`offair show {number}`)")
    for one in record.media:
        print(f"  {one.role}: {one.name}, {one.size_bytes} bytes, clip at "
              f"{one.clip_in}..{one.clip_out} ms in it")  # fmt: skip
    for note in done.notes:
        print(f"  note: {note}")
    return 0
