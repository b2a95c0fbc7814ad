"""The translator in a process of its own: what the desk calls, and what the process answers.

See `offair.engines.hosting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from offair.engines.hosting import Hosted
from offair.engines.hosting.frames import engine_facts, read_engine
from offair.engines.hosting.host import Host
from offair.model.errors import Unavailable
from offair.model.transcript import Engine

if TYPE_CHECKING:
    from offair.engines.translation import Translator


class HostedTranslator:
    """Fulfils `TranslatorCalls`; made by `offair.engines.translation.open_hosted`."""

    def __init__(
        self,
        implementation: str,
        settings: Mapping[str, str | int | float | bool | None],
        time_limit_s: float,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        hosted = Hosted("translator", implementation, settings, f"{__name__}:Serving", time_limit_s)
        self._host = Host(hosted, 1, notice)

    @property
    def engine(self) -> Engine:
        """What the translator says it is; waits until it is loaded. Raises as it raised."""
        return read_engine(self._host.described["engine"])

    @property
    def usable(self) -> bool:
        """False once it is closed or its process died again and again."""
        return self._host.usable

    def translate(
        self, sentences: Sequence[str], *, label: str = "some sentences"
    ) -> list[str | None]:
        """One translation for each sentence; see `TranslatorCalls.translate`."""
        if not sentences:
            return []

        def read(answer: Mapping[str, Any], body: bytes) -> list[str | None]:
            del body
            translated: list[str | None] = answer["sentences"]
            if len(translated) != len(sentences):
                raise Unavailable(
                    f"{self.engine.name} gave {len(translated)} translations for {len(sentences)}"
                    f" sentences of {label}, so none can be told to belong to its sentence;"
                    " try again or choose another engine"
                )
            return translated

        return self._host.call("translate", {"sentences": list(sentences)}, b"", read, label=label)

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
    """A translator as its process serves it; fulfils `hosting.Served`."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    def described(self) -> Mapping[str, Any]:
        """The engine."""
        return {"engine": engine_facts(self._translator.engine)}

    def answer(
        self, method: str, header: Mapping[str, Any], body: Iterator[bytes]
    ) -> tuple[Mapping[str, Any], bytes]:
        """Translate some sentences; there is no other method."""
        del method, body
        return {"sentences": self._translator.translate(header["sentences"])}, b""
