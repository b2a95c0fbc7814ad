"""The editorial grammar of a printed quotation: which of its words are said to have been spoken.

Ellipses split (`…`, `. . .`, `[…]`, `(…)`). Words in brackets are the editor's (`[the governor]`,
`[sic]`, `[laughter]`); brackets inside a word change letters, not words (`[t]hey`, `say[s]`).
Markdown's marks and struck-out words are read as the words they hold. An attribution between two
halves is no part of the quotation: inside one printed sentence (“…,” he said, “…”) the halves are
one stretch, else something may lie between them. Quotation marks pair in every script.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from offair.text.tokenise import Token, TokenKind, tokens

_DOTS = (
    r"(?:…+|⋯+|‥{1,}|。{3,}|・{3,}|\.(?:[ \u00a0\u202f]?\.){1,}(?=[ \u00a0]?\.)[ \u00a0\u202f]?\.)"
)
_ELLIPSIS_RE = regex.compile(
    rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|［\s*{_DOTS}\s*］|（\s*{_DOTS}\s*）|{_DOTS}"
)
_BRACKET_RE = regex.compile(r"\[([^\[\]]*)\]|［([^［］]*)］|【([^【】]*)】")
_ASKS_RE = regex.compile(r"[^\p{L}\p{N}]*[?؟？]")
_ROUND_RE = regex.compile(r"\(([^()\[\]]{1,80})\)|（([^（）]{1,80})）")
_MARKDOWN_RE = regex.compile(
    r"(?<!\w)(?P<open>\*{1,3}|_{1,3}|~~)(?=\S)(?P<inside>[^\n]{0,400}?\S)(?P=open)(?!\w)"
    r"|(?<=\w)(?P<tight>\*{1,2})(?=\w)(?P<part>\w+)(?P=tight)(?=\w|\W|$)"
    r"|(?P<code>`)[^`\n]*`"
)
_LINK_RE = regex.compile(
    r"\[(?P<shown>[^\[\]\n]{1,400})\]"
    r"\((?P<address>[^()\s]{1,2000}(?:\s\"[^\"\n]{0,400}\")?)\)"
)
_LETTER_RE = regex.compile(r"[\p{L}\p{M}]")
_WORD_RE = regex.compile(r"[\p{L}\p{N}]")
_INVISIBLE = "\u2060"
_DOUBLE = '"“”„‟«»＂〝〞〟「」『』❝❞‹›'
_SINGLE = "'‘’‚"
_OPENING, _CLOSING = frozenset("“„«「『〝❝‹‘‚"), frozenset("”»」』〞〟❞›’")
_INTERRUPTION_MAX = 200
_SENTENCE_RE = regex.compile(r"[.!?؟。！？](?=\s|$)")
_NOT_AN_END_RE = regex.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Sen|Gov|Prof|Rep|Pres|\p{Lu})\.$")


@dataclass(frozen=True, slots=True)
class PrintedPiece:
    """What is printed between two splits: characters, tokens, and which of them are bracketed.

    bracketed: indices into `tokens` of the editor's words. lettered: of words with a bracket inside
    (`[t]hey`). marked: an ellipsis stands before it; False for the first piece, and where a new
    printed sentence goes on with the quotation.
    """

    char_start: int
    char_end: int
    tokens: tuple[Token, ...]
    bracketed: frozenset[int] = frozenset()
    lettered: frozenset[int] = frozenset()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """The words of all pieces in a row, as `align` takes them.

    gaps: after how many words something may have been left out; `marked` those of them where an
    ellipsis is printed. bracketed, lettered: indices of the editor's words and of words with
    changed letters. cut_before, cut_after: an ellipsis stands before the first or after the last
    word. asks: the printed words end with a question mark.
    """

    tokens: tuple[Token, ...]
    gaps: frozenset[int]
    bracketed: frozenset[int]
    marked: frozenset[int] = frozenset()
    lettered: frozenset[int] = frozenset()
    cut_before: bool = False
    cut_after: bool = False
    asks: bool = False

    @property
    def spoken_forms(self) -> tuple[str, ...]:
        """The normal forms of the words that are said to have been spoken."""
        return tuple(
            one.form for index, one in enumerate(self.tokens) if index not in self.bracketed
        )


def parse_printed(text: str, language: str | None = None) -> tuple[PrintedPiece, ...]:
    """The pieces of a printed quotation, split at ellipses and at attributions that end a printed
    sentence; at least one.

    Outer quotation marks may be there or not. Pieces keep the text's character positions. A bracket
    that is never closed is not read.
    """
    masked = list(text)
    _unmarked(text, masked)
    splits = [(*match.span(), True) for match in _ELLIPSIS_RE.finditer(text)]
    for start, end in _interruptions(text):
        masked[start:end] = " " * (end - start)
        if _ends_sentence(text[start:end]):
            splits = [one for one in splits if not start <= one[0] < end]
            splits.append((start, end, False))
    editors = _brackets(text, masked, splits)
    found = tokens("".join(masked), language)
    splits.sort()
    closes = _closing(text, editors)
    begins = [one.char_start for one in found]
    pieces = []
    edges = [(0, 0, False), *splits]
    for number, (_, start, marked) in enumerate(edges):
        end = edges[number + 1][0] if number + 1 < len(edges) else len(text)
        here = found[bisect_left(begins, start) : bisect_left(begins, end)]
        inside = tuple(one for one in here if one.char_end <= end)
        bracketed = frozenset(
            index for index, one in enumerate(inside) if one.char_end < closes[one.char_start]
        )
        lettered = frozenset(
            index
            for index, one in enumerate(inside)
            if index not in bracketed and _lettered(text, one, masked)
        )
        pieces.append(PrintedPiece(start, end, inside, bracketed, lettered, marked))
    return tuple(pieces)


def _closing(text: str, editors: Sequence[tuple[int, int]]) -> list[int]:
    """For each character, where the widest pair of the editor's brackets around it ends; else 0."""
    closes = [0] * len(text)
    for first, last in sorted(editors, key=lambda one: one[1]):
        closes[first + 1 : last] = [last] * (last - first - 1)
    return closes


def printed_words(pieces: tuple[PrintedPiece, ...]) -> PrintedWords:
    """The pieces' words in a row, with the places of ellipses and of the editor's words."""
    row: list[Token] = []
    gaps: set[int] = set()
    marked: set[int] = set()
    bracketed: set[int] = set()
    lettered: set[int] = set()
    cut_before = cut_after = False
    for index, piece in enumerate(pieces):
        if index:
            gaps.add(len(row))
            if piece.marked:
                marked.add(len(row))
                cut_before |= not row
                cut_after = not any(later.tokens for later in pieces[index:])
        bracketed |= {len(row) + one for one in piece.bracketed}
        lettered |= {len(row) + one for one in piece.lettered}
        row += piece.tokens
    return PrintedWords(
        tuple(row), frozenset(gaps), frozenset(bracketed), frozenset(marked), frozenset(lettered),
        cut_before, cut_after,
    )  # fmt: skip


def read_printed(text: str, language: str | None = None) -> PrintedWords:
    """The words of a printed quotation and what the editor did to them."""
    words = printed_words(parse_printed(text, language))
    end = words.tokens[-1].char_end if words.tokens else 0
    asks = _ASKS_RE.match(text, end) is not None
    return PrintedWords(
        words.tokens, words.gaps, words.bracketed, words.marked, words.lettered,
        words.cut_before, words.cut_after, asks,
    )  # fmt: skip


def numbers_as_read(printed: PrintedWords, text: str, language: str | None) -> PrintedWords:
    """The same words with their numbers as this language writes them: `2.000` is two thousand in
    Spanish. For printed words whose language nobody told, once it is known where they stand."""
    if all(one.kind is not TokenKind.NUMBER for one in printed.tokens):
        return printed
    read = {
        (one.char_start, one.char_end): one
        for one in tokens(text, language)
        if one.kind is TokenKind.NUMBER
    }
    row = tuple(
        read.get((one.char_start, one.char_end), one) if one.kind is TokenKind.NUMBER else one
        for one in printed.tokens
    )
    return replace(printed, tokens=row)


def _unmarked(text: str, masked: list[str]) -> None:
    """Take Markdown's marks off: emphasis, struck-out words, code, the addresses of links."""
    for link in _LINK_RE.finditer(text):
        masked[link.start()] = " "
        first, last = link.end("shown"), link.end()
        masked[first:last] = " " * (last - first)
    for _ in range(3):  # `**_x_**`: marks inside marks
        now = "".join(masked)
        for match in _MARKDOWN_RE.finditer(now):
            name = "open" if match["open"] else "tight" if match["tight"] else "code"
            length = len(match[name])
            for at in (match.start(), match.end() - length):
                inner = at > 0 and at + length < len(now)
                tight = (
                    inner and _LETTER_RE.match(now[at - 1]) and _LETTER_RE.match(now[at + length])
                )
                masked[at : at + length] = (_INVISIBLE if tight else " ") * length


def _brackets(
    text: str, masked: list[str], splits: list[tuple[int, int, bool]]
) -> list[tuple[int, int]]:
    """The ranges of the editor's words; brackets inside words are masked."""
    editors: list[tuple[int, int]] = []
    for pattern in (_BRACKET_RE, _ROUND_RE):
        for match in pattern.finditer("".join(masked)):
            start, end = match.span()
            if any(start < last and first < end for first, last, _ in splits):
                continue
            before = start > 0 and _LETTER_RE.match(text[start - 1]) is not None
            after = end < len(text) and _LETTER_RE.match(text[end]) is not None
            short = not any(char.isspace() for char in text[start:end])
            spaced = regex.match(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]", text[start + 1])
            if (before or after) and short and not spaced:
                masked[start] = masked[end - 1] = _INVISIBLE
            else:
                editors.append((start, end))
    return editors


def _lettered(text: str, token: Token, masked: list[str]) -> bool:
    """Whether a bracket stands inside a word or at its edge."""
    start, end = token.char_start, token.char_end
    before = start > 0 and text[start - 1] in "[(" and masked[start - 1] == _INVISIBLE
    return before or any(
        masked[at] == _INVISIBLE and text[at] in "[](）（" for at in range(start, end)
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    at: int
    opens: bool


def _marks(text: str, kinds: str) -> Iterator[_Mark]:
    """The quotation marks of a text, each opening or closing; apostrophes are none."""
    for at, char in enumerate(text):
        if char not in kinds:
            continue
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        word_before, word_after = bool(_WORD_RE.match(before)), bool(_WORD_RE.match(after))
        if word_before and word_after and char not in "「」『』«»":
            continue
        if word_before != word_after and char not in "「」『』":
            opens = word_after
        elif before.isspace() == after.isspace() or char in "「」『』":
            opens = char in _OPENING if char in _OPENING | _CLOSING else before.isspace()
            if before in "([—–-" and word_after:
                opens = True
        else:
            opens = not after.isspace() and not (after in ".,;:!?…)，、。" and not word_before)
            if after in ".,;:!?)":
                opens = False
        yield _Mark(at, opens)


def _interruptions(text: str) -> list[tuple[int, int]]:
    """The ranges, marks included, that stand outside the quotation between two of its parts."""
    kinds = _DOUBLE if any(char in _DOUBLE for char in text) else _SINGLE
    marks = list(_marks(text, kinds))
    if kinds is _SINGLE:
        marks = [one for one in marks if one.opens or _follows_stop(text, one.at)]
    if len(marks) < 2:
        return []
    stripped_start = len(text) - len(text.lstrip())
    stripped_end = len(text.rstrip()) - 1
    given = (
        marks[0].opens
        and marks[0].at == stripped_start
        and not marks[-1].opens
        and stripped_end - marks[-1].at <= 1
    )
    if marks[0].opens and marks[0].at == stripped_start and not given:
        return []
    depth = 0 if given else 1
    found: list[tuple[int, int]] = []
    closed: int | None = None
    for one in marks:
        if one.opens:
            if depth == 0 and closed is not None:
                between = text[closed + 1 : one.at]
                if len(between) <= _INTERRUPTION_MAX and _WORD_RE.search(between):
                    found.append((closed, one.at + 1))
                closed = None
            reopened = depth >= 1 and text[: one.at].rstrip(" \t>").endswith("\n")
            depth += not reopened
        elif depth > 0:
            depth -= 1
            if depth == 0:
                closed = one.at
    return found


def _follows_stop(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] in ",.!?…,،。，"


def _ends_sentence(between: str) -> bool:
    """Whether a printed sentence ends in the words between two parts of a quotation."""
    for match in _SENTENCE_RE.finditer(between):
        if not _NOT_AN_END_RE.search(between[: match.end()]):
            return True
    return False
