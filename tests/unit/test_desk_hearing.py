"""Hearing that goes wrong: a file that breaks off, engines that fail, an earlier pass cut else."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from web_desk import HARBOUR, keep, make_desk, silent_wave, sound_facts

from offair import config, media, wiring
from offair.desk import Desk
from offair.desk.evidence import best_layer, heard_in_part
from offair.desk.process import process
from offair.desk.recover import recover
from offair.desk.retry import retry
from offair.desk.scratch import scratch_folder
from offair.media import SoundBlock
from offair.model.errors import BadInput, BadSetting, Conflict, Corrupt, Unavailable
from offair.model.job import Job, JobState
from offair.model.recording import Held
from offair.model.time import Ms, Span
from offair.model.transcript import Activity, Chunk, Engine, Heard, LayerKind, LayerOrigin
from offair.model.words import Word, Words

LENGTH_MS = 60_000
SECOND = np.full(16_000, 0.1, dtype="<f4").tobytes()


class _AllSpeech:
    """An activity engine to which every window is speech."""

    engine = Engine("all speech", "none", "1")

    def __init__(self) -> None:
        self._samples = self._told = 0

    def listener(self) -> _AllSpeech:
        return _AllSpeech()

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        self._samples += len(samples)
        first, self._told = self._told, self._samples // 512
        return [(window * 32, 0.99) for window in range(first, self._told)]

    def flush(self) -> list[tuple[Ms, float]]:
        return [(self._told * 32, 0.99)] if self._samples % 512 else []


class _Pool:
    """A recogniser's processes: answers a word for each chunk, or raises `trouble`."""

    def __init__(self, trouble: Callable[[str], Exception | None] = lambda _: None) -> None:
        self.trouble, self.heard, self.processes, self.usable = trouble, 0, 1, True
        self.engine = Engine("one word", "none", "1")
        self.again = self.engine

    def submit(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None = None,
        prompt: str | None = None,
        again: bool = False,
        label: str = "a chunk",
    ) -> Future[Heard]:
        future: Future[Heard] = Future()
        trouble = self.trouble(label)
        if trouble is not None:
            future.set_exception(trouble)
            return future
        self.heard += 1
        word = f"word{label.split('..')[0]}."
        words = Words.of([Word(0, len(word), 100, 600)])
        future.set_result(Heard(word, words, language or "en"))
        return future

    def close(self) -> None:
        self.usable = False

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _with(desk: Desk, **listening: Any) -> Desk:
    """The desk, listening otherwise."""
    return replace(desk, listening=replace(desk.listening, **listening))


@pytest.fixture
def pool() -> _Pool:
    return _Pool()


@pytest.fixture
def desk(tmp_path: Path, pool: _Pool) -> Iterator[Desk]:
    made = _with(make_desk(tmp_path), activity=_AllSpeech, open_pool=lambda _: pool)
    object = keep(made, silent_wave(1000), "news.wav")
    with made.catalogue.transaction() as tx:
        tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.HELD,
            object=object, media=sound_facts(LENGTH_MS), actor="test",
        )  # fmt: skip
        made.queue.enqueue(tx, "process", 1)
    yield made
    made.catalogue.close()


@pytest.fixture
def breaks_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """Sets after how many seconds the media breaks its decoder; None for never."""
    at: list[int | None] = [None]

    def sound(path: Path, *, limits: object) -> Generator[SoundBlock, None, None]:
        del path, limits
        for second in range(LENGTH_MS // 1000):
            if second == at[0]:
                raise Corrupt("news.wav broke its decoder")
            yield SoundBlock(second * 1000, memoryview(SECOND))

    monkeypatch.setattr(media, "sound", sound)

    def set_to(second: int | None) -> None:
        at[0] = second

    return set_to


@pytest.fixture(autouse=True)
def _whole_sound(breaks_at: Callable[[int | None], None]) -> None:
    breaks_at(None)


def _work(desk: Desk) -> list[Job]:
    ended: list[Job] = []
    wiring.work(desk, heard=lambda _: None, stepped=lambda *_: None, ended=ended.append)
    return ended


def _stop() -> None:
    raise Conflict("stopped before the first chunk")


def _due_now(desk: Desk, days: int = 0) -> Desk:
    """The same desk some time later, so that what was put off is due."""
    queue = type(desk.queue)(clock=lambda: 4e9 + days * 86_400)
    return replace(desk, queue=queue)


def test_a_file_that_breaks_off_can_be_heard_once_more_when_asked(
    desk: Desk, breaks_at: Callable[[int | None], None]
) -> None:
    breaks_at(40)
    assert [job.state for job in _work(desk)] == [JobState.QUARANTINED]
    with desk.catalogue.snapshot() as tx:
        recording, layer = tx.recording(1), best_layer(tx, 1)
    assert recording.quarantine == "news.wav broke its decoder"
    assert heard_in_part(layer)

    breaks_at(None)
    assert retry(desk, 1, actor="test")
    assert [job.state for job in _work(desk)] == [JobState.DONE]
    with desk.catalogue.snapshot() as tx:
        recording, whole = tx.recording(1), best_layer(tx, 1)
        last = tx.turns(whole.id)[-1].span
    assert recording.quarantine is None
    assert whole.run > layer.run
    assert not heard_in_part(whole)
    assert last is not None
    assert last.end > 30_000
    assert not retry(desk, 1, actor="test"), "nothing is left to do"


def test_quarantine_and_the_part_heard_are_kept_together_or_not_at_all(
    desk: Desk, breaks_at: Callable[[int | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks_at(40)
    real = desk.catalogue.transaction
    with desk.catalogue.transaction() as tx:
        kind = type(tx)

    def killed(self: object, recording_id: int, reason: str | None) -> None:
        del self, recording_id, reason
        raise KeyboardInterrupt

    monkeypatch.setattr(kind, "quarantine_recording", killed)
    with pytest.raises(KeyboardInterrupt):
        process(desk, 1, actor="test")
    with real() as tx:
        assert list(tx.layers(1)) == []


def test_a_lost_lease_writes_no_part_and_no_quarantine(
    desk: Desk, breaks_at: Callable[[int | None], None]
) -> None:
    breaks_at(40)
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise Conflict("the lease is lost")

    with pytest.raises(Conflict, match="lease"):
        process(desk, 1, actor="test", check=check)
    with desk.catalogue.snapshot() as tx:
        assert list(tx.layers(1)) == []
        assert tx.recording(1).quarantine is None


def test_damage_in_the_catalogue_or_the_model_does_not_quarantine_the_recording(
    desk: Desk, pool: _Pool
) -> None:
    pool.trouble = lambda _: Corrupt("a turn's words column is damaged")
    with pytest.raises(Corrupt):
        process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        assert tx.recording(1).quarantine is None


@pytest.mark.parametrize(
    "error", [BadSetting("listening.engine is 'typo'"), BadInput("no such model"), Corrupt("model")]
)
def test_a_setting_that_is_wrong_puts_no_job_in_quarantine(desk: Desk, error: Exception) -> None:
    def wrong(_: object) -> _Pool:
        raise error

    (job,) = _work(_with(desk, open_pool=wrong))
    assert job.state is JobState.QUEUED
    assert str(error) in (job.error or "")
    (job,) = _work(_due_now(desk))
    assert job.state is JobState.DONE


def test_a_chunk_that_fails_each_time_is_not_tried_for_ever(desk: Desk, pool: _Pool) -> None:
    """Chunks found again are no progress: the attempts must run out, and the rest has its words."""
    pool.trouble = lambda label: (
        None if label.startswith("0..") else Unavailable("its process died")
    )
    states = []
    for day in range(desk.queue.policy.attempts):
        (job,) = _work(_due_now(desk, day))
        states.append(job.state)
    assert states == [*[JobState.QUEUED] * (len(states) - 1), JobState.DONE]
    with desk.catalogue.snapshot() as tx:
        chunks = tx.chunks(1, tx.layers(1)[0].run)
    assert [one.skipped for one in chunks].count("not heard: its process died") == 1
    assert sum(one.claim_key is not None for one in chunks) == len(chunks) - 1


def test_reused_chunks_do_not_count_as_progress(
    desk: Desk, pool: _Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(
        "offair.jobs.worker.Heartbeat.progressed", lambda self: told.append(id(self))
    )
    pool.trouble = lambda label: (
        None if label.startswith("0..") else Unavailable("its process died")
    )
    _work(_due_now(desk))
    assert len(told) == 1, "the first chunk is new"
    _work(_due_now(desk, 1))
    assert len(told) == 1, "the second time it is only found again"


def test_an_earlier_pass_that_was_cut_otherwise_leaves_no_word_twice(desk: Desk) -> None:
    layer = process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        words = " ".join(turn.text for turn in tx.turns(layer.id)).split()
        claim = next(one.claim_key for one in tx.chunks(1, layer.run) if one.claim_key)
    with desk.catalogue.transaction() as tx:
        other = tx.add_recording(
            channel=tx.ensure_channel(replace(HARBOUR, name="Harbour Two")), aired=None,
            title="News", held=Held.HELD, object=tx.recording(1).object,
            media=sound_facts(LENGTH_MS), actor="test",
        )  # fmt: skip

    stale = Chunk(Span(500, 9_000), Activity.SPEECH, 0.9, claim, None)
    with pytest.raises(Conflict):
        process(desk, other.id, actor="test", check=_stop)
    with desk.catalogue.transaction() as tx:
        tx.add_chunk(other.id, 1, stale)
    again = process(desk, other.id, actor="test")
    with desk.catalogue.snapshot() as tx:
        assert " ".join(turn.text for turn in tx.turns(again.id)).split() == words
        assert stale.span not in {one.span for one in tx.chunks(other.id, again.run)}


def test_a_pool_whose_processes_died_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[_Pool] = []

    def open_pool(*_: object, **__: object) -> _Pool:
        opened.append(_Pool())
        return opened[-1]

    monkeypatch.setattr("offair.engines.speech.open_pool", open_pool)
    for name in [one for one in os.environ if one.startswith("OFFAIR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OFFAIR_DATA", str(tmp_path / "data"))
    settings = config.Settings()
    with wiring.open_desk(settings, notice=lambda _: None) as desk:
        floor = desk.listening.routing.route(None)
        assert desk.listening.open_pool(floor) is desk.listening.open_pool(floor)
        opened[0].usable = False
        assert desk.listening.open_pool(floor) is not opened[0]
    assert [one.usable for one in opened] == [False, False]


def test_the_scratch_folder_of_a_killed_process_is_swept_and_a_living_ones_is_not(
    desk: Desk,
) -> None:
    with scratch_folder(desk, "cut") as living:
        (living / "part").write_bytes(b"x")
        dead = desk.scratch / "proxy-0000"
        dead.mkdir()
        (dead / "part").write_bytes(b"x")
        dead.with_name("proxy-0000.lock").touch()
        recover(desk)
        assert (living / "part").exists()
        assert not dead.exists()
    assert [one.name for one in desk.scratch.iterdir()] == ["lock"]


def test_a_scratch_folder_that_cannot_be_made_is_said_in_a_sentence(desk: Desk) -> None:
    desk.scratch.write_text("a file in its place", encoding="utf-8")
    with pytest.raises(Unavailable, match="in the making"), scratch_folder(desk, "cut"):
        pass
    recover(desk)


def test_a_queued_work_of_a_partly_heard_recording_is_asked_for_again(
    desk: Desk, breaks_at: Callable[[int | None], None]
) -> None:
    breaks_at(40)
    _work(desk)
    assert retry(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        states = {job.state for job in tx.jobs()}
        kinds = {(one.kind, one.origin) for one in tx.layers(1)}
    assert JobState.QUEUED in states
    assert kinds == {(LayerKind.SPEECH, LayerOrigin.ENGINE)}
