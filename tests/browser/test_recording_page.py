"""A recording's page in a browser: waveform, doubts with the sound, keys, selected words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import web_desk
from axe_playwright_python.sync_playwright import Axe
from logged_in import AsAccount
from playwright.sync_api import Browser, Page, expect
from serving import serving

from offair.desk import Desk
from offair.desk.list_flags import list_flags
from offair.desk.prepare_peaks import prepare_peaks
from offair.model.people import Role
from offair.model.recording import Gap, Held, Recording
from offair.model.time import Span
from offair.model.transcript import LayerKind, LayerOrigin, Turn
from offair.web.application import app

NOW = "document.querySelector('#player').currentTime * 1000"
PAUSED = "document.querySelector('#player').paused"
SELECT = """([turn, first, last]) => {
    const node = (word) => {
        const walker = document.createTreeWalker(
            document.querySelectorAll('.turn p[data-w]')[turn], NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(word);
            if (at >= 0) return [walker.currentNode, at];
        }
    };
    const [from, start] = node(first), [to, end] = node(last);
    // A letter short on either side: whole words are meant.
    getSelection().setBaseAndExtent(from, start + 1, to, end + 1);
}"""
# What stands at a place of the waveform's canvas: whether anything is drawn in a column.
DRAWN = """([name, part]) => {
    const canvas = document.querySelector(`offair-waveform .${name} canvas`);
    const x = Math.round(part * canvas.width);
    const data = canvas.getContext('2d').getImageData(x, 0, 1, canvas.height).data;
    return data.filter((value, at) => at % 4 === 3 && value > 0).length;
}"""


@dataclass(frozen=True)
class Site:
    address: str
    desk: Desk
    harbour: int
    tape: int
    long: int
    arabic_layer: int


@dataclass
class Window:
    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go there and wait for the player."""
        self.page.goto(self.site.address + path)
        until(self.page, "document.querySelector('#player')?.readyState >= 1")
        self.page.evaluate("document.querySelector('#player').muted = true")
        return self.page


Looking = Callable[..., Window]


def until(page: Page, expression: str) -> None:
    """Wait for a JavaScript expression; the pages' policy forbids Playwright's own way."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


def add_tape(desk: Desk) -> Recording:
    """Half silence, half noise, with a gap, and a turn whose words have a time."""
    sound = bytearray(web_desk.silent_wave(60_000))
    half = len(sound) // 2
    sound[half:] = (b"\x10\xf0" * half)[: len(sound) - half]
    text, words = web_desk.timed(
        [("𝄞", 1_000, 1_400), ("sounds", 1_400, 2_000), ("far", 2_000, 2_500)]
    )
    with desk.catalogue.transaction() as tx:
        tape = tx.add_recording(
            channel=tx.ensure_channel(web_desk.HARBOUR), aired=None, title="Tape", held=Held.HELD,
            object=web_desk.keep(desk, bytes(sound), "tape.wav"),
            media=web_desk.sound_facts(60_000), actor="test",
            gaps=[Gap(Span(12_000, 18_000), "nothing came")],
        )  # fmt: skip
        tx.add_layer(
            recording_id=tape.id, kind=LayerKind.SPEECH, language="en",
            origin=LayerOrigin.ENGINE, maker="test", run=1,
            turns=[Turn(0, 0, text, words, Span(1_000, 2_500))], sentences=[[(0, len(text))]],
        )  # fmt: skip
    return tape


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("desk")
    desk = web_desk.make_desk(folder)
    harbour, long = web_desk.add_harbour(desk), web_desk.add_long(desk)
    tape = add_tape(desk)
    for one in (harbour, tape.id):
        prepare_peaks(desk, one)
    with desk.catalogue.snapshot() as tx:
        arabic = next(one.id for one in tx.layers(harbour) if one.language == "ar")
    with serving(AsAccount(app(desk), Role.EDITOR)) as address:
        yield Site(address, desk, harbour, tape.id, long, arabic)
    desk.catalogue.close()


@pytest.fixture
def look(browser: Browser, served: Site) -> Iterator[Looking]:
    contexts = []

    def opener(*, width: int = 1280, scheme: Any = "light", **more: Any) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, reduced_motion="reduce",
            color_scheme=scheme, **more,
        )  # fmt: skip
        contexts.append(context)
        window = Window(context.new_page(), served)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    yield opener
    for context in contexts:
        context.close()


def test_the_waveform_shows_silence_sound_and_gaps(look: Looking, served: Site) -> None:
    window = look()
    page = window.open(f"/recordings/{served.tape}")
    slider = page.get_by_role("slider", name="Time in the recording")
    expect(slider).to_be_visible()
    until(page, f"({DRAWN})(['whole', 0.75]) > 0")
    silent, gap, loud = (page.evaluate(DRAWN, ["whole", at]) for at in (0.45, 0.25, 0.75))
    assert 0 < silent < 6, "silence is a line"
    assert silent < gap < loud
    until(page, f"({DRAWN})(['near', 0.6]) > 0")
    assert window.complaints == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_click_in_the_waveform_goes_there(look: Looking, served: Site, language: str) -> None:
    page = look().open(f"/recordings/{served.tape}?lang={language}")
    slider = page.get_by_role("slider")
    expect(slider).to_be_visible()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.26, box["y"] + 10)
    # Time runs as the page is read.
    assert page.evaluate(NOW) == pytest.approx(15_600 if language == "en" else 44_400, abs=300)
    expect(slider).to_have_attribute("aria-valuenow", "15" if language == "en" else "44")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 300, steps=3)
    page.mouse.up()
    wanted = 20_000 if language == "en" else 40_000
    assert page.evaluate(NOW) == pytest.approx(wanted, abs=400)


def test_the_slider_is_worked_by_keys(look: Looking, served: Site) -> None:
    page = look().open(f"/recordings/{served.tape}?lang=en")
    page.get_by_role("slider").focus()
    for key, wanted in (("End", 59_999), ("Home", 0), ("ArrowUp", 10_000), ("ArrowRight", 12_000),
                        ("ArrowDown", 2_000), ("PageUp", 59_999)):  # fmt: skip
        page.keyboard.press(key)
        assert page.evaluate(NOW) == pytest.approx(wanted, abs=60), key


def test_arrows_turn_with_the_page(look: Looking, served: Site) -> None:
    page = look().open(f"/recordings/{served.tape}?lang=ar")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(NOW) == pytest.approx(2_000, abs=60)


def test_a_waveform_that_waits_says_so_and_the_page_works(look: Looking, served: Site) -> None:
    page = look().open(f"/recordings/{served.long}?lang=en")
    expect(page.locator("offair-waveform")).to_contain_text("The waveform waits to be made.")
    assert page.get_by_role("slider").count() == 0
    page.keyboard.press("ArrowRight")
    assert page.evaluate(NOW) == pytest.approx(2_000, abs=60)


def test_doubts_are_stepped_through_with_the_sound_and_settled(look: Looking, served: Site) -> None:
    window = look()
    page = window.open(f"/recordings/{served.harbour}?lang=en")
    page.keyboard.press("d")
    current = page.locator(".doubts li[aria-current]")
    expect(current).to_contain_text("no speech was found")
    expect(page.locator(".turn.now .doubt").first).to_have_text("ferry")
    page.keyboard.press("d")
    expect(current).to_contain_text("3.9 s of speech")
    page.keyboard.press("b")
    expect(current).to_contain_text("no speech was found")
    # 4.00 to 4.31 s, a second before and after.
    until(page, f"!{PAUSED}")
    assert 2_900 <= page.evaluate(NOW) <= 5_400
    until(page, PAUSED)
    assert 5_300 <= page.evaluate(NOW) <= 5_700
    before = list_flags(served.desk, served.harbour).open
    page.get_by_label("What was found").fill("it is the ferry")
    page.get_by_label("What was found").press("Enter")
    expect(page.locator(".doubts h2")).to_contain_text(f"{before - 1} open")
    expect(current).to_contain_text("3.9 s of speech")
    expect(page.locator(".doubts")).to_contain_text("Settled.")
    # The text and the waveform know it too.
    expect(page.locator(".turn .doubt", has_text="ferry")).to_have_count(0)
    until(page, "!document.querySelector('offair-waveform').doubts.includes('4000,4310')")
    settled = [one.flag for one in list_flags(served.desk, served.harbour, settled=True).flags]
    noted = [one.settled_note for one in settled if one.settled_by == "rana"]
    assert noted == ["it is the ferry"]
    page.keyboard.press("a")
    expect(page.locator(".doubts h2")).to_contain_text(f"{before - 2} open")
    assert window.complaints == []


def test_what_the_desk_refuses_is_said_and_nothing_is_lost(look: Looking, served: Site) -> None:
    page = look().open(f"/recordings/{served.harbour}?lang=en")
    page.route("**/settle", lambda route: route.abort())
    page.keyboard.press("d")
    page.get_by_label("What was found").fill("a long thought")
    page.keyboard.press("Enter")
    expect(page.locator(".flag-steps")).to_contain_text("The doubt is still open")
    assert page.get_by_label("What was found").input_value() == "a long thought"


def test_a_sentence_is_looped_until_it_may_run_on(look: Looking, served: Site) -> None:
    page = look().open(f"/recordings/{served.tape}?lang=en")
    page.evaluate("document.querySelector('#player').currentTime = 1.9")
    page.keyboard.press("l")
    seen = []
    for _ in range(70):
        seen.append(page.evaluate(NOW))
        page.wait_for_timeout(30)
    assert any(later < sooner - 500 for sooner, later in pairwise(seen))
    assert all(900 <= one <= 2_800 for one in seen[1:])
    page.keyboard.press("l")
    until(page, f"{NOW} > 3000")


def test_selected_words_become_a_clip_of_several_spans(look: Looking, served: Site) -> None:
    window = look()
    page = window.open(f"/recordings/{served.harbour}?lang=en")
    page.evaluate(SELECT, [0, "Good", "morning"])
    bar = page.get_by_role("toolbar", name="Selected words")
    expect(bar).to_contain_text("Good morning,")
    expect(bar).to_contain_text("0:01–0:01")
    bar.get_by_role("button", name="Add more words").click()
    page.evaluate(SELECT, [1, "cancelling", "late"])
    expect(bar).to_contain_text("cancelling the late")
    expect(bar).to_contain_text("words: 5")
    with page.expect_response("**/clips") as answered:
        bar.get_by_role("button", name="Make a clip").click()
    assert answered.value.status == 201
    number = answered.value.json()["id"]
    with served.desk.catalogue.snapshot() as tx:
        clip = tx.clip(number)
    first, second = clip.spans
    assert first.end < 3_000
    assert 15_000 < second.start < second.end < 25_000
    assert (clip.made_by, clip.recording_id) == ("rana", served.harbour)
    assert window.complaints == []


def test_words_are_selected_and_used_by_keys_alone(look: Looking, served: Site) -> None:
    page = look().open(f"/recordings/{served.tape}?lang=en")
    page.evaluate("document.querySelector('#player').currentTime = 1.5")
    page.wait_for_timeout(200)
    page.keyboard.press("s")
    bar = page.get_by_role("toolbar", name="Selected words")
    expect(bar).to_contain_text("𝄞 sounds far")
    page.keyboard.press("Shift+ArrowLeft")
    expect(bar).not_to_contain_text("far")
    with page.expect_response("**/clips") as answered:
        page.keyboard.press("c")
        page.keyboard.press("Enter")
    # 𝄞 is one character for the desk, two units for the browser.
    body = answered.value.request.post_data_json
    assert [(one["start"], one["end"]) for one in body["words"]] == [(0, 8)]
    assert answered.value.status == 201
    page.keyboard.press("Escape")


def test_copied_words_carry_their_source_and_address(look: Looking, served: Site) -> None:
    window = look(permissions=["clipboard-read", "clipboard-write"])
    page = window.open(f"/recordings/{served.harbour}?lang=en")
    page.evaluate(SELECT, [1, "first", "six"])
    page.get_by_role("button", name="Copy with time").click()
    expect(page.get_by_role("toolbar")).to_contain_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(
        "“first boat will leave at half past six,” — Harbour One, 14 May 2026, Morning Quay, 0:1"
    )
    assert f"{served.address}/recordings/{served.harbour}?layer=1&t=0:1" in text
    link = page.get_by_role("link", name="Check these words").get_attribute("href") or ""
    assert link.startswith("/check?words=first+boat+will")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Let go").click()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    assert page.evaluate("getSelection().isCollapsed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_with_everything_open(
    look: Looking, served: Site, scheme: str, language: str
) -> None:
    window = look(scheme=scheme)
    layer = f"&layer={served.arabic_layer}" if language == "ar" else ""
    page = window.open(f"/recordings/{served.harbour}?lang={language}{layer}")
    page.evaluate("document.querySelector('#player').currentTime = 8")
    page.wait_for_timeout(150)
    if language == "en":
        page.keyboard.press("b")
    page.keyboard.press("s")
    expect(page.get_by_role("toolbar")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert window.complaints == []


@pytest.mark.parametrize("width", [360, 2_560])
def test_the_page_holds_from_a_phone_to_a_wall(look: Looking, served: Site, width: int) -> None:
    page = look(width=width).open(f"/recordings/{served.harbour}?lang=en")
    page.evaluate(SELECT, [0, "Good", "Monday"])
    expect(page.get_by_role("toolbar")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    canvas = page.locator("offair-waveform .whole canvas").bounding_box()
    assert canvas is not None
    assert canvas["width"] > 300
