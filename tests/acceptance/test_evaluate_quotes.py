"""`offair evaluate quotes` on a set made here: from files to the report."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from offair.cli import main

HEAD = """---
date: '{day}'
source_url: https://press.example.org/{day}
title: Remarks by Press Secretary Ann Reed
---
"""
SPOKEN = {
    "2024-05-02": "MS. REED:  The northern ferry will sail every morning at six. We cannot promise "
    "that the lighthouse keeper stays through winter. The council voted for new timber piers, and "
    "seven fishing families asked us to repair the old granite harbour wall before the storms.",
    "2024-06-03": "MS. REED:  Our bakery subsidy reaches twelve island villages this autumn. The "
    "schoolhouse roof leaks, and no teacher should have to carry buckets between lessons. Good "
    "afternoon everyone, and thank you for crossing the strait in such weather.",
}
ARTICLE = (
    "Ann Reed said “The northern ferry will sail every morning at six.” Later she said “We can "
    "promise that the lighthouse keeper stays through winter.” A fisherman said “nobody ever asked "
    "my grandmother about the price of salted cod.”"
)
EXPECTED: tuple[tuple[str, str | None, str, list[str], list[str]], ...] = (
    ("verbatim", "as claimed", "Ann Reed", ["2024-05-02.md"], []),
    ("altered", "as claimed", "Ann Reed", ["2024-05-02.md"], ["negation"]),
    ("not found", None, "a fisherman", [], []),
)


def _set(folder: Path) -> None:
    for name in ("archive", "articles"):
        (folder / name).mkdir(parents=True)
    for day, words in SPOKEN.items():
        path = folder / "archive" / f"{day}.md"
        path.write_text(HEAD.format(day=day) + words + "\n", encoding="utf-8")
    (folder / "articles" / "a.md").write_text(ARTICLE, encoding="utf-8")
    lines, at = [], 0
    for words, speaker, claimed, events, critical in EXPECTED:
        start, end = ARTICLE.index("“", at) + 1, ARTICLE.index("”", at)
        at = end + 1
        digest = hashlib.sha256(ARTICLE[start:end].encode()).hexdigest()
        lines.append(json.dumps({
            "article": "a.md", "char_start": start, "char_end": end, "sha256": digest,
            "words": words, "speaker": speaker, "claimed": claimed, "events": events,
            "critical": critical,
        }))  # fmt: skip
    (folder / "adjudications.jsonl").write_text("\n".join(lines), encoding="utf-8")


def test_a_set_is_checked_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _set(tmp_path / "set")
    config = tmp_path / "offair.toml"
    config.write_text(f'data = "{tmp_path / "data"}"\n', encoding="utf-8")
    monkeypatch.setenv("OFFAIR_CONFIG", str(config))
    words = ["evaluate", "quotes", "--set", str(tmp_path / "set"), "--quick", "--json", "-"]
    assert main(words) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["set"]["files"] == 2
    assert report["groups"]["by hand"]["right_event_first"] == {"count": 2, "of": 2, "rate": 1.0}
    found = {(one["expected"], one["found"]) for one in report["words"]["counts"]}
    assert ("verbatim", "verbatim") in found
    assert report["critical"]["missed"] == []
    assert report["articles"]["found"]["count"] == 3
    assert not (tmp_path / "data").exists()


def test_a_folder_that_is_no_set_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OFFAIR_CONFIG", str(tmp_path / "offair.toml"))
    (tmp_path / "offair.toml").write_text("", encoding="utf-8")
    assert main(["evaluate", "quotes", "--set", str(tmp_path)]) != 0
    assert "archive" in capsys.readouterr().err
