"""When a job will be done, which jobs still matter, and how a person is told."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.cli.jobs import clock_time
from offair.jobs import expected_end, standing
from offair.model.job import Job, JobState

NOON = 1_600_000_800.0
SHARES = st.floats(0, 1)


def job(
    id: int = 1,
    *,
    subject: int = 1,
    kind: str = "process",
    state: JobState = JobState.RUNNING,
    begun: float | None = NOON,
    share: float | None = None,
    share_begun: float = 0.0,
) -> Job:
    return Job(
        id, kind, subject, state, 0.0, 1, NOON, None, None, {}, None, begun, share, share_begun
    )


@pytest.mark.parametrize(
    ("begun", "share", "share_begun", "end"),
    [
        (0, 0.5, 0.0, 120), (0, 0.75, 0.5, 120), (0, 1.0, 0.0, 60), (30, 0.25, 0.0, 150),
        (0, None, 0.0, None), (0, 0.0, 0.0, None), (0, 0.5, 0.5, None), (0, 0.25, 0.5, None),
        (60, 0.5, 0.0, None), (90, 0.5, 0.0, None), (None, 0.5, 0.0, None),
    ],
)  # fmt: skip
def test_the_end_at_the_pace_so_far_a_minute_after_noon(
    begun: float | None, share: float | None, share_begun: float, end: float | None
) -> None:
    given = job(begun=None if begun is None else NOON + begun, share=share, share_begun=share_begun)
    assert expected_end(given, NOON + 60) == (None if end is None else NOON + end)


@pytest.mark.parametrize("state", [one for one in JobState if one is not JobState.RUNNING])
def test_only_what_runs_has_an_expected_end(state: JobState) -> None:
    assert expected_end(job(state=state, share=0.5), NOON + 60) is None


@given(share=SHARES, share_begun=SHARES, took=st.floats(0.001, 1e6), longer=st.floats(1, 1e3))
def test_the_end_is_to_come_and_recedes_while_nothing_moves(
    share: float, share_begun: float, took: float, longer: float
) -> None:
    given = job(share=share, share_begun=share_begun)
    end = expected_end(given, NOON + took)
    assert (end is None) == (share <= share_begun)
    if end is not None:
        assert end >= NOON + took
        later = expected_end(given, NOON + took * longer)
        assert later is not None
        assert later >= end


def test_what_was_asked_for_again_matters_no_more() -> None:
    failed, bad = JobState.FAILED, JobState.QUARANTINED
    given = [
        job(9, subject=4, state=failed),
        job(1, subject=1, state=failed), job(5, subject=1, state=JobState.DONE),
        job(2, subject=2, state=bad), job(6, subject=2, state=JobState.QUEUED),
        job(3, subject=3, state=failed), job(7, subject=3, state=JobState.CANCELLED),
        job(8, subject=4, state=failed),
        job(4, subject=4, state=JobState.DONE), job(10, subject=4, kind="proxy", state=bad),
        job(11, subject=5, state=JobState.PAUSED), job(12, subject=6),
    ]  # fmt: skip
    assert [one.id for one in standing(given)] == [9, 6, 10, 11, 12]
    assert standing([]) == []


@pytest.fixture
def in_nepal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_nepal")
@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "at 18:24, in less than a minute"),
        (29, "at 18:25, in less than a minute"),
        (720, "at 18:37, in 12 min"),
        (7_500, "at 20:30, in 2 h 5 min"),
        (36_000, "at 2020-09-14 04:25, in 10 h 0 min"),
        (180_000, "at 2020-09-15 20:25, in 2 d 2 h"),
    ],
)
def test_a_moment_to_come_is_told_in_local_time(seconds: float, told: str) -> None:
    assert clock_time(NOON + seconds, NOON) == told
