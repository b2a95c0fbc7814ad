"""How far a download is, told while it goes on."""

from __future__ import annotations

import logging

import pytest

from offair.engines.hosting import hub


def test_a_download_tells_how_far_it_is(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_EVERY_S", 0.0)
    with caplog.at_level(logging.INFO, "offair"):
        bar = hub._telling("owner/model")(total=0, unit="B", name="huggingface_hub.snapshot")
        bar.total = 3_000_000_000
        bar.update(600_000_000)
        bar.refresh()
        files = hub._telling("owner/model")(total=4, desc="Fetching 4 files")
        files.update(1)
        files.refresh()
    assert {record.getMessage() for record in caplog.records} == {
        "downloading owner/model: 600 of 3000 MB"
    }


def test_it_is_not_told_at_every_step(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "offair"):
        bar = hub._telling("owner/model")(total=100, unit="B")
        for _ in range(50):
            bar.update(1)
            bar.refresh()
    assert not caplog.records
