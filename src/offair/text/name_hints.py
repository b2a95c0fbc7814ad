"""Names suggested for the voices of a recording, each with its reasons in words.

What is said tells who speaks next or spoke before (address, thanks, announcement) or who speaks
(a voice gives its own name); captions name whom they show speaking. All of it is only evidence:
every name that something speaks for is suggested, the one with most reasons first, and none is
ever taken without a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

import regex

from offair.model.time import Ms
from offair.model.transcript import SpeakerKind, Turn
from offair.model.words import NO_TIME
from offair.text.caption_alignment import matched_pairs, timed_tokens
from offair.text.name_patterns import (
    LONGEST_SENTENCE,
    NAME_PATTERNS,
    NO_PERSON,
    NOT_NAMES,
    TITLE_RE,
    HintKind,
    NamePattern,
    names_can_be_seen,
)
from offair.text.normalise import fold
from offair.text.sentences import sentences

THANKED_WITHIN = 12
"""A name thanked or greeted within so many words of the start is meant for the voice before."""
ADDRESSED_WITHIN = 30
"""An address within so many words of the end is meant for the voice after."""
ANNOUNCED_WITHIN = 80
"""An announcement within so many words of the end is of the voice after."""
CAPTIONED_WORDS = 3
CAPTIONED_SHARE = 4
"""Captions name a voice where a quarter of its captioned words, and three, stand under the name."""
_QUOTED = 90
_WORD_RE = regex.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name for a voice. reasons: sentences, in the order of the recording, captions last.

    known: the desk has named this person before, and `name` is its spelling. share: which part,
    0…1, of all the reasons found for the voice speak for this name.
    """

    name: str
    kind: SpeakerKind
    reasons: tuple[str, ...]
    known: bool
    share: float


@dataclass(frozen=True, slots=True)
class _Hint:
    """One piece of evidence: this voice might be of that name."""

    voice: str
    name: str
    kind: SpeakerKind
    reason: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a run of turns of one voice; before, after: words of the run around it."""

    text: str
    start: Ms | None
    before: int
    after: int


def name_hints(
    turns: Sequence[Turn],
    *,
    captions: Sequence[Turn] = (),
    persons: Iterable[str] = (),
    language: str | None = None,
) -> Mapping[str, tuple[Suggestion, ...]]:
    """Suggestions for each voice (label of `turns`) that something was found for, best first.

    turns: of one layer, in order. captions: the broadcaster's turns of the same recording, with
    times. persons: names the desk knows, the latest first: a name that is one of them, or the
    first or last part of exactly one, gets its spelling and comes first among equals. A part of a
    name is likewise joined to the one full name found in this recording, if there is just one.
    Turns without label get no suggestion. Never raises, for any text.
    """
    known = tuple(persons)
    parts = frozenset(part for name in known for part in _key(name))
    runs = [(label, list(run)) for label, run in groupby(turns, lambda turn: turn.label)]
    found: list[_Hint] = []
    for place, (label, run) in enumerate(runs):
        before = runs[place - 1][0] if place else None
        after = runs[place + 1][0] if place + 1 < len(runs) else None
        if label is not None or before is not None or after is not None:
            for sentence in _sentences(run, language):
                found += _heard(sentence, label, before, after, parts)
    found += _captioned(turns, captions, language)
    names = _Names(known, [hint.name for hint in found])
    return _ranked(found, names)


def _sentences(run: Sequence[Turn], language: str | None) -> list[_Sentence]:
    pieces: list[tuple[str, Ms | None, int]] = []
    for turn in run:
        if not names_can_be_seen(turn.text):
            continue
        columns = zip(turn.words.char_start, turn.words.start_ms, strict=True)
        times = {place: start for place, start in columns if start != NO_TIME}
        begin = turn.span.start if turn.span else None
        for first, last in sentences(turn.text, language):
            text = turn.text[first : min(last, first + LONGEST_SENTENCE)]
            pieces.append((text, times.get(first, begin), len(_WORD_RE.findall(text))))
    total, done = sum(count for _, _, count in pieces), 0
    result = []
    for text, start, count in pieces:
        result.append(_Sentence(text, start, done, total - done - count))
        done += count
    return result


def _heard(
    sentence: _Sentence, own: str | None, before: str | None, after: str | None,
    known: Set[str],
) -> list[_Hint]:  # fmt: skip
    """What one sentence tells of the voice that says it and of those around. known: the parts of
    the names that the desk knows."""
    found: dict[tuple[str, str], _Hint] = {}
    taken: set[int] = set()
    for pattern in NAME_PATTERNS:
        for match in pattern.pattern.finditer(sentence.text):
            named = _named(match, pattern, known)
            place = match.end("role" if match["role"] else "name")
            if named is None or place in taken:
                continue
            taken.add(place)
            voice, how = _meant(pattern.kind, sentence, own, before, after)
            if voice is not None:
                reason = f"{how}{_at(sentence.start)}: “{_quote(sentence.text, match)}”"
                found.setdefault((voice, fold(named[0])), _Hint(voice, *named, reason))
    return list(found.values())


def _named(
    match: regex.Match[str], pattern: NamePattern, known: Set[str]
) -> tuple[str, SpeakerKind] | None:
    groups = match.groupdict()
    if groups.get("role"):
        role = groups["role"]
        return role[:1].upper() + role[1:], SpeakerKind.ROLE
    name = groups.get("name") or ""
    words = name.split()
    if not words or words[0].casefold().strip(".") in NOT_NAMES:
        return None
    titled = bool(groups.get("title"))
    if not titled and len(words) < pattern.least and not set(_key(name)) <= known:
        return None
    if len(words) == 1 and len(words[0].strip(".")) < 2:
        return None
    return name.rstrip(".’'") if len(words[-1]) > 2 else name, SpeakerKind.PERSON


def _meant(
    kind: HintKind, sentence: _Sentence, own: str | None, before: str | None, after: str | None
) -> tuple[str | None, str]:
    """The voice that a name is for, and how the reason begins."""
    if kind is HintKind.OWN:
        return own, kind.value
    answers = kind in (HintKind.THANKED, HintKind.GREETED) and sentence.before <= THANKED_WITHIN
    if answers and before is not None:
        return before, f"{kind.value} just after this voice spoke"
    reach = ANNOUNCED_WITHIN if kind is HintKind.ANNOUNCED else ADDRESSED_WITHIN
    if sentence.after <= reach:
        return after, f"{kind.value} just before this voice speaks"
    return None, ""


def _at(start: Ms | None) -> str:
    if start is None:
        return ""
    seconds = start // 1000
    hours = f"{seconds // 3600}:{seconds // 60 % 60:02}" if seconds >= 3600 else seconds // 60
    return f", at {hours}:{seconds % 60:02}"


def _quote(text: str, match: regex.Match[str]) -> str:
    """The words around a match, cut at spaces."""
    if len(text) <= _QUOTED:
        return " ".join(text.split())
    first = max(0, match.start() - (_QUOTED - min(_QUOTED, match.end() - match.start())) // 2)
    last = min(len(text), first + _QUOTED)
    head = text[first:last].partition(" ")[2] if first else text[first:last]
    tail = head.rpartition(" ")[0] if last < len(text) else head
    return f"{'…' if first else ''}{' '.join(tail.split())}{'…' if last < len(text) else ''}"


def _captioned(
    turns: Sequence[Turn], captions: Sequence[Turn], language: str | None
) -> list[_Hint]:
    """The names under which the captions print the words of each voice."""
    if not any(turn.label for turn in captions):
        return []
    spoken, printed = timed_tokens(turns, language), timed_tokens(captions, language)
    counts: dict[str, Counter[str]] = {}
    for one, other in matched_pairs(spoken, printed):
        voice, name = turns[spoken[one].turn].label, captions[printed[other].turn].label
        if voice is not None and name is not None:
            counts.setdefault(voice, Counter())[name] += 1
    found = []
    for voice, names in counts.items():
        total = sum(names.values())
        for label, count in names.most_common():
            if count < CAPTIONED_WORDS or count * CAPTIONED_SHARE < total:
                continue
            name, kind = _of_caption(label)
            reason = f"the captions print {label} at {count} of {total} of this voice's words"
            found.append(_Hint(voice, name, kind, reason))
    return found


def _of_caption(label: str) -> tuple[str, SpeakerKind]:
    """The name in a caption's label, capitals put into the case of a name, its title left out."""
    plain = " ".join(label.split())
    words = plain.casefold().replace(".", "").split()
    nobody = bool(words) and all(word in NO_PERSON or word.isdigit() for word in words)
    name = plain if nobody else TITLE_RE.sub("", plain, count=1) or plain
    if name.isupper():
        name = "".join(
            part if part in " -'’." else part[:1] + part[1:].lower()
            for part in regex.split(r"([ \-'’.])", name)
        )
    return name or plain, SpeakerKind.ROLE if nobody else SpeakerKind.PERSON


def _key(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in name.replace("-", " ").split())


class _Names:
    """The full names that a part of a name may belong to: the desk's, and this recording's."""

    def __init__(self, persons: Iterable[str], found: Iterable[str]) -> None:
        self._known = {_key(name): name for name in reversed(tuple(persons)) if name.strip()}
        self._found = {_key(name): name for name in found if len(_key(name)) > 1}

    def settle(self, name: str) -> tuple[str, bool]:
        """The name in full and in the desk's spelling where that is sure; whether it is known."""
        key = _key(name)
        if key in self._known:
            return self._known[key], True
        for names, known in ((self._known, True), (self._found, False)):
            fuller = {
                full: spelled
                for full, spelled in names.items()
                if len(full) > len(key) and key in (full[: len(key)], full[-len(key) :])
            }
            if len(fuller) == 1:
                full, spelled = next(iter(fuller.items()))
                return self._known.get(full, spelled), known or full in self._known
        return name, False


def _ranked(found: Sequence[_Hint], names: _Names) -> dict[str, tuple[Suggestion, ...]]:
    gathered: dict[str, dict[tuple[str, SpeakerKind], tuple[bool, list[str]]]] = {}
    for hint in found:
        person = hint.kind is SpeakerKind.PERSON
        name, known = names.settle(hint.name) if person else (hint.name, False)
        of_voice = gathered.setdefault(hint.voice, {})
        key = next((one for one in of_voice if fold(one[0]) == fold(name)), (name, hint.kind))
        of_voice.setdefault(key, (known, []))[1].append(hint.reason)
    result = {}
    for voice, of_voice in gathered.items():
        total = sum(len(reasons) for _, reasons in of_voice.values())
        made = [
            Suggestion(name, kind, tuple(reasons), known, len(reasons) / total)
            for (name, kind), (known, reasons) in of_voice.items()
        ]
        result[voice] = tuple(
            sorted(made, key=lambda one: (-len(one.reasons) - one.known, not one.known))
        )
    return result
