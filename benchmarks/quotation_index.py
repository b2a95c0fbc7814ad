"""The quotation index alone: building, bytes, and proposals as the archive grows.

script/bench quotation_index [--words 1e6 1e7 1e8] [--shard-words 96e6] [--queries 200]
    [--plot growth.png] [--without-peer] [--folder FOLDER]

Builds the shared real text from its sentences (tokenise, sort, write) and tantivy's index of the
same sentences beside it. Then, the smallest first, archives of so many words each
(`archives_words.py`: real text once, the rest from a word model; its words come from columns, not
from a catalogue) and asks each for quotations cut out of it at random and altered; beside it
postings by hashed trigrams (`trigram_postings.py`) for the same quotations. `found`: the layer it
was cut from is among what is proposed. Alignment by word ids is included, alignment of the text is
not. Words are streamed into the shards; figures are printed and the plot is drawn after each size,
so that a run that is broken off leaves those of the sizes before. FOLDER needs 9 bytes for each
word of the largest archive.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import tantivy
from archives_words import SEED, Model, columnar, real_layers
from desk_runs import machine
from matplotlib.figure import Figure
from trigram_postings import TrigramPostings

from offair.search import IndexedLayer, Scope
from offair.search.proposals import propose, scan
from offair.search.quotation_files import QuotationShard, write_quotation_index
from offair.search.shard import TokenisedLayer, tokenised
from offair.text.word_ids import WordTable, form_hash

TANTIVY_WORDS = 3_000_000
PEER_WORDS = 100_000_000
ARTICLE = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A quotation and the layer it was cut from (-1: it was never said)."""

    words: list[str]
    layer_id: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of queries."""

    size: int
    kind: str
    index: str
    found: float
    p50_ms: float
    p95_ms: float
    cpu_p50_ms: float
    cpu_p95_ms: float


def _substituted(words: list[str], chance: random.Random, count: int) -> list[str]:
    words = list(words)
    for at in chance.sample(range(len(words)), count):
        words[at] = chance.choice(words)
    return words


def _perturbed(words: list[str], chance: random.Random) -> list[str]:
    """15 % substituted, 15 % dropped."""
    kept = [word for word in words if chance.random() >= 0.15]
    return [chance.choice(words) if chance.random() < 0.15 / 0.85 else word for word in kept]


KINDS: dict[str, tuple[int, Callable[[list[str], random.Random], list[str]]]] = {
    "12 words, 2 altered": (12, lambda words, chance: _substituted(words, chance, 2)),
    "8 words, 2 altered": (8, lambda words, chance: _substituted(words, chance, 2)),
    "20 words, 15 + 15 %": (20, _perturbed),
    "12 words, never said": (12, lambda words, chance: chance.sample(words, 12)),
}


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def measure_build(layers: list[IndexedLayer], folder: Path) -> None:
    """Build the index of real text and tantivy's of a part of it; print speed and bytes."""
    _compile(layers[:2], folder / "compiled")
    table = WordTable()
    began = time.perf_counter()
    streamed = list(tokenised(layers, table))
    read = time.perf_counter()
    counts = write_quotation_index(folder / "real", streamed, table)
    whole = time.perf_counter() - began
    words = counts["suffixes"]
    print(
        f"real text: {words:,} words, {counts['hashes']:,} forms, {counts['turns']:,} turns, "
        f"{counts['sentences']:,} sentences\n"
        f"  tokenise {read - began:.1f} s, sort and write {began + whole - read:.1f} s: "
        f"{words / whole / 1e6:.2f} million words/s; {counts['bytes'] / words:.2f} bytes a word; "
        f"peak memory {_peak_gib():.2f} GiB"
    )
    sys.stdout.flush()
    shutil.rmtree(folder / "real")
    measure_tantivy(layers, folder / "tantivy", words / whole)


def measure_tantivy(layers: list[IndexedLayer], folder: Path, ours: float) -> None:
    """Index sentences with tantivy, positions kept, text not stored."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", index_option="position")
    builder.add_integer_field("row", fast=True)
    folder.mkdir()
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(400_000_000, 2)
    words = row = 0
    began = time.perf_counter()
    for layer in layers:
        for turn in layer.turns:
            for _, first, end in turn.sentences:
                text = turn.text[first:end]
                writer.add_document(tantivy.Document(text=text, row=row))
                words += len(text.split())
                row += 1
        if words > TANTIVY_WORDS:
            break
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - began
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(
        f"tantivy, 2 threads, of {words:,} of these words: {words / seconds / 1e6:.2f} million "
        f"words/s (ours is {ours * seconds / words:.1f} × as fast), {size / words:.2f} bytes a word"
    )
    shutil.rmtree(folder)


def _compile(layers: list[IndexedLayer], folder: Path) -> None:
    table = WordTable()
    write_quotation_index(folder, tokenised(layers, table), table)
    propose([QuotationShard(folder)], [["compiled", "first"]], Scope())
    scan([QuotationShard(folder)], ["compiled", "first"], 1, Scope())
    shutil.rmtree(folder)


def archive(real: list[TokenisedLayer], model: Model, words: int) -> Iterator[TokenisedLayer]:
    """Real layers first, then made ones, until so many words are reached."""
    number = left = 0
    left = words
    for number, one in enumerate(real, start=1):
        if left <= 0:
            return
        yield columnar(number, one.ids[:left])
        left -= len(one.ids)
    if left > 0:
        yield from model.layers(left, number + 1)


def build_shards(
    layers: Iterator[TokenisedLayer], folder: Path, table: WordTable, shard_words: int
) -> list[QuotationShard]:
    """Write shards of at most so many words each."""
    shards: list[QuotationShard] = []
    while first := list(islice(layers, 1)):
        place = folder / f"shard-{len(shards)}"
        write_quotation_index(place, _so_many(first, layers, shard_words), table)
        shards.append(QuotationShard(place))
    return shards


def _so_many(
    first: list[TokenisedLayer], layers: Iterator[TokenisedLayer], words: int
) -> Iterator[TokenisedLayer]:
    held = 0
    for source in (first, layers):
        for one in source:
            yield one
            held += len(one.ids)
            if held >= words:
                return


def cut_out(
    shards: Sequence[QuotationShard], table: WordTable, kind: str, count: int
) -> list[Asked]:
    """Quotations cut out at random, each place as likely, and altered."""
    length, alter = KINDS[kind]
    chance = random.Random(f"{SEED} {kind}")
    forms = dict(zip(table.hashes().tolist(), table.forms, strict=True))
    asked: list[Asked] = []
    while len(asked) < count:
        shard = chance.choices(shards, [one.words for one in shards])[0]
        columns = shard.columns
        first = chance.randrange(len(columns.words) - length)
        ids = columns.words[first : first + length].astype(np.int64)
        if not ids.all():
            continue
        words = [forms[one] for one in columns.hashes[ids - 1].tolist()]
        layer = int(np.searchsorted(columns.layer_firsts, first, side="right")) - 1
        layer_id = -1 if "never" in kind else int(columns.layers["layer_id"][layer])
        asked.append(Asked(alter(words, chance), layer_id))
    return asked


def ask_ours(shards: Sequence[QuotationShard], one: Asked) -> set[int]:
    """The layers proposed for a quotation."""
    (proposal,) = propose(shards, [one.words], Scope())
    return {stretch.layer_id for stretch in proposal.stretches}


def ask_peer(
    shards: Sequence[QuotationShard], peers: Sequence[TrigramPostings], one: Asked
) -> set[int]:
    """The layers of the best eight windows of the postings of all shards."""
    hashes = np.array([form_hash(word) for word in one.words], np.uint64)
    ids = [shard.ids(hashes) for shard in shards]
    counts = sum(
        shard.view(Scope()).counts(numbers) for shard, numbers in zip(shards, ids, strict=True)
    )
    words = sum(shard.words for shard in shards)
    bits = np.append(0.0, np.cumsum(np.log2(words / np.maximum(counts, 1))))
    found = []
    for shard, peer, numbers in zip(shards, peers, ids, strict=True):
        firsts = shard.columns.layer_firsts
        for score, at in peer.propose(numbers, bits):
            layer = int(np.searchsorted(firsts, at, side="right")) - 1
            found.append((score, int(shard.columns.layers["layer_id"][layer])))
    found.sort(reverse=True)
    return {layer_id for _, layer_id in found[:8]}


def timed(
    size: int, kind: str, index: str, asked: list[Asked], ask: Callable[[Asked], set[int]]
) -> Row:
    """Ask one after another."""
    ask(asked[0])
    times, busy, hits = [], [], 0
    for one in asked:
        began, began_busy = time.perf_counter(), time.process_time()
        found = ask(one)
        busy.append(time.process_time() - began_busy)
        times.append(time.perf_counter() - began)
        hits += one.layer_id in found
    row = Row(size, kind, index, hits / len(asked), *_spread(times), *_spread(busy))
    share = "   —  " if asked[0].layer_id < 0 else f"{row.found:6.1%}"
    print(
        f"  {kind:22} {index:9} found {share}  p50 {row.p50_ms:7.2f} ms  p95 {row.p95_ms:7.2f} ms"
        f"  (CPU {row.cpu_p50_ms:.2f}, {row.cpu_p95_ms:.2f})",
        flush=True,
    )
    return row


def _spread(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile, in ms."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1000, ordered[int(0.95 * len(ordered))] * 1000


def measure_size(
    size: int, shards: Sequence[QuotationShard], table: WordTable, queries: int, *, peer: bool
) -> list[Row]:
    """Ask every kind of quotation of an archive of so many words; print and give the figures."""
    rows = []
    cut = {kind: cut_out(shards, table, kind, queries) for kind in KINDS}
    for kind, asked in cut.items():
        rows.append(timed(size, kind, "suffixes", asked, lambda one: ask_ours(shards, one)))
    article = [one.words for asked in cut.values() for one in asked][:: queries * 4 // ARTICLE]
    times = [_seconds(lambda: propose(shards, article[:ARTICLE], Scope())) for _ in range(5)]
    print(f"  an article of {ARTICLE}: {statistics.median(times) * 1000:.0f} ms")
    scanned = cut["12 words, 2 altered"][:3]
    speed = statistics.median(
        _seconds(lambda: scan(shards, scanned[0].words, 2, Scope())) for _ in scanned
    )
    print(f"  exhaustive scan, 12 words: {size / speed / 1e6:.0f} million words/s, all threads")
    if peer:
        began = time.perf_counter()
        peers = [TrigramPostings(shard.columns.words) for shard in shards]
        seconds = time.perf_counter() - began
        print(
            f"  trigram postings built in {seconds:.1f} s from word ids, "
            f"{sum(one.bytes for one in peers) / size:.2f} bytes a word"
        )
        for kind, asked in cut.items():
            row = timed(size, kind, "trigrams", asked, lambda one: ask_peer(shards, peers, one))
            rows.append(row)
    return rows


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw p95 against the size of the archive, both logarithmic."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    for kind in KINDS:
        for index, style in (("suffixes", "-o"), ("trigrams", ":x")):
            points = [
                (one.size, one.p95_ms) for one in rows if (one.kind, one.index) == (kind, index)
            ]
            if points:
                axes.plot(*zip(*points, strict=True), style, label=f"{kind} ({index})")
    axes.set(xscale="log", yscale="log", xlabel="words in the archive", ylabel="p95 in ms")
    axes.legend(fontsize=7)
    figure.savefig(path, dpi=150)


def slopes(rows: Sequence[Row]) -> Iterator[str]:
    """How p95 grew from the smallest archive to the largest: a sentence for each kind."""
    for kind in KINDS:
        points = sorted(
            (one.size, one.p95_ms) for one in rows if (one.kind, one.index) == (kind, "suffixes")
        )
        (size, p95), (largest, last) = points[0], points[-1]
        if largest > size:
            power = math.log(last / p95) / math.log(largest / size)
            yield (
                f"{kind}: p95 {last / p95:.1f} × as long for {largest / size:,.0f} × the words "
                f"(words to the power of {power:.2f}; 1 would be linear)"
            )


def main() -> None:
    """Build, ask, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=float, nargs="+", default=[1e6, 1e7, 1e8])
    parser.add_argument("--shard-words", type=float, default=96e6)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--folder", type=Path, help="where the shards go for the time being")
    args = parser.parse_args()
    print(machine(), flush=True)
    real = list(real_layers())
    if not real:
        raise SystemExit("no real text: the folder shared, beside the repository, is not there")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        measure_build(real, folder)
        table = WordTable()
        streamed = [columnar(one.layer.layer_id, one.ids) for one in tokenised(real, table)]
        real.clear()  # the texts would count as memory of the index
        held = sum(len(one.ids) for one in streamed)
        model = Model(streamed)
        for size in sorted({int(one) for one in args.words}):
            began = time.perf_counter()
            shards = build_shards(
                archive(streamed, model, size), folder, table, int(args.shard_words)
            )
            seconds = time.perf_counter() - began
            files = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
            print(
                f"{size:.0e} words, {min(1.0, held / size):.1%} real, {len(shards)} shards, "
                f"{files / size:.2f} bytes a word; made, sorted and written at "
                f"{size / seconds / 1e6:.2f} million words/s; peak memory {_peak_gib():.1f} GiB",
                flush=True,
            )
            for shard in shards:
                shard.warm()
            peer = not args.without_peer and size <= PEER_WORDS
            rows += measure_size(size, shards, table, args.queries, peer=peer)
            del shards
            for place in folder.iterdir():
                shutil.rmtree(place)
            if args.plot:
                draw(rows, args.plot)
    for sentence in slopes(rows):
        print(sentence)
    print(f"peak memory {_peak_gib():.1f} GiB")


if __name__ == "__main__":
    main()
