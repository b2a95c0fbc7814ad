"""Open a media file in the child: one descriptor, known containers, one clock.

FFmpeg reads from the descriptor it was given (`fd:`), the only protocol it may use, with a list
of containers that hold sound and pictures themselves. A playlist that points elsewhere, whatever
its name, is refused before FFmpeg sees it and would be refused again by both lists.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from offair.media.child import Job
from offair.media.sniffing import look_at
from offair.media.timeline import Timeline
from offair.model.errors import BadInput, Corrupt

FORMATS = (
    "aac ac3 aiff amr amrnb amrwb ape asf au avi caf dts dtshd dv eac3 flac flv gxf h264 hevc ivf "
    "loas lxf m4v matroska mjpeg mov mp3 mpc mpc8 mpeg mpegts mpegvideo mxf nut obu ogg oma rm "
    "truehd tta voc w64 wav webm wtv wv"
)
"""FFmpeg's names of the containers the desk opens: none of them reads another file."""

_OPTIONS = {
    "protocol_whitelist": "fd",
    "format_whitelist": FORMATS.replace(" ", ","),
    "probesize": "10000000",
    "analyzeduration": "10000000",
}
_CLOCK_MAY_BREAK = 0x0200
"""FFmpeg's AVFMT_TS_DISCONT among a container's flags."""

_SAME_CLOCK_US = 60_000_000
_MANY_DAMAGED = 200


def microseconds(ticks: int, stream: Stream) -> int:
    """A time in a stream's ticks as µs."""
    base = stream.time_base
    return 0 if base is None else round(ticks * 1_000_000 * base)


def _is_picture(stream: Stream) -> bool:
    """Cover art is a still picture beside the sound, not video."""
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


class Source:
    """An open media file.

    container: FFmpeg's. video: the best video stream or None. audio: the best audio stream or
    None. zero_us: the file time that is media time 0: the earliest presentation timestamp of the
    best streams and of every other audio stream on their clock. damaged: packets that could
    not be read or decoded so far. within_us: the media time that is wanted, where that and not
    the place in the file says how far the work is. unstamped: streams of which some packets came
    without a presentation time (AVI, bare H.264).
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.head = look_at(job.descriptor)
        self.size_bytes = os.fstat(job.descriptor).st_size
        if self.head.refusal is not None:
            raise BadInput(f"{job.name} {self.head.refusal}")
        self.container = self._open()
        self.damaged = 0
        self.within_us: tuple[int, int] | None = None
        self.unstamped: set[int] = set()
        if self.container.format.name == "avi":
            # It stores the order of decoding only; FFmpeg makes presentation times up.
            self.unstamped |= {stream.index for stream in self.container.streams.video}
        streams = self.container.streams
        self.videos = tuple(
            stream
            for stream in streams.video
            if stream.codec_context is not None and not _is_picture(stream)
        )
        self.audios = tuple(stream for stream in streams.audio if stream.codec_context is not None)
        best_video, best_audio = streams.best("video"), streams.best("audio")
        self.video: VideoStream | None = next(
            (one for one in self.videos if best_video and one.index == best_video.index),
            self.videos[0] if self.videos else None,
        )
        self.audio: AudioStream | None = next(
            (one for one in self.audios if best_audio and one.index == best_audio.index),
            self.audios[0] if self.audios else None,
        )
        self.may_jump = bool(self.container.format.flags & _CLOCK_MAY_BREAK)
        self.strangers: tuple[Stream, ...] = ()
        self.zero_us = self._zero()

    def _open(self) -> InputContainer:
        job = self.job
        if self.head.cut_short is not None:
            # FFmpeg would read what the index still names and leave out the other streams.
            raise Corrupt(f"{job.name} {self.head.cut_short}")
        # Its position is shared by everything that read from it before.
        os.lseek(job.descriptor, 0, os.SEEK_SET)
        try:
            return av.open(
                "fd:",
                container_options={**_OPTIONS, "fd": str(job.descriptor)},
                metadata_errors="replace",
            )
        except MemoryError:
            raise
        except (av.FFmpegError, OSError) as error:
            if self.head.container is not None:
                raise Corrupt(
                    f"{job.name} begins like {self.head.container} but cannot be opened; it is "
                    "damaged: fetch or copy it again"
                ) from error
            raise BadInput(
                f"{job.name} is not a media file the desk knows; give sound or video "
                "(MP4, MOV, MKV, WebM, TS, MPEG, MXF, AVI, WAV, MP3, AAC, FLAC, Ogg …)"
            ) from error

    def _zero(self) -> int:
        starts = {
            stream.index: microseconds(stream.start_time, stream)
            for stream in (*((self.video,) if self.video else ()), *self.audios)
            if stream.start_time is not None
        }
        best = self.video or self.audio
        if best is None or not starts:
            return 0
        near = starts.get(best.index, min(starts.values()))
        self.strangers = tuple(
            stream
            for stream in self.audios
            if abs(starts.get(stream.index, near) - near) > _SAME_CLOCK_US
        )
        return min(start for start in starts.values() if abs(start - near) <= _SAME_CLOCK_US)

    @property
    def clock_streams(self) -> tuple[Stream, ...]:
        """The streams whose timestamps make the time line: best video, best audio."""
        return tuple(stream for stream in (self.video, self.audio) if stream is not None)

    def audio_stream(self, index: int | None) -> AudioStream:
        """The audio stream asked for, or the best. Raises `BadInput` where there is none."""
        if index is None:
            if self.audio is None:
                raise BadInput(
                    f"{self.job.name} has no sound; only its pictures and captions can be used"
                )
            return self.audio
        for stream in self.audios:
            if stream.index == index:
                return stream
        kinds = ", ".join(f"{one.index} {one.type}" for one in self.container.streams)
        raise BadInput(
            f"stream {index} of {self.job.name} is not sound that can be decoded; "
            f"its streams are: {kinds or 'none'}"
        )

    def timeline(self) -> Timeline[Packet[Any]]:
        """A fresh time line for one pass over the file."""
        return Timeline(self.zero_us, may_jump=self.may_jump)

    def packets(
        self, wanted: Sequence[Stream], timeline: Timeline[Packet[Any]] | None = None
    ) -> Iterator[Packet[Any]]:
        """The packets of the streams wanted, in file order, their timestamps in media time.

        What of the file cannot be read is counted in `damaged`. Says that work goes on.
        """
        timeline = timeline or self.timeline()
        read = {stream.index: stream for stream in wanted}
        if self.may_jump:
            read |= {stream.index: stream for stream in self.clock_streams}
        names = {stream.index for stream in wanted}
        clock = {index: _Clock(stream) for index, stream in read.items()}
        for stream in self.container.streams:
            # Containers with an index then skip the bytes of what nobody asked for.
            stream.discard = Discard.default if stream.index in read else Discard.all
        packets = self.container.demux(list(read.values()))
        while True:
            try:
                packet = next(packets, None)
            except MemoryError:
                raise
            except (av.FFmpegError, OSError):
                self.damaged += 1
                break
            if packet is None:
                break
            if packet.size == 0 and packet.pts is None and packet.dts is None:
                continue
            position = packet.pos
            self.job.beat(self._share(position or 0, timeline))
            if packet.pts is None:
                self.unstamped.add(packet.stream_index)
            if packet.is_corrupt:
                self.damaged += 1
            for placed, offset_us in _place(timeline, packet, clock[packet.stream_index]):
                if placed.stream_index in names:
                    yield clock[placed.stream_index].move(placed, offset_us)
        for placed, offset_us in timeline.finish():
            if placed.stream_index in names:
                yield clock[placed.stream_index].move(placed, offset_us)

    def _share(self, position: int, timeline: Timeline[Packet[Any]]) -> float:
        if self.within_us is None:
            return position / self.size_bytes
        begin_us, end_us = self.within_us
        return (timeline.end_us - begin_us) / max(1, end_us - begin_us)

    def count_damaged(self) -> None:
        """One more packet could not be decoded. Raises `Corrupt` when nothing else comes."""
        self.damaged += 1

    def seek(self, media_us: int) -> bool:
        """Go to a key frame at or before a media time; False where only reading on can get there.

        Only containers with an index of their own and one clock are trusted to land right.
        """
        stream = self.video or self.audio
        exact = self.head.container in ("MP4 or MOV", "Matroska", "WebM", "WAV")
        if stream is None or not exact or self.head.fragmented or stream.time_base is None:
            return False
        try:
            self.container.seek(
                int((media_us + self.zero_us) / 1_000_000 / stream.time_base), stream=stream
            )
        except (av.FFmpegError, OSError):
            return False
        return True


class _Clock:
    """One stream's ticks. Whole numbers throughout: this runs for every packet of a file."""

    def __init__(self, stream: Stream) -> None:
        base = stream.time_base
        self._num, self._den = (base.numerator, base.denominator) if base else (1, 1_000_000)
        self._offset_us = 0
        self._ticks = 0
        # A caption track speaks now and then: it follows the time line and never makes it.
        self.makes_time = stream.type in ("audio", "video")

    def microseconds(self, ticks: int) -> int:
        return (2_000_000 * ticks * self._num + self._den) // (2 * self._den)

    def move(self, packet: Packet[Any], offset_us: int) -> Packet[Any]:
        """The packet with its timestamps in media time."""
        if offset_us != self._offset_us:
            self._offset_us = offset_us
            self._ticks = round(offset_us * self._den / (1_000_000 * self._num))
        if self._ticks:
            if packet.pts is not None:
                packet.pts += self._ticks
            if packet.dts is not None:
                packet.dts += self._ticks
        return packet


def _place(
    timeline: Timeline[Packet[Any]], packet: Packet[Any], clock: _Clock
) -> Iterator[tuple[Packet[Any], int]]:
    if not clock.makes_time:
        return iter(((packet, timeline.stretches[-1].offset_us),))
    stamp = packet.dts
    if stamp is None:
        stamp = packet.pts
    return timeline.place(
        packet.stream_index,
        None if stamp is None else clock.microseconds(stamp),
        clock.microseconds(packet.duration or 0),
        packet,
    )
