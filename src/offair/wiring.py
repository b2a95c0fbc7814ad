"""Turns names in the settings into things, and hands over a `Desk`.

The only place that resolves engine, catalogue and vault names. Third parties' implementations
come by the entry-point group named in each room's door.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offair import store
from offair.config import Settings
from offair.desk import Desk, Listening
from offair.desk.hearing import only_language
from offair.desk.prepare_peaks import PEAKS, prepare_peaks
from offair.desk.prepare_proxy import prepare_proxy
from offair.desk.process import Progress, process
from offair.desk.publish import publish
from offair.desk.queue_publishing import read_settings
from offair.desk.read_captions import read_captions
from offair.engines import activity, languages, speakers, speech, translation
from offair.engines.languages import LanguageCalls
from offair.engines.speakers import DiariserCalls
from offair.engines.speech import RecogniserPool
from offair.engines.speech.measure import Measurement, best, measure
from offair.engines.speech.routing import Route, read_routing
from offair.engines.translation import TranslatorCalls
from offair.jobs.heartbeat import Heartbeat
from offair.jobs.queue import Queue
from offair.jobs.together import work_together
from offair.jobs.worker import Handler, Worker, ended_by_sigterm
from offair.media import Limits
from offair.model.errors import (
    BadInput,
    BadSetting,
    Conflict,
    Corrupt,
    OffairError,
    Unavailable,
)
from offair.model.job import PUBLISH, Job
from offair.search import Index, IndexWriter, Shards

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_MOST_PROCESSES = 256
_INDEX_EVERY_S = 0.5
_WARM_AFTER_S = 5.0
"""When the loops of the search are compiled: what a desk starts with comes first."""
_SERVING_POLL_S = 0.3
"""How often the thread that works for the pages looks for work."""
_INDEX_AGAIN_S = 60.0
"""How long the indexer waits at most after it failed."""
_NO_DIARISER = ("captions", "none")
"""Settings of `speakers.engine` that name no engine."""


@dataclass(slots=True)
class _Engines:
    """The engines of one desk, each opened when first asked for and shared from then on."""

    settings: Settings
    notice: Callable[[str], None]
    pools: dict[Route, RecogniserPool] = field(default_factory=dict)
    told: LanguageCalls | None = None
    apart: DiariserCalls | None = None
    translators: dict[tuple[str, str], TranslatorCalls] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Several recordings may be heard at once, each in a thread of its own."""

    def pool(self, route: Route) -> RecogniserPool:
        """The recogniser's processes for a route."""
        with self.lock:
            opened = self.pools.get(route)
            if opened is not None and not opened.usable:
                opened.close()
                opened = None
            if opened is None:
                listening = self.settings.listening
                named = implementation(
                    speech.ENGINES, speech.ENTRY_POINTS, route.engine, "listening.engine"
                )
                opened = self.pools[route] = speech.open_pool(
                    named, {"model": route.model, **route.settings}, processes(self.settings),
                    self.notice, time_limit_s=listening.time_limit_s,
                )  # fmt: skip
            return opened

    def languages(self) -> LanguageCalls:
        """The engine that tells languages."""
        with self.lock:
            if self.told is not None and not self.told.usable:
                self.told.close()
                self.told = None
            if self.told is None:
                listening = self.settings.listening
                named = implementation(
                    languages.ENGINES, languages.ENTRY_POINTS, listening.languages,
                    "listening.languages",
                )  # fmt: skip
                self.told = languages.open_hosted(
                    named, {"model": listening.language_model}, listening.time_limit_s, self.notice
                )
            return self.told

    def diariser(self) -> DiariserCalls:
        """The engine that tells voices apart."""
        with self.lock:
            if self.apart is not None and not self.apart.usable:
                self.apart.close()
                self.apart = None
            if self.apart is None:
                told = self.settings.speakers
                named = implementation(
                    speakers.ENGINES, speakers.ENTRY_POINTS, told.engine, "speakers.engine"
                )
                given = {"model": told.model, "threshold": told.threshold}
                given = {name: value for name, value in given.items() if value is not None}
                self.apart = speakers.open_hosted(named, given, told.time_limit_s, self.notice)
            return self.apart

    def translator(self, source: str, target: str) -> TranslatorCalls:
        """The engine that translates one language into another."""
        with self.lock:
            opened = self.translators.get((source, target))
            if opened is not None and not opened.usable:
                opened.close()
                opened = None
            if opened is None:
                said = self.settings.translation
                named = implementation(
                    translation.ENGINES, translation.ENTRY_POINTS, said.engine,
                    "translation.engine",
                )  # fmt: skip
                given = {"model": said.model, "url": said.url, "key_variable": said.key_variable}
                given = {name: value for name, value in given.items() if value is not None}
                opened = self.translators[source, target] = translation.open_hosted(
                    named, {"source": source, "target": target, **given}, said.time_limit_s,
                    self.notice,
                )  # fmt: skip
            return opened

    def close(self) -> None:
        """End every process."""
        with self.lock:
            opened = [*self.pools.values(), self.told, self.apart, *self.translators.values()]
            for one in opened:
                if one is not None:
                    one.close()


def processes(settings: Settings) -> int:
    """Recogniser processes: as set, else as measured on this machine, else one per core."""
    if settings.listening.processes:
        return settings.listening.processes
    measured = _measured(settings).get("processes")
    if isinstance(measured, int) and 0 < measured <= _MOST_PROCESSES:
        return measured
    return _cores()


def measure_machine(
    settings: Settings, samples: NDArray[np.float32], *, notice: Callable[[str], None]
) -> tuple[tuple[Measurement, ...], Measurement]:
    """How fast the settings' recogniser is here with 1, 2, 4 … processes, and the best of them,
    which is kept for `listening.processes = 0` and `listening.device = "auto"`.

    samples: speech, mono float32 at 16 000 Hz. Raises what the recogniser raises, `Unavailable`
    where the result cannot be written.
    """
    floor = floor_route(settings)
    named = implementation(speech.ENGINES, speech.ENTRY_POINTS, floor.engine, "listening.engine")
    cores = _cores()
    candidates = sorted({cores, *(1 << power for power in range(8) if 1 << power < cores)})
    measured = measure(
        named, {"model": floor.model, **floor.settings}, samples, candidates, notice,
        time_limit_s=settings.listening.time_limit_s,
    )  # fmt: skip
    chosen = best(measured)
    lines = [
        "# What `offair doctor --measure` found of this machine. Delete it to forget it.",
        f"processes = {chosen.processes}",
        f'device = "{chosen.device}"',
        f"real_time_factor = {chosen.real_time_factor:.4f}",
    ]
    try:
        settings.measured_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"{settings.measured_file} cannot be written ({error.strerror}); check its rights, or "
            f"set `listening.processes` to {chosen.processes} yourself"
        ) from error
    return measured, chosen


def _measured(settings: Settings) -> Mapping[str, object]:
    try:
        return tomllib.loads(settings.measured_file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def route(settings: Settings, engine: str | None, model: str | None) -> Route | None:
    """Engine and model as somebody names them, the settings' filled in; None where neither is."""
    if engine is None and model is None:
        return None
    if engine is not None:
        implementation(speech.ENGINES, speech.ENTRY_POINTS, engine, "--engine")
    floor = floor_route(settings)
    return Route(
        engine or floor.engine,
        model or floor.model,
        floor.settings if engine in (None, floor.engine) else {},
    )


def floor_route(settings: Settings) -> Route:
    """The engine and model that hear every language for which the routing names no other."""
    listening = settings.listening
    device = listening.device
    if device == "auto" and _measured(settings).get("device") in ("cpu", "cuda"):
        device = str(_measured(settings)["device"])
    said: dict[str, str | int] = {"beam": listening.beam, "device": device}
    return Route(listening.engine, listening.model, said)


def implementation(
    table: Mapping[str, str], group: str, name: str, setting: str, *, also: Sequence[str] = ()
) -> str:
    """`module:Class` for a name, from a room's table or an entry point of its group.

    also: further values of the setting, that name no implementation.

    Raises `BadSetting` naming the setting and the names there are.
    """
    if name in table:
        return table[name]
    found = {point.name: point.value for point in entry_points(group=group)}
    if name in found:
        return found[name]
    raise BadSetting(
        f"{setting} is {name!r}, which names nothing here; there are "
        f"{', '.join(sorted({*table, *found, *also}))}"
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
    engines = _Engines(settings, notice)
    looked_in = _IndexLater(settings.index_folder, notice)
    try:
        catalogue.migrate()
        yield Desk(
            name=settings.name,
            series=settings.series,
            catalogue=catalogue,
            vault=make(store.VAULTS["folder"], settings.vault_folder),
            queue=Queue(),
            index=looked_in,
            limits=Limits(
                memory_bytes=settings.media.memory_mb << 20, silent_s=settings.media.silent_s
            ),
            listening=_listening(settings, engines),
            translator=engines.translator,
            translates_to=settings.translation.to,
            scratch=settings.data / "scratch",
            address=settings.web.address.rstrip("/") if settings.web.address else None,
            second_reader_required=settings.second_reader_required,
        )
    finally:
        engines.close()
        looked_in.close()
        catalogue.close()


class _IndexLater:
    """The index; its libraries, which take a second, are loaded when something is looked for."""

    def __init__(self, folder: Path, notice: Callable[[str], None]) -> None:
        self.folder = folder
        self._notice = notice
        self._lock = threading.Lock()
        self._made: Index | None = None

    def _index(self) -> Index:
        with self._lock:
            if self._made is None:
                made: Index = make("offair.search.index:FolderIndex", self.folder, self._notice)
                self._made = made
            return self._made

    def open(self) -> Shards:
        """The shards as they stand now."""
        return self._index().open()

    def writer(self) -> contextlib.AbstractContextManager[IndexWriter]:
        """The one writer."""
        return self._index().writer()

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            if self._made is not None:
                self._made.close()


@contextlib.contextmanager
def indexing(desk: Desk, *, notice: Callable[[str], None]) -> Iterator[None]:
    """Bring the index up to date about twice a second while the body runs, unless another process
    does, and compile the loops of the search, where that was not done here yet. An error is told
    once.
    """
    stop = threading.Event()
    threads = [
        threading.Thread(target=_index_on, args=(desk, notice, stop), name="indexer"),
        threading.Thread(target=_warm, args=(notice, stop), name="compiler"),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _warm(notice: Callable[[str], None], stop: threading.Event) -> None:
    """So that nobody who checks a quotation waits for it."""
    if stop.wait(_WARM_AFTER_S):
        return
    warming = importlib.import_module("offair.search.warming")
    try:
        if not warming.is_warm():
            warming.warm(stop.is_set)
    except (OSError, OffairError) as error:
        notice(f"the search is not compiled beforehand, and the first check takes longer: {error}")


def _index_on(desk: Desk, notice: Callable[[str], None], stop: threading.Event) -> None:
    # Loaded here: a single pass of `offair work` begins a quarter of a second earlier without them.
    verb = importlib.import_module("offair.desk.index")
    standing = importlib.import_module("offair.desk.standing_matches").StandingMatches()
    told, wait_s = "", 0.0
    while not stop.wait(wait_s):
        try:
            if not wait_s or verb.is_behind(desk):
                with contextlib.suppress(Conflict):  # another process brings it up to date
                    verb.index(desk, notice=notice, stop=stop.is_set, standing=standing)
            told, wait_s = "", _INDEX_EVERY_S
        except OffairError as error:
            if str(error) != told:
                notice(f"the index is not brought up to date: {error}")
            told, wait_s = str(error), min(_INDEX_AGAIN_S, 2 * max(wait_s, _INDEX_EVERY_S))


def _listening(settings: Settings, engines: _Engines) -> Listening:
    """How this desk hears; names that name nothing are refused now, not in the middle of a job."""
    said = settings.listening
    heard_by = implementation(
        activity.ENGINES, activity.ENTRY_POINTS, said.activity, "listening.activity"
    )
    if said.languages != "none":
        implementation(
            languages.ENGINES, languages.ENTRY_POINTS, said.languages, "listening.languages"
        )
    if settings.speakers.engine not in _NO_DIARISER:
        implementation(
            speakers.ENGINES, speakers.ENTRY_POINTS, settings.speakers.engine, "speakers.engine",
            also=_NO_DIARISER,
        )  # fmt: skip
    return Listening(
        activity=lambda: make(heard_by),
        routing=read_routing(said.routing, said.profile, floor_route(settings)),
        open_pool=engines.pool,
        languages=None if said.languages == "none" else engines.languages,
        diariser=None if settings.speakers.engine in _NO_DIARISER else engines.diariser,
        speakers=settings.speakers.engine,
        language=said.language,
        names=said.names,
        second_try=said.second_try,
    )


def work(
    desk: Desk,
    *,
    heard: Callable[[Progress], None],
    stepped: Callable[[str, int, float], None],
    ended: Callable[[Job], None],
    watch: bool = False,
    at_once: int = 1,
) -> None:
    """Do jobs until none is due, or with `watch` until a signal; the jobs in hand are then put
    back.

    heard: told how far a hearing is; stepped: how far other work is (the kind of job, the
    recording, the share done 0…1). ended: told each job as it stands after it was taken, one at a
    time; the others may be told from several threads. at_once: jobs done at a time.
    """
    with ended_by_sigterm():
        work_together(
            lambda stop: _worker(desk, heard, stepped, stop), at_once, ended=ended, watch=watch
        )


def _ready(desk: Desk, recording_id: int) -> None:
    """Wait for the engines that a recording is heard with; they load side by side. What the
    settings name wrongly is no fault of the job in hand.

    Raises `NotFound` (the recording), `Unavailable`.
    """
    listening = desk.listening
    with desk.catalogue.snapshot() as tx:
        language = listening.language or only_language(tx.recording(recording_id))
    teller = listening.languages if language is None else None
    try:
        floor = listening.open_pool(listening.routing.route(language))
        others = [opened() for opened in (teller, listening.diariser) if opened is not None]
        listening.activity()
        for one in (floor, *others):
            one.engine  # noqa: B018 - waits until the model is loaded
    except (BadInput, Corrupt) as error:
        raise Unavailable(str(error)) from error


def _worker(
    desk: Desk,
    heard: Callable[[Progress], None],
    stepped: Callable[[str, int, float], None],
    stop: threading.Event,
) -> Worker:
    def hear(job: Job, heartbeat: Heartbeat) -> None:
        newly = 0

        def progress(far: Progress) -> None:
            nonlocal newly
            heartbeat.share(far.done_ms / max(1, far.total_ms))
            # Finding again what was heard before is no step: a chunk that fails each time would
            # otherwise be tried for ever.
            if far.heard > newly:
                newly = far.heard
                heartbeat.progressed()
            else:
                heartbeat.check()
            heard(far)

        _ready(desk, job.subject)
        process(
            desk, job.subject, actor="worker", progress=progress, check=heartbeat.check,
            finish=heartbeat.finish, last=job.attempts >= desk.queue.policy.attempts,
        )  # fmt: skip

    def copy(job: Job, heartbeat: Heartbeat) -> None:
        progress = _step(job, heartbeat, stepped)
        prepare_proxy(desk, job.subject, progress=progress, finish=heartbeat.finish)

    def caption(job: Job, heartbeat: Heartbeat) -> None:
        read_captions(
            desk, job.subject, actor="worker", progress=_step(job, heartbeat, stepped),
            check=heartbeat.check, finish=heartbeat.finish,
        )  # fmt: skip

    return Worker(
        desk.queue, desk.catalogue.transaction,
        {"process": hear, "proxy": copy, "captions": caption, **_light(desk, stepped)},
        snapshots=desk.catalogue.snapshot, stop=stop,
    )  # fmt: skip


def _step(
    job: Job, heartbeat: Heartbeat, stepped: Callable[[str, int, float], None]
) -> Callable[[float], None]:
    """Tells the queue and a reader how far a job is; raises where it is to stop."""

    def progress(share: float) -> None:
        heartbeat.share(share)
        heartbeat.check()
        stepped(job.kind, job.subject, share)

    return progress


def _light(desk: Desk, stepped: Callable[[str, int, float], None]) -> dict[str, Handler]:
    """Work that somebody waits for before the screen, and that needs no engine."""

    def draw(job: Job, heartbeat: Heartbeat) -> None:
        progress = _step(job, heartbeat, stepped)
        prepare_peaks(desk, job.subject, progress=progress, finish=heartbeat.finish)

    def publish_clip(job: Job, heartbeat: Heartbeat) -> None:
        how, who = read_settings(job.settings)
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        publish(
            desk, job.subject, how, actor=who, now_utc=now,
            progress=_step(job, heartbeat, stepped), finish=heartbeat.finish,
        )  # fmt: skip

    return {PEAKS: draw, PUBLISH: publish_clip}


@contextlib.contextmanager
def serving_work(desk: Desk) -> Iterator[None]:
    """While it lasts, a thread does what pages ask for: it publishes clips and draws waveforms."""
    stop = threading.Event()

    def work_along() -> None:
        worker = Worker(
            desk.queue, desk.catalogue.transaction, _light(desk, lambda *_: None),
            snapshots=desk.catalogue.snapshot, stop=stop,
        )  # fmt: skip
        with contextlib.suppress(SystemExit):  # how a job in hand is put back at the end
            while not stop.is_set():
                try:
                    if worker.run_one() is None:
                        worker.reclaim()
                        stop.wait(_SERVING_POLL_S)
                except Unavailable as error:
                    _log.warning("the queue cannot be read: %s", error)
                    stop.wait(_SERVING_POLL_S)

    thread = threading.Thread(target=work_along, name="work of the pages")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
