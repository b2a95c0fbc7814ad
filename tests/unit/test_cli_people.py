"""`offair token` and `offair log` at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from offair import cli

PASSWORD = "ferry before the tide"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A desk of its own with one account."""
    monkeypatch.setenv("OFFAIR_DATA", str(tmp_path / "data"))
    file = tmp_path / "offair.toml"
    file.write_text(f'data = "{tmp_path / "data"}"\n', "utf-8")
    (tmp_path / "password").write_text(PASSWORD + "\n", "utf-8")
    given = ["--config", str(file)]
    made = ["user", "add", "Rana", "--role", "editor", "--password-from"]
    assert cli.main([*given, *made, str(tmp_path / "password")]) == 0
    return given


def test_tokens_and_log(settings: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    add = [*settings, "token", "add", "rana", "--label", "nightly", "--role", "reader"]
    assert cli.main(add) == 0
    shown = capsys.readouterr()
    secret = shown.out.strip()
    assert secret.startswith("offair_")
    assert secret not in shown.err
    assert cli.main([*add, "--days", "3", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["role"], made["active"]) == ("reader", True)
    assert cli.main([*settings, "token", "list", "rana"]) == 0
    listed = capsys.readouterr().out
    assert listed.count("never used") == 2
    assert secret not in listed
    assert cli.main([*settings, "token", "end", str(made["id"])]) == 0
    assert "ended" in capsys.readouterr().out
    assert cli.main([*settings, "log", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["verb"] for one in lines] == ["end_token", "add_token", "add_token", "add_account"]
    assert cli.main([*settings, "log", "--kind", "account", "--limit", "1"]) == 0
    assert "add_account  account 1  name=Rana  role=editor" in capsys.readouterr().out
    assert cli.main([*settings, "log", "--actor", "nobody else"]) == 0
    assert "no such line" in capsys.readouterr().err


WRONG = (
    (["token", "add", "rana", "--role", "reader"], "--label"),
    (["token", "add", "rana", "--label", "x"], "--role"),
    (["token", "add", "rana", "--label", "x", "--role", "publisher"], "editor at most"),
    (["token", "add", "nobody", "--label", "x", "--role", "reader"], "no account"),
    (["token", "end", "rana"], "no number of a token"),
    (["token", "end", "7"], "no token 7"),
    (["token", "list", "rana", "--days", "3"], "belong to add"),
    (["log", "--subject", "3"], "kind"),
    (["log", "--kind", "clip", "--subject", "-3"], "no thing with such a number"),
    (["log", "--limit", "0"], "1 to 1,000"),
)


def test_wrong_use_is_told(settings: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in WRONG:
        assert cli.main([*settings, *words]) != 0, words
        assert told in capsys.readouterr().err, words
