"""What is to be done, how far it is and when it will be done; pause, resume, cancel or retry it.

Without more, lists what is running, queued, paused, failed or in quarantine, in the order it is
done. A job that is paused or cancelled while somebody works at it stops at its next step; what is
done of it stays, and goes on from there when it is resumed or tried again (`retry`, for those that
failed, were cancelled or stand in quarantine).
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime

from offair import config, wiring
from offair.cli.terminal import actor, emit, say
from offair.desk.manage_jobs import (
    Standing,
    cancel_job,
    list_standing,
    pause_job,
    resume_job,
    retry_job,
)
from offair.model.errors import BadInput
from offair.model.job import Job, JobState

_ACTS = {"pause": pause_job, "resume": resume_job, "cancel": cancel_job, "retry": retry_job}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair jobs` takes."""
    parser.add_argument(
        "act", nargs="?", choices=("list", *_ACTS), default="list", help="by default list"
    )
    parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="which jobs")
    parser.add_argument(
        "--recording", type=int, metavar="ID", help="all jobs of a recording that the act fits"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """List them, or do what was asked; several are moved together or not at all."""
    act = _ACTS.get(args.act)
    if act is not None and not args.ids and args.recording is None:
        raise BadInput(f"{args.act} which jobs? Name their ids (`offair jobs`) or say --recording")
    if act is None and args.ids:
        raise BadInput("a list of jobs takes no ids; say --recording ID for those of one recording")
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if act is None:
            found = list_standing(desk, recording_id=args.recording)
        else:
            moved = act(desk, args.ids, recording_id=args.recording, actor=actor())
            found = [Standing(job, None) for job in moved]
    now = time.time()
    for one in found:
        if args.json:
            emit(job_facts(one.job) | _expected(one))
        else:
            print(_line(one, now))
    if not found:
        say("nothing is to be done")
    return 0


def job_facts(job: Job) -> dict[str, object]:
    """A job for `--json`."""
    return {
        "job": job.id, "kind": job.kind, "recording": job.recording, "about": job.about,
        "state": job.state.value, "attempts": job.attempts, "error": job.error, "share": job.share,
    }  # fmt: skip


def job_line(job: Job) -> str:
    """A job for a reader, without its reason."""
    return f"{job.id:>5}  {job.kind} of {job.about}: {job.state.value}"


def _expected(one: Standing) -> dict[str, object]:
    end = one.expected_end
    return {"expected_end": None if end is None else _local(end).isoformat("T", "seconds")}


def _line(one: Standing, now: float) -> str:
    job, parts = one.job, [job_line(one.job)]
    if job.share is not None and job.state in (JobState.RUNNING, JobState.QUEUED, JobState.PAUSED):
        parts.append(f"{int(job.share * 100)} % done")
    if one.expected_end is not None:
        parts.append(f"expected {clock_time(one.expected_end, now)}")
    if job.state is JobState.QUEUED and job.due > now:
        parts.append(f"tried again {clock_time(job.due, now)}")
    line = ", ".join(parts)
    return f"{line} ({job.error})" if job.error else line


def clock_time(at: float, now: float) -> str:
    """A moment to come, UTC seconds since 1970, for a reader: `at 14:32, in 12 min`, local time;
    with its day where that is not today."""
    then, today = _local(at), _local(now)
    written = f"{then:%H:%M}" if then.date() == today.date() else f"{then:%Y-%m-%d %H:%M}"
    minutes = round(max(0.0, at - now) / 60)
    hours, rest = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if not minutes:
        away = "in less than a minute"
    elif days:
        away = f"in {days} d {left} h"
    else:
        away = f"in {hours} h {rest} min" if hours else f"in {rest} min"
    return f"at {written}, {away}"


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone()
