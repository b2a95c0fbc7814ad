"""A recording's page: its waveform, its doubts settled by form and by operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import web_desk
from logged_in import AsAccount
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.desk.list_flags import list_flags
from offair.desk.prepare_peaks import prepare_peaks
from offair.desk.show_peaks import PeaksMaking, show_peaks, strip_of
from offair.media.peaks import of_planes
from offair.model.errors import Corrupt, NotFound, Refused
from offair.model.job import JobState
from offair.model.people import Role
from offair.model.recording import Gap, Held
from offair.model.time import Span
from offair.web.application import app


@dataclass(frozen=True)
class Shelf:
    desk: Desk
    client: TestClient
    harbour: int


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    desk = web_desk.make_desk(tmp_path)
    harbour = web_desk.add_harbour(desk)
    yield Shelf(desk, as_somebody(desk, Role.EDITOR), harbour)
    desk.catalogue.close()


def as_somebody(desk: Desk, role: Role) -> TestClient:
    return TestClient(AsAccount(app(desk), role), base_url="http://localhost")


def keep_peaks(desk: Desk, recording_id: int, data: bytes) -> None:
    """Something attached as peaks, without decoding anything."""
    kept = web_desk.keep(desk, data, "a.peaks")
    with desk.catalogue.transaction() as tx:
        tx.attach_object(recording_id, "peaks", kept)


def jobs_of(desk: Desk) -> list[tuple[str, int, JobState]]:
    with desk.catalogue.snapshot() as tx:
        return [(one.kind, one.subject, one.state) for one in tx.jobs()]


def test_the_first_look_asks_for_the_work_and_is_told_how_far_it_is(shelf: Shelf) -> None:
    address = f"/recordings/{shelf.harbour}/peaks"
    for _ in range(2):
        answer = shelf.client.get(address)
        assert answer.status_code == 202
        assert answer.json() == {"share": None, "trouble": None}
        assert answer.headers["cache-control"] == "no-store"
    assert jobs_of(shelf.desk) == [("peaks", shelf.harbour, JobState.QUEUED)]
    with shelf.desk.catalogue.transaction() as tx:
        job = tx.claim_due_job(["peaks"], owner="w", now=1e10, leased_until=2e10)
        assert job is not None
        tx.update_job(job.id, owner="w", state=JobState.RUNNING, share=0.4)
    assert shelf.client.get(address).json() == {"share": 0.4, "trouble": None}
    with shelf.desk.catalogue.transaction() as tx:
        tx.update_job(job.id, owner="w", state=JobState.FAILED, error="the disk is full")
    told = {"share": None, "trouble": "the disk is full"}
    assert shelf.client.get(address).json() == told
    assert len(jobs_of(shelf.desk)) == 1, "looking queued work that had failed"


def test_columns_come_as_bytes_and_are_kept_by_the_browser(shelf: Shelf) -> None:
    peaks = of_planes(bytes(range(100)) * 8, 20)
    keep_peaks(shelf.desk, shelf.harbour, peaks.packed())
    address = f"/recordings/{shelf.harbour}/peaks?from=1000&to=5000&width=16"
    answer = shelf.client.get(address)
    assert answer.content == peaks.columns(1000, 5000, 16)
    assert "max-age=604800" in answer.headers["cache-control"]
    again = shelf.client.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    everything = shelf.client.get(f"/recordings/{shelf.harbour}/peaks").content
    assert everything == peaks.columns(0, peaks.duration_ms, 1000)
    for wrong in ("from=5000&to=1000", "width=99999", "width=-3", "from=x"):
        assert shelf.client.get(f"/recordings/{shelf.harbour}/peaks?{wrong}").status_code == 400


def test_what_has_no_sound_to_draw_says_so(shelf: Shelf) -> None:
    text_only = web_desk.add_text_only(shelf.desk)
    damaged, _waiting, _running = web_desk.add_trouble(shelf.desk)
    with pytest.raises(NotFound, match="no media"):
        show_peaks(shelf.desk, text_only)
    with pytest.raises(Refused, match="quarantine"):
        show_peaks(shelf.desk, damaged)
    assert shelf.client.get("/recordings/9999/peaks").status_code == 404
    assert not [one for one in jobs_of(shelf.desk) if one[0] == "peaks"]
    keep_peaks(shelf.desk, shelf.harbour, b"nonsense")
    with pytest.raises(Corrupt):
        show_peaks(shelf.desk, shelf.harbour)


def test_peaks_are_made_once_and_are_no_media_for_a_browser(shelf: Shelf) -> None:
    finished = []
    for _ in range(2):
        prepare_peaks(shelf.desk, shelf.harbour, finish=lambda _tx: finished.append(1))
    assert finished == [1, 1]
    with shelf.desk.catalogue.snapshot() as tx:
        [(_role, kept)] = tx.attached(shelf.harbour, "peaks")
    found = show_peaks(shelf.desk, shelf.harbour)
    assert not isinstance(found, PeaksMaking)
    assert found.duration_ms == pytest.approx(94_000, abs=400)
    assert shelf.client.get(f"/media/{kept.sha256}").status_code == 404


def test_the_strip_has_gaps_and_open_doubts(shelf: Shelf) -> None:
    with shelf.desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(web_desk.HARBOUR), aired=None, title="Gap", held=Held.HELD,
            object=web_desk.keep(shelf.desk, web_desk.silent_wave(9_000), "g.wav"),
            media=web_desk.sound_facts(9_000), actor="test",
            gaps=[Gap(Span(2_000, 3_000), "nothing came")],
        )  # fmt: skip
    found = strip_of(shelf.desk, recording.id)
    assert (found.duration_ms, found.gaps, found.doubts) == (9_000, (Span(2_000, 3_000),), ())
    open_ones = [one.span for one in web_desk.DOUBTS if one.settled_by is None]
    assert list(strip_of(shelf.desk, shelf.harbour).doubts) == open_ones
    page = shelf.client.get(f"/recordings/{shelf.harbour}").text
    assert 'doubts="4000,4310 9370,13300 16460,17720"' in page
    assert 'gaps="2000,3000"' in shelf.client.get(f"/recordings/{recording.id}").text


def test_an_editor_settles_by_operation(shelf: Shelf) -> None:
    path = f"/api/v1/recordings/{shelf.harbour}/flags"
    listed = shelf.client.get(path).json()
    assert (listed["open"], listed["settled"], listed["next"]) == (3, 1, None)
    first = listed["flags"][0]
    done = shelf.client.post(f"/api/v1/flags/{first['id']}/settle", json={"note": " a  word "})
    assert (done.status_code, done.json()["settled_by"]) == (200, "rana")
    assert done.json()["settled_note"] == "a word"
    after = shelf.client.get(f"{path}?limit=1&from=1").json()
    assert (after["open"], after["settled"]) == (2, 2)
    assert first["id"] not in [one["id"] for one in after["flags"]]
    part = shelf.client.get(f"{path}?limit=1&all").json()
    assert (len(part["flags"]), part["next"]) == (1, 1)
    with shelf.desk.catalogue.snapshot() as tx:
        act = tx.acts(limit=1)[0]
    assert (act.actor, act.verb, act.subject) == ("rana", "settle_flag", first["id"])
    fragment = shelf.client.get(f"/recordings/{shelf.harbour}/flags/list?layer={listed['layer']}")
    assert f'data-flag="{first["id"]}"' not in fragment.text
    assert 'data-times="9370,13300 16460,17720"' in fragment.text


def test_a_form_settles_without_scripts(shelf: Shelf) -> None:
    path = f"/recordings/{shelf.harbour}/flags?all"
    page = shelf.client.get(path).text
    numbers = re.findall(r'name="flag" value="(\d+)"', page)
    assert len(numbers) == 3, "a form for each open doubt, none for the settled one"
    answer = shelf.client.post(
        path, data={"flag": numbers[1], "note": "it is music"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    found = list_flags(shelf.desk, shelf.harbour, settled=True)
    settled = next(one.flag for one in found.flags if one.flag.id == int(numbers[1]))
    assert (settled.settled_by, settled.settled_note) == ("rana", "it is music")
    for wrong in ("", "x", "1" * 17, "-1"):
        assert shelf.client.post(path, data={"flag": wrong}).status_code == 400
    assert shelf.client.post(path, data={"flag": "987654"}).status_code == 404


def test_a_reader_settles_nothing(shelf: Shelf) -> None:
    reader = as_somebody(shelf.desk, Role.READER)
    number = list_flags(shelf.desk, shelf.harbour).flags[0].flag.id
    assert reader.post(f"/api/v1/flags/{number}/settle", json={}).status_code == 403
    path = f"/recordings/{shelf.harbour}/flags"
    assert reader.post(path, data={"flag": str(number)}).status_code == 403
    assert 'name="flag"' not in reader.get(path).text
    page = reader.get(f"/recordings/{shelf.harbour}").text
    assert " editor>" not in page
    assert " editor>" in shelf.client.get(f"/recordings/{shelf.harbour}").text
    nobody = TestClient(app(shelf.desk), base_url="http://localhost")
    assert nobody.post(f"/api/v1/flags/{number}/settle", json={}).status_code == 401
    assert list_flags(shelf.desk, shelf.harbour).open == 3


def test_a_number_no_catalogue_has_is_not_there(shelf: Shelf) -> None:
    for number in (987_654, 2**60):
        assert shelf.client.post(f"/api/v1/flags/{number}/settle", json={}).status_code == 404
    assert shelf.client.post("/api/v1/flags/1/settle", json={"note": "x" * 3000}).status_code == 400
