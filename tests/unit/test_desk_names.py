"""The names list: kept, found by any spelling, taken in and written as a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_desk import make_desk

from offair.desk import Desk
from offair.desk.names import (
    NameChange,
    add_name,
    change_name,
    checked_name,
    export_names,
    import_names,
    list_names,
    remove_name,
    show_name,
)
from offair.formats import names_csv
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.names import Name, NameKind, Office, Spelling
from offair.model.time import PartialDate

JAAFARI = Name(
    NameKind.PERSON,
    "Ibrahim Al-Jaafari",
    "إبراهيم الجعفري",
    (Spelling("Ibrahim al-Ja'fari", "Reuters"), Spelling("Jaafari")),
    "wikidata:Q311728",
    (Office("Foreign Minister", PartialDate.parse("2014-09"), PartialDate.parse("2018-10-25")),),
)


BACKWARDS = Office("Mayor", PartialDate.parse("2018-05"), PartialDate.parse("2018-04-30"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


def test_a_name_is_found_by_number_and_by_every_spelling(desk: Desk) -> None:
    added = add_name(desk, JAAFARI, actor="ana")
    for which in ("1", "Ibrahim Al-Jaafari", "ibrahim al jaafari", "إبراهيم الجعفرى", "JAAFARI"):
        assert show_name(desk, which) == added


def test_a_name_is_listed_by_its_kind_and_by_words_of_its_spellings(desk: Desk) -> None:
    person = add_name(desk, JAAFARI, actor="ana").name
    body = add_name(desk, Name(NameKind.BODY, "Harbour Office"), actor="ana").name
    assert list_names(desk) == (body, person)
    assert list_names(desk, kind=NameKind.BODY) == (body,)
    assert list_names(desk, containing="OFFICE") == (body,)
    assert list_names(desk, containing="الجعفري") == (person,)
    assert list_names(desk, containing="al-ja'fari") == (person,)
    assert list_names(desk, containing="Office Harbour") == ()
    with pytest.raises(BadInput, match="no word to look for"):
        list_names(desk, containing="…")


def test_a_common_spelling_is_allowed_and_said(desk: Desk) -> None:
    first = add_name(desk, Name(NameKind.PERSON, "Ada Finch", spellings=(Spelling("Finch"),)),
                     actor="ana")  # fmt: skip
    assert first.shared == ()
    second = add_name(desk, Name(NameKind.PLACE, "FINCH"), actor="ana")
    (shared,) = second.shared
    assert (shared.spelling, shared.name, shared.other) == ("FINCH", second.name, first.name)
    assert len(show_name(desk, "1").shared) == 1
    with pytest.raises(BadInput, match="1 \\(person, Ada Finch\\), 2 \\(place, FINCH\\)"):
        show_name(desk, "finch")
    with pytest.raises(Conflict, match="already"):
        add_name(desk, Name(NameKind.PLACE, " FINCH "), actor="ana")


def test_what_is_given_of_a_name_is_changed_and_the_rest_stays(desk: Desk) -> None:
    add_name(desk, JAAFARI, actor="ana")
    saved = change_name(
        desk, "Jaafari",
        NameChange(native="", spellings=[Spelling("Jafari")], authority="VIAF: 113230702"),
        actor="ana",
    ).name  # fmt: skip
    assert (saved.native, saved.spellings) == (None, (Spelling("Jafari"),))
    assert (saved.authority, saved.offices) == ("viaf:113230702", JAAFARI.offices)
    assert change_name(desk, "1", NameChange(spellings=[]), actor="ana").name.spellings == ()
    assert change_name(desk, "1", NameChange(house="Jafari"), actor="ana").name.house == "Jafari"
    with pytest.raises(BadInput, match="the house spelling is empty"):
        change_name(desk, "1", NameChange(house=" "), actor="ana")
    assert remove_name(desk, "1", actor="ana").house == "Jafari"
    for act in (show_name, lambda *which: remove_name(*which, actor="ana")):
        with pytest.raises(NotFound, match="no name"):
            act(desk, "1")
    with pytest.raises(NotFound):
        show_name(desk, "Jafari")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (Name(NameKind.PERSON, ""), "empty"),
        (Name(NameKind.PERSON, "…"), "no letter"),
        (Name(NameKind.PERSON, "A" * 201), "201 characters"),
        (Name(NameKind.PERSON, "Ada\x1b[31m"), "control"),
        (Name(NameKind.PERSON, "Ada\u202enhoJ"), "direction"),
        (Name(NameKind.PERSON, "Ada\ud800"), "unknown"),
        (Name(NameKind.PERSON, '=HYPERLINK("x")'), "formula"),
        (Name(NameKind.PERSON, "Ada", spellings=(Spelling("A [B]"),)), "separate"),
        (Name(NameKind.PERSON, "Ada", spellings=(Spelling("Ad", " "),)), "whose is empty"),
        (Name(NameKind.PERSON, "Ada", native="\0"), "control"),
        (Name(NameKind.PERSON, "Ada", authority="Q42"), "no authority id"),
        (Name(NameKind.PERSON, "Ada", authority="wikidata:42"), "wikidata:Q42"),
        (Name(NameKind.PERSON, "Ada", authority="viaf:x y"), "no authority id"),
        (Name(NameKind.PERSON, "Ada", offices=(Office(""),)), "an office is empty"),
        (
            Name(
                NameKind.PERSON, "Ada",
                offices=(BACKWARDS,),
            ),
            "before it begins",
        ),
        (Name(NameKind.PERSON, "Ada", spellings=(Spelling("a"),) * 201), "more than 200"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_stand_is_refused(name: Name, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        checked_name(name)


def test_an_office_held_within_one_year_may_be_known_by_half() -> None:
    office = Office("Mayor", PartialDate.parse("2018-05"), PartialDate.parse("2018"))
    assert checked_name(Name(NameKind.PERSON, "Ada", offices=(office,))).offices == (office,)


def test_a_table_is_taken_in_whole(desk: Desk) -> None:
    add_name(desk, Name(NameKind.PERSON, "Ada Finch", native="Ада"), actor="ana")
    add_name(desk, Name(NameKind.BODY, "Harbour Office"), actor="ana")
    table = (
        "\ufeffHouse;KIND;spellings;offices\r\n"
        "Ada Finch;Person;Finch | A. Finch [BBC];Mayor [2014..]\r\n"
        "\r\n"
        '"Harbour Office";body;;\r\n'
        "Lir;place;\r\n"
    )
    taken = import_names(desk, table.encode(), "names.csv", actor="ana")
    assert (taken.made, taken.changed, taken.same) == (1, 1, 1)
    ada = show_name(desk, "A. Finch").name
    assert (ada.id, ada.native, ada.spellings[1].whose) == (1, None, "BBC")
    assert ada.offices == (Office("Mayor", PartialDate.parse("2014"), None),)
    assert import_names(desk, table.encode(), "names.csv", actor="ana").same == 3


def test_a_table_with_bad_rows_changes_nothing_and_names_them(desk: Desk) -> None:
    table = (
        "kind,house,authority,spellings,offices\n"
        "person,Ada Finch,,,\n"
        "persn,Bo,,,\n"
        "person,,,,\n"
        'person,"Two\nlines",viaf:0,,\n'
        "person,Cy,,A||B,\n"
        "person,Di,,,Mayor [2014]\n"
        "person,Ed,,,Mayor [2014-13..]\n"
        "person,Ada  Finch,,,\n"
    )
    with pytest.raises(BadInput) as raised:
        import_names(desk, table.encode(), "names.csv", actor="ana")
    said = str(raised.value)
    assert said.startswith("nothing of names.csv was taken in")
    for line in ("line 3: 'persn'", "line 4: there is no house", "line 7:", "line 8:", "line 9:"):
        assert line in said
    assert list_names(desk) == ()
    good = "kind,house,authority\nperson,Ada,\nperson,Ada,\nbody,Bo,viaf:0\n"
    with pytest.raises(BadInput) as raised:
        import_names(desk, good.encode(), "names.csv", actor="ana")
    assert "line 3: 'Ada' stands on line 2 already; line 4: 'viaf:0' has not" in str(raised.value)
    assert list_names(desk) == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"name,kind\nAda,person\n", "must name columns"),
        (b"kind,house,house\n", "each once"),
        (b"kind,house\nperson,Ada,Finch\n", "line 2 of names.csv has 3 columns"),
        (b"kind,house\nperson,\xff\n", "not UTF-8"),
        (b"kind,house\nperson,A\0da\n", "null bytes"),
        (b'kind,house\nperson,"Ada\n', "no table"),
        (b"kind,house\nperson," + b"a" * 200_000 + b"\n", "no table"),
        (b"kind,house\n" + b"x,y\n" * 12, "and 2 more"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        names_csv.read(data, "names.csv")


def test_a_table_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_csv, "MOST_NAMES", 3)
    with pytest.raises(BadInput, match="more than 3 names"):
        names_csv.read(b"kind,house\n" + b"person,Ada\n" * 4, "names.csv")
    monkeypatch.setattr(names_csv, "LARGEST_BYTES", 10)
    with pytest.raises(BadInput, match="22 bytes"):
        names_csv.read(b"kind,house\nperson,Ada\n", "names.csv")


texts = st.text(st.sampled_from("Aaé ',;\"-ب\n"), min_size=1, max_size=8).map(lambda one: f"N{one}")
dates = st.none() | st.sampled_from(["2014", "2014-09", "2018-10-25"]).map(PartialDate.parse)
names = st.builds(
    Name,
    st.sampled_from(list(NameKind)),
    texts,
    st.none() | texts,
    st.lists(st.builds(Spelling, texts, st.none() | texts), max_size=3).map(tuple),
    st.none() | st.just("wikidata:Q1"),
    st.lists(st.builds(Office, texts, dates, dates), max_size=2).map(tuple),
)


@given(st.lists(names, max_size=4))
@settings(max_examples=60)
def test_a_table_gives_back_what_was_written(given_names: list[Name]) -> None:
    kept = []
    for one in given_names:
        try:
            kept.append(checked_name(one))
        except BadInput:
            continue
    read = names_csv.read(names_csv.write(kept).encode(), "names.csv")
    assert [name for _, name in read] == kept


def test_the_list_is_written_as_it_is_taken_in(desk: Desk, tmp_path: Path) -> None:
    add_name(desk, JAAFARI, actor="ana")
    written = export_names(desk)
    other = make_desk(tmp_path / "other")
    import_names(other, written.encode(), "names.csv", actor="ana")
    assert list_names(other) == list_names(desk)
    other.catalogue.close()
