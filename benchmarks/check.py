"""A quotation held against archives of any size, alignment and finding included.

script/bench check [--words 1000000] [--queries 200] [--columns] [--without-peers]

Quotations of 12 words are cut out of an archive (`archives.py`: real text once, the rest from a
word model) and two words of each are changed. Ours: `check_quote`, the whole verb, words read from
the real catalogue; with `--columns` from columns through the catalogue's Protocol (for 10⁹ words).
Peers: tantivy's BM25 over turns, the best 100 aligned by the same aligner; SQLite's FTS5 likewise.
`found`: the turn it was cut from is the one that is named. All of it one process, warm.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import tantivy
from archive_columns import ColumnCatalogue, indexed_layers
from archives import SEED, Archive, cache, catalogue, words
from desk_runs import machine

from offair import config, wiring
from offair.desk import Desk
from offair.desk.check_quote import check_quote, check_quotes
from offair.desk.index import index
from offair.model.finding import Quotation
from offair.text.cover import Cover
from offair.text.printed import read_printed
from offair.text.significance import score
from offair.text.tokenise import tokens

LENGTH = 12
ALTERED = 2
ARTICLE = 30
PEER_HITS = 100
PEER_QUERIES = 40
_LAYERS = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A quotation, and the id of the turn it was cut from."""

    quotation: Quotation
    turn_id: int


def quotations(archive: Archive, count: int) -> list[Asked]:
    """Quotations cut out of turns that are long enough, two words of each changed."""
    chance = random.Random(SEED)
    found: list[Asked] = []
    turns = len(archive.turns) - 1
    while len(found) < count:
        turn = chance.randrange(turns)
        low, high = int(archive.turns[turn]), int(archive.turns[turn + 1])
        if high - low < LENGTH:
            continue
        first = chance.randrange(low, high - LENGTH + 1)
        said = [archive.forms[one] for one in archive.words[first : first + LENGTH].tolist()]
        for place in chance.sample(range(LENGTH), ALTERED):
            other = chance.randrange(len(archive.words))
            said[place] = archive.forms[int(archive.words[other])]
        found.append(Asked(Quotation(" ".join(said), language="en"), turn + 1))
    return found


def texts(archive: Archive) -> Iterator[str]:
    """The text of each turn, in order."""
    for turn in range(len(archive.turns) - 1):
        row = archive.words[int(archive.turns[turn]) : int(archive.turns[turn + 1])]
        yield " ".join(archive.forms[one] for one in row.tolist())


@contextmanager
def desk(count: int, *, columns: bool) -> Iterator[Desk]:
    """A desk over the archive, its index made and kept beside it."""
    folder = cache() / f"desk-{count}{'-columns' if columns else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "offair.toml"
    settings.write_text(f'data = "{folder / "data"}"\n', encoding="utf-8")
    (folder / "data").mkdir(exist_ok=True)
    if not columns:
        link = folder / "data" / "offair.sqlite"
        if not link.exists():
            link.hardlink_to(catalogue(count))
    with wiring.open_desk(config.load(settings), notice=print) as made:
        if not columns:
            index(made, notice=print)
            yield made
            return
        archive = words(count)
        made = replace(made, catalogue=ColumnCatalogue(archive))  # type: ignore[arg-type]
        documents = len(archive.documents) - 1
        with made.index.writer() as writer:
            for low in range(writer.applied, documents, _LAYERS):
                high = min(low + _LAYERS, documents)
                writer.apply(indexed_layers(archive, low, high), (), high)
            for names in writer.mergeable():
                layers = writer.layers_of(names)
                writer.replace(
                    names,
                    (one for key in layers for one in indexed_layers(archive, key - 1, key)),
                )
        yield made


Answer = Callable[[Quotation], int | None]


def ours(made: Desk) -> Answer:
    """The verb."""

    def ask(quotation: Quotation) -> int | None:
        pieces = check_quote(made, quotation).pieces
        return pieces[0].turn_ids[0] if pieces else None

    return ask


def _best(quotation: Quotation, hits: Sequence[tuple[int, str]]) -> int | None:
    """The turn that aligns best."""
    printed = read_printed(quotation.printed, "en")
    bits = [10.0] * len(printed.tokens)
    best: tuple[float, int] | None = None
    for first in range(0, len(hits), 10):
        some = hits[first : first + 10]
        cover = Cover(printed, [tokens(text, "en") for _, text in some], language="en")
        for (turn_id, _), alignment in zip(some, cover.each(), strict=True):
            worth = score(alignment, bits)
            if best is None or worth > best[0]:
                best = worth, turn_id
    return best[1] if best else None


def bm25(archive: Archive, folder: Path) -> Answer:
    """tantivy over turns, the best hits aligned."""
    build = tantivy.SchemaBuilder()
    build.add_text_field("text", stored=True)
    build.add_unsigned_field("turn", stored=True)
    index_of = tantivy.Index(build.build(), path=str(folder))
    writer = index_of.writer(200_000_000, 1)
    for turn_id, text in enumerate(texts(archive), 1):
        document = tantivy.Document()
        document.add_text("text", text)
        document.add_unsigned("turn", turn_id)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index_of.reload()
    searcher = index_of.searcher()

    def ask(quotation: Quotation) -> int | None:
        row = " ".join(one.form for one in tokens(quotation.printed, "en"))
        query, _ = index_of.parse_query_lenient(row, ["text"])
        found = [searcher.doc(at) for _, at in searcher.search(query, PEER_HITS).hits]
        return _best(quotation, [(int(one["turn"][0]), str(one["text"][0])) for one in found])

    return ask


def fts5(archive: Archive, folder: Path) -> Answer:
    """SQLite's FTS5 over turns, the best hits aligned."""
    base = sqlite3.connect(folder / "fts5.sqlite")
    base.executescript(
        "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000;"
        "create virtual table said using fts5 (text)"
    )
    base.executemany("insert into said (rowid, text) values (?, ?)", enumerate(texts(archive), 1))
    base.execute("insert into said (said) values ('optimize')")
    base.commit()

    def ask(quotation: Quotation) -> int | None:
        row = " OR ".join(f'"{one.form}"' for one in tokens(quotation.printed, "en"))
        found = base.execute(
            "select rowid, text from said where said match ? order by rank limit ?",
            (row, PEER_HITS),
        ).fetchall()
        return _best(quotation, found)

    return ask


def measured(answer: Answer, asked: Sequence[Asked]) -> tuple[float, float, float]:
    """Share found, p50 and p95 in ms."""
    for one in asked[:3]:
        answer(one.quotation)
    times, right = [], 0
    for one in asked:
        begun = time.perf_counter()
        turn_id = answer(one.quotation)
        times.append(1e3 * (time.perf_counter() - begun))
        right += turn_id == one.turn_id
    times.sort()
    return right / len(asked), statistics.median(times), times[int(0.95 * (len(times) - 1))]


def main() -> None:
    """Print one line for each system, and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--columns", action="store_true", help="words from columns, not SQLite")
    parser.add_argument("--without-peers", action="store_true")
    said = parser.parse_args()
    archive = words(said.words)
    asked = quotations(archive, said.queries)
    print(machine())
    print(f"{len(archive.words):,} words, {archive.real_share:.1%} real text")
    with desk(said.words, columns=said.columns) as made:
        result = measured(ours(made), asked)
        _line("check_quote", result)
        batch = [one.quotation for one in asked[:ARTICLE]]
        check_quotes(made, batch)
        begun = time.perf_counter()
        check_quotes(made, batch)
        print(f"article of {len(batch)}: {1e3 * (time.perf_counter() - begun):.1f} ms in one batch")
    if not said.without_peers:
        for name, make in (("tantivy BM25", bm25), ("SQLite FTS5", fts5)):
            with tempfile.TemporaryDirectory() as folder:
                other = measured(make(archive, Path(folder)), asked[:PEER_QUERIES])
            _line(f"{name}, {PEER_HITS} aligned", other)
            print(f"  {other[1] / result[1]:.1f} times ours at p50")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory {peak:.1f} GiB")


def _line(name: str, result: tuple[float, float, float]) -> None:
    found, p50, p95 = result
    print(f"{name:28} found {found:6.1%}   p50 {p50:8.2f} ms   p95 {p95:8.2f} ms")


if __name__ == "__main__":
    main()
