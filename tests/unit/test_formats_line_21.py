"""Line 21: what became visible, when, in which channel; and any bytes whatever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from offair.formats.line_21 import Decoded, decode, with_parity

FRAME = 33


def _sent(*pairs: tuple[int, int], field: int = 1, start: int = 1000) -> list[tuple[int, ...]]:
    return [
        (start + number * FRAME, field, with_parity(first), with_parity(second))
        for number, (first, second) in enumerate(pairs)
    ]


def _command(code: int, *, channel: int = 0) -> list[tuple[int, int]]:
    return [(0x14 | channel, code)] * 2


def _words(text: str) -> list[tuple[int, int]]:
    codes = text.encode("ascii") + b"\0" * (len(text) % 2)
    return [(codes[at], codes[at + 1]) for at in range(0, len(codes), 2)]


def _shown(found: Decoded, name: str = "CC1") -> list[tuple[int, int, str]]:
    return [
        (cue.span.start, cue.span.end, cue.text)
        for track in found.tracks
        if track.name == name
        for cue in track.cues
    ]


def _decode(pairs, end: int = 60_000) -> Decoded:
    return decode(pairs, end)


def test_a_code_sent_twice_counts_once_even_over_an_empty_pair():
    pairs = _sent(*_command(0x20), (0x14, 0x70), *_words("HELLO"))
    flips = _sent((0x14, 0x2F), (0, 0), (0x14, 0x2F), start=5000)
    assert _shown(_decode([*pairs, *flips], 9000)) == [(5000, 9000, "HELLO")]


def test_roll_up_says_each_line_once():
    pairs = []
    for number, line in enumerate(("one", "two", "three")):
        pairs += _sent(
            *_command(0x26), *_command(0x2D), (0x14, 0x70), *_words(line), start=1000 * (number + 1)
        )
    shown = _shown(_decode([*pairs, *_sent(*_command(0x2C), start=9000)]))
    assert [text for _, _, text in shown] == ["one", "two", "three"]
    assert [start for start, _, _ in shown] == [
        1000 + 5 * FRAME,
        2000 + 5 * FRAME,
        3000 + 5 * FRAME,
    ]
    # A line is over with the carriage return after it, the last with the command that erases.
    assert [end for _, end, _ in shown] == [2000 + 2 * FRAME, 3000 + 2 * FRAME, 9000]


def test_lines_of_roll_up_do_not_hide_pop_on_nor_the_other_way_round():
    pop_on = _sent(*_command(0x20), (0x14, 0x70), *_words("popped"), *_command(0x2F), start=0)
    rolled = _sent(*_command(0x25), *_command(0x2D), *_words("rolled"), start=2000)
    again = _sent(*_command(0x20), (0x14, 0x70), *_words("again"), *_command(0x2F), start=4000)
    shown = _shown(_decode([*pop_on, *rolled, *again], 8000))
    assert [text for _, _, text in shown] == ["popped", "rolled", "again"]
    assert shown[0][1] == 2000
    assert shown[1][1] == shown[2][0]


def test_paint_on_over_another_row_leaves_the_first_standing():
    first = _sent(*_command(0x29), (0x13, 0x60), *_words("upper"), start=0)
    second = _sent(*_command(0x29), (0x14, 0x60), *_words("lower"), start=3000)
    over = _sent(*_command(0x29), (0x13, 0x60), *_words("new upper"), start=5000)
    gone = _sent(*_command(0x2C), start=8000)
    shown = _shown(_decode([*first, *second, *over, *gone]))
    assert [text for _, _, text in shown] == ["upper", "lower", "new upper"]
    assert shown[0][1] == 5000 + 3 * FRAME
    assert shown[1][1] == 8000


def test_channels_and_services_are_kept_apart():
    one = _sent(*_command(0x20), *_words("english"), *_command(0x2F), start=0)
    two = _sent(
        *_command(0x20, channel=8), *_words("french"), *_command(0x2F, channel=8), start=900
    )
    text = _sent(*_command(0x2B), *_words("stock prices"), *_command(0x20), start=2000)
    third = _sent(
        *[(0x15, 0x20)] * 2, *_words("espanol"), (0x01, 0x03), *_words("XDS TITLE"), (0x0F, 0x11),
        *[(0x15, 0x2F)] * 2, field=2, start=300,
    )  # fmt: skip
    found = _decode([*one, *third, *two, *text], 5000)
    assert [_shown(found, f"CC{n}")[0][2] for n in (1, 2, 3)] == ["english", "french", "espanol"]
    assert found.text_services == ("T1",)


def test_letters_of_two_bytes_take_the_place_of_the_plain_one_before():
    letters = [(ord("E"), 0), *[(0x12, 0x21)] * 2, *[(0x11, 0x37)] * 2, (0x5C, 0x7E)]
    pairs = _sent(*_command(0x20), *letters, *_command(0x2F))
    assert _shown(_decode(pairs, 5000))[0][2] == "É♪éñ"


def test_what_came_before_any_command_is_kept_as_lost():
    found = _decode(_sent((0x14, 0x70), *_words("half a caption"), *_command(0x29)), 5000)
    assert found.tracks[0].cues == ()
    assert found.tracks[0].lost == "" or "half" in found.tracks[0].lost
    # The channel is known by the row's address; without one nothing can be told.
    assert found.tracks[0].name == "CC1"


def test_a_recording_that_begins_inside_a_caption_shows_the_rest_of_it():
    pop = _sent((0x14, 0x70), *_words("the rest"), *_command(0x2F))
    assert _shown(_decode(pop, 5000))[0][2] == "the rest"
    roll = _sent((0x14, 0x70), *_words("the line"), *_command(0x2D))
    assert _shown(_decode(roll, 5000))[0][2] == "the line"


def test_damaged_pairs_are_counted():
    pairs = [*_sent(*_command(0x20), *_words("ab")), (1500, 1, 0x43, 0x44)]
    found = _decode([*pairs, *_sent(*_command(0x2F), start=2000)], 3000)
    assert found.damaged == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(1, 2), st.integers(0, 255), st.integers(0, 255)),
        max_size=300,
    ),
    st.booleans(),
)
def test_any_bytes_give_cues_in_order_and_within_the_recording(sent, mended):
    at, pairs = 0, []
    for step, field, first, second in sent:
        at += step
        if mended:
            first, second = with_parity(first), with_parity(second)
        pairs.append((at, field, first, second))
    found = decode(pairs, at + 1000)
    for track in found.tracks:
        starts = [cue.span.start for cue in track.cues]
        assert starts == sorted(starts)
        assert all(cue.text.strip() and cue.span.end <= at + 1000 for cue in track.cues)
