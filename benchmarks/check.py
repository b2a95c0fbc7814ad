"""A quotation held against archives of any size, alignment and finding included.

script/bench check [--words 1e6 1e7 5e7] [--queries 200] [--columns] [--without-peers]
    [--plot growth.png] [--folder FOLDER]

Quotations of 12 words are cut out of an archive (`archives.py`: real text once, the rest from a
word model) and two words of each are changed. Ours: `check_quote`, the whole verb, words read from
the real catalogue; with `--columns` from columns through the catalogue's Protocol (for 10⁹ words).
Peers: tantivy's BM25 over turns, the best 100 aligned by the same aligner; SQLite's FTS5 likewise.
`found`: the words it was cut from, unaltered, stand in the place that is named (with us, in the
nearest place where a finding is `not found`; how many are more than that is told apart). Many of
them stand in several turns, and the first airing is then the right answer. All are asked the same
quotations, all of it one process, warm; CPU time is that of all threads. With several sizes, how
p95 grows is told, and drawn by `--plot`. FOLDER keeps the archives for the next time; without it
they lie in the user's cache.
"""

from __future__ import annotations

import argparse
import math
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
from matplotlib.figure import Figure

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


@dataclass(frozen=True, slots=True)
class Asked:
    """A quotation, and the words it was made from, as they are compared."""

    quotation: Quotation
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one system took for an archive of so many words. found: share of the quotations."""

    words: int
    found: float
    p50_ms: float
    p95_ms: float
    cpu_p50_ms: float
    cpu_p95_ms: float

    def line(self, name: str) -> str:
        """To print."""
        return (
            f"{name:26} found {self.found:6.1%}   p50 {self.p50_ms:8.2f} ms   p95 "
            f"{self.p95_ms:8.2f} ms   (CPU {self.cpu_p50_ms:.2f}, {self.cpu_p95_ms:.2f})"
        )


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
        source = _forms(" ".join(said))
        for place in chance.sample(range(LENGTH), ALTERED):
            other = chance.randrange(len(archive.words))
            said[place] = archive.forms[int(archive.words[other])]
        found.append(Asked(Quotation(" ".join(said), language="en"), source))
    return found


def _forms(text: str) -> str:
    """A text's words as they are compared, between spaces."""
    return f" {' '.join(one.form for one in tokens(text, 'en'))} "


def texts(archive: Archive) -> Iterator[str]:
    """The text of each turn, in order."""
    for turn in range(len(archive.turns) - 1):
        row = archive.words[int(archive.turns[turn]) : int(archive.turns[turn + 1])]
        yield " ".join(archive.forms[one] for one in row.tolist())


@contextmanager
def desk(count: int, base: Path, *, columns: bool) -> Iterator[Desk]:
    """A desk over the archive, its index made and kept beside it. base: where archives lie."""
    folder = base / f"desk-{count}{'-columns' if columns else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "offair.toml"
    settings.write_text(f'data = "{folder / "data"}"\n', encoding="utf-8")
    (folder / "data").mkdir(exist_ok=True)
    if not columns:
        link = folder / "data" / "offair.sqlite"
        if not link.exists():
            link.hardlink_to(catalogue(count, base))
    with wiring.open_desk(config.load(settings), notice=print) as made:
        if columns:
            archive = words(count, base)
            made = replace(made, catalogue=ColumnCatalogue(archive))  # type: ignore[arg-type]
            _index_columns(made, archive)
        else:
            index(made, notice=print)
        yield made


def _index_columns(made: Desk, archive: Archive) -> None:
    """Bring the index up to the archive, as `desk.index` does for a real catalogue."""
    documents = len(archive.documents) - 1
    with made.index.writer() as writer:
        if writer.applied < documents:
            writer.apply(indexed_layers(archive), (), documents)


Answer = Callable[[Quotation], str | None]
"""The text of the place that is named, or None."""


def ours(made: Desk) -> Answer:
    """The verb."""

    def ask(quotation: Quotation) -> str | None:
        finding = check_quote(made, quotation)
        pieces = finding.pieces or finding.alternatives
        if not pieces:
            return None
        return " ".join((pieces[0].before, pieces[0].spoken, pieces[0].after))

    return ask


def believed(made: Desk, asked: Sequence[Asked]) -> float:
    """Share of the quotations of which our finding is more than the nearest place."""
    return sum(bool(check_quote(made, one.quotation).pieces) for one in asked) / len(asked)


def _best(quotation: Quotation, hits: Sequence[str]) -> str | None:
    """The turn that aligns best."""
    printed = read_printed(quotation.printed, "en")
    bits = [10.0] * len(printed.tokens)
    best: tuple[float, str] | None = None
    for first in range(0, len(hits), 10):
        some = hits[first : first + 10]
        cover = Cover(printed, [tokens(text, "en") for text in some], language="en")
        for text, alignment in zip(some, cover.each(), strict=True):
            worth = score(alignment, bits)
            if best is None or worth > best[0]:
                best = worth, text
    return best[1] if best else None


def bm25(archive: Archive, folder: Path) -> Answer:
    """tantivy over turns, the best hits aligned."""
    build = tantivy.SchemaBuilder()
    build.add_text_field("text", stored=True)
    index_of = tantivy.Index(build.build(), path=str(folder))
    writer = index_of.writer(200_000_000, 1)
    for text in texts(archive):
        document = tantivy.Document()
        document.add_text("text", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index_of.reload()
    searcher = index_of.searcher()

    def ask(quotation: Quotation) -> str | None:
        row = " ".join(one.form for one in tokens(quotation.printed, "en"))
        query, _ = index_of.parse_query_lenient(row, ["text"])
        found = [searcher.doc(at) for _, at in searcher.search(query, PEER_HITS).hits]
        return _best(quotation, [str(one["text"][0]) for one in found])

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

    def ask(quotation: Quotation) -> str | None:
        row = " OR ".join(f'"{one.form}"' for one in tokens(quotation.printed, "en"))
        found = base.execute(
            "select text from said where said match ? order by rank limit ?",
            (row, PEER_HITS),
        ).fetchall()
        return _best(quotation, [text for (text,) in found])

    return ask


def measured(size: int, answer: Answer, asked: Sequence[Asked]) -> Row:
    """Ask one after another; size: of the archive, words."""
    for one in asked[:3]:
        answer(one.quotation)
    times, busy, right = [], [], 0
    for one in asked:
        begun, begun_busy = time.perf_counter(), time.process_time()
        named = answer(one.quotation)
        busy.append(time.process_time() - begun_busy)
        times.append(time.perf_counter() - begun)
        right += named is not None and one.said in _forms(named)
    return Row(size, right / len(asked), *_spread(times), *_spread(busy))


def _spread(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile, in ms."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1000, ordered[int(0.95 * (len(ordered) - 1))] * 1000


def measure_size(count: int, base: Path, queries: int, *, columns: bool, peers: bool) -> Row:
    """Ask all systems about an archive of so many words; print, and give our figures."""
    archive = words(count, base)
    asked = quotations(archive, queries)
    print(f"{len(archive.words):,} words, {archive.real_share:.1%} real text", flush=True)
    with desk(count, base, columns=columns) as made:
        result = measured(count, ours(made), asked)
        print(result.line("check_quote"), f"  believed {believed(made, asked):.1%}")
        batch = [one.quotation for one in asked[:ARTICLE]]
        check_quotes(made, batch)
        begun, begun_busy = time.perf_counter(), time.process_time()
        check_quotes(made, batch)
        print(
            f"article of {len(batch)}: {1e3 * (time.perf_counter() - begun):.1f} ms in one batch "
            f"(CPU {1e3 * (time.process_time() - begun_busy):.1f})",
            flush=True,
        )
    for name, make in (("tantivy BM25", bm25), ("SQLite FTS5", fts5)) if peers else ():
        with tempfile.TemporaryDirectory(dir=base) as folder:
            other = measured(count, make(archive, Path(folder)), asked)
        print(other.line(f"{name}, {PEER_HITS} aligned"))
        print(
            f"  {other.p50_ms / result.p50_ms:.1f} times ours at p50 "
            f"({other.cpu_p50_ms / result.cpu_p50_ms:.1f} times in CPU)",
            flush=True,
        )
    return result


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw p50 and p95 against the size of the archive, both logarithmic."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    sizes = [one.words for one in rows]
    axes.plot(sizes, [one.p95_ms for one in rows], "-o", label="p95")
    axes.plot(sizes, [one.p50_ms for one in rows], ":x", label="p50")
    axes.set(
        xscale="log", yscale="log", xlabel="words in the archive", ylabel="ms a quotation",
        title=f"{LENGTH} words, {ALTERED} altered, alignment and finding included",
    )  # fmt: skip
    axes.legend()
    figure.savefig(path, dpi=150)


def growth(rows: Sequence[Row]) -> str:
    """How p95 grew from the smallest archive to the largest."""
    first, last = rows[0], rows[-1]
    longer, larger = last.p95_ms / first.p95_ms, last.words / first.words
    return (
        f"p95 {longer:.1f} × as long for {larger:,.0f} × the words (words to the power of "
        f"{math.log(longer) / math.log(larger):.2f}; 1 would be linear)"
    )


def main() -> None:
    """Print one line for each system and size, and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=float, nargs="+", default=[1_000_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--columns", action="store_true", help="words from columns, not SQLite")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--plot", type=Path, help="how p95 grows, as a picture")
    parser.add_argument("--folder", type=Path, default=cache(), help="where archives are kept")
    said = parser.parse_args()
    print(machine())
    if said.columns:
        print("words from columns through the catalogue's Protocol, not from a database")
    rows = []
    for size in sorted({int(one) for one in said.words}):
        rows.append(
            measure_size(
                size, said.folder.absolute(), said.queries, columns=said.columns,
                peers=not said.without_peers,
            )
        )  # fmt: skip
        if said.plot and len(rows) > 1:
            draw(rows, said.plot)
    if len(rows) > 1:
        print(growth(rows))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory {peak:.1f} GiB")


if __name__ == "__main__":
    main()
