"""From faster-whisper's segments to text and words; frames between pool and process."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.engines.hosting.frames import (
    engine_facts,
    error_header,
    read_engine,
    read_error,
    read_frame,
    write_frame,
)
from offair.engines.speech.faster_whisper_engine import assemble
from offair.engines.speech.pool import heard_frame, read_heard
from offair.model.errors import BadInput, EngineDied, Unavailable
from offair.model.transcript import Engine, Heard
from offair.model.words import TimeSource, Word, Words


@dataclass
class SpokenWord:
    """As faster-whisper gives it."""

    word: str
    start: float
    end: float
    probability: float = 0.5


@dataclass
class Piece:
    """A segment as faster-whisper gives it."""

    text: str
    start: float
    end: float
    words: list[SpokenWord] | None = field(default_factory=list)


def of(*words: SpokenWord) -> Piece:
    """A segment of these words."""
    return Piece("".join(w.word for w in words), words[0].start, words[-1].end, list(words))


TIMES = st.one_of(
    st.floats(-2, 40), st.sampled_from([0.0, 30.0, math.inf, -math.inf, math.nan, 1e12])
)
WORDS = st.builds(
    SpokenWord, st.text(alphabet=" \u00a0abcé文,.", max_size=5), TIMES, TIMES, st.floats(0, 1)
)
PIECES = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(lambda ws: of(*ws)), max_size=4)


@given(PIECES, st.integers(0, 30_000))
def test_words_lie_in_text_and_chunk_and_never_run_backwards(
    pieces: list[Piece], length: int
) -> None:
    text, words = assemble(pieces, length)
    assert text == text.strip()
    Words.of(words)
    cursor = 0
    for word in words:
        spoken = text[word.char_start : word.char_end]
        assert spoken
        assert spoken == spoken.strip()
        assert word.start is not None
        assert word.end is not None
        assert cursor <= word.start <= word.end <= length
        cursor = word.end
    said = "".join(piece.text for piece in pieces)
    assert "".join(text.split()) == "".join(said.split())
    spelled = "".join(text[word.char_start : word.char_end] for word in words)
    assert "".join(spelled.split()) == "".join(said.split())


def test_text_is_printed_as_the_engine_spaces_it() -> None:
    first = of(SpokenWord(" Good", 0.0, 0.3), SpokenWord(" evening,", 0.3, 0.9))
    second = of(SpokenWord(" it's", 1.0, 1.2), SpokenWord(" eight.", 1.2, 1.8, 0.25))
    text, words = assemble([first, second], 2_000)
    assert text == "Good evening, it's eight."
    assert words[-1] == Word(19, 25, 1_200, 1_800, TimeSource.ENGINE, 0.25)


def test_a_language_without_spaces_gets_none() -> None:
    text, words = assemble([of(SpokenWord("你", 0, 0.2), SpokenWord("好", 0.2, 0.5))], 1_000)
    assert text == "你好"
    assert [(w.char_start, w.char_end) for w in words] == [(0, 1), (1, 2)]


@pytest.mark.parametrize("lost", [[], None, [SpokenWord(" two", 1.0, 2.0)]])
def test_words_the_aligner_lost_are_spread_over_their_segment(
    lost: list[SpokenWord] | None,
) -> None:
    text, words = assemble([Piece(" one two", 1.0, 3.0, lost)], 5_000)
    assert text == "one two"
    assert [(w.start, w.end, w.source, w.probability) for w in words] == [
        (1_000, 2_000, TimeSource.INTERPOLATED, None),
        (2_000, 3_000, TimeSource.INTERPOLATED, None),
    ]


def test_nothing_heard_is_empty() -> None:
    assert assemble([], 1_000) == ("", [])


HEARD = st.builds(
    Heard,
    st.text(),
    st.just(Words.of([Word(0, 3, 10, 20, TimeSource.ENGINE, 0.5), Word(4, 6)])),
    st.sampled_from(["en", "pt-BR", "und"]),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0, 1),
)


@given(HEARD)
def test_what_was_heard_passes_through_a_frame(heard: Heard) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, *heard_frame(heard))
    frame = read_frame(io.BytesIO(pipe.getvalue()))
    assert frame is not None
    assert read_heard(*frame) == heard


def test_an_engine_passes_through_a_frame() -> None:
    engine = Engine("e", "m", "r", {"beam": 5, "x": None, "y": True, "z": 0.5})
    assert read_engine(engine_facts(engine)) == engine


def test_errors_keep_their_class_and_unknown_ones_may_be_tried_again() -> None:
    passed = read_error(error_header(BadInput("no such model")))
    assert (type(passed), str(passed)) == (BadInput, "no such model")
    assert type(read_error(error_header(EngineDied("killed")))) is EngineDied
    assert type(read_error({"error": "annotations", "message": "x"})) is Unavailable
    assert type(read_error({"error": "Nobody", "message": "x"})) is Unavailable


@given(st.binary(max_size=40), st.integers(0, 60))
def test_a_frame_cut_short_is_the_end(body: bytes, kept: int) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, {"kind": "x"}, body)
    whole = pipe.getvalue()
    cut = whole[: min(kept, len(whole) - 1)]
    assert read_frame(io.BytesIO(cut)) is None
    assert read_frame(io.BytesIO(whole)) == ({"kind": "x"}, body)
