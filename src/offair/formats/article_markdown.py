"""An article in Markdown, with or without YAML front matter, through the reader of web pages."""

from __future__ import annotations

from functools import cache

import regex
from markdown_it import MarkdownIt

from offair.formats.article_encoding import decode_article
from offair.formats.article_html import read_markup
from offair.formats.article_text import with_remarks
from offair.model.article import Article
from offair.model.errors import BadInput

LARGEST_MARKDOWN = 2_000_000
"""Characters. The worst of them takes 10 s a million; such an article would be a long book."""

_FRONT_RE = regex.compile(r"\A---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", regex.S)
_FIELD_RE = regex.compile(r"^([A-Za-z_][\w -]{0,40}):[^\S\n]*(.*)$")
_ESCAPE_RE = regex.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", regex.S)
_NAMED = {"_": "\u00a0", "n": "\n", "t": "\t", "N": "\u0085", "e": ""}
_INDENTED_RE = regex.compile(r"(?m)(?<=\n[^\S\n]*\n)(?: {4,}|\t+)(?![-*+\s]|\d+[.)])")
_MOST_NESTED = 100
_MOST_BRACKETS = 1_000
_BLOCKS_RE = regex.compile(r"\n[^\S\n]*\n")
_STARS_RE = regex.compile(r"\*{2,}")
"""Marks of emphasis that the parser could not pair; they are no words."""


def read(data: bytes, *, source: str) -> Article:
    """The article in a Markdown file; title, date, author and language from its front matter.

    Raises `BadInput` where it holds no words or more than `LARGEST_MARKDOWN` characters. An
    indented paragraph is read as a paragraph, not as program code.
    """
    text, remarks = decode_article(data, source=source)
    if len(text) > LARGEST_MARKDOWN:
        raise BadInput(
            f"{source}: has {len(text):,} characters, more than the {LARGEST_MARKDOWN:,} an "
            "article in Markdown may have; give it in parts, or as plain text"
        )
    fields: dict[str, str] = {}
    front = _FRONT_RE.match(text)
    if front is not None:
        fields = _fields(front.group(1))
        text = text[front.end() :]
    text = _INDENTED_RE.sub("", f"\n\n{text}")
    article = read_markup(
        f"<body>{_STARS_RE.sub('', _parser().render(_bounded(text)))}</body>",
        source=source,
        title=fields.get("title"),
        author=fields.get("author") or fields.get("byline"),
        published=fields.get("date") or fields.get("published_time") or fields.get("published"),
        language=fields.get("lang") or fields.get("language"),
    )
    return with_remarks(article, remarks)


def _bounded(text: str) -> str:
    """The text with the brackets of a block that has far too many as plain characters: the parser
    tries each of them as a link, to the end of the block."""
    if text.count("[") <= _MOST_BRACKETS:
        return text
    made, done = [], 0
    for end in [*(one.end() for one in _BLOCKS_RE.finditer(text)), len(text)]:
        block = text[done:end]
        many = block.count("[") > _MOST_BRACKETS
        made.append(block.replace("[", "&#91;") if many else block)
        done = end
    return "".join(made)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": _MOST_NESTED}).enable("table").disable("code")


def _fields(front: str) -> dict[str, str]:
    """Top-level scalars of a YAML front matter, keys in lower case; the rest is not needed.

    A quoted scalar may go on in indented lines, which fold to one space.
    """
    found: dict[str, str] = {}
    key = None
    for line in front.split("\n"):
        field = _FIELD_RE.match(line)
        if field is not None:
            key = field.group(1).lower().strip()
            found.setdefault(key, field.group(2).strip())
        elif key is not None and line[:1].isspace() and not line.strip().startswith("- "):
            found[key] = f"{found[key]} {line.strip()}".strip()
    return {name: _scalar(value) for name, value in found.items()}


def _scalar(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPE_RE.sub(_unescaped, value[1:-1])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return value


def _unescaped(match: regex.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code:
        character = chr(int(code, 16))
        return "\ufffd" if "\ud800" <= character <= "\udfff" else character
    return _NAMED.get(match.group(3), match.group(3))
