"""Where somebody was heard."""

from __future__ import annotations

from dataclasses import dataclass

from offair.model.time import Ms


@dataclass(frozen=True, slots=True)
class Appearance:
    """Somebody's turns in one layer of a recording.

    turns: whose words they are; spoken_ms: of those that were spoken by the very voice, where their
    times are known. confirmed: turns of which a person confirmed it. first_ms: where the first
    begins, None where unknown.
    """

    recording_id: int
    layer_id: int
    turns: int
    spoken_ms: Ms
    confirmed: int
    first_ms: Ms | None
