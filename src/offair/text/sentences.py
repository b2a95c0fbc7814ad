"""Sentence ranges of a text, by the rules of sentencex, made safe for any input.

sentencex (Wikimedia) keeps abbreviation lists and terminators for some 300 languages. It is asked
for boundaries only; the ranges handed on are ours, so that no character can be lost.
"""

from __future__ import annotations

from itertools import pairwise

import regex
from sentencex import get_sentence_boundaries

_SURROGATES_RE = regex.compile(r"\p{Cs}")
_SPACES_RE = regex.compile(r"[^\S\n ]")
_RUN_RE = regex.compile(r"([^\w\s.!?…。])\1{15,}")
"""A row of one mark, a rule or worse: the library's time for quotation marks grows as their
square."""
_MOST_TICKS = 1_000
"""Grave accents, which the library pairs, each with every other."""
MOST_MARKS = 10_000
"""Punctuation and symbols of a paragraph: on rows of them (`![![`) the library's time grows as
their square. A paragraph with more, twenty pages of prose in one, is asked about in stretches."""
LONGEST_ASKED = 12_000
"""Characters of such a stretch."""
_UNSURE = 4_000
"""Characters at the end of such a stretch whose boundaries the words behind it may still change."""
_MARKS_RE = regex.compile(r"[^\w\s]++")
_PARAGRAPH_RE = regex.compile(r"\n\n+")
_PLAIN_RE = regex.compile(r"[.!?…؟।。！？]+[\"'”’»)\]]*\s|[。！？]|\n\s*\n")
_TERMINATOR_RE = regex.compile(r"""[.!?…‽⁇⁈⁉؟۔।॥።፧。！？．｡։]["'”’»›“‘」』）)\]\s\p{Pf}\p{Cf}]*$""")
_NEUTRAL = "en"
_ALIASES = {"zh-hant": "zh", "zh-hans": "zh", "cmn": "zh", "yue": "zh", "arb": "ar", "acm": "ar"}
_ALIASES |= {
    "arz": "ar",
    "apc": "ar",
    "ary": "ar",
    "pes": "fa",
    "prs": "fa",
    "nb": "no",
    "nn": "no",
}


def rules_language(language: str | None) -> str:
    """The code asked of sentencex for a BCP 47 tag: its first subtag, aliases resolved.

    `None`, `und`, `mul`, `zxx` and tags that are no language code take the rules of English;
    sentencex itself falls back further for codes that it does not know.
    """
    tag = (language or _NEUTRAL).strip().lower().replace("_", "-")
    head = tag.split("-", 1)[0]
    if not (head.isascii() and head.isalpha() and 2 <= len(head) <= 3):
        return _NEUTRAL
    if head in {"und", "mul", "zxx", "mis"}:
        return _NEUTRAL
    return _ALIASES.get(tag, _ALIASES.get(head, head))


def sentences(text: str, language: str | None = None) -> tuple[tuple[int, int], ...]:
    """Character ranges of the sentences of `text`, sorted, not overlapping, no space at the edges.

    Together the ranges hold every character of `text` that is not white space. `language` is a
    BCP 47 tag; see `rules_language` for what happens to one that is not known.
    """
    if not text or text.isspace():
        return ()
    edges = sorted({0, len(text), *_starts(text, rules_language(language))})
    ranges = []
    for start, end in pairwise(edges):
        piece = text[start:end]
        if not piece.isspace():
            first = start + len(piece) - len(piece.lstrip())
            ranges.append((first, start + len(piece.rstrip())))
    return tuple(ranges)


def _starts(text: str, code: str) -> list[int]:
    """Where sentences start, asked of the library in the one form of text it is safe with: valid
    Unicode, and white space of one byte (version 1.0.32 panics on others near an initial)."""
    readable = _SPACES_RE.sub(" ", _SURROGATES_RE.sub("\ufffd", text))
    if _RUN_RE.search(readable) is not None:
        readable = _RUN_RE.sub(lambda run: " " * len(run.group()), readable)
    if readable.count("`") > _MOST_TICKS:
        readable = readable.replace("`", " ")
    edges = [0, *(match.end() for match in _PARAGRAPH_RE.finditer(readable)), len(readable)]
    starts, first = [], 0
    for start, end in pairwise(edges):
        if end - start > MOST_MARKS and _marks(readable, start, end) > MOST_MARKS:
            # What stands between such paragraphs is asked about in one.
            starts += [first + one for one in _asked(code, readable[first:start])]
            starts += [start + one for one in _in_parts(code, readable[start:end])]
            first = end
    return starts + [first + one for one in _asked(code, readable[first:])]


def _marks(text: str, start: int, end: int) -> int:
    return sum(len(run.group()) for run in _MARKS_RE.finditer(text, start, end))


def _in_parts(code: str, paragraph: str) -> list[int]:
    """Sentence starts of a long paragraph, asked about in stretches that overlap, each from a
    sentence's start on; where a stretch has no sure one, from white space on."""
    starts, first = [0], 0
    while len(paragraph) - first > LONGEST_ASKED:
        found = _asked(code, paragraph[first : first + LONGEST_ASKED])
        sure = [one for one in found if 0 < one <= LONGEST_ASKED - _UNSURE]
        if sure:
            starts += [first + one for one in sure]
            first += sure[-1]
        else:
            last = first + LONGEST_ASKED
            space = paragraph.rfind(" ", last - _UNSURE, last)
            first = space + 1 if space >= 0 else last
            starts.append(first)
    return starts + [first + one for one in _asked(code, paragraph[first:])]


def _asked(code: str, text: str) -> list[int]:
    """Where the library says that sentences start; should it panic, where plain rules say so."""
    if not text:
        return []
    try:
        found = get_sentence_boundaries(code, text)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a Rust panic has no importable class
            raise
        return [match.end() for match in _PLAIN_RE.finditer(text)]
    return [min(len(text), max(0, int(boundary["start_index"]))) for boundary in found]


def ends_sentence(text: str) -> bool:
    """Whether `text` closes with a mark that ends a sentence, quotation marks after it allowed."""
    return _TERMINATOR_RE.search(text[-12:]) is not None
