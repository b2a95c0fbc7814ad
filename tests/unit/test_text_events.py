"""Places of the same words become events by what is said around them."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.events import SIDE_WORDS, Surrounded, events, in_common, same_event


def said(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BEFORE = said("we came here today to speak about the harbour and about the people who live")
AFTER = said("so let me say to every one of them that the work begins on monday morning")
NEWS = said("good evening here are the headlines the minister has spoken at last he said")
WEATHER = said("and now the weather with rain in the north and sun in most of the south")

words = st.lists(st.sampled_from("abcde"), max_size=9)
places = st.lists(
    st.builds(
        Surrounded,
        st.lists(st.sampled_from("abcdefgh"), max_size=14).map(tuple),
        st.lists(st.sampled_from("abcdefgh"), max_size=14).map(tuple),
        st.sampled_from(["", "2021", "2021-06", "2021-06-01", "2022-01-01"]),
    ),
    max_size=7,
)


def misheard(side: tuple[str, ...], every: int) -> tuple[str, ...]:
    return tuple(f"x{at}" if at % every == 2 else word for at, word in enumerate(side))


def test_a_repeat_heard_less_well_is_the_same_event() -> None:
    first = Surrounded(BEFORE, AFTER)
    assert same_event(first, first)
    assert same_event(misheard_place(first, 5), misheard_place(first, 4))
    assert same_event(first, Surrounded(BEFORE[1:], (*AFTER[:4], "uh", *AFTER[4:])))


def misheard_place(place: Surrounded, every: int) -> Surrounded:
    return Surrounded(misheard(place.before, every), misheard(place.after, every), place.aired)


def test_other_surroundings_are_another_event() -> None:
    assert not same_event(Surrounded(BEFORE, AFTER), Surrounded(NEWS, WEATHER))


def test_a_repeat_cut_at_one_side_is_the_same_event() -> None:
    assert same_event(Surrounded(BEFORE, AFTER), Surrounded(NEWS, AFTER))
    assert same_event(Surrounded(BEFORE, AFTER), Surrounded(BEFORE, WEATHER))
    assert same_event(Surrounded(BEFORE, AFTER), Surrounded((), AFTER))
    assert not same_event(Surrounded(BEFORE, AFTER), Surrounded(NEWS, misheard(AFTER, 3)))


def test_a_formula_on_one_side_joins_nothing() -> None:
    thanks = ("thank", "you", "very", "much")
    one, other = Surrounded(thanks, AFTER), Surrounded(thanks, WEATHER)
    assert not same_event(one, other)
    assert not same_event(Surrounded(thanks, ()), Surrounded(thanks, ()))
    assert not same_event(Surrounded((), ()), Surrounded((), ()))


def test_words_far_away_do_not_count() -> None:
    far = tuple(f"w{number}" for number in range(200))
    near = tuple(f"n{number}" for number in range(SIDE_WORDS))
    assert not same_event(
        Surrounded((*far, *near), ()), Surrounded((*far, *misheard(near, 3)[::-1]), ())
    )


def test_events_stand_oldest_first_and_so_do_their_airings() -> None:
    found = events(
        [
            Surrounded(NEWS, WEATHER, "2021-06-03"),
            Surrounded(BEFORE, AFTER, ""),
            Surrounded(BEFORE, AFTER, "2021-06-02T20:00"),
            Surrounded(misheard(BEFORE, 5), AFTER, "2021-06-02T08:00"),
            Surrounded((), (), "2020"),
        ]
    )
    assert found == ((4,), (3, 2, 1), (0,))


def test_a_place_may_show_that_two_events_are_one() -> None:
    both = Surrounded(BEFORE, AFTER, "2022")
    one, other = Surrounded(BEFORE, WEATHER, "2020"), Surrounded(NEWS, AFTER, "2021")
    assert events([one, other]) == ((0,), (1,))
    assert events([one, other, both]) == ((0, 1, 2),)


@given(places)
@settings(max_examples=60)
def test_every_place_is_in_one_event_and_in_order(given_places: list[Surrounded]) -> None:
    found = events(given_places)
    assert sorted(itertools.chain(*found)) == list(range(len(given_places)))

    def rank(place: int) -> tuple[bool, str]:
        return (not given_places[place].aired, given_places[place].aired)

    for event in found:
        assert [rank(one) for one in event] == sorted(rank(one) for one in event)
    firsts = [rank(event[0]) for event in found]
    assert firsts == sorted(firsts)


@given(places)
@settings(max_examples=60)
def test_being_one_event_goes_both_ways(given_places: list[Surrounded]) -> None:
    for one, other in itertools.combinations(given_places, 2):
        assert same_event(one, other) == same_event(other, one)


@given(words, words)
@settings(max_examples=80)
def test_common_words_are_counted_as_by_a_table(one: list[str], other: list[str]) -> None:
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for row, column in itertools.product(range(len(one)), range(len(other))):
        table[row + 1][column + 1] = (
            table[row][column] + 1
            if one[row] == other[column]
            else max(table[row][column + 1], table[row + 1][column])
        )
    assert in_common(one, other) == table[-1][-1]
