"""OPUS-MT and MADLAD-400 models in CTranslate2's form: a folder, or a name of the hub.

An OPUS-MT folder (Marian) has two sentencepiece models, `source.spm` and `target.spm`, and knows
one pair of languages, or several targets by a token like `>>eng<<`. A MADLAD-400 folder (T5) has
one sentencepiece model and takes the target as a token like `<2en>`.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import langcodes
from platformdirs import user_cache_path

from offair.engines.macrolanguages import macrolanguage
from offair.engines.translation.ctranslate2_models import FoundModel, find_model
from offair.engines.translation.pieces import joined, one_line, pieces
from offair.model.errors import BadInput, Unavailable
from offair.model.transcript import Engine

LONGEST_TOKENS = 160
"""Tokens given to the model at once; these models were trained on sentences."""
_BATCH = 16
_END = "</s>"


class Ctranslate2:
    """Fulfils `Translator`."""

    def __init__(
        self,
        source: str,
        target: str,
        model: str | None = None,
        cache: str | None = None,
        device: str = "cpu",
        compute_type: str = "int8",
        beam: int = 2,
        url: str | None = None,
        key_variable: str | None = None,
    ) -> None:
        """Load a model.

        source, target: BCP 47. model: a folder or `owner/name` of the hub. cache: folder for
        downloads, by default in the user's cache folder. compute_type: as CTranslate2 names them.
        beam: hypotheses kept, at least 1. url, key_variable: of no use here. Raises `BadInput` or
        `Unavailable`.
        """
        del url, key_variable
        try:
            import ctranslate2
            import sentencepiece
        except ImportError as error:
            raise Unavailable(
                f"the engine ctranslate2 cannot be loaded ({error});"
                " install it with `pip install ctranslate2 sentencepiece`"
            ) from error
        if model is None:
            raise BadInput(
                "the engine ctranslate2 needs a model; set translation.model to a folder with an"
                " OPUS-MT or MADLAD-400 model in CTranslate2's form, or to owner/name of the hub"
            )
        if beam < 1:
            raise BadInput(f"a beam has at least one hypothesis, not {beam}")
        folder = Path(cache) if cache else user_cache_path("offair") / "models"
        found = find_model(model, folder)
        self._target = target
        self._beam = beam
        self._ends_itself = _adds_end(found.folder)
        self._prefix = _prefix(found, target)
        try:
            self._source_pieces: Any = sentencepiece.SentencePieceProcessor(
                model_file=str(found.source_pieces)
            )
            self._target_pieces: Any = sentencepiece.SentencePieceProcessor(
                model_file=str(found.target_pieces)
            )
            self._translator: Any = ctranslate2.Translator(
                str(found.folder), device=device, compute_type=compute_type,
                inter_threads=1, intra_threads=len(os.sched_getaffinity(0)),
            )  # fmt: skip
        except (RuntimeError, ValueError, OSError) as error:
            raise BadInput(
                f"the model {model} cannot be loaded by CTranslate2 with {compute_type} on"
                f" {device}: {error}; set translation.model to a translation model converted for"
                " CTranslate2"
            ) from error
        self._engine = Engine(
            name="ctranslate2",
            model=found.name,
            revision=found.revision,
            settings={
                "source": source,
                "target": target,
                "beam": beam,
                "compute_type": str(self._translator.compute_type),
                "longest_tokens": LONGEST_TOKENS,
                "ctranslate2": version("ctranslate2"),
                "sentencepiece": version("sentencepiece"),
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, model, hash of its files, settings and library versions."""
        return self._engine

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        """Translate each sentence by itself; see `Translator.translate`.

        None where the model did not come to an end: what it repeats till it is stopped is no
        translation.
        """
        parts = [pieces(sentence, self._fits) for sentence in sentences]
        translated = iter(self._run([piece for some in parts for piece in some]))
        result: list[str | None] = []
        for sentence, some in zip(sentences, parts, strict=True):
            answers = [next(translated) for _ in some]
            whole = [one for one in answers if one]
            if not one_line(sentence):
                result.append("")
            else:
                result.append(joined(whole, self._target) if len(whole) == len(some) else None)
        return result

    def _fits(self, text: str) -> bool:
        return len(self._source_pieces.encode(text)) <= LONGEST_TOKENS

    def _tokens(self, text: str) -> list[str]:
        tokens = [*self._prefix, *self._source_pieces.encode(text, out_type=str)]
        return tokens if self._ends_itself else [*tokens, _END]

    def _run(self, texts: Sequence[str]) -> list[str | None]:
        if not texts:
            return []
        results = self._translator.translate_batch(
            [self._tokens(text) for text in texts],
            max_batch_size=_BATCH,
            beam_size=self._beam,
            max_input_length=0,
            max_decoding_length=3 * LONGEST_TOKENS,
            return_end_token=True,
        )
        return [self._text(result.hypotheses[0]) for result in results]

    def _text(self, tokens: Sequence[str]) -> str | None:
        if not tokens or tokens[-1] != _END:
            return None
        spoken = [one for one in tokens if not (one.startswith("<") and one.endswith(">"))]
        return one_line(str(self._target_pieces.decode(spoken)))


def _adds_end(folder: Path) -> bool:
    """Whether the library ends each sentence itself, by the model's config.json."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{folder / 'config.json'} cannot be read: {error}; get the model again"
        ) from error
    return isinstance(config, dict) and config.get("add_source_eos") is True


def _prefix(found: FoundModel, target: str) -> list[str]:
    """The token that names the target language, where the model takes one. Raises `BadInput`."""
    code = macrolanguage(target)
    if found.one_vocabulary:
        token = f"<2{code}>"
        if token not in found.source_tokens:
            raise BadInput(
                f"the model {found.name} has no token {token}: it does not translate into"
                f" {target}, or it is no MADLAD-400 model; choose another model"
            )
        return [token]
    targets = {one for one in found.source_tokens if one.startswith(">>") and one.endswith("<<")}
    if not targets:
        return []
    named = [one for one in _target_tokens(target, code) if one in targets]
    if not named:
        some = ", ".join(sorted(targets)[:20])
        raise BadInput(
            f"the model {found.name} does not translate into {target}; it takes {some}:"
            " choose another model"
        )
    return named[:1]


def _target_tokens(target: str, code: str) -> list[str]:
    """How OPUS-MT may name a target: ISO 639-3 or the tag itself."""
    names = [target, code]
    with contextlib.suppress(LookupError, ValueError):
        names.insert(0, langcodes.Language.get(code).to_alpha3())
    return [f">>{name}<<" for name in names]
