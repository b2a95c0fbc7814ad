"""The operation `peaks`: lowest and highest sample of every short bucket. Runs in the child."""

from __future__ import annotations

from typing import Any

from av.audio.stream import AudioStream
from av.packet import Packet

from offair.media.child import Job
from offair.media.opening import Source
from offair.media.peaks import MOST_SECONDS
from offair.media.sampling import Samples, frames_of
from offair.media.wire import SAMPLE_RATE_HZ, Kind
from offair.model.errors import Corrupt

_SENT_AT_ONCE = 1 << 16
_SECONDS_AT_ONCE = 4


class _Fold:
    """The peaks of one stream: of two channels the lower of the lowest, the higher of the highest,
    so that channels of opposite phase do not look like silence."""

    def __init__(self, job: Job, stream: AudioStream, per_second: int) -> None:
        layout = "stereo" if stream.codec_context.layout.nb_channels == 2 else "mono"
        self._job = job
        self._in_bucket = SAMPLE_RATE_HZ // per_second * (2 if layout == "stereo" else 1)
        self._most = 2 * MOST_SECONDS * per_second
        self._at_once = 4 * self._in_bucket * per_second * _SECONDS_AT_ONCE
        self._buffer = bytearray()
        self.stream = stream
        self.samples = Samples(stream, SAMPLE_RATE_HZ, layout, self._take)
        self.pairs = bytearray()
        self.heard = False

    def _take(self, data: bytes | memoryview, _damaged: bool) -> None:
        self._buffer += data
        if len(self._buffer) >= self._at_once:
            self._fold(len(self._buffer) // (4 * self._in_bucket))

    def finish(self) -> None:
        """Fold what is left; a bucket that is not full counts as one."""
        self.samples.finish()
        full, rest = divmod(len(self._buffer), 4 * self._in_bucket)
        if full:
            self._fold(full)
        if rest:
            # The last bucket is filled up with what it already holds.
            last = bytes(self._buffer[-4:])
            self._buffer += last * (self._in_bucket - len(self._buffer) // 4)
            self._fold(1)

    def _fold(self, buckets: int) -> None:
        # numpy takes a good part of a child's start-up time: only where there is sound.
        import numpy

        size = 4 * self._in_bucket * buckets
        sound = numpy.frombuffer(bytes(self._buffer[:size]), dtype="<f4").reshape(buckets, -1)
        del self._buffer[:size]
        sound = numpy.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0)
        low = numpy.floor(numpy.clip(sound.min(axis=1), -1, 1) * 127)
        high = numpy.ceil(numpy.clip(sound.max(axis=1), -1, 1) * 127)
        pairs = numpy.stack((low, high), axis=1).astype(numpy.int8)
        self.pairs += pairs.tobytes()
        if len(self.pairs) > self._most:
            raise Corrupt(
                f"{self._job.name} says that its sound lasts more than {MOST_SECONDS // 86_400} "
                "days; it is damaged or hostile"
            )


def run(job: Job) -> dict[str, int]:
    """Send the peaks of the streams asked for (or the best), drawn over each other.

    Returns how many packets were damaged. Raises `BadInput` (no sound), `Corrupt` (nothing of it
    could be decoded, or it claims to be endless).
    """
    source = Source(job)
    wanted = list(dict.fromkeys(job.request["streams"])) or [None]
    per_second = job.request["per_second"]
    folds = [_Fold(job, source.audio_stream(index), per_second) for index in wanted]
    by_index = {fold.stream.index: fold for fold in folds}
    for packet in source.packets([fold.stream for fold in folds]):
        _decode(source, by_index[packet.stream_index], packet)
    for fold in folds:
        _decode(source, fold, None)
        fold.finish()
    if source.damaged and not any(fold.heard for fold in folds):
        raise Corrupt(
            f"nothing of the sound of {job.name} could be decoded; it is damaged: fetch it again"
        )
    pairs = _over_each_other([bytes(fold.pairs) for fold in folds])
    for at in range(0, len(pairs), _SENT_AT_ONCE):
        job.send(Kind.PEAKS, pairs[at : at + _SENT_AT_ONCE])
    return {"damaged": source.damaged}


def _decode(source: Source, fold: _Fold, packet: Packet[Any] | None) -> None:
    for frame in frames_of(source, fold.stream, packet):
        fold.samples.take(frame)
        fold.heard = True


def _over_each_other(drawn: list[bytes]) -> bytes:
    """The lower of the lowest, the higher of the highest; the longest gives the length."""
    if len(drawn) == 1:
        return drawn[0]
    import numpy

    length = max(len(one) for one in drawn) // 2
    low, high = numpy.full(length, 127, numpy.int8), numpy.full(length, -127, numpy.int8)
    for one in drawn:
        pairs = numpy.frombuffer(one, numpy.int8).reshape(-1, 2)
        low[: len(pairs)] = numpy.minimum(low[: len(pairs)], pairs[:, 0])
        high[: len(pairs)] = numpy.maximum(high[: len(pairs)], pairs[:, 1])
    return numpy.stack((low, high), axis=1).tobytes()
