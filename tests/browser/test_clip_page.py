"""The page of a clip in a browser: saved as one writes, without a network, and by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from clips_made import harbour_clip
from logged_in import AsAccount
from playwright.sync_api import Browser, Page, expect
from serving import serving
from web_desk import make_desk

from offair.desk import Desk
from offair.desk.edit_clip import ClipChange, edit_clip
from offair.desk.list_clips import show_clip
from offair.model.people import Role
from offair.web.application import app


@dataclass(frozen=True)
class Site:
    """Where the desk is served to an editor, and the desk."""

    address: str
    desk: Desk

    def headline(self) -> str | None:
        """As the desk has it."""
        return show_clip(self.desk, 1).clip.headline

    def spans(self) -> list[tuple[int, int]]:
        """As the desk has them, ms."""
        return [(one.start, one.end) for one in show_clip(self.desk, 1).clip.spans]

    def change(self, headline: str) -> None:
        """Somebody else was there."""
        version = show_clip(self.desk, 1).work.version
        edit_clip(self.desk, 1, ClipChange(headline=headline), version=version, actor="omar")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Site]:
    desk = make_desk(tmp_path)
    harbour_clip(desk)
    with serving(AsAccount(app(desk), Role.EDITOR)) as address:
        yield Site(address, desk)
    desk.catalogue.close()


@pytest.fixture
def window(browser: Browser, served: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{served.address}/clips/1?lang=en")
    page.wait_for_load_state("networkidle")
    yield page
    assert wrong == []
    context.close()


def test_what_is_written_is_saved_and_its_proof_and_print_follow(
    window: Page, served: Site
) -> None:
    window.get_by_label("Headline").fill("Daniel Marsh: The Moon Is Made Of Cheese")
    expect(window.get_by_text("Saved.")).to_be_visible()
    assert served.headline() == "Daniel Marsh: The Moon Is Made Of Cheese"
    expect(window.locator("#preview")).to_contain_text("The Moon Is Made Of Cheese")
    expect(window.locator(".proof.unsupported .clause")).to_have_text("The Moon Is Made Of Cheese")
    # The caret stays where it is, and what follows is saved on top of it.
    window.get_by_label("Headline").press_sequentially(" Today")
    expect(window.locator("#preview")).to_contain_text("Cheese Today")
    assert served.headline() == "Daniel Marsh: The Moon Is Made Of Cheese Today"


def test_without_a_network_nothing_is_lost(window: Page, served: Site) -> None:
    window.context.set_offline(True)
    window.get_by_label("Headline").fill("Written In A Tunnel")
    kept = "Kept in this browser. It will be sent when the desk answers."
    expect(window.get_by_text(kept)).to_be_visible()
    assert served.headline() != "Written In A Tunnel"
    window.context.set_offline(False)
    expect(window.get_by_text("Saved.")).to_be_visible(timeout=15_000)
    assert served.headline() == "Written In A Tunnel"


def test_words_of_a_window_that_was_closed_are_offered(window: Page, served: Site) -> None:
    window.context.set_offline(True)
    window.get_by_label("Headline").fill("Half A Thought")
    expect(window.get_by_text("Kept in this browser.")).to_be_visible()
    context = window.context
    window.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{served.address}/clips/1?lang=en")
    offered = page.locator(".clash")
    expect(offered).to_contain_text("Half A Thought")
    assert page.get_by_label("Headline").input_value() != "Half A Thought"
    offered.get_by_role("button", name="Take", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert served.headline() == "Half A Thought"


@pytest.mark.parametrize("mine", [True, False])
def test_two_at_once_see_both_versions(window: Page, served: Site, mine: bool) -> None:
    served.change("Omar Was Here")
    window.get_by_label("Headline").fill("Rana Was Here")
    clash = window.locator(".clash")
    expect(clash).to_contain_text("Omar Was Here")
    assert served.headline() == "Omar Was Here"
    clash.get_by_role("button", name="Keep mine" if mine else "Take theirs").click()
    expect(clash).to_have_count(0)
    expect(window.get_by_text("Saved." if mine else "Theirs stands.")).to_be_visible()
    assert served.headline() == ("Rana Was Here" if mine else "Omar Was Here")
    shown = window.get_by_label("Headline").input_value()
    assert shown == ("Rana Was Here" if mine else "Omar Was Here")


def test_an_edge_is_moved_by_a_button_and_heard(window: Page, served: Site) -> None:
    window.get_by_text("Cuts:").click()
    field = window.get_by_label("One span a line")
    assert field.input_value().strip() == "0:13.500 – 0:25.300"
    window.evaluate("document.querySelector('#player').muted = true")
    later = window.get_by_role("button", name="End span 1 later")
    later.click()
    later.click()
    assert field.input_value() == "0:13.500 – 0:25.500\n"
    window.wait_for_function("() => document.querySelector('#player').currentTime > 25.2")
    window.wait_for_function("() => document.querySelector('#player').paused")
    assert window.evaluate("document.querySelector('#player').currentTime") < 25.9
    expect(window.get_by_text("Saved.")).to_be_visible()
    assert served.spans() == [(13_500, 25_500)]
    window.get_by_role("button", name="Start span 1 earlier").press("Enter")
    expect(window.get_by_role("button", name="Start span 1 earlier")).to_be_focused()
    assert field.input_value() == "0:13.400 – 0:25.500\n"


def test_the_clip_is_played_as_it_is_cut(window: Page, served: Site) -> None:
    window.get_by_text("Cuts:").click()
    window.get_by_label("One span a line").fill("0:13.5 – 0:14.5\n0:20 – 0:21\n")
    expect(window.get_by_text("Saved.")).to_be_visible()
    window.evaluate("document.querySelector('#player').muted = true")
    window.get_by_role("button", name="Play the clip as it is cut").click()
    seen = []
    for _ in range(120):
        now = window.evaluate("document.querySelector('#player').currentTime")
        seen.append(now)
        if now > 20.8:
            break
        window.wait_for_timeout(50)
    assert seen[-1] > 20.8
    # What lies between is skipped; a picture is shown late on a machine that is busy.
    assert not [one for one in seen if 15.5 < one < 19.9]
