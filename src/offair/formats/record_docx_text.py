"""Words as Word wants them: runs by direction and language, characters that XML can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from unicodedata import bidirectional

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from offair.formats.record_docx_styles import mark_style
from offair.model.transcript import Mark

_FORBIDDEN_RE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS_RE = re.compile(r"\r\n|\r|\n")
_PIECES_RE = re.compile(r"[^\n\t]+|\n|\t")
_BREAKS = {"\n": "w:br", "\t": "w:tab"}
Element = Any
"""An element of WordprocessingML; the library gives them no static types."""


def holdable(text: str) -> str:
    """The text as a Word file can hold it: one kind of line end, and U+FFFD for each character that
    XML forbids. Its length changes only where a line ended in two characters."""
    return _FORBIDDEN_RE.sub("\N{REPLACEMENT CHARACTER}", _BREAKS_RE.sub("\n", text))


def right_to_left(text: str, otherwise: bool = False) -> bool:
    """Whether a paragraph runs from right to left, by its first strong letter (UAX #9, P2)."""
    for one in text:
        kind = bidirectional(one)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return otherwise


def paragraph(style: str, *, rtl: bool = False, bookmark: tuple[int, str] | None = None) -> Element:
    """An empty paragraph. style: its id. bookmark: number and name, unique in the document."""
    made = OxmlElement("w:p")
    rules = OxmlElement("w:pPr")
    rules.append(_with("w:pStyle", style))
    if rtl:
        rules.append(OxmlElement("w:bidi"))
    made.append(rules)
    if bookmark is not None:
        number, name = bookmark
        start, end = OxmlElement("w:bookmarkStart"), _with_id("w:bookmarkEnd", number)
        start.set(qn("w:id"), str(number))
        start.set(qn("w:name"), name)
        made.append(start)
        made.append(end)
    return made


def runs(
    text: str, *, rtl: bool, language: str | None = None, style: str | None = None
) -> Iterator[Element]:
    """The text as runs that hold letters of one direction each. rtl: of the paragraph, which
    decides for what has none at its start. language: BCP 47, None where unknown."""
    text = holdable(text)
    for piece, backwards in _directions(text, rtl):
        run = OxmlElement("w:r")
        rules = OxmlElement("w:rPr")
        if style is not None:
            rules.append(_with("w:rStyle", style))
        if backwards:
            rules.append(OxmlElement("w:rtl"))
        if language not in (None, "", "und"):
            tag = OxmlElement("w:lang")
            tag.set(qn("w:bidi" if backwards else "w:val"), str(language))
            rules.append(tag)
        if len(rules):
            run.append(rules)
        for part in _PIECES_RE.findall(piece):
            if part in _BREAKS:
                run.append(OxmlElement(_BREAKS[part]))
                continue
            words = OxmlElement("w:t")
            words.text = part
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(words)
        yield run


def marked_runs(
    text: str, marks: Sequence[Mark], ids: dict[str, str], *, rtl: bool, language: str
) -> Iterator[Element]:
    """The text with every mark as a character style. ids: of the styles by name. Where marks
    overlap, the later one has the letters, for Word gives a letter one style."""
    edges = sorted({0, len(text), *(at for m in marks for at in (m.char_start, m.char_end))})
    for start, end in pairwise(edges):
        over = [one for one in marks if one.char_start <= start and end <= one.char_end]
        last = over[-1] if over else None
        style = ids[mark_style(last.kind, confirmed=last.confirmed)] if last else None
        yield from runs(text[start:end], rtl=rtl, language=language, style=style)


def field(instruction: str, shown: str) -> list[Element]:
    """A complex field: what Word works out, and what is shown until it has."""
    made = []
    for part in ("begin", instruction, "separate", shown, "end"):
        run = OxmlElement("w:r")
        if part in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), part)
            run.append(mark)
        else:
            words = OxmlElement("w:instrText" if part is instruction else "w:t")
            words.text = part
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(words)
        made.append(run)
    return made


def _directions(text: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    """Stretches of one direction; what has none of its own goes with what stands before it."""
    start, current, strong = 0, rtl, False
    for place, one in enumerate(text):
        kind = bidirectional(one)
        if kind not in ("L", "R", "AL"):
            continue
        backwards = kind != "L"
        if backwards != current:
            if strong or (place and rtl == current):
                yield text[start:place], current
                start = place
            current = backwards
        strong = True
    if text[start:]:
        yield text[start:], current


def _with(tag: str, value: str) -> Element:
    made = OxmlElement(tag)
    made.set(qn("w:val"), value)
    return made


def _with_id(tag: str, number: int) -> Element:
    made = OxmlElement(tag)
    made.set(qn("w:id"), str(number))
    return made
