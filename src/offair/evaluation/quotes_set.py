"""Sets of quotations: an archive, articles that quote it, what a reader found of each quotation.

docs/reference/evaluation-sets.md describes the folder. The text of a quotation is never in the
adjudications: they name the article, the place in it and the hash of what is printed there.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from offair.desk.evidence import printable
from offair.evaluation.material import LeftOut
from offair.model.errors import BadInput, NotFound
from offair.model.finding import EditClass, SpeakerFinding, WordsFinding
from offair.model.names import Name, NameKind, Office, Spelling
from offair.model.time import PartialDate

ADJUDICATIONS, NAMES = "adjudications.jsonl", "names.jsonl"
SHIPPED = {ADJUDICATIONS: "quotes_white_house.jsonl", NAMES: "quotes_white_house_names.jsonl"}
"""What the package brings for the White House set; files in the folder count first."""

_LARGEST_BYTES = 64 * 1024 * 1024
_MARKUP_RE = re.compile(r"<[^<>]{1,1000}>|\]\([^()\s]{0,2000}\)|(?<!\\)[*]+")
_ESCAPE_RE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINK_RE = re.compile(r"(?<!\\)\[(?=[^\[\]]{1,1000}\]\()")


@dataclass(frozen=True, slots=True)
class KnownQuotation:
    """A quotation and what is known of it.

    name: tells it from the others. group: where it comes from (`candidate`, `by hand`, `made:
    negation`, `control: shuffled`, …). words, speaker: the finding expected, None where it is not
    scored. also: findings about the words that are as right. events: files of the archive in which
    it was said, any of them is right; empty where it was said in none. critical: classes of the
    critical edits in it. kept: for quotations made by rule, the character ranges of the printed
    words that were said so; None where that is not known.
    """

    name: str
    group: str
    printed: str
    claimed: str | None
    words: WordsFinding | None
    speaker: SpeakerFinding | None
    also: frozenset[WordsFinding] = frozenset()
    events: frozenset[str] = frozenset()
    critical: frozenset[EditClass] = frozenset()
    kept: tuple[tuple[int, int], ...] | None = None
    note: str = ""

    @property
    def length(self) -> int:
        """Printed words, as white space parts them."""
        return len(self.printed.split())

    @property
    def said(self) -> bool:
        """Whether the archive holds it, as it stands or changed."""
        return bool(self.events)


@dataclass(frozen=True, slots=True)
class QuoteSet:
    """A set. archive: its files, by name. left_out: adjudications that could not be used."""

    name: str
    folder: Path
    archive: tuple[Path, ...]
    quotations: tuple[KnownQuotation, ...]
    names: tuple[Name, ...]
    left_out: tuple[LeftOut, ...]
    adjudications_sha256: str

    def event(self, path: Path) -> str:
        """How adjudications name a file of the archive."""
        return path.relative_to(self.folder / "archive").as_posix()


def read_set(folder: Path) -> QuoteSet:
    """Read a set.

    Raises `NotFound` (no such folder), `BadInput` (no archive or no adjudications in it, a line
    that cannot be read).
    """
    archive = folder / "archive"
    if not archive.is_dir():
        raise NotFound(
            f"{printable(folder)} has no folder archive; docs/reference/evaluation-sets.md says "
            "what a set of quotations is"
        )
    files = tuple(sorted(one for one in archive.rglob("*") if one.is_file()))
    if not files:
        raise BadInput(f"the archive of {printable(folder)} is empty")
    raw = _bytes(folder, ADJUDICATIONS)
    known = {path.relative_to(archive).as_posix() for path in files}
    quotations, left_out = [], []
    for number, given in _lines(raw, ADJUDICATIONS):
        try:
            quotations.append(_quotation(folder, given, known))
        except (BadInput, NotFound) as error:
            left_out.append(LeftOut(f"line {number}", str(error)))
    if not quotations:
        reason = left_out[0].reason if left_out else "there is none"
        raise BadInput(f"no adjudicated quotation of {printable(folder)} can be used: {reason}")
    names = tuple(_name(given) for _, given in _lines(_bytes(folder, NAMES, b""), NAMES))
    return QuoteSet(
        folder.resolve().name, folder, files, tuple(quotations), names, tuple(left_out),
        hashlib.sha256(raw).hexdigest(),
    )  # fmt: skip


def _bytes(folder: Path, name: str, default: bytes | None = None) -> bytes:
    own = folder / name
    if own.is_file():
        if own.stat().st_size > _LARGEST_BYTES:
            raise BadInput(f"{printable(own)} is larger than {_LARGEST_BYTES} bytes")
        return own.read_bytes()
    if not (folder / ADJUDICATIONS).is_file() and (folder / "candidates.jsonl").is_file():
        return (resources.files("offair.evaluation") / SHIPPED[name]).read_bytes()
    if default is not None:
        return default
    raise NotFound(
        f"{printable(folder)} has no {name}; docs/reference/evaluation-sets.md says how to write it"
    )


def _lines(raw: bytes, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{name}, line {number} is no JSON: {error}") from error
        if not isinstance(given, dict):
            raise BadInput(f"{name}, line {number} is no JSON object; write one a line")
        yield number, given


def _quotation(folder: Path, given: Mapping[str, Any], archive: set[str]) -> KnownQuotation:
    try:
        article, start, end = given["article"], int(given["char_start"]), int(given["char_end"])
        words = WordsFinding(given["words"]) if given.get("words") else None
        speaker = SpeakerFinding(given["speaker"]) if given.get("speaker") else None
        also = frozenset(WordsFinding(one) for one in given.get("also", ()))
        critical = frozenset(EditClass(one) for one in given.get("critical", ()))
        events = frozenset(str(one) for one in given.get("events", ()))
        wanted = str(given["sha256"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"it lacks or misspells a field: {error}") from error
    missing = sorted(events - archive)
    if missing:
        raise NotFound(f"the archive has no {missing[0]}")
    raw = _article(folder, article)[start:end]
    if hashlib.sha256(raw.encode()).hexdigest() != wanted:
        raise BadInput(f"{article} reads otherwise at {start}; it was changed since")
    return KnownQuotation(
        f"{article}:{start}", str(given.get("origin", "by hand")), plain(raw),
        given.get("claimed"), words, speaker, also, events, critical, None,
        str(given.get("note", "")),
    )  # fmt: skip


def _article(folder: Path, article: object) -> str:
    path = (folder / "articles" / str(article)).resolve()
    if not path.is_relative_to((folder / "articles").resolve()):
        raise BadInput(f"{article!r} is no file in articles")
    try:
        return path.read_text(encoding="utf-8", errors="strict")
    except (OSError, UnicodeError) as error:
        raise NotFound(f"the article {article} cannot be read") from error


def plain(raw: str) -> str:
    """What is printed in a stretch of Markdown: one line, emphasis, links and tags off."""
    bare = _MARKUP_RE.sub("", _LINK_RE.sub("", raw))
    return " ".join(html.unescape(_ESCAPE_RE.sub(r"\1", bare)).split())


def _name(given: Mapping[str, Any]) -> Name:
    try:
        offices = tuple(
            Office(one["title"], _date(one.get("since")), _date(one.get("until")))
            for one in given.get("offices", ())
        )
        return Name(
            NameKind(given.get("kind", "person")),
            given["house"],
            given.get("native"),
            tuple(Spelling(str(one)) for one in given.get("spellings", ())),
            given.get("authority"),
            offices,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"a name of {NAMES} lacks or misspells a field: {error}") from error


def _date(given: str | None) -> PartialDate | None:
    return PartialDate.parse(given) if given else None
