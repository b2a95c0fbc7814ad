"""Full text beside bare tantivy and SQLite FTS5 on the same words, ratios in one run.

    script/bench full_text [--words 5000000] [--text FOLDER] [--keep FOLDER]

The archive is made of the sentences of a folder of texts, drawn again at random with a fixed seed,
in recordings of 200 sentences over ten years, 12 channels, 500 speakers; without a folder, of words
drawn by Zipf's law. Each system is asked the same things: the newest 20 hits, how many there are by
speaker, channel, language and kind of text, and how many in each month. Bare tantivy is one index
of the same tokens with the same columns and nothing of ours around it, asked for the numbers of the
20 sentences too; FTS5 one table, its rows by date, beside one with the columns. Queries take turns;
the median and the 95th percentile of each, in time of the processor, are printed.
Counts differ by the phrases that go on in the next sentence, which ours alone finds.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import tantivy
from desk_runs import machine

from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import Ask, IndexedLayer, IndexedTurn
from offair.search.full_text import FACETS
from offair.search.index import FolderIndex
from offair.text.query_parser import parse_query
from offair.text.sentences import sentences
from offair.text.tokenise import TokenKind, tokens

SHARED = Path(__file__).resolve().parents[2] / "shared" / "quotes" / "white-house" / "archive"
SEED = 20260514
SENTENCES_A_RECORDING = 200
SENTENCES_A_TURN = 4
FIRST = date(2014, 1, 1)
DAYS = 3650
TIMES = 3
"""How often each query is asked; the best counts, so that the page cache is warm for all. What is
measured is time of the processor: each of the three works in the thread that asks."""


@dataclass(frozen=True)
class Row:
    """One sentence of the archive, as every system gets it."""

    text: str
    forms: str
    words: int
    speaker: str
    channel: str
    day: str
    recording: int


def pool(folder: Path | None, rng: np.random.Generator) -> list[str]:
    """Sentences to draw from."""
    if folder is None:
        weights = 1 / np.arange(1, 60_001) ** 1.05
        words = rng.choice(60_000, 600_000, p=weights / weights.sum())
        lengths = rng.integers(4, 28, 40_000)
        ends = np.cumsum(lengths)
        return [
            " ".join(f"w{word}" for word in words[end - length : end]) + "."
            for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
            if end <= len(words)
        ]
    found: list[str] = []
    for path in sorted(folder.rglob("*.md"))[::4]:
        text = path.read_text(encoding="utf-8", errors="replace")
        found.extend(text[first:last].strip() for first, last in sentences(text, "en"))
    return [one for one in found if one]


def rows(drawn: Sequence[str], words: int, rng: np.random.Generator) -> Iterator[Row]:
    """The archive, oldest first."""
    forms = [
        [one.form for one in tokens(text, "en") if one.kind is not TokenKind.FILLER]
        for text in drawn
    ]
    mean = sum(map(len, forms)) / len(forms)
    recordings = max(1, round(words / mean / SENTENCES_A_RECORDING))
    for recording in range(recordings):
        day = (FIRST + timedelta(days=recording * DAYS // recordings)).isoformat()
        channel = f"Channel {rng.integers(12)}"
        speakers = [f"Speaker {one}" for one in rng.zipf(1.4, 6) % 500]
        for place, one in enumerate(rng.integers(0, len(drawn), SENTENCES_A_RECORDING).tolist()):
            speaker = speakers[place // SENTENCES_A_TURN % 6]
            row = forms[one]
            yield Row(drawn[one], " ".join(row), len(row), speaker, channel, day, recording + 1)


def layers(made: Iterator[Row]) -> Iterator[IndexedLayer]:
    """The same as layers."""
    waiting: list[Row] = []
    for row in made:
        if waiting and waiting[0].recording != row.recording:
            yield _layer(waiting)
            waiting = []
        waiting.append(row)
    if waiting:
        yield _layer(waiting)


def _layer(said: Sequence[Row]) -> IndexedLayer:
    number, turns = said[0].recording, []
    for at in range(0, len(said), SENTENCES_A_TURN):
        text, ranges = "", []
        for place, row in enumerate(said[at : at + SENTENCES_A_TURN]):
            key = number * 1000 + at + place
            ranges.append((key, len(text), len(text) + len(row.text) + 1))
            text += f"{row.text} "
        turns.append(IndexedTurn(number * 1000 + at, text, tuple(ranges), said[at].speaker))
    return IndexedLayer(
        number, number, number, LayerKind.SPEECH, LayerOrigin.ENGINE, "en", said[0].channel,
        said[0].day, tuple(turns),
    )  # fmt: skip


def ours(folder: Path, made: Iterator[Row]) -> Callable[[str], int]:
    """Our index, quotation index included, as `offair reindex` writes it."""
    index = FolderIndex(folder)
    if not folder.exists():
        with index.writer() as writer:
            writer.apply(layers(made), (), 1)
    shards = index.open()

    def ask(query: str) -> int:
        return shards.find(parse_query(query), Ask(limit=20, by="month")).total

    return ask


def bare(folder: Path, made: Iterator[Row]) -> Callable[[str], int]:
    """tantivy alone."""
    build = tantivy.SchemaBuilder()
    build.add_text_field("text", tokenizer_name="whitespace")
    for name in FACETS:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    build.add_unsigned_field("month", fast=True)
    for name in ("newest", "sentence"):
        build.add_unsigned_field(name, fast=True)
    schema = build.build()
    there = folder.exists()
    folder.mkdir(exist_ok=True)
    index = tantivy.Index(schema, path=str(folder))
    white = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", white)
    if not there:
        _write_bare(index, made)
    index.reload()
    searcher = index.searcher()
    counted = {name: {"terms": {"field": name, "size": 65_000}} for name in (*FACETS, "month")}

    def ask(query: str) -> int:
        asked = _bare_query(schema, query)
        found = searcher.search(asked, 20, order_by_field="newest", order=tantivy.Order.Desc)
        searcher.fast_field_values("sentence", [address for _, address in found.hits])
        searcher.aggregate(asked, counted)
        return int(found.count)  # type: ignore[attr-defined]

    return ask


def _write_bare(index: tantivy.Index, made: Iterator[Row]) -> None:
    writer = index.writer(400_000_000, 1)
    for place, row in enumerate(made):
        day = date.fromisoformat(row.day).toordinal()
        month = int(row.day[:4]) * 12 + int(row.day[5:7])
        document = tantivy.Document()
        document.add_text("text", row.forms)
        document.add_text("speaker", row.speaker)
        document.add_text("channel", row.channel)
        document.add_text("language", "en")
        document.add_text("layer", "speech")
        document.add_unsigned("month", month)
        document.add_unsigned("newest", day * 100_000_000 + place)
        document.add_unsigned("sentence", place)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _bare_query(schema: tantivy.Schema, query: str) -> tantivy.Query:
    if query.startswith('"'):
        return tantivy.Query.phrase_query(schema, "text", list(query.strip('"').split()))
    words = [
        (tantivy.Occur.Must, tantivy.Query.term_query(schema, "text", word))
        for word in query.split()
    ]
    return words[0][1] if len(words) == 1 else tantivy.Query.boolean_query(words)


def fts5(path: Path, made: Iterator[Row]) -> Callable[[str], int]:
    """SQLite's own full text."""
    there = path.exists()
    base = sqlite3.connect(path)
    base.execute("pragma cache_size = -400000")
    if not there:
        _write_fts5(base, made)

    def ask(query: str) -> int:
        # The rows stand by date, so the newest are the greatest row ids.
        base.execute(
            "select rowid from word where word match ? order by rowid desc limit 20", (query,)
        ).fetchall()
        count = 0
        base.execute("create temp table hit as select rowid as id from word where word match ?",
                     (query,))  # fmt: skip
        for column in (*FACETS, "month"):
            values = base.execute(
                f"select {column}, count(*) from hit join sentence using (id) group by {column}"
            ).fetchall()
            count = sum(one[1] for one in values)
        base.execute("drop table hit")
        return count

    return ask


def _write_fts5(base: sqlite3.Connection, made: Iterator[Row]) -> None:
    base.executescript(
        """
        pragma journal_mode = off; pragma synchronous = off;
        create table sentence (id integer primary key, speaker text, channel text, language text,
                               layer text, month text);
        create virtual table word using fts5 (text, content='', tokenize='unicode61');
        """
    )
    batch: list[Row] = []
    total = 0

    def keep() -> None:
        base.executemany(
            "insert into sentence values (?, ?, ?, 'en', 'speech', ?)",
            (
                (total + at, one.speaker, one.channel, one.day[:7])
                for at, one in enumerate(batch, 1)
            ),
        )
        base.executemany(
            "insert into word (rowid, text) values (?, ?)",
            ((total + at, one.forms) for at, one in enumerate(batch, 1)),
        )

    for row in made:
        batch.append(row)
        if len(batch) == 50_000:
            keep()
            total += len(batch)
            batch.clear()
    keep()
    base.execute("insert into word (word) values ('optimize')")
    base.commit()


def queries(drawn: Sequence[str], rng: np.random.Generator) -> dict[str, list[str]]:
    """What is asked: plain words only, which all three cut alike."""
    plain = [
        row
        for text in drawn
        if len(row := [one.form for one in tokens(text, "en")]) > 6
        and all(one.isascii() and one.isalpha() for one in row)
    ]
    chosen = [plain[at] for at in rng.integers(0, len(plain), 60).tolist()]
    counts: dict[tuple[str, ...], int] = {}
    for row in plain:
        for pair in itertools.pairwise(row):
            counts[pair] = counts.get(pair, 0) + 1
    pairs = sorted(counts, key=lambda one: -counts[one])
    words: dict[str, int] = {}
    for row in plain:
        for word in set(row):
            words[word] = words.get(word, 0) + 1
    common = sorted(words, key=lambda one: -words[one])
    return {
        "rare phrase": [f'"{" ".join(row[1:6])}"' for row in chosen[:20]],
        "common phrase": [f'"{" ".join(pair)}"' for pair in pairs[5:200:10]],
        "one word": common[50:1050:50],
        "two words": [" ".join(one) for one in zip(common[100:120], common[300:320], strict=True)],
    }


def main() -> None:
    """Make the three, ask them, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=5_000_000)
    parser.add_argument("--text", type=Path, default=SHARED if SHARED.is_dir() else None)
    parser.add_argument(
        "--keep", type=Path, help="use the indexes in this folder, or leave them there"
    )
    args = parser.parse_args()
    drawn = pool(args.text, np.random.default_rng(SEED))
    if not drawn:
        parser.error(f"{args.text} has no .md files with sentences in them")
    scratch = args.keep or Path(tempfile.mkdtemp())
    scratch.mkdir(exist_ok=True)
    systems: dict[str, Callable[[str], int]] = {}
    print(f"machine: {machine()}; {len(drawn)} sentences to draw from, {args.text or 'by Zipf'}")
    try:
        counted = sum(row.words for row in rows(drawn, args.words, np.random.default_rng(SEED)))
        for name, make in (("ours", ours), ("tantivy", bare), ("FTS5", fts5)):
            made = rows(drawn, args.words, np.random.default_rng(SEED))
            place = scratch / name
            there = place.exists()
            began = time.perf_counter()
            systems[name] = make(place, made)
            took = "made before" if there else f"made in {time.perf_counter() - began:.0f} s"
            size = sum(one.stat().st_size for one in [place, *place.rglob("*")] if one.is_file())
            print(
                f"{name}: {counted / 1e6:.1f} million words, {took}, "
                f"{size / counted:.2f} bytes a word"
            )
        _race(systems, queries(drawn, np.random.default_rng(SEED)))
    finally:
        if args.keep is None:
            shutil.rmtree(scratch, ignore_errors=True)


def _race(systems: dict[str, Callable[[str], int]], asked: dict[str, list[str]]) -> None:
    every: dict[str, list[float]] = {name: [] for name in systems}
    for kind, these in [*asked.items(), ("all", [])]:
        took: dict[str, list[float]] = {name: [] for name in systems}
        for query in these:
            counts = {}
            for name, ask in systems.items():
                best = float("inf")
                for _ in range(TIMES):
                    began = time.thread_time()
                    counts[name] = ask(query)
                    best = min(best, time.thread_time() - began)
                took[name].append(best * 1000)
                every[name].append(best * 1000)
            if len(set(counts.values())) > 1 and kind != "rare phrase":
                print(f"  counts differ for {query}: {counts}")
        if kind == "all":
            took = every
        line = [f"{kind:<14}"]
        for name, values in took.items():
            line.append(f"{name} {np.median(values):.2f} / {np.percentile(values, 95):.2f} ms")
        for name in ("tantivy", "FTS5"):
            ratios = np.array(took["ours"]) / np.array(took[name])
            whole = sum(took["ours"]) / sum(took[name])
            line.append(f"ours/{name} {np.median(ratios):.2f} (sum {whole:.2f})")
        print("; ".join(line))


if __name__ == "__main__":
    main()
