"""A person's work in an older run decides what is searched, as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from web_desk import HARBOUR, make_desk

from offair.desk import Desk
from offair.desk.hear_span import hear_span, span_to_hear
from offair.desk.index import index, is_behind
from offair.desk.settle_flag import settle_flag
from offair.model.recording import Held
from offair.model.transcript import Flag, FlagKind, LayerKind, LayerOrigin, Turn
from offair.model.words import Words
from offair.search import Scope

SAID = ("The ferry leaves.", "The ferry left.")


def settle(desk: Desk) -> None:
    settle_flag(desk, 1, actor="ana")


def hear(desk: Desk) -> None:
    shown = span_to_hear(desk, 1, turn_ids=[1], layer_id=1)
    hear_span(desk, shown, actor="ana", now_utc="2026-05-14T10:00:00Z")


@pytest.mark.parametrize("work", [settle, hear])
def test_the_run_in_which_a_person_worked_is_searched(
    tmp_path: Path, work: Callable[[Desk], None]
) -> None:
    desk = make_desk(tmp_path)
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.NEVER_HELD,
            object=None, media=None, actor="test",
        )  # fmt: skip
        for run, text in enumerate(SAID, 1):
            layer = tx.add_layer(
                recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
                origin=LayerOrigin.ENGINE, maker="test", run=run,
                turns=[Turn(0, 0, text, Words(), None)], sentences=[[(0, len(text))]],
            )  # fmt: skip
            tx.add_flags(layer.id, [Flag(FlagKind.UNSURE, None, "unsure")])
    index(desk, notice=lambda _: None)
    assert _searched(desk) == [2]
    work(desk)
    assert is_behind(desk)
    index(desk, notice=lambda _: None)
    assert _searched(desk) == [1]
    desk.index.close()
    desk.catalogue.close()


def _searched(desk: Desk) -> list[int]:
    """The layers in which the word of both runs is found."""
    _, places = desk.index.open().occurrences(["ferry"], Scope(), limit=10)
    return [one.layer_id for one in places]
