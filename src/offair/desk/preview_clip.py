"""A clip's record exactly as it would be printed now, without a number where it has none yet."""

from __future__ import annotations

from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.record_draft import draft_record
from offair.formats import record_html, record_text, record_withheld
from offair.model.record import Layout, Record


@dataclass(frozen=True, slots=True)
class Preview:
    """The record in the making: as data, as the printed page, as text and as HTML."""

    record: Record
    layout: Layout

    @property
    def text(self) -> str:
        """As printed."""
        return record_text.write(self.record, self.layout)

    @property
    def html(self) -> str:
        """A page of its own, with its style sheet."""
        return record_html.write(self.record, self.layout)


def preview_clip(desk: Desk, clip_id: int, *, actor: str, now_utc: str) -> Preview:
    """What `publish` would print, media aside; nothing is written. now_utc: ISO 8601 with `Z`.

    Whoever is withheld is named nowhere in it. Raises `NotFound`, `BadInput` (it has no text).
    """
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        recording = tx.recording(clip.recording_id)
        record = draft_record(
            tx, clip, recording, actor=actor, desk_name=desk.name, now_utc=now_utc
        )
        hidden = [one.name for one in tx.withheld(recording.id)]
    shown = record_withheld.without_names(record, hidden) if hidden else record
    return Preview(shown, record_text.layout_for(shown))
