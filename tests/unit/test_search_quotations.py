"""Where quotations come from: shards of made-up archives beside a plain reading of their words."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.kernels.scan import scan_plainly
from offair.model.errors import BadInput, Corrupt
from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import UNDATED, IndexedLayer, IndexedTurn, Scope, quotation_files
from offair.search.candidates import MOST_WORDS
from offair.search.proposals import occurrences, propose, scan
from offair.search.quotation_columns import day_range
from offair.search.quotation_files import QuotationShard, write_quotation_index
from offair.search.shard import TokenisedLayer
from offair.text.word_ids import WordTable, form_hash

Turns = list[list[list[str]]]
"""Turns of sentences of words."""

DATES = ("2020", "2021-03", "2021-03-09", "2022-12-31", UNDATED)


def layer(
    number: int,
    turns: Turns,
    kind: LayerKind = LayerKind.SPEECH,
    aired: str = "2021-03-09",
    recording: int | None = None,
    change: int = 1,
) -> IndexedLayer:
    made = []
    for place, sentences in enumerate(turns):
        text, spans = "", []
        for at, words in enumerate(sentences):
            begins = len(text)
            text += " ".join(words) + ". "
            spans.append((at, begins, len(text)))
        made.append(IndexedTurn(number * 1000 + place, text, tuple(spans)))
    return IndexedLayer(
        number, recording or number, change, kind, LayerOrigin.ENGINE, "", "one", aired, tuple(made)
    )


def words_of(one: IndexedLayer) -> list[str]:
    return [word for turn in one.turns for word in turn.text.replace(".", " ").split()]


def written(folder: Path, layers: Sequence[IndexedLayer], table: WordTable) -> QuotationShard:
    streamed = []
    for one in layers:
        ids, sentences, turns = [], [], []
        for turn in one.turns:
            turns.append(len(ids))
            for _, first, end in turn.sentences:
                sentences.append(len(ids))
                ids += [table.id_of(word) for word in turn.text[first:end].strip(". ").split()]
        streamed.append(
            TokenisedLayer(
                one, np.array(ids, np.uint32), np.array(sentences, np.int64), np.array(turns)
            )
        )
    write_quotation_index(folder, streamed, table)
    return QuotationShard(folder)


def shards_of(folder: Path, layers: Sequence[IndexedLayer], count: int) -> list[QuotationShard]:
    table = WordTable()
    return [written(folder / f"{count}-{at}", layers[at::count], table) for at in range(count)]


sentence = st.lists(st.sampled_from("abcde"), max_size=9)
turn = st.lists(sentence, min_size=1, max_size=3)
archives = st.lists(
    st.tuples(st.lists(turn, max_size=4), st.sampled_from(list(LayerKind)), st.sampled_from(DATES)),
    min_size=1,
    max_size=5,
).map(lambda made: [layer(at + 1, *one) for at, one in enumerate(made)])
runs = st.lists(st.sampled_from("abcdeX"), min_size=1, max_size=5)
scopes = st.builds(
    Scope,
    kinds=st.none() | st.sets(st.sampled_from(list(LayerKind))),
    recordings=st.none() | st.sets(st.integers(1, 5)),
    first_day=st.none() | st.sampled_from(["2020-06-01", "2021-03-09"]),
    last_day=st.none() | st.sampled_from(["2021-03-15", "2022-12-30"]),
    without_recordings=st.sets(st.integers(1, 5), max_size=2),
)
quick = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def in_scope(one: IndexedLayer, scope: Scope) -> bool:
    first, last = day_range(one.aired)
    return (
        (scope.kinds is None or one.kind in scope.kinds)
        and (scope.recordings is None or one.recording_id in scope.recordings)
        and one.recording_id not in scope.without_recordings
        and (scope.first_day is None or last >= int(scope.first_day.replace("-", "")))
        and (scope.last_day is None or 0 < first <= int(scope.last_day.replace("-", "")))
    )


@pytest.mark.parametrize(
    ("aired", "first", "last"),
    [
        ("2023", 20230101, 20231231),
        ("2023-05", 20230501, 20230531),
        ("2023-05-13", 20230513, 20230513),
        ("2023-05-13T10:00Z", 20230513, 20230513),
        (UNDATED, 0, 0),
        ("soon", 0, 0),
    ],
)
def test_a_date_means_a_range_of_days(aired: str, first: int, last: int) -> None:
    assert day_range(aired) == (first, last)


@quick
@given(archives, runs, scopes, st.integers(1, 3))
def test_occurrences_are_counted_exactly_in_every_scope(
    tmp_path: Path, archive: list[IndexedLayer], run: list[str], scope: Scope, count: int
) -> None:
    shards = shards_of(tmp_path, archive, count)
    total, found = occurrences(shards, run, scope)
    expected = []
    for one in archive:
        words = words_of(one)
        for at in range(len(words) - len(run) + 1):
            if in_scope(one, scope) and words[at : at + len(run)] == run:
                expected.append((one.aired == UNDATED, one.aired, one.layer_id, at))
    assert total == len(found) == len(expected)
    assert [one.aired for one in found] == [aired for _, aired, _, _ in sorted(expected)]
    by_id = {one.layer_id: one for one in archive}
    for place in found:
        held = by_id[place.layer_id]
        assert (place.kind, place.aired) == (held.kind, held.aired)
        later = [turn for turn in held.turns if turn.turn_id >= place.turn_id]
        words = [word for turn in later for word in turn.text.replace(".", " ").split()]
        assert words[place.word_start : place.word_end] == run
        assert place.word_start < len(later[0].text.replace(".", " ").split())


@quick
@given(archives, runs, scopes, st.integers(1, 3))
def test_counts_and_the_longest_fragment_do_not_depend_on_shards(
    tmp_path: Path, archive: list[IndexedLayer], quotation: list[str], scope: Scope, count: int
) -> None:
    shards = shards_of(tmp_path, archive, count)
    (proposal,) = propose(shards, [quotation], scope)
    texts = [words_of(one) for one in archive if in_scope(one, scope)]
    assert proposal.words_searched == sum(map(len, texts))
    assert proposal.counts == tuple(sum(text.count(word) for text in texts) for word in quotation)
    best = (0, 0, 0)
    for first in range(len(quotation)):
        for end in range(first + 1, len(quotation) + 1):
            run = quotation[first:end]
            often = sum(
                text[at : at + len(run)] == run for text in texts for at in range(len(text))
            )
            if often and end - first > best[1] - best[0]:
                best = (first, end, often)
    longest = proposal.longest
    assert longest.last - longest.first == best[1] - best[0]
    if best[2]:
        assert (longest.first, longest.last, longest.count) == best
    for stretch in proposal.stretches:
        held = next(one for one in archive if one.layer_id == stretch.layer_id)
        assert in_scope(held, scope)
        text = [
            word
            for turn in held.turns
            if turn.turn_id in stretch.turn_ids
            for word in turn.text.replace(".", " ").split()
        ]
        spoken = text[slice(*stretch.words)]
        first, end = stretch.printed
        assert all(first <= at < end and quotation[at] in spoken for at in stretch.matched)
        assert spoken[0] == quotation[stretch.matched[0]]
        assert spoken[-1] == quotation[stretch.matched[-1]]


@quick
@given(archives, st.lists(st.sampled_from("abcdeX"), min_size=3, max_size=6), scopes)
def test_the_scan_reads_every_word_of_the_scope(
    tmp_path: Path, archive: list[IndexedLayer], run: list[str], scope: Scope
) -> None:
    total, found = scan(shards_of(tmp_path, archive, 2), run, 2, scope)
    numbers = {word: at for at, word in enumerate("abcdeX", start=1)}
    expected = sorted(
        (cost, one.aired == UNDATED, one.aired)
        for one in archive
        if in_scope(one, scope)
        for _, cost in scan_plainly(
            [numbers[word] for word in words_of(one)], [numbers[word] for word in run], 2
        )
    )
    assert total == len(expected)
    assert [(one.edits, one.aired == UNDATED, one.aired) for one in found] == expected


def spoken(chance: random.Random, words: int) -> list[str]:
    """Words as unevenly frequent as those of a language, some formulae among them."""
    vocabulary = [f"w{at}" for at in range(3_000)]
    weights = [1 / (at + 2) for at in range(3_000)]
    formula = [f"w{at}" for at in (3, 1, 4, 1, 5, 9, 2)]
    text: list[str] = []
    while len(text) < words:
        text += chance.choices(vocabulary, weights, k=40)
        if chance.random() < 0.1:
            text += formula
    return text


@pytest.fixture(scope="module")
def archive(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[list[str]], list[QuotationShard]]:
    """120,000 words in 40 layers, in two shards."""
    chance = random.Random(11)
    texts = [spoken(chance, 3_000) for _ in range(40)]
    layers = [
        layer(at + 1, [[text[first : first + 12] for first in range(0, len(text), 12)]])
        for at, text in enumerate(texts)
    ]
    return texts, shards_of(tmp_path_factory.mktemp("archive"), layers, 2)


@pytest.mark.parametrize(
    ("length", "substituted", "dropped", "least"), [(8, 0.2, 0.0, 38), (20, 0.15, 0.15, 39)]
)
def test_what_the_scan_finds_is_proposed(
    archive: tuple[list[list[str]], list[QuotationShard]],
    length: int,
    substituted: float,
    dropped: float,
    least: int,
) -> None:
    texts, shards = archive
    chance = random.Random(length)
    quotations, at = [], []
    for _ in range(40):
        place = chance.randrange(40)
        first = chance.randrange(len(texts[place]) - length)
        kept = [word for word in texts[place][first : first + length] if chance.random() >= dropped]
        quotations.append(
            [f"w{chance.randrange(3_000)}" if chance.random() < substituted else w for w in kept]
        )
        at.append(place + 1)
    proposals = propose(shards, quotations, Scope(), thorough=True)
    alone = [propose(shards, [one], Scope(), thorough=True)[0] for one in quotations]
    assert [one.stretches for one in alone] == [one.stretches for one in proposals]
    proposed = 0
    for quotation, proposal, place in zip(quotations, proposals, at, strict=True):
        edits = int(length * (substituted + dropped)) + 2
        _, best = scan(shards, quotation, min(edits, len(quotation) - 1), Scope(), limit=1)
        wanted = best[0].layer_id if best else place
        proposed += wanted in {stretch.layer_id for stretch in proposal.stretches}
    assert proposed >= least


def test_both_places_of_a_spliced_quotation_are_proposed(
    archive: tuple[list[list[str]], list[QuotationShard]],
) -> None:
    texts, shards = archive
    quotation = texts[4][700:712] + texts[21][100:107]
    (proposal,) = propose(shards, [quotation], Scope(), limit=3)
    assert {5, 22} <= {one.layer_id for one in proposal.stretches}
    held = {at for one in proposal.stretches for at in one.matched}
    assert held == set(range(19))


def test_a_formula_said_everywhere_is_proposed_and_counted(
    archive: tuple[list[list[str]], list[QuotationShard]],
) -> None:
    _, shards = archive
    formula = [f"w{at}" for at in (3, 1, 4, 1, 5, 9, 2)]
    (proposal,) = propose(shards, [formula], Scope())
    total, _ = occurrences(shards, formula, Scope())
    assert total > 128
    assert (proposal.longest.last, proposal.longest.count) == (7, total)
    assert len(proposal.stretches) == 8
    assert all(len(one.matched) == 7 for one in proposal.stretches)


def test_in_a_small_scope_frequent_words_are_found(
    archive: tuple[list[list[str]], list[QuotationShard]],
) -> None:
    texts, shards = archive
    place = next(at for at, text in enumerate(texts) if "w40" in text)
    scope = Scope(recordings={place + 1})
    (proposal,) = propose(shards, [["w40", "unheard"]], scope)
    assert proposal.counts == (texts[place].count("w40"), 0)
    assert {one.recording_id for one in proposal.stretches} == {place + 1}
    assert len(proposal.stretches) == min(8, texts[place].count("w40"))


def test_a_quotation_of_many_blocks_is_one_stretch(
    archive: tuple[list[list[str]], list[QuotationShard]],
) -> None:
    texts, shards = archive
    (proposal,) = propose(shards, [texts[7][100:1100]], Scope())
    best = proposal.stretches[0]
    assert (best.layer_id, best.printed, len(best.matched)) == (8, (0, 1000), 1000)
    assert best.words == (100, 1100)
    assert (proposal.longest.first, proposal.longest.last) == (0, 1000)


@pytest.mark.parametrize("words", [[], ["unheard"], ["w1"], ["w1"] * 400])
def test_whatever_is_asked_is_answered(
    archive: tuple[list[list[str]], list[QuotationShard]], words: list[str]
) -> None:
    _, shards = archive
    (proposal,) = propose(shards, [words], Scope())
    assert len(proposal.counts) == len(words)
    assert len(propose(shards, [words, ["w7", "w8"], words], Scope())) == 3
    total, _ = occurrences(shards, words, Scope())
    assert (total > 0) == (words == ["w1"])
    (nowhere,) = propose([], [words], Scope())
    assert (nowhere.stretches, nowhere.words_searched) == ((), 0)


def test_what_cannot_be_asked_is_refused(
    archive: tuple[list[list[str]], list[QuotationShard]],
) -> None:
    _, shards = archive
    with pytest.raises(BadInput, match="longer than is looked for"):
        propose(shards, [["w1"] * (MOST_WORDS + 1)], Scope())
    with pytest.raises(BadInput, match="fewer edits"):
        scan(shards, ["w1", "w2"], 2, Scope())
    with pytest.raises(BadInput, match="1 to 1,024"):
        scan(shards, ["w1"] * 1025, 2, Scope())


def test_superseded_versions_count_for_nothing(tmp_path: Path) -> None:
    old = layer(1, [[["a", "b", "c"]], [["d"]]], change=3)
    new = replace(layer(1, [[["a", "b", "b"]]], change=5), recording_id=1)
    whole = written(tmp_path, [old, new], WordTable())
    assert whole.layer_ids.tolist() == [1, 1]
    assert whole.changes.tolist() == [3, 5]
    shard = whole.only(np.array([False, True]))
    assert (shard.words, shard.live_words()[LayerKind.SPEECH]) == (7, 3)
    (proposal,) = propose([shard], [["a", "b", "c", "d"]], Scope())
    assert proposal.counts == (1, 2, 0, 0)
    assert proposal.longest.last == 2
    assert occurrences([shard], ["b", "c"], Scope()) == (0, [])
    assert scan([shard], ["b", "c", "d"], 0, Scope()) == (0, [])


def test_sentences_in_which_a_row_of_words_begins(tmp_path: Path) -> None:
    archive = [
        layer(1, [[["a", "b"], [], ["c", "a"]], [["b", "c"]]]),
        layer(2, [[["a", "b", "c"]], [["a"]], [["b"]]]),
    ]
    shard = written(tmp_path, archive, WordTable())
    hashes = [form_hash(word) for word in "abc"]
    assert shard.sentence_rows(hashes[:2]).tolist() == [0, 2, 4, 5]
    assert shard.sentence_rows(hashes).tolist() == [0, 2, 4]
    assert shard.sentence_rows(hashes, crossing=True).tolist() == [0, 2]
    assert shard.sentence_rows([]).tolist() == []
    assert shard.sentence_rows([form_hash("unheard")]).tolist() == []


def test_a_row_longer_than_suffixes_are_sorted_by_is_found_word_by_word(tmp_path: Path) -> None:
    text = [f"w{at % 30}" for at in range(90)]
    shard = written(tmp_path, [layer(1, [[text[:50], [*text[50:], "end"]]])], WordTable())
    for length in (24, 25, 40, 61):
        assert occurrences([shard], text[:length], Scope())[0] == (91 - length + 29) // 30
        (proposal,) = propose([shard], [[*text[:length], "unheard"]], Scope())
        assert proposal.longest.last == length
        assert proposal.longest.count == (91 - length + 29) // 30
    hashes = [form_hash(word) for word in [*text[60:], "end"]]
    assert shard.sentence_rows(hashes).tolist() == [1]


def test_a_large_shard_is_read_in_the_background(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = threading.Event()
    monkeypatch.setattr(QuotationShard, "warm", lambda _: read.set())
    written(tmp_path, [layer(1, [[["a", "b"]]])], WordTable())
    assert not read.is_set()
    monkeypatch.setattr(quotation_files, "_READ_AHEAD", 1)
    QuotationShard(tmp_path)
    assert read.wait(60)


def test_an_empty_index_answers_too(tmp_path: Path) -> None:
    shard = written(tmp_path, [], WordTable())
    assert (shard.words, shard.days) == (0, (UNDATED, UNDATED))
    (proposal,) = propose([shard], [["a", "b"]], Scope())
    assert (proposal.counts, proposal.stretches) == ((0, 0), ())
    assert occurrences([shard], ["a"], Scope()) == (0, [])
    assert scan([shard], ["a", "b"], 1, Scope()) == (0, [])
    shard.warm()


@pytest.mark.parametrize("name", ["words", "suffixes", "layers", "quotation.json"])
@pytest.mark.parametrize("damage", ["missing", "shorter", "longer", "empty"])
def test_a_damaged_file_is_said_at_opening(tmp_path: Path, name: str, damage: str) -> None:
    written(tmp_path, [layer(1, [[["a", "b"]]])], WordTable())
    file = tmp_path / name
    data = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes({"shorter": data[:-3], "longer": data + b"{", "empty": b""}[damage])
    with pytest.raises(Corrupt, match="rebuild the index"):
        QuotationShard(tmp_path)


def test_files_that_do_not_belong_together_are_said_at_opening(tmp_path: Path) -> None:
    written(tmp_path / "one", [layer(1, [[["a", "b", "c"]]])], WordTable())
    written(tmp_path / "two", [layer(1, [[["a", "b"]], [["c"]]])], WordTable())
    written(tmp_path / "three", [layer(1, [[["a", "b", "b"]]])], WordTable())
    (tmp_path / "three" / "words").replace(tmp_path / "two" / "words")
    QuotationShard(tmp_path / "two")  # as long as it must be: what is in it is the checksum's care
    zeros = np.zeros(2, np.uint32)
    zeros.tofile(tmp_path / "one" / "layer_firsts")
    with pytest.raises(Corrupt, match="do not fit one another"):
        QuotationShard(tmp_path / "one")


def test_suffixes_that_point_nowhere_do_no_harm(tmp_path: Path) -> None:
    shard = written(tmp_path, [layer(1, [[["a", "b", "c", "a"]]])], WordTable())
    np.full(4, 0xFFFFFFF0, np.uint32).tofile(tmp_path / "suffixes")
    shard = QuotationShard(tmp_path)
    (proposal,) = propose([shard], [["a", "b", "c"]], Scope())
    assert proposal.stretches == ()
    assert shard.sentence_rows([form_hash("a"), form_hash("b")]).tolist() == []
