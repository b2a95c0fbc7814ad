"""The words column: what goes in comes out, and damage is noticed."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.model import words as module
from offair.model.errors import Corrupt
from offair.model.time import Span
from offair.model.words import NO_TIME, PROBABILITY_UNIT, TimeSource, Word, Words


@st.composite
def word_lists(draw: st.DrawFn) -> list[Word]:
    """Words as a recogniser or an import may give them."""
    result, position = [], 0
    for _ in range(draw(st.integers(0, 12))):
        start = position + draw(st.integers(0, 5))
        position = start + draw(st.integers(1, 12))
        times = draw(
            st.none()
            | st.tuples(st.integers(0, 2**40), st.integers(0, 2**20)).map(
                lambda pair: (pair[0], pair[0] + pair[1])
            )
        )
        unit = draw(st.none() | st.integers(0, PROBABILITY_UNIT))
        result.append(
            Word(
                start,
                position,
                None if times is None else times[0],
                None if times is None else times[1],
                draw(st.sampled_from(TimeSource)),
                None if unit is None else unit / PROBABILITY_UNIT,
                draw(st.integers(0, 0xFFFF)),
            )
        )
    return result


@given(word_lists())
def test_words_come_back_from_columns_and_from_disk(words: list[Word]) -> None:
    columns = Words.of(words)
    assert list(columns) == words
    packed = columns.pack()
    assert list(Words.unpack(packed)) == words
    assert Words.unpack(packed).pack() == packed
    assert len(columns) == len(words)


@given(word_lists())
def test_span_holds_every_timed_word_and_nothing_more(words: list[Word]) -> None:
    timed = [(one.start, one.end) for one in words if one.start is not None]
    span = Words.of(words).span
    if not timed:
        assert span is None
    else:
        assert span == Span(min(s for s, _ in timed), max(e for _, e in timed if e is not None))


@given(word_lists(), st.data())
def test_a_changed_byte_never_reads_as_other_words(words: list[Word], data: st.DataObject) -> None:
    packed = bytearray(Words.of(words).pack())
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Corrupt):
        Words.unpack(bytes(packed))


@given(word_lists(), st.integers(1, 60))
def test_a_column_cut_short_or_grown_is_corrupt(words: list[Word], by: int) -> None:
    packed = Words.of(words).pack()
    for wrong in (packed[: max(0, len(packed) - by)], packed + b"\0" * by):
        with pytest.raises(Corrupt):
            Words.unpack(wrong)


@given(st.binary(max_size=200))
def test_any_bytes_are_words_or_corrupt(data: bytes) -> None:
    try:
        Words.unpack(data)
    except Corrupt:
        return
    assert Words.unpack(data).pack() == data


def test_a_newer_column_says_so() -> None:
    packed = Words.of([Word(0, 1)]).pack()
    with pytest.raises(Corrupt, match="newer release"):
        Words.unpack(b"ofw9" + packed[4:])


def test_the_column_on_disk_is_little_endian_on_every_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = Words.of([Word(1, 2, 3, 4)])
    packed = columns.pack()
    assert packed[12:16] == (1).to_bytes(4, "little")
    assert len(packed) == 12 + 4 + 4 + 8 + 8 + 1 + 2 + 2
    monkeypatch.setattr(module.sys, "byteorder", "big")
    swapped = columns.pack()
    assert swapped[12:16] == (1).to_bytes(4, "big")
    assert columns.char_start == array("I", [1]), "packing must not change the columns"
    assert Words.unpack(swapped) == columns


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([Word(3, 3)], "not empty"),
        ([Word(4, 3)], "not empty"),
        ([Word(-1, 3)], "sorted"),
        ([Word(0, 1 << 32)], "sorted"),
        ([Word(0, 3), Word(2, 4)], "sorted"),
        ([Word(0, 1, 5, None)], "both"),
        ([Word(0, 1, None, 5)], "both"),
        ([Word(0, 1, 5, 4)], "forwards"),
        ([Word(0, 1, NO_TIME, 4)], "from 0"),
        ([Word(0, 1, -5, -4)], "from 0"),
        ([Word(0, 1, 0, 1 << 63)], "forwards"),
        ([Word(0, 1, flags=1 << 16)], "16 bits"),
        ([Word(0, 1, flags=-1)], "16 bits"),
    ],
)
def test_what_no_column_can_hold_is_refused(words: list[Word], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Words.of(words)


@given(st.floats(0, 1))
def test_probability_is_kept_to_its_unit(value: float) -> None:
    kept = Words.of([Word(0, 1, probability=value)])[0].probability
    assert kept is not None
    assert abs(kept - value) <= 0.5 / PROBABILITY_UNIT + 1e-12


def test_probability_outside_its_range_is_clamped_and_nan_is_unknown() -> None:
    given_ = (-0.5, 1.5, math.inf, math.nan, None)
    words = Words.of([Word(n, n + 1, probability=p) for n, p in enumerate(given_)])
    assert [one.probability for one in words] == [0.0, 1.0, 1.0, None, None]


def test_no_words_are_words() -> None:
    assert len(Words()) == 0
    assert Words().span is None
    assert Words.unpack(Words().pack()) == Words()
    one, other = Words(), Words()
    one.flags.append(1)
    assert len(other.flags) == 0, "two empty columns must not be the same array"
