"""Quotations in running text by their marks, in any language; what is never closed is said.

Marks pair by their own kind and by the words beside them; an apostrophe is none. A quotation may
reopen in the next paragraph, and one that a speech verb interrupts inside one printed sentence
(“…,” he said, “…”) stays one. Quotations inside quotations belong to the outer one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import regex

from offair.model.article import BlockKind, Paragraph

CLOSERS: dict[str, str] = {
    "“": '”"“', "”": "”", "„": "“”\"‟", "‟": "”", "«": "»", "»": "«»", '"': '"”', "＂": "＂",
    "‘": "’'", "‚": "‘’", "‹": "›", "›": "‹›", "'": "'’", "「": "」", "『": "』", "〝": "〞〟",
    "❝": "❞",
}  # fmt: skip
"""Each opening mark with the marks that close it. Some open in one language and close in another;
which they do is told by the words beside them."""

SINGLE = frozenset("‘’‚'")
_ASYMMETRIC = frozenset("「」『』〝〞〟❝❞")
_MARKS_RE = regex.compile(r"[“”„‟«»\"＂‘’‚'‹›「」『』〝〞〟❝❞]")
_OPENS_AFTER = regex.compile(r"[\s\p{Ps}\p{Pi}\p{Pd}/=>:;،,¿¡“„\"'‘\u200e\u200f\u061c]")
_CLOSES_BEFORE = regex.compile(r"[\s\p{Pe}\p{Pf}\p{Pd}.,;:!?…/<،؛؟。、！？\"'”’\u200e\u200f\u061c]")
_NOT_OPENING_RE = regex.compile(
    r"(?i)[’'‘](?:\d0s\b|\d\ds?\b|n[’']?\s|tis\b|twas\b|til\b|em\b|cause\b|bout\b|round\b|ello\b)"
)
_WORD_RE = regex.compile(r"[\p{L}\p{N}]")
_BREAK = "\n\n"
_LONGEST_RUN = 200
"""Paragraphs that one quotation may run over."""
_AHEAD = 60
"""Marks that are looked at ahead, so that a page of nothing but marks takes linear time."""

_TERMINAL_RE = regex.compile(r"""[.!?…؟。！？][\s\p{Pe}\p{Pf}"']*$""")


@dataclass(frozen=True, slots=True)
class Marked:
    """A quotation as its marks bound it.

    char_start, char_end: from the first word to the last, outer marks off. outer_start, outer_end:
    with them. parts: the ranges of its own words, more than one where paragraphs reopen it or an
    attribution interrupts it. paragraph: index of the one it begins in. block: set off as a block
    quotation. mark: the opening mark, empty for a block without marks. closed: whether a mark
    closes it.
    """

    char_start: int
    char_end: int
    outer_start: int
    outer_end: int
    parts: tuple[tuple[int, int], ...]
    paragraph: int
    mark: str
    block: bool = False
    closed: bool = True

    def printed(self, text: str) -> str:
        """The words between the outer marks, as they stand in the article."""
        return text[self.char_start : self.char_end]


@dataclass(frozen=True, slots=True)
class _Open:
    mark: str
    at: int


@dataclass(frozen=True, slots=True)
class _Pair:
    """A top-level quotation inside one paragraph; `end` is past the closing mark, or None where
    none closes it before `limit`."""

    mark: str
    start: int
    end: int | None
    limit: int = 0


def marked_quotations(
    text: str, paragraphs: Sequence[Paragraph]
) -> tuple[tuple[Marked, ...], tuple[str, ...]]:
    """Every quotation of an article in order, none inside another, and remarks on its marks.

    A remark tells of a mark that is never closed (the quotation then runs to the end of its
    paragraph) or that closes nothing.
    """
    found: list[Marked] = []
    remarks: list[str] = []
    index = 0
    while index < len(paragraphs):
        paragraph = paragraphs[index]
        if paragraph.kind is BlockKind.QUOTE:
            index = _block(text, paragraphs, index, found)
            continue
        pairs, stray = _pairs(text, paragraph.char_start, paragraph.char_end)
        remarks += [_stray(text, at) for at in stray]
        index = _take(text, paragraphs, index, pairs, found, remarks) + 1
    with_words = tuple(one for one in found if _WORD_RE.search(text, one.char_start, one.char_end))
    return with_words, tuple(remarks)


def _take(
    text: str,
    paragraphs: Sequence[Paragraph],
    index: int,
    pairs: Sequence[_Pair],
    found: list[Marked],
    remarks: list[str],
) -> int:
    """Keep the quotations of a paragraph; the index of the last paragraph they reach."""
    for pair in pairs:
        if pair.end is None and pair.limit == paragraphs[index].char_end:
            return _carry(text, paragraphs, index, pair, found, remarks)
        end = pair.limit if pair.end is None else pair.end
        inner = _trimmed(text, pair.start + 1, end - (pair.end is not None))
        closed = pair.end is not None
        found.append(Marked(*inner, pair.start, end, (inner,), index, pair.mark, closed=closed))
        if not closed:
            remarks.append(_unclosed(text, pair.start, "the next opening mark"))
    return index


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its edges (French sets one inside its marks)."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return first, max(first, start + len(piece.rstrip()))


def _pairs(text: str, start: int, end: int) -> tuple[list[_Pair], list[int]]:
    """Top-level quotations of one paragraph, and the places of closing marks that close nothing.

    An open single mark that finds no end was an apostrophe. A double mark that finds none is
    handed on with `end` None; at most the last of a paragraph is.
    """
    pairs: list[_Pair] = []
    stray: list[int] = []
    stack: list[_Open] = []
    places = [match.start() for match in _MARKS_RE.finditer(text, start, end)]
    last_close = _last_closing(text, places, start, end)
    odd_straight = sum(text[at] == '"' for at in places) % 2 == 1
    for order, at in enumerate(places):
        mark = text[at]
        ahead = places[order : order + _AHEAD]
        opens, closes = _sides(text, at, start, end)
        if mark == '"' and odd_straight and at > start and text[at - 1].isdigit() and not stack:
            continue  # inches
        depth = _closed_by(mark, stack, opens=opens, closes=closes)
        if depth is not None and mark in SINGLE and _possessive(text, ahead, end):
            continue
        if depth is not None:
            opened = stack[depth]
            del stack[depth:]
            if not stack:
                pairs.append(_Pair(opened.mark, opened.at, at + 1))
            continue
        if not _may_open(text, mark, at, opens=opens, closes=closes):
            if mark in "”»」』❞" and not stack:
                stray.append(at)
            continue
        if mark in SINGLE and last_close.get(mark, -1) <= at:
            continue
        twice = bool(stack) and _same_kind(stack[-1].mark, mark)
        if twice and not _balanced(text, mark, ahead, len(stack)):
            # The first was never closed; where marks enough follow for both, one is inside.
            pairs.append(_Pair(stack[0].mark, stack[0].at, None, at))
            stack.clear()
        stack.append(_Open(mark, at))
    if stack:
        pairs.append(_Pair(stack[0].mark, stack[0].at, None, end))
    return sorted(pairs, key=lambda one: one.start), stray


def _sides(text: str, at: int, start: int, end: int) -> tuple[bool, bool]:
    """Whether the words beside a mark let it open, and let it close."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    opens = bool(_OPENS_AFTER.match(before)) and not after.isspace()
    closes = not before.isspace() and bool(_CLOSES_BEFORE.match(after))
    return opens, closes


def _closed_by(mark: str, stack: Sequence[_Open], *, opens: bool, closes: bool) -> int | None:
    """The place in the stack of the quotation that this mark closes, or None."""
    for depth in range(len(stack) - 1, -1, -1):
        opened = stack[depth].mark
        if mark not in CLOSERS[opened]:
            continue
        if mark in _ASYMMETRIC or (mark in "”»›" and opened != mark):
            return depth
        if closes or (not opens and mark not in SINGLE):
            # `“` closes after `“` only where nothing else can be meant.
            return depth if not (opened == mark == "“" and opens) else None
    return None


def _may_open(text: str, mark: str, at: int, *, opens: bool, closes: bool) -> bool:
    if mark not in CLOSERS:
        return False
    if mark in _ASYMMETRIC:
        return True
    if mark in SINGLE and _NOT_OPENING_RE.match(text, at):
        return False
    if mark in "“„«‟‹‘‚":
        # Clear marks open even where a space follows (French, careless typing).
        return mark not in "‘‚" or opens
    if mark in "»›”":
        return opens and not closes
    return opens and not (closes and at > 0 and text[at - 1].isalnum())


def _possessive(text: str, places: Sequence[int], end: int) -> bool:
    """Whether a single mark that could close is the apostrophe of a plural (`workers’ rights`)."""
    at = places[0]
    if text[at - 1] not in "sSxz" or text[at + 1 : at + 2] != " ":
        return False
    if not text[at + 2 : at + 3].isalpha():
        return False
    for later in places[1:]:
        if text[later] == "‘":
            return False
        if text[later] in "’'" and _sides(text, later, 0, end)[1]:
            return True
    return False


def _last_closing(text: str, places: Sequence[int], start: int, end: int) -> dict[str, int]:
    """For each single opening mark the last place in a paragraph that could close it."""
    last: dict[str, int] = {}
    for at in reversed(places):
        if text[at] not in SINGLE or (len(last) == len(SINGLE)):
            continue
        missing = [one for one in "‘‚'" if one not in last and text[at] in CLOSERS[one]]
        if missing and _sides(text, at, start, end)[1]:
            last.update(dict.fromkeys(missing, at))
    return last


def _balanced(text: str, mark: str, places: Sequence[int], depth: int) -> bool:
    """Whether as many clear closing marks follow as are open and still to be opened."""
    closing = {"“": "”", "«": "»", "„": "“”"}.get(mark)
    if closing is None:
        return False
    opened = depth
    for at in places:
        if text[at] == mark:
            opened += 1
        elif text[at] in closing:
            opened -= 1
            if opened == 0:
                return True
    return False


def _same_kind(one: str, other: str) -> bool:
    return one == other or {one, other} <= {"“", '"', "„"}


def _carry(
    text: str,
    paragraphs: Sequence[Paragraph],
    index: int,
    pair: _Pair,
    found: list[Marked],
    remarks: list[str],
) -> int:
    """Follow a quotation over the paragraphs that reopen it; the last paragraph it takes.

    What follows in that paragraph after its end is read too.
    """
    parts = [_trimmed(text, pair.start + 1, paragraphs[index].char_end)]
    last = index
    reopened = True
    for number in range(index + 1, min(len(paragraphs), index + 1 + _LONGEST_RUN)):
        paragraph = paragraphs[number]
        if paragraph.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            break
        first = text[paragraph.char_start]
        if first == pair.mark or (pair.mark == "«" and first == "»"):
            start = paragraph.char_start + 1
            inside = _closed_at(text, pair.mark, paragraph)
        elif (plain := _closes_later(text, pair.mark, paragraph)) is not None:
            start, inside = paragraph.char_start, plain
            reopened = False
        else:
            break
        last = number
        if inside is None:
            parts.append(_trimmed(text, start, paragraph.char_end))
            continue
        parts.append(_trimmed(text, start, inside))
        first_at, last_at = parts[0][0], parts[-1][1]
        found.append(
            Marked(first_at, last_at, pair.start, inside + 1, tuple(parts), index, pair.mark)
        )
        if not reopened:
            remarks.append(
                f"{_at(text, pair.start)} opens a quotation over {len(parts)} paragraphs that do "
                "not reopen it"
            )
        pairs, stray = _pairs(text, inside + 1, paragraph.char_end)
        remarks.extend(_stray(text, at) for at in stray)
        return _take(text, paragraphs, number, pairs, found, remarks)
    if reopened is False or len(parts) > 1:
        last = index + len(parts) - 1
    end = parts[-1][1]
    remarks.append(_unclosed(text, pair.start, "the end of the paragraph"))
    found.append(
        Marked(parts[0][0], end, pair.start, end, tuple(parts), index, pair.mark, closed=False)
    )
    return last


def _closed_at(text: str, mark: str, paragraph: Paragraph) -> int | None:
    """Where in a paragraph that begins with its mark a quotation is closed; None where it goes on
    to the end."""
    pairs, _ = _pairs(text, paragraph.char_start, paragraph.char_end)
    if not pairs or pairs[0].start != paragraph.char_start:
        # `»` that reopens is no opening mark there: look for its closing one.
        at = text.find("»", paragraph.char_start + 1, paragraph.char_end) if mark == "«" else -1
        return at if at >= 0 else None
    end = pairs[0].end
    return None if end is None else end - 1


def _closes_later(text: str, mark: str, paragraph: Paragraph) -> int | None:
    """The first closing mark of a paragraph, where nothing opens before it."""
    if mark not in "“„«「『":
        return None
    for match in _MARKS_RE.finditer(text, paragraph.char_start, paragraph.char_end):
        one = match.group()
        if one in SINGLE:
            continue
        if one in CLOSERS[mark] and one not in '"“':
            return match.start()
        return None
    return None


def _block(text: str, paragraphs: Sequence[Paragraph], index: int, found: list[Marked]) -> int:
    """A block quotation: its marks where it has them round nearly all of it, else the whole."""
    last = index
    while last + 1 < len(paragraphs) and paragraphs[last + 1].kind is BlockKind.QUOTE:
        last += 1
    ranges = [(one.char_start, one.char_end) for one in paragraphs[index : last + 1]]
    inside: list[Marked] = []
    plain = [
        Paragraph(one.char_start, one.char_end, BlockKind.PARAGRAPH)
        for one in paragraphs[index : last + 1]
    ]
    marked, _ = marked_quotations(text, plain)
    covered = sum(one.outer_end - one.outer_start for one in marked)
    whole = sum(end - start for start, end in ranges)
    if marked and covered >= _COVERED * whole:
        inside = [
            Marked(
                one.char_start, one.char_end, one.outer_start, one.outer_end, one.parts,
                index + one.paragraph, one.mark, block=True, closed=one.closed,
            )
            for one in marked
        ]  # fmt: skip
        found.extend(inside)
        return last + 1
    # Its last paragraph may be a line that says who speaks.
    if len(ranges) > 1 and _SIGNED_RE.match(text, ranges[-1][0]):
        ranges.pop()
    else:
        signed = _SIGNATURE_RE.search(text, *ranges[-1])
        if signed is not None:
            ranges[-1] = (ranges[-1][0], signed.start(1))
    found.append(
        Marked(
            ranges[0][0], ranges[-1][1], ranges[0][0], ranges[-1][1], tuple(ranges), index, "",
            block=True,
        )
    )  # fmt: skip
    return last + 1


_COVERED = 0.6
_SIGNED_RE = regex.compile(r"\s*[—–―-]{1,2}\s*\p{Lu}")
_SIGNATURE_RE = regex.compile(
    r"""(?<=[.!?…؟。][\p{Pf}\p{Pe}"'’]*)(\s+(?:[—–―]|--))\s*(?:\p{Lu}\.|\p{Lu}[^\s.!?]*+)"""
    r"(?:\s(?:\p{Lu}\.|[^\s.!?]++)){0,9}\Z"
)
"""Behind a sentence that has ended: a dash, and a name with at most its office, to the end."""


def _stray(text: str, at: int) -> str:
    return f"{_at(text, at)} closes nothing that was opened"


def _unclosed(text: str, at: int, until: str) -> str:
    return f"{_at(text, at)} is never closed; the words up to {until} were taken"


def _at(text: str, at: int) -> str:
    """A place for a remark: the mark, its character, the words beside it."""
    near = text[max(0, at - 20) : at + 31].replace("\n", " ").strip()
    return f"the quotation mark {text[at]} at character {at} (…{near}…)"


def sentence_of(sentences: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The range of the printed sentences (sorted) that a range touches; itself where none."""
    first = bisect_right(sentences, start, key=itemgetter(1))
    last = bisect_left(sentences, end, key=itemgetter(0))
    if first >= last:
        return start, end
    return min(sentences[first][0], start), max(sentences[last - 1][1], end)


def joined(
    marked: Sequence[Marked], text: str, interruptions: Sequence[bool]
) -> tuple[Marked, ...]:
    """The quotations, each put together with the next where only an interruption parts them.

    interruptions: for each quotation but the last, whether what stands before the next one is one.
    """
    result: list[Marked] = []
    for number, one in enumerate(marked):
        if number and interruptions[number - 1] and result and _follows(result[-1], one, text):
            held = result[-1]
            result[-1] = Marked(
                held.char_start, one.char_end, held.outer_start, one.outer_end,
                (*held.parts, *one.parts), held.paragraph, held.mark, held.block, one.closed,
            )  # fmt: skip
        else:
            result.append(one)
    return tuple(result)


def _follows(one: Marked, other: Marked, text: str) -> bool:
    between = text[one.outer_end : other.outer_start]
    return one.mark == other.mark and one.closed and _BREAK not in between


def between(one: Marked, other: Marked, text: str) -> str | None:
    """What stands between two quotations of one paragraph, or None where they are further apart."""
    piece = text[one.outer_end : other.outer_start]
    return None if _BREAK in piece or len(piece) > 160 else piece


def ends_sentence(text: str, one: Marked) -> bool:
    """Whether the words of a quotation end with a full stop or the like."""
    tail = text[max(one.char_start, one.char_end - 8) : one.char_end]
    return _TERMINAL_RE.search(tail) is not None


def words_in(text: str) -> Iterator[str]:
    """The words of a stretch, for counting and for their capitals."""
    for match in regex.finditer(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}’'&.-]*", text):
        yield match.group()
