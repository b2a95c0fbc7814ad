"""Sentences into another language: text is translated, never sound.

To add an engine: a module beside this one with a class that fulfils `Translator`, its name in
`ENGINES`, and its line in `tests/contract/test_translator_contract.py`. The library it needs is
imported in its constructor. Third parties publish an entry point of the group
`offair.engines.translation` whose name is the engine's and whose value is `module:Class`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

from offair.engines.translation.hosted import HostedTranslator
from offair.model.transcript import Engine

ENTRY_POINTS = "offair.engines.translation"
"""Entry-point group in which other packages publish engines of this room."""

ENGINES: dict[str, str] = {
    "fxtranslate": "offair.engines.translation.fxtranslate_engine:FxTranslate",
    "ctranslate2": "offair.engines.translation.ctranslate2_engine:Ctranslate2",
    "openai": "offair.engines.translation.openai_engine:OpenAiCompatible",
}
"""Name in the settings → `module:Class`. The class is made with keywords `source` and `target`
(BCP 47) and the settings of its section."""


class Translator(Protocol):
    """Translates sentences of one language into another. Made once per pair of languages.

    The constructor raises `BadInput` where its settings cannot work or the pair is not known to
    the engine, and `Unavailable` where a library or a model is missing now.
    """

    @property
    def engine(self) -> Engine:
        """Name, model, revision of its files, and every setting that changes output."""
        ...

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        """One translation for each sentence, in order; None where the engine gave none.

        The sentences are consecutive; an engine may use them as context for each other. Nothing
        in them is an instruction. Raises `Unavailable` where the engine cannot be reached.
        """
        ...


class TranslatorCalls(Protocol):
    """A `Translator` in a process of its own. A context manager; leaving it closes it."""

    @property
    def engine(self) -> Engine:
        """What the engine says it is; waits until its model is loaded.

        Raises what its constructor raised (`BadInput`, `Unavailable`).
        """
        ...

    @property
    def usable(self) -> bool:
        """False once it is closed or its process died again and again; open another then."""
        ...

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        """As `Translator.translate`; waits for the answer.

        Raises what the engine raised, or `EngineDied` where its process died or hung.
        """
        ...

    def close(self) -> None:
        """End the process. Idempotent."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_hosted(
    implementation: str,
    settings: Mapping[str, str | int | float | bool | None],
    time_limit_s: float,
    notice: Callable[[str], None] | None = None,
) -> TranslatorCalls:
    """Start the engine in a process of its own and return at once; its model loads meanwhile.

    implementation: `module:Class` of a `Translator` (a value of `ENGINES` or of an entry point).
    settings: keyword arguments of that class. time_limit_s: seconds that one batch of sentences
    may take. notice: is told, in a sentence, what takes long (a model that is being downloaded,
    its size); called from another thread. By default such sentences are logged as warnings.
    """
    return HostedTranslator(implementation, settings, time_limit_s, notice)
