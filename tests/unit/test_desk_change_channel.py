"""A channel is shown and changed field by field; what is no language or zone changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_desk import HARBOUR, make_desk

from offair.desk import Desk
from offair.desk.change_channel import change_channel, show_channel
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Channel


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    with made.catalogue.transaction() as tx:
        tx.ensure_channel(HARBOUR)
    yield made
    made.catalogue.close()


def _fields(channel: Channel) -> tuple[Any, ...]:
    return channel.name, channel.country, channel.zone, channel.languages, channel.rights


def test_what_is_not_said_stays(desk: Desk) -> None:
    change_channel(desk, "Harbour One", rights="Quote freely", actor="test")
    changed = change_channel(desk, "Harbour One", languages=["en", "ga", "en"], actor="test")
    expected = ("Harbour One", "Ireland", "Europe/Dublin", ("en", "ga"), "Quote freely")
    assert _fields(changed) == expected
    assert _fields(show_channel(desk, "Harbour One")) == expected


def test_an_empty_text_clears_a_field(desk: Desk) -> None:
    changed = change_channel(
        desk, "Harbour One", country="", languages=[""], zone="", rights=" ", actor="test"
    )
    assert _fields(changed) == ("Harbour One", None, None, (), None)


def test_tags_are_written_in_their_usual_spelling(desk: Desk) -> None:
    changed = change_channel(desk, "Harbour One", languages=["PT_br", "iw", "acm"], actor="test")
    assert changed.languages == ("pt-BR", "he", "acm")


@pytest.mark.parametrize(
    "wrong",
    [
        {"languages": ["en", "english"]},
        {"languages": ["und"]},
        {"languages": ["zz-\x1b[2J"]},
        {"zone": "Dublin"},
        {"zone": "../../etc/passwd"},
        {"zone": "/etc/localtime"},
        {"zone": "Europe/\x00"},
    ],
)
def test_what_nobody_knows_is_refused_and_changes_nothing(
    desk: Desk, wrong: dict[str, Any]
) -> None:
    with pytest.raises(BadInput, match="write") as refused:
        change_channel(desk, "Harbour One", country="Malta", **wrong, actor="test")
    assert str(refused.value).isprintable()
    assert show_channel(desk, "Harbour One").country == "Ireland"


def test_a_channel_nobody_has_is_not_made(desk: Desk) -> None:
    with pytest.raises(NotFound, match="Harbour One"):
        change_channel(desk, "Harbor One", country="Malta", actor="test")
    with pytest.raises(NotFound, match="Harbour One"):
        show_channel(desk, "Harbor One")
    with desk.catalogue.snapshot() as tx:
        assert [one.name for one in tx.channels()] == ["Harbour One"]
