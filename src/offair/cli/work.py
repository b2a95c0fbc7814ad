"""Hear what was taken in, read the captions in its pictures, make copies that a browser can play.

Works until nothing is due; with --watch it stays and takes up what comes in. Several may run at
once, on one catalogue. Killed at any moment, it goes on where it was when it is started again.
"""

from __future__ import annotations

import argparse
import contextlib
import time

from offair import config, wiring
from offair.cli.terminal import Reporter, actor, say
from offair.desk import Desk
from offair.desk.manage_jobs import list_standing
from offair.desk.process import Progress
from offair.desk.recover import recover
from offair.desk.retry import retry
from offair.model.errors import Unavailable
from offair.model.job import Job, JobState

_KINDS = {
    "proxy": "playable copy", "captions": "captions of", "peaks": "waveform of",
    "publish": "cutting clip",
}  # fmt: skip
"""Jobs other than hearing, as a person reads them."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair work` takes."""
    parser.add_argument("--watch", action="store_true", help="stay, and take up what comes in")
    parser.add_argument(
        "--processes", type=int, metavar="N",
        help="recogniser processes, 0 for what `offair doctor --measure` found, else one per core",
    )  # fmt: skip
    parser.add_argument("--model", help="instead of the settings' model")
    parser.add_argument(
        "--at-once", type=int, metavar="N", dest="at_once",
        help="recordings heard at a time; by default as the settings say",
    )  # fmt: skip
    parser.add_argument(
        "--again", type=int, action="append", default=[], metavar="ID",
        help="a recording whose work failed or is in quarantine: try once more; may be given again",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="progress as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Work; 0 where every job taken ended well, 1 where one failed or was quarantined, 6 where one
    was put off."""
    settings = config.load(args.config)
    changed = {
        name: value
        for name, value in (
            ("processes", args.processes),
            ("model", args.model),
            ("at_once", args.at_once),
        )
        if value is not None
    }
    settings = config.with_section(settings, "listening", changed)
    with wiring.open_desk(settings, notice=say) as desk, Reporter(as_json=args.json) as reporter:
        found = recover(desk)
        if found.jobs or found.removed or found.kept:
            reporter.line(
                f"after a stop: {found.jobs} job(s) taken up again, {found.removed} unfinished "
                f"deposit(s) removed, {found.kept} kept"
            )
        for recording_id in args.again:
            if not retry(desk, recording_id, actor=actor()):
                reporter.line(f"recording {recording_id}: nothing is left to do for it")
        at_once = settings.listening.at_once
        return run_jobs(desk, reporter, watch=args.watch, at_once=at_once)


def run_jobs(desk: Desk, reporter: Reporter, *, watch: bool = False, at_once: int = 1) -> int:
    """Run jobs until none is due, or with `watch` until stopped; the exit code of `run`."""
    ended: dict[int, JobState] = {}

    def heard(progress: Progress) -> None:
        title = f"{progress.doing} {progress.recording_id}"
        reporter.progress(
            title, progress.done_ms / max(1, progress.total_ms),
            f"{progress.heard} heard, {progress.reused} known, {progress.skipped} skipped",
            {
                "recording": progress.recording_id, "done_ms": progress.done_ms,
                "total_ms": progress.total_ms, "heard": progress.heard,
                "reused": progress.reused, "skipped": progress.skipped,
            },
        )  # fmt: skip

    def stepped(kind: str, recording_id: int, share: float) -> None:
        reporter.progress(f"{_KINDS.get(kind, kind)} {recording_id}", share)

    def over(job: Job) -> None:
        ended[job.id] = job.state
        what = f"{job.kind} of {job.about}: {job.state.value}"
        facts = {"job": job.id, "kind": job.kind, "recording": job.recording, "about": job.about,
                 "state": job.state.value, "error": job.error}  # fmt: skip
        reporter.line(f"{what}: {job.error}" if job.error else what, facts)

    # A single pass leaves the index to whoever searches next: opening it takes longer than many a
    # recording's work.
    keeping = wiring.indexing(desk, notice=say) if watch else contextlib.nullcontext()
    with keeping:
        wiring.work(desk, heard=heard, stepped=stepped, ended=over, watch=watch, at_once=at_once)
    _tell_put_off(desk, reporter)
    if {JobState.FAILED, JobState.QUARANTINED} & set(ended.values()):
        return 1
    return Unavailable.exit_code if JobState.QUEUED in ended.values() else 0


def _tell_put_off(desk: Desk, reporter: Reporter) -> None:
    standing = [one.job for one in list_standing(desk)]
    waits = [job.due - time.time() for job in standing if job.state is JobState.QUEUED]
    if waits:
        reporter.line(
            f"{len(waits)} job(s) wait to be tried again, the next in {max(0, round(min(waits)))} s"
            " or later: run `offair work` then; `offair list jobs` says why they wait"
        )
