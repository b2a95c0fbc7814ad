"""The fewest stretches that cover a quotation: cheapest, and what each place alone would cost."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput
from offair.text.align import align
from offair.text.cover import JUMP, JUMP_AT_GAP, Cover
from offair.text.printed import read_printed
from offair.text.significance import (
    CONSTANTS,
    bits_needed,
    expected,
    fit,
    score,
    word_bits,
)
from offair.text.tokenise import tokens
from offair.text.word_variants import UNIT

FORMS = ("we", "sail", "at", "dawn", "not", "the", "two", "2", "boats", "boat", "do", "dont", "uh")
WORDS = st.sampled_from(FORMS)
TEXTS = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=4))
@settings(max_examples=80)
def test_each_place_costs_what_it_costs_alone(quote: str, places: list[str]) -> None:
    printed = read_printed(quote, "en")
    rows = [tokens(one, "en") for one in places]
    together = Cover(printed, rows, language="en").each()
    for alone, row in zip(together, rows, strict=True):
        assert alone.cost == align(printed.tokens, row, language="en").cost
        assert 0 <= alone.window[0] <= alone.window[1] <= len(row)


@given(TEXTS, TEXTS, st.lists(TEXTS, min_size=1, max_size=3), st.booleans())
@settings(max_examples=40)
def test_the_cover_is_the_cheapest(
    first: str, second: str, places: list[str], marked: bool
) -> None:
    printed = read_printed(f"{first} {'…' if marked else ''} {second}", "en")
    rows = [tokens(one, "en") for one in places]
    cover = Cover(printed, rows, language="en")
    chains = cover.across()
    assert [one.printed[0] for one in chains] == [0, *(one.printed[1] for one in chains[:-1])]
    assert chains[-1].printed[1] == len(printed.tokens)
    jumps = sum(
        JUMP_AT_GAP if later.printed[0] in printed.gaps else JUMP for _, later in pairwise(chains)
    )
    cost = sum(one.alignment.cost for one in chains) + jumps / UNIT
    best = min(one.cost for one in cover.each())
    assert cost <= best + 1e-9
    if len(chains) == 1:
        assert cost == pytest.approx(best)
    # No way to part the quotation in two does better.
    for at in range(1, len(printed.tokens)):
        price = JUMP_AT_GAP if at in printed.gaps else JUMP
        halves = [
            min(
                Cover(
                    read_printed(" ".join(one.form for one in part), "en"), rows, language="en"
                ).each(),
                key=lambda one: one.cost,
            ).cost
            for part in (printed.tokens[:at], printed.tokens[at:])
        ]
        if at in printed.gaps or not printed.gaps:
            assert cost <= sum(halves) + price / UNIT + 1e-9


def test_two_halves_from_two_places_are_found() -> None:
    printed = read_printed("the boats sail at dawn and nobody pays the harbour master", "en")
    rows = [
        tokens("I said nobody pays the harbour master on Sundays", "en"),
        tokens("they say that the boats sail at dawn and come home", "en"),
    ]
    chains = Cover(printed, rows, language="en").across()
    assert [(one.place, one.printed) for one in chains] == [(1, (0, 6)), (0, (6, 11))]


def test_too_many_words_are_refused() -> None:
    printed = read_printed("word " * 9_000, "en")
    with pytest.raises(BadInput, match="at once"):
        Cover(printed, [tokens("word " * 9_000, "en")])


def test_a_rare_word_is_worth_more_and_an_edit_costs() -> None:
    printed = read_printed("the zebra sails", "en")
    bits = word_bits([50_000, 3, 40], 1_000_000)
    assert bits[1] > bits[2] > bits[0] > 0
    whole = Cover(printed, [tokens("the zebra sails", "en")]).each()[0]
    changed = Cover(printed, [tokens("the zebra sinks", "en")]).each()[0]
    assert score(whole, bits) == pytest.approx(sum(bits))
    assert score(changed, bits) == pytest.approx(bits[0] + bits[1] - CONSTANTS.edit)
    assert expected(score(whole, bits), 1_000_000) < expected(score(changed, bits), 1_000_000)
    assert expected(bits_needed(10**6), 10**6) == pytest.approx(CONSTANTS.expected)


def test_a_long_cut_costs_no_more_than_two_words() -> None:
    printed = read_printed("boats sail home", "en")
    bits = word_bits([1, 1, 1], 1_000)
    far = Cover(printed, [tokens("boats " + "then and there " * 4 + "sail home", "en")]).each()[0]
    assert score(far, bits) >= sum(bits) - CONSTANTS.cut - CONSTANTS.edit


@pytest.mark.parametrize(("decay", "growth", "offset"), [(0.2, 0.5, -10.0), (0.7, 1.0, 0.0)])
def test_the_constants_of_chance_are_found_again(
    decay: float, growth: float, offset: float
) -> None:
    chance = random.Random(5)
    drawn = [
        ((offset + growth * math.log2(words) - math.log2(chance.expovariate(1.0))) / decay, words)
        for words in (10_000, 300_000, 10_000_000)
        for _ in range(2_000)
    ]
    found = fit(drawn, least=15.0)
    assert found.decay == pytest.approx(decay, rel=0.1)
    assert found.growth == pytest.approx(growth, rel=0.1)
    assert found.offset == pytest.approx(offset, abs=1.5)
    assert 0 < found.matches < found.of == 6_000


def test_few_matches_or_one_size_of_archive_tell_no_constants() -> None:
    for drawn in ([], [(30.0, 1_000), (25.0, 90_000)] * 5, [(30.0, 1_000)] * 50):
        with pytest.raises(ValueError, match="tell the constants"):
            fit(drawn)
