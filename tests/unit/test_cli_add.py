"""What `offair add` says of what it took in."""

from __future__ import annotations

from pathlib import Path

import pytest
from web_desk import HARBOUR, sound_facts

from offair.cli import add
from offair.desk.accept import Accepted
from offair.model.recording import Held, Recording


@pytest.mark.parametrize(("now", "waits"), [(False, True), (True, False)])
def test_work_that_is_done_next_is_not_said_to_wait(
    now: bool, waits: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = Recording(
        1, HARBOUR, None, "News", Held.HELD, None, sound_facts(30_000), "2026-01-01", "test"
    )
    accepted = Accepted(recording, new=True, captions=0, queued=True, notes=())
    add._tell(accepted, Path("news.wav"), as_json=False, now=now)
    said = capsys.readouterr().out
    assert "recording 1: news.wav, 30.0 s, taken in" in said
    assert ("waiting to be worked on" in said) is waits
