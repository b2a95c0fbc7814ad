"""Sentences by the words they hold, over shards, beside a plain reading of all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput
from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import IndexedLayer, IndexedTurn, Scope, held_words
from offair.search.index import FolderIndex

FORMS = (("pear", "pears"), ("ship",), ("sail", "sailed"), ("tide",), ("rope",), ("moon", "moons"))
ALL = [form for of in FORMS for form in of] + ["and", "the"]
_SENTENCES = st.lists(st.lists(st.sampled_from(ALL), min_size=1, max_size=9), max_size=8)


def layer(number: int, sentences: list[list[str]]) -> IndexedLayer:
    text, spans = "", []
    for at, words in enumerate(sentences):
        begins = len(text)
        text += " ".join(words) + ". "
        spans.append((number * 100 + at, begins, len(text)))
    turn = IndexedTurn(number * 10, text, tuple(spans))
    kind = LayerKind.SPEECH if number % 2 else LayerKind.CAPTIONS
    return IndexedLayer(
        number, number % 3, 1, kind, LayerOrigin.ENGINE, "en", "Harbour", "2024-05-14", (turn,)
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(_SENTENCES, min_size=1, max_size=4),
    st.lists(st.sampled_from([1.0, 3.0, 5.0, 9.0]), min_size=6, max_size=6),
    st.sampled_from([0.4, 0.7, 1.0]),
    st.integers(1, 6),
    st.sampled_from([None, LayerKind.SPEECH]),
    st.sampled_from([None, 1]),
)
def test_sentences_are_those_found_by_reading(
    tmp_path: Path,
    archive: list[list[list[str]]],
    weights: list[float],
    share: float,
    least: int,
    kind: LayerKind | None,
    recording: int | None,
) -> None:
    layers = [layer(number, sentences) for number, sentences in enumerate(archive, 1)]
    index = FolderIndex(tmp_path / "index")
    with index.writer() as writer:
        writer.start_over()
        for change, one in enumerate(layers, 1):
            writer.apply([one], (), change)
    want: dict[int, float] = {}
    for one, sentences in zip(layers, archive, strict=True):
        if (kind and one.kind is not kind) or (recording and one.recording_id != recording):
            continue
        for at, words in enumerate(sentences):
            held = [place for place, of in enumerate(FORMS) if set(of) & set(words)]
            part = sum(weights[place] for place in held) / sum(weights)
            if part >= share - 1e-6 and len(held) >= least:
                want[one.layer_id * 100 + at] = part
    scope = Scope(
        kinds=None if kind is None else [kind],
        recordings=None if recording is None else [recording],
    )
    found = index.open().sentences_holding(
        FORMS, weights, scope, share=share, least=least, limit=100
    )
    assert {hit.sentence_id: hit.score for hit in found} == pytest.approx(want)
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    first = index.open().sentences_holding(FORMS, weights, scope, share=share, least=least, limit=2)
    assert list(first) == list(found[:2])
    index.close()


def test_many_places_are_thinned_by_the_next_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Common words are noted although few places are left, and the answer is the same."""
    said = [["pear", "the"], ["pear", "ship", "sail", "tide", "rope", "moon"], ["the", "moons"]]
    layers = [layer(number, said * 20) for number in range(1, 4)]
    index = FolderIndex(tmp_path / "index")
    with index.writer() as writer:
        writer.apply(layers, (), 1)
    answers = []
    for read in (0, 10**9):
        monkeypatch.setattr(held_words, "_READ", read)
        hits = index.open().sentences_holding(
            FORMS, [9.0, 8.0, 7.0, 6.0, 5.0, 4.0], Scope(), share=0.7, least=5, limit=1000
        )
        answers.append([hit.sentence_id for hit in hits])
    assert answers[0] == answers[1]
    assert len(answers[0]) == 60
    index.close()


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    shards = FolderIndex(tmp_path / "index").open()
    words = [(f"w{one}",) for one in range(65)]
    with pytest.raises(BadInput, match="65 words cannot"):
        shards.sentences_holding(words, [1.0] * 65, Scope(), share=0.7, least=5)
    with pytest.raises(BadInput, match="share of words"):
        shards.sentences_holding(words[:5], [1.0] * 5, Scope(), share=1.2, least=5)
    assert list(shards.sentences_holding(words[:3], [1.0] * 3, Scope(), share=0.7, least=5)) == []
