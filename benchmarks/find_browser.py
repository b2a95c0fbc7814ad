"""Find in Chromium over a large archive: from the last keystroke until the first hit is painted.

    script/bench find_browser [--words 50000000] [--archives FOLDER] [--desk FOLDER] [--json]

The archive is that of `check`, with its catalogue and its index, kept between runs; `--desk` takes
the data folder of a copy in its stead. The desk is served by `offair serve` in a process of its
own. Queries are words of the archive with a fixed seed: one, two, a phrase, a beginning. Each is
typed in the real search box, a letter each 120 ms; the clock is the browser's, from the event of
the last letter to the frame after the first hit stands in the page; the pause in which the page
waits for another letter is part of it. Beside it the same query as a page without scripts: the
ratio means the same on any machine. Works without a network.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import archives
import check
from desk_runs import machine
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from installation import Installation
from load_walk import serving

QUERIES, SEED, LETTER_MS = 12, 7, 120
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")
_WORD_RE = re.compile(r"[a-z]{4,12}")

PAINTED = """(query) => {
    const part = document.querySelector('.hits-part');
    const box = document.querySelector('.q');
    window.painted = new Promise((done) => {
        let typed = 0;
        box.addEventListener('input', () => { typed = performance.now(); }, true);
        const seen = new MutationObserver(() => {
            const asked = new URLSearchParams(location.search).get('q');
            if (asked !== query || !part.querySelector('.hit, .none, .empty')) return;
            seen.disconnect();
            requestAnimationFrame(() => {
                const channel = new MessageChannel();
                channel.port1.onmessage = () => done(performance.now() - typed);
                channel.port2.postMessage(0);
            });
        });
        seen.observe(part, { childList: true, subtree: true });
    });
}"""
"""The promise of when the hits of a query were painted, ms after the last letter."""

WHOLE = """() => {
    const entry = performance.getEntriesByType('navigation')[0];
    return entry.domContentLoadedEventEnd;
}"""


def main() -> None:
    """Serve, type, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=50_000_000)
    parser.add_argument("--archives", type=Path, help="where archives are kept")
    parser.add_argument("--desk", type=Path, help="data folder of a desk over this archive")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    path = next(
        (one for name in ("chromium", "google-chrome") if (one := shutil.which(name))), None
    )
    if path is None:
        raise SystemExit("this needs Chromium: install it (Debian: apt-get install chromium)")
    base = args.archives or archives.cache()
    asked = queries(archives.words(args.words, base))
    with (
        settled(args.words, base, args.desk) as installation,
        serving(installation) as (at, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        page = browser.new_page(reduced_motion="reduce")
        rows = {kind: measured(page, at, some) for kind, some in asked.items()}
        version = browser.version
        browser.close()
    if args.json:
        print(json.dumps({"machine": machine(), "words": args.words, "kinds": rows}, indent=2))
        return
    print(f"machine: {machine()}; Chromium {version}; {args.words / 1e6:.0f} million words")
    for kind, row in rows.items():
        told = ", ".join(f"{name} {value:.0f}" for name, value in row.items() if name != "ratio")
        print(f"{kind:10} {told} ms; {row['ratio']:.2f} of the same page without scripts")


@contextmanager
def settled(count: int, base: Path, desk: Path | None) -> Iterator[Installation]:
    """The desk with its index up to date."""
    if desk is None:
        with check.desk(count, base, columns=False):
            pass
        desk = base / f"desk-{count}" / "data"
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "offair.toml"
        config.write_text(f'data = "{desk.absolute()}"\n', "utf-8")
        yield Installation(desk, config)


def queries(archive: archives.Archive) -> dict[str, list[str]]:
    """So many of each kind, of words that stand in the archive."""
    chance = random.Random(SEED)
    found: dict[str, list[str]] = {"one word": [], "two words": [], "phrase": [], "beginning": []}
    while len(found["beginning"]) < QUERIES:
        at = chance.randrange(len(archive.words) - 3)
        first, second = (archive.forms[one] for one in archive.words[at : at + 2].tolist())
        if not (_WORD_RE.fullmatch(first) and _WORD_RE.fullmatch(second)):
            continue
        found["one word"].append(first)
        found["two words"].append(f"{first} {second}")
        found["phrase"].append(f'"{first} {second}"')
        found["beginning"].append(f"{first[:4]}*")
    return found


def measured(page: Page, address: str, asked: list[str]) -> dict[str, float]:
    """Times of the typed queries, and of the same pages as a whole."""
    typed, whole = [], []
    for query in asked:
        # Asked once before, so that the files are in memory for both.
        page.request.get(f"{address}/find?{urllib.parse.urlencode({'q': query})}")
        page.goto(f"{address}/find")
        page.wait_for_function("customElements.get('offair-find') !== undefined")
        page.locator(".q").focus()
        page.evaluate(PAINTED, query)
        page.keyboard.type(query, delay=LETTER_MS)
        typed.append(page.evaluate("window.painted"))
        page.goto(f"{address}/find?{urllib.parse.urlencode({'q': query})}")
        whole.append(page.evaluate(WHOLE))
    ordered = sorted(typed)
    return {
        "median": statistics.median(typed),
        "p95": ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))],
        "longest": ordered[-1],
        "whole page": statistics.median(whole),
        "ratio": statistics.median(typed) / statistics.median(whole),
    }


if __name__ == "__main__":
    main()
