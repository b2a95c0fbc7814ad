"""The operation `closed_captions`: the CEA-608 byte pairs of a video stream or a `c608` track.

Caption bytes are taken from coded pictures without decoding them; where a stream that has some
hides them in another way, or its packets carry no times, its pictures are decoded after all.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

import av
from av.sidedata.sidedata import Type
from av.stream import Stream

from offair.media.child import Job
from offair.media.opening import Source, microseconds
from offair.media.user_data import CARRIERS, length_size, triplets
from offair.media.wire import CAPTION_PAIR, LINE_21, Kind
from offair.model.errors import BadInput

_REORDERED = 32
"""Pictures held back until their order is known: H.264 allows 16 frames, which may be fields."""
_PAIRS_AT_ONCE = 4096
_VALID, _TYPE_BITS = 0x04, 0x03
_FIELD_TYPES = (0, 1)


def run(job: Job) -> dict[str, Any]:
    """Send every pair that says something, by time; the numbers of native services come back.

    Raises `BadInput` where the stream asked for cannot hold CEA-608.
    """
    index = job.request["stream"]
    source = Source(job)
    stream = _stream(source, index)
    if stream.type == "subtitle":
        pairs = _gathered(of_track(source, stream))
    else:
        pairs = _gathered(of_pictures(source, stream))
        if pairs is None:
            source = Source(job)
            pairs = _gathered(of_decoded(source, _stream(source, index)))
    if pairs is None:
        return {"services": []}
    block = _PAIRS_AT_ONCE * CAPTION_PAIR.size
    for start in range(0, len(pairs.packed), block):
        job.send(Kind.CAPTIONS, bytes(pairs.packed[start : start + block]))
    return {"services": sorted(pairs.services.found)}


def _stream(source: Source, index: int | None) -> Stream:
    for stream in source.container.streams:
        if stream.index == index or (index is None and stream is source.video):
            name = codec(stream)
            if name == LINE_21 or (stream.type == "video" and name in CARRIERS):
                return stream
    what = "video" if index is None else f"stream {index}"
    raise BadInput(
        f"the {what} of {source.job.name} cannot hold CEA-608 captions; they stand in "
        f"{', '.join(CARRIERS)} video and in c608 tracks"
    )


def codec(stream: Stream) -> str | None:
    """FFmpeg's canonical name of a stream's codec, None where it knows none."""
    return stream.codec_context.codec.canonical_name if stream.codec_context else None


def of_pictures(source: Source, stream: Stream) -> Iterator[tuple[int | None, bytes]]:
    """(time in µs, triplets) of each coded picture that has some, in the order they are shown.

    A time is None where the packet has none; then nothing follows.
    """
    name = codec(stream) or ""
    size = length_size(name, stream.codec_context.extradata if stream.codec_context else None)
    waiting: list[tuple[int, int, bytes]] = []
    for number, packet in enumerate(source.packets([stream])):
        found = triplets(name, bytes(packet), size)
        if found and packet.pts is None:
            yield None, found
            return
        if packet.pts is not None:
            heapq.heappush(waiting, (microseconds(packet.pts, stream), number, found))
        if len(waiting) > _REORDERED:
            at, _, found = heapq.heappop(waiting)
            yield at, found
    while waiting:
        at, _, found = heapq.heappop(waiting)
        yield at, found


def of_decoded(source: Source, stream: Any) -> Iterator[tuple[int | None, bytes]]:
    """(time in µs, triplets) of each decoded picture that has some."""
    stream.codec_context.options = {"skip_loop_filter": "all"}
    at = 0
    for packet in source.packets([stream]):
        try:
            frames = stream.codec_context.decode(packet)
        except MemoryError:
            raise
        except (av.FFmpegError, OSError):
            source.count_damaged()
            continue
        for frame in frames:
            for data in frame.side_data:
                if data.type == Type.A53_CC:
                    if frame.pts is not None:
                        at = microseconds(frame.pts, stream)
                    yield at, bytes(data)


def of_track(source: Source, stream: Stream) -> Iterator[tuple[int | None, bytes]]:
    """(time in µs, triplets) of each packet of a track of its own."""
    for packet in source.packets([stream]):
        if packet.pts is not None:
            data = bytes(packet)
            yield microseconds(packet.pts, stream), data[: len(data) // 3 * 3]


def _gathered(found: Iterator[tuple[int | None, bytes]]) -> _Pairs | None:
    """All pairs; None where there is nothing, or not all of it has a time."""
    pairs, some = _Pairs(), False
    for at, data in found:
        if at is None:
            return None
        some = some or bool(data)
        pairs.add(at // 1000, data)
    return pairs if some else None


class Services:
    """The numbers of the native CEA-708 services seen (CTA-708, 6: packets and service blocks)."""

    def __init__(self) -> None:
        self.found: set[int] = set()
        self._packet = bytearray()
        self._size = 0

    def take(self, kind: int, first: int, second: int) -> None:
        """One triplet of type 2 (goes on) or 3 (begins a packet)."""
        if kind == 3:
            self._packet.clear()
            self._size = 2 * (first & 0x3F or 64) - 1
            self._packet.append(second)
        elif self._size:
            self._packet += bytes((first, second))
        if self._size and len(self._packet) >= self._size:
            self._read(self._packet[: self._size])
            self._packet.clear()
            self._size = 0

    def _read(self, packet: bytearray) -> None:
        at = 0
        while at < len(packet):
            number, length = packet[at] >> 5, packet[at] & 0x1F
            at += 1
            if number == 7 and length and at < len(packet):
                number = packet[at] & 0x3F
                at += 1
            if not number:
                return
            if length:
                self.found.add(number)
            at += length


def in_triplets(data: bytes, services: Services) -> bool:
    """Whether there is a pair of CEA-608 among triplets, be it empty; `services` takes the rest."""
    found = False
    for start in range(0, len(data) - 2, 3):
        flags, first, second = data[start : start + 3]
        if flags & _VALID and flags & _TYPE_BITS in _FIELD_TYPES:
            found = True
        elif flags & _VALID:
            services.take(flags & _TYPE_BITS, first, second)
    return found


class _Pairs:
    """Pairs packed one after the other. Of a run of empty pairs only the first is kept."""

    def __init__(self) -> None:
        self.services = Services()
        self.packed = bytearray()
        self._empty = [True, True]

    def add(self, at: int, data: bytes) -> None:
        """The triplets of one picture, shown at media time `at`."""
        for start in range(0, len(data) - 2, 3):
            flags, first, second = data[start : start + 3]
            kind = flags & _TYPE_BITS
            if not flags & _VALID:
                continue
            if kind not in _FIELD_TYPES:
                self.services.take(kind, first, second)
                continue
            empty = first & 0x7F == 0 and second & 0x7F == 0
            if not (empty and self._empty[kind]):
                self.packed += CAPTION_PAIR.pack(max(0, at), kind + 1, first, second)
            self._empty[kind] = empty
