"""What the desk does, one module per verb.

A verb is a function that takes a `Desk` first and, where it writes, the `actor` it writes for.
`wiring` builds the `Desk`; nothing here resolves a name from the settings. A verb never calls
another verb (it may queue one); what verbs share is in `desk/evidence.py` or sinks to `text`.
To add a verb: a module here named by what it does, its command in `cli`, its page in `web`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from offair.engines.activity import ActivityEngine
from offair.engines.speech import RecogniserPool
from offair.jobs.queue import Queue
from offair.media import Limits
from offair.store import Catalogue, Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a verb needs, already chosen.

    activity: makes the engine that tells speech from other sound.
    open_pool: loads the recogniser into its processes; costs seconds and memory, so a verb
    asks for it only when there is sound to hear.
    series: the series whose numbers this desk gives. name: what the desk calls itself in records.
    scratch: a folder for files in the making, on the vault's file system where possible.
    address: the public base address without a final slash, or None where there is none.
    """

    name: str
    series: str
    catalogue: Catalogue
    vault: Vault
    queue: Queue
    limits: Limits
    activity: Callable[[], ActivityEngine]
    open_pool: Callable[[], RecogniserPool]
    scratch: Path
    language: str | None
    address: str | None
