"""The operation `cut`: an exact cut encoded anew, and a copy of the original streams."""

from __future__ import annotations

from typing import Any

from offair.media.child import Job
from offair.media.copying import copy
from offair.media.opening import Source
from offair.media.showing import Look, Rendering
from offair.model.errors import BadInput

_LOOK = Look(widest=4096, tallest=4096, quality=19, preset="veryfast")
_MARGIN_US = 3_000_000


def run(job: Job) -> list[dict[str, Any]]:
    """Write all parts. Returns for each what `CutFile` needs, the exact cut first.

    Raises `BadInput` where a span holds neither picture nor sound.
    """
    spans = [(begin * 1000, end * 1000) for begin, end in job.request["spans"]]
    exact_part, *original_parts = job.request["parts"]
    notes: list[str] = []
    originals: list[dict[str, Any]] = []
    rendering: Rendering | None = None
    begun_us = 0
    for number, (span, part) in enumerate(zip(spans, original_parts, strict=True), start=1):
        source = Source(job)
        begun_us = rendering.file_us if rendering is not None else 0
        rendering = _render(source, exact_part, span, rendering, more=number < len(spans))
        notes += _troubles(source, rendering, span)
        copied = copy(source, part, *span)
        if isinstance(copied, str):
            notes.append(f"the original streams were not copied: {copied}")
            continue
        length_ms = min(span[1] - span[0], rendering.length_us) // 1000
        clip_in = max(0, round((span[0] - copied.from_us) / 1000))
        originals.append(
            {
                "role": "original",
                "name": "original" if number == 1 else f"original-{number}",
                "part": part,
                "suffix": copied.suffix,
                "media_type": copied.media_type,
                "clip_in": clip_in,
                "clip_out": clip_in + length_ms,
                "note": None,
            }
        )
    if rendering is None:
        raise BadInput(f"no span of {job.name} was asked for; give at least one")
    asked_ms = sum(end - begin for begin, end in spans) // 1000
    picture = rendering.has_picture
    exact = {
        "role": "exact",
        "name": "exact",
        "part": exact_part,
        "suffix": ".mp4" if picture else ".m4a",
        "media_type": "video/mp4" if picture else "audio/mp4",
        "clip_in": 0,
        "clip_out": min(asked_ms, round((begun_us + rendering.length_us) / 1000)),
        "note": "; ".join(notes) or None,
    }
    return [exact, *originals]


def _render(
    source: Source, part: str, span: tuple[int, int], before: Rendering | None, *, more: bool
) -> Rendering:
    begin_us, end_us = span
    name = source.job.name
    if source.video is None and source.audio is None:
        raise BadInput(f"{name} has neither picture nor sound to cut")
    # Until the very end: copying the original streams is quick beside encoding.
    source.within_us = span
    source.seek(max(0, begin_us - _MARGIN_US))
    rendering = Rendering(source, part, _LOOK, begin_us=begin_us, end_us=end_us, after=before)
    rendering.run(more=more)
    if not rendering.has_picture and not rendering.sound_samples:
        raise BadInput(
            f"{name} holds nothing between {begin_us / 1e6:.3f} s and {end_us / 1e6:.3f} s; "
            "give a span inside the recording"
        )
    return rendering


def _troubles(source: Source, rendering: Rendering, span: tuple[int, int]) -> list[str]:
    notes = []
    if source.damaged:
        notes.append(f"{source.damaged} damaged packets lie in or before the span")
    missing_us = span[1] - span[0] - rendering.length_us
    if missing_us > 100_000:
        notes.append(f"the recording ends {missing_us / 1e6:.1f} s early")
    return notes
