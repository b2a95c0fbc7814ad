"""After a process was killed: end what it left in the making, give back the jobs it held."""

from __future__ import annotations

from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.scratch import sweep_scratch


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found: deposits kept because a row refers to them, removed because none does."""

    kept: int
    removed: int
    jobs: int


def recover(desk: Desk) -> Recovered:
    """Settle the deposits and sweep the scratch folders of processes that are gone, and requeue the
    jobs of dead local workers.

    Safe at any time and in any number of processes; runs at the start of `add` and `work`.
    """
    sweep_scratch(desk)
    kept = removed = 0
    for sha256 in desk.vault.unkept():
        with desk.catalogue.snapshot() as tx:
            referred = tx.object_referred(sha256)
        desk.vault.settle(sha256, referred=referred)
        kept, removed = kept + referred, removed + (not referred)
    with desk.catalogue.transaction() as tx:
        jobs = desk.queue.reclaim(tx)
    return Recovered(kept, removed, jobs)
