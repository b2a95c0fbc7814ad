"""Standing queries: time a sentence with 5,000 of them, beside evaluating every one.

script/bench standing [--queries 5000] [--sentences 20000] [--text FOLDER]

Queries are made of the text's own words, seed fixed: single words, phrases, NEAR, words side by
side, alternatives, a prefix, with NOT and with filters. `filed` is what the indexer does for each
sentence once its words are known, `with its tokens` includes making them; `every query` evaluates
all of them for a part of the sentences. Both must find the same. Times are of the processor.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

from desk_runs import machine
from tokeniser import SHARED, read_lines

from offair.model.query import Query
from offair.model.transcript import LayerKind
from offair.search.standing import StandingQueries
from offair.text.query_evaluator import SentenceFacts, evaluate
from offair.text.query_parser import parse_query
from offair.text.sentences import sentences
from offair.text.word_ids import WordTable

FACTS = SentenceFacts("Jane Roe", "Harbour One", "en", LayerKind.SPEECH, "2023-05-13")
SEED = 20230513
EVERY_SENTENCES = 60


def _queries(rows: list[list[str]], counts: Counter[str], wanted: int) -> list[Query]:
    """So many queries as people save them, of words that stand in the text."""
    chosen = random.Random(SEED)
    words = [
        form for form, count in counts.items() if count >= 2 and form.isalpha() and len(form) > 3
    ]
    long = [row for row in rows if len(row) > 6]

    def word() -> str:
        return chosen.choice(words)

    def phrase() -> str:
        row = chosen.choice(long)
        at = chosen.randrange(len(row) - 3)
        return '"' + " ".join(row[at : at + chosen.randint(2, 3)]) + '"'

    shapes = (
        word,
        phrase,
        lambda: f"{word()} {word()}",
        lambda: f"{word()} OR {phrase()} OR {word()}",
        lambda: f"{word()} NEAR/5 {word()}",
        lambda: f"{word()[:5]}* {word()}",
        lambda: f"({word()} OR {word()}) NOT {word()}",
        lambda: f"{word()} speaker:roe",
    )
    return [parse_query(shapes[place % len(shapes)]()) for place in range(wanted)]


def main() -> None:
    """Hold every sentence against the queries and print milliseconds a sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, default=SHARED / "quotes" / "white-house" / "archive")
    parser.add_argument("--queries", type=int, default=5000)
    parser.add_argument("--sentences", type=int, default=20_000)
    args = parser.parse_args()
    lines = read_lines(args.text, args.sentences * 200)
    texts = [line[start:end] for line in lines for start, end in sentences(line, "en")]
    texts = texts[: args.sentences]
    if not texts:
        raise SystemExit(f"no texts (.md, .txt) in {args.text}; name a folder with --text")
    table = WordTable()
    table.tokenise(texts, "en")
    began = time.thread_time()
    found = table.tokenise(texts, "en")
    forms = table.forms
    rows = [
        [forms[one] for one in found.ids[found.starts[at] : found.starts[at + 1]].tolist()]
        for at in range(len(texts))
    ]
    tokens_ms = (time.thread_time() - began) * 1000 / len(texts)
    queries = list(
        enumerate(_queries(rows, Counter(one for row in rows for one in row), args.queries))
    )
    began = time.thread_time()
    standing = StandingQueries(queries)
    made_s = time.thread_time() - began
    words = [form for row in rows for form in row]
    ends = [int(found.starts[at + 1]) for at in range(len(rows))]
    following = [words[end : end + standing.reach] for end in ends]
    times, hits = [], []
    for at, row in enumerate(rows):
        began = time.thread_time()
        hits.append(standing.matches(row, FACTS, following[at]))
        times.append((time.thread_time() - began) * 1000)
    some = list(zip(rows, following, strict=True))[:: max(1, len(rows) // EVERY_SENTENCES)]
    began = time.thread_time()
    every = [
        [at for at, query in queries if evaluate(query, row, FACTS, after)] for row, after in some
    ]
    every_ms = (time.thread_time() - began) * 1000 / len(some)
    same = [list(one) for one in hits[:: max(1, len(rows) // EVERY_SENTENCES)]] == every
    mean = sum(times) / len(times)
    print(f"machine: {machine()}")
    print(
        f"{len(queries):,} queries ({len(standing):,} different), {len(rows):,} sentences of "
        f"{args.text.name}, {sum(map(len, hits)):,} matches; filed in {made_s:.2f} s"
    )
    p95 = sorted(times)[len(times) * 95 // 100]
    print(f"filed            {mean:.4f} ms a sentence (p95 {p95:.4f})")
    print(f"with its tokens  {mean + tokens_ms:.4f} ms a sentence")
    print(f"every query      {every_ms:.2f} ms a sentence ({len(some)} sentences)")
    print(f"ratio {every_ms / mean:.0f}; the same matches: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
