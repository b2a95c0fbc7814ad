"""The words of a paragraph as HTML: its marks, and its sentences, each with an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from offair.formats.record_cues import ClipClock
from offair.model.record import Paragraph
from offair.model.time import Ms
from offair.model.transcript import Mark


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a paragraph, or what stands between two. key: of a sentence, else None. start,
    end: in the media file that is played, ms; play: the address that plays it; None where unknown.
    """

    text: Markup
    key: str | None = None
    start: Ms | None = None
    end: Ms | None = None
    play: str | None = None


def marked(text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None) -> Markup:
    """A stretch of the text with its marks as spans; where marks overlap the shared part has all
    their kinds. start, end: of the stretch, by default the whole."""
    end = len(text) if end is None else end
    inside = (at for one in marks for at in (one.char_start, one.char_end))
    edges = sorted({start, end, *(at for at in inside if start < at < end)})
    html = Markup()
    for begin, stop in pairwise(edges):
        over = [mark for mark in marks if mark.char_start <= begin and stop <= mark.char_end]
        piece = escape(text[begin:stop])
        if over:
            css = " ".join(dict.fromkeys(css_of(mark) for mark in over))
            title = "; ".join(dict.fromkeys(title_of(mark) for mark in over))
            piece = Markup('<span class="mark {}" title="{}">{}</span>').format(css, title, piece)
        html += piece
    return html


def pieces_of(
    part: Paragraph, clip: ClipClock, player: str | None, offset: Ms
) -> tuple[Piece, ...]:
    """The sentences of a paragraph and what stands between them. player: the address of the media
    file that is played, None without one; offset: where the clip begins in it, ms."""
    return tuple(_pieces(part, clip, player, offset))


def _pieces(part: Paragraph, clip: ClipClock, player: str | None, offset: Ms) -> Iterator[Piece]:
    at = 0
    for one in part.sentences:
        if one.char_start > at:
            yield Piece(marked(part.text, part.marks, at, one.char_start))
        shown = clip.to_clip(one.span) if one.span is not None else None
        words = marked(part.text, part.marks, one.char_start, one.char_end)
        if shown is None:
            yield Piece(words, one.key)
        else:
            start, end = shown.start + offset, shown.end + offset
            play = f"{player}#t={start / 1000}" if player else None
            yield Piece(words, one.key, start, end, play)
        at = one.char_end
    if at < len(part.text):
        yield Piece(marked(part.text, part.marks, at, len(part.text)))


def css_of(mark: Mark) -> str:
    """The classes of a mark."""
    kind = mark.kind.value.replace(" ", "-")
    return kind if mark.confirmed else f"{kind} unconfirmed"


def title_of(mark: Mark) -> str:
    """What a mark is, in words."""
    parts = [mark.kind.value]
    if mark.sense:
        parts.append(mark.sense)
    if not mark.confirmed:
        parts.append("kind not confirmed")
    return ", ".join(parts)
