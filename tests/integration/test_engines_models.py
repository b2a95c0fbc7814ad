"""Where a Whisper model comes from: a package, its halves, a folder, the hub that is not there."""

from __future__ import annotations

import json
import shutil
import socket
import struct
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import ctranslate2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.engines import whisper_models as models
from offair.engines.ctranslate2_files import variable_shapes
from offair.engines.speech.faster_whisper_engine import FasterWhisper
from offair.engines.whisper_models import PACKAGED, find_model
from offair.model.errors import BadInput, Unavailable

FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")
WORDS = 40


def weights(rows: int = WORDS, name: str = "decoder/embeddings/weight", filled: int = 0) -> bytes:
    """A file in the form of CTranslate2's weights, with one variable of `rows` times 2 bytes."""

    def text(said: str) -> bytes:
        return struct.pack("<H", len(said) + 1) + said.encode() + b"\0"

    head = struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<II", 3, 1)
    shape = struct.pack("<BIIBI", 2, rows, 2, 1, 2 * rows)
    return head + text(name) + shape + bytes([filled]) * (2 * rows) + struct.pack("<I", 0)


def model_folder(at: Path, filled: int = 0) -> Path:
    """A folder that looks like a model."""
    at.mkdir(parents=True)
    words = [f"w{index}" for index in range(WORDS)]
    (at / "config.json").write_text('{"alignment_heads": [[1, 0]], "lang_ids": [1]}')
    (at / "model.bin").write_bytes(weights(filled=filled))
    (at / "vocabulary.txt").write_text("\n".join(words) + "\n")
    vocabulary = {word: index for index, word in enumerate(words)}
    (at / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}))
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
    other = find_model(str(model_folder(tmp_path / "three", filled=1)), tmp_path)
    assert (first.name, same.name) == ("one", "two")
    assert first.revision == same.revision != other.revision


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_that_is_not_whole_names_what_it_lacks(tmp_path: Path, missing: str) -> None:
    folder = model_folder(tmp_path / "model")
    (folder / missing).unlink()
    with pytest.raises(BadInput, match=f"lacks {missing}"):
        find_model(str(folder), tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("model.bin", weights()[:-30], r"model\.bin is cut short \(\d+ bytes\)"),
        ("model.bin", weights()[:9], r"model\.bin is cut short"),
        ("model.bin", b"", r"model\.bin is cut short \(0 bytes\)"),
        ("model.bin", b"version https://git-lfs.github.com/spec/v1\n", "no file of CTranslate2's"),
        ("model.bin", weights(name="encoder/x"), r"model\.bin holds no Whisper model"),
        ("model.bin", weights(WORDS - 1), r"vocabulary\.txt has 40 entries .* are for 39"),
        ("model.bin", weights(WORDS + 900), r"vocabulary\.txt has 40 entries .* are for 940"),
        ("vocabulary.txt", b"a\nb\n", r"vocabulary\.txt has 2 entries .* are for 40"),
        ("tokenizer.json", b'{"model": {"vocab"', r"tokenizer\.json is damaged or cut short"),
        ("tokenizer.json", b"{}", r"tokenizer\.json is not the tokenizer of the weights"),
        ("tokenizer.json", b"[1]", r"tokenizer\.json is not the tokenizer of the weights"),
        ("config.json", b"{", r"config\.json is damaged or cut short"),
        ("config.json", b"{}", r"config\.json .*has no alignment_heads"),
        ("config.json", b"\xff\xfe", r"config\.json is damaged"),
    ],
)
def test_a_damaged_folder_names_the_file(
    tmp_path: Path, file: str, content: bytes, sentence: str
) -> None:
    folder = model_folder(tmp_path / "model")
    assert find_model(str(folder), tmp_path).name == "model"
    (folder / file).write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        find_model(str(folder), tmp_path)


def test_weights_of_a_newer_form_are_left_to_ctranslate2(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "model")
    (folder / "model.bin").write_bytes(struct.pack("<I", 7) + b"whatever that will be")
    assert find_model(str(folder), tmp_path).name == "model"


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_weights_are_read_or_refused(noise: bytes, kept: int) -> None:
    whole = weights()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.bin"
        for content in (noise, whole[:kept] + noise):
            path.write_bytes(content)
            with suppress(BadInput):
                variable_shapes(path)
        path.write_bytes(whole)
        assert variable_shapes(path) == {"decoder/embeddings/weight": (WORDS, 2)}


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
    assert (name if "/" in name else "Systran/faster-whisper-small") in str(caught.value)
    assert "huggingface.co" in no_network


def test_a_packaged_name_without_its_package_is_looked_for_on_the_hub(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_network: list[str]
) -> None:
    monkeypatch.setattr(models, "_installed", lambda _: False)
    with pytest.raises(Unavailable, match=r"faster-whisper-tiny\.en"):
        find_model("tiny.en", tmp_path)


def test_files_that_are_no_model_are_bad_input(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "model")
    with pytest.raises(BadInput, match="cannot be loaded"):
        FasterWhisper(model=str(folder))


def test_a_model_cut_short_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(find_model("tiny.en", tmp_path).folder, folder)
    with (folder / "model.bin").open("r+b") as file:
        file.truncate(40_000_000)
    with pytest.raises(BadInput, match=r"model\.bin is cut short \(40000000 bytes\)"):
        FasterWhisper(model=str(folder))


def test_a_device_that_is_not_there_is_bad_input() -> None:
    if ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(BadInput, match=r"on cuda.*`device` to cpu"):
        FasterWhisper(model="tiny.en", device="cuda")
    assert FasterWhisper(model="tiny.en", device="auto").engine.settings["device"] == "cpu"


def test_a_compute_type_that_does_not_exist_is_bad_input() -> None:
    with pytest.raises(BadInput, match="int3"):
        FasterWhisper(model="tiny.en", compute_type="int3")


def test_a_beam_of_nothing_is_bad_input() -> None:
    with pytest.raises(BadInput, match="beam"):
        FasterWhisper(model="tiny.en", beam=0)


@pytest.mark.parametrize(
    ("model", "language", "code"),
    [
        ("tiny.en", "en-GB", "en"),
        ("base", "pt-BR", "pt"),
        ("base", "acm", "ar"),
        ("base", "ar-IQ", "ar"),
        ("base", "cmn-Hans", "zh"),
        ("base", "nb", "no"),
        ("base", "nn-NO", "no"),
        ("base", "iw", "he"),
        ("base", "jv", "jw"),
        ("base", "jw", "jw"),
        ("base", "fil", "tl"),
        ("base", "prs", "fa"),
    ],
)
def test_tags_are_told_as_whisper_knows_them(model: str, language: str, code: str) -> None:
    assert _loaded(model)._code(language) == code


@pytest.mark.parametrize("language", ["pt-BR", "qqx", "", "e", "en2"])
def test_an_english_model_refuses_other_languages(language: str) -> None:
    with pytest.raises(BadInput, match=rf"tiny\.en does not know the language {language}; .* en;"):
        _loaded("tiny.en")._code(language)


@cache
def _loaded(model: str) -> FasterWhisper:
    return FasterWhisper(model=model)
