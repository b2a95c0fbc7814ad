"""How many processes a machine hears best with: real processes, and the choice alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.engines.speech.measure import Measurement, best, measure
from offair.model.errors import BadInput, Unavailable

SOUND = np.full(32_000, 0.5, dtype=np.float32)


def test_each_number_of_processes_is_measured() -> None:
    told = measure("fake_recognisers:Obedient", {"model": "m"}, SOUND, (1, 2))
    assert [(one.device, one.processes) for one in told] == [("cpu", 1), ("cpu", 2)]
    for one in told:
        assert one.real_time_factor > 0
        assert one.memory_bytes is None or one.memory_bytes > 1 << 20
    assert best(told) in told


def test_what_cannot_be_loaded_is_told() -> None:
    with pytest.raises(Unavailable, match="not on this machine"):
        measure("fake_recognisers:Missing", {}, SOUND, (1, 2))
    with pytest.raises(BadInput, match="some sound"):
        measure("fake_recognisers:Obedient", {}, SOUND, ())
    with pytest.raises(BadInput, match="some sound"):
        measure("fake_recognisers:Obedient", {}, SOUND[:0], (1,))


def test_the_fewest_processes_near_the_best_are_chosen() -> None:
    told = [
        Measurement("cpu", 1, 0.10, None),
        Measurement("cpu", 2, 0.051, None),
        Measurement("cpu", 3, 0.050, None),
        Measurement("cpu", 4, 0.060, None),
    ]
    assert best(told).processes == 2
    assert best([*told, Measurement("cuda", 1, 0.01, None)]).device == "cuda"
    with pytest.raises(BadInput, match="nothing was measured"):
        best([])


@given(
    st.lists(
        st.builds(
            Measurement,
            st.sampled_from(["cpu", "cuda"]),
            st.integers(1, 64),
            st.floats(1e-4, 10),
            st.none(),
        ),
        min_size=1,
    )
)
def test_what_is_chosen_is_near_the_best_and_no_fewer_would_be(told: list[Measurement]) -> None:
    chosen = best(told)
    fastest = min(one.real_time_factor for one in told)
    assert chosen in told
    assert chosen.real_time_factor <= fastest * 1.05
    for one in told:
        assert one.processes >= chosen.processes or one.real_time_factor > fastest * 1.05
