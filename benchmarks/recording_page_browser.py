"""The recording page of a three-hour transcript (27,000 words) in Chromium.

Makes a desk in a temporary folder with three hours of silence that has a waveform, and a text of
random words (fixed seed); serves it from another process and opens it in Debian's Chromium through
Playwright. Measured in the browser's own clock: until the page is usable (the elements are defined,
the first turns stand there, a key press moves the player), from a click on a word until the player
has arrived and the word is marked, near by and an hour away, and from a click in the waveform until
the turn of that time stands in the window; the memory of the tab, before and after. Times are this
machine's; what else it does makes them longer. Works without a network.
"""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from recording_page import HOURS_MS, TURN_WORDS, WORDS, make_desk, served

from offair.desk import Desk
from offair.desk.prepare_peaks import prepare_peaks
from offair.model.recording import Channel, Held, MediaFacts, StreamFacts
from offair.model.time import PartialDate, Span
from offair.model.transcript import LayerKind, LayerOrigin, Turn
from offair.model.words import TimeSource, Word, Words

ROUNDS = 10
SEED = 8914
_RATE_HZ = 4_000
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--enable-precise-memory-info")

USABLE = """() => new Promise((done) => {
    const look = () => {
        const ready = customElements.get('offair-transcript') && customElements.get('offair-keys')
            && document.querySelectorAll('.turn').length > 0
            && document.querySelector('#player').readyState >= 1
            && document.querySelector('offair-waveform .whole canvas')?.width > 300;
        if (ready) done(performance.now());
        else requestAnimationFrame(look);
    };
    look();
})"""
"""Milliseconds since the navigation began."""

PLACE = """(time) => {
    const player = document.querySelector('#player');
    const turns = [...document.querySelectorAll('.turn[data-t]')];
    const seen = turns.filter((one) => {
        const box = one.getBoundingClientRect();
        return box.top > 60 && box.bottom < innerHeight - 10;
    });
    const line = seen[time % seen.length].querySelector('p');
    const range = document.createRange();
    const node = line.firstChild;
    const at = node.data.indexOf(' ', node.data.length >> 1) + 1;
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
}"""

ARRIVED = """() => {
    const player = document.querySelector('#player');
    window.arrival = new Promise((done, failed) => {
        setTimeout(() => failed(new Error('the click on a word led nowhere')), 20000);
        let begun = 0;
        addEventListener('click', () => (begun = performance.now()), { once: true, capture: true });
        player.addEventListener('seeked', () => requestAnimationFrame(() => {
            done(performance.now() - begun);
        }), { once: true });
    });
}"""

FAR = """(part) => new Promise((done, failed) => {
    setTimeout(() => failed(new Error('the turn of that time never came into the window')), 20000);
    const bar = document.querySelector('offair-waveform .whole');
    const player = document.querySelector('#player');
    const box = bar.getBoundingClientRect();
    const at = { bubbles: true, button: 0, pointerId: 1, clientY: box.top + 5,
                 clientX: box.left + box.width * part };
    bar.setPointerCapture = () => undefined;
    const begun = performance.now();
    bar.dispatchEvent(new PointerEvent('pointerdown', at));
    bar.dispatchEvent(new PointerEvent('pointerup', at));
    const look = () => {
        const now = document.querySelector('.turn.now');
        const box = now?.getBoundingClientRect();
        const [start, end] = (now?.dataset.t ?? '').split(',').map(Number);
        const time = player.currentTime * 1000;
        const seen = box && box.top >= 0 && box.top < innerHeight;
        if (seen && time >= start && time <= end + 400) {
            done(performance.now() - begun);
        } else requestAnimationFrame(look);
    };
    look();
})"""
"""From a click in the waveform until the turn of that time stands in the window."""


def main() -> None:
    """Measure and print; `--json` for a program."""
    path = next(
        (found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        raise SystemExit("this needs Chromium: install it (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        recording_id = add_long(desk)
        prepare_peaks(desk, recording_id)
        desk.catalogue.close()
        with served(Path(folder)) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
            rows = measure(browser, f"http://127.0.0.1:{port}/recordings/{recording_id}")
            version = browser.version
            browser.close()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Chromium {version}"
    if "--json" in sys.argv:
        print(json.dumps({"machine": machine, "measures": rows}, indent=2))
        return
    print(f"{WORDS} words in {WORDS // TURN_WORDS} turns; {ROUNDS} rounds; {machine}")
    for name, row in rows.items():
        print(f"{name:44} " + ", ".join(f"{key} {value:.1f}" for key, value in row.items()))


def measure(browser: Browser, address: str) -> dict[str, dict[str, float]]:
    """Every measure: its name, and figures by what they are."""
    loads, words, far = [], [], []
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        page = opened(browser, address)
        loads.append(page.evaluate(USABLE))
        page.context.close()
    page = opened(browser, address)
    page.evaluate(USABLE)
    first = memory(page)
    # The first click of a page also opens the decoder.
    opening = click_on_a_word(page, 0)
    for number in range(ROUNDS):
        words.append(click_on_a_word(page, number))
    for _ in range(ROUNDS):
        far.append(page.evaluate(FAR, chance.uniform(0.05, 0.95)))
    after_jumps = memory(page)
    read_through(page)
    turns = page.evaluate("document.querySelectorAll('.turn').length")
    whole = memory(page)
    with_all = [click_on_a_word(page, number) for number in range(ROUNDS)]
    page.context.close()
    return {
        "usable, ms": spread(loads),
        "the first click on a word, ms": {"once": opening},
        "click on a word to the sound and its mark, ms": spread(words),
        "the same with all turns loaded, ms": spread(with_all),
        "click in the waveform to its turn, ms": spread(far),
        "memory of the scripts, MB": {
            "at first": first, "after jumps": after_jumps, f"with {turns} turns": whole,
        },
    }  # fmt: skip


def opened(browser: Browser, address: str) -> Page:
    """A new window with nothing kept from before."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", bypass_csp=False
    )
    page = context.new_page()
    page.goto(address, wait_until="commit")
    return page


def click_on_a_word(page: Page, number: int) -> float:
    """From the click until the player has arrived and a frame is drawn, ms."""
    x, y = page.evaluate(PLACE, number)
    page.evaluate(ARRIVED)
    page.mouse.click(x, y)
    taken: float = page.evaluate("window.arrival")
    return taken


def read_through(page: Page) -> None:
    """Scroll to the end of the text, so that every turn is loaded."""
    page.evaluate("document.querySelector('#player').currentTime = 0")
    for _ in range(400):
        more = page.evaluate(
            "(scrollTo(0, document.documentElement.scrollHeight),"
            " document.querySelector('a[rel=next][data-fragment]') !== null)"
        )
        if not more:
            return
        page.wait_for_timeout(25)


def memory(page: Page) -> float:
    """Of the tab's scripts and documents after a collection, MB (10⁶ bytes)."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = session.send("Runtime.getHeapUsage")
    session.detach()
    return float(used["usedSize"] + used.get("embedderHeapUsedSize", 0)) / 1e6


def spread(times: list[float]) -> dict[str, float]:
    """Median, 95th percentile, longest."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {"median": statistics.median(ordered), "p95": late, "longest": ordered[-1]}


def silent_wave() -> bytes:
    """Three hours of 8-bit silence: 43 MB that any browser plays."""
    size = HOURS_MS * _RATE_HZ // 1000
    head = b"RIFF" + (size + 36).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (1).to_bytes(2, "little") * 2 + _RATE_HZ.to_bytes(4, "little") * 2
    head += (1).to_bytes(2, "little") + (8).to_bytes(2, "little")
    return head + b"data" + size.to_bytes(4, "little") + b"\x80" * size


def add_long(desk: Desk, turn_words: int = TURN_WORDS) -> int:
    """Three hours of silence with 27,000 random words, each with a time; so many in a turn."""
    chance = random.Random(SEED)
    step = HOURS_MS // WORDS
    turns = []
    for first in range(0, WORDS, turn_words):
        text, words = "", []
        for index in range(first, min(WORDS, first + turn_words)):
            letters = "".join(chance.choices("aeioulmnrstdc", k=chance.randint(1, 10)))
            begin = len(text) + (1 if text else 0)
            text = f"{text} {letters}" if text else letters
            start = index * step
            words.append(Word(begin, len(text), start, start + 300, TimeSource.ENGINE, 0.9))
        span = Span(first * step, min(WORDS, first + turn_words) * step - 100)
        turns.append(Turn(0, first // turn_words, text, Words.of(words), span))
    stream = StreamFacts(0, "audio", "pcm_u8", None, 0, HOURS_MS, None, None, None, _RATE_HZ, 1)
    with desk.vault.deposit_bytes(silent_wave(), "long.wav") as deposit:
        with desk.catalogue.transaction() as tx:
            recording = tx.add_recording(
                channel=tx.ensure_channel(Channel("Benchmark")),
                aired=PartialDate.parse("2026-05-14"), title="Three hours", held=Held.HELD,
                object=deposit.object,
                media=MediaFacts("wav", HOURS_MS, 0, (stream,), browser_playable=True),
                actor="benchmark",
            )  # fmt: skip
            tx.add_layer(
                recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
                origin=LayerOrigin.ENGINE, maker="faster-whisper base", run=1, turns=turns,
                sentences=[[(0, len(turn.text))] for turn in turns],
            )  # fmt: skip
        deposit.keep()
    return recording.id


if __name__ == "__main__":
    main()
