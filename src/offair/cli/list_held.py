"""Recordings, the texts of one (its layers), clips and jobs, newest first."""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.jobs import job_facts, job_line
from offair.cli.terminal import emit, say
from offair.desk import Desk
from offair.desk.browse import list_clips, list_jobs, list_recordings, open_recording
from offair.model.errors import BadInput


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair list` takes."""
    parser.add_argument(
        "what", nargs="?", choices=("recordings", "layers", "clips", "jobs"), default="recordings",
        help="by default recordings; layers are the texts of one; clips are drafts and records",
    )  # fmt: skip
    parser.add_argument("--recording", type=int, metavar="ID", help="whose layers")
    parser.add_argument("--before", type=int, metavar="ID", help="older than this id")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="how many (50)")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Print them."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if args.what == "layers":
            rows = _layers(desk, args.recording)
        else:
            listing = {"recordings": _recordings, "clips": _clips, "jobs": _jobs}[args.what]
            rows = listing(desk, args.before, max(1, args.limit))
    for facts, line in rows:
        if args.json:
            emit(facts)
        else:
            print(line)
    if not rows:
        say(f"no {args.what} yet")
    return 0


def _recordings(desk: Desk, before: int | None, limit: int) -> list[tuple[dict[str, object], str]]:
    found, _ = list_recordings(desk, before=before, limit=limit)
    rows: list[tuple[dict[str, object], str]] = []
    for one in found:
        recording = one.recording
        aired = str(recording.aired) if recording.aired else None
        duration = recording.media.duration_ms if recording.media else None
        facts: dict[str, object] = {
            "recording": recording.id, "channel": recording.channel.name, "aired": aired,
            "title": recording.title, "duration_ms": duration, "state": one.hearing.state.value,
            "reason": one.hearing.reason,
        }  # fmt: skip
        length = f"{duration / 1000:.0f} s" if duration is not None else "no media"
        line = (
            f"{recording.id:>5}  {aired or 'no date':<16}  {recording.channel.name}: "
            f"{recording.title}, {length}, {one.hearing.state.value}"
        )
        rows.append((facts, f"{line} ({one.hearing.reason})" if one.hearing.reason else line))
    return rows


def _layers(desk: Desk, recording_id: int | None) -> list[tuple[dict[str, object], str]]:
    if recording_id is None:
        raise BadInput("the layers of which recording? Say --recording ID (`offair list`)")
    rows: list[tuple[dict[str, object], str]] = []
    for layer in open_recording(desk, recording_id).layers:
        facts: dict[str, object] = {
            "layer": layer.id, "recording": recording_id, "kind": layer.kind.value,
            "language": layer.language, "origin": layer.origin.value, "maker": layer.maker,
            "run": layer.run, "note": layer.note,
        }  # fmt: skip
        line = (
            f"{layer.id:>5}  {layer.kind.value}, {layer.language}, from {layer.origin.value} "
            f"({layer.maker}, run {layer.run})"
        )
        rows.append((facts, f"{line}; {layer.note}" if layer.note else line))
    return rows


def _clips(desk: Desk, before: int | None, limit: int) -> list[tuple[dict[str, object], str]]:
    rows: list[tuple[dict[str, object], str]] = []
    for clip in list_clips(desk, before=before, limit=limit):
        number = f"{clip.number.series} #{clip.number.printed}" if clip.number else None
        facts: dict[str, object] = {
            "clip": clip.id, "recording": clip.recording_id, "number": number,
            "edition": clip.edition, "headline": clip.headline,
        }  # fmt: skip
        state = f"{number}, edition {clip.edition}" if clip.edition else "draft"
        rows.append((facts, f"{clip.id:>5}  {state:<24}  {clip.headline or ''}".rstrip()))
    return rows


def _jobs(desk: Desk, before: int | None, limit: int) -> list[tuple[dict[str, object], str]]:
    rows: list[tuple[dict[str, object], str]] = []
    for job in sorted(list_jobs(desk), key=lambda one: -one.id):
        if before is not None and job.id >= before:
            continue
        line = job_line(job)
        rows.append((job_facts(job), f"{line} ({job.error})" if job.error else line))
    return rows[:limit]
