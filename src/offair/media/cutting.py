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
    """Write both parts. Returns for each what `CutFile` needs.

    Raises `BadInput` where the span holds neither picture nor sound.
    """
    begin_us, end_us = job.request["start"] * 1000, job.request["end"] * 1000
    exact_part, original_part = job.request["parts"]
    source = Source(job)
    if source.video is None and source.audio is None:
        raise BadInput(f"{job.name} has neither picture nor sound to cut")
    # Until the very end: copying the original streams is quick beside encoding.
    source.within_us = (begin_us, end_us)
    source.seek(max(0, begin_us - _MARGIN_US))
    rendering = Rendering(source, exact_part, _LOOK, begin_us=begin_us, end_us=end_us)
    rendering.run()
    if not rendering.has_picture and not rendering.sound_samples:
        raise BadInput(
            f"{job.name} holds nothing between {begin_us / 1e6:.3f} s and {end_us / 1e6:.3f} s; "
            "give a span inside the recording"
        )
    notes = []
    if source.damaged:
        notes.append(f"{source.damaged} damaged packets lie in or before the span")
    made_us = rendering.length_us
    if made_us + 100_000 < end_us - begin_us:
        notes.append(f"the recording ends {(end_us - begin_us - made_us) / 1e6:.1f} s early")
    copied = copy(source, original_part, begin_us, end_us)
    if isinstance(copied, str):
        notes.append(f"the original streams were not copied: {copied}")
    files = [
        {
            "role": "exact",
            "part": exact_part,
            "suffix": ".mp4" if rendering.has_picture else ".m4a",
            "media_type": "video/mp4" if rendering.has_picture else "audio/mp4",
            "clip_in": 0,
            "clip_out": min(job.request["end"] - job.request["start"], round(made_us / 1000)),
            "note": "; ".join(notes) or None,
        }
    ]
    if not isinstance(copied, str):
        clip_in = max(0, round((begin_us - copied.from_us) / 1000))
        files.append(
            {
                "role": "original",
                "part": original_part,
                "suffix": copied.suffix,
                "media_type": copied.media_type,
                "clip_in": clip_in,
                "clip_out": clip_in + files[0]["clip_out"],
                "note": None,
            }
        )
    return files
