"""An article from Word: paragraphs, tables, notes and text boxes; what is not read is said.

The package is weighed before anything of it is unpacked; a part with a document type is refused,
so no entity can grow. Macros are never run.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from docx.opc.exceptions import OpcError
from docx.opc.part import Part, XmlPart
from docx.oxml.parser import parse_xml
from docx.package import Package
from lxml import etree

from offair.formats.article_text import article_of
from offair.model.article import Article, BlockKind
from offair.model.errors import BadInput

LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_PART = 64 * 1024 * 1024
MOST_PARTS = 5_000
MOST_TAGS = 2_000_000
"""A package beyond these is refused before it is unpacked."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "\u2011"}
_NOT_THERE = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", _FALLBACK))
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, OpcError, KeyError, ValueError, EOFError,
    struct.error, NotImplementedError, RuntimeError, AttributeError, IndexError, TypeError, OSError,
)  # fmt: skip
"""What the libraries raise on packages that are not what they claim; RecursionError is among the
RuntimeErrors."""


@dataclass(frozen=True, slots=True)
class WordText:
    """What stands in a Word file, before anything is made of it. Title, author and language as the
    file names them; remarks: what was left out, as sentences."""

    blocks: tuple[tuple[str, BlockKind], ...]
    title: str | None
    author: str | None
    language: str | None
    remarks: tuple[str, ...]


def read(data: bytes, *, source: str) -> Article:
    """The article in a DOCX or DOCM file. Raises `BadInput` where it is damaged, a bomb, another
    kind of package, or without words.

    Tracked insertions are words, tracked deletions are not. Footnotes and endnotes follow the
    text; headers, footers and comments are left out and said.
    """
    found = read_blocks(data, source=source)
    return article_of(
        found.blocks,
        source=source,
        title=found.title,
        author=found.author,
        language=found.language,
        remarks=found.remarks,
    )


def read_blocks(data: bytes, *, source: str) -> WordText:
    """The paragraphs of a DOCX or DOCM file as they stand, empty ones too, line breaks as `\\n`.
    Raises as `read`."""
    names = _weighed(data, source)
    try:
        package = Package.open(io.BytesIO(data))
        main = package.main_document_part
        body = _element(main).find(f"{_W}body")
        if body is None:
            raise BadInput(f"{source}: is no Word document inside; save it again as .docx")
        quotes = _Styles.of(main)
        notes = [
            block
            for kind in ("footnotes", "endnotes")
            for part in _related(main, kind)
            for block in _notes(_element(part), kind)
        ]
        blocks = [*_blocks(body, quotes), *notes]
        remarks = _remarks(main, body, names, len(notes))
        title, author, language = _core(package)
        title = title or _styled_title(body, quotes)
    except _DAMAGE as error:
        raise BadInput(
            f"{source}: is damaged or no Word document ({type(error).__name__}); "
            "open it in Word and save it again as .docx, or give its text"
        ) from None
    return WordText(tuple(blocks), title, author, language, tuple(remarks))


def read_styled(data: bytes, *, source: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every paragraph of the body in order: the name of its style, and its runs as (name of the
    character style, words); names are empty where there are none. Raises as `read`."""
    _weighed(data, source)
    try:
        main = Package.open(io.BytesIO(data)).main_document_part
        named = {
            style.get(f"{_W}styleId", ""): name.get(f"{_W}val", "")
            for part in _related(main, "styles")
            for style in _element(part).iter(f"{_W}style")
            for name in style.iterfind(f"{_W}name")
        }
        body = _element(main).find(f"{_W}body")
        paragraphs = [] if body is None else list(body.iter(f"{_W}p"))
        return [
            (named.get(_style(one), ""), tuple(_runs(one, named)))
            for one in paragraphs
            if _NOT_THERE.isdisjoint(above.tag for above in one.iterancestors())
        ]
    except _DAMAGE as error:
        raise BadInput(
            f"{source}: is damaged or no Word document ({type(error).__name__}); "
            "open it in Word and save it again as .docx, or give its text"
        ) from None


def _runs(paragraph: etree._Element, named: dict[str, str]) -> Iterator[tuple[str, str]]:
    walker = etree.iterwalk(paragraph, events=("start",))
    for _, one in walker:
        if one is not paragraph and (one.tag in _NOT_THERE or one.tag == f"{_W}p"):
            walker.skip_subtree()
        elif one.tag == f"{_W}r":
            style = one.find(f"{_W}rPr/{_W}rStyle")
            words = "".join("\t" if each.tag == f"{_W}tab" else said
                            for each in one for said in _words(each))  # fmt: skip
            if words:
                yield named.get(style.get(f"{_W}val", ""), "") if style is not None else "", words


def _weighed(data: bytes, source: str) -> frozenset[str]:
    """Names of the parts, once the package is known to be bounded and without document types."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            size = sum(entry.file_size for entry in entries)
            largest = max((entry.file_size for entry in entries), default=0)
            if len(entries) > MOST_PARTS or size > LARGEST_UNPACKED or largest > LARGEST_PART:
                raise BadInput(
                    f"{source}: would unpack to {size:,} bytes in {len(entries):,} parts, more "
                    "than an article may have; give its text alone"
                )
            names = frozenset(entry.filename for entry in entries)
            if any(entry.flag_bits & 1 for entry in entries):
                raise BadInput(f"{source}: is locked with a password; save it without one")
            if "word/document.xml" not in names and not any(
                name.startswith("word/") for name in names
            ):
                raise BadInput(
                    f"{source}: is a package of another kind than Word's; give plain text, "
                    "Markdown, HTML or DOCX"
                )
            for entry in entries:
                if not entry.filename.endswith((".xml", ".rels")):
                    continue
                part = package.read(entry)
                if part.count(b"<") > MOST_TAGS:
                    raise BadInput(
                        f"{source}: its part {entry.filename[:60]} holds more than {MOST_TAGS:,} "
                        "tags; give the article's text alone"
                    )
                plain = part.replace(b"\0", b"")  # of UTF-16 what XML itself is written with
                if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                    raise BadInput(f"{source}: declares entities, which no Word file does; refused")
                if entry.filename == "word/document.xml" and (
                    _STRICT in part and _TRANSITIONAL not in part
                ):
                    raise BadInput(
                        f"{source}: is in the strict form of DOCX, which is not read; "
                        "save it as an ordinary .docx"
                    )
    except _DAMAGE as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(
            f"{source}: is a damaged package ({type(error).__name__}); save it again as .docx"
        ) from None
    return names


def _element(part: Part) -> etree._Element:
    found: etree._Element = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
    return found


def _related(part: Part, kind: str) -> list[Part]:
    return [
        one.target_part
        for one in part.rels.values()
        if not one.is_external and one.reltype.endswith(f"/{kind}")
    ]


@dataclass(frozen=True)
class _Styles:
    """Ids of paragraph styles that set headings and block quotations."""

    headings: frozenset[str]
    quotes: frozenset[str]
    titles: frozenset[str] = frozenset()

    @classmethod
    def of(cls, main: Part) -> _Styles:
        headings, quotes, titles = set(), set(), set()
        for part in _related(main, "styles"):
            for style in _element(part).iter(f"{_W}style"):
                key, name = style.get(f"{_W}styleId", ""), style.find(f"{_W}name")
                label = (name.get(f"{_W}val", "") if name is not None else "").lower()
                if label == "title":
                    titles.add(key)
                if label.startswith(("heading", "title", "subtitle")):
                    headings.add(key)
                elif label in ("quote", "intense quote", "block text", "block quote"):
                    quotes.add(key)
        return cls(frozenset(headings), frozenset(quotes), frozenset(titles))

    def kind(self, paragraph: etree._Element, otherwise: BlockKind) -> BlockKind:
        """What a paragraph is by its style, or because it is numbered."""
        rules = paragraph.find(f"{_W}pPr")
        if rules is None:
            return otherwise
        name = _style(paragraph)
        if name in self.headings:
            return BlockKind.HEADING
        if name in self.quotes:
            return BlockKind.QUOTE
        if rules.find(f"{_W}numPr") is not None and otherwise is BlockKind.PARAGRAPH:
            return BlockKind.LIST_ITEM
        return otherwise


def _style(paragraph: etree._Element) -> str:
    """The id of a paragraph's style, empty where it has none of its own."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val", "") if style is not None else ""


def _styled_title(body: etree._Element, styles: _Styles) -> str | None:
    """The words of the first paragraph that is set in the style Title."""
    for paragraph in body.iter(f"{_W}p"):
        if _style(paragraph) in styles.titles:
            words = "".join(_words(paragraph)).strip()
            if words:
                return words
    return None


_NO_STYLES = _Styles(frozenset(), frozenset())


def _blocks(
    body: etree._Element, styles: _Styles, otherwise: BlockKind = BlockKind.PARAGRAPH
) -> Iterator[tuple[str, BlockKind]]:
    """Every paragraph below an element in reading order; those of a text box after their own."""
    parent, there, inside = None, True, otherwise
    for paragraph in body.iter(f"{_W}p"):
        if paragraph.getparent() is not parent:
            parent = paragraph.getparent()
            above = [one.tag for one in paragraph.iterancestors()]
            there = _NOT_THERE.isdisjoint(above)
            inside = BlockKind.CELL if f"{_W}tc" in above else otherwise
        if not there:
            continue
        for piece in "".join(_words(paragraph)).split("\n\n"):
            yield piece, styles.kind(paragraph, inside)


def _words(element: etree._Element) -> Iterator[str]:
    """The words of a paragraph or of a part of one, without those of paragraphs inside it."""
    walker = etree.iterwalk(element, events=("start",))
    for _, one in walker:
        if one is not element and (one.tag in _NOT_THERE or one.tag == f"{_W}p"):
            walker.skip_subtree()
        elif one.tag == f"{_W}t":
            yield one.text or ""
        elif one.tag in _BREAKS:
            yield _BREAKS[one.tag]


def _notes(notes: etree._Element, kind: str) -> Iterator[tuple[str, BlockKind]]:
    for note in notes.iter(f"{_W}{kind.removesuffix('s')}"):
        # Separators between text and notes are kept as notes of a type of their own.
        if note.get(f"{_W}type", "normal") == "normal":
            yield from _blocks(note, _NO_STYLES, BlockKind.NOTE)


def _remarks(main: Part, body: etree._Element, names: frozenset[str], notes: int) -> list[str]:
    remarks = []
    if notes:
        remarks.append(f"{notes} paragraphs of footnotes and endnotes stand after the text")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        remarks.append("the file holds macros; they were neither read nor run")
    for kind, what in (("comments", "comments"), ("header", "headers"), ("footer", "footers")):
        said = [
            one for part in _related(main, kind) if "".join(_element(part).itertext()).strip()
            for one in (part,)
        ]  # fmt: skip
        if said:
            remarks.append(f"left out: {what}")
    deleted = sum(1 for _ in body.iter(f"{_W}delText"))
    if deleted:
        remarks.append("tracked deletions were left out, tracked insertions read as text")
    return remarks


def _core(package: Package) -> tuple[str | None, str | None, str | None]:
    if not any(rel.reltype == _CORE for rel in package.rels.values()):
        return None, None, None  # the library would make up a title
    core = package.core_properties
    return core.title or None, core.author or None, core.language or None
