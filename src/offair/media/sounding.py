"""The operation `sound`: mono float32 at 16 kHz, in blocks, as fast as the desk takes them."""

from __future__ import annotations

from offair.media.child import Job
from offair.media.opening import Source
from offair.media.sampling import Samples, frames_of
from offair.media.wire import BLOCK_MS, SAMPLE_RATE_HZ, SOUND_HEADER, Kind
from offair.model.errors import Corrupt

_BLOCK_BYTES = SAMPLE_RATE_HZ * BLOCK_MS // 1000 * 4


class _Blocks:
    """Cuts samples into blocks of exactly `BLOCK_MS`; only the last is shorter."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._buffer = bytearray()
        self._damaged = False
        self._sent = 0

    def take(self, data: bytes | memoryview, damaged: bool) -> None:
        self._damaged = self._damaged or damaged
        self._buffer += data
        while len(self._buffer) >= _BLOCK_BYTES:
            self._send(bytes(memoryview(self._buffer)[:_BLOCK_BYTES]))
            del self._buffer[:_BLOCK_BYTES]

    def finish(self) -> None:
        if self._buffer:
            self._send(bytes(self._buffer))

    def _send(self, block: bytes) -> None:
        header = SOUND_HEADER.pack(self._sent * BLOCK_MS, self._damaged)
        self._job.send(Kind.SOUND, header + block)
        self._sent += 1
        self._damaged = False


def run(job: Job) -> dict[str, int]:
    """Decode the stream asked for (or the best) from beginning to end.

    Returns how many packets were damaged. Raises `BadInput` (no sound), `Corrupt` (nothing of it
    could be decoded).
    """
    source = Source(job)
    stream = source.audio_stream(job.request["stream"])
    blocks = _Blocks(job)
    samples = Samples(stream, SAMPLE_RATE_HZ, "mono", blocks.take)
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
