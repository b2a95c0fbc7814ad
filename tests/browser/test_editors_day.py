"""One day of a desk in a browser: two people, from what came in to a corrected record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import web_desk
from playwright.sync_api import Browser, Page, expect
from serving import serving

from offair import wiring
from offair.desk import Desk
from offair.desk.accounts import add_account
from offair.desk.index import catch_up, reindex
from offair.model.people import Role
from offair.web.application import app

PASSWORD = "a long walk along the quay"
SAID = "No. A single ticket costs three euros today, and it will not cost more this year."
SELECT = """() => {
    const turn = [...document.querySelectorAll('.turn')].find(
        (one) => one.textContent.includes('single ticket'));
    const line = turn.querySelector('p[data-w]');
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let first, last;
    while (walker.nextNode()) { first ??= walker.currentNode; last = walker.currentNode; }
    getSelection().setBaseAndExtent(first, 0, last, last.data.length);
}"""


PLAYER = "(([player]) => [player.currentTime, player.paused])(document.querySelectorAll('#player'))"


@dataclass(frozen=True)
class Site:
    """Where the desk is served, and the desk."""

    address: str
    desk: Desk


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A desk with the sample broadcast, an editor and a publisher; a second reader is required."""
    made = replace(web_desk.make_desk(tmp_path), second_reader_required=True)
    web_desk.add_harbour(made)
    reindex(made, notice=lambda _: None)
    add_account(made, "rana", Role.EDITOR, PASSWORD, actor="test")
    add_account(made, "omar", Role.PUBLISHER, PASSWORD, actor="test")
    with serving(app(made)) as address, wiring.serving_work(made):
        yield Site(address, made)
    made.catalogue.close()


@contextmanager
def logged_in(browser: Browser, site: Site, name: str) -> Iterator[Page]:
    """A browser of somebody who logged in by the form; nothing in it may go wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{site.address}/login?lang=en")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    yield page
    assert wrong == []
    context.close()


def test_an_editors_day(browser: Browser, site: Site) -> None:
    with logged_in(browser, site, "rana") as rana, logged_in(browser, site, "omar") as omar:
        # What came in, and what is to be looked at.
        rana.goto(f"{site.address}/?day=2026-05-14")
        rana.get_by_role("link", name="Morning Quay").first.click()
        expect(rana.get_by_role("heading", name="Morning Quay")).to_be_visible()
        correct(rana)
        clip = cut(rana)
        write(rana)
        rana.get_by_role("button", name="To “to second reader”").click()
        expect(rana.locator("#parts")).to_contain_text("State: to second reader")
        record = publish(omar, site, clip)
        look_it_up(rana, site)
        correct_the_record(rana, omar, clip, record)


def correct(page: Page) -> None:
    """One word is wrong; who speaks is confirmed; the turn is heard."""
    page.get_by_role("link", name="Edit", exact=True).first.click()
    page.evaluate("document.querySelector('#player').muted = true")
    turn = page.locator(".turn", has_text="single ticket")
    turn.locator(".edit-link").click()
    field = page.locator(".writing textarea")
    expect(field).to_be_focused()
    field.fill(SAID.replace("three", "tree"))
    expect(page.get_by_text("Saved.")).to_be_visible()
    field.fill(SAID)
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Confirm the speaker").click()
    expect(page.locator(".turn.open")).to_contain_text("confirmed by")
    page.evaluate("document.querySelector('#player').playbackRate = 2")
    page.get_by_role("button", name="I heard it").click()
    for _ in range(200):
        now, paused = page.evaluate(PLAYER)
        if now > 47 and paused:
            break
        page.wait_for_timeout(50)
    page.get_by_role("button", name="I heard it").click()
    expect(page.get_by_text("Heard: the words are as they stand.")).to_be_visible()


def cut(page: Page) -> str:
    """The words become a clip; its address."""
    page.goto(page.url.split("/edit")[0])
    page.wait_for_selector(".turn p[data-w]")
    page.evaluate(SELECT)
    page.get_by_role("button", name="Make a clip").click()
    page.wait_for_url("**/clips/*")
    return page.url


def write(page: Page) -> None:
    """Headline and summary, each clause with its proof, each confirmed."""
    page.get_by_label("Headline").fill("Daniel Marsh: A Single Ticket Costs Three Euros")
    page.get_by_label("Summary").fill("He said it will not cost more this year.")
    expect(page.get_by_text("Saved.")).to_be_visible()
    proofs = page.locator(".proof")
    expect(proofs).to_have_count(3)
    expect(page.locator("#preview")).to_contain_text("Single Ticket Costs Three Euros")
    expect(page.locator(".proof.unsupported")).to_have_count(0)
    for _ in range(3):
        page.get_by_role("button", name="Confirm", exact=True).first.click()
        page.wait_for_load_state("networkidle")
    expect(page.get_by_text("confirmed by rana")).to_have_count(3)
    expect(page.locator(".stops li")).to_have_text("no second reader has read it")
    expect(page.get_by_text("A publisher publishes it.")).to_be_visible()


def publish(page: Page, site: Site, clip: str) -> str:
    """The second reader says that it may go, and publishes it; the record's address."""
    page.goto(f"{site.address}/clips?state=to+second+reader")
    page.get_by_role("link", name="A Single Ticket Costs Three Euros").click()
    assert page.url == clip
    page.get_by_role("button", name="To “ready”").click()
    expect(page.locator("#parts")).to_contain_text("read by omar")
    page.get_by_role("button", name="Publish", exact=True).click()
    link = page.locator("#publishing a", has_text="Record #1, edition 1")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="A Single Ticket Costs Three Euros")).to_be_visible()
    expect(page.get_by_text("MACHINE TRANSCRIPT, NOT CHECKED")).to_have_count(0)
    return page.url


def look_it_up(page: Page, site: Site) -> None:
    """What was said is found, and a quotation of it is verbatim."""
    catch_up(site.desk, notice=lambda _: None)
    page.goto(f"{site.address}/find")
    page.get_by_label("Words to look for").fill("three euros")
    expect(page.locator("main mark").first).to_be_visible()
    page.goto(f"{site.address}/check")
    page.get_by_label("Printed words").first.fill("it will not cost more this year")
    page.get_by_role("button", name="Check the quotation").click()
    expect(page.get_by_text("The printed words are the words spoken.").first).to_be_visible()


def correct_the_record(rana: Page, omar: Page, clip: str, record: str) -> None:
    """The headline was too short: a new edition says what it said and what it says."""
    rana.goto(clip)
    rana.get_by_label("Headline").fill("Daniel Marsh: A Single Ticket Costs Three Euros Today")
    expect(rana.get_by_text("Saved.")).to_be_visible()
    # Whoever edits it takes it back in hand: it is read by the other once more.
    rana.get_by_role("button", name="To “to second reader”").click()
    expect(rana.locator("#parts")).to_contain_text("State: to second reader")
    omar.goto(clip)
    omar.get_by_role("button", name="To “ready”").click()
    expect(omar.locator("#parts")).to_contain_text("read by omar")
    omar.get_by_label("It said").fill("Costs Three Euros")
    omar.get_by_label("It says").fill("Costs Three Euros Today")
    omar.get_by_role("button", name="Publish the next edition").click()
    expect(omar.locator("#publishing a", has_text="Record #1, edition 2")).to_be_visible()
    omar.goto(record)
    note = "It said “Costs Three Euros”; it says “Costs Three Euros Today”."
    expect(omar.get_by_text(note).first).to_be_visible()
    omar.goto(f"{record}/1")
    expect(omar.get_by_text("The newest is edition 2.")).to_be_visible()
