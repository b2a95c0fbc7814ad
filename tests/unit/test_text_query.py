"""The query language: what is read, what is refused and where, and that printing reads back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.errors import QueryError
from offair.model.query import And, Filter, Near, Not, Or, Phrase, Prefix, Query, QueryField, Term
from offair.model.transcript import LayerKind
from offair.text import query_pieces
from offair.text.highlight import highlights
from offair.text.query_evaluator import SentenceFacts, evaluate
from offair.text.query_parser import filter_days, parse_query, render_query
from offair.text.tokenise import Token, TokenKind, tokens

SPEECH = SentenceFacts("Joe Biden", "C-SPAN 2", "pt-BR", LayerKind.SPEECH, "2023-05-13T10:00")


def placeless(node: Query) -> Query:
    """The tree with every place at (0, 0)."""
    if isinstance(node, And | Or):
        parts = tuple(placeless(one) for one in node.parts)
        return replace(node, parts=parts, at=(0, 0))
    if isinstance(node, Not):
        return Not(placeless(node.part), (0, 0))
    if isinstance(node, Near):
        left, right = placeless(node.left), placeless(node.right)
        return replace(node, left=left, right=right, at=(0, 0))  # type: ignore[arg-type]
    return replace(node, at=(0, 0))


def term(*forms: str) -> Term:
    return Term(forms, (0, 0))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("peace", term("peace")),
        ("well-known", term("well", "known")),
        ("12 000", term("12000")),
        ("he said: no", And((term("he"), term("said"), term("no")), (0, 0))),
        ("a b OR c", Or((And((term("a"), term("b")), (0, 0)), term("c")), (0, 0))),
        ("a AND (b AND c)", And((term("a"), term("b"), term("c")), (0, 0))),
        ("a -b", And((term("a"), Not(term("b"), (0, 0))), (0, 0))),
        ("NOT b a", And((Not(term("b"), (0, 0)), term("a")), (0, 0))),
        ("a , b", And((term("a"), term("b")), (0, 0))),
        ("elect*", Prefix("elect", (0, 0))),
        ("Élec*", Prefix("elec", (0, 0))),
        ("a NEAR/3 “b c”", Near(term("a"), Phrase(("b", "c"), (0, 0)), 3, (0, 0))),
        ("Speaker:O'Brien", Filter(QueryField.SPEAKER, "O'Brien", (0, 0))),
        ("language:pt_BR", Filter(QueryField.LANGUAGE, "pt-BR", (0, 0))),
        ("before:2023-05", Filter(QueryField.BEFORE, "2023-05", (0, 0))),
        ('צה"ל', term("צהל")),
        ("和平", term("和", "平")),
        ("dogs' day", And((term("dogs"), term("day")), (0, 0))),
        ("and or not near", And((term("and"), term("or"), term("not"), term("near")), (0, 0))),
    ],
)
def test_what_is_read(text: str, tree: Query) -> None:
    assert placeless(parse_query(text)) == tree


@pytest.mark.parametrize(
    "marks",
    [
        '""',
        "“”",
        "„“",
        "”“",
        "«»",
        "»«",
        "‹›",
        "「」",
        "『』",
        "‘’",
        "''",
        "‚‘",
        "＂＂",
        '“"',
        "《》",
    ],
)
def test_every_kind_of_quotation_marks(marks: str) -> None:
    assert placeless(parse_query(f"{marks[0]}Peace, now{marks[1]}")) == Phrase(
        ("peace", "now"), (0, 0)
    )


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", 0, "is empty"),
        (" \t\n", 0, "is empty"),
        ("… , .", 0, "only marks"),
        ("(a b", 0, "never closed"),
        ("a b)", 3, "closes none"),
        ("a ()", 2, "nothing stands between"),
        ('a "b c', 2, "never closed"),
        ('"..."', 0, "no word"),
        ("NOT a", 0, "NOT stands alone"),
        ("a OR NOT b", 5, "NOT stands alone"),
        ("-a", 0, "NOT stands alone"),
        ("a NOT (NOT b)", 7, "NOT stands alone"),
        ("a NOT NOT b", 2, "twice"),
        ("AND", 0, "both sides"),
        ("a AND OR b", 6, "both sides"),
        ("a AND", 2, "nothing stands behind AND"),
        ("a - b", 2, "stands alone"),
        ("*", 0, "stands alone"),
        ("a*", 0, "two letters"),
        ("和*", 0, "two letters"),
        ("l'el*", 0, "beginning of one word"),
        ("e*ct", 1, "at the end of a word"),
        ("elect**", 5, "at the end of a word"),
        ('"elect*"', 6, "between quotation marks"),
        ("/foo.*/", 0, "no regular expressions"),
        ("fo[ox]", 2, "no regular expressions"),
        ("wom?n", 3, "stands for no letter"),
        ("a || b", 2, "write OR"),
        ("a|b", 1, "write OR"),
        ("a && b", 2, "leave it away"),
        ("+a", 0, "leave it away"),
        ("!a", 0, "write NOT"),
        ("a~2", 1, "NEAR/5"),
        ('"a b"~2', 5, "NEAR/5"),
        ("a NEAR b", 2, "NEAR/5"),
        ("a near/3 b", 2, "capitals"),
        ("a NEAR/x b", 2, "a number"),
        ("a NEAR/51 b", 2, "at most 50"),
        ("a NEAR/5", 2, "nothing stands behind"),
        ("(a OR b) NEAR/5 c", 1, "between two words"),
        ("a NEAR/5 -c", 9, "cannot stand behind NEAR"),
        ("a NEAR/5 b NEAR/5 c", 11, "joins two"),
        ("speaker:biden NEAR/2 a", 0, "between two words"),
        ("foo:bar", 0, "no field 'foo'"),
        ("speaker: biden", 0, "right behind the colon"),
        ("a speaker:", 2, "right behind the colon"),
        ("speaker:(a b)", 8, "one value"),
        ('speaker:""', 0, "no word of a name"),
        ("speaker:bid*", 11, "no star"),
        ("after:2023-02-29", 0, "does not have"),
        ("after:2023-02-03T10:00", 0, "not a time of day"),
        ("after:yesterday", 0, "not a date"),
        ("layer:words", 0, "no kind of text"),
        ("language:12", 0, "no BCP 47 tag"),
        ("uhm", 0, "sound of hesitation"),
        ('"uhm, erm"', 0, "sound of hesitation"),
        ("a\0b", 1, "U+0000"),
        ("a \ud800", 2, "U+D800"),
        ('a"b"', 1, "leave a space"),
        ('“He said "yes" to it”', 9, "leave a space"),
        ("(" * 30 + "a" + ")" * 30, 24, "deep"),
        ("x " * 100_000, 10_000, "at most 10000 characters"),
        ("x " * 500, 800, "at most 400 words"),
    ],
)
def test_what_is_refused_and_where(text: str, at: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert says in str(caught.value)
    assert caught.value.at == at
    query, caret = caught.value.pointer.split("\n")
    assert len(query) <= 80
    assert len(caret) <= 42
    assert caret.endswith("^")


def test_pointer_stands_below_wide_characters() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("和平 (a")
    assert caught.value.pointer == "和平 (a\n     ^"


_WORDS = st.sampled_from(
    (
        "peace",
        "war",
        "12",
        "000",
        "1.5",
        "6:40",
        "us",
        "l",
        "etat",
        "na",
        "$",
        "%",
        "near",
        "and",
        "和",
        "平",
        "שלום",
        "سلام",
        "ม",
    )
)
_FORMS = st.lists(_WORDS, min_size=1, max_size=3).map(tuple)
_AT = st.just((0, 0))
_SIDES = st.one_of(
    st.builds(Term, _FORMS, _AT),
    st.builds(Phrase, _FORMS, _AT),
    st.builds(Prefix, st.sampled_from(["pe", "wa", "19", "שלו"]), _AT),
)
_FILTERS = st.sampled_from(
    [
        Filter(QueryField.SPEAKER, "biden", (0, 0)),
        Filter(QueryField.SPEAKER, 'Joe "Kid" Biden', (0, 0)),
        Filter(QueryField.CHANNEL, "C-SPAN 2", (0, 0)),
        Filter(QueryField.LANGUAGE, "pt", (0, 0)),
        Filter(QueryField.LAYER, "translation", (0, 0)),
        Filter(QueryField.AFTER, "2023-05", (0, 0)),
        Filter(QueryField.BEFORE, "2023-05-13", (0, 0)),
        Filter(QueryField.BEFORE, "2024", (0, 0)),
    ]
)
_LEAVES = st.one_of(_SIDES, _FILTERS, st.builds(Near, _SIDES, _SIDES, st.integers(0, 3), _AT))


def _flat(kind: type[And] | type[Or], parts: list[Query]) -> Query:
    opened: list[Query] = []
    for part in parts:
        opened.extend(part.parts if isinstance(part, kind) else [part])
    return kind(tuple(opened), (0, 0))


def _deeper(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(inner, min_size=2, max_size=3)
    negated = inner.map(lambda one: Not(one, (0, 0)))
    return st.one_of(
        several.map(lambda parts: _flat(And, parts)),
        several.map(lambda parts: _flat(Or, parts)),
        st.tuples(inner, negated).map(lambda parts: _flat(And, list(parts))),
    )


TREES = st.recursive(_LEAVES, _deeper, max_leaves=6)


@settings(max_examples=150)
@given(TREES)
def test_a_printed_tree_reads_back(tree: Query) -> None:
    assert placeless(parse_query(render_query(tree))) == tree


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("中国", "中国"),
        ("中国 经济", "中国 经济"),
        ('"中国经济" NOT 美国', '"中国经济" NOT 美国'),
        ("G20峰会", "g20峰会"),
        ("2024年", "2024年"),
        ("ประเทศไทย", "ประเทศไทย"),
        ("twenty-six", "twenty-six"),
    ],
)
def test_a_query_is_shown_as_its_script_is_written(typed: str, shown: str) -> None:
    tree = parse_query(typed)
    assert render_query(tree) == shown
    assert placeless(parse_query(shown)) == placeless(tree)


@settings(max_examples=150)
@given(st.text(alphabet=st.sampled_from("ab \"'()-*:/~NEAROT5«»“”.,\0和ש\t"), max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    refused: QueryError | None = None
    try:
        tree = parse_query(text)
    except QueryError as error:
        refused = error
    if refused is None:
        assert placeless(parse_query(render_query(tree))) == placeless(tree)
    else:
        assert 0 <= refused.at <= len(text)
        assert refused.pointer.count("\n") == 1


@pytest.mark.parametrize("text", ["1 " + "000 " * 2400, "000 " * 300, "1 000 2 000 " * 60])
def test_numbers_in_groups_are_read_a_few_times_at_most(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(some: str, language: str | None = None) -> tuple[Token, ...]:
        read.append(len(some))
        return tokens(some, language)

    monkeypatch.setattr(query_pieces, "tokens", counted)
    query_pieces.pieces(text)
    assert sum(read) < 20 * len(text)


def test_apostrophes_that_nothing_closes_are_words() -> None:
    assert placeless(parse_query("'a 'b 'c")) == placeless(parse_query("a b c"))
    assert placeless(parse_query("'a b' 'c")) == placeless(parse_query('"a b" c'))


def _answers(query: str, text: str, facts: SentenceFacts = SPEECH) -> bool:
    forms = [one.form for one in tokens(text) if one.kind is not TokenKind.FILLER]
    return evaluate(parse_query(query), forms, facts)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("four", True),
        ("fou", False),
        ("fou*", True),
        ('"four score"', True),
        ('"score four"', False),
        ('"four and"', False),
        ("four AND years", True),
        ("four -years", False),
        ("four -days", True),
        ("days OR years", True),
        ("four NEAR/0 score", True),
        ("score NEAR/0 four", True),
        ("four NEAR/1 years", False),
        ("years NEAR/2 four", False),
        ("years NEAR/3 four", True),
        ('"four score" NEAR/2 years', True),
        ('"four score" NEAR/5 score', False),
        ("score NEAR/5 score", False),
        ("four speaker:biden", True),
        ('speaker:"biden joe"', True),
        ("speaker:jill", False),
        ("channel:c-span", True),
        ("language:pt", True),
        ("language:pt-br", True),
        ("language:pt-PT", False),
        ("layer:speech -layer:captions", True),
        ("after:2023-05-13 before:2023-05-14", True),
        ("before:2023-05-13", False),
        ("after:2023-05-14", False),
        ("after:2023 before:2024", True),
    ],
)
def test_evaluate(query: str, answer: bool) -> None:
    assert _answers(query, "Four score, uhm, and seven years ago.") is answer


@pytest.mark.parametrize(
    ("aired", "query", "answer"),
    [
        ("2023-05", "after:2023-05", True),
        ("2023-05", "after:2023-05-02", False),
        ("2023-05", "before:2023-05-31", False),
        ("2023-05", "before:2023-06", True),
        ("2023", "before:2024", True),
        ("2023", "before:2023-12", False),
        ("", "before:2024", False),
        ("", "after:1900", False),
    ],
)
def test_a_date_counts_only_where_all_of_it_does(aired: str, query: str, answer: bool) -> None:
    assert _answers(query, "x", replace(SPEECH, aired=aired)) is answer


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("four", ["Four"]),
        ('"four score and"', ["Four score, uhm, and"]),
        ("sc* OR ago -seven", ["score", "ago"]),
        ("four NEAR/0 score NOT x", ["Four", "score"]),
        ('four "four score"', ["Four score"]),
        ("years NEAR/1 four", []),
        ("speaker:biden", []),
    ],
)
def test_highlights(query: str, marked: list[str]) -> None:
    text = "Four score, uhm, and seven years ago."
    found = highlights(parse_query(query), text, "en")
    assert [text[start:end] for start, end in found] == marked


def test_the_last_month_of_the_calendar_has_its_days() -> None:
    assert filter_days("9999-12") == (date(9999, 12, 1), date(9999, 12, 31))
    assert filter_days("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert filter_days("0001") == (date(1, 1, 1), date(1, 12, 31))
