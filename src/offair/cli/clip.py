"""Draft a clip from a recording: spans by time, or turns where there is no media; change a draft,
put it into another state, and see what stands in the way of publishing it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from offair import config, wiring
from offair.cli.clip_review import print_review
from offair.cli.terminal import actor, clock, emit, media_time, now_utc, say
from offair.desk import Desk
from offair.desk.change_clip_state import change_clip_state
from offair.desk.clip import clip, taken_from_captions
from offair.desk.edit_clip import ClipChange, edit_clip
from offair.desk.evidence import printable
from offair.desk.find_overlaps import Overlap, find_overlaps
from offair.desk.list_clips import show_clip
from offair.desk.subtitle_clip import subtitle_clip
from offair.model.clip_work import ClipState
from offair.model.errors import BadInput
from offair.model.time import Span


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair clip` takes."""
    parser.add_argument(
        "recording", type=int, nargs="?", metavar="RECORDING", help="its id (`offair list`)"
    )
    parser.add_argument(
        "--from", dest="starts", type=media_time, action="append", default=[], metavar="TIME",
        help="start of a span (83, 1:23, 1:02:03.5); again for a further span",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="ends", type=media_time, action="append", default=[], metavar="TIME",
        help="end of that span",
    )  # fmt: skip
    parser.add_argument(
        "--turns", type=int, nargs="+", default=[], metavar="TURN",
        help="for a recording without media: turn ids (`offair show --recording` prints them)",
    )  # fmt: skip
    parser.add_argument(
        "--layer", type=int, metavar="ID", help="the text to print; by default the best there is"
    )
    parser.add_argument("--headline", help="by default the recording's title")
    parser.add_argument(
        "--summary", action="append", default=[], help="a paragraph; again for another"
    )
    parser.add_argument(
        "--edit", type=int, metavar="CLIP", help="change this clip; what is not named stays"
    )
    parser.add_argument(
        "--state", choices=[one.value for one in ClipState], metavar="STATE",
        help="with --edit: put it into this state (in hand, to second reader, ready, …)",
    )  # fmt: skip
    parser.add_argument(
        "--review", type=int, metavar="CLIP",
        help="its state, the proof of each clause, queries, overlaps, what stops publishing",
    )  # fmt: skip
    parser.add_argument(
        "--subtitled", type=int, metavar="CLIP",
        help="write this clip's exact cut with its words as a track of subtitles to --output",
    )  # fmt: skip
    parser.add_argument("--output", "-o", type=Path, metavar="FILE", help="an .mp4 to write")
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def run(args: argparse.Namespace) -> int:
    """Draft it and print its id; or change, or review one."""
    which = (args.recording, args.edit, args.review, args.subtitled)
    if sum(one is not None for one in which) != 1:
        raise BadInput(
            "name a RECORDING to draft a clip of, or a clip with --edit, --review or --subtitled"
        )
    if (args.subtitled is None) != (args.output is None):
        raise BadInput("--subtitled CLIP and --output FILE go together")
    if args.state is not None and args.edit is None:
        raise BadInput("--state goes with --edit CLIP")
    spans = _spans(args)
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if args.review is not None:
            print_review(desk, args.review, as_json=args.json)
            return 0
        if args.edit is not None:
            return _edit(desk, args, spans)
        if args.subtitled is not None:
            return _subtitle(desk, args)
        draft = clip(
            desk, args.recording, spans=spans, turn_ids=args.turns, layer_id=args.layer,
            headline=args.headline, summary=args.summary, actor=actor(),
        )  # fmt: skip
        warning = taken_from_captions(desk, draft)
        overlaps = find_overlaps(desk, draft.id)
    if warning is not None:
        say(warning)
    _warn(overlaps)
    if args.json:
        emit({"event": "drafted", "clip": draft.id, "recording": draft.recording_id,
              "remark": warning, "overlaps": [one.clip.id for one in overlaps]})  # fmt: skip
    else:
        print(f"clip {draft.id} drafted; publish it with `offair publish {draft.id}`")
    return 0


def _spans(args: argparse.Namespace) -> list[Span]:
    if len(args.starts) != len(args.ends):
        raise BadInput(f"{len(args.starts)} --from and {len(args.ends)} --to: each span needs both")
    for start, end in zip(args.starts, args.ends, strict=True):
        if end <= start:
            raise BadInput(
                f"the span {clock(start)} to {clock(end)} is empty: give a --to after its --from"
            )
    return [Span(start, end) for start, end in zip(args.starts, args.ends, strict=True)]


def _edit(desk: Desk, args: argparse.Namespace, spans: Sequence[Span]) -> int:
    clip_id = args.edit
    change = ClipChange(
        headline=args.headline,
        summary=args.summary or None,
        spans=spans or None,
        turn_ids=args.turns or None,
        layer_id=args.layer,
    )
    work = show_clip(desk, clip_id).work
    notes: tuple[str, ...] = ()
    if change != ClipChange():
        edited = edit_clip(desk, clip_id, change, version=work.version, actor=actor())
        work, notes = edited.work, edited.notes
        if spans:
            _warn(find_overlaps(desk, clip_id))
    elif args.state is None:
        raise BadInput(f"say what to change of clip {clip_id}: --headline, --summary, --state, …")
    if args.state is not None:
        work = change_clip_state(desk, clip_id, ClipState(args.state), actor=actor())
    if args.json:
        emit({"event": "edited", "clip": clip_id, "state": work.state.value,
              "version": work.version, "notes": list(notes)})  # fmt: skip
        return 0
    for note in notes:
        say(note)
    print(f"clip {clip_id} is {work.state.value} (version {work.version})")
    return 0


def _subtitle(desk: Desk, args: argparse.Namespace) -> int:
    made = subtitle_clip(desk, args.subtitled, args.output, actor=actor(), now_utc=now_utc())
    if args.json:
        emit({"event": "subtitled", "clip": args.subtitled, "path": str(made.path),
              "media_type": made.media_type})  # fmt: skip
    else:
        say(f"clip {args.subtitled} with subtitles is in {printable(made.path)}")
    return 0


def _warn(overlaps: Sequence[Overlap]) -> None:
    for one in overlaps:
        if one.common_ms is not None:
            shared = f"{clock(one.common_ms)} of it"
        elif one.words is not None:
            shared = f"{one.words} words of it, on recording {one.recording.id}"
        else:
            shared = "a turn of it"
        say(f"clip {one.clip.id} has {shared} already")
