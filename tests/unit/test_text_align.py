"""Word alignment: exact against a plain quadratic reference, and honest about every edit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput
from offair.model.finding import EditClass, EditKind
from offair.text import align_arcs, word_variants
from offair.text.align import Alignment, Edit, align
from offair.text.costs import StepCosts, step_costs
from offair.text.critical_words import obligations
from offair.text.difference import Difference, difference
from offair.text.printed import parse_printed, printed_words
from offair.text.tokenise import Token, tokens

WORDS = st.sampled_from(
    str.split(
        "the a we not dont do never will would twenty six 26 26% percent colour color "
        "attack attacked uh um house houses every one everyone Obama policy police I "
        "said two thousand $5 five dollars"
    )
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join)


def reference_cost(steps: StepCosts, m: int, n: int, *, whole: bool) -> int:
    """The plain quadratic recurrence, one cell at a time."""
    table = [[0] * (n + 1) for _ in range(m + 1)]
    for i in range(m + 1):
        skips = [int(value) for value in steps.skips(i)]
        for j in range(n + 1):
            if i == 0 and (j == 0 or not whole):
                continue
            options = []
            if i:
                options.append(table[i - 1][j] + int(steps.added[i - 1]))
            if j:
                options.append(table[i][j - 1] + skips[j - 1])
            if i and j:
                options.append(table[i - 1][j - 1] + int(steps.row(i - 1)[j - 1]))
            options += [
                table[arc.p0][arc.s0] + arc.cost for arc in steps.arcs if (arc.p1, arc.s1) == (i, j)
            ]
            table[i][j] = min(options)
    return table[m][n] if whole else min(table[m])


def check_cover(result: Alignment, printed: int) -> None:
    """Edits cover the printed words and the window once, in order, and are not empty."""
    i, j = 0, result.window[0]
    for edit in result.edits:
        assert (edit.printed[0], edit.spoken[0]) == (i, j)
        i, j = edit.printed[1], edit.spoken[1]
        assert edit.printed[0] < i or edit.spoken[0] < j
    assert (i, j) == (printed, result.window[1])


@given(TEXTS, TEXTS, st.booleans(), st.sets(st.integers(0, 14)), st.sets(st.integers(0, 14)))
@settings(max_examples=300, deadline=None)
def test_cost_is_the_minimum(
    one: str, two: str, whole: bool, gaps: set[int], editors: set[int]
) -> None:
    printed, spoken = tokens(one, "en"), tokens(two, "en")
    bracketed = frozenset(index for index in editors if index < len(printed))
    kept = frozenset(gap for gap in gaps if whole or 0 < gap < len(printed))
    steps = step_costs(printed, spoken, "en", gaps=kept, bracketed=bracketed)
    result = align(printed, spoken, whole=whole, language="en", gaps=gaps, bracketed=bracketed)
    expected = reference_cost(steps, len(printed), len(spoken), whole=whole)
    if result.edits and not whole and result.window == (0, 0):
        assert result.cost >= expected / word_variants.UNIT  # nothing matched: no place is named
    else:
        assert result.cost == expected / word_variants.UNIT
    check_cover(result, len(printed))
    assert result == align(
        printed, spoken, whole=whole, language="en", gaps=gaps, bracketed=bracketed
    )


@given(TEXTS.filter(bool), TEXTS, TEXTS)
@settings(deadline=None)
def test_words_that_were_said_are_found_verbatim(quote: str, before: str, after: str) -> None:
    printed = tokens(quote, "en")
    result = align(printed, tokens(f"{before} {quote} {after}", "en"), language="en")
    assert result.cost == 0
    assert result.verbatim
    assert result.equal == len(printed)


@given(TEXTS)
@settings(deadline=None)
def test_whole_alignment_of_a_text_with_itself_is_equal(text: str) -> None:
    row = tokens(text, "en")
    result = align(row, row, whole=True, language="en")
    assert result.verbatim
    assert result.window == (0, len(row))


def only(found: Difference, kind: EditKind) -> list[tuple[str, str, bool, set[EditClass]]]:
    """The passages of one kind: printed words, spoken words, critical, classes."""
    return [
        (one.printed_text, one.spoken_text, one.edit.critical, set(one.edit.classes))
        for one in found.passages
        if one.edit.kind is kind
    ]


SAID = (
    "Well, uh, I I do not think that President Obama will ever close the base in Cuba. "
    "We have twenty-six percent of the colour, and he told me that. "
    "The United States spent five million dollars at six forty."
)


def test_a_negation_left_out_is_critical() -> None:
    found = difference("I do think that President Obama", SAID, language="en")
    assert only(found, EditKind.LEFT_OUT) == [("", "not", True, {EditClass.NEGATION})]
    assert found.window_chars is not None
    assert SAID[slice(*found.window_chars)] == "I do not think that President Obama"


def test_a_negation_left_out_near_the_start_does_not_move_the_window() -> None:
    found = difference("I think that", "and I do not think that", language="en")
    assert [one[:3] for one in only(found, EditKind.LEFT_OUT)] == [
        ("", "do", False),
        ("", "not", True),
    ]
    assert found.alignment.cost == align_arcs.NEGATION_LEFT_OUT / word_variants.UNIT


def test_fillers_and_false_starts_cost_next_to_nothing() -> None:
    found = difference("Well, I do not think", SAID, language="en")
    assert found.alignment.cost < 0.2
    assert [one[3] for one in only(found, EditKind.LEFT_OUT)] == [
        {EditClass.FILLER},
        {EditClass.REPETITION},
    ]
    assert not found.alignment.critical


def test_no_word_is_printed_for_a_hesitation() -> None:
    found = difference("wir haben nicht genug Geld", "wir haben, äh, genug Geld", language="de")
    assert only(found, EditKind.ADDED) == [("nicht", "", True, {EditClass.NEGATION})]
    assert only(found, EditKind.LEFT_OUT) == [("", "äh", False, {EditClass.FILLER})]


@pytest.mark.parametrize(
    ("printed", "said", "language", "touched"),
    [
        ("Nous voulons la paix", "Nous ne voulons pas la paix", "fr", EditClass.NEGATION),
        ("Vamos a subir impuestos", "Vamos a no subir impuestos", "es", EditClass.NEGATION),
        ("só sobe os impostos", "só não sobe os impostos", "pt", EditClass.NEGATION),
        ("نقبل ذلك ابدا", "نقبل ربما ذلك ابدا", "ar", EditClass.MODALITY),
    ],
)
def test_critical_words_in_other_languages(
    printed: str, said: str, language: str, touched: EditClass
) -> None:
    found = difference(printed, said, language=language)
    classes = {one for edit in found.alignment.critical for one in edit.classes}
    assert classes == {touched}


def test_other_forms_of_the_same_words_are_variants() -> None:
    found = difference("I don't think", SAID, language="en")
    assert only(found, EditKind.VARIANT) == [("don't", "do not", False, {EditClass.CONTRACTION})]
    found = difference("We have 26% of the color", SAID, language="en")
    assert only(found, EditKind.VARIANT) == [
        ("26%", "twenty-six percent", False, {EditClass.NUMBER_FORM}),
        ("color", "colour", False, {EditClass.SPELLING}),
    ]
    found = difference("United States spent $5 million at 6:40", SAID, language="en")
    assert [one[:2] for one in only(found, EditKind.VARIANT)] == [
        ("$5 million", "five million dollars"),
        ("6:40", "six forty"),
    ]
    found = difference("President Obama will ever closes the bases", SAID, language="en")
    assert [one[3] for one in only(found, EditKind.VARIANT)] == [{EditClass.INFLECTION}] * 2


@pytest.mark.parametrize(
    ("quote", "said", "touched"),
    [
        ("We have twenty-seven percent", "seven six", EditClass.NUMBER),
        ("President Biden will ever close", "Biden Obama", EditClass.NAME),
        ("President Obama would ever close", "would will", EditClass.MODALITY),
        ("spent five million euros at", "euros dollars", EditClass.UNIT),
    ],
)
def test_critical_substitutions(quote: str, said: str, touched: EditClass) -> None:
    changed = only(difference(quote, SAID, language="en"), EditKind.SUBSTITUTED)
    assert len(changed) == 1
    assert f"{changed[0][0]} {changed[0][1]}" == said
    assert changed[0][2]
    assert touched in changed[0][3]


def test_a_near_spelling_is_a_substitution_that_says_so() -> None:
    found = difference("their new police failed", "and their new policy failed", language="en")
    assert [one[3] for one in only(found, EditKind.SUBSTITUTED)] == [
        {EditClass.CONTENT, EditClass.SPELLING}
    ]


def test_words_of_grammar_are_never_near_spellings() -> None:
    assert word_variants.variant_cost("these", "those", "en") == word_variants.SUBSTITUTED
    assert word_variants.variant_cost("policy", "police", "en") == word_variants.NEAR_SPELLING


def test_the_united_states_are_no_pronoun() -> None:
    found = difference("what we give the poor", "what we give the U.S. poor", language="en")
    assert only(found, EditKind.LEFT_OUT) == [("", "U.S", True, {EditClass.NAME})]
    found = difference("we give the poor", "we give us the poor", language="en")
    assert only(found, EditKind.LEFT_OUT)[0][3] == {EditClass.FUNCTION_WORD}


def test_a_verb_and_its_negation_are_never_variants() -> None:
    found = difference("I can wait", "so I can't wait", language="en")
    assert only(found, EditKind.SUBSTITUTED)[0][2]
    for one, two in (("can", "cant"), ("none", "nones"), ("never", "nevers")):
        assert word_variants.variant_cost(one, two, "en") == word_variants.SUBSTITUTED


def test_words_never_said_are_added_and_no_place_is_named() -> None:
    found = difference("xylophone quartet", SAID, language="en")
    assert [one.edit.kind for one in found.passages] == [EditKind.ADDED]
    assert found.window_chars is None
    assert difference("", SAID).passages == ()
    assert [one.edit.kind for one in difference("word", "").passages] == [EditKind.ADDED]


def test_an_ellipsis_skips_freely_and_shows_what_it_skips() -> None:
    for mark in ("…", "...", ". . .", "[…]", "[...]", "(...)"):
        found = difference(f"Obama will {mark} close the base", SAID, language="en")
        assert only(found, EditKind.ELIDED) == [("", "ever", False, {EditClass.CONTENT})]
    found = difference("I … think that", "I do not think that", language="en")
    assert only(found, EditKind.ELIDED)[0][2]
    assert found.alignment.cost < 0.01
    assert only(difference("I think that", "I do not think that"), EditKind.LEFT_OUT)


def test_brackets_are_the_editors_words() -> None:
    found = difference("percent of the colour, and [Smith] told me", SAID, language="en")
    assert [one[:2] for one in only(found, EditKind.BRACKETED)] == [("Smith", "he")]
    found = difference("I do [sic] think", SAID, language="en")
    assert only(found, EditKind.BRACKETED) == [
        ("sic", "not", True, {EditClass.CONTENT, EditClass.NEGATION})
    ]
    found = difference("[T]he United State[s] spent", SAID, language="en")
    assert found.alignment.verbatim


@given(st.text(st.sampled_from("ab [].…()*_~\n"), max_size=30))
@settings(deadline=None)
def test_pieces_hold_every_printed_word(text: str) -> None:
    pieces = parse_printed(text)
    row = printed_words(pieces)
    assert sum(len(piece.tokens) for piece in pieces) == len(row.tokens)
    inside = {at for one in row.tokens for at in range(one.char_start, one.char_end)}
    assert {at for at, char in enumerate(text) if char.isalpha()} <= inside
    assert all(0 <= index < len(row.tokens) for index in row.bracketed)
    assert all(one.char_start >= 0 for one in row.tokens)


def test_an_unknown_language_tells_numbers_names_and_content_only() -> None:
    found = difference("vidimo Anu i 6 kuća", "da vidimo Maru i 5 kuća", language="hr")
    assert [one[3] for one in only(found, EditKind.SUBSTITUTED)] == [
        {EditClass.NAME},
        {EditClass.NUMBER},
    ]


def test_the_earliest_of_equal_places_is_taken() -> None:
    result = align(tokens("not now"), tokens("not now said she not now"))
    assert result.window == (0, 2)
    assert result.edits == (Edit(EditKind.EQUAL, (0, 2), (0, 2)),)


def test_too_many_words_are_refused_in_a_sentence() -> None:
    row = [Token(0, 1, "a")] * 7000
    with pytest.raises(BadInput, match="too many to hold against each other"):
        align(row, row)


def test_an_end_that_nothing_ties_to_the_place_was_not_said_there() -> None:
    spoken = tokens("capitalism without competition is exploitation. And I am determined", "en")
    printed = tokens("Capitalism without competition is exploitation and drives up prices", "en")
    result = align(printed, spoken, language="en")
    assert result.window == (0, 6)
    assert result.edits[0].printed == (0, 6)
    assert {edit.kind for edit in result.edits[1:]} == {EditKind.ADDED}
    letter = tokens("He told us in a letter that ferries sail", "en")
    before = align(letter, tokens("And now I say to you all: ferries sail", "en"), language="en")
    assert before.edits[-1].kind is EditKind.EQUAL
    assert {edit.kind for edit in before.edits[:-1]} == {EditKind.ADDED}
    assert before.window == (7, 9)


def test_one_or_two_words_changed_at_an_end_are_shown_with_what_was_said() -> None:
    result = align(tokens("we sail on Monday", "en"), tokens("we sail on Friday", "en"))
    assert result.edits[-1].kind is EditKind.SUBSTITUTED
    assert result.window == (0, 4)


@pytest.mark.parametrize("phrase", ["have to", "ought to", "need to", "supposed to", "going to"])
def test_an_obligation_put_in_is_critical(phrase: str) -> None:
    said = tokens("all of the firms compete more intensely", "en")
    printed = tokens(f"all of the firms {phrase} compete more intensely", "en")
    for one, other in ((printed, said), (said, printed)):
        changed = align(one, other, language="en").critical
        assert EditClass.MODALITY in frozenset().union(*(edit.classes for edit in changed))


@pytest.mark.parametrize("text", ["I am going to the harbour", "we have a boat", "going to Oslo"])
def test_no_obligation_is_read_where_no_verb_follows(text: str) -> None:
    assert obligations(tokens(text, "en"), "en") == frozenset()
    assert obligations(tokens("nous have to rester", "fr"), "fr") == frozenset()
