"""Cut a clip and publish its record, with the next number of the desk's series.

What speaks against it is told, and nothing is published: words nobody has heard, speakers nobody
has confirmed, a clause that nothing supports, an open query, a hold (`offair clip --review`).
--override passes that for a reason, which the log keeps; the record says in every format what
nobody has checked. A published clip is published again as a correction with a public --note, or,
where only spelling and punctuation changed, with --tidy.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import Reporter, actor, emit, now_utc, say
from offair.desk.publish import publish
from offair.desk.publishing import Publishing
from offair.model.clip_work import EditionAct


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair publish` takes."""
    parser.add_argument("clip", type=int, metavar="CLIP")
    parser.add_argument("--note", help="public note of a new edition: what it said and says now")
    parser.add_argument("--said", help="of a correction: what was printed")
    parser.add_argument("--says", help="of a correction: what is printed now")
    parser.add_argument(
        "--tidy", action="store_true", help="only spelling and punctuation changed: no public note"
    )
    parser.add_argument(
        "--override", metavar="REASON", help="publish it although something stops it"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def run(args: argparse.Namespace) -> int:
    """Publish it and print its number."""
    how = Publishing(
        act=EditionAct.TIDY if args.tidy else None, note=args.note, said=args.said, says=args.says,
        override=args.override,
    )  # fmt: skip
    with (
        wiring.open_desk(config.load(args.config), notice=say) as desk,
        Reporter(as_json=args.json) as reporter,
    ):
        done = publish(
            desk, args.clip, how, actor=actor(), now_utc=now_utc(),
            progress=lambda share: reporter.progress(f"cutting clip {args.clip}", share),
        )  # fmt: skip
    record = done.record
    number = record.number.printed if record.number else None
    if args.json:
        emit(
            {
                "event": "published", "clip": done.clip.id, "number": number,
                "edition": record.edition, "notes": list(done.notes),
                "passed": [one.sentence for one in done.passed],
                "media": [{"role": one.role, "sha256": one.sha256} for one in record.media],
            }
        )  # fmt: skip
        return 0
    print(f"record {number}, edition {record.edition}, is published (`offair show {number}`)")
    for one in record.media:
        print(f"  {one.role}: {one.name}, {one.size_bytes} bytes, clip at "
              f"{one.clip_in}..{one.clip_out} ms in it")  # fmt: skip
    for stop in done.passed:
        print(f"  passed: {stop.sentence}")
    for note in done.notes:
        print(f"  note: {note}")
    return 0
