"""An article from a web page: its paragraphs, without navigation, scripts and hidden parts.

The page is only parsed: nothing is fetched, no entity but those of HTML is known, and a page
nested deeper than any honest one is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import lxml.html
import regex
from lxml import etree

from offair.formats.article_encoding import decode_article
from offair.formats.article_text import article_of
from offair.model.article import Article, BlockKind
from offair.model.errors import BadInput
from offair.text.normalise import word_set

_SILENT = frozenset(("script", "style", "template", "head", "title", "meta", "link"))
_LEFT_OUT = {
    "nav": "navigation", "noscript": "words for browsers without scripts", "form": "a form",
    "iframe": "an embedded page", "object": "an embedded object", "embed": "an embedded object",
    "svg": "a drawing", "math": "a formula", "canvas": "a drawing", "select": "a form",
    "textarea": "a form", "button": "a button", "audio": "a player", "video": "a player",
    "footer": "a footer", "header": "a site header", "menu": "navigation", "dialog": "a dialog",
}  # fmt: skip
_BLOCKS = word_set(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th "
    "thead tr ul caption"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN_RE = regex.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
)
_NOTE_MARK_RE = regex.compile(r"\s*+[\[(]?\s*+(?:\d{1,3}|[a-z*†‡])\s*+[\])]?\s*+")
_BREAKS_RE = regex.compile(r"\n\s*\n\s*")
_LARGEST_SHARE = 0.4
_TAG_RE = regex.compile(
    r"""<[A-Za-z](?:[^\s/>=]++|[\s/]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)){0,8000}+"""
)
"""A tag up to its `>`, or as far as is needed to know that it has too many attributes."""
_QUOTED_RE = regex.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_MOST_ATTRIBUTES = 1_000
"""Of one tag; the parser's time grows with the square of them, and no page has so many."""
MOST_TAGS = 500_000
"""Tags of a page, opening and closing; the longest pages have a fifth of them."""


def read(data: bytes, *, source: str) -> Article:
    """The article in a web page. Raises `BadInput` where it holds no words or is nested too deep.

    Where one `<article>`, or a `<main>`, holds the greater part of the page's words, only that
    is read.
    """
    text, remarks = decode_article(data, source=source, markup=True)
    return read_markup(text, source=source, remarks=remarks)


def read_markup(
    text: str,
    *,
    source: str,
    remarks: tuple[str, ...] = (),
    title: str | None = None,
    author: str | None = None,
    published: str | None = None,
    language: str | None = None,
) -> Article:
    """The article in HTML already decoded; what is named here goes before what the page says."""
    page = _parsed(text, source)
    root = _root(page)
    if root.tag in ("article", "main"):
        remarks = (*remarks, f"of the page, what stands in its <{root.tag}> was read")
    blocks = _Blocks()
    for block in _walk(root, blocks):
        blocks.found.append(block)
    left_out = [
        f"left out: {what}" + (f" ({count} times)" if count > 1 else "")
        for what, count in sorted(blocks.left_out.items())
    ]
    return article_of(
        blocks.found,
        source=source,
        title=title or _title(page, root),
        author=author or _meta(page, ("author", "article:author", "parsely-author")),
        published=published or _published(page, root),
        language=language or root.get("lang") or page.get("lang"),
        remarks=(*remarks, *left_out),
    )


def read_blocks(
    data: bytes, *, source: str
) -> tuple[tuple[tuple[str, BlockKind], ...], tuple[str, ...]]:
    """The blocks of a whole page or of a piece of one as they stand, line breaks as line ends; and
    what was left out, as sentences. Raises as `read`."""
    text, remarks = decode_article(data, source=source, markup=True)
    blocks = _Blocks()
    found = tuple(_walk(_parsed(text, source), blocks))
    left_out = [f"left out: {what}" for what in sorted(blocks.left_out)]
    return found, (*remarks, *left_out)


def _parsed(text: str, source: str) -> lxml.html.HtmlElement:
    tags = text.count("<")
    if tags > MOST_TAGS:
        raise BadInput(
            f"{source}: holds {tags:,} tags, more than the {MOST_TAGS:,} a page may have; "
            "give the article's text alone"
        )
    for tag in _TAG_RE.finditer(text):
        if tag.end() - tag.start() <= 2 * _MOST_ATTRIBUTES:
            continue
        if len(_QUOTED_RE.sub(" ", tag.group()).split()) > _MOST_ATTRIBUTES:
            raise BadInput(
                f"{source}: has a tag with more than {_MOST_ATTRIBUTES:,} attributes, which no "
                "article has; give its text alone"
            )
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True,
        # With this set the limit of depth is 2,048 and not 256; our own limit of bytes remains.
        huge_tree=True,
    )  # fmt: skip
    try:
        page = lxml.html.document_fromstring(
            text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True
        )
    except etree.LxmlError:
        raise BadInput(f"{source}: holds no words; give the article's text") from None
    if any("RESOURCE_LIMIT" in entry.type_name for entry in parser.error_log):
        raise BadInput(
            f"{source}: is nested deeper than a page may be, so its end would be lost; "
            "give the article's text alone"
        )
    return page


def _root(page: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    body = page.find("body")
    whole = body if body is not None else page
    words = _length(whole)
    for name in ("article", "main"):
        found = list(whole.iter(name))
        if len(found) == 1 and _length(found[0]) >= _LARGEST_SHARE * words:
            return found[0]
    return whole


def _length(element: lxml.html.HtmlElement) -> int:
    """Characters of words in it, without those of scripts and navigation."""
    total = 0
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, one in walker:
        if event == "start":
            if one.tag in _SILENT or one.tag in ("nav", "footer"):
                walker.skip_subtree()
                continue
            total += len((one.text or "").strip())
        if event == "end" and one is not element:
            total += len((one.tail or "").strip())
    return total


class _Blocks:
    """What is being put together: the words since the last edge of a block, and what was left."""

    def __init__(self) -> None:
        self.found: list[tuple[str, BlockKind]] = []
        self.left_out: Counter[str] = Counter()
        self.words: list[str] = []
        self.quotes = 0
        self.kinds: list[BlockKind] = []

    def kind(self) -> BlockKind:
        """What the words gathered now are part of."""
        if self.quotes:
            return BlockKind.QUOTE
        return self.kinds[-1] if self.kinds else BlockKind.PARAGRAPH

    def flush(self) -> Iterator[tuple[str, BlockKind]]:
        """End the block: its words, in more than one paragraph where empty lines stand inside."""
        text = "".join(self.words)
        self.words = []
        for piece in _BREAKS_RE.split(text):
            if piece.strip():
                yield piece, self.kind()


def _walk(root: lxml.html.HtmlElement, blocks: _Blocks) -> Iterator[tuple[str, BlockKind]]:
    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: set[lxml.html.HtmlElement] = set()
    for event, element in walker:
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if element is not root and _skip(element, name, blocks):
                skipped.add(element)
                walker.skip_subtree()
                continue
            yield from _begin(element, name, blocks)
            continue
        if element in skipped:
            skipped.discard(element)
        else:
            yield from _end(name, blocks)
        if element is not root and element.tail:
            blocks.words.append(_plain(element.tail))


def _skip(element: lxml.html.HtmlElement, name: str, blocks: _Blocks) -> bool:
    if name in _SILENT:
        return True
    if name == "sup" and element.find(".//a") is not None:
        # A reference to a note, not a word of the sentence.
        return _NOTE_MARK_RE.fullmatch(element.text_content()) is not None
    why = None
    if name in _LEFT_OUT:
        inside = name in ("footer", "header")
        parent = element.getparent()
        # Inside an article or a block quotation they hold the headline or the attribution.
        if not inside or (parent is not None and parent.tag == "body"):
            why = _LEFT_OUT[name]
    elif (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN_RE.search(element.get("style") or "")
    ):
        why = "a hidden part"
    if why is not None:
        if element.text_content().strip():
            blocks.left_out[why] += 1
        return True
    return False


def _begin(
    element: lxml.html.HtmlElement, name: str, blocks: _Blocks
) -> Iterator[tuple[str, BlockKind]]:
    if name in _BLOCKS:
        yield from blocks.flush()
    if name == "blockquote":
        blocks.quotes += 1
    elif name in _HEADINGS:
        blocks.kinds.append(BlockKind.HEADING)
    elif name == "li":
        blocks.kinds.append(BlockKind.LIST_ITEM)
    elif name in ("td", "th"):
        blocks.kinds.append(BlockKind.CELL)
    elif name == "br":
        blocks.words.append("\n")
    elif name == "q":
        blocks.words.append("“")
    if element.text:
        blocks.words.append(element.text if name == "pre" else _plain(element.text))


def _end(name: str, blocks: _Blocks) -> Iterator[tuple[str, BlockKind]]:
    if name == "q":
        blocks.words.append("”")
    if name in _BLOCKS:
        yield from blocks.flush()
    if name == "blockquote":
        blocks.quotes -= 1
    elif name in _HEADINGS or name in ("li", "td", "th"):
        blocks.kinds.pop()


def _plain(text: str) -> str:
    # Line ends of the source are spaces; only <br> and <pre> break lines.
    return text.replace("\n", " ")


def _title(page: lxml.html.HtmlElement, root: lxml.html.HtmlElement) -> str | None:
    named = _meta(page, ("og:title",))
    if named:
        return named
    headings = list(root.iter("h1"))
    if len(headings) == 1 and headings[0].text_content().strip():
        return str(headings[0].text_content())
    title = page.find(".//title")
    return str(title.text_content()) if title is not None else None


def _published(page: lxml.html.HtmlElement, root: lxml.html.HtmlElement) -> str | None:
    named = _meta(
        page, ("article:published_time", "datepublished", "date", "dc.date", "parsely-pub-date")
    )
    if named:
        return named
    time = root.find(".//time[@datetime]")
    return time.get("datetime") if time is not None else None


def _meta(page: lxml.html.HtmlElement, names: tuple[str, ...]) -> str | None:
    found: dict[str, str] = {}
    for one in page.iter("meta"):
        key = one.get("property") or one.get("name") or one.get("itemprop")
        if key and one.get("content"):
            found.setdefault(key.lower(), one.get("content") or "")
    return next((found[name] for name in names if name in found), None)
