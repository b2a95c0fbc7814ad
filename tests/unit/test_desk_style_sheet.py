"""The style sheet of the desk, and where persons of the names list were heard."""

from __future__ import annotations

from pathlib import Path

import pytest
from web_desk import add_harbour, make_desk

from offair.desk import Desk
from offair.desk.names import add_name
from offair.desk.show_appearances import show_appearances
from offair.desk.style_sheet import hold_against, list_rules, remove_rule, save_rule
from offair.model.desk_lists import StyleKind, StyleRule
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.names import Name, NameKind, Spelling


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def test_rules_are_kept_changed_and_taken_off_with_a_line_of_the_log(desk: Desk) -> None:
    made = save_rule(desk, StyleRule(StyleKind.SPELLING, " color ", "colour"), actor="rana")
    assert list_rules(desk) == (made,)
    changed = save_rule(desk, StyleRule(StyleKind.SPELLING, "color", "tint", id=made.id), actor="o")
    assert list_rules(desk) == (changed,)
    with pytest.raises(Conflict, match="already"):
        save_rule(desk, StyleRule(StyleKind.SPELLING, "color", "hue"), actor="rana")
    assert remove_rule(desk, made.id, actor="rana") == changed
    with pytest.raises(NotFound, match="no rule"):
        remove_rule(desk, made.id, actor="rana")
    with desk.catalogue.snapshot() as tx:
        assert [one.verb for one in tx.acts()] == ["remove_rule", "save_rule", "save_rule"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (StyleRule(StyleKind.DATE, "dates", "1.2.2023"), "one of"),
        (StyleRule(StyleKind.SPELLING, "...", "x"), "no word"),
        (StyleRule(StyleKind.SPELLING, " ", "x"), "1 to 200"),
        (StyleRule(StyleKind.TERM, "thug"), "say what"),
        (StyleRule(StyleKind.TERM, "x", "x"), "both"),
        (StyleRule(StyleKind.TERM, "x", "y", language="klingonish"), "no language"),
        (StyleRule(StyleKind.TERM, "x", "y", "n" * 2_000), "a note"),
        (StyleRule(StyleKind.TERM, "x\x07", "y"), "control"),
    ],
)
def test_a_rule_that_cannot_be_is_told(desk: Desk, rule: StyleRule, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        save_rule(desk, rule, actor="rana")
    assert list_rules(desk) == ()


def test_a_text_is_held_against_the_sheet_and_the_names_list(desk: Desk) -> None:
    save_rule(desk, StyleRule(StyleKind.SPELLING, "color", "colour"), actor="rana")
    other = (Spelling("Tara Keen"), Spelling("T. Kean"))
    add_name(desk, Name(NameKind.PERSON, "Tara Keane", "تارا كين", other), actor="rana")
    add_name(desk, Name(NameKind.PERSON, "Tom Kean", None, (Spelling("T. Kean"),)), actor="rana")
    found = hold_against(desk, "The color that Tara Keen and T. Kean and تارا كين like.", "en")
    assert [(one.found, one.proposal) for one in found] == [
        ("color", "colour"), ("Tara Keen", "Tara Keane"),
    ]  # fmt: skip


def test_where_a_person_was_heard(desk: Desk) -> None:
    recording = add_harbour(desk)
    with desk.catalogue.snapshot() as tx:
        speaker = tx.persons()[0].name
    made = add_name(desk, Name(NameKind.PERSON, "X Y", None, (Spelling(speaker),)), actor="rana")
    shown = show_appearances(desk, made.name.id)
    (row,) = shown.rows
    assert row.recording.id == recording
    assert row.appearance.turns > 0
    assert shown.spoken_ms == row.appearance.spoken_ms > 0
    assert [month for month, _ in shown.months] == ["2026-05"]
    with pytest.raises(NotFound):
        show_appearances(desk, 99)


def test_a_withheld_person_appears_nowhere(desk: Desk) -> None:
    add_harbour(desk)
    with desk.catalogue.transaction() as tx:
        speaker = tx.persons()[0]
        assert speaker.id is not None
        tx.withhold(speaker.id, withheld=True, why="safety", actor="rana")
    made = add_name(desk, Name(NameKind.PERSON, speaker.name), actor="rana")
    assert show_appearances(desk, made.name.id).rows == ()
