"""Standing queries: filed under a word each, they find what evaluating every one would find."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.query import And, Filter, Near, Not, Or, Phrase, Prefix, Query, QueryField, Term
from offair.model.transcript import LayerKind
from offair.search.standing import StandingQueries
from offair.text.query_evaluator import SentenceFacts, evaluate
from offair.text.query_parser import parse_query
from offair.text.tokenise import tokens

FACTS = SentenceFacts("Ana Lima", "Harbour One", "en", LayerKind.SPEECH, "2024-05-13")
AT = (0, 0)
WORDS = st.sampled_from(["not", "never", "tax", "taxes", "taxing", "ta", "budget", "a", "日"])
ROWS = st.lists(WORDS, min_size=1, max_size=3).map(tuple)
SINGLE = (
    st.builds(lambda forms: Term(forms, AT), ROWS)
    | st.builds(lambda forms: Phrase(forms, AT), ROWS)
    | st.builds(lambda stem: Prefix(stem, AT), st.sampled_from(["ta", "tax", "budg", "日"]))
)
LEAVES = (
    SINGLE
    | st.builds(lambda one, two, far: Near(one, two, far, AT), SINGLE, SINGLE, st.integers(0, 3))
    | st.builds(
        lambda value: Filter(QueryField.SPEAKER, value, AT), st.sampled_from(["lima", "roe"])
    )
)
TREES = st.recursive(
    LEAVES,
    lambda inside: st.builds(
        lambda parts, kind: kind(tuple(parts), AT),
        st.lists(inside | st.builds(lambda one: Not(one, AT), inside), min_size=1, max_size=3),
        st.sampled_from([And, Or]),
    ),
    max_leaves=8,
)


@given(
    st.lists(TREES, max_size=12),
    st.lists(WORDS, max_size=8),
    st.lists(WORDS, max_size=4),
    st.none() | st.dictionaries(WORDS, st.integers(0, 99)),
)
@settings(max_examples=300)
def test_filing_changes_nothing(
    queries: list[Query], forms: list[str], following: list[str], counts: dict[str, int] | None
) -> None:
    standing = StandingQueries(list(enumerate(queries, 1)), counts=counts)
    wanted = [at for at, one in enumerate(queries, 1) if evaluate(one, forms, FACTS, following)]
    assert standing.matches(forms, FACTS, following[: standing.reach]) == tuple(wanted)


def test_a_phrase_is_looked_up_where_it_goes_on() -> None:
    standing = StandingQueries(
        [(1, parse_query('"late tonight because"')), (2, Phrase(("x",), AT))]
    )
    assert standing.reach == 2
    assert standing.matches(["is", "late", "tonight"], FACTS, ["because", "of"]) == (1,)
    assert standing.matches(["is", "late"], FACTS, ["tonight", "because"]) == (1,)
    assert standing.matches(["tonight"], FACTS, ["because"]) == ()
    assert standing.matches([], FACTS, ["late", "tonight"]) == ()


def called_up(standing: StandingQueries, sentence: str) -> tuple[int, ...]:
    return standing.called_up(frozenset(one.form for one in tokens(sentence)))


@pytest.mark.parametrize(
    ("query", "calls_up", "leaves_alone"),
    [
        ("the budget", "a budget", "the vote"),
        ('"of the chancellor"', "chancellor", "of the of"),
        ("the NEAR/3 deficit", "deficit", "the"),
        ("the OR deficit", "the", "a surplus"),
        ("austerit* the", "austerity", "the cuts"),
        ("(tax OR levy) NOT income", "levy", "income"),
        ("budget speaker:lima", "budget", "lima"),
    ],
)
def test_a_query_is_looked_at_where_its_rarest_word_stands(
    query: str, calls_up: str, leaves_alone: str
) -> None:
    standing = StandingQueries([(1, parse_query(query))])
    assert standing.always_asked == 0
    assert called_up(standing, calls_up) == (1,)
    assert called_up(standing, leaves_alone) == ()


def test_counts_say_which_word_is_rare() -> None:
    tree = parse_query("government tax")
    counted = StandingQueries([(1, tree)], counts=Counter({"government": 900, "tax": 3}))
    assert called_up(counted, "the government") == ()
    assert called_up(counted, "a tax") == (1,)


def test_the_same_query_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    queries = [(5, parse_query('"no tax"')), (2, parse_query('  "no   tax"'))]
    standing = StandingQueries(queries)
    assert len(standing) == 1
    assert standing.matches(["no", "tax"], FACTS) == (2, 5)
    seen: list[Query] = []

    def evaluating(query: Query, *rest: object) -> bool:
        seen.append(query)
        return True

    monkeypatch.setattr("offair.search.standing.evaluate", evaluating)
    assert standing.matches(["no", "tax"], FACTS) == (2, 5)
    assert len(seen) == 1
    assert standing.matches(["tax"], FACTS) == ()
    assert len(seen) == 1, "a sentence without a word it needs is not evaluated"


def test_filters_alone_are_always_asked() -> None:
    standing = StandingQueries([(1, parse_query("speaker:lima NOT budget"))])
    assert standing.always_asked == 1
    assert standing.matches(["tax"], FACTS) == (1,)
    assert standing.matches(["budget"], FACTS) == ()
    assert StandingQueries(()).matches(["tax"], FACTS) == ()
