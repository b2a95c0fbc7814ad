"""The engine `onnx` on two tiny networks made here: pulsing tones are voices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper
from tiny_speaker_models import PITCHES_HZ, RATE_HZ, segmentation, talk, write_models

from offair.engines.speakers import clustering
from offair.engines.speakers.onnx import OnnxDiariser
from offair.model.errors import BadInput, Unavailable
from offair.model.transcript import VoiceSpan

NEAR_MS = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete folder of models."""
    return write_models(tmp_path_factory.mktemp("tiny") / "models")


@pytest.fixture(scope="module")
def engine(folder: Path) -> OnnxDiariser:
    """The engine on it."""
    return OnnxDiariser(model=str(folder))


def assert_turns(spans: tuple[VoiceSpan, ...], *turns: tuple[str, float, float]) -> None:
    """The spans are these (letter, start s, end s), within `NEAR_MS`; equal letters, one voice."""
    assert len(spans) == len(turns)
    letters: dict[str, str] = {}
    for span, (letter, start, end) in zip(spans, turns, strict=True):
        assert letters.setdefault(letter, span.label) == span.label
        assert abs(span.span.start - start * 1000) <= NEAR_MS
        assert abs(span.span.end - end * 1000) <= NEAR_MS
    assert len(set(letters.values())) == len(letters)


def test_two_voices_and_both_at_once(engine: OnnxDiariser) -> None:
    spans = engine.diarise([talk(12, (0, 1, 6), (1, 4, 10))])
    assert_turns(spans, ("A", 1, 6), ("B", 4, 10))


def test_a_voice_that_returns_is_the_same_voice(engine: OnnxDiariser) -> None:
    spans = engine.diarise([talk(40, (2, 0, 5), (0, 6, 16), (2, 30, 38))])
    assert_turns(spans, ("A", 0, 5), ("B", 6, 16), ("A", 30, 38))


def test_more_voices_than_a_window_can_tell_apart(engine: OnnxDiariser) -> None:
    turns = [(number % 6, number * 4, number * 4 + 3.5) for number in range(14)]
    spans = engine.diarise([talk(57, *turns)])
    assert_turns(spans, *(("ABCDEF"[voice], start, end) for voice, start, end in turns))
    assert len({one.label for one in spans}) == len(PITCHES_HZ)


def test_voices_that_take_turns_without_a_pause(engine: OnnxDiariser) -> None:
    # Pitches 0 and 3 are the same voice of a window: only the embeddings tell them apart.
    spans = engine.diarise([talk(8, (0, 0, 3), (3, 3.6, 7))])
    assert_turns(spans, ("A", 0, 3), ("B", 3.6, 7))


def test_a_long_sound_is_grouped_in_parts(
    engine: OnnxDiariser, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = [(number % 5, number * 4, number * 4 + 3.5) for number in range(45)]
    sound = talk(180, *turns)
    whole = engine.diarise([sound])
    monkeypatch.setattr(clustering, "MOST_AT_ONCE", 8)
    assert engine.diarise([sound]) == whole
    assert_turns(whole, *(("ABCDE"[voice], start, end) for voice, start, end in turns))


@pytest.mark.parametrize("speakers", [1, 2, 3, 5])
def test_a_given_number_counts(engine: OnnxDiariser, speakers: int) -> None:
    turns = [(number % 5, number * 4, number * 4 + 3.5) for number in range(10)]
    spans = engine.diarise([talk(40, *turns)], speakers=speakers)
    assert len({one.label for one in spans}) == speakers


def test_more_are_given_than_there_are_stretches(engine: OnnxDiariser) -> None:
    spans = engine.diarise([talk(4, (0, 0.5, 3))], speakers=7)
    assert_turns(spans, ("A", 0.5, 3))


def test_one_short_stretch_alone(engine: OnnxDiariser) -> None:
    assert_turns(engine.diarise([talk(0.2, (1, 0, 0.2))]), ("A", 0, 0.2))
    assert_turns(engine.diarise([talk(9, (1, 4, 4.5))]), ("A", 4, 4.5))


def test_silence_that_is_added_at_the_end_is_nobody(engine: OnnxDiariser) -> None:
    spans = engine.diarise([talk(13.3, (0, 9, 13.3))])
    assert_turns(spans, ("A", 9, 13.3))
    assert spans[-1].span.end <= 13_300


def test_the_sound_is_not_held(engine: OnnxDiariser) -> None:
    second = talk(60, (0, 0, 60))
    alive = 0

    class Block(np.ndarray):  # type: ignore[type-arg]
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    most = 0

    def blocks() -> Iterator[NDArray[np.float32]]:
        nonlocal alive, most
        for at in range(0, len(second), RATE_HZ):
            block = second[at : at + RATE_HZ].copy().view(Block)
            alive += 1
            most = max(most, alive)
            yield block
            del block

    engine.diarise(blocks())
    assert most <= 4


def test_the_engine_is_its_models_and_its_threshold(folder: Path, tmp_path: Path) -> None:
    first = OnnxDiariser(model=str(folder)).engine
    assert first == OnnxDiariser(model=str(folder)).engine
    assert first.settings["threshold"] == 0.5
    assert OnnxDiariser(model=str(folder), threshold=0.6).engine != first
    other = write_models(tmp_path / "models", threshold=0.7)
    assert OnnxDiariser(model=str(other)).engine.settings["threshold"] == 0.7


def _damaged(folder: Path, file: str, data: bytes) -> Path:
    """The folder with one network replaced and described as it is."""
    write_models(folder)
    (folder / f"{file}.onnx").write_bytes(data)
    import hashlib

    described = json.loads((folder / "speakers.json").read_text())
    described[file]["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "speakers.json").write_text(json.dumps(described))
    return folder


@pytest.mark.parametrize("data", [b"", b"no network", b"\x08\x07" * 500])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput, match=r"segmentation\.onnx of models"):
        OnnxDiariser(model=str(_damaged(tmp_path / "models", "segmentation", data)))


def test_a_network_of_another_shape_is_refused(tmp_path: Path) -> None:
    graph = helper.make_graph(
        [helper.make_node("Identity", ["given"], ["answer"])], "other",
        [helper.make_tensor_value_info("given", TensorProto.FLOAT, [1, 1, 160_000])],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1, 1, 160_000])],
    )  # fmt: skip
    other = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(other)
    made = OnnxDiariser(
        model=str(_damaged(tmp_path / "models", "segmentation", other.SerializeToString()))
    )
    with pytest.raises(BadInput, match="answers with shape"):
        made.diarise([talk(3, (0, 0, 3))])


def test_networks_that_were_swapped_are_refused(tmp_path: Path) -> None:
    made = OnnxDiariser(
        model=str(_damaged(tmp_path / "models", "embedding", segmentation().SerializeToString()))
    )
    with pytest.raises(BadInput, match=r"embedding\.onnx of models does not run"):
        made.diarise([talk(3, (0, 0, 3))])


def test_no_model_at_all_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="offair models export-speakers"):
        OnnxDiariser(cache=str(tmp_path))
    write_models(tmp_path / "speakers")
    assert OnnxDiariser(cache=str(tmp_path)).engine.model == "speakers"
