"""Sets: folders of sound with what is known to be said in it.

The plain layout is one folder; `known_sets` has the layouts of some corpora. What lies in the
folder and cannot be used is listed with its reason. docs/reference/evaluation-sets.md has all of
it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from offair.desk.evidence import language_tag, printable, printable_name
from offair.evaluation import known_sets, references
from offair.evaluation.material import Item, Kind, KnownLine, KnownWord, LeftOut, TestSet
from offair.model.errors import BadInput, NotFound
from offair.model.time import Span
from offair.model.transcript import VoiceSpan
from offair.text.normalise import word_set

SETTINGS_FILE = "set.toml"
_MEDIA = word_set(
    ".wav .flac .mp3 .ogg .oga .opus .m4a .aac .mp4 .m4v .mov .mkv .mka .webm .ts .mpg .mpeg .avi"
    " .wma .aif .aiff .amr .mxf"
)
_NUMBERED_RE = re.compile(r"(?:^|.*[-_])([a-z]{2,3})-\d+")
"""A name like `fleurs-de-003`, which tells the language."""
_One = TypeVar("_One")
_KEYS = frozenset(("language", "channel_languages", "kind"))


@dataclass(frozen=True, slots=True)
class _Said:
    """What set.toml says of an item; None where it says nothing."""

    language: str | None = None
    channel_languages: tuple[str, ...] | None = None
    kind: Kind | None = None

    def over(self, default: _Said) -> _Said:
        """This, and where it says nothing the default."""
        return _Said(
            self.language or default.language,
            default.channel_languages if self.channel_languages is None else self.channel_languages,
            self.kind or default.kind,
        )


@dataclass(slots=True)
class _Folder:
    """One folder in the plain layout: its media, and the references that speak of several."""

    folder: Path
    media: list[Path]
    default: _Said = field(default_factory=_Said)
    items: dict[str, _Said] = field(default_factory=dict)
    voices: dict[str, tuple[VoiceSpan, ...]] = field(default_factory=dict)
    scored: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    words: dict[str, tuple[KnownWord, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    text_language: str | None = None


def read_set(folder: Path) -> TestSet:
    """Read a set.

    Raises `NotFound` (no such folder), `BadInput` (nothing in it can be used, a reference of
    several items or `set.toml` cannot be read).
    """
    if not folder.is_dir():
        raise NotFound(f"{printable(folder)} is no folder; name the folder of a set")
    known = known_sets.recognise(folder)
    if known is not None:
        layout, items, left_out = known
    else:
        layout, (items, left_out) = "plain", _plain(folder)
    kept, refused = _judged(items)
    left_out = [*left_out, *refused]
    if not kept:
        reasons = "; ".join(f"{one.name}: {one.reason}" for one in left_out[:5])
        raise BadInput(
            f"the set {printable(folder)} has no item that can be used"
            + (f" ({reasons})" if reasons else ": no sound lies in it")
            + "; docs/reference/evaluation-sets.md says what an item needs"
        )
    name = folder.resolve().name
    return TestSet(printable_name(name), folder, layout, tuple(kept), tuple(left_out))


def _judged(items: Sequence[Item]) -> tuple[list[Item], list[LeftOut]]:
    """The items whose text is of their language, and the others with the reason."""
    kept, refused = [], []
    for item in items:
        script = references.other_script(item.text or "", item.language)
        if script is None:
            kept.append(item)
        else:
            refused.append(
                LeftOut(
                    item.name,
                    f"its text is in {script} letters, and its language is {item.language}: it is"
                    " the text of another language, or the language is given wrongly",
                )
            )
    return kept, refused


def _plain(folder: Path) -> tuple[list[Item], list[LeftOut]]:
    media = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in _MEDIA and path.is_file()
    )
    found = _Folder(folder, media)
    _read_settings(found)
    _read_common(found)
    items: list[Item] = []
    left_out: list[LeftOut] = []
    for path in media:
        try:
            items.append(_item(found, path))
        except (BadInput, NotFound) as error:
            left_out.append(LeftOut(printable_name(path.name), str(error)))
    left_out += _without_media(found)
    return items, left_out


def _read_settings(found: _Folder) -> None:
    path = found.folder / SETTINGS_FILE
    if not path.is_file():
        return
    try:
        given = tomllib.loads(references.text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{printable(path)} is not TOML: {error}; mend that line") from error
    items = given.pop("item", {})
    if not isinstance(items, dict) or not all(isinstance(one, dict) for one in items.values()):
        raise BadInput(f'{printable(path)}: write [item."NAME"] for what holds of one item')
    found.default = _said(path, "the set", given)
    there = {one.name for one in found.media}
    for name, one in items.items():
        if name not in there:
            raise BadInput(f"{printable(path)} speaks of {name!r}, which is not in the folder")
        found.items[name] = _said(path, name, one)


def _said(path: Path, of: str, given: Mapping[str, Any]) -> _Said:
    unknown = sorted(set(given) - _KEYS)
    if unknown:
        raise BadInput(
            f"{printable(path)}: {unknown[0]!r} of {of} is unknown; there are"
            f" {', '.join(sorted(_KEYS))}"
        )
    channel = given.get("channel_languages")
    if channel is not None and not isinstance(channel, list):
        raise BadInput(f"{printable(path)}: channel_languages of {of} is no list of BCP 47 tags")
    kind = given.get("kind")
    if kind is not None and kind not in list(Kind):
        raise BadInput(f"{printable(path)}: kind of {of} is {kind!r}; there are {', '.join(Kind)}")
    language = given.get("language")
    return _Said(
        _tag(path, of, language) if language is not None else None,
        tuple(_tag(path, of, one) for one in channel) if channel is not None else None,
        Kind(kind) if kind is not None else None,
    )


def _tag(path: Path, of: str, raw: object) -> str:
    tag = language_tag(raw if isinstance(raw, str) else None)
    if tag == "und":
        raise BadInput(f"{printable(path)}: {raw!r} of {of} is no BCP 47 tag; write en or pt-BR")
    return tag


def _read_common(found: _Folder) -> None:
    """References named after no sound, and tables: they speak of several, by file name."""
    own = {path.stem for path in found.media}
    for path in sorted(found.folder.iterdir()):
        suffix = path.suffix.lower()
        if not path.is_file() or (path.stem in own and suffix != ".csv"):
            continue
        if suffix == ".rttm":
            found.voices |= references.rttm(path)
        elif suffix == ".uem":
            found.scored |= references.uem(path)
        elif suffix == ".ctm":
            found.words |= references.ctm(path)
        elif suffix == ".csv":
            _read_table(found, path)


def _read_table(found: _Folder, path: Path) -> None:
    texts = references.listed_texts(path)
    found.texts |= texts
    tag = language_tag(path.stem if len(path.stem) in (2, 3) else None)
    if texts and tag != "und":
        found.text_language = tag


def _item(found: _Folder, path: Path) -> Item:
    """One item. Raises `BadInput` with the reason why it cannot be used."""
    said = found.items.get(path.name, _Said()).over(found.default)
    kind = said.kind or Kind.SPEECH
    words = _words(found, path)
    lines = _lines(path)
    text = _text(found, path, words, lines)
    voices = _voices(found, path)
    if kind is not Kind.SPEECH:
        if text and text.split():
            raise BadInput(f"it is called {kind.value} and has words; correct its kind or its text")
        text = ""
    elif text is None and voices is None:
        raise BadInput(
            f"nothing is known of it: no {path.stem}.txt, no line or word times, no voices"
        )
    elif text is not None and not text.split():
        raise BadInput("its text is empty; where nobody speaks, say so with kind in set.toml")
    named = _NUMBERED_RE.fullmatch(path.stem)
    language = said.language or (language_tag(named[1]) if named else None)
    if language is None and path.name in found.texts:
        language = found.text_language
    return Item(
        printable_name(path.name), path, kind, language or "und", said.channel_languages or (),
        text, words, lines, voices, _of(found.scored, path),
    )  # fmt: skip


def _text(
    found: _Folder, path: Path, words: Sequence[KnownWord], lines: Sequence[KnownLine]
) -> str | None:
    beside = path.with_suffix(".txt")
    if beside.is_file():
        return references.text(beside)
    if path.name in found.texts:
        return found.texts[path.name]
    if words:
        return " ".join(one.text for one in words)
    return "\n".join(one.text for one in lines) if lines else None


def _words(found: _Folder, path: Path) -> tuple[KnownWord, ...]:
    listed = path.with_suffix(".words.json")
    if listed.is_file():
        return references.words_json(listed)
    own = path.with_suffix(".ctm")
    if own.is_file():
        return _only(references.ctm(own), own)
    return _of(found.words, path) or ()


def _lines(path: Path) -> tuple[KnownLine, ...]:
    for suffix in (".vtt", ".srt"):
        own = path.with_suffix(suffix)
        if own.is_file():
            return references.lines(own)
    return ()


def _voices(found: _Folder, path: Path) -> tuple[VoiceSpan, ...] | None:
    own = path.with_suffix(".rttm")
    if own.is_file():
        return _only(references.rttm(own), own)
    return _of(found.voices, path)


def _only(found: Mapping[str, tuple[_One, ...]], path: Path) -> tuple[_One, ...]:
    """What a reference of one sound says; it may call the sound what it likes, but only once."""
    if len(found) > 1:
        raise BadInput(f"{printable(path)} speaks of several files: {', '.join(sorted(found))}")
    return next(iter(found.values()), ())


def _of(found: Mapping[str, tuple[_One, ...]], path: Path) -> tuple[_One, ...] | None:
    """What a reference of several sounds says of this one, by its name without the suffix.

    Names are compared as Unicode means them; then without accents, as old tools write them.
    """
    for form in (_composed, _plain_letters):
        named = [name for name in found if form(name) == form(path.stem)]
        if len(named) == 1:
            return found[named[0]]
    return None


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _plain_letters(name: str) -> str:
    opened = unicodedata.normalize("NFD", name)
    return "".join(one for one in opened if not unicodedata.combining(one))


def _without_media(found: _Folder) -> list[LeftOut]:
    """Names in the references of several sounds to which no sound belongs."""
    there = {form(path.stem) for path in found.media for form in (_composed, _plain_letters)}
    named = {*found.voices, *found.words, *(Path(one).stem for one in found.texts)}
    return [
        LeftOut(printable_name(name), "a reference speaks of it, and its sound is not here")
        for name in sorted(named)
        if not {_composed(name), _plain_letters(name)} & there
    ]
