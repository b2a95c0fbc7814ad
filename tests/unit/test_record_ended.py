"""A record that was withdrawn or removed, at every address of the desk, before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from every_address import addresses, says
from logged_in import AsAccount
from published import publish
from starlette.testclient import TestClient
from web_desk import add_harbour, make_desk

from offair.desk import Desk
from offair.desk.bulletin import bulletin
from offair.desk.check_quote import check_quote
from offair.desk.clip import clip
from offair.desk.edit_clip import ClipChange, edit_clip
from offair.desk.export import export
from offair.desk.find import find
from offair.desk.index import catch_up, reindex
from offair.desk.remove_record import BLOCK, remove_record
from offair.desk.share_report import keep_report
from offair.desk.withdraw_record import withdraw_record
from offair.model.clip_work import ClipState, EditionAct
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput, Gone, NotFound, Refused, Withdrawn
from offair.model.finding import Quotation, Report
from offair.model.people import Role
from offair.model.time import PartialDate, Span
from offair.web.api import PREFIX
from offair.web.application import app

NOW = "2026-05-14T12:00:00Z"
QUOTED = "We are not cancelling the late boat. I have heard that rumour"
SECRET = re.compile("cancelling|rumour|crossings|Late Boat|prints this")
"""Words of the turn that the record prints, of its headline and of its summary."""
OPEN = ChannelTerms(text=True, media=True, download=True, embed=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose record 1, in two editions, prints the second turn of the sample broadcast, and
    whose record 2 prints another one."""
    made = make_desk(tmp_path)
    recording = add_harbour(made)
    with made.catalogue.transaction() as tx:
        tx.set_channel_terms(tx.recording(recording).channel.id or 0, OPEN)
    for start, end, headline in ((13_500, 25_300, "The Late Boat"), (42_000, 47_000, "Tickets")):
        draft = clip(
            made, recording, spans=[Span(start, end)], headline=headline,
            summary=["It prints this."] if start == 13_500 else (), actor="ana",
        )  # fmt: skip
        publish(made, draft.id, actor="ana", now_utc=NOW)
    with made.catalogue.snapshot() as tx:
        version = tx.clip_work(1).version
    edit_clip(made, 1, ClipChange(headline="Marsh: The Late Boat"), version=version, actor="ana")
    publish(made, 1, actor="ana", now_utc=NOW, note="It prints this better.")
    reindex(made, notice=lambda _: None)
    yield made
    made.catalogue.close()


def as_role(desk: Desk, role: Role | None) -> TestClient:
    """A browser of somebody; of nobody in particular where there is no role."""
    application = app(desk)
    return TestClient(
        AsAccount(application, role) if role else application, base_url="http://localhost"
    )


def test_a_removed_record_is_at_no_address_for_nobody(desk: Desk) -> None:
    check_quote(desk, Quotation(QUOTED))
    shared = share_of(desk)
    admin, public = as_role(desk, Role.ADMINISTRATOR), as_role(desk, None)
    everything = list(addresses(desk, SECRET))
    assert len(everything) > 300
    telling = {route for route, path in everything if says(admin, path, SECRET)}
    # The test sees words where there are some: on the record's pages, its formats, the desk's.
    assert {
        "/records/{address:path}", "/recordings/{id:int}", "/find", "/records.atom", "/records",
        "/embed/{address:path}", "/recordings/{id:int}/captions.vtt", "/reports/{key:str}",
        f"{PREFIX}/clips/{{id:int}}", f"{PREFIX}/turns/{{id:int}}",
    } <= telling  # fmt: skip
    record_files = media_of(desk)
    assert [public.get(f"/media/{one}").status_code for one in record_files] == [200] * 2

    done = remove_record(desk, "1", "An order", actor="carl")
    assert (done.act.act, done.act.ground, done.also) == (EditionAct.REMOVE, "An order", ())
    for client in (admin, public):
        left = [
            path
            for _, path in [*everything, *addresses(desk, SECRET)]
            if says(client, path, SECRET)
        ]
        assert left == [], "\n".join(left)
        for path in ("1", "1/1", "desk/1", "1/t1", "1/s1", "1.docx", "1.json", "1?against=1"):
            answer = client.get(f"/records/{path}")
            assert answer.status_code == 410, path
            assert "An order" not in answer.text
        assert client.get("/embed/1").status_code == 410
        assert client.get(f"/reports/{shared}").status_code == 410
        assert [client.get(f"/media/{one}").status_code for one in record_files] != [200] * 2
        assert client.get("/records/2").status_code == 200
    assert [admin.get(f"/media/{one}").status_code for one in record_files] == [410] * 2
    assert "/records/1<" not in public.get("/records.atom").text
    assert [one["number"] for one in public.get("/records.json").json()["records"]] == ["2"]


def share_of(desk: Desk) -> str:
    """The key of a report that quotes the record's words."""
    found = check_quote(desk, Quotation(QUOTED))
    return keep_report(desk, Report((found,), "desk", NOW), actor="ana").key


def media_of(desk: Desk) -> list[str]:
    """The media files of record 1's newest edition."""
    with desk.catalogue.snapshot() as tx:
        return re.findall(r'"sha256": ?"([0-9a-f]{64})"', tx.edition(1)[1].split('"media"')[1])[:2]


def test_its_words_are_found_and_confirmed_no_more(desk: Desk) -> None:
    assert find(desk, "cancelling").sentences
    assert check_quote(desk, Quotation(QUOTED)).pieces
    remove_record(desk, "1", "An order", actor="carl")
    catch_up(desk, notice=lambda _: None)
    assert not find(desk, "cancelling").sentences
    assert not check_quote(desk, Quotation(QUOTED)).pieces
    assert find(desk, "ticket").sentences
    with desk.catalogue.snapshot() as tx:
        texts = [one.text for one in tx.turns_ever(1)]
        assert tx.clip_work(1).state is ClipState.REMOVED
    assert any(BLOCK in one for one in texts)
    assert not any(SECRET.search(one) for one in texts)
    with pytest.raises(Gone):
        export(desk, "1", "record")
    assert "Late Boat" not in str(bulletin(desk, PartialDate.parse("2026-05-14"), "markdown"))


def test_no_new_text_brings_the_words_back(desk: Desk) -> None:
    remove_record(desk, "1", "An order", actor="carl")
    with desk.catalogue.transaction() as tx:
        (layer, *_) = tx.layers(1)
        with pytest.raises(Refused, match="bring them back"):
            tx.add_layer(
                recording_id=1, kind=layer.kind, language="en", origin=layer.origin, maker="x",
                run=9, turns=[], sentences=[],
            )  # fmt: skip
    with pytest.raises(Refused):
        publish(desk, 1, actor="ana", now_utc=NOW, note="again")


def test_what_was_sealed_can_be_erased_and_erasing_frees_the_media(desk: Desk) -> None:
    files = media_of(desk)
    held = set(desk.vault.objects())
    remove_record(desk, "1", "An order", actor="carl")
    sealed = set(desk.vault.objects()) - held
    assert len(sealed) == 1
    assert b"cancelling" in desk.vault.path(sealed.pop()).read_bytes()
    again = remove_record(desk, "desk/1", "Another", actor="dora")
    assert again.act.ground == "An order"
    done = remove_record(desk, "1", "Another", actor="carl", erase=True)
    assert done.freed_bytes > 0
    with desk.catalogue.snapshot() as tx:
        held_on = tx.recording(1).object
    assert held_on is not None
    left = [one for one in desk.vault.objects() if one != held_on.sha256]
    assert not set(files) & set(left)
    assert not any(b"cancelling" in desk.vault.path(one).read_bytes() for one in left)
    with desk.catalogue.snapshot() as tx:
        assert [one.act for one in tx.record_acts(1)][-1] is EditionAct.REMOVE


def test_a_withdrawn_record_keeps_number_day_and_reason(desk: Desk) -> None:
    files = media_of(desk)
    with pytest.raises(BadInput):
        withdraw_record(desk, "1", "  ", actor="ben")
    act = withdraw_record(desk, "1", "Somebody else spoke.", actor="ben")
    assert withdraw_record(desk, "1", "Twice", actor="ana") == act
    public, reader = as_role(desk, None), as_role(desk, Role.READER)
    for client in (public, reader):
        for path in ("1", "1/1", "1/s1", "desk/1"):
            answer = client.get(f"/records/{path}")
            assert (answer.status_code, "Somebody else spoke." in answer.text) == (200, True), path
            assert not SECRET.search(answer.text)
        data = client.get("/records/1.json").json()
        assert (data["number"], data["reason"]) == ("1", "Somebody else spoke.")
        for path in ("1.txt", "1.docx", "1/1.vtt", "1.bib"):
            answer = client.get(f"/records/{path}")
            assert (answer.status_code, "Somebody else spoke." in answer.text) == (410, True), path
        assert client.get("/embed/1").status_code == 410
        assert [client.get(f"/media/{one}").status_code for one in files] == [410, 410] or (
            client is public
        )
        listed = {one["number"]: one for one in client.get("/records.json").json()["records"]}
        assert set(listed["1"]) == {"series", "number", "address", "withdrawn"}
        page = client.get("/records").text
        assert "Withdrawn" in page
        assert not SECRET.search(page)
        assert not SECRET.search(client.get("/records.atom").text)
    # The speech was said whatever became of the record.
    assert find(desk, "cancelling").sentences
    with pytest.raises(Withdrawn, match="Somebody else spoke"):
        export(desk, "1", "json")
    with pytest.raises(NotFound):
        withdraw_record(desk, "99", "x", actor="ben")
    remove_record(desk, "1", "An order", actor="carl")
    assert public.get("/records/1").status_code == 410
    with pytest.raises(Gone):
        withdraw_record(desk, "1", "x", actor="ben")


def test_who_may_do_it_in_the_browser(desk: Desk) -> None:
    reason, ground = {"record": "1", "reason": "x"}, {"record": "1", "ground": "x"}
    for role, statuses in ((Role.EDITOR, (403, 403)), (Role.PUBLISHER, (None, 403))):
        client = as_role(desk, role)
        for path, body, status in zip(
            ("withdraw", "remove"), (reason, ground), statuses, strict=True
        ):
            if status is not None:
                assert client.post(f"/api/v1/records/{path}", json=body).status_code == status
        shown = client.get("/records/1").text
        assert ("/record-acts/1" in shown) == (role is Role.PUBLISHER)
        assert client.get("/record-acts/1").status_code == (200 if role is Role.PUBLISHER else 403)
    publisher, admin = as_role(desk, Role.PUBLISHER), as_role(desk, Role.ADMINISTRATOR)
    assert 'value="remove"' not in publisher.get("/record-acts/1").text
    assert 'value="remove"' in admin.get("/record-acts/1").text
    wrong = admin.post("/record-acts/1", data={"act": "remove", "ground": "x"})
    assert wrong.status_code == 400
    done = publisher.post(
        "/record-acts/1", data={"act": "withdraw", "reason": "Wrong"}, follow_redirects=False
    )
    assert done.headers["location"] == "/records/1"
    said = admin.post("/api/v1/records/remove", json=ground).json()
    assert (said["act"], said["also"]) == ("remove", [])
    with desk.catalogue.snapshot() as tx:
        lines = [one for one in tx.acts(kind="clip", subject=1) if "_record" in one.verb]
    assert [one.verb for one in lines] == ["remove_record", "withdraw_record"]
    assert "ground" not in lines[0].detail


def test_text_that_a_channel_keeps_inside_is_in_no_public_list(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        channel = tx.recording(1).channel.id or 0
        tx.set_channel_terms(channel, ChannelTerms(text=False))
    public, reader = as_role(desk, None), as_role(desk, Role.READER)
    with desk.catalogue.transaction() as tx:
        tx.add_account("rana", Role.READER, password=None, actor="x")
    for path in ("/records", "/records.json", "/records.atom", "/records/1", "/records/1.docx",
                 "/records/1.json", "/embed/1"):  # fmt: skip
        assert not says(public, path, SECRET), path
    assert says(reader, "/records", SECRET)


def test_a_days_records_in_word_are_for_the_desk(desk: Desk) -> None:
    public, reader = as_role(desk, None), as_role(desk, Role.READER)
    link = "/bulletin/2026-05-14.docx"
    assert link in reader.get("/?day=2026-05-14").text
    answer = reader.get(link)
    assert (answer.status_code, says(reader, link, SECRET)) == (200, True)
    assert answer.headers["content-disposition"].endswith("records-2026-05-14.docx")
    none = reader.get("/bulletin/1999-01-01.docx")
    assert (none.status_code, "no record of" in none.text) == (400, True)
    assert reader.get("/bulletin/yesterday.docx").status_code == 400
    with desk.catalogue.transaction() as tx:
        tx.add_account("rana", Role.READER, password=None, actor="x")
    assert link not in public.get("/?day=2026-05-14").text
    assert public.get(link, follow_redirects=False).status_code in (303, 401)
