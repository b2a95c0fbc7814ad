"""Subtitles as a track of their own: written, and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from media_samples import make, seen

from offair import media
from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Cue


def cue(start: int, end: int, text: str) -> Cue:
    """A cue."""
    return Cue(Span(start, end), text)


def test_subtitles_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    make(source, seconds=4.0, container="mp4")
    lines = [
        cue(2_000, 3_500, "صباح الخير — {\\b1}no markup{\\b0} & <i>none</i>"),
        cue(500, 1_200, "Good morning.\nIt is <b>early</b>."),
        cue(3_000, 3_900, "The next line"),
        cue(3_950, 3_950, "never shown"),
        cue(100, 300, "   "),
    ]
    made = media.subtitled(source, lines, tmp_path / "with.mp4", language="en-GB")
    assert made.media_type == "video/mp4"
    facts = media.probe(made.path)
    (track,) = facts.of_kind("subtitle")
    assert (track.codec, track.language) == ("mov_text", "eng")
    assert facts.browser_playable
    assert media.captions(made.path, track.index) == (
        cue(500, 1_200, "Good morning.\nIt is <b>early</b>."),
        cue(2_000, 3_000, "صباح الخير — {\\b1}no markup{\\b0} & <i>none</i>"),
        cue(3_000, 3_900, "The next line"),
    )
    assert len(seen(made.path)) == len(seen(source))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source.mp4", "with.mp4"]


def test_the_exact_cut_of_a_clip_takes_subtitles(tmp_path: Path) -> None:
    source = tmp_path / "source.ts"
    make(source, seconds=4.0, container="mpegts")
    exact = media.cut(source, [Span(1_000, 3_000)], tmp_path)[0]
    made = media.subtitled(exact.path, [cue(0, 2_000, "whole")], tmp_path / "with.mp4")
    (track,) = media.probe(made.path).of_kind("subtitle")
    assert media.captions(made.path, track.index) == (cue(0, 2_000, "whole"),)


def test_what_mp4_does_not_take_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    source = tmp_path / "source.webm"
    make(source, seconds=1.0, container="webm", video="libvpx", audio="libopus")
    with pytest.raises(BadInput, match="MP4"):
        media.subtitled(source, [cue(0, 500, "x")], tmp_path / "with.mp4")
    with pytest.raises(BadInput, match="no line"):
        media.subtitled(source, [cue(0, 500, " ")], tmp_path / "with.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["source.webm"]
