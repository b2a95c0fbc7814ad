"""An article in plain text: paragraphs by empty lines, or by lines where there are none."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from offair.formats.article_encoding import decode_article
from offair.formats.article_text import article_of
from offair.model.article import Article, BlockKind

_EMPTY_RE = regex.compile(r"\n[^\S\n]*\n\s*")
_END_RE = regex.compile(r"""[.!?…:؟۔。！？]["'”’»)\]]*$""")
_WIDEST_WRAP = 100
_SHORT_LINE = 0.66


def read(data: bytes, *, source: str) -> Article:
    """The article in a plain text file. Raises `BadInput` where it holds no words.

    An empty line ends a paragraph; lines of one block are one paragraph where they look wrapped
    (none is wider than 100 characters), else each is one. `>` in front sets a block quotation off,
    as in e-mail.
    """
    text, remarks = decode_article(data, source=source)
    return article_of(_blocks(text), source=source, remarks=remarks)


def _blocks(text: str) -> Iterator[tuple[str, BlockKind]]:
    for block in _EMPTY_RE.split(text.replace("\f", "\n\n").replace("\u2029", "\n\n")):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if lines and all(line.startswith(">") for line in lines):
            yield " ".join(line.lstrip("> ") for line in lines), BlockKind.QUOTE
            continue
        for paragraph in _joined(lines):
            yield paragraph, BlockKind.PARAGRAPH


def _joined(lines: list[str]) -> Iterator[str]:
    widest = max((len(line) for line in lines), default=0)
    if widest > _WIDEST_WRAP:
        yield from lines
        return
    held: list[str] = []
    for line in lines:
        held.append(line)
        # A short line that ends a sentence ends the paragraph; a wrapped one would have gone on.
        if len(line) < _SHORT_LINE * widest and _END_RE.search(line):
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)
