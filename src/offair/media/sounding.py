"""The operation `sound`: mono float32 at 16 kHz, in blocks, as fast as the desk takes them."""

from __future__ import annotations

from offair.media.child import Job
from offair.media.opening import Source
from offair.media.sampling import Samples, frames_of
from offair.media.wire import BLOCK_MS, SAMPLE_RATE_HZ, SOUND_HEADER, Kind
from offair.model.errors import Corrupt

_BLOCK_SAMPLES = SAMPLE_RATE_HZ * BLOCK_MS // 1000
_CANCELLED = 0.05
"""A mix with less than this share of its channels' mean power has lost what they say."""


class _Blocks:
    """Cuts samples into blocks of exactly `BLOCK_MS`; only the last is shorter."""

    def __init__(self, job: Job, *, stereo: bool) -> None:
        self._job = job
        self._stereo = stereo
        self._bytes = _BLOCK_SAMPLES * (8 if stereo else 4)
        self._buffer = bytearray()
        self._damaged = False
        self._sent = 0

    def take(self, data: bytes | memoryview, damaged: bool) -> None:
        self._damaged = self._damaged or damaged
        self._buffer += data
        while len(self._buffer) >= self._bytes:
            self._send(bytes(memoryview(self._buffer)[: self._bytes]))
            del self._buffer[: self._bytes]

    def finish(self) -> None:
        if self._buffer:
            self._send(bytes(self._buffer))

    def _send(self, block: bytes) -> None:
        mixed, one, levels = mix(block) if self._stereo else (block, False, (0.0, 0.0))
        header = SOUND_HEADER.pack(self._sent * BLOCK_MS, self._damaged, one, *levels)
        self._job.send(Kind.SOUND, header + mixed)
        self._sent += 1
        self._damaged = False


def mix(block: bytes) -> tuple[bytes, bool, tuple[float, float]]:
    """Two audio channels as one, whether only the louder was taken, and the level of each.

    block: left and right in turn, float32. Channels of opposite phase would cancel each other out,
    and with them what is said; then the louder one stands for both. Levels are RMS, 0…1.
    """
    # numpy takes a good part of a child's start-up time; sound of one channel needs none.
    import numpy

    both = numpy.frombuffer(block, dtype="<f4").reshape(-1, 2).astype(numpy.float32)
    both = numpy.nan_to_num(both, posinf=1.0, neginf=-1.0)
    mixed = both.mean(axis=1, dtype=numpy.float32)
    power = (both.astype(numpy.float64) ** 2).mean(axis=0)
    lost = float((mixed.astype(numpy.float64) ** 2).mean()) < _CANCELLED * float(power.mean())
    if lost:
        mixed = both[:, int(power.argmax())]
    left, right = (float(one) ** 0.5 for one in power)
    return mixed.astype("<f4").tobytes(), lost, (left, right)


def run(job: Job) -> dict[str, int]:
    """Decode the stream asked for (or the best) from beginning to end.

    Returns how many packets were damaged. Raises `BadInput` (no sound), `Corrupt` (nothing of it
    could be decoded).
    """
    source = Source(job)
    stream = source.audio_stream(job.request["stream"])
    stereo = stream.codec_context.layout.nb_channels == 2
    blocks = _Blocks(job, stereo=stereo)
    layout = "stereo" if stereo else "mono"
    samples = Samples(stream, SAMPLE_RATE_HZ, layout, blocks.take)
    heard = False
    for packet in source.packets([stream]):
        before = source.damaged
        for frame in frames_of(source, stream, packet):
            samples.take(frame)
            heard = True
        if source.damaged > before:
            samples.mark_damaged()
    for frame in frames_of(source, stream, None):
        samples.take(frame)
        heard = True
    samples.finish()
    blocks.finish()
    if source.damaged and not heard:
        raise Corrupt(
            f"nothing of the sound of {job.name} could be decoded; it is damaged: fetch it again"
        )
    return {"damaged": source.damaged}
