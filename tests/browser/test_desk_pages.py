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


def opened(browser: Browser, staff: Staff, name: str, width: int, scheme: str, lang: str) -> Page:
    """A page in a window of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, reduced_motion="reduce",
        color_scheme="dark" if scheme == "dark" else "light",
    )  # fmt: skip
    page = context.new_page()
    path = PAGES[name].format(**staff.known)
    answer = page.goto(f"{staff.address}{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk(browser: Browser, staff: Staff, name: str) -> None:
    for width, scheme, lang in (
        (1280, "light", "en"), (1280, "dark", "en"), (360, "light", "en"), (2560, "light", "en"),
        (360, "light", "ar"),
    ):  # fmt: skip
        page = opened(browser, staff, name, width, scheme, lang)
        how = f"{name}, {width} px, {scheme}, {lang}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, how
        assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")
        if width == 1280 or lang == "ar":
            found = Axe().run(page)
            assert found.violations_count == 0, f"{how}: {found.generate_report()}"
        page.context.close()
