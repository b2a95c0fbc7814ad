"""Show where somebody of the names list was heard, when, and for how long."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.evidence import layers_to_search
from offair.model.appearance import Appearance
from offair.model.errors import NotFound
from offair.model.names import Name
from offair.model.recording import Recording
from offair.model.time import Ms


@dataclass(frozen=True, slots=True)
class ShownAppearance:
    """Somebody's turns in the text of a recording that is searched."""

    recording: Recording
    appearance: Appearance


@dataclass(frozen=True, slots=True)
class Appearances:
    """A name, and where it was heard, newest airing first, undated last. months: spoken time by
    `YYYY-MM`, oldest first, without the months in which nothing was heard."""

    name: Name
    rows: tuple[ShownAppearance, ...]
    months: tuple[tuple[str, Ms], ...]

    @property
    def spoken_ms(self) -> Ms:
        """Speaking time in all."""
        return sum(one.appearance.spoken_ms for one in self.rows)


def show_appearances(desk: Desk, name_id: int) -> Appearances:
    """Where the person with this number on the names list was heard, under any spelling.

    Of a recording's texts only those that are searched count, so that nothing is counted twice.
    Raises `NotFound`.
    """
    with desk.catalogue.snapshot() as tx:
        name = next((one for one in tx.names() if one.id == name_id), None)
        if name is None:
            raise NotFound(f"there is no name {name_id} on the names list")
        found = tx.appearances(name.all_spellings)
        recordings = tx.recordings_by_id(sorted({one.recording_id for one in found}))
        searched = {
            one.id for recording_id in recordings for one in layers_to_search(tx, recording_id)
        }
    rows = [
        ShownAppearance(recordings[one.recording_id], one)
        for one in found
        if one.layer_id in searched and one.recording_id in recordings
    ]
    rows.sort(key=lambda one: str(one.recording.aired or ""), reverse=True)
    months: Counter[str] = Counter()
    for one in rows:
        aired = one.recording.aired
        if aired is not None and len(aired.value) >= 7 and one.appearance.spoken_ms:
            months[aired.value[:7]] += one.appearance.spoken_ms
    return Appearances(name, tuple(rows), tuple(sorted(months.items())))
