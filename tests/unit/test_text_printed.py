"""The editorial grammar of printed quotations: what is said to have been spoken, what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.printed import PrintedWords, read_printed


def words(text: str, language: str | None = "en") -> tuple[PrintedWords, list[str]]:
    found = read_printed(text, language)
    return found, [one.form for one in found.tokens]


@pytest.mark.parametrize(
    "text",
    [
        "We sail at dawn,” she said, “and we return.",
        "“We sail at dawn,” she said, “and we return.”",
        '"We sail at dawn," she said, "and we return."',
        "We sail at dawn,' she said, 'and we return.",
        "We sail at dawn,” said Mr. Roe, “and we return.",
        "We **sail** at _dawn_, and we ~~return~~",
        "We sail at dawn, and [we](https://example.org/x) return",
        "[W]e sail at dawn, and we retur[n]",
        "We sail at dawn\n\n“and we return",
    ],
)
def test_what_is_not_quoted_is_taken_off(text: str) -> None:
    found, forms = words(text)
    assert forms == ["we", "sail", "at", "dawn", "and", "we", "return"]
    assert not found.gaps


@pytest.mark.parametrize(
    ("text", "language", "forms"),
    [
        ("« Nous partons », dit-il, « et nous revenons »", "fr", "nous partons et nous revenons"),
        ("Wir gehen«, sagte er, »und kommen wieder", "de", "wir gehen und kommen wieder"),
        ("„Wir gehen“, sagte er, „und kommen wieder“", "de", "wir gehen und kommen wieder"),
        ("«سنرحل»، قال المدير، «ثم نعود»", "ar", "سنرحل ثم نعود"),
        ("「出発します」と彼は言った、「また来ます」", "ja", "出 発 し ま す ま た 来 ま す"),
    ],
)
def test_an_attribution_inside_one_sentence_joins_in_every_script(
    text: str, language: str, forms: str
) -> None:
    found, read = words(text, language)
    assert read == forms.split()
    assert not found.gaps


def test_a_new_printed_sentence_may_leave_something_out_and_shows_no_ellipsis() -> None:
    found, forms = words("“We sail at dawn,” she said. “We return.”")
    assert forms == ["we", "sail", "at", "dawn", "we", "return"]
    assert found.gaps == {4}
    assert found.marked == frozenset()


def test_a_quotation_inside_a_quotation_belongs_to_it() -> None:
    _, forms = words("He told me “go home” and I don't mind the workers' rights")
    assert " ".join(forms) == "he told me go home and i dont mind the workers rights"


@pytest.mark.parametrize("dots", ["…", "...", ". . .", "[…]", "(...)", "［…］", "⋯⋯"])
def test_ellipses_split_and_are_marked(dots: str) -> None:
    found, forms = words(f"we sail {dots} at dawn")
    assert forms == ["we", "sail", "at", "dawn"]
    assert found.gaps == found.marked == {2}
    assert (found.cut_before, found.cut_after) == (False, False)
    edges, _ = words(f"{dots} we sail at dawn {dots}")
    assert (edges.cut_before, edges.cut_after) == (True, True)


@pytest.mark.parametrize("text", ["we [the crew] sail", "we (the crew) sail", "we【the crew】sail"])
def test_words_in_brackets_are_the_editors(text: str) -> None:
    found, forms = words(text)
    assert forms == ["we", "the", "crew", "sail"]
    assert found.bracketed == {1, 2}
    assert found.spoken_forms == ("we", "sail")


def test_notes_and_placeholders_are_the_editors_too() -> None:
    found, forms = words("that [expletive] boat [sic] sank (laughter) again")
    assert [forms[index] for index in sorted(found.bracketed)] == ["expletive", "sic", "laughter"]


def test_changed_letters_are_known() -> None:
    found, forms = words("[T]hey say[s] so")
    assert forms == ["they", "says", "so"]
    assert found.lettered == {0, 1}


def test_a_bracket_that_never_closes_is_read_as_words() -> None:
    found, forms = words("we [the crew sail")
    assert forms == ["we", "the", "crew", "sail"]
    assert not found.bracketed


def test_a_question_is_known() -> None:
    assert words("Shall we sail?”")[0].asks
    assert words("هل نرحل؟", "ar")[0].asks
    assert not words("Shall we? We sail")[0].asks


@given(st.text(st.sampled_from("ab“”\"'‘’«»[](){}…._*~` \n,!?"), max_size=60))
@settings(max_examples=150)
def test_any_text_is_read(text: str) -> None:
    found = read_printed(text, "en")
    inside = range(len(found.tokens))
    assert found.bracketed | found.lettered <= set(inside)
    assert found.marked <= found.gaps <= set(range(len(found.tokens) + 1))
    ends = [0, *(end for one in found.tokens for end in (one.char_start, one.char_end))]
    assert ends == sorted(ends)
    assert ends[-1] <= len(text)
