"""The public page of a record in Chromium: when it is painted, how it moves, what it weighs.

Makes a desk in a temporary folder with a record of an hour (9,000 random words in 90 turns, fixed
seed) and its media, serves it from another process and opens it as a reader without an account, in
a new window with nothing kept each time: at a desk's width, and as a phone on a slow line (390
pixels, 1.6 Mbit/s, 150 ms, a processor four times as slow). Measured as Lighthouse does, by the
browser's own observers: first and largest contentful paint, layout shift, blocking time (what long
tasks take beyond 50 ms); bytes over the line and requests; besides script errors, what axe finds,
and what a page must say of itself. The ratio is to the record's plain text, shown by the same
browser in the same run. Works without a network.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from desk_runs import machine
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from recording_page import make_desk, served

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import web_desk

from offair.desk import Desk
from offair.formats import record_json
from offair.model.record import Paragraph, RecordMedia, RecordSentence, RecordSpan, RecordTurn
from offair.model.time import Span

ROUNDS, SEED, TURNS, TURN_WORDS = 5, 8914, 90, 100
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")
_QUIET_MS = 1_500

OBSERVED = """
window.seen = { lcp: 0, shift: 0, blocked: 0 };
const on = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
    .observe({ type, buffered: true });
on('largest-contentful-paint', (one) => { seen.lcp = one.startTime; });
on('layout-shift', (one) => { if (!one.hadRecentInput) seen.shift += one.value; });
on('longtask', (one) => { seen.blocked += Math.max(0, one.duration - 50); });
"""

TOLD = """() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return { fcp: paint ? paint.startTime : 0, ...window.seen };
}"""

SAYS = """() => {
    const of = (selector, name) => document.querySelector(selector)?.getAttribute(name) ?? '';
    return {
        title: document.title, lang: document.documentElement.lang,
        description: of('meta[name=description]', 'content'),
        viewport: of('meta[name=viewport]', 'content'),
        canonical: of('link[rel=canonical]', 'href'),
        'one h1': document.querySelectorAll('h1').length === 1 ? 'yes' : '',
    };
}"""


def main() -> None:
    """Measure and print; `--json` for a program."""
    path = next(
        (one for name in ("chromium", "google-chrome") if (one := shutil.which(name))), None
    )
    if path is None:
        raise SystemExit("this needs Chromium: install it (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        number = add_record(desk)
        desk.catalogue.close()
        with served(Path(folder)) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
            address = f"http://127.0.0.1:{port}/records/{number}"
            found = {
                name: measure(browser, address, phone=name == "phone") for name in ("desk", "phone")
            }
            said, troubles = looked_over(browser, address)
            version = browser.version
            browser.close()
    if "--json" in sys.argv:
        told = {"machine": machine(), "measures": found, "says": said, "axe": troubles}
        print(json.dumps(told, indent=2))
        return
    print(f"a record of {TURNS * TURN_WORDS:,} words; {machine()}; Chromium {version}")
    for name, row in found.items():
        print(f"{name:6} " + ", ".join(f"{key} {value:,.2f}" for key, value in row.items()))
    print("says   " + ", ".join(f"{key}: {value or 'NOTHING'}" for key, value in said.items()))
    print(f"axe finds {troubles} things")


def measure(browser: Browser, address: str, *, phone: bool) -> dict[str, float]:
    """Medians of the page, and its first paint in proportion to that of its plain text."""
    pages = [opened(browser, address, phone=phone) for _ in range(ROUNDS)]
    plain = [opened(browser, f"{address}.txt", phone=phone)["FCP ms"] for _ in range(ROUNDS)]
    row = {name: statistics.median(one[name] for one in pages) for name in pages[0]}
    return row | {"FCP, of the plain text's": row["FCP ms"] / statistics.median(plain)}


def opened(browser: Browser, address: str, *, phone: bool) -> dict[str, float]:
    """One visit with nothing kept from before."""
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
    context = browser.new_context(viewport=size, is_mobile=phone)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda one: errors.append(one.text) if one.type == "error" else None)
    line = context.new_cdp_session(page)
    sent = watch(line)
    if phone:
        slow(line)
    page.add_init_script(OBSERVED)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(_QUIET_MS)
    told: dict[str, float] = page.evaluate(TOLD)
    context.close()
    return {
        "FCP ms": told["fcp"], "LCP ms": told["lcp"], "CLS": told["shift"],
        "TBT ms": told["blocked"], "bytes": sum(sent.values()), "requests": len(sent),
        "script errors": len(errors),
    }  # fmt: skip


def watch(line: CDPSession) -> dict[str, float]:
    """Bytes over the line by request, headers too, filled while the page loads."""
    sent: dict[str, float] = {}

    def began(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            sent.setdefault(event["requestId"], 0.0)

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] in sent:
            sent[event["requestId"]] = event["encodedDataLength"]

    line.on("Network.requestWillBeSent", began)
    line.on("Network.loadingFinished", came)
    line.send("Network.enable")
    return sent


def slow(line: CDPSession) -> None:
    """A phone on a slow line."""
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8,
         "uploadThroughput": 0.75e6 / 8},
    )  # fmt: skip
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def looked_over(browser: Browser, address: str) -> tuple[dict[str, str], int]:
    """What the page says of itself, and how many things axe finds, contrast among them."""
    page: Page = browser.new_page()
    page.goto(address)
    said: dict[str, str] = page.evaluate(SAYS)
    found = Axe().run(page).violations_count
    page.close()
    return said, found


def add_record(desk: Desk) -> str:
    """An hour's record with times and sentences: its printed number."""
    chance = random.Random(SEED)
    body, at = [], 0
    for turn in range(TURNS):
        words = ["".join(chance.choices("aeioulmnrstdc", k=chance.randint(2, 9))) for _ in
                 range(TURN_WORDS)]  # fmt: skip
        text, sentences = "", []
        for first in range(0, TURN_WORDS, 20):
            said = " ".join(words[first : first + 20]).capitalize() + "."
            begin = len(text) + (1 if text else 0)
            text = f"{text} {said}" if text else said
            span = Span(at + first * 400, at + first * 400 + 8_000)
            sentences.append(
                RecordSentence(f"s{turn * 10 + first // 20 + 1}", begin, len(text), span)
            )
        spoken = Paragraph(text, span=Span(at, at + 40_000), sentences=tuple(sentences))
        name = ("Nora Whitlow", "s1") if turn % 2 == 0 else ("Daniel Marsh", "s2")
        body.append(RecordTurn(f"t{turn + 1}", *name, (spoken,), span=Span(at, at + 40_000)))
        at += 40_000
    cut = web_desk.keep(desk, web_desk.silent_wave(at), "clip.wav")
    recording_id = web_desk.add_long(desk, 5)
    with desk.catalogue.transaction() as tx:
        clip = tx.add_clip(
            recording_id=recording_id, layer_id=None, spans=[Span(0, at)], turn_ids=[],
            headline=None, summary=[], actor="benchmark",
        ).id  # fmt: skip
        number = tx.take_number(clip, desk.series)
        made = replace(
            web_desk.a_record(), number=number, body=tuple(body), run_time_ms=at,
            spans=(RecordSpan(recording_id, Span(0, at)),),
            media=(RecordMedia("exact", cut.sha256, cut.size_bytes, "audio/wav", cut.name, 0, at),),
        )  # fmt: skip
        tx.add_edition(clip, 1, document=record_json.write(made), objects=[cut], actor="benchmark")
    return number.printed


if __name__ == "__main__":
    main()
