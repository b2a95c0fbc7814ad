"""Where a Whisper model comes from: a package, its halves, a folder, the hub that is not there."""

from __future__ import annotations

import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from offair.engines import whisper_models as models
from offair.engines.speech.faster_whisper_engine import FasterWhisper
from offair.engines.whisper_models import PACKAGED, find_model
from offair.model.errors import BadInput, Unavailable

FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")


def model_folder(at: Path, weights: bytes = b"weights") -> Path:
    """A folder that looks like a model."""
    at.mkdir(parents=True)
    for name in FILES:
        (at / name).write_bytes(weights if name == "model.bin" else name.encode())
    return at


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every look-up of a host fails; the hosts asked for."""
    asked: list[str] = []

    def refuse(host: Any, *_: Any, **__: Any) -> NoReturn:
        asked.append(str(host))
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


def test_a_packaged_model_is_read_where_it_lies(tmp_path: Path) -> None:
    found = find_model("tiny.en", tmp_path)
    assert found.name == "tiny.en"
    assert (found.folder / "model.bin").is_file()
    assert not list(tmp_path.iterdir())


def test_halves_are_joined_once_and_checked(tmp_path: Path) -> None:
    left = tmp_path / "cache" / f"whisper-base-{PACKAGED['base'].sha256[:12]}.killed"
    left.mkdir(parents=True)
    with ThreadPoolExecutor(3) as together:
        found = list(together.map(lambda _: find_model("base", tmp_path / "cache"), range(3)))
    assert len({(one.folder, one.revision) for one in found}) == 1
    folder = found[0].folder
    made = (folder / "model.bin").stat()
    assert made.st_size == 145_217_532
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        folder.name,
        f"{folder.name}.lock",
    ]
    assert find_model("base", tmp_path / "cache") == found[0]
    assert (folder / "model.bin").stat().st_mtime_ns == made.st_mtime_ns
    with (folder / "model.bin").open("r+b") as weights:
        weights.truncate(1_000)
    assert find_model("base", tmp_path / "cache") == found[0]
    assert (folder / "model.bin").stat().st_size == made.st_size


def test_a_damaged_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, packaged in PACKAGED.items():
        monkeypatch.setitem(PACKAGED, name, replace(packaged, sha256="0" * 64))
        with pytest.raises(Unavailable, match=packaged.package[0]):
            find_model(name, tmp_path)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    with pytest.raises(Unavailable, match="make room for 145 MB"):
        find_model("base", tmp_path / "cache")


def test_a_folder_is_a_model_known_by_its_files(tmp_path: Path) -> None:
    first = find_model(str(model_folder(tmp_path / "one")), tmp_path)
    same = find_model(str(model_folder(tmp_path / "two")), tmp_path)
    other = find_model(str(model_folder(tmp_path / "three", b"other weights")), tmp_path)
    assert (first.name, same.name) == ("one", "two")
    assert first.revision == same.revision != other.revision


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_that_is_not_whole_names_what_it_lacks(tmp_path: Path, missing: str) -> None:
    folder = model_folder(tmp_path / "model")
    (folder / missing).unlink()
    with pytest.raises(BadInput, match=f"lacks {missing}"):
        find_model(str(folder), tmp_path)


@pytest.mark.parametrize("name", ["/no/such/folder", "./nothing", "~/nothing-here", "a/b/c"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        find_model(name, tmp_path)


@pytest.mark.parametrize("name", ["enormous", "", "a b", "owner/na me", "../x\ny"])
def test_a_name_that_is_no_model_lists_what_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        find_model(name, tmp_path)


@pytest.mark.parametrize("name", ["small", "owner/a-model"])
def test_without_a_network_the_hub_is_asked_and_the_way_out_named(
    tmp_path: Path, no_network: list[str], name: str
) -> None:
    with pytest.raises(Unavailable, match="set `model` to a folder") as caught:
        find_model(name, tmp_path)
    assert name in str(caught.value)
    assert "huggingface.co" in no_network


def test_a_packaged_name_without_its_package_is_looked_for_on_the_hub(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_network: list[str]
) -> None:
    monkeypatch.setattr(models, "_installed", lambda _: False)
    with pytest.raises(Unavailable, match=r"tiny\.en"):
        find_model("tiny.en", tmp_path)


def test_files_that_are_no_model_are_bad_input(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "model")
    with pytest.raises(BadInput, match="cannot be loaded"):
        FasterWhisper(model=str(folder))
    shutil.copyfile(find_model("tiny.en", tmp_path).folder / "model.bin", folder / "model.bin")
    with pytest.raises(BadInput, match="cannot be loaded"):
        FasterWhisper(model=str(folder))


def test_a_compute_type_that_does_not_exist_is_bad_input() -> None:
    with pytest.raises(BadInput, match="int3"):
        FasterWhisper(model="tiny.en", compute_type="int3")


def test_a_beam_of_nothing_is_bad_input() -> None:
    with pytest.raises(BadInput, match="beam"):
        FasterWhisper(model="tiny.en", beam=0)


def test_an_english_model_refuses_other_languages() -> None:
    with pytest.raises(BadInput, match=r"tiny\.en does not know the language pt-BR; it knows en"):
        FasterWhisper(model="tiny.en")._code("pt-BR")
