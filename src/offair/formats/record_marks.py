"""Brackets and dots in a printed text, as marks: what an editor added, left out or could not hear.

The table `MARKS` says which words in which brackets are which act; a desk passes a longer one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from offair.formats.record_lines import WHITE
from offair.formats.record_roles import DEMONYMS
from offair.model.transcript import Mark, MarkKind

INFERRED = "inferred from spacing"
"""Sense of a cut that only a doubled blank line shows; never printed as a mark."""


@dataclass(frozen=True, slots=True)
class MarkRule:
    """One line of the table: these words, in these brackets, are this act.

    brackets: `[`, `(` or both characters. pattern: matched against the whole of what stands
    between the brackets, without white space at its edges and a final full stop, in any case;
    keep it free of nested repetition, for it meets hostile text. confirmed: False where the words
    only suggest the kind.
    """

    kind: MarkKind
    brackets: str
    pattern: re.Pattern[str]
    sense: str | None = None
    confirmed: bool = True


_MORE_LANGUAGES = (
    "amharic arabic basque catalan creole dari esperanto farsi hausa hebrew hindi igbo latin "
    "mandarin cantonese pashto punjabi quechua romani serbo-croatian swahili tamazight tamil "
    "tigrinya urdu welsh yiddish yoruba zulu berber gaelic galician"
)
_LANGUAGES = "|".join(sorted({*_MORE_LANGUAGES.split(), *DEMONYMS})) + "|[a-z]+ dialect"
_STAGE = (
    "laughter|laughs|laughing|chuckles|applause|crosstalk|cross talk|cheers|cheering|booing|boos|"
    "music|music playing|singing|chanting|pause|silence|sobs|weeps|weeping|coughs|sighs|"
    "gunfire|gunshots|explosion|bell rings|siren|noise|"
    "(?:begin|end) (?:video|audio)(?: ?(?:clip|tape))?|"
    "(?:video|audio) ?(?:clip|tape)|commercial break|commercial|off camera|on camera|"
    "voice[- ]?over|laughter and applause|cheers and applause"
)
_UNCLEAR = (
    "inaudible|unintelligible|indistinct|words? indistinct|unclear|words? unclear|garbled|"
    "off[- ]mic|off[- ]mike|inaudible,? off[- ]mic|\\?+|"
    "(?:inaudible|unintelligible|indistinct) \\d{1,2}:\\d\\d(?::\\d\\d)?"
)


def _rule(
    kind: MarkKind, brackets: str, words: str, sense: str | None = None, confirmed: bool = True
) -> MarkRule:
    return MarkRule(kind, brackets, re.compile(words, re.IGNORECASE), sense, confirmed)


MARKS: tuple[MarkRule, ...] = (
    _rule(MarkKind.CUT, "[(", r"\.{2,6}|…\.?|\. \. \.(?: \.)?"),
    _rule(MarkKind.CLOCK, "[", r"\d{1,2}:\d\d(?::\d\d)?"),
    _rule(MarkKind.SIC, "[(", "sic!?"),
    _rule(MarkKind.UNCLEAR, "[(", _UNCLEAR),
    _rule(MarkKind.STAGE, "[(", _STAGE),
    _rule(
        MarkKind.OMISSION,
        "[(",
        "omitted|(?:passages?|text|portion|part|words?|sentences?|recitation) omitted",
    ),
    _rule(
        MarkKind.LANGUAGE,
        "[(",
        f"(?:in|(?:speaks|speaking|said|spoken|replies|continues)(?: in)?) (?:{_LANGUAGES}):?|"
        f"(?:{_LANGUAGES}):|in (?:{_LANGUAGES}) in (?:the )?original|"
        "through (?:a |an )?(?:interpreter|translator)",
    ),
    _rule(MarkKind.ORIGINAL_WORD, "[", rf"(?:orig(?:inal)?|{_LANGUAGES})[.:] .+"),
    _rule(MarkKind.GLOSS, "[", r"(?:i\.e\.|that is|meaning|namely|literally|lit\.|=).+"),
    _rule(MarkKind.REPLACEMENT, "[", r"(?:for|instead of|original wording): .+"),
)
"""What stands in brackets and what it is; the first rule that fits counts.

Square brackets that no rule knows are an insertion, kind unconfirmed; other round brackets are
speech. Extend it by passing `MARKS + (MarkRule(…),)` or, to overrule, your rules first.
"""

_TOKENS = re.compile(r"[\[\]()]|\.(?: ?\.){2,}|…+")
_LONGEST_PATTERN = 200
_MOST_DOUBTS = 20


def find_marks(
    text: str, table: Sequence[MarkRule] = MARKS
) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """(marks, doubts) of one paragraph: marks by place, without overlap; doubts as sentences.

    Nested square brackets are one mark, the outermost. Dots outside brackets are an ellipsis of
    unknown sense. Linear in the length of the text.
    """
    marks: list[Mark] = []
    doubts: list[str] = []
    dots: list[tuple[int, int]] = []
    square: list[int] = []
    rounds: list[int] = []
    perhaps: list[tuple[int, int]] = []
    stray = 0
    for token in _TOKENS.finditer(text):
        letter, place = token.group(), token.start()
        if letter == "[":
            square.append(place)
        elif letter == "]" and square:
            start = square.pop()
            if not square:
                marks.append(_square(text, start, place + 1, table))
        elif letter == "]":
            stray += 1
        elif letter == "(":
            rounds.append(place)
        elif letter == ")" and rounds:
            start = rounds.pop()
            mark = None if square else _known(text, start, place + 1, table)
            if mark is not None:
                marks.append(mark)
            elif not square and not rounds:
                perhaps.append((start, place + 1))
        elif letter[0] in ".…" and not square:
            dots.append((place, token.end()))
    for start, end in perhaps[:_MOST_DOUBTS]:
        doubts.append(f"perhaps an insertion: {_short(text, start, end)}")
    if len(perhaps) > _MOST_DOUBTS:
        doubts.append(f"perhaps {len(perhaps) - _MOST_DOUBTS} more insertions in round brackets")
    if square or stray:
        doubts.append("a square bracket is opened or closed without its partner; left as text")
    marks += [
        Mark(MarkKind.ELLIPSIS, start, end, text[start:end], sense="unknown") for start, end in dots
    ]
    return _without_overlap(marks), tuple(doubts)


def standing_mark(text: str, table: Sequence[MarkRule] = MARKS) -> Mark | None:
    """The mark that a line of its own is (`[...]`, a lone `…`, `(CROSSTALK)`), or None.

    A line that is one square bracket is always a mark; one round bracket only where the table
    knows it or where it is printed in capitals, the form of stage directions.
    """
    if text in ("…", "...", "....", ". . ."):
        return Mark(MarkKind.CUT, 0, len(text), text)
    if len(text) < 3 or text[0] + text[-1] not in ("[]", "()"):
        return None
    close = text[-1]
    if close in text[:-1] or text[0] in text[1:]:
        return None
    if close == "]":
        return _square(text, 0, len(text), table)
    known = _known(text, 0, len(text), table)
    if known is None and text.isupper():
        return Mark(MarkKind.STAGE, 0, len(text), text, confirmed=False)
    return known


def _square(text: str, start: int, end: int, table: Sequence[MarkRule]) -> Mark:
    known = _known(text, start, end, table)
    if known is not None:
        return known
    inner = text[start + 1 : end - 1]
    if len(inner) <= 3 and inner.isalpha() and (_letter(text, start - 1) or _letter(text, end)):
        return Mark(MarkKind.REPLACEMENT, start, end, text[start:end])
    if _foreign_script(inner[:_LONGEST_PATTERN], text[max(0, start - 200) : start]):
        return Mark(MarkKind.ORIGINAL_WORD, start, end, text[start:end], confirmed=False)
    return Mark(MarkKind.INSERTION, start, end, text[start:end], confirmed=False)


def _known(text: str, start: int, end: int, table: Sequence[MarkRule]) -> Mark | None:
    if end - start > _LONGEST_PATTERN:
        return None
    inner = text[start + 1 : end - 1].strip(WHITE)
    for rule in table:
        if text[start] not in rule.brackets:
            continue
        if rule.pattern.fullmatch(inner) or (
            inner.endswith(".") and rule.pattern.fullmatch(inner[:-1])
        ):
            return Mark(rule.kind, start, end, text[start:end], rule.sense, rule.confirmed)
    return None


def _letter(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isalpha()


def _foreign_script(inner: str, before: str) -> bool:
    """Whether the bracket is written in another script than the words before it."""
    inside, outside = _latin_share(inner), _latin_share(before)
    return inside is not None and outside is not None and inside == 0.0 and outside > 0.5


def _latin_share(text: str) -> float | None:
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return None
    return sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) / len(
        letters
    )


def _without_overlap(marks: list[Mark]) -> tuple[Mark, ...]:
    result: list[Mark] = []
    last = 0
    for mark in sorted(marks, key=lambda one: (one.char_start, -one.char_end)):
        if mark.char_start >= last:
            result.append(mark)
            last = mark.char_end
    return tuple(result)


def _short(text: str, start: int, end: int) -> str:
    return text[start:end] if end - start <= 80 else text[start : start + 79] + "…"
