"""Paragraphs put together into an article; what every reader of articles does alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

import langcodes
import regex

from offair.model.article import Article, BlockKind, Paragraph
from offair.model.errors import BadInput
from offair.model.time import DateKind, PartialDate

LONGEST_TEXT = 4_000_000
"""Characters of an article's words: the longest novels stay below it."""

_SPACES_RE = regex.compile(r"[\s\u200b\ufeff]+")
_CONTROLS_RE = regex.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\u2066-\u2069\u202a-\u202e]"
)
_DAY_RE = regex.compile(r"\d{4}-\d\d(?:-\d\d)?")
_LONGEST_FIELD = 500


def article_of(
    blocks: Iterable[tuple[str, BlockKind]],
    *,
    source: str,
    title: str | None = None,
    author: str | None = None,
    published: str | None = None,
    language: str | None = None,
    remarks: Sequence[str] = (),
) -> Article:
    """The article of these blocks of text, white space folded, empty ones left out.

    published, language: as the file writes them; what is no date or no tag is left out. Raises
    `BadInput` where there are no words, or more than `LONGEST_TEXT` characters of them.
    """
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    at, controls = 0, 0
    for raw, kind in blocks:
        clean, dropped = _CONTROLS_RE.subn("", raw)
        controls += dropped
        text = _SPACES_RE.sub(" ", clean).strip()
        if not text:
            continue
        paragraphs.append(Paragraph(at, at + len(text), kind))
        pieces.append(text)
        at += len(text) + 2
        if at > LONGEST_TEXT:
            raise BadInput(
                f"{source}: has more than {LONGEST_TEXT:,} characters of words; "
                "give the article alone, or in parts"
            )
    if not any(regex.search(r"[\p{L}\p{N}]", piece) for piece in pieces):
        raise BadInput(f"{source}: holds no words; give the article's text")
    if controls:
        remarks = (
            *remarks,
            f"{controls} control characters, which act on a page and are no text, were left out",
        )
    return Article(
        text="\n\n".join(pieces),
        paragraphs=tuple(paragraphs),
        title=_field(title),
        author=_field(author),
        published=_date(published),
        language=_tag(language),
        remarks=tuple(remarks),
    )


def with_remarks(article: Article, remarks: Sequence[str]) -> Article:
    """The article with these remarks before its own."""
    return replace(article, remarks=(*remarks, *article.remarks))


def _field(text: str | None) -> str | None:
    if text is None:
        return None
    return _SPACES_RE.sub(" ", _CONTROLS_RE.sub("", text)).strip()[:_LONGEST_FIELD] or None


def _date(text: str | None) -> PartialDate | None:
    """The day in front of what a file gives; a time of day does not date a quotation."""
    found = _DAY_RE.match((text or "").strip())
    if found is not None:
        with suppress(ValueError):
            return PartialDate.parse(found.group(), DateKind.PUBLISHED)
    return None


def _tag(text: str | None) -> str | None:
    raw = (text or "").strip().replace("_", "-")
    if not raw or len(raw) > 35 or not langcodes.tag_is_valid(raw):
        return None
    tag = langcodes.standardize_tag(raw)
    return None if tag == "und" else tag
