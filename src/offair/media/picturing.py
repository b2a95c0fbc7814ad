"""Decoded pictures made fit for an encoder: upright, square pixels, one size, 8-bit 4:2:0."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.filter import Graph
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from offair.media.opening import Source

MICROSECONDS = Fraction(1, 1_000_000)
"""The clock pictures carry while they are fitted."""

_WIDEST_PIXEL = 4
_PLAIN_STEP_US = 40_000
_DEEPEST = 64


class Pictures:
    """Decodes one video stream and says when each picture is shown.

    Where the container has no presentation times (AVI, bare H.264), the pictures shown take the
    decode times in turn: decoders change the order of pictures and never their number.
    """

    def __init__(self, source: Source, stream: VideoStream) -> None:
        self._source = source
        self._stream = stream
        base, rate = stream.time_base, stream.average_rate or stream.guessed_rate
        self._tick_us = Fraction(0) if base is None else base * 1_000_000
        self._step_us = round(1_000_000 / rate) if rate else _PLAIN_STEP_US
        self._decode_us: deque[int] = deque(maxlen=_DEEPEST)
        self._next_us = 0

    def of(self, packet: Packet[Any] | None) -> Iterator[tuple[VideoFrame, int]]:
        """(picture, media time in µs) of one packet, in the order shown; None empties the decoder.

        Damage is counted.
        """
        if packet is not None:
            if packet.dts is not None:
                self._next_us = round(packet.dts * self._tick_us)
            self._decode_us.append(self._next_us)
            self._next_us += self._step_us
        try:
            for frame in self._stream.codec_context.decode(packet):
                turn_us = self._decode_us.popleft() if self._decode_us else self._next_us
                if frame.pts is None or self._stream.index in self._source.unstamped:
                    yield frame, turn_us
                else:
                    yield frame, round(frame.pts * self._tick_us)
        except EOFError:
            return
        except MemoryError:
            raise
        except (av.FFmpegError, OSError, ValueError):
            self._source.count_damaged()
            if self._decode_us:
                self._decode_us.popleft()


def fitted(
    width: int, height: int, *, pixel: Fraction, rotation: int, widest: int, tallest: int
) -> tuple[int, int]:
    """The size to encode: pixels made square, turned upright, within bounds, both sides even.

    pixel: width of a pixel over its height. rotation: degrees. Never larger than the source.
    """
    if not Fraction(1, _WIDEST_PIXEL) <= pixel <= _WIDEST_PIXEL:
        pixel = Fraction(1)
    wide, tall = Fraction(width) * pixel, Fraction(height)
    if rotation % 180:
        wide, tall = tall, wide
    share = min(Fraction(1), Fraction(widest) / wide, Fraction(tallest) / tall)
    return max(2, 2 * round(wide * share / 2)), max(2, 2 * round(tall * share / 2))


class Fitter:
    """Runs pictures through FFmpeg's filters; the first one decides the size of all.

    widest, tallest: bounds of the result. pixel_format: of the result.
    """

    def __init__(
        self,
        stream: VideoStream,
        *,
        widest: int,
        tallest: int,
        pixel_format: str = "yuv420p",
        deinterlace: bool = True,
    ) -> None:
        self._pixel = stream.sample_aspect_ratio or Fraction(1)
        self._bounds = (widest, tallest)
        self._format = pixel_format
        self._deinterlace = deinterlace
        self._graph: Graph | None = None
        self._kind: tuple[int, int, str, bool] | None = None
        self.size: tuple[int, int] | None = None

    def fit(self, frame: VideoFrame, at_us: int) -> Iterator[tuple[VideoFrame, int]]:
        """The next picture in; pictures that are ready out, each with its media time in µs."""
        interlaced = self._deinterlace and frame.interlaced_frame
        before = self._kind
        kind = (frame.width, frame.height, frame.format.name, interlaced)
        if before is not None and before[:3] == kind[:3] and before[3]:
            # Once interlaced, always through the same filter: single frames of it are not marked.
            kind = before
        if kind != before:
            yield from self.finish()
            self._build(frame, kind)
        frame.pts, frame.time_base = at_us, MICROSECONDS
        if self._graph is not None:
            self._graph.vpush(frame)
            yield from self._ready()

    def finish(self) -> Iterator[tuple[VideoFrame, int]]:
        """The pictures still inside."""
        if self._graph is not None:
            self._graph.vpush(None)
            yield from self._ready()
            self._graph = None

    def _ready(self) -> Iterator[tuple[VideoFrame, int]]:
        while self._graph is not None:
            try:
                frame = self._graph.vpull()
            except (BlockingIOError, EOFError):
                return
            if frame.pts is not None and frame.time_base is not None:
                yield frame, round(frame.pts * frame.time_base * 1_000_000)

    def _build(self, frame: VideoFrame, kind: tuple[int, int, str, bool]) -> None:
        rotation = frame.rotation
        if self.size is None:
            self.size = fitted(
                frame.width,
                frame.height,
                pixel=self._pixel,
                rotation=rotation,
                widest=self._bounds[0],
                tallest=self._bounds[1],
            )
        graph = Graph()
        nodes = [
            graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=MICROSECONDS,
            )
        ]
        if kind[3]:
            nodes.append(graph.add("yadif", "deint=interlaced"))
        if rotation % 360 == 180:
            nodes += [graph.add("hflip"), graph.add("vflip")]
        elif rotation % 180:
            # FFmpeg counts the turn of the display counter-clockwise.
            nodes.append(graph.add("transpose", "cclock" if rotation % 360 == 90 else "clock"))
        nodes.append(graph.add("scale", f"{self.size[0]}:{self.size[1]}"))
        nodes.append(graph.add("setsar", "1"))
        nodes.append(graph.add("format", self._format))
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes).configure()
        self._graph, self._kind = graph, kind
