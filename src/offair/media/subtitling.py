"""The operation `subtitled`: a file's pictures and sound as they are, with a track of subtitles.

The track is mov_text (3GPP timed text, TS 26.245), the one that MP4 players show. Its samples are
plain text: what they are made of is never read as markup. Burning text into the pictures is not
done: FFmpeg's libraries as PyAV ships them draw none (no libass, no drawtext).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
from av.packet import Packet
from av.stream import Stream
from av.subtitles.codeccontext import SubtitleCodecContext

from offair.media.child import Job
from offair.media.copying import containers_for
from offair.media.opening import Source
from offair.model.errors import BadInput, Corrupt

_MS = Fraction(1, 1000)
_LONGEST_BYTES = 0xFFFF
_STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,sans-serif,18,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""From which FFmpeg writes the track's description: white, in the middle, at the foot."""


def run(job: Job) -> dict[str, str]:
    """Write the file. Returns its media type. Raises `BadInput` where MP4 does not take the
    streams, `Corrupt`."""
    source = Source(job)
    streams: list[Stream] = [*([source.video] if source.video else []), *source.audios]
    codecs = [one.codec_context.codec.canonical_name for one in streams if one.codec_context]
    kinds = containers_for("mov,mp4", codecs, pictures=source.video is not None)
    if not streams or kinds[0][0] != "mp4":
        raise BadInput(
            f"{job.name} has nothing that an MP4 file takes ({', '.join(codecs) or 'no streams'}); "
            "subtitle the exact cut instead"
        )
    with av.open(
        job.request["parts"][0], "w", format="mp4", container_options={"movflags": "+faststart"}
    ) as out:
        targets = {one.index: out.add_stream_from_template(one, opaque=True) for one in streams}
        track = out.add_stream("mov_text")
        writer = track.codec_context
        if not isinstance(writer, SubtitleCodecContext):
            raise Corrupt(
                "FFmpeg's libraries were built without mov_text; install the usual wheels"
            )
        writer.subtitle_header = _STYLE
        writer.time_base = track.time_base = _MS
        writer.open()
        if job.request["language"]:
            track.metadata["language"] = job.request["language"]
        for start, end, text in job.request["cues"]:
            out.mux(_sample(track, start, end, text))
        begun: set[int] = set()
        for packet in source.packets(streams):
            if packet.pts is None or packet.dts is None:
                continue
            if packet.stream_index not in begun and not packet.is_keyframe:
                continue
            begun.add(packet.stream_index)
            packet.stream = targets[packet.stream_index]
            out.mux(packet)
    if not begun:
        raise Corrupt(f"no packet of {job.name} could be read; it is damaged or empty")
    return {"media_type": kinds[0][2]}


def _sample(track: Stream, start: int, end: int, text: str) -> Packet[Any]:
    """One cue: the length of its text in two bytes, then the text."""
    body = text.encode("utf-8", "replace")[:_LONGEST_BYTES].decode("utf-8", "ignore").encode()
    packet: Packet[Any] = Packet(len(body).to_bytes(2, "big") + body)
    packet.stream = track
    packet.time_base = _MS
    packet.pts = packet.dts = start
    packet.duration = end - start
    return packet
