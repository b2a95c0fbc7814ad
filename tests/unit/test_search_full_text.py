"""The full text of shards: it answers as the evaluator does, whatever is asked, however cut up."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput, Corrupt, QueryError
from offair.model.query import And, Not, Query, Term
from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import Ask, Hits, IndexedLayer, IndexedTurn, full_text, full_text_words
from offair.search.found import MOST_HITS, find
from offair.search.full_text import (
    FACTS,
    IDS,
    SPOKEN,
    FullTextShard,
    aired_code,
    period_name,
    period_of,
    write_full_text,
)
from offair.search.quotation_files import QuotationShard, write_quotation_index
from offair.search.shard import tokenised
from offair.text.query_evaluator import SentenceFacts, evaluate
from offair.text.query_parser import parse_query
from offair.text.tokenise import TokenKind, tokens
from offair.text.word_ids import WordTable

WORDS = ["a", "ab", "abc", "b", "peace", "uhm", "1.5", "和"]
SPEAKERS = ["", "Ann Lee", "Bob Lee"]
DAYS = ["", "2022", "2023-05", "2023-05-13", "2023-05-13T10:00", "2023-06-01"]


@dataclass
class Shard:
    """What `find` asks of an open shard."""

    dead: tuple[int, ...]
    days: tuple[str, str]
    full_text: FullTextShard
    quotation: QuotationShard


def written(folder: Path, layers: Sequence[IndexedLayer], dead: Sequence[int] = ()) -> Shard:
    """A shard of these layers on disk, opened."""
    table = WordTable()
    (folder / "text").mkdir(parents=True)
    (folder / "quotation").mkdir()
    rows = list(tokenised(layers, table))
    write_full_text(folder / "text", rows, table)
    write_quotation_index(folder / "quotation", rows, table)
    aired = sorted(one.aired for one in layers if one.aired)
    return Shard(
        tuple(sorted({one.layer_id for one in layers} & set(dead))),
        (aired[0], aired[-1]) if aired else ("", ""),
        FullTextShard(folder / "text"),
        QuotationShard(folder / "quotation"),
    )


def over(shards: Sequence[Shard]) -> Callable[[Callable[[Any], None]], object]:
    """`Shards.map` over these, newest first."""
    ordered = sorted(shards, key=lambda one: one.days[1], reverse=True)
    return lambda function: [function(one) for one in ordered]


def layer(layer_id: int, *texts: str, **changed: Any) -> IndexedLayer:
    """A layer with one turn for each text, whose sentences end with full stops."""
    turns = []
    for number, text in enumerate(texts):
        sentences, start = [], 0
        for place, part in enumerate(text.split(".")[:-1] or [text]):
            end = min(len(text), start + len(part) + 1)
            sentences.append((layer_id * 1000 + number * 100 + place, start, end))
            start = end
        turns.append(IndexedTurn(layer_id * 100 + number, text, tuple(sentences)))
    base = IndexedLayer(
        layer_id, layer_id * 10, 1, LayerKind.SPEECH, LayerOrigin.ENGINE, "en", "C-SPAN",
        "2023-05-13", tuple(turns),
    )  # fmt: skip
    return replace(base, **changed)


def said_by(one: IndexedLayer, *speakers: str) -> IndexedLayer:
    turns = [
        replace(turn, speaker=speaker) for turn, speaker in zip(one.turns, speakers, strict=False)
    ]
    return replace(one, turns=(*turns, *one.turns[len(turns) :]))


def answered(layers: Sequence[IndexedLayer], query: Query) -> dict[int, SentenceFacts]:
    """What the evaluator says: facts of the sentences found, by id."""
    found = {}
    for one in layers:
        rows = [
            (turn, sentence_id, forms_of(turn.text[start:end], one.language))
            for turn in one.turns
            for sentence_id, start, end in turn.sentences
        ]
        for place, (turn, sentence_id, forms) in enumerate(rows):
            facts = SentenceFacts(turn.speaker, one.channel, one.language, one.kind, one.aired)
            following = [form for _, _, after in rows[place + 1 :] for form in after]
            if evaluate(query, forms, facts, following):
                found[sentence_id] = facts
    return found


def forms_of(text: str, language: str) -> list[str]:
    return [one.form for one in tokens(text, language) if one.kind is not TokenKind.FILLER]


_SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=3)


@st.composite
def archives(draw: st.DrawFn) -> list[IndexedLayer]:
    layers = []
    for layer_id in range(1, draw(st.integers(2, 5))):
        texts = [
            ". ".join(" ".join(words) for words in draw(_SENTENCES)) + "."
            for _ in range(draw(st.integers(1, 2)))
        ]
        one = layer(
            layer_id, *(text.replace("1.5", "1,5") for text in texts),
            kind=draw(st.sampled_from(LayerKind)), aired=draw(st.sampled_from(DAYS)),
            language=draw(st.sampled_from(["en", "fr-CA", "fr"])),
            channel=draw(st.sampled_from(["C-SPAN", "BBC One"])),
        )  # fmt: skip
        layers.append(said_by(one, *draw(st.lists(st.sampled_from(SPEAKERS), max_size=2))))
    return layers


_SIDES = st.sampled_from(
    [
        "a",
        "ab",
        "b",
        "peace",
        "1.5",
        "ab*",
        "pe*",
        '"a b"',
        '"b a"',
        '"a a"',
        "a-b",
        "和",
        "zz",
        "zz*",
    ]
)
_FILTERS = st.sampled_from(
    ["speaker:ann", 'speaker:"lee bob"', "channel:bbc", "language:fr", "language:fr-ca",
     "layer:speech", "after:2023-05-13", "after:2023", "before:2023-05-14", "before:2023-06",
     "before:2023-05-13"]
)  # fmt: skip
_NEARS = st.tuples(_SIDES, st.integers(0, 4), _SIDES).map(lambda one: "{} NEAR/{} {}".format(*one))
_PARTS = st.one_of(_SIDES, _FILTERS, _NEARS)
QUERIES = st.one_of(
    _PARTS,
    _NEARS,
    st.tuples(_PARTS, _PARTS).map(" ".join),
    st.tuples(_PARTS, _PARTS).map(" OR ".join),
    st.tuples(_PARTS, _PARTS).map(" NOT ".join),
    st.tuples(_PARTS, _PARTS, _PARTS).map(lambda one: "{} -({} OR {})".format(*one)),
    st.tuples(_PARTS, _PARTS, _PARTS).map(lambda one: "({} -{}) OR {}".format(*one)),
)


@settings(max_examples=14)
@given(archives(), st.lists(QUERIES, min_size=30, max_size=30), st.integers(0, 3))
def test_search_answers_as_the_evaluator_does(
    layers: list[IndexedLayer], asked: list[str], dead: int
) -> None:
    live = [one for one in layers if one.layer_id != dead]
    with tempfile.TemporaryDirectory() as folder:
        half = len(layers) // 2
        shards = [
            written(Path(folder) / str(place), part, [dead])
            for place, part in enumerate((layers[:half], layers[half:]))
            if part
        ]
        for text in asked:
            query = parse_query(text)
            want = answered(live, query)
            hits = find(over(shards), query, Ask(limit=100, by="day"))
            assert {one.sentence_id for one in hits.hits} == set(want), text
            _agrees(hits, want)
            ranked = find(over(shards), query, Ask(limit=100, newest_first=False))
            assert {one.sentence_id for one in ranked.hits} == set(want), text
            assert ranked.total == len(want)
            quick = find(over(shards), query, Ask(limit=3, newest_first=False))
            scores = [round(one.score, 3) for one in quick.hits]
            assert scores == [round(one.score, 3) for one in ranked.hits[:3]], text
            assert quick.total == len(want)


def _agrees(hits: Hits, want: dict[int, SentenceFacts]) -> None:
    """Counts, facets, order and timeline."""
    assert (hits.total, hits.total_at_least, len(hits.hits)) == (len(want), False, len(want))
    for name, of in (
        ("speaker", lambda one: one.speaker),
        ("channel", lambda one: one.channel),
        ("language", lambda one: one.language),
        ("layer", lambda one: one.kind.value),
    ):
        assert dict(hits.facets[name]) == Counter(of(one) for one in want.values())
    for one in hits.hits:
        facts = want[one.sentence_id]
        assert (one.speaker, one.channel, one.language, one.kind, one.aired) == (
            facts.speaker, facts.channel, facts.language, facts.kind, facts.aired,
        )  # fmt: skip
    codes = [aired_code(one.aired) // 4 for one in hits.hits]
    assert codes == sorted(codes, reverse=True)
    days = Counter(one.aired[:10] for one in want.values() if len(one.aired) >= 10)
    assert hits.timeline == tuple(sorted(days.items()))


@pytest.fixture(scope="module")
def shards() -> Any:
    """Three shards: 2021, 2022 and 2023, with four mentions of peace in each of two layers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        result = []
        for place, year in enumerate((2021, 2022, 2023)):
            layers = [
                said_by(
                    layer(
                        10 * place + number,
                        "Peace one. Peace two. We want.", "Peace three. Uhm. Peace now and.",
                        aired=f"{year}-0{number}-15",
                    ),
                    "Ann Lee",
                )
                for number in (1, 2)
            ]  # fmt: skip
            result.append(written(folder / str(year), layers))
        yield result


class Counting:
    """Counts which shards are asked for hits."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = shards
        self.prepared: list[int] = []

    def __call__(self, function: Callable[[Any], None]) -> object:
        for place, one in reversed(list(enumerate(self._shards))):
            function(replace(one, full_text=_Told(one.full_text, place, self.prepared)))
        return None


class _Told:
    def __init__(self, inner: FullTextShard, place: int, told: list[int]) -> None:
        self._inner, self._place, self._told = inner, place, told

    def prepare(self, *args: Any, **more: Any) -> Any:
        self._told.append(self._place)
        return self._inner.prepare(*args, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def test_old_shards_are_not_read_when_enough_newer_hits_are_there(shards: list[Shard]) -> None:
    counting = Counting(shards)
    hits = find(counting, parse_query("peace"), Ask(limit=3))
    assert counting.prepared == [2]
    assert (hits.total, hits.total_at_least, hits.facets, hits.timeline) == (8, True, {}, ())
    assert [one.aired for one in hits.hits] == ["2023-02-15"] * 3
    assert [one.sentence_id for one in hits.hits] == [22000, 22001, 22100]


def test_pages_go_on_where_the_last_ended(shards: list[Shard]) -> None:
    query = parse_query("peace OR want")
    whole = find(over(shards), query, Ask(limit=100)).hits
    pages = [find(over(shards), query, Ask(limit=4, after=at)).hits for at in range(0, 32, 4)]
    assert tuple(one for page in pages for one in page) == whole
    assert len(whole) == 30


@pytest.mark.parametrize(
    ("by", "timeline"),
    [
        ("year", (("2021", 8), ("2022", 8), ("2023", 8))),
        ("month", tuple((f"{at}-0{month}", 4) for at in (2021, 2022, 2023) for month in (1, 2))),
        ("week", (("2021-W02", 4), ("2021-W07", 4), ("2022-W02", 4), ("2022-W07", 4),
                  ("2023-W02", 4), ("2023-W07", 4))),
    ],
)  # fmt: skip
def test_timeline(shards: list[Shard], by: str, timeline: tuple[tuple[str, int], ...]) -> None:
    hits = find(over(shards), parse_query("peace"), Ask(limit=2, by=by))
    assert hits.timeline == timeline
    assert (hits.total, hits.total_at_least) == (24, False)
    assert hits.facets["speaker"] == (("", 12), ("Ann Lee", 12))


@pytest.mark.parametrize(
    ("text", "sentence_ids"),
    [
        ('"two we"', {1001}),
        ('"two we want peace three peace"', {1001}),
        ('"want peace" speaker:ann', {1002}),
        ('"three peace"', {1100}),
        ('"peace two" OR "want peace"', {1001, 1002}),
        ('peace -"two we want"', {1000, 1100, 1102}),
        ('"and peace"', set()),
    ],
)
def test_a_phrase_goes_on_in_the_next_sentence_and_turn(
    shards: list[Shard], text: str, sentence_ids: set[int]
) -> None:
    hits = find(over(shards[:1]), parse_query(text), Ask(limit=50)).hits
    assert {one.sentence_id for one in hits if one.layer_id == 1} == sentence_ids
    assert len(hits) == 2 * len(sentence_ids)


@pytest.mark.parametrize("text", ['"two we"', '"peace"', '"we want"', '"peace two" speaker:ann'])
@pytest.mark.parametrize("newest_first", [True, False])
def test_a_shard_written_before_rows_had_speakers_answers_the_same(
    tmp_path: Path, text: str, newest_first: bool
) -> None:
    made = [
        said_by(layer(1, "One peace. Two we. We want peace.", "Two. Peace."), "Ann Lee", "Bob Lee"),
        said_by(layer(2, "Peace two. We want.", aired="2024"), "Ann Lee"),
        layer(3, "Two we want peace."),
    ]
    shard = written(tmp_path, made, dead=[3])
    ask = Ask(limit=2, by="year", newest_first=newest_first)
    answer = find(over([shard]), parse_query(text), ask)
    assert answer.hits
    (tmp_path / "text" / SPOKEN).unlink()
    facts = json.loads((tmp_path / "text" / FACTS).read_text(encoding="utf-8"))
    del facts["firsts"]
    (tmp_path / "text" / FACTS).write_text(json.dumps(facts), encoding="utf-8")
    before = replace(shard, full_text=FullTextShard(tmp_path / "text"))
    assert find(over([before]), parse_query(text), ask) == answer


@pytest.mark.parametrize("few", [0, 1, 100])
@pytest.mark.parametrize("places", [0, 100])
def test_what_is_found_is_the_same_whichever_index_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, places: int
) -> None:
    made = [
        said_by(layer(1, "One peace. Two we. We want peace.", "Two. Peace."), "Ann Lee", "Bob Lee"),
        said_by(layer(2, "Peace two. We want.", aired="2024"), "Ann Lee"),
        layer(3, "Two we want peace."),
        said_by(layer(4, "We want. Two.", aired="2024"), "Bob Lee"),
    ]
    shard = written(tmp_path, made, dead=[3])
    asked = ["peace", "two we", "we want -peace", "two OR want", '"want two"', "we speaker:lee"]
    answers = [
        find(over([shard]), parse_query(text), Ask(limit=limit, by="day"))
        for text in asked
        for limit in (1, 2, 9)
    ]
    monkeypatch.setattr(full_text, "_FEW", few + 1)
    for name in ("_MOST_PLACES", "_MOST_READ"):
        monkeypatch.setattr(full_text_words, name, places - 1)
    assert answers == [
        find(over([shard]), parse_query(text), Ask(limit=limit, by="day"))
        for text in asked
        for limit in (1, 2, 9)
    ]


@pytest.mark.parametrize("apart", [5, 1 << 33])
def test_ids_are_told_however_far_apart_they_lie(tmp_path: Path, apart: int) -> None:
    one = layer(1, "One peace.", "Two peace.")
    turns = tuple(
        replace(turn, turn_id=7 + place, sentences=((90 - place + apart * place,
                                                             *turn.sentences[0][1:]),))
        for place, turn in enumerate(one.turns)
    )  # fmt: skip
    shard = written(tmp_path, [layer(2, "Peace."), replace(one, turns=turns)])
    assert (tmp_path / "text" / IDS).exists() == (apart == 5)
    for newest_first in (True, False):
        ask = Ask(newest_first=newest_first)
        hits = find(over([shard]), parse_query("peace"), ask).hits
        found = {(hit.turn_id, hit.sentence_id) for hit in hits if hit.layer_id == 1}
        assert found == {(7, 90), (8, 89 + apart)}


def test_other_spellings_of_a_name_are_found(tmp_path: Path) -> None:
    shard = written(tmp_path, [layer(1, "Qaddafi spoke. Moammar Gadhafi. Gaddafi Muammar. None.")])
    one, other = ("muammar", "gaddafi"), ("moammar", "gadhafi")
    spellings = {
        one: [other], other: [one],
        ("gaddafi",): [("qaddafi",), ("gadhafi",)], ("qaddafi",): [("gaddafi",)],
    }  # fmt: skip

    def ids(text: str) -> list[int]:
        ask = Ask(spellings=spellings)
        return [hit.sentence_id for hit in find(over([shard]), parse_query(text), ask).hits]

    assert ids("muammar gaddafi") == [1001, 1002]
    assert ids('"muammar gaddafi"') == [1001]
    assert ids("gaddafi") == [1000, 1001, 1002]
    assert ids("gaddafi NEAR/0 moammar") == [1001]
    assert ids("spoke -qaddafi") == []
    assert ids("-gaddafi none") == [1003]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (Ask(limit=-1), "below 0"),
        (Ask(after=MOST_HITS), "narrow the query"),
        (Ask(by="hour"), "not by 'hour'"),
    ],
)
def test_what_cannot_be_asked(shards: list[Shard], ask: Ask, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        find(over(shards), parse_query("peace"), ask)


def test_a_tree_of_nots_alone_is_refused(shards: list[Shard]) -> None:
    tree = And((Not(Term(("a",), (0, 0)), (0, 0)),), (0, 0))
    with pytest.raises(BadInput, match="everything but"):
        find(over(shards), tree, Ask())


def test_no_hits_asked_for_still_counts(shards: list[Shard]) -> None:
    hits = find(over(shards), parse_query("peace"), Ask(limit=0))
    assert (hits.hits, hits.total, hits.total_at_least) == ((), 24, False)


_PIECES = st.sampled_from(
    ["a", "ab", "peace", "ab*", "a*", "*", '"', "“", "”", "'", "’", "«", "»", "(", ")", "（", "-",
     "NEAR/2", "NEAR/0", "NEAR/51", "NEAR/", "NEAR", "near/2", "AND", "OR", "NOT", "speaker:",
     "speaker:ann", "foo:", "language:en", "after:2023", "before:2023-13", "layer:speech", '"a b"',
     "12 000", "1,5", "~", "|", "[a-z]", "{2}", "^", "\\", "/a.*/", "?", "!", "+", "&&", ".", ":",
     "uhm", "和", "حرب", "\0", "\ud800", "\u202e", "\u200d", "é", "e\u0301", "ﷺ", "\n", " "]
)  # fmt: skip


@given(st.lists(st.tuples(_PIECES, st.sampled_from([" ", " ", ""])), min_size=1, max_size=12))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered_or_refused_at_a_character(
    shards: list[Shard], typed: list[tuple[str, str]]
) -> None:
    text = "".join(piece + gap for piece, gap in typed)
    refused: QueryError | None = None
    try:
        query = parse_query(text)
    except QueryError as error:
        refused = error
    if refused is not None:
        assert 0 <= refused.at <= len(text)
        said = str(refused)
        at_all = any(one in said for one in ("the query is empty", "the query has only marks"))
        assert at_all or f"(character {refused.at + 1})" in said
        return
    hits = find(over(shards), query, Ask(limit=5, by="month"))
    assert hits.total == sum(count for _, count in hits.facets["layer"])


def test_missing_and_damaged_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(Corrupt, match="full text cannot be read"):
        FullTextShard(tmp_path / "gone")
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(Corrupt, match="full text cannot be read"):
        FullTextShard(tmp_path)


@pytest.mark.parametrize(
    ("aired", "names"),
    [
        ("2024-02-29T23:59", ("2024-02-29", "2024-W09", "2024-02", "2024")),
        ("2021-01-03", ("2021-01-03", "2020-W53", "2021-01", "2021")),
        ("0001-01-01", ("0001-01-01", "0001-W01", "0001-01", "0001")),
        ("9999-12-31", ("9999-12-31", "9999-W52", "9999-12", "9999")),
        ("2024-02", (None, None, "2024-02", "2024")),
        ("2024", (None, None, None, "2024")),
        ("", (None, None, None, None)),
    ],
)
def test_periods_as_numbers(aired: str, names: tuple[str | None, ...]) -> None:
    for by, name in zip(("day", "week", "month", "year"), names, strict=True):
        number = period_of(aired, by)
        assert (period_name(number, by) if number else None) == name


def test_an_airing_in_any_year_is_indexed_and_found(tmp_path: Path) -> None:
    days = ("9999", "2024-05-14", "8167-01-01T10:00", "4090")
    layers = [layer(at, "the harbour", aired=day) for at, day in enumerate(days, 1)]
    hits = find(over([written(tmp_path, layers)]), Term(("harbour",), (0, 7)), Ask(limit=10)).hits
    assert len(hits) == 4
    assert hits[-1].aired == "2024-05-14"
