"""The pages of names and of the style sheet, their forms, and who may use them."""

from __future__ import annotations

from pathlib import Path

import pytest
from logged_in import AsAccount
from starlette.testclient import TestClient
from web_desk import add_harbour, make_desk

from offair.desk import Desk
from offair.desk.names import list_names
from offair.desk.style_sheet import list_rules
from offair.model.people import Role
from offair.web.application import app


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = make_desk(tmp_path)
    add_harbour(made)
    return made


def client(desk: Desk, role: Role | None = None) -> TestClient:
    made = app(desk) if role is None else AsAccount(app(desk), role)
    return TestClient(made, base_url="http://localhost", follow_redirects=False)


FORM = {
    "kind": "person",
    "house": "Tara <b>Keane",
    "native": "تارا كين",
    "spellings": "Tara Keen [Reuters]\n\n T. Keane ",
    "offices": "Harbour Master [2014-09..2018]",
    "authority": "wikidata:Q42",
}


def test_a_name_is_made_shown_changed_and_taken_off_by_forms(desk: Desk) -> None:
    editor = client(desk, Role.EDITOR)
    answer = editor.post("/names", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/names/1")
    page = editor.get("/names/1").text
    for shown in ("Tara &lt;b&gt;Keane", "تارا كين", "Reuters", "Harbour Master [2014-09..2018]"):
        assert shown in page
    answer = editor.post("/names/1", data={**FORM, "house": "Tara Keane", "spellings": ""})
    assert answer.status_code == 303
    (name,) = list_names(desk)
    assert (name.house, name.spellings) == ("Tara Keane", ())
    assert editor.post("/names/1", data={"remove": "1"}).headers["location"] == "/names"
    assert list_names(desk) == ()
    assert editor.get("/names/1").status_code == 404


def test_the_list_is_searched_in_any_script_and_goes_out_as_a_table(desk: Desk) -> None:
    editor = client(desk, Role.EDITOR)
    editor.post("/names", data={**FORM, "house": "Tara Keane"})
    editor.post("/names", data={"kind": "place", "house": "North Quay"})
    assert "North Quay" not in editor.get("/names?q=%D9%83%D9%8A%D9%86").text
    assert [one["house"] for one in editor.get("/names.json?kind=place").json()["names"]] == [
        "North Quay"
    ]
    assert "Tara Keane" in editor.get("/names.csv").text
    assert editor.get("/names?kind=ghost").status_code == 400
    assert editor.get("/names?q=...").status_code == 400


def test_where_somebody_was_heard_stands_on_the_page(desk: Desk) -> None:
    with desk.catalogue.snapshot() as tx:
        speaker = tx.persons()[0].name
    editor = client(desk, Role.EDITOR)
    editor.post("/names", data={"kind": "person", "house": speaker})
    page = editor.get("/names/1").text
    assert 'href="/recordings/1?layer=' in page
    heard = editor.get("/names/1.json").json()
    assert heard["spoken_ms"] == sum(one["spoken_ms"] for one in heard["appearances"]) > 0


def test_only_editors_change_names_and_rules(desk: Desk) -> None:
    for role, status in ((None, 401), (Role.READER, 403)):
        other = client(desk, role)
        assert other.post("/names", data=FORM).status_code == status
        assert other.post("/names/1", data=FORM).status_code == status
        assert other.post("/style", data={"kind": "term"}).status_code == status
        assert "<form class" not in other.get("/style").text
    assert list_names(desk) == ()


def test_the_style_sheet_is_kept_by_its_forms(desk: Desk) -> None:
    editor = client(desk, Role.EDITOR)
    rule = {"kind": "spelling", "off": "color", "house": "colour", "language": "en"}
    assert editor.post("/style", data=rule).status_code == 303
    page = editor.get("/style").text
    assert "colour" in page
    asked = {"text": "A color.", "language": "en"}
    (mark,) = editor.post("/api/v1/style/marks", json=asked).json()["marks"]
    assert (mark["start"], mark["end"], mark["proposal"]) == (2, 7, "colour")
    number = editor.get("/style.json").json()["rules"][0]["id"]
    assert (
        editor.post("/style", data={**rule, "id": str(number), "house": "hue"}).status_code == 303
    )
    assert list_rules(desk)[0].house == "hue"
    assert editor.post("/style", data={**rule, "kind": "mood"}).status_code == 400
    assert editor.post("/style", data={**rule, "id": "-1"}).status_code == 400
    assert editor.post("/style", data={"id": str(number), "remove": "1"}).status_code == 303
    assert list_rules(desk) == ()
