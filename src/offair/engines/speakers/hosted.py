"""The diariser in a process of its own: what the desk calls, and what the process answers.

The sound goes to the process block by block and is never held whole on this side. See
`offair.engines.hosting`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from offair.engines.hosting import Hosted
from offair.engines.hosting.frames import engine_facts, read_engine
from offair.engines.hosting.host import Host
from offair.model.time import Span
from offair.model.transcript import Engine, VoiceSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from offair.engines.speakers import Diariser


class HostedDiariser:
    """Fulfils `DiariserCalls`; made by `offair.engines.speakers.open_hosted`."""

    def __init__(
        self,
        implementation: str,
        settings: Mapping[str, str | int | float | bool | None],
        time_limit_s: float,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        hosted = Hosted("diariser", implementation, settings, f"{__name__}:Serving", time_limit_s)
        self._host = Host(hosted, 1, notice)

    @property
    def engine(self) -> Engine:
        """What the diariser says it is; waits until it is loaded. Raises as it raised."""
        return read_engine(self._host.described["engine"])

    @property
    def usable(self) -> bool:
        """False once it is closed or its process died again and again."""
        return self._host.usable

    def diarise(
        self,
        sound: Iterable[NDArray[np.float32]],
        *,
        speakers: int | None = None,
        label: str = "a recording",
    ) -> tuple[VoiceSpan, ...]:
        """Who speaks when in one sound; see `DiariserCalls.diarise`."""
        blocks = (block.astype("<f4", copy=False).tobytes() for block in sound)
        return self._host.stream("diarise", {"speakers": speakers}, blocks, _read, label=label)

    def close(self) -> None:
        """End the process. Idempotent."""
        self._host.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Serving:
    """A diariser as its process serves it; fulfils `hosting.Served`."""

    def __init__(self, diariser: Diariser) -> None:
        self._diariser = diariser

    def described(self) -> Mapping[str, Any]:
        """The engine."""
        return {"engine": engine_facts(self._diariser.engine)}

    def answer(
        self, method: str, header: Mapping[str, Any], body: Iterator[bytes]
    ) -> tuple[Mapping[str, Any], bytes]:
        """Diarise one sound; there is no other method."""
        import numpy as np

        del method
        sound = (np.frombuffer(b, dtype="<f4").astype(np.float32, copy=False) for b in body)
        voices = self._diariser.diarise(sound, speakers=header["speakers"])
        labels = sorted({voice.label for voice in voices})
        times = array("q")
        for voice in voices:
            times.extend((voice.span.start, voice.span.end, labels.index(voice.label)))
        return {"labels": labels}, times.tobytes()


def _read(answer: Mapping[str, Any], body: bytes) -> tuple[VoiceSpan, ...]:
    """The spans of an answer: three 64-bit numbers each, in this machine's byte order."""
    labels, times = answer["labels"], array("q")
    times.frombytes(body)
    return tuple(
        VoiceSpan(Span(times[at], times[at + 1]), labels[times[at + 2]])
        for at in range(0, len(times), 3)
    )
