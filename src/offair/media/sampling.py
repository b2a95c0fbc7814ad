"""Decode one audio stream to samples that stand where media time says. Runs in the child.

FFmpeg's decoders apply edit lists, encoder delay and padding; what they hand out carries media
time already (`Source.packets`). Here it becomes one unbroken row of samples:

* sample n stands at n / rate seconds; silence is put where there is no sound (the stream starts
  late, or has a hole);
* a deviation of up to 40 ms between timestamps and samples counted is jitter: straight on;
* sound that would overlap what was said already is left out, and the block says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.packet import Packet

from offair.media.opening import Source

_TOLERANCE_MS = 40
_ZEROS = bytes(1 << 18)

Sink = Callable[[bytes | memoryview, bool], None]


def frames_of(
    source: Source, stream: AudioStream, packet: Packet[Any] | None
) -> Iterator[AudioFrame]:
    """The frames of one packet; None empties the decoder."""
    try:
        yield from stream.codec_context.decode(packet)
    except EOFError:
        return
    except MemoryError:
        raise
    except (av.FFmpegError, OSError, ValueError):
        source.count_damaged()


class Samples:
    """Puts decoded frames in their place and hands out packed float32 samples.

    stream: whose frames will come. rate_hz: of what is handed out. layout: `mono` or `stereo`.
    begin: the first sample wanted; sound before it is skipped. sink: takes
    (samples as bytes, whether something is missing).
    """

    def __init__(
        self, stream: AudioStream, rate_hz: int, layout: str, sink: Sink, *, begin: int = 0
    ) -> None:
        base = stream.time_base
        # Whole numbers throughout: this runs for every frame of a file.
        self._num, self._den = (base.numerator, base.denominator) if base else (0, 1)
        self.position = begin
        self._rate = rate_hz
        self._layout = layout
        self._width = 8 if layout == "stereo" else 4
        self._sink = sink
        self._resampler: AudioResampler | None = None
        self._skip = 0
        self._run_start = 0
        self._taken = 0
        self._kind: tuple[str, str, int] | None = None
        self._damaged = False

    def take(self, frame: AudioFrame) -> None:
        """The next decoded frame, its timestamp in media time."""
        if frame.samples <= 0 or frame.sample_rate <= 0:
            return
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        expected = self._run_start
        if self._kind is not None:
            expected += self._taken * self._rate // self._kind[2]
        start = expected
        if frame.pts is not None and self._num:
            start = (2 * frame.pts * self._num * self._rate + self._den) // (2 * self._den)
        apart = abs(start - expected) * 1000 > _TOLERANCE_MS * self._rate
        if self._resampler is None or apart or kind != self._kind:
            follows = self._resampler is not None and not apart
            self.finish()
            self._begin(expected if follows else start, kind, heard=self._kind is not None)
        self._taken += frame.samples
        for made in self._resampled(frame):
            self._put(made)

    def mark_damaged(self) -> None:
        """Something before the next sample could not be decoded."""
        self._damaged = True

    def finish(self) -> None:
        """Hand out what the resampler still holds."""
        if self._resampler is not None:
            for made in self._resampled(None):
                self._put(made)
            self._resampler = None

    def fill_to(self, position: int) -> None:
        """Silence up to a sample position, if it lies ahead."""
        while self.position < position:
            count = min(position - self.position, self._rate, len(_ZEROS) // self._width)
            self._hand_out(memoryview(_ZEROS)[: count * self._width])

    def _begin(self, start: int, kind: tuple[str, str, int], *, heard: bool) -> None:
        self._run_start = start
        self._taken = 0
        self._kind = kind
        if heard and abs(self.position - start) > self._rate // 1000:
            self._damaged = True
        self.fill_to(self._run_start)
        self._skip = self.position - self._run_start
        self._resampler = AudioResampler(format="flt", layout=self._layout, rate=self._rate)

    def _resampled(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        if self._resampler is None:
            return
        if frame is not None:
            # The graph reads only order from it; a time that jumps would make it complain.
            frame.pts = None
            if not _is_known(frame):
                frame = as_stereo(frame) if frame.layout.nb_channels == 2 else averaged(frame)
        for made in self._resampler.resample(frame):
            if made is not None:
                yield made

    def _put(self, made: AudioFrame) -> None:
        data = memoryview(made.planes[0])[: made.samples * self._width]
        if self._skip > 0:
            skipped = min(self._skip, made.samples)
            self._skip -= skipped
            data = data[skipped * self._width :]
        if data:
            self._hand_out(data)

    def _hand_out(self, data: memoryview) -> None:
        damaged, self._damaged = self._damaged, False
        self.position += len(data) // self._width
        self._sink(data, damaged)


def _is_known(frame: AudioFrame) -> bool:
    """Whether FFmpeg knows where the channels stand, and so how to mix them."""
    return frame.layout.nb_channels <= 8 and " channels" not in frame.layout.name


def as_stereo(frame: AudioFrame) -> AudioFrame:
    """Two channels that do not say where they stand, as left and right."""
    result = AudioFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name, layout="stereo")
    result.sample_rate = frame.sample_rate
    return result


def averaged(frame: AudioFrame) -> AudioFrame:
    """One channel, the mean of all: for layouts FFmpeg has no mixing rule for."""
    # numpy takes half the start-up time of a child and few files have such sound.
    import numpy

    data = frame.to_ndarray()
    channels = frame.layout.nb_channels
    if not frame.format.is_planar:
        data = data.reshape(-1, channels).T
    mixed = data.astype(numpy.float64)
    if data.dtype == numpy.uint8:
        mixed = (mixed - 128.0) / 128.0
    elif data.dtype.kind == "i":
        mixed /= float(2 ** (8 * data.dtype.itemsize - 1))
    mean = numpy.ascontiguousarray(mixed.mean(axis=0, keepdims=True), dtype=numpy.float32)
    result = AudioFrame.from_ndarray(mean, format="fltp", layout="mono")
    result.sample_rate = frame.sample_rate
    return result
