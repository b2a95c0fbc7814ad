"""Jumps of a file's clock are closed up, holes are not, and nothing is lost or reordered."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from offair.media.timeline import Timeline

SECOND = 1_000_000
Packet = tuple[int, int, int]


def placed(packets: list[Packet], *, zero: int = 0, may_jump: bool = True) -> list[tuple[int, int]]:
    """(stream, media time) of every packet as it comes out."""
    timeline: Timeline[Packet] = Timeline(zero, may_jump=may_jump)
    out = []
    for packet in packets:
        out += list(timeline.place(packet[0], packet[1], packet[2], packet))
    out += list(timeline.finish())
    assert sorted(payload for payload, _ in out) == sorted(packets)
    return [(payload[0], payload[1] + offset) for payload, offset in out]


def steady(stream: int, start: int, count: int, step: int = SECOND // 10) -> list[Packet]:
    """Packets of a tenth of a second, one after the other."""
    return [(stream, start + number * step, step) for number in range(count)]


def woven(*streams: list[Packet]) -> list[Packet]:
    """Packets of several streams in decode order, as a muxer writes them."""
    return sorted((packet for stream in streams for packet in stream), key=lambda one: one[1])


def test_without_a_jump_media_time_is_the_clock_minus_its_zero() -> None:
    times = placed(steady(0, 5 * SECOND, 30), zero=5 * SECOND)
    assert times == [(0, number * SECOND // 10) for number in range(30)]


def test_a_forward_jump_of_one_stream_is_closed_up() -> None:
    times = placed(steady(0, 0, 20) + steady(0, 500 * SECOND, 20))
    assert times == [(0, number * SECOND // 10) for number in range(40)]


def test_a_backward_jump_is_closed_up() -> None:
    times = placed(steady(0, 100 * SECOND, 20) + steady(0, 3 * SECOND, 20), zero=100 * SECOND)
    assert times == [(0, number * SECOND // 10) for number in range(40)]


def test_picture_and_sound_jump_together_and_stay_together() -> None:
    before = woven(steady(0, 0, 50), steady(1, 30_000, 50))
    # After the jump the sound starts 200 ms before the picture.
    after = woven(steady(0, 900 * SECOND + 200_000, 50), steady(1, 900 * SECOND, 50))
    times = placed(before + after)
    picture = [time for stream, time in times if stream == 0][50:]
    sound = [time for stream, time in times if stream == 1][50:]
    assert picture[0] - sound[0] == 200_000
    # Nothing runs back into what was there before, and at most the lead is left open.
    assert sound[0] >= 5 * SECOND + 30_000 - 1
    assert sound[0] <= 5 * SECOND + 30_000 + 200_000


def test_a_stream_that_pauses_while_another_goes_on_has_a_hole() -> None:
    picture = steady(0, 0, 100)
    sound = steady(1, 0, 20) + steady(1, 8 * SECOND, 20)
    times = placed(woven(picture, sound))
    assert [time for stream, time in times if stream == 1][20] == 8 * SECOND


def test_a_container_with_one_clock_keeps_its_pauses() -> None:
    packets = steady(0, 0, 20) + steady(0, 60 * SECOND, 20)
    assert placed(packets, may_jump=False)[20] == (0, 60 * SECOND)


def test_nonsense_is_closed_up_in_any_container() -> None:
    packets = steady(0, 0, 20) + steady(0, 10**15, 20)
    assert placed(packets, may_jump=False)[20] == (0, 2 * SECOND)


def test_jitter_is_left_alone() -> None:
    packets = [(0, 0, 100_000), (0, 110_000, 100_000), (0, 195_000, 100_000), (0, 300_000, 100_000)]
    assert [time for _, time in placed(packets)] == [0, 110_000, 195_000, 300_000]


def test_a_jump_of_the_sound_alone_does_not_wait_for_ever() -> None:
    timeline: Timeline[Packet] = Timeline(0, may_jump=True)
    packets = woven(steady(0, 0, 200), steady(1, 0, 20)) + steady(1, 4000 * SECOND, 200)
    held = 0
    for packet in packets:
        held += 1 - len(list(timeline.place(*packet, packet)))
        assert held <= 25
    assert len(timeline.stretches) == 2


def test_a_packet_without_a_time_follows_the_one_before() -> None:
    timeline: Timeline[str] = Timeline(SECOND, may_jump=False)
    assert list(timeline.place(0, SECOND, 40_000, "a")) == [("a", -SECOND)]
    assert list(timeline.place(0, None, 40_000, "b")) == [("b", -SECOND)]
    assert timeline.end_us == 80_000


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(-(10**10), 10**10), st.integers(0, 2 * SECOND)),
        max_size=80,
    ),
    st.integers(-(10**9), 10**9),
    st.booleans(),
)
def test_every_packet_comes_out_once_and_each_stream_in_its_order(
    packets: list[Packet], zero: int, may_jump: bool
) -> None:
    timeline: Timeline[int] = Timeline(zero, may_jump=may_jump)
    out: list[int] = []
    for number, packet in enumerate(packets):
        out += [payload for payload, _ in timeline.place(*packet, number)]
    out += [payload for payload, _ in timeline.finish()]
    assert sorted(out) == list(range(len(packets)))
    for stream in range(3):
        mine = [number for number in out if packets[number][0] == stream]
        assert mine == sorted(mine)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6), st.integers(5, 60))
def test_one_stream_is_unbroken_whatever_its_clock_does(starts: list[int], count: int) -> None:
    packets = [packet for start in starts for packet in steady(0, start * 10, count)]
    times = [time for _, time in placed(packets, zero=starts[0] * 10)]
    for before, after in pairwise(times):
        assert -40_000 <= after - before <= SECOND + SECOND // 10
