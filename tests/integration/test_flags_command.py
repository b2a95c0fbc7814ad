"""`offair flags` on a desk of its own: the table, the next one, settling, and plain words."""

from __future__ import annotations

from typing import Any

import pytest

from offair.model.recording import Channel, Held
from offair.model.time import Span
from offair.model.transcript import Flag, FlagKind, LayerKind, LayerOrigin, Turn
from offair.model.words import TimeSource, Word, Words


@pytest.fixture
def recording(installation: Any) -> int:
    """A text of one turn with two flags."""
    words = Words.of([Word(0, 6, 1_000, 1_500, TimeSource.ENGINE, 0.2), Word(7, 10, 1_500, 2_000)])
    with installation.desk() as desk, desk.catalogue.transaction() as tx:
        found = tx.add_recording(
            channel=tx.ensure_channel(Channel("Harbour One")), aired=None, title="News",
            held=Held.NEVER_HELD, object=None, media=None, actor="test",
        )  # fmt: skip
        layer = tx.add_layer(
            recording_id=found.id, kind=LayerKind.SPEECH, language="en",
            origin=LayerOrigin.IMPORT, maker="news.txt", run=1,
            turns=[Turn(0, 0, "Thanks all", words, Span(1_000, 2_000))], sentences=[[(0, 10)]],
        )  # fmt: skip
        tx.add_flags(
            layer.id,
            [
                Flag(FlagKind.NO_SPEECH, Span(1_000, 1_500), "no speech was found under it"),
                Flag(FlagKind.NOT_HEARD, Span(2_000, 9_000), "7.0 s of speech and no words"),
            ],
        )
    return int(found.id)


def test_flags_are_stepped_through_and_settled(installation: Any, recording: int) -> None:
    table = installation.run("flags", recording).stdout.splitlines()
    assert [line.split()[0] for line in table] == ["1", "2"]
    assert "0:01.000–0:01.500" in table[0]
    assert table[0].endswith("no speech was found under it  “Thanks”")
    first = installation.run("flags", recording, "--next")
    assert "why:      no speech was found under it" in first.stdout
    assert "1 more open after it" in first.stderr
    (facts,) = installation.facts("flags", recording, "--next")
    assert (facts["flag"], facts["words"], facts["after"]) == (1, "Thanks", "all")
    done = installation.run("flags", "--settle", 1, "--note", "applause")
    assert done.stdout.startswith("flag 1 settled by ")
    assert done.stdout.endswith(": applause\n")
    assert [one["flag"] for one in installation.facts("flags", recording)] == [2]
    both = installation.run("flags", recording, "--all").stdout
    assert "[settled by " in both
    installation.run("flags", "--settle", 2)
    left = installation.run("flags", recording)
    assert left.stdout == ""
    assert "no open flags (2 settled)" in left.stderr


def test_a_text_without_flags_says_so(installation: Any, samples: Any) -> None:
    installation.run("import", samples / "souq-ar.vtt", "--channel", "Souq")
    done = installation.run("flags", 1)
    assert (done.stdout, done.stderr) == ("", "no flags\n")


def test_what_makes_no_sense_is_said(installation: Any, recording: int) -> None:
    assert "say the RECORDING whose flags" in installation.run("flags", code=2).stderr
    assert (
        "say the RECORDING whose flags"
        in installation.run("flags", recording, "--settle", 1, code=2).stderr
    )
    assert "--settle FLAG" in installation.run("flags", recording, "--note", "x", code=2).stderr
    installation.run("flags", 999, code=3)
    installation.run("flags", "--settle", 999, code=3)
