"""Write H.264 and AAC into MP4, from pictures and samples that carry media time."""

from __future__ import annotations

from fractions import Fraction

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

TICKS_HZ = 90_000
"""Clock of the pictures written."""

SOUND_RATE_HZ = 48_000
"""Rate of the sound written."""

_PLAIN_RATE = Fraction(25)
_FASTEST_RATE = 120
_FRAME_SAMPLES = 1024


class Mp4:
    """An MP4 being written, its index at the front; whole only after `finish`.

    size: of the pictures, None for sound only. rate: about how many pictures a second there are.
    layout: `mono` or `stereo`, None for no sound. quality: x264's constant rate factor.
    """

    def __init__(
        self,
        path: str,
        *,
        size: tuple[int, int] | None,
        rate: Fraction | None,
        layout: str | None,
        quality: int,
        preset: str,
    ) -> None:
        self._container = av.open(
            path, "w", format="mp4", container_options={"movflags": "+faststart"}
        )
        self._video: VideoStream | None = None
        self._audio: AudioStream | None = None
        if size is not None:
            plain = rate is None or not 1 <= rate <= _FASTEST_RATE
            self._video = self._container.add_stream(
                "libx264",
                rate=_PLAIN_RATE if plain else rate,
                options={"preset": preset, "crf": str(quality), "threads": "2"},
            )
            self._video.codec_context.time_base = Fraction(1, TICKS_HZ)
            self._video.width, self._video.height = size
            self._video.pix_fmt = "yuv420p"
            self._video.gop_size = 250 if plain or rate is None else max(12, round(2 * rate))
        if layout is not None:
            self._audio = self._container.add_stream(
                "aac",
                rate=SOUND_RATE_HZ,
                layout=layout,
                bit_rate=96_000 if layout == "mono" else 160_000,
            )
        self._layout = layout or "mono"
        self._width = 8 if layout == "stereo" else 4
        self._samples = bytearray()
        self._sample = 0
        self._last_ticks = -1

    def show(self, frame: VideoFrame, at_us: int, duration_us: int) -> None:
        """One picture, from when and how long it is shown. In order."""
        ticks = round(at_us * TICKS_HZ / 1_000_000)
        if self._video is None or ticks <= self._last_ticks:
            return
        self._last_ticks = ticks
        frame.pts, frame.time_base = ticks, Fraction(1, TICKS_HZ)
        frame.duration = max(1, round(duration_us * TICKS_HZ / 1_000_000))
        # The decoder's key frames are not ours.
        frame.pict_type = 0
        for packet in self._video.encode(frame):
            self._container.mux(packet)

    def say(self, data: bytes | memoryview) -> None:
        """The next samples: packed float32 at `SOUND_RATE_HZ`, in this file's layout."""
        self._samples += data
        step = _FRAME_SAMPLES * self._width
        whole = len(self._samples) // step * step
        for position in range(0, whole, step):
            self._encode(bytes(memoryview(self._samples)[position : position + step]))
        del self._samples[:whole]

    def _encode(self, data: bytes) -> None:
        if self._audio is None or not data:
            return
        frame = AudioFrame(format="flt", layout=self._layout, samples=len(data) // self._width)
        frame.planes[0].update(data.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = SOUND_RATE_HZ
        frame.pts, frame.time_base = self._sample, Fraction(1, SOUND_RATE_HZ)
        self._sample += frame.samples
        for packet in self._audio.encode(frame):
            self._container.mux(packet)

    def finish(self) -> None:
        """Write what the encoders still hold, and the index. Without it there is no file."""
        self._encode(bytes(self._samples))
        for stream in (self._video, self._audio):
            if stream is not None:
                for packet in stream.encode(None):
                    self._container.mux(packet)
        self._container.close()
