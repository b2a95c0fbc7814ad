"""An article's file to its words: plain text, Markdown, HTML or DOCX, told by what is in it.

The bytes decide before the name does. What is no article (a PDF, a picture, a recording) is
refused by its name, so that nobody takes rubbish for words.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

import regex

from offair.model.article import Article
from offair.model.errors import BadInput

LARGEST_BYTES = 20 * 1024 * 1024
"""A larger file is refused unread; in a DOCX file that size, pictures take nearly all of it."""

_READERS = {
    "plain": "offair.formats.article_plain",
    "markdown": "offair.formats.article_markdown",
    "html": "offair.formats.article_html",
    "docx": "offair.formats.article_docx",
}
_SUFFIXES = {
    ".htm": "html", ".html": "html", ".xhtml": "html", ".md": "markdown", ".markdown": "markdown",
    ".mdown": "markdown", ".txt": "plain", ".text": "plain",
}  # fmt: skip
_NOT_ARTICLES = (
    (b"%PDF-", "a PDF file; copy its text, or save it as text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc); save it as .docx"),
    (b"{\\rtf", "a Rich Text file; save it as .docx or as text"),
    (b"\x89PNG", "a picture; give the article's text"),
    (b"\xff\xd8\xff", "a picture; give the article's text"),
    (b"GIF8", "a picture; give the article's text"),
    (b"II*\0", "a picture; give the article's text"),
    (b"MM\0*", "a picture; give the article's text"),
    (b"RIFF", "a picture or a recording; give the article's text"),
    (b"\x1f\x8b", "a compressed file; unpack it first"),
    (b"BZh", "a compressed file; unpack it first"),
    (b"7z\xbc\xaf", "a compressed file; unpack it first"),
    (b"\xfd7zXZ", "a compressed file; unpack it first"),
    (b"Rar!", "a compressed file; unpack it first"),
    (b"ID3", "a recording; take it in with `offair add`"),
    (b"OggS", "a recording; take it in with `offair add`"),
    (b"fLaC", "a recording; take it in with `offair add`"),
    (b"\x1aE\xdf\xa3", "a recording; take it in with `offair add`"),
    (b"SQLite format 3", "a database; give the article's text"),
    (b"\x7fELF", "a program; give the article's text"),
)
_HTML_RE = regex.compile(
    rb"(?i)\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body"
    rb"|article|main|div|p|h1|section|blockquote)\b",
    regex.S,
)
_MARKDOWN_RE = regex.compile(
    rb"(?m)\A---[^\S\n]*\r?\n|^#{1,6} \S|\]\(https?://|^\*\*\S[^*\n]{0,200}\*\*"
)
_LOOK_BYTES = 20_000


class _Reader(Protocol):
    def read(self, data: bytes, *, source: str) -> Article:
        """The article in a file's bytes."""
        ...


def read_article(data: bytes, name: str) -> Article:
    """The article in a file: its text, paragraphs and what the file says of it.

    name: of the file, for messages and for its suffix; `-` for what came by a pipe. Raises
    `BadInput` where the file is empty, too large, damaged, or no article.
    """
    if not data.strip(b"\0 \t\r\n\x0b\x0c"):
        raise BadInput(f"{name}: is empty; give a file with the article's words")
    if len(data) > LARGEST_BYTES:
        raise BadInput(
            f"{name}: is larger than the {LARGEST_BYTES >> 20} MiB an article may have; "
            "give the article alone, without its pictures"
        )
    for mark, what in _NOT_ARTICLES:
        if data.startswith(mark):
            raise BadInput(f"{name}: is {what}")
    if data[4:8] == b"ftyp":
        raise BadInput(f"{name}: is a recording; take it in with `offair add`")
    reader = cast("_Reader", import_module(_READERS[_layout(data, name)]))
    return reader.read(data, source=name)


def _layout(data: bytes, name: str) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix in (".docx", ".docm"):
        raise BadInput(
            f"{name}: is no Word file inside, though it is called one; save it again as .docx"
        )
    start = data.removeprefix(b"\xef\xbb\xbf")[:_LOOK_BYTES]
    if _HTML_RE.match(start):
        return "html"
    return "markdown" if _MARKDOWN_RE.search(start) else "plain"
