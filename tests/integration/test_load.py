"""Fifty read while two edit, over one real server: nothing fails and nothing is lost."""

from __future__ import annotations

import random

from installation import Installation
from load_desk import READERS, fill, hold, lost
from load_walk import serving

SAVES, STEPS, PAUSE_S = 15, 6, 0.3
_SHARED = 4
"""Turns at the layer's beginning that both edit."""


def test_fifty_readers_while_two_edit(installation: Installation) -> None:
    desk = fill(installation)
    chance = random.Random(5)
    both = [chance.randrange(_SHARED) for _ in range(SAVES)]
    places = [
        # Two of three saves are on turns that the other edits too.
        [place if number % 3 else 10 + who * 20 + number for number, place in enumerate(both)]
        for who in range(2)
    ]
    with serving(installation) as (address, process):
        day = hold(address, desk, places, steps=STEPS, pause_s=PAUSE_S)
        assert day.walk.troubles == []
        assert lost(address, desk, day) == []
        assert process.poll() is None
    assert [len(one.saves) for one in day.editors] == [SAVES, SAVES]
    assert sum(one.conflicts for one in day.editors) > 0, "nobody was ever too late"
    assert sum(map(len, day.walk.times.values())) >= READERS * STEPS
    assert set(day.walk.times) == {one.name for one in desk.inner}
