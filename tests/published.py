"""Publishing for tests: what stops a clip of made-up words is passed, as an administrator would."""

from __future__ import annotations

from offair.desk import Desk
from offair.desk.publish import Published
from offair.desk.publish import publish as publish_clip
from offair.desk.publishing import Publishing

PASSED = Publishing(override="the words of a test")


def publish(
    desk: Desk, clip_id: int, *, actor: str, now_utc: str, note: str | None = None
) -> Published:
    """Publish a clip, or correct its record with a note, whatever can be passed."""
    how = Publishing(note=note, override=PASSED.override)
    return publish_clip(desk, clip_id, how, actor=actor, now_utc=now_utc)
