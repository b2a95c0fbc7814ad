"""The commands about names, hearing, coverage and echoes, on a desk with a real index."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from installation import Installation
from web_desk import sound_facts, timed

from offair.cli import main
from offair.desk.index import index
from offair.model.recording import Channel, Held
from offair.model.time import PartialDate, Span
from offair.model.transcript import LayerKind, LayerOrigin, Turn

SPEECH = (
    "We came to this harbour forty years ago with one boat and no money at all and people said"
    " it would be gone before the winter came but here we are with nineteen boats."
)
AROUND = "Good morning and welcome to the programme, here is what the harbour master told us."


class Desk:
    """A desk of this test's own, and its command line in this process."""

    def __init__(self, installation: Installation, capture: pytest.CaptureFixture[str]) -> None:
        self.installation, self.capture = installation, capture

    def run(self, *words: str, code: int = 0) -> tuple[str, str]:
        assert main(["--config", str(self.installation.config), *words]) == code
        out, said = self.capture.readouterr()
        return out, said

    def facts(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*words, "--json")[0].splitlines()]

    def air(self, day: str, *texts: str) -> None:
        turns, start = [], 0
        for text in texts:
            pieces = []
            for word in text.split():
                pieces.append((word, start, start + 280))
                start += 300
            span = Span(pieces[0][1], pieces[-1][2])
            turns.append(Turn(0, 0, *timed(pieces), span, "SPEAKER_00"))
        with self.installation.desk() as desk:
            with desk.catalogue.transaction() as tx:
                recording = tx.add_recording(
                    channel=Channel("Harbour One"), title="News", held=Held.HELD, object=None,
                    aired=PartialDate.parse(day), media=sound_facts(3_600_000), actor="test",
                )  # fmt: skip
                tx.add_layer(
                    recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
                    origin=LayerOrigin.ENGINE, maker="test", run=1, turns=turns,
                    sentences=[[(0, len(one.text))] for one in turns],
                )  # fmt: skip
            index(desk, notice=lambda _: None)


@pytest.fixture
def desk(installation: Installation, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(installation, capsys)


def test_the_names_list_by_its_commands(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.run("names")[1] == "no names yet: `offair names add`\n"
    out, _ = desk.run(
        "names", "add", "Ibrahim Al-Jaafari", "--kind", "person", "--native", "إبراهيم الجعفري",
        "--spelling", "Jaafari [Reuters]", "--authority", "wikidata:Q311728",
        "--office", "Foreign Minister [2014-09..2018]",
    )  # fmt: skip
    assert out.splitlines() == [
        "Ibrahim Al-Jaafari (name 1, person)",
        "  in its script: إبراهيم الجعفري",
        "  also spelt:    Jaafari [Reuters]",
        "  authority:     wikidata:Q311728",
        "  was:           Foreign Minister [2014-09..2018]",
    ]
    _, said = desk.run("names", "add", "Jaafari", "--kind", "place")
    assert said == (
        "Jaafari is a spelling of Jaafari (place) and of Ibrahim Al-Jaafari (person, name 1)\n"
    )
    assert "several names are spelt" in desk.run("names", "show", "jaafari", code=2)[1]
    (shown,) = desk.facts("names", "change", "1", "--authority", "", "--house", "I. al-Jaafari")
    assert (shown["authority"], shown["house"], shown["shared"]) == (
        None, "I. al-Jaafari", [{"spelling": "Jaafari", "name": 1, "other": 2}],
    )  # fmt: skip
    file = tmp_path / "names.csv"
    desk.run("names", "export", "--out", str(file))
    desk.run("names", "remove", "2")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert desk.run("names", "import", "-")[0] == "1 names made, 0 changed, 1 as they were\n"
    assert [one["id"] for one in desk.facts("names", "list", "jaafari")] == [1, 3]
    file.write_text("kind,house\nperson\n")
    assert "line 2: there is no house spelling" in desk.run("names", "import", str(file), code=2)[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add"], "which name"),
        (["import"], "which file"),
        (["add", "Ada"], "what does it name"),
        (["add", "Ada", "--kind", "person", "--house", "Eda"], "is the NAME itself"),
        (["change", "1"], "say what to change"),
        (["list", "--native", "x"], "--native belongs to"),
        (["show", "1", "--kind", "person"], "does not belong"),
        (["export", "names.csv"], "with --out"),
        (["list", "--out", "x"], "--out belongs"),
        (["add", "Ada", "--kind", "person", "--office", "Mayor [2014]"], "from when to when"),
        (["add", "Ada", "--kind", "person", "--spelling", "[BBC]"], "is not a spelling"),
        (["show", "99999999999999999999999"], "no name 99999999999999999999999"),
    ],
)
def test_a_names_command_says_what_is_wrong(desk: Desk, words: list[str], says: str) -> None:
    code = 3 if words[0] == "show" and len(words) == 2 else 2
    assert says in desk.run("names", *words, code=code)[1]


def test_what_was_heard_is_confirmed_counted_and_found_again(desk: Desk) -> None:
    desk.air("2021-06-01", AROUND, SPEECH)
    desk.air("2021-06-08", AROUND, SPEECH)
    out, said = desk.run("confirm", "1", "--from", "0", "--to", "4.5", "--speaker", "Nora Whitlow")
    assert out.splitlines()[-1].strip() == AROUND
    assert "nothing is confirmed" in said
    out, _ = desk.run("confirm", "1", "--from", "0", "--to", "4.5", "--speaker", "Nora Whitlow",
                      "--yes")  # fmt: skip
    assert out.splitlines()[-1] == "speaker confirmed: Nora Whitlow"
    assert "does not hold the newest 2 changes of the catalogue" in desk.run("coverage")[0]
    (words, done) = desk.facts("confirm", "nineteen boats", "--recording", "2", "--yes")
    assert (words["text"], done["words"], done["speakers"]) == ("nineteen boats.", 2, [])
    (facts,) = desk.facts("coverage", "--after", "2021-06", "--before", "2021-07")
    (channel,) = facts["channels"]
    assert (channel["recordings"], channel["held_hours"], channel["heard_words"]) == (2, 2.0, 17)
    assert facts["words_searched"] == channel["words"] == 98
    assert "Harbour One" in desk.run("coverage")[0]
    assert "nothing is held" in desk.run("coverage", "--after", "2022")[0]
    assert "no channel 'Seven'" in desk.run("coverage", "--channel", "Seven", code=3)[1]
    assert "widen the dates" in desk.run("coverage", "--after", "2022", "--before", "2022-01-01",
                                         code=2)[1]  # fmt: skip
    found = desk.facts("echoes", SPEECH)
    assert [(one["event"], one["recording"], one["words"]) for one in found] == [
        (1, 1, 34), (1, 2, 34),
    ]  # fmt: skip
    desk.run("clip", "2", "--from", "4.5", "--to", "14.7")
    assert "event 1, 2 airings" in desk.run("echoes", "1")[0]
    assert "aired nowhere, in" in desk.run("echoes", "nobody ever said this")[0]
    assert "no record 'desk/99'" in desk.run("echoes", "desk/99", code=3)[1]
    assert "no captions to tell its voices apart by" in desk.run("diarise", "1", code=2)[1]
    folder = str(desk.installation.config.parent)
    assert "is a folder; name a file" in desk.run("names", "import", folder, code=2)[1]
    with pytest.raises(SystemExit):
        desk.run("jobs", "pause", "abc")
    assert "'abc' is no whole number" in desk.capture.readouterr().err
    assert (
        "said to be Nora Whitlow's"
        in desk.run(
            "confirm", "1", "--from", "0", "--to", "4.5", "--speaker", "Ada", "--yes", code=4
        )[1]
    )
