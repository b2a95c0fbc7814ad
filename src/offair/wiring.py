"""Turns names in the settings into things, and hands over a `Desk`.

The only place that resolves engine, catalogue and vault names. Third parties' implementations
come by the entry-point group named in each room's door.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from offair import store
from offair.config import Settings
from offair.desk import Desk
from offair.desk.prepare_proxy import prepare_proxy
from offair.desk.process import Progress, process
from offair.engines import activity, speech
from offair.engines.speech import RecogniserPool
from offair.jobs.queue import Queue
from offair.jobs.worker import Heartbeat, Worker, ended_by_sigterm
from offair.media import Limits
from offair.model.errors import BadInput, BadSetting, Corrupt, Unavailable
from offair.model.job import Job

_log = logging.getLogger(__name__)
POLL_S = 1.0
"""How often a watching worker looks for new work."""


@dataclass(slots=True)
class _Pool:
    """The recogniser's processes, started when first asked for, one set for one desk."""

    settings: Settings
    notice: Callable[[str], None]
    opened: RecogniserPool | None = None

    def open(self) -> RecogniserPool:
        if self.opened is not None and not self.opened.usable:
            self.close()
        if self.opened is None:
            listening = self.settings.listening
            named = implementation(
                speech.ENGINES, speech.ENTRY_POINTS, listening.engine, "listening.engine"
            )
            self.opened = speech.open_pool(
                named, {"model": listening.model, "beam": listening.beam},
                self.settings.processes, self.notice,
            )  # fmt: skip
        return self.opened

    def close(self) -> None:
        if self.opened is not None:
            self.opened.close()
            self.opened = None


def implementation(table: Mapping[str, str], group: str, name: str, setting: str) -> str:
    """`module:Class` for a name, from a room's table or an entry point of its group.

    Raises `BadSetting` naming the setting and the names there are.
    """
    if name in table:
        return table[name]
    found = {point.name: point.value for point in entry_points(group=group)}
    if name in found:
        return found[name]
    raise BadSetting(
        f"{setting} is {name!r}, which names nothing here; there are "
        f"{', '.join(sorted({*table, *found}))}"
    )


def make(path: str, *args: object, **settings: object) -> Any:
    """The thing that `module:Class` names. Raises `Unavailable` where its module cannot load."""
    module, _, name = path.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise Unavailable(f"{path} cannot be loaded: {error}; is its package installed?") from error
    return made(*args, **settings)


@contextlib.contextmanager
def open_desk(settings: Settings, *, notice: Callable[[str], None]) -> Iterator[Desk]:
    """The desk of these settings, its tables brought to this version; closed at the end.

    notice: is told, in a sentence, what takes long. Raises `BadSetting`, `Unavailable` (no right
    to write, a disk that is full), `Conflict` (a catalogue newer than the program).
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"the data folder {settings.data} cannot be made: {error.strerror}; "
            "set `data` in the settings to a folder you may write"
        ) from error
    scheme = settings.catalogue_url.split(":", 1)[0].split("+", 1)[0]
    catalogue = make(
        implementation(store.CATALOGUES, store.ENTRY_POINTS, scheme, "store.url"),
        settings.catalogue_url,
    )
    pool = _Pool(settings, notice)
    heard_by = implementation(
        activity.ENGINES, activity.ENTRY_POINTS, settings.listening.activity, "listening.activity"
    )
    address = settings.web.address
    try:
        catalogue.migrate()
        yield Desk(
            name=settings.name,
            series=settings.series,
            catalogue=catalogue,
            vault=make(store.VAULTS["folder"], settings.vault_folder),
            queue=Queue(),
            limits=Limits(
                memory_bytes=settings.media.memory_mb << 20, silent_s=settings.media.silent_s
            ),
            activity=lambda: make(heard_by),
            open_pool=pool.open,
            scratch=settings.data / "scratch",
            language=settings.listening.language,
            address=address.rstrip("/") if address else None,
        )
    finally:
        pool.close()
        catalogue.close()


def work(
    desk: Desk,
    *,
    heard: Callable[[Progress], None],
    copied: Callable[[int, float], None],
    ended: Callable[[Job], None],
    watch: bool = False,
) -> None:
    """Do jobs until none is due, or with `watch` until a signal; the job in hand is then put back.

    heard, copied: told how far a hearing, a playable copy is. ended: told each job as it stands
    after it was taken.
    """
    worker = _worker(desk, heard, copied)
    with ended_by_sigterm():
        while True:
            try:
                job = worker.run_one()
                if job is None and watch:
                    worker.reclaim()
            except Unavailable as error:
                # A catalogue that is busy for a while does not end who is to stay.
                if not watch:
                    raise
                _log.warning("the queue cannot be read: %s", error)
                job = None
            if job is not None:
                ended(job)
            elif watch:
                time.sleep(POLL_S)
            else:
                return


def _ready(desk: Desk) -> None:
    """Wait for the engines. What the settings name wrongly is no fault of the job in hand.

    Raises `Unavailable`.
    """
    try:
        desk.open_pool().engine  # noqa: B018 - waits until the model is loaded
        desk.activity()
    except (BadInput, Corrupt) as error:
        raise Unavailable(str(error)) from error


def _worker(
    desk: Desk, heard: Callable[[Progress], None], copied: Callable[[int, float], None]
) -> Worker:
    def hear(job: Job, heartbeat: Heartbeat) -> None:
        newly = 0

        def progress(far: Progress) -> None:
            nonlocal newly
            # Finding again what was heard before is no step: a chunk that fails each time would
            # otherwise be tried for ever.
            if far.heard > newly:
                newly = far.heard
                heartbeat.progressed()
            else:
                heartbeat.check()
            heard(far)

        _ready(desk)
        process(
            desk, job.subject, actor="worker", progress=progress, check=heartbeat.check,
            finish=heartbeat.finish,
        )  # fmt: skip

    def copy(job: Job, heartbeat: Heartbeat) -> None:
        def progress(share: float) -> None:
            heartbeat.check()
            copied(job.subject, share)

        prepare_proxy(desk, job.subject, progress=progress, finish=heartbeat.finish)

    return Worker(desk.queue, desk.catalogue.transaction, {"process": hear, "proxy": copy})
