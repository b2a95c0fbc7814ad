"""The page Edit over a three-hour transcript (27,000 words) in Chromium.

Makes a desk in a temporary folder with three hours of silence and a text of random words (fixed
seed) in turns of 400 words; serves it from another process and opens it in Debian's Chromium
through Playwright. Measured in the browser's own clock: until the page is usable (the first turns
stand there and a turn can be opened), from a key until the frame with its letter is drawn, in the
middle of a turn of 400 words and at sixteen keys a second, and from sending a save of that turn
until its answer has come; the memory of the tab. Times are this machine's; what else it does makes
them longer. Works without a network.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import recording_page_browser as long_page
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from recording_page import WORDS, make_desk
from starlette.types import ASGIApp, Receive, Scope, Send

from offair.model.people import Account, Role
from offair.web.application import app

ROUNDS = 5
KEYS = 120
SAVES = 20
TURN_WORDS = 400
PACE_MS = 60
"""Between two keys: twice as fast as a quick typist."""
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--enable-precise-memory-info")

USABLE = """() => new Promise((done) => {
    const look = () => {
        const ready = customElements.get('offair-edit') && customElements.get('offair-transcript')
            && document.querySelectorAll('.turn .edit-link').length > 0;
        if (ready) requestAnimationFrame(() => done(performance.now()));
        else requestAnimationFrame(look);
    };
    look();
})"""

PAINTS = """() => {
    window.paints = [];
    document.querySelector('.writing textarea').addEventListener('keydown', (event) => {
        const begun = event.timeStamp;
        // The task after the next frame's callbacks: the letter stands on the screen.
        requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => window.paints.push(performance.now() - begun);
            channel.port2.postMessage(null);
        });
    }, true);
}"""

SAVED = """() => {
    window.saves = [];
    const before = window.fetch;
    window.fetch = async (path, given) => {
        const begun = performance.now();
        const answer = await before(path, given);
        if (given?.method === 'PUT') window.saves.push(performance.now() - begun);
        return answer;
    };
}"""


def main() -> None:
    """Measure and print; `--json` for a program."""
    path = next(
        (found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        raise SystemExit("this needs Chromium: install it (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        recording_id = long_page.add_long(desk, TURN_WORDS)
        desk.catalogue.close()
        with served(Path(folder)) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
            rows = measure(browser, f"http://127.0.0.1:{port}/recordings/{recording_id}/edit")
            version = browser.version
            browser.close()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Chromium {version}"
    if "--json" in sys.argv:
        print(json.dumps({"machine": machine, "measures": rows}, indent=2))
        return
    print(f"{WORDS} words in turns of {TURN_WORDS}; {KEYS} keys; {machine}")
    for name, row in rows.items():
        print(f"{name:44} " + ", ".join(f"{key} {value:.1f}" for key, value in row.items()))


def measure(browser: Browser, address: str) -> dict[str, dict[str, float]]:
    """Every measure: its name, and figures by what they are."""
    loads = []
    for _ in range(ROUNDS):
        page = long_page.opened(browser, address)
        loads.append(page.evaluate(USABLE))
        page.context.close()
    page = long_page.opened(browser, address)
    page.evaluate(USABLE)
    long_page.read_through(page)
    page.evaluate("scrollTo(0, 0)")
    turns = page.evaluate("document.querySelectorAll('.turn').length")
    page.evaluate(SAVED)
    page.locator(".turn .edit-link").nth(3).click()
    page.locator(".writing textarea").wait_for()
    page.evaluate(PAINTS)
    page.evaluate("document.querySelector('.writing textarea').setSelectionRange(1200, 1200)")
    for number in range(KEYS):
        page.keyboard.press("aeiou "[number % 6])
        page.wait_for_timeout(PACE_MS)
    saves = save_again(page)
    paints = page.evaluate("window.paints")[:KEYS]
    memory = long_page.memory(page)
    page.context.close()
    return {
        "usable, ms": long_page.spread(loads),
        f"key to paint with {turns} turns loaded, ms": long_page.spread(paints),
        f"save of a turn of {TURN_WORDS} words, ms": long_page.spread(saves),
        "memory of the scripts, MB": {"with all turns": memory},
    }


class Editor:
    """Answers every request as an editor's."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner
        self.account = Account(1, "ana", Role.EDITOR, "2026-01-01T00:00:00.000Z", "the benchmark")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            scope.setdefault("state", {}).update(account=self.account, role=self.account.role)
        await self.inner(scope, receive, send)


def serve(folder: Path, ready: Queue[int]) -> None:
    """Serve the desk on a free port, which is put into `ready`."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        ready.put(listener.getsockname()[1])
        config = uvicorn.Config(Editor(app(make_desk(folder))), log_level="warning")
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The desk in another process, so that asking does not slow the answer: the port."""
    context = multiprocessing.get_context("spawn")
    ready: Queue[int] = context.Queue()
    process = context.Process(target=serve, args=(folder, ready), daemon=True)
    process.start()
    try:
        yield ready.get(timeout=60)
    finally:
        process.terminate()
        process.join()


def save_again(page: Page) -> list[float]:
    """A letter and its save, often."""
    state = page.locator(".turn-state[data-state=saved]")
    state.wait_for()
    for _ in range(SAVES):
        page.keyboard.press("e")
        # The state changes at the key, so the one that is waited for is the next.
        page.locator(".turn-state:not([data-state=saved])").wait_for()
        state.wait_for()
    found: list[Any] = page.evaluate("window.saves")
    return [float(one) for one in found]


if __name__ == "__main__":
    main()
