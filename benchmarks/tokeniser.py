"""The tokeniser: words a second into ids, beside plain Python and beside `str.split`.

script/bench tokeniser [--text FOLDER] [--characters 40000000] [--runs 5]

Running text, sentence by sentence, in one thread. `ids, warm`: the table has read the text before;
`ids, first reading`: an empty table, compiled code at hand. Plain Python and `str.split` read the
same sentences; plain Python a part of them, since it is slow. Ratios are of medians in this run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from desk_runs import machine

from offair.text.sentences import sentences
from offair.text.tokenise import TokenKind, tokens
from offair.text.word_ids import WordTable

SHARED = Path(__file__).resolve().parents[2] / "shared"
PLAIN_CHARACTERS = 1_000_000


def read_lines(folder: Path, most: int) -> list[str]:
    """The lines of all texts of a folder, by name, up to so many characters."""
    lines: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".md", ".txt"} and most > 0:
            text = path.read_text(encoding="utf-8", errors="replace")[:most]
            most -= len(text)
            lines.extend(line for line in text.splitlines() if line.strip())
    return lines


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> None:
    """Read the text each way and print words a second and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, default=SHARED / "quotes" / "white-house" / "archive")
    parser.add_argument("--language", default="en")
    parser.add_argument("--characters", type=int, default=40_000_000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    lines = read_lines(args.text, args.characters)
    if not lines:
        raise SystemExit(f"no texts (.md, .txt) in {args.text}; name a folder with --text")
    texts = [line[start:end] for line in lines for start, end in sentences(line, args.language)]
    WordTable().tokenise(["compiled first"], args.language)
    table = WordTable()
    first = _seconds(lambda: table.tokenise(texts, args.language))
    words = len(table.tokenise(texts, args.language).ids)
    warm = statistics.median(
        _seconds(lambda: table.tokenise(texts, args.language)) for _ in range(args.runs)
    )
    split = statistics.median(
        _seconds(lambda: [one.split() for one in texts]) for _ in range(args.runs)
    )
    size = 0
    few = []
    for one in texts:
        size += len(one)
        if size > PLAIN_CHARACTERS:
            break
        few.append(one)
    plain_words = len(table.tokenise(few, args.language).ids)
    plain = _seconds(
        lambda: [
            [each.form for each in tokens(one, args.language) if each.kind is not TokenKind.FILLER]
            for one in few
        ]
    )
    print(f"machine: {machine()}")
    print(
        f"text: {args.text.name}, {words:,} words in {len(texts):,} sentences, "
        f"{len(table.forms):,} different"
    )
    rates = {
        "ids, warm": words / warm,
        "ids, first reading": words / first,
        "plain Python tokeniser": plain_words / plain,
        "str.split": words / split,
    }
    for name, rate in rates.items():
        print(f"{name:<24} {rate / 1e6:8.2f} million words a second")
    print(
        f"ids, warm: {rates['ids, warm'] / rates['plain Python tokeniser']:.0f} x the plain "
        f"tokeniser, {rates['ids, warm'] / rates['str.split']:.2f} x str.split "
        f"(medians of {args.runs}; plain read {plain_words:,} words once)"
    )


if __name__ == "__main__":
    main()
