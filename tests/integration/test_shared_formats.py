"""Every file of ../shared/formats: read, or refused with a reason. `-rA` prints the table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offair.desk.evidence import caption_suffixes, read_caption_file
from offair.formats import plain_transcript, record_json, record_text
from offair.model.errors import BadInput
from offair.model.record import Severity

CAPTIONS = {
    "example-in.ssa": (6, "(deep rumbling)"),
    "example-out.ssa": (6, "(deep rumbling)"),
    "example-out-v4plus.ssa": (6, "(deep rumbling)"),
    "example-in-carriage-return.ssa": (3, "Did one of the last stories strike you as"),
    "example-in.stl": (6, "(deep rumbling)"),
    "example-out.stl": (6, "(deep rumbling)"),
    "example-in-nonzero-offset.stl": (6, "(deep rumbling)"),
    "example-opn-in.stl": (5, "Test-OPN"),
    "example-in.ttml": (6, "(deep rumbling)"),
    "example-out.ttml": (6, "(deep rumbling)"),
    "example-out-no-indent.ttml": (6, "(deep rumbling)"),
    "example-in-breaklines.ttml": (4, "First line"),
    "example-in-merging-style.ttml": (4, "text1.0 text1.1"),
    "example-in.srt": (6, "(deep rumbling)"),
    "missing-sequence-in.srt": (6, "(deep rumbling)"),
    "mix-rows-roll-up.scc": (16, ">>> HI."),
    "paint-on.scc": (3, "Lorem ipsum dolor sit amet,"),
    "pop-on.scc": (3, "( horn ho)"),
    "requirement-0056-001_modified.stl": (4, "Subtitle 1 Group 1"),
    "requirement-0074-001.stl": (1, "^ ! \" § % & / ( ) = ? * '"),
    "multi_tti_subtitle.stl": (1, "Foo Bar Baz"),
    "cumulative_set.stl": (5, "Not part of cumulative set."),
    "overlapping_tti.stl": (2, "Subtitle One"),
    "vp18_3_lines.stl": (1, "This"),
}
"""How many captions, and the first line of the first."""

REFUSED = {
    "broken-1-in.vtt": "WEBVTT",
    "bad-signature.vtt": "WEBVTT",
    "nulls.vtt": "NUL",
    "dg_speakers.json": "no version",
    "signature-bom.vtt": "no caption",
    "body_only.ttml": "no caption",
    "referential_styling.ttml": "no time",
    "lwsp_default.ttml": "no time",
    "lwsp_preserve.ttml": "no time",
}
"""What the refusal must say."""

KINDS = {".srt": 9, ".vtt": 100, ".ssa": 4, ".stl": 50, ".ttml": 8, ".scc": 3}
"""At least so many files of each kind are there."""


def _files(shared: Path) -> Iterator[Path]:
    return (path for path in sorted((shared / "formats").rglob("*")) if path.is_file())


def _outcome(path: Path) -> tuple[str, int, str]:
    """What became of a file: in a word, how much was read, and the reason or the first words."""
    data = path.read_bytes()
    try:
        if path.suffix.lower() in caption_suffixes():
            cues, report = read_caption_file(data, path)
            doubts = sum(one.severity is not Severity.NOTE for one in report)
            return f"captions, {doubts} doubts", len(cues), cues[0].text.split("\n")[0]
        if path.suffix == ".json":
            record, _, _ = record_json.read(data, source=path.name)
            return "record", len(record.turns), ""
        try:
            reading = record_text.read(data, source=path.name)
            return "record", len(reading.record.turns), ""
        except BadInput:
            turns, _ = plain_transcript.read(data, source=path.name)
            return "transcript", len(turns), ""
    except BadInput as error:
        return "refused", 0, str(error)


def test_every_file_is_read_or_refused_with_a_reason(shared: Path) -> None:
    outcomes = {path: _outcome(path) for path in _files(shared)}
    for path, (what, count, said) in outcomes.items():
        print(f"{path.name:44} {what:20} {count:4}  {said[:110]}")
        if what == "refused":
            assert path.name in said
            assert len(said) > len(path.name) + 20, f"no reason: {said}"
        else:
            assert count
    by_name = {path.name: outcome for path, outcome in outcomes.items()}
    for name, (count, first) in CAPTIONS.items():
        assert (by_name[name][1], by_name[name][2]) == (count, first), name
    for name, reason in REFUSED.items():
        assert by_name[name][0] == "refused", name
        assert reason in by_name[name][2], name
    for suffix, least in KINDS.items():
        assert sum(path.suffix == suffix for path in outcomes) >= least, suffix


@pytest.mark.parametrize("suffix", [".stl", ".ssa", ".scc"])
def test_no_file_of_these_kinds_is_refused(shared: Path, suffix: str) -> None:
    files = [path for path in _files(shared) if path.suffix == suffix]
    assert files
    assert [path.name for path in files if _outcome(path)[0] == "refused"] == []
