"""A jump to a time whose turns were not loaded yet ends at its turn, in the window."""

from __future__ import annotations

from typing import Any

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
    page.wait_for_function("document.querySelector('#player').readyState >= 1")
    starts = page.locator(".turn").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.t.split(',')[0]))"
    )
    assert max(starts) < 580_000
    page.evaluate("document.querySelector('offair-transcript').seek(590_500)")
    page.wait_for_function(SEEN)
    assert window.complaints == []
