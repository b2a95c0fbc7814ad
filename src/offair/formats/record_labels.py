"""Which lines of a transcript begin with a speaker's label, and which only hold a colon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from offair.formats.record_lines import WHITE, Line
from offair.formats.record_quotes import OPENERS
from offair.formats.record_roles import (
    ALSO_NAMES,
    DEMONYMS,
    NOT_LABELS,
    NOT_PERSONS,
    PARTICLES,
    QUALIFIERS,
    ROLES,
    SENTENCE_WORDS,
    TITLES,
)

UNKNOWN_SPEAKER = "Unknown speaker"
"""What a record prints where a turn has no label; read back as no label."""

_LONGEST = 100
_MOST_WORDS = 14
_REMEMBERED = 4096
_NEVER_IN_LABEL = frozenset('"“”«»„?!;…[]{}<>|=*#')
_QUESTION = re.compile(r"Q(?P<sign>[:.]?)(?P<gap>\s+)")
_SMALL_IN_CAPITALS = re.compile(r"Ma?c[A-Z][A-Z'’]*")
_WORD = re.compile(r"[^\s,/()&]+")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_ROLE_ENDING = ("ist", "man", "woman", "er", "or", "ian", "ess", "ant")


class Strength(IntEnum):
    """How much the words before a colon look like a label."""

    NO = 0
    WEAK = 1
    STRONG = 2


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A line's possible label. start, end: of the label, and rest: of the speech, in the line.

    capitals: printed in capitals throughout. quoted: the speech begins with a quotation mark.
    alone: nothing follows on the line. question: the bare `Q` of a press briefing. confusable:
    one capitalised word that could as well be an exclamation.
    """

    label: str
    start: int
    end: int
    rest: int
    strength: Strength
    capitals: bool
    quoted: bool
    alone: bool
    question: bool = False
    confusable: bool = False


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How a transcript prints its labels, judged over all of it.

    capitals: labels are in capitals. questions: a bare `Q` is a label. quoted: speech stands in
    quotation marks. counts: how often each label is printed with speech behind it.
    """

    capitals: bool
    questions: bool
    quoted: bool
    counts: Counter[str]


def find_label(line: Line) -> LabelHit | None:
    """The label a line might begin with, judged on its own; None where there is surely none."""
    body = line.text[line.start : line.end]
    question = _question(line, body)
    if question is not None:
        return question
    colon = _colon(body)
    if colon <= 0:
        return None
    label = body[:colon].rstrip(WHITE)
    rest = colon + 1
    while rest < len(body) and body[rest] in WHITE:
        rest += 1
    strength = _strength(label)
    if strength is Strength.NO:
        return None
    alone = rest >= len(body)
    start = line.start
    return LabelHit(
        label=label,
        start=start,
        end=start + len(label),
        rest=start + rest,
        strength=strength,
        capitals=in_capitals(label),
        quoted=not alone and body[rest] in OPENERS,
        alone=alone,
        confusable=" " not in label and not in_capitals(label) and not is_role(label),
    )


def judge_style(lines: Iterable[Line]) -> LabelStyle:
    """How the transcript among these lines prints its labels."""
    capitals = plain = quoted = questions = 0
    counts: Counter[str] = Counter()
    for line in lines:
        hit = find_label(line)
        if hit is None or hit.alone or hit.strength is not Strength.STRONG:
            continue
        if hit.question:
            questions += 1
            continue
        counts[hit.label] += 1
        if hit.capitals:
            capitals += 1
        else:
            plain += 1
        quoted += hit.quoted
    shouted = capitals > 0 and capitals >= plain
    asked = questions > 0 and (shouted or questions > 1 or plain == 0)
    if asked and not plain:
        shouted = True
    total = capitals + plain
    return LabelStyle(shouted, asked, total > 0 and quoted * 2 > total, counts)


def accept(hit: LabelHit, style: LabelStyle) -> tuple[bool, str | None]:
    """(is a label, doubt as a sentence or None) for one possible label in this style."""
    if hit.question:
        return style.questions, None
    if hit.alone:
        known = style.counts[hit.label] > 0 or is_role(hit.label)
        return known and (hit.capitals or not style.capitals), None
    if style.capitals and not hit.capitals:
        return False, "perhaps a label, but the labels here are in capitals; read as speech"
    if hit.strength is Strength.STRONG:
        single = hit.confusable and not hit.quoted and style.counts[hit.label] == 1
        return True, "one word before a colon, read as a label" if single else None
    if hit.quoted and style.quoted:
        return True, "read as a label because quoted speech follows the colon"
    return False, "perhaps a label; read as speech"


@lru_cache(maxsize=_REMEMBERED)
def in_capitals(label: str) -> bool:
    """Whether a label is printed in capitals (`DR. McENANY` is); at least one letter has case."""
    words = [word.rstrip(".") for word in _WORD.findall(label)]
    words = [word for word in words if any(letter.isalpha() for letter in word)]
    if not words or not any(letter.isupper() for letter in label):
        return False
    return all(
        not any(letter.islower() for letter in part) or _SMALL_IN_CAPITALS.fullmatch(part)
        for word in words
        for part in word.split("-")
    )


@lru_cache(maxsize=_REMEMBERED)
def is_role(label: str) -> bool:
    """Whether a label is made of words for a role only, so that it names no person."""
    plain = " ".join(_PARENTHESIS.sub(" ", label).split())
    if plain.casefold() in NOT_PERSONS or plain == "Q" or says_anothers_words(label):
        return True
    words = label_words(label)
    if not any(_in_roles(word) for word in words):
        return False
    return all(
        _in_roles(word)
        or word in QUALIFIERS
        or is_demonym(word)
        or word.isdigit()
        or len(word) == 1
        for word in words
    )


def says_anothers_words(label: str) -> bool:
    """Whether a label names who speaks and whose words they are: `Interpreter for X`,
    `Ana Silva (interpreter for X)`, `Jane Roe reading X`. It is no name of X's."""
    words = [word.strip("()") for word in label.split()]
    for place, word in enumerate(words[1:-1], 1):
        before, rest = words[:place], words[place + 1 :]
        after = rest[1] if rest[0] == "the" and len(rest) > 1 else rest[0]
        if not all(one[:1] and not one[0].islower() for one in before[:-1]):
            return False
        if word == "reading" and not before[-1][:1].islower() and not after[:1].islower():
            return True
        if word == "for" and before[-1].casefold() == "interpreter":
            return True
    return False


def _in_roles(word: str) -> bool:
    return word in ROLES or (word.endswith("s") and word[:-1] in ROLES)


def is_demonym(word: str) -> bool:
    """Whether a word names a nationality, or several joined by hyphens."""
    return all(part in DEMONYMS for part in word.casefold().split("-"))


def label_words(label: str) -> list[str]:
    """The words of a label in lower case, without round brackets, full stops and commas."""
    plain = _PARENTHESIS.sub(" ", label)
    return [word.strip(".’'#").casefold() for word in _WORD.findall(plain) if word.strip(".’'#")]


def _question(line: Line, body: str) -> LabelHit | None:
    if not body.startswith("Q"):
        return None
    match = _QUESTION.match(body)
    if match is None or match.end() >= len(body):
        return None
    # "Q " with one plain space could open a sentence or be an initial; press offices print gaps.
    if match["sign"] != ":" and len(match["gap"]) < 2 and match["gap"] != "\u00a0":
        return None
    rest = line.start + match.end()
    return LabelHit(
        "Q",
        line.start,
        line.start + 1,
        rest,
        Strength.STRONG,
        capitals=True,
        quoted=body[match.end()] in OPENERS,
        alone=False,
        question=True,
    )


def _colon(body: str) -> int:
    """Where the first colon stands that is not inside a clock time, near the start; else -1."""
    head = body[: _LONGEST + 2]
    for place, letter in enumerate(head):
        if letter not in ":：":
            continue
        before = head[place - 1] if place else ""
        after = body[place + 1 : place + 2]
        if letter == ":" and before.isdigit() and after.isdigit():
            continue
        if after and letter == ":" and after not in WHITE and after not in OPENERS + "[(‘'":
            return -1
        return place
    return -1


@lru_cache(maxsize=_REMEMBERED)
def _strength(label: str) -> Strength:
    if not label or len(label) > _LONGEST or not label[0].isalnum():
        return Strength.NO
    if any(letter in _NEVER_IN_LABEL for letter in label) or ".." in label:
        return Strength.NO
    if not any(letter.isalpha() for letter in label) or label.casefold() in NOT_LABELS:
        return Strength.NO
    printed = [word.strip("’'") for word in _WORD.findall(_PARENTHESIS.sub(" ", label))]
    printed = [word for word in printed if word]
    if not printed or len(printed) > _MOST_WORDS or _ends_a_sentence(printed):
        return Strength.NO
    if is_role(label):
        return Strength.STRONG
    capitals = in_capitals(label)
    if _is_running_speech(printed) and not (capitals and len(printed) > 1):
        return Strength.NO
    if capitals:
        return Strength.STRONG
    if printed[0][0].islower() and printed[0].casefold() not in PARTICLES:
        return Strength.WEAK if printed[-1][0].isupper() else Strength.NO
    small = [
        word
        for word in printed
        if word[0].islower() and word.split("-")[0].casefold() not in PARTICLES
    ]
    if not small:
        return Strength.STRONG
    known = any(is_role_word(word) for word in small)
    return Strength.STRONG if known and _ends_well(printed[-1]) else Strength.WEAK


def _is_running_speech(words: Sequence[str]) -> bool:
    for place, word in enumerate(words):
        plain = word.casefold().replace("’", "'").rstrip(".")
        if plain not in SENTENCE_WORDS:
            continue
        beside = words[place + 1 : place + 2] or words[max(0, place - 1) : place]
        if not (plain in ALSO_NAMES and word[0].isupper() and beside and beside[0][0].isupper()):
            return True
    return False


def is_role_word(word: str) -> bool:
    """Whether one word says what somebody is, from the list or by a common ending."""
    lowered = word.casefold().rstrip(".")
    return lowered in ROLES or (len(lowered) > 5 and lowered.endswith(_ROLE_ENDING))


def _ends_well(word: str) -> bool:
    return not word[0].islower() or word.casefold() in ROLES


def _ends_a_sentence(words: Sequence[str]) -> bool:
    for word in words[:-1]:
        if not word.endswith("."):
            continue
        core = word.rstrip(".").casefold()
        if len(core) > 4 and core not in TITLES:
            return True
    return False
