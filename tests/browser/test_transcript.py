"""The text follows the sound, the sound follows the text, and turns load as they are needed."""

from __future__ import annotations

import json
from typing import Any

import pytest
import web_desk

SCRIPT = json.loads((web_desk.SAMPLES / "harbour-interview.script.json").read_text("utf-8"))
WORDS = [
    word for turn in SCRIPT["turns"] for sentence in turn["sentences"] for word in sentence["words"]
]

SPOKEN = """() => {
    const [range] = CSS.highlights.get('spoken') ?? [];
    const player = document.querySelector('#player');
    return { time: player.currentTime * 1000, word: range ? range.toString() : '' };
}"""

PLACE = """([turn, word]) => {
    const text = document.querySelectorAll('.turn')[turn].querySelector('p');
    text.scrollIntoView({ block: 'center', behavior: 'instant' });
    const range = document.createRange();
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(word);
        if (at < 0) continue;
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + word.length);
        const box = range.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];
    }
    return null;
}"""

READY = "document.querySelector('#player').readyState >= 1"
TURNS = "[...document.querySelectorAll('.turn')].map((one) => Number(one.id.slice(5)))"


def until(page: Any, expression: str) -> None:
    """Wait for a JavaScript expression to be true.

    The policy of the pages forbids what Playwright's own waiting does inside them.
    """
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


def at(page: Any, time_ms: float) -> None:
    """Put the player there and wait until it is."""
    until(page, READY)
    page.evaluate(
        """(time) => new Promise((done) => {
            const player = document.querySelector('#player');
            player.addEventListener('seeked', () => requestAnimationFrame(done), { once: true });
            player.currentTime = time;
        })""",
        time_ms / 1000,
    )


def test_the_spoken_word_is_marked_while_it_plays(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.harbour}")
    until(page, READY)
    page.evaluate("document.querySelector('#player').muted = true")
    page.keyboard.press("k")
    until(page, "document.querySelector('#player').currentTime > 1.5")
    marked = []
    for _ in range(12):
        seen = page.evaluate(SPOKEN)
        marked.append(seen["word"])
        # The mark is drawn with the frame before: the word of that moment counts as well.
        right = {word_at(seen["time"]), word_at(seen["time"] - 120)}
        assert seen["word"] in right, seen
        page.wait_for_timeout(150)
    assert len(set(marked)) > 3
    assert page.locator(".turn.now").count() == 1


def word_at(time_ms: float) -> str:
    """What the script says is being said: the last word that has begun."""
    return [word["text"] for word in WORDS if word["start_ms"] <= time_ms + 0.5][-1]


@pytest.mark.parametrize(("turn", "word"), [(0, "ferry"), (1, "cancelling"), (5, "euros")])
def test_a_click_on_a_word_goes_there(look: Any, site: Any, turn: int, word: str) -> None:
    page = look().open(f"/recordings/{site.harbour}")
    until(page, READY)
    x, y = page.evaluate(PLACE, [turn, word])
    page.mouse.click(x, y)
    until(page, "[...(CSS.highlights.get('spoken') ?? [])].length === 1")
    spoken = SCRIPT["turns"][turn]["sentences"]
    start = next(
        one["start_ms"]
        for part in spoken
        for one in part["words"]
        if one["text"].strip(".,") == word
    )
    seen = page.evaluate(SPOKEN)
    assert abs(seen["time"] - start) <= 50
    assert seen["word"].strip(".,") == word


def test_arabic_reads_from_the_right_and_answers_clicks(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.harbour}?layer={site.arabic_layer}")
    until(page, READY)
    turn = page.locator(".turn").nth(2)
    assert turn.locator("p").evaluate("(one) => getComputedStyle(one).direction") == "rtl"
    text, time = turn.locator("p").bounding_box(), turn.locator(".time").bounding_box()
    assert time["x"] >= text["x"] + text["width"] - 1
    # The fourth word follows others and stands before an editor's mark.
    word = web_desk.ARABIC[2].split()[3]
    page.mouse.click(*page.evaluate(PLACE, [2, word]))
    until(page, "[...(CSS.highlights.get('spoken') ?? [])].length === 1")
    seen = page.evaluate(SPOKEN)
    assert seen["word"] == word
    assert abs(seen["time"] - (1_200 + 2 * 6_000 + 3 * 400)) <= 50


def test_selecting_text_does_not_move_the_sound(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.harbour}")
    until(page, READY)
    x, y = page.evaluate(PLACE, [1, "Good"])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 200, y, steps=4)
    page.mouse.up()
    assert page.evaluate("getSelection().toString().length") > 5
    assert page.evaluate("document.querySelector('#player').currentTime") == 0


def test_turns_load_as_they_come_into_view(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.long}")
    assert page.locator(".turn").count() == 60
    for _ in range(2):
        before = page.locator(".turn").count()
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        until(page, f"document.querySelectorAll('.turn').length > {before}")
    ids = page.evaluate(TURNS)
    assert len(ids) == web_desk.LONG_TURNS
    assert ids == sorted(ids)
    assert page.locator("a[data-fragment]").count() == 0


def test_a_time_in_the_address_is_shown_and_earlier_turns_come_above(look: Any, site: Any) -> None:
    window = look()
    page = window.open(f"/recordings/{site.long}?t=5:00")
    until(page, "document.querySelector('.turns').dataset.from === '0'")
    ids = page.evaluate(TURNS)
    assert ids == sorted(ids)
    until(page, "document.querySelector('#player').currentTime === 300")
    shown = page.locator(".turn.now")
    assert shown.locator(".time").inner_text() == "5:00"
    box = shown.bounding_box()
    assert 0 < box["y"] < 800, "the turn of that time is not in the window"
    assert window.complaints == []


def test_going_beyond_what_is_loaded_loads_it(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.long}")
    far = 140 * web_desk.LONG_TURN_MS
    at(page, far + 10)
    page.wait_for_selector(f'.turn.now[data-t^="{far},"]')
    ids = page.evaluate(TURNS)
    assert ids == sorted(ids), "turns stand out of order after a jump"
    at(page, 0)
    page.wait_for_selector('.turn.now[data-t^="0,"]')
    ids = page.evaluate(TURNS)
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids))


def test_playing_past_a_run_goes_on_into_the_next(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.long}")
    edge = 60 * web_desk.LONG_TURN_MS
    at(page, edge - 700)
    page.keyboard.press("k")
    page.wait_for_selector(f'.turn.now[data-t^="{edge},"]')
    assert page.evaluate("document.querySelector('#player').paused") is False
    box = page.locator(".turn.now").bounding_box()
    assert 0 < box["y"] < 800, "the text did not follow the sound"


def test_scrolling_away_stops_following_until_asked(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.long}")
    until(page, READY)
    page.keyboard.press("k")
    page.wait_for_selector(".turn.now")
    page.mouse.move(900, 400)
    page.mouse.wheel(0, 1500)
    button = page.get_by_role("button", name="Follow the sound")
    button.wait_for()
    away = page.evaluate("scrollY")
    page.wait_for_timeout(600)
    assert page.evaluate("scrollY") == away
    button.click()
    button.wait_for(state="detached")
    until(page, f"scrollY < {away}")


def test_a_server_that_is_gone_is_said(look: Any, site: Any) -> None:
    window = look()
    page = window.open(f"/recordings/{site.long}")
    page.route("**/turns?*", lambda route: route.abort())
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    status = page.locator("offair-transcript").get_by_role("status")
    status.wait_for()
    assert "could not be loaded" in status.inner_text()
    page.unroute("**/turns?*")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    until(page, "document.querySelectorAll('.turn').length > 60")


def test_without_scripts_the_next_run_is_a_link(look: Any, site: Any) -> None:
    page = look(scripts=False).open(f"/recordings/{site.long}")
    page.get_by_role("link", name="Later").click()
    assert page.locator(".turn .time").first.inner_text() == "4:00"
    page.get_by_role("link", name="Earlier").click()
    assert page.locator(".turn .time").first.inner_text() == "0:00"


def test_keys(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.harbour}")
    until(page, READY)
    now = "document.querySelector('#player').currentTime"
    paused = "document.querySelector('#player').paused"
    page.evaluate("document.querySelector('#player').muted = true")
    page.keyboard.press("Space")
    until(page, f"!{paused}")
    page.keyboard.press("k")
    until(page, paused)
    at(page, 20_000)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(now) == pytest.approx(22, abs=0.05)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(now) == pytest.approx(18, abs=0.05)
    page.keyboard.press("n")
    assert page.evaluate(now) == pytest.approx(SCRIPT["turns"][2]["start_ms"] / 1000, abs=0.05)
    page.keyboard.press("p")
    assert page.evaluate(now) == pytest.approx(SCRIPT["turns"][1]["start_ms"] / 1000, abs=0.05)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(now) == pytest.approx(SCRIPT["turns"][1]["start_ms"] / 1000, abs=0.05)
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_a_turns_time_is_an_address(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.harbour}")
    until(page, READY)
    page.locator(".turn .time").nth(3).click()
    start = SCRIPT["turns"][3]["start_ms"]
    assert page.evaluate("document.querySelector('#player').currentTime") == pytest.approx(
        start / 1000, abs=0.05
    )
    address = page.url
    assert "t=0:28." in address
    again = look().open(address.removeprefix(site.address))
    until(again, f"Math.abs({start} - document.querySelector('#player').currentTime * 1000) < 50")


def test_a_time_on_a_records_page_plays_there(look: Any, site: Any) -> None:
    window = look()
    page = window.open("/records/1")
    until(page, "document.querySelector('video').readyState >= 1")
    page.evaluate("document.querySelector('video').muted = true")
    page.locator("a.time").nth(1).click()
    # The second turn begins two seconds into the clip.
    until(page, "document.querySelector('video').currentTime >= 2")
    assert page.url == f"{site.address}/records/1"
    assert window.complaints == []


def test_a_doubt_in_the_list_leads_to_its_words(look: Any, site: Any) -> None:
    window = look()
    page = window.open(f"/recordings/{site.harbour}")
    row = page.locator(".doubts li").last
    at = int((row.get_attribute("data-t") or "").split(",")[0])
    until(page, READY)
    row.locator("a.jump").click()
    # A second of sound before it is heard, too.
    page.wait_for_function(
        "at => Math.abs(document.querySelector('video').currentTime * 1000 - at + 1000) < 300",
        arg=at,
    )
    assert row.get_attribute("aria-current") == "true"
    page.evaluate("document.querySelector('video').pause()")
    turn = page.locator(".turn.now")
    assert turn.count() == 1
    assert turn.locator(".doubt").inner_text() == "half past six,"
    line = turn.locator(".doubt").evaluate("one => getComputedStyle(one).textDecorationStyle")
    assert line == "dotted"
    assert f"t=0:{at // 1000}" in page.url
    assert window.complaints == []


def test_captions_stand_beside_on_a_wide_screen_and_below_on_a_phone(look: Any, site: Any) -> None:
    for width, beside in ((1280, True), (390, False)):
        page = look(width=width).open(f"/recordings/{site.harbour}?beside={site.captions_layer}")
        turn = page.locator(".turn:has(.beside)").first
        speech, captions = (turn.locator(one).bounding_box() for one in ("p >> nth=0", ".beside"))
        assert speech is not None
        assert captions is not None
        if beside:
            assert captions["x"] >= speech["x"] + speech["width"]
        else:
            assert captions["y"] >= speech["y"] + speech["height"]
