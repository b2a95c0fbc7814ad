"""An article as it is read: one text, its paragraphs, and what its file says of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from offair.model.time import PartialDate


class BlockKind(StrEnum):
    """What a paragraph is in the article. `quote`: set off as a block quotation."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list item"
    QUOTE = "quote"
    CELL = "table cell"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of the article's text, half-open, without white space at its edges."""

    char_start: int
    char_end: int
    kind: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Article:
    """An article's words and what its file says of it.

    text: all paragraphs, an empty line between two; every range is in this text, not in the file.
    paragraphs: in order; they hold every character of `text` but the empty lines. published: as
    the file gives it. language: BCP 47, None where the file names none. remarks: sentences about
    what was left out, could not be used or had to be guessed.
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    author: str | None = None
    published: PartialDate | None = None
    language: str | None = None
    remarks: tuple[str, ...] = ()
