"""Pictures of a page are the same as long as the page is, and tell where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import screenshots
from playwright.sync_api import Browser
from screenshots import Way, compare, take

PAGES = ("log", "recording")
WAYS = (Way(1280, "light", "en"), Way(390, "dark", "ar"))


def test_only_what_was_changed_differs(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before, after, other = (tmp_path / name for name in ("before", "after", "other"))
    with screenshots.desk_to_look_at(tmp_path_factory.mktemp("desk")) as every:
        pages = {name: every[name] for name in PAGES}
        assert len(take(browser, pages, before, ways=WAYS)) == len(PAGES) * len(WAYS)
        take(browser, pages, after, ways=WAYS)
        take(browser, pages, other, ways=WAYS[:1], style="h1 { color: rgb(180 0 0) !important }")
    assert [str(one) for one in compare(before, after)] == []
    found = {one.name: one for one in compare(before, other)}
    assert {name for name, one in found.items() if "there is none" in one.reason} == {
        f"{page}-390-dark-ar.png" for page in PAGES
    }
    assert {name for name, one in found.items() if one.box} == {
        f"{page}-1280-light-en.png" for page in PAGES
    }
    for page in PAGES:
        one = found[f"{page}-1280-light-en.png"]
        assert 0 < one.share < 0.05
        assert one.box is not None
        assert one.box[3] - one.box[1] < 120, "no more than the heading was changed"
        assert (other / f"{page}-1280-light-en.difference.png").exists()
