"""Hear what was taken in, and make copies that a browser can play.

Works until nothing is due; with --watch it stays and takes up what comes in. Several may run at
once, on one catalogue. Killed at any moment, it goes on where it was when it is started again.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import Reporter, say
from offair.desk import Desk
from offair.desk.process import Progress
from offair.desk.recover import recover
from offair.model.job import Job, JobState


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair work` takes."""
    parser.add_argument("--watch", action="store_true", help="stay, and take up what comes in")
    parser.add_argument(
        "--processes", type=int, metavar="N", help="recogniser processes; by default one per core"
    )
    parser.add_argument("--model", help="instead of the settings' model")
    parser.add_argument("--json", action="store_true", help="progress as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Work; 0 where every job taken ended well, 1 where one failed or was quarantined."""
    settings = config.load(args.config)
    changed = {
        name: value
        for name, value in (("processes", args.processes), ("model", args.model))
        if value is not None
    }
    if changed:
        listening = settings.listening.model_validate(settings.listening.model_dump() | changed)
        settings = settings.model_copy(update={"listening": listening})
    with wiring.open_desk(settings, notice=say) as desk, Reporter(as_json=args.json) as reporter:
        found = recover(desk)
        if found.jobs or found.removed or found.kept:
            reporter.line(
                f"after a stop: {found.jobs} job(s) taken up again, {found.removed} unfinished "
                f"deposit(s) removed, {found.kept} kept"
            )
        return run_jobs(desk, reporter, watch=args.watch)


def run_jobs(desk: Desk, reporter: Reporter, *, watch: bool = False) -> int:
    """Run jobs until none is due, or with `watch` until stopped; 1 where one did not end well."""
    ended: list[Job] = []
    titles: dict[int, str] = {}

    def heard(progress: Progress) -> None:
        title = titles.setdefault(progress.recording_id, f"hearing {progress.recording_id}")
        reporter.progress(
            title, progress.done_ms / max(1, progress.total_ms),
            f"{progress.heard} heard, {progress.reused} known, {progress.skipped} skipped",
            {
                "recording": progress.recording_id, "done_ms": progress.done_ms,
                "total_ms": progress.total_ms, "heard": progress.heard,
                "reused": progress.reused, "skipped": progress.skipped,
            },
        )  # fmt: skip

    def copied(recording_id: int, share: float) -> None:
        reporter.progress(f"playable copy {recording_id}", share)

    def over(job: Job) -> None:
        ended.append(job)
        what = f"{job.kind} of recording {job.subject}: {job.state.value}"
        facts = {"job": job.id, "kind": job.kind, "recording": job.subject,
                 "state": job.state.value, "error": job.error}  # fmt: skip
        reporter.line(f"{what}: {job.error}" if job.error else what, facts)

    wiring.work(desk, heard=heard, copied=copied, ended=over, watch=watch)
    bad = {JobState.FAILED, JobState.QUARANTINED}
    return 1 if any(job.state in bad for job in ended) else 0
