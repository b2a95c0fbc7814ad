"""The chunk cutter on probabilities that a test writes: coverage, cuts, skipped spans."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.engines.activity.chunks import ChunkCutter, ChunkSettings, SoundChunk
from offair.model.errors import BadInput
from offair.model.time import Ms, Span
from offair.model.transcript import Activity, Engine

WINDOW = 512


class LevelListener:
    """Speech is as probable as the first sample of each window is high."""

    def __init__(self) -> None:
        self.begun: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self.next = 0

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        """One probability per whole window."""
        sound = np.concatenate([self.begun, samples])
        whole = len(sound) - len(sound) % WINDOW
        self.begun = sound[whole:]
        heard = [
            ((self.next + index) * 32, float(value))
            for index, value in enumerate(sound[:whole:WINDOW])
        ]
        self.next += len(heard)
        return heard

    def flush(self) -> list[tuple[Ms, float]]:
        """The window begun."""
        return self.feed(np.zeros(-len(self.begun) % WINDOW, dtype=np.float32))


class LevelEngine:
    """An activity engine that a test plays like an instrument."""

    engine = Engine("level", "none", "0")

    def listener(self) -> LevelListener:
        """A new sound."""
        return LevelListener()


class DeafenedListener(LevelListener):
    """Hears no faint speech (probability below 0.5) once it has heard loud speech."""

    def __init__(self) -> None:
        super().__init__()
        self.deafened = False

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        """As it comes, but for faint speech after loud."""
        heard = []
        for start, probability in super().feed(samples):
            self.deafened = self.deafened or probability > 0.8
            heard.append((start, 0.0 if self.deafened and probability < 0.5 else probability))
        return heard


class DeafenedEngine(LevelEngine):
    """Silero in small: its state adapts to a loud voice."""

    def listener(self) -> LevelListener:
        """A new sound, a fresh state."""
        return DeafenedListener()


def sound_of(parts: list[tuple[float, float]], rest: int = 0) -> NDArray[np.float32]:
    """(seconds, probability) pieces as a sound, whole windows and `rest` samples more."""
    pieces = [np.full(round(s * 16_000 / WINDOW) * WINDOW, p, dtype=np.float32) for s, p in parts]
    return np.concatenate([*pieces, np.full(rest, 0.001, dtype=np.float32)])


def cut(
    sound: NDArray[np.float32], feeds: list[int] | None = None, chosen: ChunkSettings | None = None
) -> list[SoundChunk]:
    """Cut a whole sound, fed in pieces of these sizes, over and over."""
    cutter = ChunkCutter(LevelEngine(), chosen)
    chunks: list[SoundChunk] = []
    at, turn = 0, 0
    while at < len(sound):
        size = (feeds or [40_000])[turn % len(feeds or [1])]
        chunks += cutter.feed(at // 16, sound[at : at + size])
        at, turn = at + size, turn + 1
    return chunks + cutter.finish()


def spans(chunks: list[SoundChunk]) -> list[tuple[int, int, Activity]]:
    """What was decided, short."""
    return [(c.planned.span.start, c.planned.span.end, c.planned.activity) for c in chunks]


PARTS = st.lists(
    st.tuples(
        st.floats(0.03, 40.0), st.sampled_from([0.0, 0.0005, 0.1, 0.25, 0.3, 0.36, 0.6, 0.99])
    ),
    max_size=12,
)


@settings(max_examples=120, deadline=None)
@given(PARTS, st.integers(0, 600))
def test_chunks_cover_the_sound_without_gap_or_overlap(
    parts: list[tuple[float, float]], rest: int
) -> None:
    sound = sound_of(parts, rest)
    chunks = cut(sound)
    at = 0
    for chunk in chunks:
        planned = chunk.planned
        assert planned.span.start == at
        assert 0 < planned.span.length <= 30_000
        assert 0.0 <= planned.score <= 1.0
        assert (planned.activity is Activity.SPEECH) == bool(planned.speech)
        for stretch in planned.speech:
            assert planned.span.start <= stretch.start < stretch.end <= planned.span.end
        assert all(first.end <= after.start for first, after in pairwise(planned.speech))
        first, after = chunk.start_ms * 16, chunk.start_ms * 16 + len(chunk.samples)
        np.testing.assert_array_equal(chunk.samples, sound[first:after])
        assert planned.span.start <= chunk.start_ms
        assert -(-after // 16) <= planned.span.end
        if not planned.speech:
            assert (chunk.start_ms, -(-after // 16)) == (planned.span.start, planned.span.end)
        else:
            before = planned.speech[0].start - chunk.start_ms
            behind = after // 16 - planned.speech[-1].end
            assert before in (400, planned.speech[0].start - planned.span.start), "or all of it"
            assert behind >= min(399, planned.span.end - planned.speech[-1].end - 1)
        at = planned.span.end
    assert at == -(-len(sound) // 16)


def test_long_silence_at_the_ends_of_a_chunk_is_not_heard_unless_there_is_a_voice_in_it() -> None:
    silent = sound_of([(2.0, 0.0), (3.0, 0.9), (2.0, 0.0)])
    (chunk,) = cut(silent)
    assert (chunk.planned.span.start, chunk.planned.span.end) == (0, 6_976)
    assert chunk.start_ms == chunk.planned.speech[0].start - 400
    assert len(chunk.samples) // 16 == 400 + chunk.planned.speech[0].length + 400

    cutter = ChunkCutter(DeafenedEngine())
    quiet = sound_of([(3.0, 0.9), (0.6, 0.0), (1.0, 0.4), (0.6, 0.0)])
    (whole,) = cutter.feed(0, quiet) + cutter.finish()
    assert len(whole.samples) == len(quiet), "heard by itself, the end has a voice in it"


@settings(max_examples=60, deadline=None)
@given(PARTS, st.lists(st.integers(1, 70_000).map(lambda n: n * 16), min_size=1, max_size=5))
def test_feed_sizes_do_not_change_the_cuts(
    parts: list[tuple[float, float]], feeds: list[int]
) -> None:
    sound = sound_of(parts)
    assert [c.planned for c in cut(sound, feeds)] == [c.planned for c in cut(sound, [16_000])]


@settings(max_examples=120, deadline=None)
@given(PARTS)
def test_all_speech_lies_in_speech_chunks(parts: list[tuple[float, float]]) -> None:
    sound = sound_of([(max(s, 0.1), p) for s, p in parts])
    sure = sound[::WINDOW] >= 0.35
    heard = np.zeros(len(sure), dtype=bool)
    for chunk in cut(sound):
        if chunk.planned.activity is Activity.SPEECH:
            heard[chunk.planned.span.start // 32 : -(-chunk.planned.span.end // 32)] = True
    assert not (sure & ~heard).any()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.3, 12.0), st.floats(0.2, 1.9)), min_size=2, max_size=12))
def test_never_cut_inside_speech_where_a_pause_exists(talk: list[tuple[float, float]]) -> None:
    parts = [piece for speech, pause in talk for piece in ((speech, 0.9), (pause, 0.0))]
    sound = sound_of(parts)
    for chunk in cut(sound)[:-1]:
        at = chunk.planned.span.end // 32
        assert sound[at * WINDOW] < 0.2 or sound[(at - 1) * WINDOW] < 0.2


def test_the_longest_pause_of_the_second_half_is_chosen() -> None:
    talk = [(10, 1.6), (6, 0.5), (4, 1.0), (4, 0.3), (9, 0.1)]
    parts = [piece for speech, pause in talk for piece in ((speech, 0.9), (pause, 0.0))]
    chunks = cut(sound_of(parts))
    assert [c.planned.activity for c in chunks] == [Activity.SPEECH, Activity.SPEECH]
    # The pause from 22.1 s to 23.1 s; the longer one at 10 s lies in the first half.
    assert 22_100 < chunks[0].planned.span.end < 23_100
    assert len(chunks[0].planned.speech) == 3


def test_a_pause_of_the_first_half_is_better_than_none() -> None:
    chunks = cut(sound_of([(8, 0.9), (0.6, 0), (24, 0.9)]))
    assert 8_000 <= chunks[0].planned.span.end <= 8_600


def test_speech_without_a_pause_is_cut_at_the_least_probable_speech() -> None:
    chunks = cut(sound_of([(20, 0.9), (0.1, 0.4), (30, 0.9)]))
    assert 19_990 <= chunks[0].planned.span.end <= 20_100


def test_long_pauses_are_skipped_but_for_a_pad() -> None:
    chunks = cut(sound_of([(5, 0.9), (4, 0.0), (5, 0.9), (4, 0.01), (2, 0.9)]))
    assert [kind for _, _, kind in spans(chunks)] == [
        Activity.SPEECH,
        Activity.SILENCE,
        Activity.SPEECH,
        Activity.OTHER,
        Activity.SPEECH,
    ]
    pad = ChunkSettings().pad_ms
    assert chunks[0].planned.span.end - chunks[0].planned.speech[-1].end == pad
    assert chunks[2].planned.speech[0].start - chunks[2].planned.span.start == pad


def test_faint_speech_after_loud_speech_is_not_skipped() -> None:
    cutter = ChunkCutter(DeafenedEngine())
    sound = sound_of([(6, 0.9), (4, 0.01), (5, 0.4), (4, 0.01), (40, 0.4), (4, 0.9), (4, 0.01)])
    chunks = cutter.feed(0, sound) + cutter.finish()
    faint = sound[::WINDOW] >= 0.35
    for chunk in chunks:
        if chunk.planned.activity is not Activity.SPEECH:
            window = slice(chunk.planned.span.start // 32, chunk.planned.span.end // 32)
            assert not faint[window].any()
    assert [c.planned.span.start for c in chunks[1:]] == [c.planned.span.end for c in chunks[:-1]]
    assert chunks[-1].planned.span.end == -(-len(sound) // 16)


def test_a_blip_on_second_hearing_is_no_speech() -> None:
    cutter = ChunkCutter(DeafenedEngine())
    sound = sound_of([(6, 0.9), (4, 0.01), (0.16, 0.4), (4, 0.01), (6, 0.9)])
    kinds = [kind for _, _, kind in spans(cutter.feed(0, sound) + cutter.finish())]
    assert kinds == [Activity.SPEECH, Activity.OTHER, Activity.SPEECH]


def test_a_click_is_no_speech() -> None:
    assert {kind for _, _, kind in spans(cut(sound_of([(3, 0.0), (0.032, 0.9), (3, 0.0)])))} == {
        Activity.OTHER
    }


def test_quiet_is_silence_and_louder_is_other_sound() -> None:
    assert spans(cut(sound_of([(4, 0.0005)]))) == [(0, 4000, Activity.SILENCE)]
    assert spans(cut(sound_of([(4, 0.01)]))) == [(0, 4000, Activity.OTHER)]


def test_no_sound_gives_no_chunk() -> None:
    assert cut(np.zeros(0, dtype=np.float32)) == []


def test_time_without_sound_is_silence() -> None:
    cutter = ChunkCutter(LevelEngine())
    chunks = cutter.feed(10_000, sound_of([(4, 0.9)]))
    chunks += cutter.feed(24_000, sound_of([(2, 0.9)]))
    chunks += cutter.finish(end_ms=90_000)
    assert [c.planned.span.start for c in chunks[1:]] == [c.planned.span.end for c in chunks[:-1]]
    assert chunks[0].planned == chunks[0].planned.__class__(
        Span(0, 9_696), Activity.SILENCE, chunks[0].planned.score
    )
    assert chunks[-1].planned.span.end == 90_000
    assert all(c.planned.span.length <= 30_000 for c in chunks)
    assert sum(c.planned.activity is Activity.SPEECH for c in chunks) == 2


def test_time_that_runs_backwards_is_refused() -> None:
    cutter = ChunkCutter(LevelEngine())
    cutter.feed(0, sound_of([(4, 0.9)]))
    with pytest.raises(ValueError, match="fed after sound up to 4000 ms"):
        cutter.feed(1_000, sound_of([(1, 0.9)]))


def test_a_finished_cutter_takes_no_more() -> None:
    cutter = ChunkCutter(LevelEngine())
    cutter.finish()
    with pytest.raises(ValueError, match="finished"):
        cutter.feed(0, np.zeros(1, dtype=np.float32))


def test_memory_is_bounded() -> None:
    cutter = ChunkCutter(LevelEngine())
    held = 0
    for index, piece in enumerate(np.array_split(sound_of([(300, 0.9)]), 300)):
        cutter.feed(index * 1_000, piece)
        held = max(held, sum(len(part) for part in cutter._sound + cutter._waiting))
    assert held <= 36 * 16_000


def test_nan_is_heard_as_silence() -> None:
    chunks = cut(np.full(64_000, np.nan, dtype=np.float32))
    assert spans(chunks) == [(0, 4_000, Activity.SILENCE)]
    assert not np.isnan(chunks[0].samples).any()


@pytest.mark.parametrize(
    "wrong",
    [
        {"speech_on": 0.1},
        {"speech_off": 0.0},
        {"pad_ms": 1_600},
        {"max_chunk_ms": 31_000},
        {"min_chunk_ms": 30_000},
        {"min_pause_ms": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        ChunkSettings(**wrong)  # type: ignore[arg-type]


def test_settings_are_described_with_the_version() -> None:
    described = ChunkSettings().described()
    assert described["cutter"] == 2
    versions = {"cutter", "stretch_languages"}
    assert set(described) == versions | set(ChunkSettings.__dataclass_fields__)


def test_a_threshold_hears_from_there_on() -> None:
    usual = ChunkSettings.hearing_from(0.35)
    assert usual == ChunkSettings()
    faint = sound_of([(4, 0.001), (6, 0.12), (4, 0.001)])
    assert {kind for _, _, kind in spans(cut(faint))} == {Activity.OTHER}
    lower = spans(cut(faint, chosen=ChunkSettings.hearing_from(0.1)))
    assert [kind for _, _, kind in lower] == [Activity.OTHER, Activity.SPEECH, Activity.OTHER]


def test_a_threshold_of_nothing_hears_everything() -> None:
    chunks = cut(sound_of([(50, 0.0), (20, 0.9)]), chosen=ChunkSettings.hearing_from(0))
    assert {kind for _, _, kind in spans(chunks)} == {Activity.SPEECH}
    assert chunks[-1].planned.span.end == -(-len(sound_of([(50, 0.0), (20, 0.9)])) // 16)


@pytest.mark.parametrize("threshold", [-0.1, 1.0, 1.5, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(threshold: float) -> None:
    with pytest.raises(BadInput, match="threshold"):
        ChunkSettings.hearing_from(threshold)
