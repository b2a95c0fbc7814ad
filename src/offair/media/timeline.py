"""Media time from a file's own timestamps: where its clock jumps, the jump is closed up.

Pure: knows nothing of FFmpeg, so that every rule here can be tested with numbers. Times are
integer microseconds. One `Timeline` sees the packets of the chosen streams in file order and
says for each what to add to its timestamps.

The rules:

* Media time is the file's clock minus its zero, as long as no jump was seen.
* A jump is a decode time more than `FORWARD_US` later than the stream's last one ended, or more
  than `BACKWARD_US` earlier than it began. It starts a new stretch. All streams share a stretch,
  so picture and sound stay together; the stretch is placed so that no stream runs back into what
  it has already said.
* A stream that pauses while another goes on has a hole, not a jump: time goes on.
* Only containers whose clock may break (transport and program streams, chained Ogg) are closed
  up at one second. The others promise one clock, which players follow, so there only nonsense
  is closed up (`ABSURD_US`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

FORWARD_US = 1_000_000
BACKWARD_US = 40_000
ABSURD_US = 6 * 3600 * 1_000_000
_WAIT_US = 2_000_000
_WAIT_PACKETS = 512

Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of unbroken clock. offset_us: what to add to file times to get media time.

    media_us, file_us: where it begins, in media time and in the file's clock.
    """

    offset_us: int
    media_us: int
    file_us: int


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Payload]):
    stream: int
    decode_us: int
    duration_us: int
    payload: Payload


class Timeline(Generic[Payload]):
    """Gives every packet its place in media time.

    zero_us: the file time that is media time 0. may_jump: whether the container's clock may
    break; see the module's rules.
    """

    def __init__(self, zero_us: int, *, may_jump: bool) -> None:
        self._forward_us = FORWARD_US if may_jump else ABSURD_US
        self._backward_us = BACKWARD_US if may_jump else FORWARD_US
        self._stretches = [Stretch(-zero_us, 0, zero_us)]
        self._stretch_of: dict[int, int] = {}
        self._last_us: dict[int, int] = {}
        self._expected_us: dict[int, int] = {}
        self._waiting: list[_Waiting[Payload]] = []
        self._jumped: dict[int, int] = {}
        self._inbox: deque[_Waiting[Payload]] = deque()

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The stretches found so far, in file order; always at least one."""
        return tuple(self._stretches)

    @property
    def end_us(self) -> int:
        """Media time where the last packet seen ends; 0 before the first."""
        ends = (self._media_end(stream) for stream in self._expected_us)
        return max(0, max(ends, default=0))

    def end_of(self, stream: int) -> int:
        """Media time where the last packet seen of one stream ends; 0 before its first."""
        return max(0, self._media_end(stream)) if stream in self._expected_us else 0

    def place(
        self, stream: int, decode_us: int | None, duration_us: int, payload: Payload
    ) -> Iterator[tuple[Payload, int]]:
        """Take the next packet in file order; yield (payload, offset_us) of those now placed.

        decode_us: its decode time in the file's clock, None where the container gives none (it
        then follows the one before). At a jump packets are held back, at most 2 s of them, until
        the other streams have jumped too.
        """
        if decode_us is None:
            decode_us = self._expected_us.get(stream, self._stretches[0].file_us)
        self._inbox.append(_Waiting(stream, decode_us, max(0, duration_us), payload))
        yield from self._drain()

    def finish(self) -> Iterator[tuple[Payload, int]]:
        """End of file: place what is still held back."""
        while self._waiting:
            self._resolve()
            yield from self._drain()

    def _drain(self) -> Iterator[tuple[Payload, int]]:
        while self._inbox:
            packet = self._inbox.popleft()
            breaks = packet.stream not in self._jumped and self._breaks(packet)
            if not self._waiting and (not breaks or self._enter_known(packet)):
                yield self._placed(packet)
            elif self._waiting and not breaks and self._goes_on(packet.stream):
                yield self._placed(packet)
                self._stop_waiting(packet)
            else:
                self._jumped.setdefault(packet.stream, packet.decode_us)
                self._waiting.append(packet)
                self._stop_waiting(packet)

    def _goes_on(self, stream: int) -> bool:
        """Whether a stream still runs on the old clock while others have jumped."""
        return stream in self._expected_us and stream not in self._jumped

    def _stop_waiting(self, packet: _Waiting[Payload]) -> None:
        """Begin the new stretch when every stream has jumped, or the others will not."""
        begun = self._jumped.get(packet.stream, packet.decode_us)
        if (
            all(stream in self._jumped for stream in self._expected_us)
            or abs(packet.decode_us - begun) > _WAIT_US
            or len(self._waiting) >= _WAIT_PACKETS
        ):
            self._resolve()

    def _resolve(self) -> None:
        """Begin a stretch where no stream that jumped runs back into what it has said.

        What was held back is looked at afresh, because it may jump again; its first packet is
        placed in any case, so this comes to an end.
        """
        offset = max(
            self._media_end(stream) - first_us if stream in self._expected_us else -first_us
            for stream, first_us in self._jumped.items()
        )
        begins = min(self._jumped.values())
        self._stretches.append(Stretch(offset, begins + offset, begins))
        for stream, first_us in self._jumped.items():
            self._stretch_of[stream] = len(self._stretches) - 1
            self._last_us[stream] = self._expected_us[stream] = first_us
        self._inbox.extendleft(reversed(self._waiting))
        self._waiting, self._jumped = [], {}

    def _placed(self, packet: _Waiting[Payload]) -> tuple[Payload, int]:
        stream = packet.stream
        index = self._stretch_of.setdefault(stream, len(self._stretches) - 1)
        self._last_us[stream] = packet.decode_us
        self._expected_us[stream] = packet.decode_us + packet.duration_us
        return packet.payload, self._stretches[index].offset_us

    def _breaks(self, packet: _Waiting[Payload]) -> bool:
        stream, decode_us = packet.stream, packet.decode_us
        if stream not in self._expected_us:
            return False
        if decode_us < self._last_us[stream] - self._backward_us:
            return True
        if decode_us <= self._expected_us[stream] + self._forward_us:
            return False
        mine = self._stretch_of[stream]
        return not any(
            other != stream
            and self._stretch_of[other] == mine
            and expected >= decode_us - FORWARD_US
            for other, expected in self._expected_us.items()
        )

    def _enter_known(self, packet: _Waiting[Payload]) -> bool:
        """Enter a stretch that another stream has begun, if it explains this jump."""
        stream, decode_us = packet.stream, packet.decode_us
        end = self._media_end(stream)
        for index in range(self._stretch_of[stream] + 1, len(self._stretches)):
            if abs(decode_us + self._stretches[index].offset_us - end) <= FORWARD_US:
                self._stretch_of[stream] = index
                return True
        return False

    def _media_end(self, stream: int) -> int:
        index = self._stretch_of[stream]
        return self._expected_us[stream] + self._stretches[index].offset_us
