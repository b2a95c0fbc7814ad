"""`offair clip`: drafting, changing and reviewing a clip from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from clips_made import speech
from installation import Installation
from web_desk import add_harbour

from offair import media
from offair.cli import main
from offair.desk.change_clip_state import set_hold
from offair.desk.clip import clip
from offair.model.time import Span


def test_a_clip_is_drafted_changed_and_reviewed(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with installation.desk() as desk:
        add_harbour(desk)

    def run(*words: str, code: int = 0) -> tuple[str, str]:
        assert main(["--config", str(installation.config), "clip", *words]) == code
        found = capsys.readouterr()
        return found.out, found.err

    out, _ = run(
        "1", "--from", "13.5", "--to", "25.3", "--headline", "Daniel Marsh: The Late Boat Goes",
        "--summary", "He said there will be 14 crossings a day.",
    )  # fmt: skip
    assert out.startswith("clip 1 drafted")
    _, said = run("1", "--from", "20", "--to", "30")
    assert "clip 1 has 0:05.300 of it already" in said
    review, _ = run("--review", "1")
    assert "headline: “Daniel Marsh” is record fact" in review
    assert "summary 1: “He said there will be 14 crossings a day.” is said, own words" in review
    assert (
        "stop, unsupported clause: in the headline nothing supports “The Late Boat Goes”" in review
    )
    out, _ = run(
        "--edit", "1", "--headline", "Marsh: Good Morning Nora", "--state", "to second reader"
    )
    assert out == "clip 1 is to second reader (version 2)\n"
    facts = json.loads(run("--review", "1", "--json")[0])
    assert (facts["state"], facts["version"], facts["overlaps"]) == ("to second reader", 2, [2])
    assert {one["kind"] for one in facts["stops"]} == {"unheard", "unconfirmed speaker"}
    out, _ = run("--edit", "1", "--state", "published", code=4)
    assert out == ""
    for words in ((), ("1", "--edit", "1"), ("1", "--state", "ready"), ("--edit", "1")):
        run(*words, code=2)
    run("--review", "9", code=3)


def test_a_clip_is_written_with_subtitles(
    installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with installation.desk() as desk:
        recording = add_harbour(desk)
        spans = [Span(13_500, 16_000), Span(28_600, 29_600)]
        clip(desk, recording, spans=spans, layer_id=speech(desk, recording).id, actor="ana")
    out = tmp_path / "clip.mp4"
    words = ["clip", "--subtitled", "1", "--output", str(out)]
    assert main(["--config", str(installation.config), *words]) == 0
    (track,) = media.probe(out).of_kind("subtitle")
    lines = media.captions(out, track.index)
    notice = "[MACHINE TRANSCRIPT, NOT CHECKED]"
    assert lines[0].text.startswith(f"{notice}\nDaniel Marsh: Good morning, Nora.")
    assert all(one.span.end <= 3_500 for one in lines)
    assert lines[-1].span.start >= 2_500
    assert lines[-1].text == "They were asked."
    out.unlink()
    with installation.desk() as desk:
        set_hold(desk, 1, "the lawyer", actor="ana")
    assert main(["--config", str(installation.config), *words]) == 5
    assert not out.exists()
    assert "the lawyer" in capsys.readouterr().err
