"""A real server over a desk in a temporary folder, and a real browser to look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import web_desk
from chromium import chromium
from playwright.sync_api import Browser, ConsoleMessage, Page
from serving import serving

from offair import web
from offair.model.transcript import LayerKind
from offair.web.application import app


@dataclass(frozen=True)
class Site:
    """Where the desk is served, and the numbers of what stands in it."""

    address: str
    harbour: int
    long: int
    trouble: tuple[int, int, int]
    text_only: int
    arabic_layer: int
    captions_layer: int

    def pages(self) -> dict[str, str]:
        """Every kind of page, by a name for it."""
        return {
            "recordings": "/recordings",
            "records": "/records",
            "recording": f"/recordings/{self.harbour}",
            "arabic": f"/recordings/{self.harbour}?layer={self.arabic_layer}",
            "doubts": f"/recordings/{self.harbour}/flags?all",
            "beside": f"/recordings/{self.harbour}?beside={self.captions_layer}",
            "arabic beside": f"/recordings/{self.harbour}?layer={self.arabic_layer}"
            f"&beside={self.captions_layer}",
            "sound": f"/recordings/{self.long}?t=5:00",
            "text only": f"/recordings/{self.text_only}",
            "quarantined": f"/recordings/{self.trouble[0]}",
            "waiting": f"/recordings/{self.trouble[1]}",
            "record": "/records/1",
            "first edition": "/records/1/1",
            "imported record": "/records/monitor/8914",
            "not here": "/recordings/999999",
        }


@dataclass
class Look:
    """An open page and what the browser complained of. `address`: of the site."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go there and wait for the elements."""
        self.page.goto(self.address + path)
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what is an error or a broken policy; a 404 that was asked for is neither."""
        if message.type in ("error", "warning") and "status of 404" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The desk of `web_desk`, served on a free port of this machine."""
    assert web.assets_built(), (
        "the elements are not built: run `npm ci && npm run build` in web-elements"
    )
    desk = web_desk.make_desk(tmp_path_factory.mktemp("desk"))
    harbour, long = web_desk.add_harbour(desk), web_desk.add_long(desk)
    trouble, text_only = web_desk.add_trouble(desk), web_desk.add_text_only(desk)
    web_desk.add_records(desk, harbour)
    with desk.catalogue.snapshot() as tx:
        layers = tx.layers(harbour)
    arabic = next(one.id for one in layers if one.language == "ar")
    captions = next(one.id for one in layers if one.kind is LayerKind.CAPTIONS)
    with serving(app(desk)) as address:
        yield Site(address, harbour, long, trouble, text_only, arabic, captions)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all of these tests."""
    with chromium() as started:
        yield started


Looking = Callable[..., Look]


@pytest.fixture
def look(browser: Browser, site: Site) -> Iterator[Looking]:
    """Opens pages in a window of their own; `scheme`, `width` and `scripts` say how."""
    with _windows(browser, site) as opener:
        yield opener


@contextmanager
def _windows(browser: Browser, site: Site) -> Iterator[Looking]:
    contexts = []

    def opener(*, scheme: str = "light", width: int = 1280, scripts: bool = True) -> Look:
        context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        window = Look(context.new_page(), site.address)
        window.page.on("console", window.heard)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    yield opener
    for context in contexts:
        context.close()
