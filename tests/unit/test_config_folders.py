"""A relative folder in the settings file is taken from where the file lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from offair import config
from offair.model.errors import BadSetting


def test_folders_of_the_file_do_not_follow_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "desk"
    home.mkdir()
    file = home / "offair.toml"
    file.write_text(
        'data = "held"\n[store]\nvault = "../bytes"\n[search]\nfolder = "/srv/index"\n'
        '[listening]\nrouting = "~/routing.toml"\n'
    )
    for folder, named in ((home, Path("offair.toml")), (tmp_path, Path("desk/offair.toml"))):
        monkeypatch.chdir(folder)
        loaded = config.load(named)
        assert loaded.data == home / "held"
        assert loaded.vault_folder.resolve() == tmp_path / "bytes"
        assert loaded.index_folder == Path("/srv/index")
        assert loaded.listening.routing == Path.home() / "routing.toml"
    monkeypatch.setenv("OFFAIR_DATA", "elsewhere")
    assert config.load(file).data == Path("elsewhere")


@pytest.mark.parametrize("text", ["data = 3\n", 'store = "x"\n', "[data]\nfolder = 1\n"])
def test_a_folder_that_is_none_is_said_as_before(tmp_path: Path, text: str) -> None:
    file = tmp_path / "offair.toml"
    file.write_text(text)
    with pytest.raises(BadSetting, match="cannot be used"):
        config.load(file)
