"""What clauses of a headline and a summary rest on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from clips_made import MARSH, ground, harbour_turns
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.formats import record_text
from offair.model.clip_work import ClauseKind, Proof
from offair.model.time import PartialDate
from offair.model.transcript import LayerKind, LayerOrigin
from offair.text.clause_facts import RecordFacts
from offair.text.clause_ground import Ground
from offair.text.clause_proofs import propose
from offair.text.clause_words import SaidTurn
from offair.text.judge_places import Voice
from offair.text.lexicon import is_function_word
from offair.text.tokenise import tokens

SAID, FACT = ClauseKind.SAID, ClauseKind.RECORD_FACT
BACKGROUND, UNSUPPORTED = ClauseKind.BACKGROUND, ClauseKind.UNSUPPORTED
HARBOUR = ground()


def proofs(text: str, part: int = 1, on: Ground = HARBOUR) -> tuple[Proof, ...]:
    """The proofs of one paragraph, or of a headline (part 0)."""
    return propose(7, {part: text}, on)


def proof(text: str, part: int = 1, on: Ground = HARBOUR) -> Proof:
    """The proof of one clause."""
    (found,) = proofs(text, part, on)
    return found


def linked(found: Proof) -> list[str]:
    """The words that a proof links."""
    turns = harbour_turns()
    return [turns[one.turn_id - 1][1][one.char_start : one.char_end] for one in found.links]


@pytest.mark.parametrize(
    ("clause", "kind"),
    [
        ("Marsh said that a single ticket costs three euros.", SAID),
        ("Marsh said that a single ticket costs four euros.", UNSUPPORTED),
        ("Marsh said that a single ticket costs three dollars.", UNSUPPORTED),
        ("He said there will be fourteen crossings a day.", SAID),
        ("He said there will be 12 crossings a day.", UNSUPPORTED),
        ("Marsh said that the late boat is not being cancelled.", SAID),
        ("Marsh said that the late boat is being cancelled.", UNSUPPORTED),
        ("He denied that the late boat is being cancelled.", SAID),
        ("Marsh said that the ticket will cost more this year.", UNSUPPORTED),
        ("Marsh said they do not sail when the wind is above 50 kilometres an hour.", SAID),
        ("Nora Whitlow said that the late boat stays.", UNSUPPORTED),
        ("John Smith said that the late boat stays.", UNSUPPORTED),
        ("He promised that the boat will run in winter.", UNSUPPORTED),
        ("Whitlow asked whether the boat will run in winter.", SAID),
        ("Whales sang in the deep ocean.", UNSUPPORTED),
        ("It is what it was, and so on.", UNSUPPORTED),
        ("He spoke in an interview with Harbour One (Ireland) on May 14, 2026.", FACT),
        ("He spoke in an interview with Harbour One (Ireland) on May 15, 2026.", UNSUPPORTED),
        ("He spoke in an interview with Tower Two on May 14, 2026.", UNSUPPORTED),
        ("The interview aired on Morning Quay on 14 May.", FACT),
        ("The interview was broadcast in May 2026 on Harbour One.", FACT),
        ("Minister of Transport Daniel Marsh", UNSUPPORTED),
        ("قال مارش إن المركب باق", UNSUPPORTED),
    ],
)
def test_a_clause_rests_on_what_was_said_or_stands_in_the_fields(
    clause: str, kind: ClauseKind
) -> None:
    found = proof(clause)
    assert found.kind is kind, found.reasons
    assert found.reasons


def test_words_that_were_said_are_linked_and_own_words_told_from_paraphrase() -> None:
    own = proof("A single ticket costs three euros today.")
    assert own.own_words
    assert linked(own) == ["single ticket costs three euros today"]
    other = proof("Answers came in from 86 houses on the north side in March.")
    assert other.kind is SAID
    assert not other.own_words
    assert other.differing
    assert "86" in linked(other)[0]


def test_words_in_quotation_marks_are_checked_word_for_word() -> None:
    good = proof("Marsh called the timetable “only a piece of paper”.")
    assert good.kind is SAID
    assert "only a piece of paper" in linked(good)
    bad = proof("Marsh called the timetable “only a sheet of paper”.")
    assert bad.kind is UNSUPPORTED
    assert "altered" in bad.reasons[0]
    nowhere = proof("Marsh said: “Elephants fly over volcanoes.”")
    assert nowhere.kind is UNSUPPORTED
    # The programme's own title is no quotation.
    assert proof("The interview aired on “Morning Quay”.").kind is FACT


def test_an_office_is_checked_against_the_names_list_on_the_date() -> None:
    label, _ = proofs("Harbour Master Daniel Marsh: The Late Boat Stays", 0)
    assert label.kind is BACKGROUND
    assert label.field == "names list: Daniel Marsh, Harbour Master of Port Callan"
    past, _ = proofs("Minister of Transport Daniel Marsh: The Late Boat Stays", 0)
    assert past.kind is UNSUPPORTED
    assert "2010 to 2014, not on 2026-05-14" in past.reasons[0]
    king, _ = proofs("King Daniel Marsh: The Late Boat Stays", 0)
    assert king.kind is UNSUPPORTED
    unlisted = Ground(HARBOUR.runs, "en", HARBOUR.facts, aired=HARBOUR.aired)
    unknown, _ = proofs("Harbour Master Daniel Marsh: The Late Boat Stays", 0, unlisted)
    assert unknown.kind is UNSUPPORTED
    bare, _ = proofs("Daniel Marsh: The Late Boat Stays", 0, unlisted)
    assert bare.kind is FACT
    assert bare.field == "speaker: Daniel Marsh"


def test_the_words_of_a_headline_belong_to_whom_it_names() -> None:
    _, said = proofs("Nora Whitlow: The Late Boat Stays", 0)
    assert said.kind is UNSUPPORTED
    assert "Daniel Marsh's, not Nora Whitlow's" in said.reasons[0]


def test_conditions_are_told_and_spellings_found() -> None:
    turns = [("Ana Silva", "If the wind drops we will colour the harbour wall green in October.")]
    found = proof("Silva said they will color the harbor wall green.", on=ground(turns))
    assert found.kind is SAID
    assert any("condition (“If”)" in one for one in found.reasons)


def test_words_gathered_here_and_there_are_no_statement() -> None:
    turns = [("Ana Silva", "We will cut taxes. We will raise wages. Iran attacked Iraq at night.")]
    assert proof("Silva said they will raise wages.", on=ground(turns)).kind is SAID
    assert proof("Silva said they will raise taxes.", on=ground(turns)).kind is UNSUPPORTED
    turned = proof("Silva said that Iraq attacked Iran.", on=ground(turns))
    assert any("another order" in one for one in turned.reasons)
    straight = proof("Silva said that Iran attacked Iraq.", on=ground(turns))
    assert not any("another order" in one for one in straight.reasons)


def test_other_languages_and_scripts_are_held_against_speech() -> None:
    arabic = ground(
        [(None, "ستبحر العبّارة الأولى في السادسة والنصف، ولن تلغى الرحلة المسائية.")], "ar"
    )
    assert proof("العبارة الأولى تبحر في السادسة والنصف", on=arabic).kind is SAID
    assert proof("الرحلة المسائية تلغى", on=arabic).kind is UNSUPPORTED
    german = ground([(None, "Wir öffnen die neue Brücke im Mai nicht.")], "de")
    assert proof("Die neue Brücke wird im Mai nicht geöffnet.", on=german).kind is SAID
    assert proof("Die neue Brücke öffnet im Mai.", on=german).kind is UNSUPPORTED
    chinese = ground([(None, "大桥将在五月开放，票价是三元。")], "zh")
    assert proof("大桥将在五月开放。", on=chinese).kind is SAID
    assert proof("飞机昨天坠毁了。", on=chinese).kind is UNSUPPORTED


def test_links_count_characters_of_the_whole_turn() -> None:
    cut = SaidTurn(3, "the late boat stays.", 40, Voice("Daniel Marsh"))
    on = Ground(((cut,),), "en", RecordFacts())
    found = proof("The late boat stays here.", on=on)
    assert [(one.turn_id, one.char_start) for one in found.links] == [(3, 44)]


def test_a_clip_without_words_supports_nothing() -> None:
    empty = Ground((), "en", RecordFacts())
    assert proof("The late boat “stays” here.", on=empty).kind is UNSUPPORTED


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["the", "of", "and", "he", "that", "is", "on", "in"]), min_size=1))
def test_function_words_alone_never_support_a_clause(words: list[str]) -> None:
    text = " ".join(words)
    assert all(is_function_word(one.form, "en") for one in tokens(text, "en"))
    assert all(one.kind is not SAID for one in proofs(text))


@settings(max_examples=40)
@given(st.text(max_size=60), st.integers(0, 2))
def test_any_text_is_proved_the_same_twice_and_inside_itself(text: str, part: int) -> None:
    first = propose(1, {part: text}, HARBOUR)
    assert first == propose(1, {part: text}, ground())
    for one in first:
        assert one.clause == text[one.char_start : one.char_end]
        assert (one.kind is SAID) <= bool(one.links)


def test_the_published_example(shared: Path) -> None:
    record = record_text.read((shared / "records" / "8914.txt").read_bytes()).record
    names = {one.key: one.name for one in record.speakers}
    turns = tuple(
        SaidTurn(
            number, "\n".join(one.text for one in turn.paragraphs), 0,
            Voice(names.get(turn.speaker or "")),
        )
        for number, turn in enumerate(record.turns, 1)
    )  # fmt: skip
    aired = PartialDate.parse("2021-06-01")
    facts = RecordFacts(record.channel, record.country, aired, None, "8914", record.run_time_ms)
    on = Ground((turns,), "en", facts, LayerKind.TRANSLATION, LayerOrigin.IMPORT, aired)
    parts = {0: record.headline or ""} | {
        number: one.text for number, one in enumerate(record.summary, 1)
    }
    found = propose(1, parts, on)
    kinds = [one.kind for one in found]
    # A role and an office nobody put on the names list; all else is said, or a field of the record.
    assert kinds.count(UNSUPPORTED) == 2
    unproved = [one.clause.lower() for one in found if one.kind is UNSUPPORTED]
    assert all(one.startswith("iraqi militia leader qais khazali") for one in unproved)
    assert kinds.count(FACT) == 1
    targets = next(one for one in found if "military targets" in one.clause)
    assert targets.kind is SAID
    assert "military targets" in targets.differing
    astounded = next(one for one in found if "astounded" in one.clause)
    assert any("“astounded” is as in our translation" in one for one in astounded.reasons)


def test_a_withheld_or_unlisted_name_is_no_error() -> None:
    assert replace(HARBOUR, names=(MARSH, MARSH)).persons.spelt(["daniel", "marsh"]) is not None
