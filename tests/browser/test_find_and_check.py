"""Find and Check in a browser: as one types, by keys, without scripts, and over a cut line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from find_check_desk import ARABIC_SAID, PROMISE, find_check_desk
from logged_in import AsAccount
from playwright.sync_api import Browser, Page, expect
from serving import serving
from starlette.testclient import TestClient

from offair.desk.share_report import list_reports
from offair.web.application import app

CHANGED = PROMISE.replace("cannot", "can")
ARTICLE = f"""The council met.

“{CHANGED}” said Daniel Marsh. “We will not raise the fares before the winter timetable begins,”
Ann Smith told reporters. He called it “The Long Way Home”.
"""
PAGES = {
    "find": "/find?q=ferry",
    "find trouble": "/find?q=ferry+AND+(boat",
    "find start": "/find",
    "check": "/check",
    "quotation": f"/check?words={CHANGED.replace(' ', '+')}&speaker=Ann+Smith",
    "arabic quotation": f"/check?words={ARABIC_SAID.replace('لن ترفع', 'سترفع').replace(' ', '+')}",
    "hear": "/hear?recording=1&layer=1&from=67900&until=71100",
    "reports": "/reports",
    "report": "report",
}
Looking = Callable[..., "Window"]


@dataclass
class Window:
    """An open page of the desk, and what the browser complained of."""

    page: Page
    address: str
    report: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go there."""
        self.page.goto(self.address + (self.report if path == "report" else path))
        return self.page


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of the desk, an editor's, and of a report that was kept there."""
    desk = find_check_desk(tmp_path_factory.mktemp("desk"))
    with serving(AsAccount(app(desk))) as address:
        yield address, _kept(desk)


def _kept(desk: Any) -> str:
    fields = {"act": "keep", "printed-1": CHANGED, "printed-2": ARABIC_SAID, "title": "A story"}
    TestClient(AsAccount(app(desk)), base_url="http://localhost").post("/check", data=fields)
    return f"/reports/{list_reports(desk)[0].key}"


@pytest.fixture
def window(browser: Browser, served: tuple[str, str]) -> Iterator[Looking]:
    """Opens windows; `scheme`, `width`, `scripts` and `language` say how."""
    contexts = []

    def opener(
        *, scheme: str = "light", width: int = 1280, scripts: bool = True, language: str = "en"
    ) -> Window:
        context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light", locale=language,
            viewport={"width": width, "height": 800}, java_script_enabled=scripts,
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(20_000)
        contexts.append(context)
        made = Window(context.new_page(), *served)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.on(
            "console",
            lambda said: (
                made.complaints.append(said.text)
                if said.type == "error" and "status of 4" not in said.text
                else None
            ),
        )
        return made

    yield opener
    for context in contexts:
        context.close()


IN_THE_DARK = ("report",)


@pytest.mark.parametrize(
    ("name", "scheme"),
    [*((one, "light") for one in PAGES), *((one, "dark") for one in IN_THE_DARK)],
)
def test_axe_finds_nothing_and_a_phone_does_not_scroll_sideways(
    window: Looking, name: str, scheme: str
) -> None:
    looking = window(scheme=scheme, width=1280 if scheme == "light" else 390)
    page = looking.open(PAGES[name])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    main = page.evaluate("document.querySelector('main').scrollWidth")
    assert main <= page.viewport_size["width"]
    assert looking.complaints == []


def test_hits_come_as_one_types_and_the_address_can_be_cited(window: Looking) -> None:
    looking = window()
    page = looking.open("/find")
    page.locator(".q").press_sequentially("ferry", delay=20)
    expect(page.locator(".hit")).to_have_count(13)
    expect(page.locator(".count")).to_have_text("13 sentences")
    expect(page.locator(".facet").first).to_contain_text("Ann Smith")
    assert page.url.endswith("/find?q=ferry")
    page.locator(".facet a", has_text="Ann Smith").click()
    expect(page.locator(".hit")).to_have_count(4)
    assert page.url.endswith("/find?q=ferry&speaker=Ann+Smith")
    expect(page.locator("input[name=speaker]")).to_have_value("Ann Smith")
    page.go_back()
    expect(page.locator(".hit")).to_have_count(13)
    cited = window(scripts=False).open("/find?q=ferry&speaker=Ann+Smith")
    assert cited.locator(".hit").count() == 4
    assert looking.complaints == []


def test_a_query_half_typed_keeps_what_was_found(window: Looking) -> None:
    page = window().open("/find?q=ferry")
    page.locator(".q").press("End")
    page.locator(".q").press_sequentially(' "report', delay=20)
    expect(page.locator(".query-trouble mark")).to_have_text('"')
    expect(page.locator(".hit")).to_have_count(13)
    page.locator(".q").press('"')
    expect(page.locator(".hit")).to_have_count(4)
    expect(page.locator(".query-trouble")).to_have_count(0)


def test_an_answer_that_comes_late_is_not_shown(window: Looking) -> None:
    page = window().open("/find")
    held: list[Any] = []
    page.route("**/find?q=speed&part=hits", lambda route: held.append(route))
    page.locator(".q").fill("speed")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(20)
    page.locator(".q").fill("captions")
    expect(page.locator(".hit")).to_have_count(1)
    held[0].abort()
    page.wait_for_timeout(100)
    expect(page.locator(".hit")).to_contain_text("captions")


def test_the_search_is_tried_again_when_the_line_comes_back(window: Looking) -> None:
    page = window().open("/find")
    page.context.set_offline(True)
    page.locator(".q").fill("ferry")
    expect(page.locator(".hits-part .trouble")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".hit")).to_have_count(13, timeout=8_000)


def test_bars_are_walked_by_keys_and_narrow_the_search(window: Looking) -> None:
    page = window().open("/find?q=ferry")
    page.locator(".mentions a[tabindex='0']").focus()
    page.keyboard.press("Home")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "Jan 2024: 2"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "Feb 2024: 1"
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(1)
    assert page.url.endswith("/find?q=ferry&after=2024-02&before=2024-03")


def test_a_hit_plays_in_the_one_player(window: Looking) -> None:
    page = window().open('/find?q="timetable starts" OR weather layer:speech')
    plays = page.locator("a.play")
    expect(plays).to_have_count(2)
    for number in (0, 1):
        plays.nth(number).click()
        player = page.locator("video.dock-player")
        expect(player).to_have_count(1)
        wanted = int(plays.nth(number).get_attribute("data-t") or 0) / 1000
        for _ in range(200):
            if abs(player.evaluate("one => one.currentTime") - wanted) < 3:
                break
            page.wait_for_timeout(25)
        assert abs(player.evaluate("one => one.currentTime") - wanted) < 3
    page.locator(".dock-close").click()
    assert not page.locator(".dock").is_visible()
    assert page.evaluate("document.activeElement.className") == "play"


def test_a_quotation_that_was_checked_stands_in_the_address(window: Looking) -> None:
    page = window().open("/check")
    page.locator("textarea[name=words]").fill(PROMISE)
    page.locator("form[data-act=quotation] .go").click()
    expect(page.locator("#q1 h3")).to_contain_text("verbatim")
    page.reload()
    expect(page.locator("#q1 h3")).to_contain_text("verbatim")
    expect(page.locator("textarea[name=words]")).to_have_value(PROMISE)


def test_an_article_is_checked_corrected_and_shared(window: Looking) -> None:
    looking = window()
    page = looking.open("/check")
    page.locator("form[data-act=article] textarea").fill(ARTICLE)
    page.locator("form[data-act=article] .go").click()
    expect(page.locator("article.finding[data-tone]")).to_have_count(3)
    expect(page.locator("[data-count=look]")).to_have_text("1")
    expect(page.locator(".first a")).to_contain_text("altered")
    first = page.locator("#q1")
    first.locator("summary", has_text="Correct it").click()
    first.locator("textarea").fill(PROMISE)
    first.locator("button").click()
    expect(page.locator("#q1 h3")).to_contain_text("verbatim")
    expect(page.locator("[data-count=good]")).to_have_text("2")
    expect(page.locator(".first")).to_be_hidden()
    page.locator("button[value=keep]").click()
    page.wait_for_url("**/reports/*")
    expect(page.locator("article.finding")).to_have_count(3)
    page.locator("form[action$='/end'] button").click()
    page.wait_for_url("**/reports")
    assert looking.complaints == []


def test_a_file_is_dropped_on_the_page(window: Looking) -> None:
    page = window().open("/check")
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], 'story.md', { type: 'text/markdown' }));
            const way = document.querySelector("form[data-act=article]");
            for (const kind of ['dragover', 'drop']) {
                way.dispatchEvent(
                    new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
        }""",
        ARTICLE,
    )
    expect(page.locator("article.finding[data-tone]")).to_have_count(3)
    expect(page.locator(".found-title")).to_have_text("story.md")


def test_everything_can_be_done_without_scripts(window: Looking) -> None:
    page = window(scripts=False).open("/check")
    page.locator("form[data-act=article] textarea").fill(ARTICLE)
    page.locator("form[data-act=article] .go").click()
    assert page.locator("article.finding").count() == 3
    page.locator("#q1 summary", has_text="Correct it").click()
    page.locator("#q1 textarea").fill(PROMISE)
    page.locator("#q1 button").click()
    assert "verbatim" in page.locator("#q1 h3").inner_text()


def test_arabic_reads_from_right_to_left_in_either_interface(window: Looking) -> None:
    for language in ("en", "ar"):
        page = window(language=language).open(PAGES["arabic quotation"])
        words = page.locator("article .words").first
        assert words.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert page.locator(".m.left-out.critical").count() == 1
        assert page.evaluate("document.documentElement.dir") == (
            "rtl" if language == "ar" else "ltr"
        )


def test_listening_by_keys_ends_what_was_provisional(window: Looking) -> None:
    looking = window()
    page = looking.open(PAGES["quotation"].replace("Ann+Smith", "Daniel+Marsh"))
    expect(page.locator("#q1 .provisional")).to_be_visible()
    page.locator("a.hear").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".hear-dialog form[action]")).to_be_visible()
    page.locator("input[name=as][value=shown]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".heard-now")).to_contain_text("Daniel Marsh")
    page.keyboard.press("Escape")
    expect(page.locator("#q1 .provisional")).to_have_count(0)
    expect(page.locator("a.hear")).to_have_count(0)
    assert looking.complaints == []
