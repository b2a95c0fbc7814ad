"""Spans as the room promises them, whatever an engine gives."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from offair.engines.speakers.spans import voice_spans
from offair.model.time import Span
from offair.model.transcript import VoiceSpan

STRETCHES = st.lists(
    st.tuples(st.integers(-500, 9_000), st.integers(-500, 9_000), st.sampled_from("abcd"))
)


@given(STRETCHES, st.integers(0, 8_000), st.integers(0, 300), st.integers(1, 200))
def test_spans_are_as_promised(
    given: list[tuple[int, int, str]], length: int, pause: int, least: int
) -> None:
    spans = voice_spans(given, length, pause=pause, least=least)
    assert [one.span.start for one in spans] == sorted(one.span.start for one in spans)
    labels = list(dict.fromkeys(one.label for one in spans))
    assert labels == [f"SPEAKER_{number:02d}" for number in range(len(labels))]
    for name in labels:
        own = [one.span for one in spans if one.label == name]
        assert all(before.end + pause < after.start for before, after in pairwise(own))
        assert all(least <= one.length and one.end <= length for one in own)
    assert voice_spans(reversed(given), length, pause=pause, least=least) == spans


@given(STRETCHES)
def test_no_moment_is_lost_or_made(given: list[tuple[int, int, str]]) -> None:
    spans = voice_spans(given, 8_000)
    for moment in range(0, 8_000, 97):
        there = {voice for start, end, voice in given if max(0, start) <= moment < end}
        found = [one for one in spans if one.span.start <= moment < one.span.end]
        assert len(found) == len(there)


def test_pauses_and_noise() -> None:
    given = [(0, 1_000, 7), (1_200, 2_000, 7), (500, 540, 3), (3_000, 3_500, 3)]
    assert voice_spans(given, 3_400, pause=200, least=100) == (
        VoiceSpan(Span(0, 2_000), "SPEAKER_00"), VoiceSpan(Span(3_000, 3_400), "SPEAKER_01"),
    )  # fmt: skip
