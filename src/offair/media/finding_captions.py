"""Where the captions of a file are, which of them can be read, and which not, in words."""

from __future__ import annotations

from typing import Any

import av
from av.sidedata.sidedata import Type
from av.stream import Discard, Stream

from offair.media.captioning import READABLE
from offair.media.child import Job
from offair.media.closed_captioning import (
    Services,
    codec,
    in_triplets,
    of_pictures,
)
from offair.media.opening import Source
from offair.media.user_data import CARRIERS, length_size, triplets
from offair.media.wire import CEA_608, LINE_21

_PICTURES = 600
_DECODED = 90
_LOOK_US = 10_000_000
_LOOKS = 120
_PICTURES_A_LOOK = 48
_PICTURE_CODECS = {
    "dvbsub": "DVB subtitles",
    "dvb_subtitle": "DVB subtitles",
    "pgssub": "PGS subtitles",
    "hdmv_pgs_subtitle": "PGS subtitles",
    "dvdsub": "DVD subtitles",
    "dvd_subtitle": "DVD subtitles",
    "xsub": "DivX subtitles",
}


def about_captions(job: Job) -> list[str]:
    """One sentence for each thing about captions that an editor should know.

    On containers of its own, so that what is read here leaves the probe's untouched.
    """
    source = Source(job)
    notes = [
        said for stream in source.container.streams if (said := _about_track(stream)) is not None
    ]
    notes += _in_data(job)
    video = source.video
    if video is not None and codec(video) in CARRIERS:
        notes += _in_pictures(job, source, video)
    return notes


def _about_track(stream: Stream) -> str | None:
    name = codec(stream)
    if stream.type != "subtitle":
        return None
    language = stream.language or "und"
    which = f"track {stream.index} (language {language})"
    if name == LINE_21:
        return f"{CEA_608} caption track {stream.index} (language {language})"
    if name in READABLE:
        return None
    if name in _PICTURE_CODECS:
        return f"{_PICTURE_CODECS[name]} are in {which} as pictures and are not read"
    # What FFmpeg's build has no decoder for (teletext, ARIB) it cannot name either.
    what = f"captions of the kind {name}" if name else "captions of a kind without a decoder here"
    return f"{what} (teletext is one) are in {which} and are not read"


def _in_data(job: Job) -> list[str]:
    """Caption tracks of MP4 that FFmpeg takes for data (ISO/IEC 14496-30), told by their bytes."""
    source = Source(job)
    data = {one.index: one for one in source.container.streams if one.type == "data"}
    if not data:
        return []
    kinds: dict[int, str] = {}
    wanted = [*data.values(), *([source.video] if source.video else [])]
    for number, packet in enumerate(source.packets(wanted)):
        head = bytes(packet)[:64] if packet.stream_index in data else b""
        if head[4:8] in (b"vttc", b"vtte"):
            kinds.setdefault(packet.stream_index, "WebVTT")
        elif head.lstrip().startswith((b"<?xml", b"<tt")):
            kinds.setdefault(packet.stream_index, "TTML")
        if number >= _PICTURES:
            break
    return [
        f"{kind} captions are in track {index} (language {data[index].language or 'und'}) and are "
        "not read: FFmpeg knows them only as data; give them as a file beside the media"
        for index, kind in kinds.items()
    ]


def _in_pictures(job: Job, source: Source, video: Stream) -> list[str]:
    """CEA-608 and CEA-708 lie inside the pictures: look into the first of them, and where there is
    nothing, further on; captions may begin after the adverts."""
    found, more = False, False
    services = Services()
    for number, (at, data) in enumerate(of_pictures(source, video)):
        found = in_triplets(data, services) or found
        more = at is not None and number >= _PICTURES
        if at is None or more or (found and services.found):
            break
    if more and not found:
        found = _further_on(job, video.index, services)
    notes = []
    if not found:
        found, trouble = _in_decoded(job, video.index, services)
        notes += [trouble] if trouble else []
    if found:
        notes.append(f"{CEA_608} video")
    if services.found:
        numbers = ", ".join(str(one) for one in sorted(services.found))
        notes.append(
            f"native CEA-708 captions (service {numbers}; language not said) are in the video and "
            "are not read"
        )
    return notes


def _further_on(job: Job, index: int, services: Services) -> bool:
    """Whether CEA-608 begins later: a few pictures of every ten seconds, or, in a long file, at as
    many places as bound the time; every picture where the container cannot be sought in."""
    source = Source(job)
    video = next(one for one in source.videos if one.index == index)
    name = codec(video) or ""
    size = length_size(name, video.codec_context.extradata if video.codec_context else None)
    for stream in source.container.streams:
        stream.discard = Discard.default if stream.index == index else Discard.all
    length = source.container.duration or 0
    looks = min(_LOOKS, length // _LOOK_US + 1)
    for look in range(1, looks + 1):
        # In the middle of each part: adverts stand at the ends of a broadcast.
        at = (source.container.start_time or 0) + length * (2 * look - 1) // (2 * looks)
        try:
            source.container.seek(at)
            sought = length > 0
        except (av.FFmpegError, OSError):
            sought = False
        try:
            for seen, packet in enumerate(source.container.demux([video])):
                job.beat(look / looks)
                if in_triplets(triplets(name, bytes(packet), size), services):
                    return True
                if sought and seen >= _PICTURES_A_LOOK:
                    break
        except MemoryError:
            raise
        except (av.FFmpegError, OSError):
            source.count_damaged()
        if not sought:
            break
    return False


def _in_decoded(job: Job, index: int, services: Services) -> tuple[bool, str | None]:
    source = Source(job)
    stream: Any = next(one for one in source.videos if one.index == index)
    stream.codec_context.thread_count = 1
    frames = 0
    try:
        for packet in source.packets([stream]):
            for frame in stream.codec_context.decode(packet):
                for data in frame.side_data:
                    if data.type == Type.A53_CC and in_triplets(bytes(data), services):
                        return True, None
                frames += 1
            if frames >= _DECODED:
                break
    except MemoryError:
        return False, "the pictures are too large to be decoded with the memory allowed"
    except (av.FFmpegError, OSError):
        return False, "the first pictures cannot be decoded"
    return False, None
