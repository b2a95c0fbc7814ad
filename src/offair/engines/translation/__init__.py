"""Sentences into another language: text is translated, never sound.

To add an engine: a module beside this one with a class that fulfils `Translator`, its name in
`ENGINES`, and its line in `tests/contract/test_translator_contract.py`. The library it needs is
imported in its constructor. Third parties publish an entry point of the group
`offair.engines.translation` whose name is the engine's and whose value is `module:Class`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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
