"""Decode a stretch of pictures and sound and write it as MP4: what cuts and proxies share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from av.packet import Packet
from av.video.frame import VideoFrame

from offair.media import sampling
from offair.media.encoding import SOUND_RATE_HZ, Mp4
from offair.media.opening import Source
from offair.media.picturing import Fitter, Pictures
from offair.model.errors import BadInput

_PREROLL_US = 2_000_000
_GOP_BYTES = 256 << 20
_FOREVER_US = 1 << 62


@dataclass(frozen=True, slots=True)
class Look:
    """How large and how good what is written shall be."""

    widest: int
    tallest: int
    quality: int
    preset: str


@dataclass(slots=True)
class _Shown:
    frame: VideoFrame
    at_us: int


class Rendering:
    """Media time [begin_us, end_us) of a source, written to `path`; `begin_us` becomes 0, or the
    end of `after`, a rendering that was run with `more` and whose file this one goes on with.

    A picture on screen when the stretch begins is shown from its beginning; the last is shown
    until its end. Sound is trimmed to the sample. `end_us` None means to the end.
    """

    def __init__(
        self,
        source: Source,
        path: str,
        look: Look,
        *,
        begin_us: int = 0,
        end_us: int | None = None,
        after: Rendering | None = None,
    ) -> None:
        self._source = source
        self._begin_us = begin_us
        self._end_us = _FOREVER_US if end_us is None else end_us
        self._video, self._audio = source.video, source.audio
        self._path, self._look = path, look
        self._layout: str | None = None
        if self._audio is not None:
            channels = self._audio.codec_context.layout.nb_channels
            self._layout = "mono" if channels == 1 or channels > 8 else "stereo"
        self._fitter: Fitter | None = None
        self._pictures: Pictures | None = None
        if self._video is not None:
            self._pictures = Pictures(source, self._video)
            self._video.codec_context.thread_count = 2
            self._video.codec_context.thread_type = "AUTO"
            self._fitter = Fitter(self._video, widest=look.widest, tallest=look.tallest)
        self._samples: sampling.Samples | None = None
        if self._audio is not None and self._layout is not None:
            first = round(begin_us * SOUND_RATE_HZ / 1_000_000)
            self._samples = sampling.Samples(
                self._audio, SOUND_RATE_HZ, self._layout, self._hear, begin=first
            )
        self._last_sample = round(self._end_us * SOUND_RATE_HZ / 1_000_000)
        self._said = round(begin_us * SOUND_RATE_HZ / 1_000_000)
        self._out: Mp4 | None = None
        self._after = after
        self._size: tuple[int, int] | None = None
        self._offset_us: int = after.file_us if after is not None else 0
        self._early = bytearray()
        self._before: _Shown | None = None
        self._pending: _Shown | None = None
        self._group: list[Packet[Any]] = []
        self._group_bytes = 0
        self.pictures = 0
        self._shown_us = 0

    @property
    def has_picture(self) -> bool:
        """Whether any picture was written."""
        return self.pictures > 0

    @property
    def sound_samples(self) -> int:
        """How many samples were written, at `SOUND_RATE_HZ`."""
        return self._said - round(self._begin_us * SOUND_RATE_HZ / 1_000_000)

    @property
    def length_us(self) -> int:
        """How long what was written is."""
        sound_us = self.sound_samples * 1_000_000 // SOUND_RATE_HZ
        return max(sound_us, self._shown_us if self.pictures else 0)

    @property
    def file_us(self) -> int:
        """Where the next stretch begins in the file: this one is filled up to its end."""
        return self._offset_us + self._end_us - self._begin_us

    def run(self, *, more: bool = False) -> None:
        """Do it. The source stands at its beginning, or at a key frame before the stretch.

        more: another stretch follows in the same file, so this one is filled up to its end.
        """
        wanted = [stream for stream in (self._video, self._audio) if stream is not None]
        done: set[int] = set()
        for packet in self._source.packets(wanted):
            if packet.stream_index in done:
                continue
            at_us = _time_of(packet)
            if at_us is not None and at_us >= self._end_us + _PREROLL_US // 4:
                # By decode time: no picture or sound before the end can come from here on.
                done.add(packet.stream_index)
                if len(done) == len(wanted):
                    break
                continue
            if self._video is not None and packet.stream_index == self._video.index:
                self._see_packet(packet, at_us)
            elif at_us is None or at_us >= self._begin_us - _PREROLL_US:
                self._hear_packet(packet)
        self._finish(more=more)

    def _see_packet(self, packet: Packet[Any], at_us: int | None) -> None:
        """Hold a group of pictures back until it is known that it is needed."""
        early = at_us is not None and at_us < self._begin_us
        if early and packet.is_keyframe and _shown_us(packet, at_us or 0) <= self._begin_us:
            self._group, self._group_bytes = [], 0
        self._group.append(packet)
        self._group_bytes += packet.size
        if not early or self._group_bytes > _GOP_BYTES:
            for one in self._group:
                self._decode(one)
            self._group, self._group_bytes = [], 0

    def _decode(self, packet: Packet[Any] | None) -> None:
        if self._pictures is None or self._fitter is None:
            return
        for frame, at_us in self._pictures.of(packet):
            if at_us <= self._begin_us:
                # Only the last picture before the beginning is seen; fitting the others is waste.
                self._before = _Shown(frame, at_us)
                continue
            self._fit_before()
            for ready, ready_us in self._fitter.fit(frame, at_us):
                self._see(ready, ready_us)

    def _fit_before(self) -> None:
        before, self._before = self._before, None
        if before is not None and self._fitter is not None:
            for ready, ready_us in self._fitter.fit(before.frame, before.at_us):
                self._see(ready, ready_us)

    def _see(self, frame: VideoFrame, at_us: int) -> None:
        last, self._pending = self._pending, _Shown(frame, at_us)
        if last is not None and at_us > self._begin_us:
            self._show(last, min(at_us, self._end_us))

    def _show(self, shown: _Shown, until_us: int) -> None:
        begin_us = max(shown.at_us, self._begin_us)
        if begin_us < until_us:
            at_us = begin_us - self._begin_us + self._offset_us
            self._open().show(shown.frame, at_us, until_us - begin_us)
            self.pictures += 1
            self._shown_us = until_us - self._begin_us

    def _hear_packet(self, packet: Packet[Any] | None) -> None:
        if self._audio is None or self._samples is None:
            return
        for frame in sampling.frames_of(self._source, self._audio, packet):
            if self._said < self._last_sample:
                self._samples.take(frame)

    def _hear(self, data: bytes | memoryview, _damaged: bool) -> None:
        width = 8 if self._layout == "stereo" else 4
        room = (self._last_sample - self._said) * width
        data = memoryview(data)[: max(0, room)]
        self._said += len(data) // width
        # A long silence is many samples out of one packet.
        self._source.job.beat(0.0)
        if self._out is None and self._video is not None:
            # The first picture decides the size, so the file cannot be opened before it.
            self._early += data
            if len(self._early) > 30 * SOUND_RATE_HZ * width:
                self._open()
            return
        self._open().say(data)

    def _open(self) -> Mp4:
        if self._out is None:
            rate: Fraction | None = None
            if self._video is not None:
                rate = self._video.average_rate or self._video.guessed_rate
            size = self._fitter.size if self._fitter is not None else None
            before = self._after
            if before is not None and size is not None and size != before._size:
                raise BadInput(
                    f"{self._source.job.name} changes the size of its picture between the spans; "
                    "cut them one by one"
                )
            self._size = size
            self._out = before._out if before is not None else None
            if self._out is None:
                self._out = Mp4(
                    self._path,
                    size=size,
                    rate=rate,
                    layout=self._layout,
                    quality=self._look.quality,
                    preset=self._look.preset,
                )
            self._out.say(bytes(self._early))
            self._early.clear()
        return self._out

    def _finish(self, *, more: bool) -> None:
        for packet in self._group:
            self._decode(packet)
        self._decode(None)
        self._fit_before()
        if self._fitter is not None:
            for frame, at_us in self._fitter.finish():
                self._see(frame, at_us)
        self._hear_packet(None)
        if self._samples is not None:
            self._samples.finish()
        if self._pending is not None:
            self._show(self._pending, self._end_us if more else self._until())
        if not self.pictures and not self.sound_samples:
            return
        if not more:
            self._open().finish()
        elif self._layout is not None:
            width = 8 if self._layout == "stereo" else 4
            self._open().say(bytes(max(0, self._last_sample - self._said) * width))

    def _until(self) -> int:
        """When the last picture goes: with the stretch, or with the sound, or a little later."""
        if self._pending is None:
            return 0
        heard_us = self._said * 1_000_000 // SOUND_RATE_HZ
        return min(self._end_us, max(heard_us, self._pending.at_us + 40_000))


def _time_of(packet: Packet[Any]) -> int | None:
    stamp = packet.dts if packet.dts is not None else packet.pts
    if stamp is None or packet.time_base is None:
        return None
    return round(stamp * packet.time_base * 1_000_000)


def _shown_us(packet: Packet[Any], at_us: int) -> int:
    if packet.pts is None or packet.time_base is None:
        return at_us
    return round(packet.pts * packet.time_base * 1_000_000)
