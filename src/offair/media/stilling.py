"""The operation `still`: the picture on screen at a media time, as JPEG or PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from av.codec import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from offair.media.child import Job
from offair.media.opening import Source, microseconds
from offair.media.picturing import MICROSECONDS, Fitter, Pictures
from offair.model.errors import BadInput, Corrupt

_WIDEST = 1280
_PIXELS = {"mjpeg": "yuvj420p", "png": "rgb24"}
_MARGIN_US = 1_000_000
_GROUP_BYTES = 256 << 20


def run(job: Job) -> dict[str, str]:
    """Write the picture. Raises `BadInput` (no pictures), `Corrupt` (none can be decoded)."""
    source = Source(job)
    if source.video is None:
        raise BadInput(f"{job.name} has no pictures; a still can be made of video only")
    at_us, codec = job.request["at"] * 1000, job.request["codec"]
    source.seek(max(0, at_us - _MARGIN_US))
    frame = _on_screen(source, at_us)
    if frame is None:
        raise Corrupt(f"no picture of {job.name} could be decoded; it is damaged: fetch it again")
    fitter = Fitter(
        source.video,
        widest=_WIDEST,
        tallest=_WIDEST,
        pixel_format=_PIXELS[codec],
        deinterlace=False,
    )
    fitted = [*fitter.fit(frame, 0), *fitter.finish()][0][0]
    encoder = CodecContext.create(codec, "w")
    if not isinstance(encoder, VideoCodecContext):
        raise Corrupt(f"FFmpeg's libraries were built without {codec}; install the usual wheels")
    encoder.width, encoder.height = fitted.width, fitted.height
    encoder.pix_fmt = _PIXELS[codec]
    encoder.time_base = MICROSECONDS
    if codec == "mjpeg":
        encoder.qmin = encoder.qmax = 4
    data = b"".join(bytes(packet) for packet in [*encoder.encode(fitted), *encoder.encode(None)])
    Path(job.request["parts"][0]).write_bytes(data)
    return {"codec": codec}


def _on_screen(source: Source, at_us: int) -> VideoFrame | None:
    """The last picture at or before a media time, else the first after it."""
    video = source.video
    if video is None:
        return None
    pictures = Pictures(source, video)
    last: VideoFrame | None = None
    group: list[Packet[Any]] = []
    size = 0
    for packet in source.packets([video]):
        stamp = packet.dts if packet.dts is not None else packet.pts
        early = stamp is not None and microseconds(stamp, video) < at_us
        shown = packet.pts if packet.pts is not None else stamp
        keyed = early and packet.is_keyframe and shown is not None
        if keyed and microseconds(shown or 0, video) <= at_us:
            group, size = [], 0
        group.append(packet)
        size += packet.size
        if early and size <= _GROUP_BYTES:
            continue
        for held in group:
            for frame, frame_us in pictures.of(held):
                if frame_us > at_us and last is not None:
                    return last
                last = frame
        group, size = [], 0
    rest: list[Packet[Any] | None] = [*group, None]
    for one in rest:
        for frame, frame_us in pictures.of(one):
            if frame_us > at_us and last is not None:
                return last
            last = frame
    return last
