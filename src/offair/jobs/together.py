"""Several jobs at once in one process: workers in threads, which stop together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from offair.jobs.worker import Worker
from offair.model.errors import Unavailable
from offair.model.job import Job

POLL_S = 1.0
"""How often an idle worker looks for new work."""
_WAIT_S = 0.2

_log = logging.getLogger(__name__)


def work_together(
    make_worker: Callable[[threading.Event], Worker],
    at_once: int,
    *,
    ended: Callable[[Job], None] = lambda _: None,
    watch: bool = False,
    poll_s: float = POLL_S,
) -> None:
    """Do jobs, `at_once` at a time, until none is due; with `watch` until a signal.

    make_worker: makes a worker whose handlers stop at their next check when the given event is
    set (`Worker(stop=…)`); its handlers run in threads, as many as there are workers, so that what
    they share must bear that. ended: told each job as it stands after it was taken, one at a time.
    A signal (`KeyboardInterrupt`, `SystemExit` in the calling thread), and any error that ends one
    worker, stops all: their jobs are put back, their threads end, and the error goes on up.
    With one at a time the calling thread does the work itself, so that a signal stops it at once.
    Raises `Unavailable` where the catalogue is not to be had; with `watch` that is waited out.
    """
    crew = _Crew(ended, watch, poll_s)
    if at_once <= 1:
        crew.work(make_worker(crew.stop))
        return
    workers = [make_worker(crew.stop) for _ in range(at_once)]
    threads = [
        threading.Thread(target=crew.guarded, args=(worker,), name=f"worker {worker.owner}")
        for worker in workers
    ]
    try:
        for thread in threads:
            thread.start()
        # A wait with an end lets a signal through on every system.
        while any(thread.is_alive() for thread in threads) and not crew.stop.is_set():
            crew.stop.wait(_WAIT_S)
    finally:
        crew.stop.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join()
    if crew.error is not None:
        raise crew.error


@dataclass(slots=True)
class _Crew:
    """What the workers of one call share."""

    ended: Callable[[Job], None]
    watch: bool
    poll_s: float
    stop: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def guarded(self, worker: Worker) -> None:
        """`work`, in a thread: what ends it ends the others, and is kept for the caller."""
        try:
            self.work(worker)
        except BaseException as error:  # noqa: BLE001 - raised again in the calling thread
            with self.lock:
                if self.error is None and not self.stop.is_set():
                    self.error = error
            self.stop.set()

    def work(self, worker: Worker) -> None:
        """Do jobs until there are none and nobody is at work who may queue another."""
        while not self.stop.is_set():
            with self.lock:
                self.busy += 1
            job = None
            try:
                job = worker.run_one()
                if job is None and self.watch:
                    worker.reclaim()
            except Unavailable as error:
                # A catalogue that is busy for a while does not end who is to stay.
                if not self.watch:
                    raise
                _log.warning("the queue cannot be read: %s", error)
            finally:
                with self.lock:
                    self.busy -= 1
                    alone = self.busy == 0
            if job is not None:
                with self.lock:
                    self.ended(job)
            elif self.watch:
                self.stop.wait(self.poll_s)
            elif alone:
                return
            else:
                self.stop.wait(min(self.poll_s, _WAIT_S))
