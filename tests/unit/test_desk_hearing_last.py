"""The last try of a hearing: a few chunks that the engine refuses keep no word of the others back;
and jobs that failed are tried again when somebody says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from listening_desk import Pool, layer_text, listening, text_of

from offair import wiring
from offair.desk import Desk
from offair.desk.browse import HearingState, list_recordings
from offair.desk.manage_jobs import cancel_job, list_standing, retry_job
from offair.desk.process import process
from offair.model.errors import Conflict, NotFound, Unavailable
from offair.model.job import Job, JobState
from offair.model.transcript import FlagKind, Heard

GONE = "the memory of the graphics processor is full; free some and try again"


@pytest.fixture
def listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Makes a desk with one recording that hears as it is told."""
    with listening(tmp_path, monkeypatch) as make:
        yield make


def refusing(*starts: int) -> Callable[..., Heard | Exception]:
    """An engine that is never to be had for the chunks that begin there."""

    def answer(label: str, again: bool, language: str | None) -> Heard | Exception:
        hit = any(label.startswith(f"{start}..") for start in starts)
        return Unavailable(GONE) if hit else text_of(label, again, language)

    return answer


def test_one_chunk_that_is_refused_at_last_is_a_span_without_words(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(Pool(refusing(0)))
    with pytest.raises(Unavailable, match="graphics processor"):
        process(desk, 1, actor="test")
    layer = process(desk, 1, actor="test", last=True)
    with desk.catalogue.snapshot() as tx:
        first, *others = tx.chunks(1, layer.run)
        (flag,) = (one for one in tx.flags(layer.id) if one.kind is FlagKind.NOT_HEARD)
    assert first.skipped == f"not heard: {GONE}"
    assert len(others) >= 2
    assert all(one.claim_key for one in others)
    assert (flag.span, flag.reason) == (first.span, f"not heard: {GONE}")
    assert f"began at {others[0].span.start} " in layer_text(desk, layer)


def test_an_engine_that_refuses_many_makes_no_text(listen: Callable[..., Desk]) -> None:
    pool = Pool(lambda *_: Unavailable(GONE))
    desk = listen(pool)
    with pytest.raises(Unavailable, match="graphics processor"):
        process(desk, 1, actor="test", last=True)
    starts = [int(label.split("..")[0]) for label, _, _ in pool.asked]
    assert len(starts) >= 4
    for refused in (starts[1:], starts[2:], starts[-2:]):
        pool.answers = refusing(*refused)
        with pytest.raises(Unavailable, match="graphics processor"):
            process(desk, 1, actor="test", last=True)
    with desk.catalogue.snapshot() as tx:
        assert tx.layers(1) == []
    pool.answers = refusing(starts[-1])
    assert process(desk, 1, actor="test", last=True)


def work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Work until nothing is due, with the clock far ahead each time; the hearing's job then."""
    ended: list[Job] = []
    for day in range(desk.queue.policy.attempts + 1):
        monkeypatch.setattr(desk.queue, "_clock", lambda day=day: 2e9 + day * 86_400)
        wiring.work(desk, heard=lambda _: None, stepped=lambda *_: None, ended=ended.append)
    return [job for job in ended if job.kind == "process"][-1]


def test_the_fifth_try_of_a_job_is_the_last(
    listen: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = listen(Pool(refusing(0)))
    with desk.catalogue.transaction() as tx:
        desk.queue.enqueue(tx, "process", 1)
    job = work(desk, monkeypatch)
    assert (job.state, job.attempts) == (JobState.DONE, desk.queue.policy.attempts)
    (row,), _ = list_recordings(desk)
    assert row.hearing.state is HearingState.HEARD


def test_a_job_that_failed_is_tried_again_when_somebody_says_so(
    listen: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool(lambda *_: Unavailable(GONE))
    desk = listen(pool)
    with desk.catalogue.transaction() as tx:
        first = desk.queue.enqueue(tx, "process", 1, priority=7.0)
    with pytest.raises(Conflict, match="is queued; only one that failed"):
        retry_job(desk, [first.id], actor="ana")
    assert work(desk, monkeypatch).state is JobState.FAILED
    pool.answers = text_of
    (again,) = retry_job(desk, recording_id=1, actor="ana")
    assert (again.id != first.id, again.state, again.priority) == (True, JobState.QUEUED, 7.0)
    assert retry_job(desk, [first.id], actor="ana") == [again], "it is asked for already"
    assert work(desk, monkeypatch).state is JobState.DONE
    assert list_standing(desk) == []
    with pytest.raises(NotFound, match="no job to retry"):
        retry_job(desk, recording_id=1, actor="ana")
    with pytest.raises(NotFound, match="no job 99"):
        retry_job(desk, [99], actor="ana")


def test_what_stood_in_quarantine_or_was_cancelled_is_opened_again(
    listen: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = listen(Pool(text_of))
    with desk.catalogue.transaction() as tx:
        job = desk.queue.enqueue(tx, "process", 1)
        tx.quarantine_recording(1, "damaged")
    cancel_job(desk, [job.id], actor="ana")
    (again,) = retry_job(desk, [job.id], actor="ana")
    with desk.catalogue.snapshot() as tx:
        assert tx.recording(1).quarantine is None
    cancel_job(desk, [again.id], actor="ana")
    (third,) = retry_job(desk, recording_id=1, actor="ana")
    assert third.id not in (job.id, again.id)
    assert work(desk, monkeypatch).id == third.id
