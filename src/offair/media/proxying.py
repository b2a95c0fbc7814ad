"""The operation `proxy`: a copy of the whole recording that any browser plays."""

from __future__ import annotations

from offair.media.child import Job
from offair.media.opening import Source
from offair.media.showing import Look, Rendering
from offair.model.errors import BadInput, Corrupt

_LOOK = Look(widest=1280, tallest=720, quality=25, preset="superfast")


def run(job: Job) -> dict[str, str]:
    """Write the proxy. Returns its media type. Raises `BadInput` where there is nothing to play."""
    source = Source(job)
    if source.video is None and source.audio is None:
        raise BadInput(f"{job.name} has neither picture nor sound to make a proxy of")
    rendering = Rendering(source, job.request["parts"][0], _LOOK)
    rendering.run()
    if not rendering.has_picture and not rendering.sound_samples:
        raise Corrupt(
            f"nothing of {job.name} could be decoded; it is damaged or empty: fetch it again"
        )
    return {"media_type": "video/mp4" if rendering.has_picture else "audio/mp4"}
