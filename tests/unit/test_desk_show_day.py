"""A day at the desk: strips by the channel's own clock, gaps, what waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from web_desk import make_desk

from offair.desk import Desk
from offair.desk.show_day import DAY_S, ChannelDay, Stretch, show_day
from offair.model.errors import BadInput
from offair.model.recording import Channel, Gap, Held, MediaFacts, Recording
from offair.model.time import PartialDate, Span
from offair.model.transcript import Flag, FlagKind, LayerKind, LayerOrigin
from offair.web.application import app

DUBLIN = Channel("Harbour One", "Ireland", "Europe/Dublin", ("en",))
LOOSE = Channel("Quay TV")
HOUR = 3_600_000


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def air(
    desk: Desk, channel: Channel, aired: str, hours: float = 1.0, gaps: tuple[Gap, ...] = ()
) -> Recording:
    media = MediaFacts("mp4", int(hours * HOUR), 1_000, (), browser_playable=True)
    with desk.catalogue.transaction() as tx:
        return tx.add_recording(
            channel=tx.ensure_channel(channel), aired=PartialDate.parse(aired), title=aired,
            held=Held.HELD, object=None, media=media, actor="rana", gaps=gaps,
        )  # fmt: skip


def days(desk: Desk, day: str | None = None) -> dict[str, list[tuple[int, int, bool]]]:
    shown = show_day(desk, day)
    return {
        one.channel.name: [(each.start_s, each.end_s, each.held) for each in one.stretches]
        for one in shown.channels
    }


def test_an_airing_stands_where_the_clock_of_its_channel_stood(desk: Desk) -> None:
    air(desk, DUBLIN, "2024-07-01T19:30Z")  # half past eight in Dublin
    air(desk, LOOSE, "2024-07-01T19:30Z", hours=2)
    assert days(desk) == {
        "Harbour One": [(int(20.5 * 3600), int(21.5 * 3600), True)],
        "Quay TV": [(int(19.5 * 3600), int(21.5 * 3600), True)],
    }


def test_a_recording_runs_over_midnight_into_the_next_day(desk: Desk) -> None:
    air(desk, LOOSE, "2024-05-14T23:30")
    assert days(desk, "2024-05-14")["Quay TV"] == [(84_600, DAY_S, True)]
    assert days(desk, "2024-05-15")["Quay TV"] == [(0, 1_800, True)]


def test_a_gap_is_shown_and_not_counted_as_held(desk: Desk) -> None:
    gap = Gap(Span(HOUR // 2, HOUR * 3 // 4), "the receiver lost the signal")
    air(desk, LOOSE, "2024-05-14T10:00", gaps=(gap,))
    shown = show_day(desk, "2024-05-14").channels[0]
    assert [(one.held, one.reason) for one in shown.stretches] == [
        (True, None), (False, "the receiver lost the signal"),
    ]  # fmt: skip
    assert shown.held_s == 45 * 60


def test_what_is_known_to_the_day_only_has_no_place_on_the_strip(desk: Desk) -> None:
    made = air(desk, LOOSE, "2024-05-14")
    air(desk, LOOSE, "2024-05")
    shown = show_day(desk, "2024-05-14").channels[0]
    assert (shown.stretches, [one.id for one in shown.undated]) == ((), [made.id])


def test_without_a_day_it_is_the_newest_and_a_wrong_one_is_told(desk: Desk) -> None:
    assert show_day(desk).channels == ()
    air(desk, LOOSE, "2024-05-14T10:00")
    air(desk, LOOSE, "2021-01-01")
    assert show_day(desk).day == "2024-05-14"
    assert (show_day(desk).before, show_day(desk).after) == ("2024-05-13", "2024-05-15")
    for wrong in ("yesterday", "2024-02-30", "0000-00-00", "2024-05-14T10:00"):
        with pytest.raises(BadInput, match="no day"):
            show_day(desk, wrong)
    assert show_day(desk, "0001-01-01").before is None
    assert show_day(desk, "9999-12-31").after is None


def test_doubts_that_nobody_settled_wait(desk: Desk) -> None:
    made = air(desk, LOOSE, "2024-05-14")
    with desk.catalogue.transaction() as tx:
        layer = tx.add_layer(
            recording_id=made.id, kind=LayerKind.SPEECH, language="en", origin=LayerOrigin.ENGINE,
            maker="m", run=1, turns=(), sentences=(),
        )  # fmt: skip
        open_one = Flag(FlagKind.UNSURE, Span(0, 10), "one")
        tx.add_flags(layer.id, [open_one, Flag(FlagKind.UNSURE, Span(0, 10), "two")])
        tx.settle_flag(tx.flags(layer.id)[0].id, actor="rana")
    (found,) = show_day(desk).waiting
    assert (found.recording.id, found.layer.id, found.doubts) == (made.id, layer.id, 1)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 50)), max_size=8))
def test_hours_held_twice_count_once(pairs: list[tuple[int, int]]) -> None:
    recording = Recording(1, LOOSE, None, "", Held.HELD, None, None, "", "")
    stretches = tuple(Stretch(start, start + length, recording) for start, length in pairs)
    covered = {second for start, length in pairs for second in range(start, start + length)}
    assert ChannelDay(LOOSE, stretches, ()).held_s == len(covered)


def test_the_page_and_its_twin_say_the_same(desk: Desk) -> None:
    gap = Gap(Span(0, HOUR // 4), "no <b>signal</b>")
    made = air(desk, LOOSE, "2024-05-14T10:00", gaps=(gap,))
    client = TestClient(app(desk), base_url="http://localhost")
    page = client.get("/?day=2024-05-14")
    assert page.status_code == 200
    assert "Tuesday, 14 May 2024" in page.text
    assert "10:00–11:00" in page.text
    assert "no &lt;b&gt;signal&lt;/b&gt;" in page.text
    (channel,) = client.get("/today.json?day=2024-05-14").json()["channels"]
    assert channel["held_s"] == 45 * 60
    assert [one["recording"] for one in channel["stretches"]] == [made.id, made.id]
    assert client.get("/?day=never").status_code == 400
