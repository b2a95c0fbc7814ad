"""Publishing: what stops it, what passes it, its acts, and the job that does it for a page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clips_made import harbour_clip, hear_all, revised, turns_of
from web_desk import make_desk

from offair import wiring
from offair.desk import Desk
from offair.desk.bulletin import bulletin
from offair.desk.change_clip_state import set_hold, set_not_before
from offair.desk.edit_clip import ClipChange, edit_clip
from offair.desk.export import export
from offair.desk.publication_stops import Stopped
from offair.desk.publish import publish
from offair.desk.publishing import Publishing
from offair.desk.queue_publishing import publishing_state, queue_publishing, read_settings
from offair.model.clip_work import ClipState, EditionAct, StopKind
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput, Conflict, NotFound, Refused
from offair.model.job import JobState
from offair.model.record import Clip
from offair.model.time import PartialDate

NOW = "2026-05-14T12:00:00Z"
PASS = Publishing(override="the minister speaks at noon")
DAY = PartialDate.parse("2026-05-14")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


def heard(desk: Desk) -> Clip:
    """A clip that nothing stops."""
    made = harbour_clip(desk)
    hear_all(desk, made.layer_id or 0)
    return made


def change(desk: Desk, made: Clip, **what: object) -> None:
    """Edit a clip as it stands."""
    with desk.catalogue.snapshot() as tx:
        version = tx.clip_work(made.id).version
    edit_clip(desk, made.id, ClipChange(**what), version=version, actor="ana")  # type: ignore[arg-type]


def test_nothing_is_published_while_something_stops_it(desk: Desk) -> None:
    made = harbour_clip(desk)
    held = list(desk.vault.objects())
    with pytest.raises(Stopped, match=r"nobody has heard.*administrator") as stopped:
        publish(desk, made.id, actor="ana", now_utc=NOW)
    assert StopKind.UNHEARD in {one.kind for one in stopped.value.stops}
    with desk.catalogue.snapshot() as tx:
        assert tx.clip(made.id).edition == 0
        assert tx.record_acts(made.id) == []
    assert list(desk.vault.objects()) == held


def test_what_was_heard_and_confirmed_is_published_without_a_word(desk: Desk) -> None:
    made = heard(desk)
    done = publish(desk, made.id, actor="ana", now_utc=NOW)
    assert (done.record.edition, done.passed, done.record.note) == (1, (), None)
    with desk.catalogue.snapshot() as tx:
        (act,) = tx.record_acts(made.id)
        line = tx.acts(kind="clip", subject=made.id)[0]
        assert tx.clip_work(made.id).state is ClipState.PUBLISHED
    assert (act.act, act.edition, act.made_by) == (EditionAct.PUBLISH, 1, "ana")
    assert (line.verb, line.detail["override"], line.detail["passed"]) == ("publish", None, None)


def test_an_override_is_logged_with_what_it_passed(desk: Desk) -> None:
    made = harbour_clip(desk)
    done = publish(desk, made.id, PASS, actor="ana", now_utc=NOW)
    assert StopKind.UNHEARD in {one.kind for one in done.passed}
    with desk.catalogue.snapshot() as tx:
        line = tx.acts(kind="clip", subject=made.id)[0]
    assert line.detail["override"] == PASS.override
    assert "unheard" in str(line.detail["passed"])
    # Nothing is ever taken out of the log: it quotes no words of a record.
    assert "crossings" not in str(line.detail)
    with pytest.raises(BadInput, match="for a reason"):
        publish(desk, made.id, Publishing(note="x", override=" "), actor="ana", now_utc=NOW)


def test_rights_cannot_be_passed(desk: Desk) -> None:
    made = heard(desk)
    with desk.catalogue.transaction() as tx:
        channel = tx.recording(made.recording_id).channel.id
        tx.set_channel_terms(channel or 0, ChannelTerms(text=False))
    with pytest.raises(Stopped, match="cannot be passed"):
        publish(desk, made.id, PASS, actor="ana", now_utc=NOW)


def test_a_hold_that_was_passed_is_over_and_another_keeps_the_record_in(desk: Desk) -> None:
    made = heard(desk)
    set_hold(desk, made.id, "the family was not told", actor="ben")
    set_not_before(desk, made.id, "2126-01-01", actor="ben")
    with pytest.raises(Stopped, match="the family was not told"):
        publish(desk, made.id, actor="ana", now_utc=NOW)
    done = publish(desk, made.id, PASS, actor="ana", now_utc=NOW)
    assert {one.kind for one in done.passed} == {StopKind.HOLD, StopKind.NOT_BEFORE}
    number = done.record.number.printed if done.record.number else ""
    assert export(desk, number, "record")
    set_hold(desk, made.id, "a complaint", actor="ben")
    with pytest.raises(Refused, match="a complaint"):
        export(desk, number, "docx")
    with pytest.raises(Refused, match="a complaint"):
        bulletin(desk, DAY, "markdown")
    set_hold(desk, made.id, None, actor="ben")
    assert bulletin(desk, DAY, "markdown")


def test_a_correction_prints_what_it_said_and_what_it_says(desk: Desk) -> None:
    made = heard(desk)
    publish(desk, made.id, actor="ana", now_utc=NOW)
    with pytest.raises(BadInput, match="public note"):
        publish(desk, made.id, PASS, actor="ana", now_utc=NOW)
    how = Publishing(EditionAct.CORRECT, note="Heard again.", said="twelve", says="fourteen")
    done = publish(desk, made.id, how, actor="ben", now_utc=NOW)
    assert done.record.note == "It said “twelve”; it says “fourteen”. Heard again."
    with desk.catalogue.snapshot() as tx:
        act = tx.record_acts(made.id)[-1]
    assert (act.act, act.edition, act.said, act.says) == (
        EditionAct.CORRECT, 2, "twelve", "fourteen",
    )  # fmt: skip
    for name in ("markdown", "html", "json"):
        assert "fourteen”. Heard again." in str(export(desk, "1/2", name)), name


def test_a_tidying_changes_spelling_alone_and_carries_no_note(desk: Desk) -> None:
    made = heard(desk)
    publish(desk, made.id, PASS, actor="ana", now_utc=NOW)
    tidy = replace(PASS, act=EditionAct.TIDY)
    change(desk, made, summary=["He said there will be fourteen crossings a day."])
    with pytest.raises(BadInput, match=r"14.*fourteen.*correct it"):
        publish(desk, made.id, tidy, actor="ana", now_utc=NOW)
    change(desk, made, summary=["He said, there will be 14 crossings a day!"])
    done = publish(desk, made.id, tidy, actor="ana", now_utc=NOW)
    assert (done.record.edition, done.record.note) == (2, None)
    turn = turns_of(desk, made.layer_id or 0)[1]
    revised(desk, turn, turn.text.replace("not", "now", 1))
    with pytest.raises(BadInput, match="correct it"):
        publish(desk, made.id, tidy, actor="ana", now_utc=NOW)
    with desk.catalogue.snapshot() as tx:
        assert [one.act for one in tx.record_acts(made.id)] == [EditionAct.PUBLISH, EditionAct.TIDY]


def test_a_draft_cannot_be_corrected_and_a_record_is_not_published_twice(desk: Desk) -> None:
    made = heard(desk)
    for act in (EditionAct.TIDY, EditionAct.CORRECT, EditionAct.REMOVE):
        with pytest.raises(BadInput):
            publish(desk, made.id, Publishing(act, note="x"), actor="ana", now_utc=NOW)
    publish(desk, made.id, actor="ana", now_utc=NOW)
    for act in (EditionAct.PUBLISH, EditionAct.WITHDRAW):
        with pytest.raises(BadInput):
            publish(desk, made.id, Publishing(act, note="x"), actor="ana", now_utc=NOW)


def test_who_looked_at_another_version_publishes_nothing(desk: Desk) -> None:
    made = heard(desk)
    change(desk, made, headline="Marsh: The Late Boat Stays")
    with pytest.raises(Conflict, match="changed by ana"):
        publish(desk, made.id, replace(PASS, version=1), actor="ben", now_utc=NOW)


def test_a_second_reader_is_asked_for_where_the_desk_requires_one(desk: Desk) -> None:
    strict = replace(desk, second_reader_required=True)
    made = heard(strict)
    with pytest.raises(Stopped, match="second reader"):
        publish(strict, made.id, actor="ana", now_utc=NOW)


# The job


def test_the_job_is_asked_for_once_and_done_once(desk: Desk) -> None:
    made = heard(desk)
    asked = queue_publishing(desk, made.id, Publishing(), actor="ana", now_utc=NOW)
    again = queue_publishing(desk, made.id, Publishing(), actor="ana", now_utc=NOW)
    assert asked.job is not None
    assert again.job is not None
    assert asked.job.id == again.job.id
    with pytest.raises(Conflict, match="being published by ana"):
        queue_publishing(desk, made.id, Publishing(), actor="ben", now_utc=NOW)
    with wiring.serving_work(desk), wiring.serving_work(desk):
        assert ended(desk, made) is JobState.DONE
    with desk.catalogue.snapshot() as tx:
        assert tx.clip(made.id).edition == 1
        assert tx.record_acts(made.id)[0].made_by == "ana"


def ended(desk: Desk, made: Clip) -> JobState | None:
    """How the job stands once it no longer runs."""
    for _ in range(600):
        job = publishing_state(desk, made.id).job
        if job is not None and job.state not in (JobState.QUEUED, JobState.RUNNING):
            return job.state
        threading.Event().wait(0.05)  # polling another thread
    return None


def test_what_stops_it_is_told_at_once_and_again_when_it_is_done(desk: Desk) -> None:
    made = harbour_clip(desk)
    with pytest.raises(Stopped):
        queue_publishing(desk, made.id, Publishing(), actor="ana", now_utc=NOW)
    assert publishing_state(desk, made.id).job is None
    hear_all(desk, made.layer_id or 0)
    queue_publishing(desk, made.id, Publishing(), actor="ana", now_utc=NOW)
    set_hold(desk, made.id, "wait for the lawyer", actor="ben")
    with wiring.serving_work(desk):
        assert ended(desk, made) is JobState.FAILED
    assert "wait for the lawyer" in (publishing_state(desk, made.id).problem or "")
    with desk.catalogue.snapshot() as tx:
        assert tx.clip(made.id).edition == 0


def test_a_job_that_does_not_say_who_asked_is_refused() -> None:
    for settings in ({}, {"actor": 7}, {"actor": "ana", "version": "x"}, {"actor": "a", "note": 1}):
        with pytest.raises(BadInput):
            read_settings(settings)


def test_a_clip_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        queue_publishing(desk, 99, Publishing(), actor="ana", now_utc=NOW)
    with pytest.raises(NotFound):
        publishing_state(desk, 99)
