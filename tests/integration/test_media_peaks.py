"""A waveform shows what is in the sound, where it is: held against numpy over made sound."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_samples import make, wave

from offair import media
from offair.media import peaking
from offair.media.child import Job
from offair.media.peaks import NOTHING, STEP, Peaks, of_planes
from offair.model.errors import BadInput, Corrupt

RATE = 16_000


def drawn(data: bytes) -> np.ndarray:
    """(columns, 2) of what a page gets."""
    return np.frombuffer(data, np.int8).reshape(-1, 2)


def whole(peaks: Peaks) -> np.ndarray:
    """(buckets, 2) of the finest level."""
    return np.stack([np.array(plane, np.int8) for plane in peaks.levels[0]], axis=1)


def folded(samples: np.ndarray, size: int) -> np.ndarray:
    """What the peaks of samples are, by numpy: (buckets, 2)."""
    starts = range(0, len(samples), size)
    low = [np.floor(samples[at : at + size].min() * 127) for at in starts]
    high = [np.ceil(samples[at : at + size].max() * 127) for at in starts]
    return np.array([low, high]).T


def test_the_peaks_are_those_of_the_samples(tmp_path: Path) -> None:
    chance = np.random.default_rng(8914)
    loudness = np.repeat([1.0, 0.02, 0.0, 0.5], 12_500)[: 3 * RATE + 333]
    sound = chance.uniform(-1, 1, len(loudness)) * loudness
    sound[20_000:24_000] = 0
    wave(tmp_path / "a.wav", sound[:, None] * 32_767, RATE)
    shares: list[float] = []
    found = media.peaks(tmp_path / "a.wav", progress=shares.append)
    # The file holds 16-bit samples: a hair's breadth beside what was put in.
    assert np.abs(whole(found) - folded(sound, RATE // 20)).max() <= 1
    assert len(whole(found)) == 61
    assert found.duration_ms == pytest.approx(3_020, abs=50)
    assert (whole(found)[26:29] == 0).all(), "silence is not drawn as silence"
    assert shares == sorted(shares)
    assert media.read_peaks(found.packed()) == found


def test_channels_of_opposite_phase_do_not_look_silent(tmp_path: Path) -> None:
    tone = 16_383 * np.sin(np.arange(RATE) * 0.3)
    wave(tmp_path / "a.wav", np.stack([tone, -tone], axis=1), RATE)
    found = whole(media.peaks(tmp_path / "a.wav"))
    assert (found[:, 1] >= 62).all()
    assert (found[:, 0] <= -62).all()


def test_sound_that_begins_late_is_drawn_late(tmp_path: Path) -> None:
    make(tmp_path / "late", container="mp4", click_times=(0.5,), sound_delay=0.7)
    loud = np.flatnonzero(whole(media.peaks(tmp_path / "late", per_second=100))[:, 1] > 60)
    assert loud[0] / 100 == pytest.approx(1.2, abs=0.05)


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    make(tmp_path / "silent.mp4", container="mp4", audio=None)
    with pytest.raises(BadInput, match="no sound"):
        media.peaks(tmp_path / "silent.mp4")
    (tmp_path / "words.mp4").write_bytes(b"Just words.\n" * 90)
    with pytest.raises(BadInput, match="holds text"):
        media.peaks(tmp_path / "words.mp4")
    make(tmp_path / "film.mp4", container="mp4")
    with pytest.raises(BadInput, match="stream 0"):
        media.peaks(tmp_path / "film.mp4", streams=[0])
    with pytest.raises(BadInput, match="divides"):
        media.peaks(tmp_path / "film.mp4", per_second=7)


def test_sound_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wave(tmp_path / "a.wav", np.zeros((RATE * 6, 1)), RATE)
    monkeypatch.setattr(peaking, "MOST_SECONDS", 3)
    with (tmp_path / "a.wav").open("rb") as file, Path(os.devnull).open("wb") as answers:
        request = {"name": "a.wav", "descriptor": file.fileno(), "streams": [], "per_second": 20}
        with pytest.raises(Corrupt, match="more than 0 days"):
            peaking.run(Job(request, answers.fileno()))


pairs = st.lists(
    st.tuples(st.integers(-127, 127), st.integers(-127, 127)).map(sorted), min_size=1, max_size=700
)


@settings(max_examples=60)
@given(pairs, st.integers(0, 40_000), st.integers(1, 40_000), st.integers(1, 300))
def test_columns_hold_what_lies_in_them(
    made: list[list[int]], start: int, length: int, width: int
) -> None:
    array = np.array(made, np.int8)
    peaks = of_planes(array.tobytes(), 20)
    shown = drawn(peaks.columns(start, start + length, width))
    assert len(shown) == width
    for column in range(width):
        begin, end = (start + length * (column + place) / width for place in (0, 1))
        inside = array[int(begin // 50) : max(int(begin // 50) + 1, int(-(-end // 50)))]
        low, high = shown[column]
        if not len(inside):
            assert low > high, "sound is drawn after its end"
            continue
        assert low <= inside[:, 0].min()
        assert high >= inside[:, 1].max()
        beside = (end - begin) / 4
        near = array[max(0, int((begin - beside) // 50) - 1) : int((end + beside) // 50) + 2]
        assert low >= near[:, 0].min()
        assert high <= near[:, 1].max()


@settings(max_examples=40)
@given(pairs)
def test_what_is_kept_is_what_was_made(made: list[list[int]]) -> None:
    peaks = of_planes(np.array(made, np.int8).tobytes(), 20)
    assert media.read_peaks(peaks.packed()) == peaks
    for finer, coarser in zip(peaks.levels, peaks.levels[1:], strict=False):
        assert len(coarser[0]) == -(-len(finer[0]) // STEP)
        assert min(coarser[0]) == min(finer[0])
        assert max(coarser[1]) == max(finer[1])


@pytest.mark.parametrize("harm", ["cut", "longer", "magic", "version", "levels", "empty", "rate"])
def test_a_damaged_file_is_said(harm: str) -> None:
    data = of_planes(bytes(200), 20).packed()
    harmed = {
        "cut": data[:-1], "longer": data + b"\0", "magic": b"x" + data[1:],
        "version": data[:8] + b"\x09" + data[9:], "levels": data[:9] + b"\x07" + data[10:],
        "empty": b"", "rate": data[:10] + b"\0\0" + data[12:],
    }[harm]  # fmt: skip
    with pytest.raises(Corrupt):
        media.read_peaks(harmed)


def test_a_stretch_that_is_none_is_refused() -> None:
    peaks = of_planes(bytes(20), 20)
    for start, end, width in ((5, 5, 10), (9, 3, 10), (0, 10, 0), (0, 10, 10_000)):
        with pytest.raises(BadInput):
            peaks.columns(start, end, width)
    assert peaks.columns(10_000, 20_000, 3) == NOTHING * 3
