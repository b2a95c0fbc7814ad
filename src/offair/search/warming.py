"""Compile the loops of the search before somebody waits for them.

After an installation the first quotation that is checked would wait about ten seconds for them, on
two cores; the desk that keeps the index does it beside its work. What is asked here of an index of
a few words calls every loop as an archive does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from offair.kernels.compiled import is_compiled
from offair.kernels.counting import interval, longest_live
from offair.kernels.held_words import best_sentences
from offair.kernels.places import choose_chains
from offair.kernels.scan import scan, scan_blocks
from offair.kernels.sentence_rows import keep_rows, rows_of_places
from offair.model.query import And, Phrase, Term
from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import Ask, IndexedLayer, IndexedTurn, Scope
from offair.search.index import FolderIndex

_WORDS = " ".join(f"word{one}" for one in range(64))
_QUOTATION = [f"word{one}" for one in range(12)]
_BOTH = And((Term(("word1",), (0, 0)), Term(("word2",), (0, 0))), (0, 0))
_EACH = [(one,) for one in _QUOTATION]
_BITS = [10.0] * len(_EACH)
_LONG = [f"word{one % 64}" for one in range(80)]


def is_warm() -> bool:
    """Whether every loop was compiled here before, by this process or another; cheap."""
    loops = (
        interval, rows_of_places, keep_rows, choose_chains, longest_live, scan, scan_blocks,
        best_sentences,
    )  # fmt: skip
    return all(map(is_compiled, loops))


def warm(stop: Callable[[], bool]) -> None:
    """Compile what is not compiled yet. stop: asked between two of them; True ends it.

    Raises `Unavailable` or `OSError` where no temporary folder can be written.
    """
    with tempfile.TemporaryDirectory(prefix="offair-") as folder:
        index = FolderIndex(Path(folder) / "index")
        with index.writer() as writer:
            writer.apply([_layer(1), _layer(2)], (), 1)
        shards = index.open()
        changed = [*_QUOTATION[:5], "other", *_QUOTATION[6:]]
        steps: tuple[Callable[[], object], ...] = (
            lambda: shards.find(Phrase(("word1", "word2", "word3"), (0, 0)), Ask(by="month")),
            lambda: shards.find(_BOTH, Ask(by="month")),
            lambda: shards.propose([_QUOTATION, changed], Scope()),
            lambda: shards.propose([changed], Scope(kinds=[LayerKind.SPEECH], recordings=[1])),
            lambda: shards.propose([changed], Scope(), thorough=True),
            lambda: shards.occurrences(_QUOTATION, Scope()),
            lambda: shards.scan(changed, 2, Scope()),
            lambda: shards.scan(_LONG, 2, Scope()),
            lambda: shards.sentences_holding(_EACH, _BITS, Scope(), share=0.7, least=5),
        )
        for step in steps:
            if stop():
                break
            step()
        index.close()


def _layer(number: int) -> IndexedLayer:
    turn = IndexedTurn(number, _WORDS, ((number, 0, len(_WORDS)),))
    return IndexedLayer(
        number, number, 1, LayerKind.SPEECH, LayerOrigin.ENGINE, "en", "", "2024-05-14", (turn,)
    )
