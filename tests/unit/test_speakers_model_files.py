"""A folder of speaker models is whole and is what it says it is, or is refused with a sentence."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from offair.engines.speakers.model_files import KINDS, NEEDED, find_models
from offair.model.errors import BadInput, Unavailable


def whole(folder: Path) -> Path:
    """A folder of which every check is well; the networks are read elsewhere."""
    folder.mkdir(parents=True)
    described: dict[str, object] = {"format": 1, "threshold": 0.47}
    for file, kind in KINDS.items():
        data = file.encode()
        (folder / file).write_bytes(data)
        described[Path(file).stem] = {"kind": kind, "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "speakers.json").write_text(json.dumps(described))
    return folder


def change(folder: Path, **facts: object) -> None:
    path = folder / "speakers.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


def test_a_whole_folder(tmp_path: Path) -> None:
    found = find_models(str(whole(tmp_path / "mine")), tmp_path)
    assert (found.name, found.threshold) == ("mine", 0.47)
    assert (found.segmentation, found.embedding) == (b"segmentation.onnx", b"embedding.onnx")
    assert found.revision == find_models(str(whole(tmp_path / "copy")), tmp_path).revision


@pytest.mark.parametrize("file", NEEDED)
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    folder = whole(tmp_path / "mine")
    (folder / file).unlink()
    with pytest.raises(BadInput, match=rf"mine lacks {file}; make one with `offair models"):
        find_models(str(folder), tmp_path)


@pytest.mark.parametrize("file", sorted(KINDS))
def test_a_changed_file_is_named(tmp_path: Path, file: str) -> None:
    folder = whole(tmp_path / "mine")
    (folder / file).write_bytes(b"changed")
    with pytest.raises(BadInput, match=rf"{file} is not the file that speakers\.json describes"):
        find_models(str(folder), tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"format": 2}', "[" * 90_000, "\x00"])
def test_a_description_that_is_none(tmp_path: Path, text: str) -> None:
    folder = whole(tmp_path / "mine")
    (folder / "speakers.json").write_text(text)
    with pytest.raises(BadInput, match=r"speakers\.json is (not JSON|no description)"):
        find_models(str(folder), tmp_path)


@pytest.mark.parametrize("threshold", [None, "0.5", True, 0, 2, -1, float("nan"), float("inf")])
def test_a_threshold_that_is_none(tmp_path: Path, threshold: object) -> None:
    folder = whole(tmp_path / "mine")
    change(folder, threshold=threshold)
    with pytest.raises(BadInput, match="threshold"):
        find_models(str(folder), tmp_path)


@pytest.mark.parametrize("facts", [None, [], {}, {"kind": "x-vectors"}])
def test_another_kind_of_network(tmp_path: Path, facts: object) -> None:
    folder = whole(tmp_path / "mine")
    change(folder, embedding=facts)
    with pytest.raises(BadInput, match=r"embedding\.onnx is of the kind"):
        find_models(str(folder), tmp_path)


def test_a_large_description(tmp_path: Path) -> None:
    folder = whole(tmp_path / "mine")
    (folder / "speakers.json").write_text(" " * 2_000_000)
    with pytest.raises(BadInput, match="too large"):
        find_models(str(folder), tmp_path)


@pytest.mark.parametrize("name", ["/no/such/folder", "./nothing", "~/nothing-here", "a/b/c", "a b"])
def test_a_folder_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        find_models(name, tmp_path)


def test_the_hub_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(Unavailable, match=r"somebody/voices are not on this machine"):
        find_models("somebody/voices", tmp_path)
