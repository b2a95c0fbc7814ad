"""What holds of every page: accessible, in light and dark, on a phone, under a strict policy."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

NAMES = (
    "recordings",
    "records",
    "recording",
    "arabic",
    "doubts",
    "beside",
    "arabic beside",
    "sound",
    "text only",
    "quarantined",
    "waiting",
    "record",
    "first edition",
    "imported record",
    "not here",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(look: Any, site: Any, name: str, scheme: str) -> None:
    window = look(scheme=scheme)
    page = window.open(site.pages()[name])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert window.complaints == []


@pytest.mark.parametrize("name", NAMES)
def test_a_phone_never_scrolls_sideways(look: Any, site: Any, name: str) -> None:
    window = look(width=390)
    page = window.open(site.pages()[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert window.complaints == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_said_without_scripts(look: Any, site: Any, name: str) -> None:
    path = site.pages()[name]
    plain = look(scripts=False).open(path).inner_text("main")
    full = look().open(path)
    full.wait_for_timeout(300)
    said = full.evaluate(
        """() => {
            document.querySelectorAll('offair-keys, .follow').forEach((one) => one.remove());
            return document.querySelector('main').innerText;
        }"""
    )
    # The element may have loaded further turns by itself: nothing of the plain page is missing.
    missing = [line for line in plain.splitlines() if line.strip() and line not in said]
    assert [line for line in missing if "more turns" not in line and line != "Earlier"] == []


def test_the_list_of_pages_is_whole(site: Any) -> None:
    assert set(site.pages()) == set(NAMES)


def test_help_is_accessible_too(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.harbour}")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    assert Axe().run(page).violations_count == 0
