"""Which engines a hearing starts, and when: side by side, and none that the recording has no use
for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from listening_desk import Diariser, Levels, Pool, listening, text_of

from offair import wiring
from offair.desk import Desk
from offair.model.errors import BadInput
from offair.model.job import Job, JobState
from offair.model.transcript import Engine


@dataclass
class Noted:
    """An engine that writes down when it is opened, and when somebody waits for it to load."""

    name: str
    one: Any
    order: list[str]

    def __call__(self, *_: object) -> Noted:
        self.order.append(f"opened {self.name}")
        return self

    def __getattr__(self, asked: str) -> Any:
        if asked == "engine":
            self.order.append(f"waited for {self.name}")
        return getattr(self.one, asked)


class Misnamed(Levels):
    """A language engine whose model the settings name wrongly."""

    @property
    def engine(self) -> Engine:  # type: ignore[override]  # it has none to tell
        raise BadInput("the model no-such is not there")


@pytest.fixture
def listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Makes a desk with one recording that hears as it is told."""
    with listening(tmp_path, monkeypatch) as make:
        yield make


def heard(desk: Desk, *languages: str) -> Job:
    """The hearing's job once nothing is due, on a channel of these languages."""
    with desk.catalogue.transaction() as tx:
        tx.change_channel(replace(tx.recording(1).channel, languages=languages))
        desk.queue.enqueue(tx, "process", 1)
    ended: list[Job] = []
    wiring.work(desk, heard=lambda _: None, stepped=lambda *_: None, ended=ended.append)
    return [job for job in ended if job.kind == "process"][-1]


def test_engines_load_side_by_side(listen: Callable[..., Desk]) -> None:
    order: list[str] = []
    desk = listen(
        Pool(text_of),
        open_pool=Noted("recogniser", Pool(text_of), order),
        languages=Noted("languages", Levels(), order),
        diariser=Noted("voices", Diariser(), order),
    )
    assert heard(desk, "en", "fr").state is JobState.DONE
    names = ("recogniser", "languages", "voices")
    assert set(order[:3]) == {f"opened {name}" for name in names}
    assert set(order[3:6]) == {f"waited for {name}" for name in names}


def test_where_the_language_is_known_nobody_is_asked_for_it(listen: Callable[..., Desk]) -> None:
    order: list[str] = []
    desk = listen(Pool(text_of), languages=Noted("languages", Levels(), order))
    assert heard(desk, "en").state is JobState.DONE
    assert order == []


def test_a_wrong_setting_puts_the_job_off(listen: Callable[..., Desk]) -> None:
    desk = listen(Pool(text_of), languages=Misnamed)
    job = heard(desk, "en", "fr")
    assert (job.state, job.error) == (JobState.QUEUED, "the model no-such is not there")
    with desk.catalogue.snapshot() as tx:
        assert tx.recording(1).quarantine is None
