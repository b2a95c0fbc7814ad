"""Who may be called somebody else: persons by their full names, never bodies, groups or roles."""

from __future__ import annotations

import pytest

from offair.model.finding import SpeakerFinding
from offair.model.names import Name, NameKind, Office
from offair.model.time import PartialDate
from offair.text.judge_places import Voice
from offair.text.judge_speaker import KnownNames, Same, speaker_of
from offair.text.person_names import is_full_name, is_no_person

ON = PartialDate.parse("2021-06-01")
SMITH = Name(
    NameKind.PERSON, "Ann Smith", "Анна Смит",
    offices=(Office("President", PartialDate.parse("2020-01-01")),), id=1,
)  # fmt: skip
BODY = Name(NameKind.BODY, "the Harbour Board", id=2)
BOB = Name(NameKind.PERSON, "Bob Doe", id=3)
KNOWN = KnownNames((SMITH, BODY, BOB))


@pytest.mark.parametrize(
    ("claimed", "shown", "same"),
    [
        ("Jane Doe", "THE PRESIDENT", Same.NO),
        ("Senator Jane Doe", "the President", Same.NO),
        ("Jane van der Berg", "the President", Same.NO),
        ("Джейн Доу", "the President", Same.NO),
        ("the President", "Jane Doe", Same.NO),
        ("Smith", "the President", Same.SPELLED),
        ("Ann Smith", "the President", Same.SPELLED),
        ("Jane Smith", "the President", Same.UNSURE),
        ("Ann Doe", "the President", Same.UNSURE),
        ("Anne Smyth", "the President", Same.UNSURE),
        ("Roe", "the President", Same.UNSURE),
        ("J. Doe", "the President", Same.UNSURE),
        ("جين دو", "the President", Same.UNSURE),
        ("jane doe", "the President", Same.UNSURE),
        ("the White House", "the President", Same.UNSURE),
        ("White House", "the President", Same.UNSURE),
        ("White House officials", "the President", Same.UNSURE),
        ("the Foreign Ministry", "the President", Same.UNSURE),
        ("a spokesman", "the President", Same.UNSURE),
        ("Senior Officials", "the President", Same.UNSURE),
        ("Downing Street", "the President", Same.UNSURE),
        ("the White House", "Jane Doe", Same.UNSURE),
        ("Justice Department", "Jane Doe", Same.UNSURE),
        ("Министерство обороны", "Анна Смит", Same.UNSURE),
        ("Ministère Français", "the President", Same.UNSURE),
        ("Полиция Москвы", "the President", Same.UNSURE),
        ("the Harbour Board", "Ann Smith", Same.UNSURE),
        ("White House Press Secretary Jane Doe", "Ann Smith", Same.NO),
        ("Jane Doe", "the Chancellor", Same.UNSURE),
        ("Jane Doe", "Ann Smith", Same.NO),
        ("Bob Doe", "Ann Smith", Same.NO),
    ],
)
def test_a_name_that_the_list_has_not_beside_an_office_that_it_has(
    claimed: str, shown: str, same: Same
) -> None:
    assert KNOWN.same(claimed, shown, ON) is same


def test_the_office_of_another_day_tells_nobody_apart() -> None:
    before = PartialDate.parse("2019-06-01")
    assert KNOWN.same("Jane Doe", "the President", before) is Same.UNSURE


def test_a_confirmed_office_is_somebody_else_and_the_reason_names_its_holder() -> None:
    voice = Voice("The President", None, True, True)
    other = speaker_of("Jane Doe", voice, ON, None, KNOWN)
    assert other.finding is SpeakerFinding.SOMEBODY_ELSE
    assert "“The President” is the office of Ann Smith on 2021-06-01" in other.reason
    body = speaker_of("the White House", voice, ON, None, KNOWN)
    assert body.finding is SpeakerFinding.UNCONFIRMED


@pytest.mark.parametrize(
    ("claimed", "shown", "office"),
    [("the President", "Ann Smith", "the President"), ("Ann Smith", "THE PRESIDENT", "THE PRES")],
)
def test_an_office_is_no_other_spelling(claimed: str, shown: str, office: str) -> None:
    told = speaker_of(claimed, Voice(shown, None, True, True), ON, None, KNOWN)
    assert told.finding is SpeakerFinding.AS_CLAIMED
    assert "spelling" not in told.reason
    assert f"“{office}" in told.reason
    assert "office of Ann Smith" in told.reason
    spelt = speaker_of("Анна Смит", Voice("Ann Smith", None, True, True), ON, None, KNOWN)
    assert "taken for another spelling of the name" in spelt.reason


@pytest.mark.parametrize("name", ["Ann Roe", "Dr. Ann M. Roe", "Ludwig van Beethoven", "ANN ROE"])
def test_full_names(name: str) -> None:
    assert is_full_name(name)
    assert not is_no_person(name)


@pytest.mark.parametrize(
    "name",
    ["", "Roe", "the Roe family", "Green Party", "ann roe", "12 34", "–", "Wall Street",
     "A Neighbour", "Police Officers", "وزارة الخارجية", "Oliver North"],
)  # fmt: skip
def test_no_full_names(name: str) -> None:
    assert not is_full_name(name)
