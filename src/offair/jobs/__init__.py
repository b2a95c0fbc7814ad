"""Durable work for later: what a row of the job table means, and the loop that does the work.

The rows live in the catalogue and are written through `offair.model.job.JobRows`, so that a job
is queued, and finished, in the same transaction as the records it is about. A worker holds a
job by a lease that it renews while it works; a worker that dies loses it, at once for workers
of the same machine (`Queue.reclaim`), else when the lease runs out.

What ends a job, by the error its handler raises:

* `Unavailable`: tried again later, waiting twice as long each time, `Policy.attempts` times;
* `Corrupt`, `BadInput`: quarantined with the reason, never tried again;
* any other error: failed with the reason;
* a signal (`KeyboardInterrupt`, `SystemExit`): put back into the queue at once.

To add a kind of work: a handler `(Job, Heartbeat) -> None` under its kind in the table given to
`Worker`. A handler must be able to begin again after any interruption: it reads what is done
already, and makes its last write together with `Heartbeat.finish` in one transaction.

* `queue.py`: `Queue`, `Policy`, what happens to rows.
* `worker.py`: `Worker`, `Heartbeat`, the loop.
* `owner.py`: names of workers, and whether one is alive.
"""
