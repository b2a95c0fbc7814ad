"""A jump to a time whose turns were not loaded yet ends at its turn, in the window."""

from __future__ import annotations

from typing import Any

READY = "() => document.querySelector('#player').readyState >= 1"
SEEN = """() => {
    const now = document.querySelector('.turn.now');
    const box = now?.getBoundingClientRect();
    const [start, end] = (now?.dataset.t ?? '').split(',').map(Number);
    const time = document.querySelector('#player').currentTime * 1000;
    return box && box.top >= 0 && box.top < innerHeight && time >= start && time <= end;
}"""


def test_a_far_jump_shows_its_turn(look: Any, site: Any) -> None:
    window = look()
    page = window.open(f"/recordings/{site.long}")
    page.wait_for_function(READY)
    starts = page.locator(".turn").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.t.split(',')[0]))"
    )
    assert max(starts) < 580_000
    page.evaluate("document.querySelector('offair-transcript').seek(590_500)")
    page.wait_for_function(SEEN)
    assert window.complaints == []


def test_a_jump_while_turns_are_on_their_way_waits_for_them(look: Any, site: Any) -> None:
    page = look().open(f"/recordings/{site.long}")
    page.wait_for_function(READY)
    held: list[Any] = []
    page.route(
        "**/recordings/*/turns*",
        lambda route: route.continue_() if held else held.append(route),
    )
    page.evaluate("document.querySelector('offair-transcript').seek(590_500)")
    until_held(page, held)
    page.evaluate("document.querySelector('offair-transcript').seek(300_500)")
    page.wait_for_function("() => !document.querySelector('#player').seeking")
    held[0].continue_()
    page.wait_for_function(SEEN)
    assert page.evaluate("document.querySelector('#player').currentTime") == 300.5


def until_held(page: Any, held: list[Any]) -> None:
    """Wait until the page has asked for turns."""
    for _ in range(400):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the page never asked for turns")
