"""The words of a paragraph as HTML: its marks, and its sentences, each with an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from offair.formats.page_words import ENGLISH, PageWords, worded
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


KINDS = (
    worded("insertion"),
    worded("replacement"),
    worded("gloss"),
    worded("language"),
    worded("original word"),
    worded("cut"),
    worded("omission"),
    worded("ellipsis"),
    worded("stage"),
    worded("unclear"),
    worded("sic"),
    worded("clock"),
)
"""What a mark can be, as `MarkKind` has it; a test holds the two together."""


def marked(
    text: str,
    marks: Sequence[Mark],
    start: int = 0,
    end: int | None = None,
    *,
    words: PageWords = ENGLISH,
) -> Markup:
    """A stretch of the text with its marks as spans; where marks overlap the shared part has all
    their kinds. start, end: of the stretch, by default the whole. words: say what a mark is."""
    end = len(text) if end is None else end
    inside = (at for one in marks for at in (one.char_start, one.char_end))
    edges = sorted({start, end, *(at for at in inside if start < at < end)})
    html = Markup()
    for begin, stop in pairwise(edges):
        over = [mark for mark in marks if mark.char_start <= begin and stop <= mark.char_end]
        piece = escape(text[begin:stop])
        if over:
            css = " ".join(dict.fromkeys(css_of(mark) for mark in over))
            title = "; ".join(dict.fromkeys(title_of(mark, words) for mark in over))
            piece = Markup('<span class="mark {}" title="{}">{}</span>').format(css, title, piece)
        html += piece
    return html


def pieces_of(
    part: Paragraph, clip: ClipClock, player: str | None, offset: Ms, words: PageWords = ENGLISH
) -> tuple[Piece, ...]:
    """The sentences of a paragraph and what stands between them. player: the address of the media
    file that is played, None without one; offset: where the clip begins in it, ms."""
    return tuple(_pieces(part, clip, player, offset, words))


def _pieces(
    part: Paragraph, clip: ClipClock, player: str | None, offset: Ms, words: PageWords
) -> Iterator[Piece]:
    at = 0
    for one in part.sentences:
        if one.char_start > at:
            yield Piece(marked(part.text, part.marks, at, one.char_start, words=words))
        shown = clip.to_clip(one.span) if one.span is not None else None
        said = marked(part.text, part.marks, one.char_start, one.char_end, words=words)
        if shown is None:
            yield Piece(said, one.key)
        else:
            start, end = shown.start + offset, shown.end + offset
            play = f"{player}#t={start / 1000}" if player else None
            yield Piece(said, one.key, start, end, play)
        at = one.char_end
    if at < len(part.text):
        yield Piece(marked(part.text, part.marks, at, len(part.text), words=words))


def css_of(mark: Mark) -> str:
    """The classes of a mark."""
    kind = mark.kind.value.replace(" ", "-")
    return kind if mark.confirmed else f"{kind} unconfirmed"


def title_of(mark: Mark, words: PageWords = ENGLISH) -> str:
    """What a mark is, in words."""
    parts = [words.say(mark.kind.value)]
    if mark.sense:
        parts.append(words.say(mark.sense))
    if not mark.confirmed:
        parts.append(words.say(worded("kind not confirmed")))
    return words.say(worded(", ")).join(parts)
