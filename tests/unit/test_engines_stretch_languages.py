"""Languages of stretches on estimates that a test writes: priors, neighbours, cuts at changes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.engines.activity import ActivityListener
from offair.engines.activity.chunks import ChunkCutter, LanguageTeller, PlannedChunk, SoundChunk
from offair.engines.activity.languages_of_stretches import SURE, weigh
from offair.model.errors import BadInput, EngineDied
from offair.model.time import Ms
from offair.model.transcript import Activity, Engine

WINDOW = 512
SPOKEN = {0.95: "en", 0.9: "fr", 0.85: "acm", 0.8: "pt"}
"""Level of a sound → the language a test means by it."""
UNCLEAR = 0.7
"""Level of speech that tells nothing of its language."""


class Levels:
    """Speech is as probable as the first sample of each window is high; fulfils both Protocols."""

    engine = Engine("level", "none", "0")

    def __init__(self) -> None:
        self.begun: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self.next = 0

    def listener(self) -> ActivityListener:
        """A new sound."""
        return Levels()

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        """One probability per whole window."""
        sound = np.concatenate([self.begun, samples])
        whole = len(sound) - len(sound) % WINDOW
        self.begun = sound[whole:]
        first, self.next = self.next, self.next + whole // WINDOW
        return [
            ((first + index) * 32, float(one)) for index, one in enumerate(sound[:whole:WINDOW])
        ]

    def flush(self) -> list[tuple[Ms, float]]:
        """The window begun."""
        return self.feed(np.zeros(-len(self.begun) % WINDOW, dtype=np.float32))


def estimate(samples: NDArray[np.float32]) -> Mapping[str, float]:
    """The share of each language among the samples; what is unclear is a little of everything."""
    shares = {
        tag: float(np.isclose(samples, level, atol=0.01).mean()) for level, tag in SPOKEN.items()
    }
    rest = 1.0 - sum(shares.values())
    return {tag: share + rest / len(shares) for tag, share in shares.items()}


def sound_of(parts: list[tuple[float, float]]) -> NDArray[np.float32]:
    """(seconds, level) pieces as a sound of whole windows."""
    pieces = [np.full(round(s * 16_000 / WINDOW) * WINDOW, p, dtype=np.float32) for s, p in parts]
    return np.concatenate([np.zeros(0, dtype=np.float32), *pieces])


def cut(
    sound: NDArray[np.float32],
    teller: LanguageTeller | None,
    feeds: tuple[int, ...] = (40_000,),
) -> list[SoundChunk]:
    """Cut a whole sound, fed in pieces of these sizes, over and over."""
    cutter = ChunkCutter(Levels(), languages=teller)
    chunks: list[SoundChunk] = []
    at, turn = 0, 0
    while at < len(sound):
        size = feeds[turn % len(feeds)]
        chunks += cutter.feed(at // 16, sound[at : at + size])
        at, turn = at + size, turn + 1
    return chunks + cutter.finish()


def heard(sound: NDArray[np.float32], *allowed: str) -> list[PlannedChunk]:
    """The chunks with speech."""
    chunks = cut(sound, LanguageTeller(estimate, allowed))
    return [one.planned for one in chunks if one.planned.activity is Activity.SPEECH]


LEVELS = st.sampled_from([0.0, 0.0005, 0.1, 0.3, UNCLEAR, *SPOKEN])
PARTS = st.lists(st.tuples(st.floats(0.03, 40.0), LEVELS), max_size=12)
TALK = st.lists(
    st.tuples(st.floats(3.2, 25.0), st.sampled_from(sorted(SPOKEN)), st.floats(0.4, 5.0)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(PARTS)
def test_chunks_cover_the_sound_and_hold_its_speech(parts: list[tuple[float, float]]) -> None:
    sound = sound_of(parts)
    at = 0
    for chunk in cut(sound, LanguageTeller(estimate)):
        planned = chunk.planned
        assert planned.span.start == at
        assert 0 < planned.span.length <= 30_000
        first = chunk.start_ms * 16
        np.testing.assert_array_equal(chunk.samples, sound[first : first + len(chunk.samples)])
        assert planned.span.start <= chunk.start_ms
        assert first + len(chunk.samples) <= planned.span.end * 16
        assert (planned.activity is Activity.SPEECH) == bool(planned.speech)
        assert (planned.language is not None) == bool(planned.speech)
        assert planned.language_probability is None or 0 <= planned.language_probability <= 1
        for stretch in planned.speech:
            assert planned.span.start <= stretch.start < stretch.end <= planned.span.end
        assert all(one.end <= after.start for one, after in pairwise(planned.speech))
        at = planned.span.end
    assert at * 16 == len(sound)


@settings(max_examples=50, deadline=None)
@given(PARTS, st.lists(st.integers(1, 70_000).map(lambda n: n * 16), min_size=1, max_size=5))
def test_feed_sizes_change_neither_cuts_nor_languages(
    parts: list[tuple[float, float]], feeds: list[int]
) -> None:
    sound, teller = sound_of(parts), LanguageTeller(estimate, ("en", "fr"))
    once = [one.planned for one in cut(sound, teller, tuple(feeds))]
    assert once == [one.planned for one in cut(sound, teller, (16_000,))]


@settings(max_examples=80, deadline=None)
@given(TALK)
def test_every_stretch_has_its_language_and_no_chunk_crosses_a_change(
    talk: list[tuple[float, float, float]],
) -> None:
    sound = sound_of([part for said, level, pause in talk for part in ((said, level), (pause, 0))])
    levels = sound[::WINDOW]
    for planned in heard(sound):
        for stretch in planned.speech:
            inside = levels[stretch.start // 32 : stretch.end // 32]
            told = {SPOKEN[level] for level in SPOKEN if np.isclose(inside, level).any()}
            assert told == {planned.language}


@settings(max_examples=60, deadline=None)
@given(PARTS)
def test_one_language_is_cut_as_if_nobody_told(parts: list[tuple[float, float]]) -> None:
    sound = sound_of(parts)
    told = [one.planned for one in cut(sound, LanguageTeller(lambda _: {"en": 1.0}))]
    plain = [one.planned for one in cut(sound, None)]
    assert [(one.span, one.speech, one.activity, one.score) for one in told] == [
        (one.span, one.speech, one.activity, one.score) for one in plain
    ]
    assert {one.language for one in told if one.speech} <= {"en"}
    assert {one.language for one in plain} <= {None}


def test_the_cut_is_in_the_pause_between() -> None:
    chunks = heard(sound_of([(6, 0.95), (1, 0), (4, 0.95), (1, 0), (7, 0.9), (0.5, 0), (5, 0.9)]))
    assert [one.language for one in chunks] == ["en", "fr"]
    assert 11_000 < chunks[0].span.end < 12_100
    assert chunks[1].span.start == chunks[0].span.end
    assert [one.language_probability for one in chunks] == [1.0, 1.0]


def test_the_beginning_of_a_file_does_not_decide_for_the_rest() -> None:
    minute = [(9, 0.95), (0.6, 0)] * 6
    chunks = heard(sound_of([*minute, *[(9, 0.9), (0.6, 0)] * 12]))
    told = [(one.language, one.span.start < 57_000) for one in chunks]
    assert set(told) == {("en", True), ("fr", False)}


def test_an_unclear_stretch_goes_with_its_neighbours() -> None:
    chunks = heard(sound_of([(6, 0.95), (0.5, 0), (4, UNCLEAR), (0.5, 0), (6, 0.95)]))
    assert {one.language for one in chunks} == {"en"}


def test_between_two_languages_an_unclear_stretch_goes_over_the_shorter_pause() -> None:
    chunks = heard(sound_of([(6, 0.95), (1.4, 0), (4, UNCLEAR), (0.3, 0), (6, 0.9)]))
    assert [(one.language, one.speech[0].start) for one in chunks] == [("en", 0), ("fr", 7_424)]


def test_a_stretch_under_three_seconds_goes_with_its_neighbour() -> None:
    chunks = heard(sound_of([(6, 0.95), (0.5, 0), (1.5, 0.9), (0.5, 0), (6, 0.95)]))
    assert {one.language for one in chunks} == {"en"}


def test_a_sure_stretch_stands_against_neighbours_and_prior() -> None:
    parts = [(8, 0.95), (0.5, 0), (4, 0.9), (0.5, 0), (8, 0.95)]
    for allowed in ((), ("en",), ("en", "pt")):
        assert [one.language for one in heard(sound_of(parts), *allowed)] == ["en", "fr", "en"]


def test_the_change_is_found_inside_two_units() -> None:
    parts = [(5, 0.95), (0.5, 0), (1.2, 0.95), (0.9, 0), (1.5, 0.9), (0.3, 0), (5, 0.9)]
    chunks = heard(sound_of(parts))
    assert [one.language for one in chunks] == ["en", "fr"]
    assert 6_700 < chunks[0].span.end < 7_600


def test_speech_without_a_pause_is_told_while_it_goes_on() -> None:
    cutter = ChunkCutter(Levels(), languages=LanguageTeller(estimate))
    chunks: list[SoundChunk] = []
    for index, piece in enumerate(np.array_split(sound_of([(150, 0.9)]), 150)):
        chunks += cutter.feed(index * 1_000, piece)
        held = sum(len(part) for part in cutter._sound + cutter._waiting)
        assert held <= 36 * 16_000
    assert {one.planned.language for one in chunks + cutter.finish()} == {"fr"}


def test_what_nothing_tells_is_held_for_about_a_minute_at_most() -> None:
    cutter = ChunkCutter(Levels(), languages=LanguageTeller(estimate))
    sound = sound_of([(4, UNCLEAR), (0.4, 0)] * 60)
    held, chunks = 0, []
    for index, piece in enumerate(np.array_split(sound, 264)):
        chunks += cutter.feed(index * 1_000, piece)
        held = max(held, sum(len(part) for part in cutter._sound + cutter._waiting))
    chunks += cutter.finish()
    assert 40 * 16_000 < held <= 66 * 16_000
    assert len({one.planned.language for one in chunks}) == 1


def test_an_engine_that_dies_over_a_stretch_leaves_it_to_its_neighbours() -> None:
    def dies_over_french(samples: NDArray[np.float32]) -> Mapping[str, float]:
        if np.isclose(samples, 0.9, atol=0.01).any():
            raise EngineDied("it died")
        return estimate(samples)

    sound = sound_of([(5, 0.95), (0.5, 0), (5, 0.9), (0.5, 0), (5, 0.95)])
    told = [one.planned for one in cut(sound, LanguageTeller(dies_over_french))]
    assert [one.language for one in told] == ["en"]
    alone = [one.planned for one in cut(sound_of([(5, 0.9)]), LanguageTeller(dies_over_french))]
    assert [(one.language, one.language_probability) for one in alone] == [(None, None)]


def test_what_an_engine_refuses_is_not_hidden() -> None:
    def refuses(_: NDArray[np.float32]) -> Mapping[str, float]:
        raise BadInput("this model knows English only")

    with pytest.raises(BadInput, match="English only"):
        cut(sound_of([(5, 0.9)]), LanguageTeller(refuses))


ESTIMATES = st.dictionaries(
    st.sampled_from(["en", "fr", "ar", "pt", "zh", "no", "he"]), st.floats(0.001, 1), min_size=1
).map(lambda told: {tag: share / sum(told.values()) for tag, share in told.items()})
ALLOWED = st.lists(st.sampled_from(["en", "fr-CA", "acm", "arz", "cmn", "nb", "ckb"]), unique=True)


@given(ESTIMATES, ALLOWED)
def test_a_weighed_estimate_sums_to_one(told: dict[str, float], allowed: list[str]) -> None:
    weighed = weigh(told, allowed)
    assert sum(weighed.values()) == pytest.approx(1.0)
    best = max(told, key=lambda tag: told[tag])
    if not allowed:
        assert weighed == told
    elif told[best] >= SURE and len(weighed) == len(told):
        assert max(weighed.values()) >= SURE


def test_the_channel_names_the_variety() -> None:
    told = {"ar": 0.6, "fa": 0.3, "he": 0.1}
    weighed = weigh(told, ("acm", "ckb"))
    assert max(weighed, key=lambda tag: weighed[tag]) == "acm"
    assert weighed["acm"] == pytest.approx(0.6 / 0.64)
    assert "ar" not in weighed


def test_two_varieties_of_one_language_leave_the_engines_word() -> None:
    assert weigh({"pt": 1.0}, ("pt-BR", "pt-PT")) == {"pt": 1.0}


def test_a_sure_language_from_outside_keeps_its_weight() -> None:
    told = {"fr": 0.9, "en": 0.1}
    assert weigh(told, ("en",)) == pytest.approx(told)
    assert weigh({"fr": 0.6, "en": 0.4}, ("en",))["en"] == pytest.approx(0.4 / 0.46)
