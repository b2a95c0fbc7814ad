"""The page Edit in a browser: typing, saving, no network, two editors, keys, Arabic, no mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import web_desk
from axe_playwright_python.sync_playwright import Axe
from logged_in import AsAccount
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from serving import serving
from starlette.types import ASGIApp, Receive, Scope, Send

from offair.desk import Desk
from offair.desk.list_flags import list_flags
from offair.desk.revise_turn import revise_turn
from offair.model.people import Role
from offair.model.transcript import LayerKind, Turn
from offair.web.application import app

CARET = "document.querySelector('.writing textarea').selectionStart"
NOW = "document.querySelector('#player').currentTime * 1000"


class Door:
    """Logs in whoever the header says, unless the log-in has run out."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner
        self.shut = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        name = dict(scope.get("headers", ())).get(b"x-who", b"rana").decode()
        inner = self.inner if self.shut else AsAccount(self.inner, Role.EDITOR, name)
        await inner(scope, receive, send)


@dataclass
class Site:
    address: str
    desk: Desk
    door: Door
    harbour: int
    layer: int
    arabic: int

    def turns(self, layer: int | None = None) -> list[Turn]:
        with self.desk.catalogue.snapshot() as tx:
            return list(tx.turns(layer or self.layer))

    def edit(self, place: int, text: str, actor: str) -> None:
        revise_turn(self.desk, self.turns()[place].id, text, actor=actor)


@dataclass
class Window:
    page: Page
    context: BrowserContext
    site: Site
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> Page:
        """The page, ready to write."""
        self.page.goto(f"{self.site.address}/recordings/{self.site.harbour}/edit?lang=en{query}")
        expect(self.page.get_by_role("button", name="Keys ?")).to_be_visible()
        return self.page

    def write(self, place: int) -> Locator:
        """Opens a turn; its field."""
        self.page.locator(".turn .edit-link").nth(place).click()
        found = self.page.locator(".writing textarea")
        expect(found).to_be_focused()
        return found


Looking = Callable[..., Window]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("desk")
    desk = web_desk.make_desk(folder)
    harbour = web_desk.add_harbour(desk)
    with desk.catalogue.snapshot() as tx:
        layers = tx.layers(harbour)
    speech = next(one.id for one in layers if one.kind is LayerKind.SPEECH)
    arabic = next(one.id for one in layers if one.language == "ar")
    door = Door(app(desk))
    with serving(door) as address:
        yield Site(address, desk, door, harbour, speech, arabic)
    desk.catalogue.close()


@pytest.fixture
def look(browser: Browser, served: Site) -> Iterator[Looking]:
    contexts = []

    def opener(who: str = "rana", width: int = 1280) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, reduced_motion="reduce",
            extra_http_headers={"x-who": who},
        )  # fmt: skip
        context.set_default_timeout(10_000)
        contexts.append(context)
        window = Window(context.new_page(), context, served)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    yield opener
    served.door.shut = False
    for context in contexts:
        context.close()


def state(page: Page) -> Locator:
    return page.locator(".turn-state")


def test_what_is_typed_is_saved_and_stands_after_a_reload(look: Looking, served: Site) -> None:
    window = look()
    page = window.open()
    before = served.turns()[0]
    window.write(0)
    page.keyboard.type("Indeed. ")
    expect(state(page)).to_have_text("Not saved yet.")
    expect(state(page)).to_have_text("Saved.")
    now = served.turns()[0]
    assert now.text == f"Indeed. {before.text}"
    assert now.words[-1].start == before.words[-1].start
    # The window goes before anything is sent, and nothing is lost.
    page.keyboard.type("Yes. ")
    page.reload()
    take = page.locator(".drafts").get_by_role("button", name="Take", exact=True)
    for _ in range(100):
        if served.turns()[0].text.startswith("Indeed. Yes. "):
            break
        if take.is_visible():
            take.click()
        page.wait_for_timeout(50)
    assert served.turns()[0].text == f"Indeed. Yes. {before.text}"
    page.reload()
    expect(page.locator(".turn").first).to_contain_text("Indeed. Yes. ")
    assert window.complaints == []


def test_without_a_network_words_are_kept_and_sent_later(look: Looking, served: Site) -> None:
    window = look()
    page = window.open()
    text = served.turns()[2].text
    window.write(2)
    window.context.set_offline(True)
    page.keyboard.type("Offline. ")
    expect(state(page)).to_contain_text("Kept in this browser.")
    page.keyboard.type("Still. ")
    # Left, and nothing of it is lost.
    page.keyboard.press("Escape")
    expect(page.locator(".turn").nth(2)).to_contain_text("Offline. Still.")
    assert served.turns()[2].text == text
    window.context.set_offline(False)
    expect(page.locator(".turn").nth(2)).to_contain_text("words by rana")
    assert served.turns()[2].text == f"Offline. Still. {text}"
    assert window.complaints == []


def test_a_draft_of_another_window_is_offered_never_applied(look: Looking, served: Site) -> None:
    window = look()
    page = window.open()
    text = served.turns()[4].text
    window.write(4)
    served.door.shut = True
    page.keyboard.type("Logged out. ")
    expect(state(page)).to_contain_text("You are logged out.")
    served.door.shut = False
    served.edit(4, f"{text} Ana.", "ana")
    second = window.context.new_page()
    page.close(run_before_unload=False)
    second.goto(f"{served.address}/recordings/{served.harbour}/edit?lang=en")
    draft = second.locator(".drafts li").first
    expect(draft).to_contain_text("Logged out.")
    assert "Logged out" not in second.locator(".turns").inner_text()
    draft.get_by_role("button", name="Throw away").click()
    expect(second.locator(".drafts")).to_contain_text("Put away.")
    second.get_by_role("button", name="Bring it back").click()
    draft.get_by_role("button", name="Take", exact=True).click()
    expect(second.get_by_role("heading", name="Somebody was here before you")).to_be_visible()
    second.get_by_role("button", name="Take theirs").click()
    expect(second.locator(".announced")).to_have_text("Theirs stands.")
    assert served.turns()[4].text == f"{text} Ana."


def test_two_editors_see_both_versions_and_lose_nothing(look: Looking, served: Site) -> None:
    rana, ana = look("rana"), look("ana")
    one, other = rana.open(), ana.open()
    text = served.turns()[5].text
    rana.write(5)
    ana.write(5)
    one.keyboard.press("End")
    one.keyboard.press("Control+End")
    one.keyboard.type(" Rana.")
    other.keyboard.type("Ana. ")
    one.keyboard.press("Escape")
    expect(one.locator(".turn").nth(5)).to_contain_text("words by rana")
    other.keyboard.press("Escape")
    pane = other.locator(".conflict")
    expect(pane).to_contain_text("rana")
    expect(pane.locator("ins").first).to_contain_text("Ana.")
    expect(pane.locator("textarea")).to_have_value(f"Ana. {text} Rana.")
    pane.get_by_role("button", name="Save what stands in the field").click()
    expect(other.locator(".announced")).to_have_text("Saved.")
    assert served.turns()[5].text == f"Ana. {text} Rana."
    assert rana.complaints == ana.complaints == []


def test_split_merge_mark_speaker_and_undo_by_keys(look: Looking, served: Site) -> None:
    window = look()
    page = window.open()
    count, text = len(served.turns()), served.turns()[1].text
    writing = window.write(1)
    at = text.index("The first")
    for _ in range(at):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+s")
    expect(writing).to_have_value(text[at:])
    expect(writing).to_be_focused()
    assert len(served.turns()) == count + 1
    page.keyboard.press("Alt+ArrowUp")
    expect(writing).to_have_value(text[:at].strip())
    page.keyboard.press("Alt+m")
    expect(writing).to_have_value(text)
    assert page.evaluate(CARET) == len(text[:at].strip())
    page.keyboard.press("Alt+x")
    expect(writing).to_have_value(f"{text[:at].strip()} [...] {text[at:]}")
    page.keyboard.press("Alt+z")
    expect(writing).to_have_value(text)
    page.keyboard.press("Alt+i")
    page.keyboard.type("to her")
    page.keyboard.press("Enter")
    expect(writing).to_have_value(f"{text[:at].strip()} [to her] {text[at:]}")
    page.get_by_role("button", name="Take the mark away").click()
    expect(page.locator(".turn-marks")).to_have_count(0)
    page.keyboard.press("Alt+w")
    page.keyboard.type("Jane Roe")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.open .speaker")).to_have_text("Jane Roe")
    expect(writing).to_be_focused()
    assert window.complaints == []


def test_the_caret_and_the_sound_go_together(look: Looking, served: Site) -> None:
    window = look()
    page = window.open()
    page.evaluate("document.querySelector('#player').muted = true")
    last = served.turns()[3]
    window.write(3)
    page.keyboard.press("Control+End")
    assert page.evaluate(NOW) == pytest.approx(last.words[-1].start, abs=80)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+k")
    for _ in range(100):
        if page.evaluate(NOW) > (last.words[2].start or 0) + 100:
            break
        page.wait_for_timeout(30)
    page.keyboard.press("Alt+k")
    page.wait_for_timeout(100)
    assert page.evaluate(CARET) >= last.words[2].char_start
    page.keyboard.press("Alt+h")
    expect(page.locator(".announced")).to_contain_text("Listen to the turn first")


def test_doubts_are_gone_through_from_the_queue(look: Looking, served: Site) -> None:
    window = look()
    page = window.open("&review")
    page.evaluate("document.querySelector('#player').muted = true")
    expect(page.locator(".doubts li[aria-current]")).to_contain_text("no speech")
    page.keyboard.press("e")
    expect(page.locator(".writing textarea")).to_be_focused()
    text = page.locator(".writing textarea").input_value()
    assert text[page.evaluate(CARET) :].startswith("ferry")
    page.keyboard.press("Alt+a")
    expect(page.locator(".doubts")).to_contain_text("2 open")
    assert list_flags(served.desk, served.harbour, served.layer).open == 2
    assert window.complaints == []


def test_arabic_and_an_input_method(look: Looking, served: Site) -> None:
    window = look(width=390)
    page = window.open(f"&layer={served.arabic}")
    writing = window.write(0)
    assert writing.evaluate("one => getComputedStyle(one).direction") == "rtl"
    text = served.turns(served.arabic)[0].text
    session = window.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "نعم", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(1_700)
    assert served.turns(served.arabic)[0].text == text, "sent while an input method composed"
    session.send("Input.insertText", {"text": "نعم "})
    expect(state(page)).to_have_text("Saved.")
    assert served.turns(served.arabic)[0].text == f"نعم {text}"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert window.complaints == []


def test_without_a_mouse_and_with_a_screen_reader(look: Looking, served: Site) -> None:
    window = look()
    page = window.open()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("divide the turn at the caret")
    page.keyboard.press("Escape")
    page.locator(".turn .edit-link").nth(6).focus()
    page.keyboard.press("Enter")
    writing = page.locator(".writing textarea")
    expect(writing).to_be_focused()
    expect(writing).to_have_attribute("aria-label", f"Words of the turn: {speaker(page)}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.act") == "play"
    page.keyboard.press("Shift+Tab")
    found = Axe().run(page).response
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert grave == []
    page.keyboard.press("Escape")
    expect(page.locator(".turn .edit-link").nth(6)).to_be_focused()
    assert served.turns()[6].made_by is None
    assert window.complaints == []


def speaker(page: Page) -> str:
    turn = page.locator(".turn.open")
    return f"{turn.locator('.speaker').inner_text()}, {turn.locator('.time').inner_text()}"
