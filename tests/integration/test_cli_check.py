"""`offair check` on a small desk: quotations, articles, reports, and everything asked wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from installation import Installation, install

from offair import cli
from offair.formats import finding_json
from offair.search.index import FolderIndex

CAPTIONS = """WEBVTT

00:01.000 --> 00:05.000
<v Ann Smith>We will not leave the harbour before the first of April this year.

00:05.000 --> 00:09.000
<v Ann Smith>Nobody has asked the fishermen what they think of the new breakwater.
"""
STORY = (
    "“We will leave the harbour before the first of April this year,” Ann Smith said.\n\n"
    "Bob Brown said: “Nobody has asked the fishermen what they think of the new breakwater.”\n\n"
    "The term “red tape” fell."
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A desk with one imported text, indexed."""
    made = install(tmp_path_factory.mktemp("checked"))
    file = made.data.parent / "talk.vtt"
    file.write_text(CAPTIONS, encoding="utf-8")
    made.run(
        "import", file, "--channel", "Harbour One", "--language", "en", "--aired", "2023-03-01"
    )
    made.run("reindex")
    (made.data.parent / "story.txt").write_text(STORY, encoding="utf-8")
    return made


def _run(
    desk: Installation, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    code = cli.main(["--config", str(desk.config), "check", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def _story(desk: Installation) -> str:
    return str(desk.data.parent / "story.txt")


def test_a_quotation_is_reported_at_the_terminal(
    desk: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(
        desk, capsys, "We will leave the harbour before the first of April this year"
    )
    assert code == 0
    assert "altered" in out
    assert "[-not-]‼" in out
    assert "PROVISIONAL: imported text, not heard" in out
    # The command is one line, to be copied.
    commands = [line for line in out.splitlines() if line.startswith("after listening: offair")]
    assert len(commands) == 1
    assert all(len(line) <= 80 for line in out.splitlines() if line not in commands)


def test_an_article_is_reported_in_every_format(
    desk: Installation, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = _run(desk, capsys, "--article", _story(desk))
    assert (code, "2 quotations" in out) == (0, True)
    for name in ("json", "markdown", "html"):
        file = tmp_path / name
        assert (
            _run(desk, capsys, "--article", _story(desk), "--format", name, "-o", str(file))[0] == 0
        )
        assert "fishermen" in file.read_text(encoding="utf-8")
    report = finding_json.read((tmp_path / "json").read_bytes())
    assert [one.words.value for one in report.findings] == [
        "altered", "verbatim", "not a quotation",
    ]  # fmt: skip
    code, out, _ = _run(desk, capsys, "--article", _story(desk), "--json")
    assert json.loads(out)["event"] == "checked"


def test_quotations_are_listed_corrected_and_checked(
    desk: Installation, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "list.json"
    assert _run(desk, capsys, "--article", _story(desk), "--list", "-o", str(file))[0] == 0
    listed = json.loads(file.read_text(encoding="utf-8"))
    assert [one["speaker"] for one in listed["quotations"]] == ["Ann Smith", "Bob Brown", None]
    listed["quotations"][1]["speaker"] = "Ann Smith"
    file.write_text(json.dumps(listed), encoding="utf-8")
    _, out, _ = _run(
        desk, capsys, "--article", _story(desk), "--quotations", str(file), "--json",
        "--not-a-quotation", "1",
    )  # fmt: skip
    found = json.loads(out)["findings"]
    assert [one["quotation"]["speaker"] for one in found] == [None, "Ann Smith", None]


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ((), 2, "one thing to check"),
        (("a", "--article", "b"), 2, "one thing to check"),
        (("a b", "--recording", "99"), 3, "99"),
        (("a b", "--record", "77/3"), 3, "77/3"),
        (("a b", "--record", "1", "--recording", "1"), 2, "one scope"),
        ((" ",), 2, "empty"),
        (("… […]",), 2, "no word"),
        (("x " * 20_000,), 2, "characters"),
        (("a b", "--speaker", " "), 2, "nobody"),
        (("a b", "--speaker", "x", "--speaker", "y"), 2, "one --speaker"),
        (("a b", "--list"), 2, "goes with --article"),
        (("a b", "--json", "--format", "html"), 2, "not both"),
        (("a b", "--out", "x.txt"), 2, "needs a format"),
        (("--article", "nope.txt"), 3, "nope.txt"),
        (("--article", "."), 2, "folder"),
        (("--article", "STORY", "--speaker", "Bob"), 2, "N=NAME"),
        (("--article", "STORY", "--speaker", "9=Bob"), 2, "no quotation 9"),
        (("--article", "STORY", "--speaker", "1=A", "--speaker", "1=B"), 2, "two speakers"),
        (("--article", "STORY", "--quotations", "STORY"), 2, "no JSON"),
        (("--article", "STORY", "--list", "--json"), 2, "no report"),
    ],
)
def test_what_is_asked_wrong_is_told(
    desk: Installation, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int,
    reason: str,
) -> None:  # fmt: skip
    given = [_story(desk) if one == "STORY" else one for one in words]
    found, _, err = _run(desk, capsys, *given)
    assert (found, reason in err) == (code, True), err
    assert "Traceback" not in err


def test_an_archive_without_text_is_told_and_new_text_is_searched_at_once(
    installation: Installation, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, _, err = _run(installation, capsys, "we will not leave the harbour")
    assert (code, "no text to search" in err) == (0, True)
    file = tmp_path / "talk.vtt"
    file.write_text(CAPTIONS, encoding="utf-8")
    installation.run("import", file, "--channel", "Harbour One", "--language", "en")
    with FolderIndex(installation.data / "index").writer():
        code, _, err = _run(installation, capsys, "we will not leave the harbour")
        assert (code, "is not made" in err or "was not made" in err) == (6, True), err
    code, out, _ = _run(installation, capsys, "we will not leave the harbour")
    assert code == 0
    assert "not found" not in out
