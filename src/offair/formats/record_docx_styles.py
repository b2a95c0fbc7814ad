"""The styles of a record in Word: what each paragraph and each mark is called, and how it looks.

The names are how our reader knows the parts again, so they belong to the format.
"""

from __future__ import annotations

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from offair.model.transcript import MarkKind

HEADLINE = "Record Headline"
KICKER = "Record Number"
NOTICE = "Record Notice"
FACT = "Record Fact"
SECTION = "Record Section"
SUMMARY = "Record Summary"
TURN = "Record Turn"
SPEECH = "Record Speech"
STANDING = "Record Mark"
ORIGINAL = "Record Original"
CITATION = "Record Citation"
CONTENTS = "Record Contents"
FIELD = "Record Field"
SPEAKER = "Record Speaker"
TIME = "Record Time"
TAG = "Record Tag"
UNCONFIRMED = " unconfirmed"
"""Ends the style of a mark whose kind nobody confirmed."""

_GREY = RGBColor(0x5C, 0x60, 0x66)
_FLAG = RGBColor(0x7A, 0x3B, 0x00)
_MARK = RGBColor(0x6A, 0x3F, 0x8E)
_LATIN, _COMPLEX = "Georgia", "Noto Naskh Arabic"


def mark_style(kind: MarkKind, *, confirmed: bool) -> str:
    """The character style of a mark."""
    return f"Mark {kind.value}" + ("" if confirmed else UNCONFIRMED)


MARK_STYLES = {
    mark_style(kind, confirmed=confirmed): (kind, confirmed)
    for kind in MarkKind
    for confirmed in (True, False)
}
"""Which mark a character style stands for, and whether it is confirmed."""


def empty_document() -> WordDocument:
    """A document without text that knows every style of a record."""
    made = Document()
    body = made.element.body
    for one in list(body):
        if one.tag != qn("w:sectPr"):
            body.remove(one)
    normal = made.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101 - narrows what the library types widely
    _font(normal, 11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size, bold, color, after in (
        (KICKER, 9, False, _GREY, 2),
        (NOTICE, 11, True, _FLAG, 8),
        (FACT, 9.5, False, None, 1),
        (SUMMARY, 11, False, None, 6),
        (TURN, 11, False, None, 6),
        (SPEECH, 11, False, None, 6),
        (STANDING, 10, False, _MARK, 6),
        (ORIGINAL, 10.5, False, None, 6),
        (CITATION, 9.5, False, None, 6),
        (CONTENTS, 11, False, None, 4),
    ):
        style = _paragraph_style(made, name, size, bold=bold, color=color)
        style.paragraph_format.space_after = Pt(after)
    _heading(made, HEADLINE, 18, 0)
    _heading(made, SECTION, 11, 1).font.color.rgb = _GREY
    for name in (FIELD, TIME, TAG):
        _character_style(made, name).font.color.rgb = _GREY
    _character_style(made, SPEAKER).font.bold = True
    for name, (kind, confirmed) in MARK_STYLES.items():
        one = _character_style(made, name)
        one.font.color.rgb = _MARK
        one.font.italic = kind in (MarkKind.STAGE, MarkKind.LANGUAGE, MarkKind.GLOSS)
        one.font.bold = kind in (MarkKind.CUT, MarkKind.OMISSION)
        one.font.underline = True if kind is MarkKind.UNCLEAR or not confirmed else None
    return made


def _paragraph_style(
    made: WordDocument, name: str, size: float, *, bold: bool = False, color: RGBColor | None = None
) -> ParagraphStyle:
    style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - as above
    style.base_style = made.styles["Normal"]
    _font(style, size)
    style.font.bold = bold or None
    if color is not None:
        style.font.color.rgb = color
    return style


def _heading(made: WordDocument, name: str, size: float, level: int) -> ParagraphStyle:
    style = _paragraph_style(made, name, size, bold=True)
    style.paragraph_format.keep_with_next = True
    style.paragraph_format.space_before = Pt(12)
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    style.element.get_or_add_pPr().append(outline)
    return style


def _character_style(made: WordDocument, name: str) -> CharacterStyle:
    style = made.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    assert isinstance(style, CharacterStyle)  # noqa: S101 - as above
    return style


def _font(style: CharacterStyle, size: float) -> None:
    """Font and size, also of the scripts that Word calls complex."""
    style.font.name = _LATIN
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name, value in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _COMPLEX)):
        fonts.set(qn(f"w:{name}"), value)
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(round(size * 2)))
    style.element.get_or_add_rPr().append(complex_size)
