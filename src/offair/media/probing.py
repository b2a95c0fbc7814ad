"""The operation `probe`: facts about a file, and what in it cannot be used, in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from offair.media.child import Job
from offair.media.finding_captions import about_captions
from offair.media.opening import Source, microseconds
from offair.media.timeline import Timeline

_PADDING_US = 250_000
_INDEXED = ("MP4 or MOV", "WAV")
_PLAYABLE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "mp4": (frozenset({"h264"}), frozenset({"aac", "mp3", "mp3float"})),
    "webm": (
        frozenset({"vp8", "vp9", "av1", "libdav1d"}),
        frozenset({"opus", "vorbis", "libopus"}),
    ),
    "ogg": (frozenset(), frozenset({"vorbis", "opus", "libopus"})),
    "mp3": (frozenset(), frozenset({"mp3", "mp3float"})),
    "wav": (frozenset(), frozenset({"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"})),
    "flac": (frozenset(), frozenset({"flac"})),
}
_PIXELS = ("yuv420p", "yuvj420p")


def run(job: Job) -> dict[str, Any]:
    """Probe a file. Reads it once from end to end unless its index tells all.

    Returns the fields of `MediaFacts` and `StreamFacts` as JSON.
    """
    source = Source(job)
    notes: list[str] = []
    streams = source.container.streams
    timeline = source.timeline()
    held_us = _length_by_index(source, notes)
    complete = held_us is None
    if complete:
        _read_through(source, timeline)
    ends = {
        stream.index: _end(source, stream, timeline if complete else None)
        for stream in (*source.videos, *source.audios)
    }
    duration_us = max(ends.values(), default=0)
    if held_us is not None:
        duration_us = min(duration_us or held_us, held_us)
    notes += _about_clock(source, timeline)
    notes += _about_streams(source, ends, complete=complete)
    if source.damaged:
        notes.append(
            f"{source.damaged} packets are damaged or the end is missing; the rest can be read"
        )
    if not streams:
        notes.append("holds no streams")
    notes += about_captions(job)
    return {
        "container": _container(source),
        "duration_ms": max(0, round(duration_us / 1000)),
        "start_ms": round(source.zero_us / 1000),
        "streams": [_facts(source, stream, ends) for stream in streams],
        "browser_playable": _playable(source) and len(timeline.stretches) == 1,
        "notes": notes,
    }


def _container(source: Source) -> str:
    name = source.container.format.name
    if name.startswith("mov,"):
        return "mp4"
    if name.startswith("matroska"):
        return "webm" if source.head.container == "WebM" else "matroska"
    return name


def _length_by_index(source: Source, notes: list[str]) -> int | None:
    """Media time (µs) that the file holds by its index; None where only reading it tells.

    An MP4 whose end is missing still has its whole index: what lies past the end is not held.
    """
    if source.head.container not in _INDEXED or source.head.fragmented:
        return None
    if source.head.container == "WAV":
        return _length_of_wave(source, notes)
    held_us, missing, total = 0, 0, 0
    for stream in (*source.videos, *source.audios):
        entries = stream.index_entries
        if len(entries) < 2 or stream.duration is None:
            return None
        end = 0
        for entry in entries:
            if entry.is_discard:
                continue
            total += 1
            if entry.pos + entry.size > source.size_bytes:
                missing += 1
            else:
                end = max(end, entry.timestamp)
        step = (entries[len(entries) - 1].timestamp - entries[0].timestamp) // (len(entries) - 1)
        whole = _declared_end(source, stream)
        reached = microseconds(end + step, stream) - source.zero_us
        held_us = max(held_us, whole if not missing else min(whole, reached))
    if missing:
        notes.append(
            f"the end of the file is missing: {held_us / 1e6:.1f} s of "
            f"{max(_declared_end(source, one) for one in source.clock_streams) / 1e6:.1f} s "
            "can be read"
        )
    return held_us if total else None


def _length_of_wave(source: Source, notes: list[str]) -> int | None:
    stream = source.audio
    if stream is None or not stream.codec_context.name.startswith("pcm_"):
        return None
    width = stream.codec_context.format.bytes * stream.codec_context.layout.nb_channels
    if stream.codec_context.name in ("pcm_s24le", "pcm_s24be"):
        width = width * 3 // 4
    rate = stream.codec_context.sample_rate
    if not width or not rate or not stream.duration:
        return None
    declared_us = microseconds(stream.duration, stream)
    possible_us = source.size_bytes * 1_000_000 // (width * rate)
    if possible_us + 100_000 < declared_us:
        notes.append(
            f"the end of the file is missing: at most {possible_us / 1e6:.1f} s of "
            f"{declared_us / 1e6:.1f} s can be read"
        )
    return min(declared_us, possible_us)


def _end(source: Source, stream: Stream, timeline: Timeline[Packet[Any]] | None) -> int:
    declared = _declared_end(source, stream)
    if timeline is None:
        return declared
    read = timeline.end_of(stream.index)
    # Packets count an encoder's padding; a declared length that is nearly the same does not.
    exact = not source.may_jump and 0 <= read - declared < _PADDING_US
    return declared if exact else read


def _declared_end(source: Source, stream: Stream) -> int:
    if stream.duration is None:
        return 0
    start = microseconds(stream.start_time or 0, stream) - source.zero_us
    return max(0, start + microseconds(stream.duration, stream))


def _read_through(source: Source, timeline: Timeline[Packet[Any]]) -> None:
    for _ in source.packets([*source.videos, *source.audios], timeline):
        pass


def _about_clock(source: Source, timeline: Timeline[Packet[Any]]) -> list[str]:
    notes = []
    jumps = timeline.stretches[1:]
    if jumps:
        where = ", ".join(_clock(jump.media_us) for jump in jumps[:10])
        more = f" and {len(jumps) - 10} more" if len(jumps) > 10 else ""
        notes.append(
            f"timestamps jump {len(jumps)} time{'s' if len(jumps) > 1 else ''} "
            f"(media time {where}{more}); closed up"
        )
    for stranger in source.strangers:
        notes.append(f"stream {stranger.index} runs on another clock than the rest")
    return notes


def _clock(media_us: int) -> str:
    seconds, rest = divmod(media_us // 1000, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _about_streams(source: Source, ends: dict[int, int], *, complete: bool) -> list[str]:
    notes = []
    for stream in source.container.streams:
        name = _codec(stream)
        if stream.type in ("audio", "video") and name is None:
            notes.append(f"stream {stream.index}: {stream.type} that cannot be decoded, not read")
        elif stream.type == "video" and stream not in source.videos:
            notes.append(f"stream {stream.index}: a cover picture, not video")
        elif stream.type == "audio" and complete and not ends.get(stream.index):
            notes.append(f"stream {stream.index}: sound is announced and none is there")
    return notes


def _codec(stream: Stream) -> str | None:
    return stream.codec_context.codec.canonical_name if stream.codec_context else None


def _facts(source: Source, stream: Stream, ends: dict[int, int]) -> dict[str, Any]:
    kind = stream.type if stream.type in ("video", "audio", "subtitle") else "data"
    if kind == "video" and stream not in source.videos:
        kind = "data"
    start = None
    if stream.start_time is not None:
        start = round((microseconds(stream.start_time, stream) - source.zero_us) / 1000)
    length = (
        None if stream.duration is None else round(microseconds(stream.duration, stream) / 1000)
    )
    if stream.index in ends:
        length = max(0, round(ends[stream.index] / 1000) - (start or 0))
    facts: dict[str, Any] = {
        "index": stream.index,
        "kind": kind,
        "codec": _codec(stream),
        "language": stream.language if stream.language != "und" else None,
        "start_ms": start,
        "duration_ms": length,
        "width": None,
        "height": None,
        "frame_rate": None,
        "sample_rate_hz": None,
        "audio_channels": None,
    }
    if isinstance(stream, VideoStream) and stream.codec_context is not None:
        rate: Fraction | None = stream.average_rate or stream.guessed_rate
        facts["width"], facts["height"] = stream.codec_context.width, stream.codec_context.height
        facts["frame_rate"] = [rate.numerator, rate.denominator] if rate else None
    elif isinstance(stream, AudioStream) and stream.codec_context is not None:
        facts["sample_rate_hz"] = stream.codec_context.sample_rate or None
        facts["audio_channels"] = stream.codec_context.layout.nb_channels or None
    return facts


def _playable(source: Source) -> bool:
    """Whether current browsers play container and codecs, and their clock is media time."""
    if not source.videos and not source.audios:
        return False
    container = _container(source)
    if container not in _PLAYABLE:
        return False
    if container in ("mp4", "webm") and source.zero_us > 100_000:
        return False
    pictures, sounds = _PLAYABLE[container]
    return _all_in(source.audios, sounds) and all(
        _all_in([video], pictures) and video.codec_context.pix_fmt in _PIXELS
        for video in source.videos
    )


def _all_in(streams: Sequence[Stream], codecs: frozenset[str]) -> bool:
    return all(
        stream.codec_context.name in codecs or _codec(stream) in codecs for stream in streams
    )
