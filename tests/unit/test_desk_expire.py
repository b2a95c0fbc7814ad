"""Media whose time is over: what goes, what stays and why, and that texts and records are whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from installation import Installation
from published import publish
from starlette.testclient import TestClient
from web_desk import add_harbour, add_long, make_desk

from offair import cli
from offair.desk import Desk
from offair.desk.browse import open_recording
from offair.desk.change_clip_state import change_clip_state, set_hold
from offair.desk.clip import clip
from offair.desk.expire import expire
from offair.desk.prepare_peaks import prepare_peaks
from offair.desk.withdraw_record import withdraw_record
from offair.model.clip_work import ClipState
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Held
from offair.model.time import Span
from offair.web.application import app

LATER = "2126-01-01T00:00:00Z"
SOON = "2000-01-01T00:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The sample broadcast and a long session, whose channels keep media for 30 days."""
    made = make_desk(tmp_path)
    for recording in (add_harbour(made), add_long(made)):
        with made.catalogue.transaction() as tx:
            channel = tx.recording(recording).channel.id or 0
            tx.set_channel_terms(channel, ChannelTerms(expires_days=30, ground="the licence"))
    yield made
    made.catalogue.close()


def held(desk: Desk, recording: int) -> Held:
    """What of a recording's media the desk has."""
    with desk.catalogue.snapshot() as tx:
        return tx.recording(recording).held


def test_nothing_goes_before_its_time(desk: Desk) -> None:
    assert expire(desk, actor="ana", now_utc=SOON) == ()
    assert held(desk, 1) is Held.HELD


def test_media_and_what_was_made_of_them_go_and_the_text_stays(desk: Desk) -> None:
    prepare_peaks(desk, 1)
    before = set(desk.vault.objects())
    told = expire(desk, actor="ana", now_utc=LATER, dry_run=True)
    assert [one.recording.id for one in told] == [2, 1]
    assert set(desk.vault.objects()) == before
    done = {one.recording.id: one for one in expire(desk, actor="ana", now_utc=LATER)}
    assert (done[1].needed, done[1].ground) == ((), "the licence")
    assert done[1].freed_bytes > 0
    assert len(before) - len(set(desk.vault.objects())) == 3
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(1)
        assert tx.attached(1) == []
        assert tx.turns(tx.layers(1)[0].id)
        (line,) = tx.acts(kind="recording", subject=1, limit=1)
    assert (recording.held, recording.object) == (Held.EXPIRED, None)
    assert recording.media is not None
    assert (line.verb, line.detail["ground"]) == ("expire", "the licence")
    assert "no longer held" in (open_recording(desk, 1).playback.trouble or "")
    with TestClient(app(desk), base_url="http://localhost") as client:
        assert "no longer held" in client.get("/recordings/1").text
    assert expire(desk, actor="ana", now_utc=LATER) == ()


def test_what_a_record_a_hold_or_a_clip_in_work_needs_stays_with_its_reason(desk: Desk) -> None:
    made = clip(desk, 1, spans=[Span(13_500, 25_300)], headline="Boats", actor="ana")
    (only,) = [
        one for one in expire(desk, actor="a", now_utc=LATER, dry_run=True) if one.recording.id == 1
    ]
    assert only.needed == ()
    change_clip_state(desk, made.id, ClipState.IN_HAND, actor="ana")
    set_hold(desk, made.id, "a complaint", actor="ben")
    reasons = dict(needed(desk))
    assert reasons[1] == (f"clip {made.id} is on hold: a complaint", f"clip {made.id} is in hand")
    assert held(desk, 1) is Held.HELD
    publish(desk, made.id, actor="ana", now_utc="2026-05-14T12:00:00Z")
    assert dict(needed(desk))[1] == ("record 1 rests on it",)
    with pytest.raises(BadInput, match="reason"):
        expire(desk, actor="ana", now_utc=LATER, also=[1])
    with pytest.raises(NotFound):
        expire(desk, actor="ana", now_utc=LATER, also=[99], reason="x")
    with pytest.raises(BadInput, match="not over"):
        expire(desk, actor="ana", now_utc=SOON, also=[1], reason="x")
    expire(desk, actor="ana", now_utc=LATER, also=[1], reason="The licence ended")
    assert held(desk, 1) is Held.EXPIRED
    with TestClient(app(desk), base_url="http://localhost") as client:
        page = client.get("/records/1")
        assert page.status_code == 200
        media = page.text.split('src="/media/')[1][:64]
        assert client.get(f"/media/{media}").status_code == 200


def needed(desk: Desk) -> list[tuple[int, tuple[str, ...]]]:
    """Why the media of what is due stay; the long session's went."""
    return [(one.recording.id, one.needed) for one in expire(desk, actor="ana", now_utc=LATER)]


def test_a_withdrawn_record_needs_nothing(desk: Desk) -> None:
    made = clip(desk, 1, spans=[Span(13_500, 25_300)], headline="Boats", actor="ana")
    publish(desk, made.id, actor="ana", now_utc="2026-05-14T12:00:00Z")
    withdraw_record(desk, "1", "Wrong", actor="ben")
    assert dict(needed(desk))[1] == ()


def test_the_commands(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OFFAIR_CONFIG", str(installation.config))
    assert cli.main(["expire"]) == 0
    assert "no recording's time is over" in capsys.readouterr().out
    assert cli.main(["withdraw", "7", "--reason", "x"]) == 3
    assert cli.main(["remove", "7", "--ground", "x"]) == 2
    assert "--sure" in capsys.readouterr().err
    assert cli.main(["remove", "7", "--ground", "x", "--sure"]) == 3
    assert cli.main(["expire", "--also", "3"]) == 2
