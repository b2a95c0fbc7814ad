"""The pages of those who work at the desk: accessible, in light and dark, from 360 to 2,560 px, in
English and mirrored in Arabic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import web_desk
from axe_playwright_python.sync_playwright import Axe
from logged_in import AsAccount
from playwright.sync_api import Browser, Page
from serving import serving
from staff_desk import PAGES, worked_on

from offair.model.people import Role
from offair.web.application import app


@dataclass(frozen=True)
class Staff:
    """Where the desk is served to an administrator, and what its addresses hold."""

    address: str
    known: dict[str, str]


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A desk on which people worked, served to an administrator."""
    desk = web_desk.make_desk(tmp_path_factory.mktemp("staff"))
    known = worked_on(desk)
    with serving(AsAccount(app(desk), Role.ADMINISTRATOR)) as address:
        yield Staff(address, known)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk(browser: Browser, staff: Staff, name: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    opened(page, staff, name, "en")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        clean(page, f"{name}, {scheme}")
    for width in (1280, 360, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width, name)
    page.set_viewport_size({"width": 360, "height": 800})
    opened(page, staff, name, "ar")
    fits(page, 360, f"{name}, Arabic")
    clean(page, f"{name}, Arabic")
    context.close()


def opened(page: Page, staff: Staff, name: str, lang: str) -> None:
    """Go to a page of the desk, and wait for what its scripts ask for."""
    path = PAGES[name].format(**staff.known)
    answer = page.goto(f"{staff.address}{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")


def fits(page: Page, width: int, how: str) -> None:
    """Nothing scrolls sideways."""
    assert page.evaluate(SETTLED) <= width, f"{how}, {width} px"


SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
    () => done(document.documentElement.scrollWidth))))"""
"""How wide the page is, once what is drawn by scripts knows the window's width."""


def clean(page: Page, how: str) -> None:
    """Axe finds nothing."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{how}: {found.generate_report()}"
