"""Copy a stretch of the original streams, packet by packet, into a container that takes them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.packet import Packet
from av.stream import Stream

from offair.media.opening import Source, microseconds

_SOUND_PREROLL_US = 200_000
_SEEK_MARGIN_US = 3_000_000
_LATE_US = 5_000_000
_NEVER_US = 1 << 62
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_MP4_CODECS = frozenset({"h264", "hevc", "av1", "mpeg4", "aac", "mp3", "ac3", "eac3", "alac"})
_MP4 = ("mp4", ".mp4", "video/mp4")
_MATROSKA = ("matroska", ".mkv", "video/x-matroska")
_CONTAINERS = {
    "mpegts": ("mpegts", ".ts", "video/mp2t"),
    "webm": ("webm", ".webm", "video/webm"),
    "matroska": _MATROSKA,
    "wav": ("wav", ".wav", "audio/wav"),
    "mp3": ("mp3", ".mp3", "audio/mpeg"),
    "ogg": ("matroska", ".mka", "audio/x-matroska"),
    "flac": ("matroska", ".mka", "audio/x-matroska"),
}


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy came to. from_us: the source's media time at the copy's media time 0."""

    from_us: int
    suffix: str
    media_type: str


def containers_for(
    source_format: str, codecs: list[str], *, pictures: bool
) -> list[tuple[str, str, str]]:
    """(FFmpeg's muxer, suffix, media type) to try, best first.

    source_format: FFmpeg's demuxer name, `webm` where the file says so. codecs: of the streams.
    """
    if source_format.startswith("mov,") or source_format == "aac":
        wanted = [_MP4] if set(codecs) <= _MP4_CODECS else []
        if pictures and not wanted:
            wanted = [("mov", ".mov", "video/quicktime")]
        if not pictures:
            wanted = [("mp4", ".m4a", "audio/mp4") for _ in wanted]
    elif source_format in _CONTAINERS:
        wanted = [_CONTAINERS[source_format]]
    else:
        wanted = []
    last = _MATROSKA if pictures else ("matroska", ".mka", "audio/x-matroska")
    return [*wanted, *([last] if last not in wanted else [])]


def copy(source: Source, path: str, begin_us: int, end_us: int) -> Copied | str:
    """Copy [begin_us, end_us) of the best video and all sound on its clock, from the key frame.

    Returns what it came to, or why no container takes it.
    """
    streams: list[Stream] = [
        stream
        for stream in (*((source.video,) if source.video else ()), *source.audios)
        if stream not in source.strangers and stream.codec_context is not None
    ]
    if any(stream.index in source.unstamped for stream in streams):
        return "its packets carry no presentation times"
    goal_us = _key_frame(source, streams, begin_us)
    first_us = None if goal_us is None else _first(source, streams, goal_us)
    if goal_us is None or first_us is None:
        return "nothing of them lies before the end of the span"
    stretch = _Stretch(streams, goal_us, first_us, end_us)
    name = source.container.format.name
    if name.startswith("matroska"):
        name = "webm" if source.head.container == "WebM" else "matroska"
    codecs = [stream.codec_context.codec.canonical_name for stream in streams]
    reason = "no container takes them"
    for muxer, suffix, media_type in containers_for(name, codecs, pictures=bool(source.video)):
        try:
            _write(source, stretch, path, muxer)
            return Copied(first_us + _skipped_us(path), suffix, media_type)
        except MemoryError:
            raise
        except (av.FFmpegError, OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
                raise
            reason = f"{muxer} does not take them"
            Path(path).unlink(missing_ok=True)
    return reason


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What is copied. goal_us: from where packets are wanted; first_us: of the first of them."""

    streams: list[Stream]
    goal_us: int
    first_us: int
    end_us: int


def _packets(
    source: Source, streams: list[Stream], to_us: int
) -> Iterator[tuple[Packet[Any], Stream]]:
    """The file again, from a key frame before `to_us` or from its beginning."""
    again = Source(source.job)
    again.within_us = (_NEVER_US, _NEVER_US + 1)
    again.seek(max(0, to_us - _SEEK_MARGIN_US))
    own = {stream.index: again.container.streams[stream.index] for stream in streams}
    for packet in again.packets(list(own.values())):
        if packet.pts is not None:
            if packet.dts is None:
                packet.dts = packet.pts
            yield packet, own[packet.stream_index]


def _key_frame(source: Source, streams: list[Stream], begin_us: int) -> int | None:
    """Media time of the last key frame at or before `begin_us`, or `begin_us` where none is.

    For sound, of a packet a little earlier: the first sound out of a decoder is not whole.
    """
    lead = source.video or (streams[0] if streams else None)
    if lead is None:
        return None
    wanted_us = begin_us if source.video else max(0, begin_us - _SOUND_PREROLL_US)
    found: int | None = None
    for packet, stream in _packets(source, [lead], begin_us):
        at_us = microseconds(packet.pts or 0, stream)
        if at_us <= wanted_us and packet.is_keyframe:
            found = at_us
        if microseconds(packet.dts or 0, stream) > wanted_us:
            break
    return wanted_us if found is None else found


def _first(source: Source, streams: list[Stream], goal_us: int) -> int | None:
    """Media time of the earliest packet that will be copied."""
    first: dict[int, int] = {}
    for packet, stream in _packets(source, streams, goal_us):
        if packet.stream_index not in first and _starts(packet, stream, goal_us):
            first[packet.stream_index] = microseconds(packet.pts or 0, stream)
        late = microseconds(packet.dts or 0, stream) > goal_us + _LATE_US
        if len(first) == len(streams) or (first and late):
            break
    return min(first.values(), default=None)


def _starts(packet: Packet[Any], stream: Stream, goal_us: int) -> bool:
    """Whether a stream may begin with this packet: pictures only with a key frame."""
    if stream.type == "video" and not packet.is_keyframe:
        return False
    return microseconds(packet.pts or 0, stream) >= goal_us


def _write(source: Source, stretch: _Stretch, path: str, muxer: str) -> None:
    begun: dict[int, int] = {}
    done: set[int] = set()
    options = {"write_xing": "0", "id3v2_version": "0"} if muxer == "mp3" else {}
    with av.open(path, "w", format=muxer, container_options=options) as out:
        targets: dict[int, Stream] = {}
        for stream in stretch.streams:
            target = out.add_stream_from_template(stream, opaque=True)
            target.disposition = stream.disposition
            if stream.language:
                target.metadata["language"] = stream.language
            targets[stream.index] = target
        for packet, stream in _packets(source, stretch.streams, stretch.goal_us):
            index = packet.stream_index
            if index in done or packet.pts is None or packet.dts is None:
                continue
            if microseconds(packet.dts, stream) >= stretch.end_us:
                done.add(index)
                if len(done) == len(targets):
                    break
                continue
            if index not in begun:
                if not _starts(packet, stream, stretch.goal_us):
                    continue
                begun[index] = packet.pts
            elif stream.type == "video" and packet.pts < begun[index]:
                # It leans on a picture before the key frame, which is left out.
                continue
            base = stream.time_base or Fraction(1, 1_000_000)
            shift = round(stretch.first_us / 1_000_000 / base)
            packet.pts -= shift
            packet.dts -= shift
            packet.stream = targets[index]
            out.mux(packet)
    if not begun:
        raise ValueError("no packet lies in the span")


def _skipped_us(path: str) -> int:
    """How far a decoder's own delay moves the media time zero of the file just written."""
    with av.open(path) as written:
        streams = [one for one in written.streams if one.type in ("audio", "video")]
        starts = [
            microseconds(one.start_time, one) for one in streams if one.start_time is not None
        ]
        first: dict[int, int] = {}
        for packet in written.demux(streams):
            if packet.pts is not None:
                at_us = microseconds(packet.pts, written.streams[packet.stream_index])
                first.setdefault(packet.stream_index, at_us)
            if len(first) == len(streams):
                break
    return max(0, min(starts) - min(first.values())) if starts and first else 0
