"""The language engine in a process of its own: what the desk calls, and what the process answers.

See `offair.engines.hosting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from offair.engines.hosting import Hosted
from offair.engines.hosting.frames import engine_facts, read_engine
from offair.engines.hosting.host import Host
from offair.model.transcript import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from offair.engines.languages import LanguageEngine


class HostedLanguages:
    """Fulfils `LanguageCalls`; made by `offair.engines.languages.open_hosted`."""

    def __init__(
        self,
        implementation: str,
        settings: Mapping[str, str | int | float | bool | None],
        time_limit_s: float,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        server = f"{__name__}:Serving"
        hosted = Hosted("language engine", implementation, settings, server, time_limit_s)
        self._host = Host(hosted, 1, notice)

    @property
    def engine(self) -> Engine:
        """What the engine says it is; waits until it is loaded. Raises as it raised."""
        return read_engine(self._host.described["engine"])

    @property
    def usable(self) -> bool:
        """False once it is closed or its process died again and again."""
        return self._host.usable

    def estimate(
        self, samples: NDArray[np.float32], *, label: str = "a stretch of speech"
    ) -> Mapping[str, float]:
        """How probable each language is; see `LanguageCalls.estimate`."""
        sound = samples.astype("<f4", copy=False).tobytes()
        return self._host.call("estimate", {}, sound, _read_estimate, label=label)

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
    """A language engine as its process serves it; fulfils `hosting.Served`."""

    def __init__(self, engine: LanguageEngine) -> None:
        self._engine = engine

    def described(self) -> Mapping[str, Any]:
        """The engine."""
        return {"engine": engine_facts(self._engine.engine)}

    def answer(
        self, method: str, header: Mapping[str, Any], body: Iterator[bytes]
    ) -> tuple[Mapping[str, Any], bytes]:
        """Estimate one stretch; there is no other method."""
        import numpy as np

        del method, header
        samples = np.frombuffer(b"".join(body), dtype="<f4").astype(np.float32, copy=False)
        told = self._engine.estimate(samples)
        return {"languages": {tag: float(probability) for tag, probability in told.items()}}, b""


def _read_estimate(answer: Mapping[str, Any], body: bytes) -> Mapping[str, float]:
    del body
    languages: Mapping[str, float] = answer["languages"]
    return languages
