"""Controls: quotations of which a finding that they were said would be a false alarm, and true ones
put wrongly together."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from offair.evaluation.quotes_made import LENGTHS, Passage
from offair.evaluation.quotes_set import KnownQuotation, plain
from offair.model.finding import SpeakerFinding, WordsFinding

NEVER, SHUFFLED, SCRAMBLED = "control: never said", "control: shuffled", "control: scrambled"
GLUED, WRONG_SPEAKER = "control: two halves glued", "control: wrong speaker"
FORMULAE = "control: formulae"

COMMON = (
    "thank you very much",
    "good afternoon, everyone",
    "thank you all very much",
    "God bless you all",
    "it's great to be here",
    "have a great day",
    "good morning, everybody",
    "thank you so much",
    "that is a great question",
    "let me be clear",
)
"""Formulae that anybody says."""

_SENTENCE_RE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_LARGEST_BYTES = 4_000_000


def never_said(files: Sequence[Path], count: int, *, seed: int) -> Iterator[KnownQuotation]:
    """Runs of words of texts that are not the archive, of the lengths of real quotations."""
    chance = random.Random(seed)
    made = 0
    for _ in range(count * 6):
        if made >= count or not files:
            return
        path = chance.choice(files)
        if path.stat().st_size > _LARGEST_BYTES:
            continue
        text = plain(path.read_text(encoding="utf-8", errors="replace"))
        sentences = [one for one in _SENTENCE_RE.split(text) if len(one.split()) >= 5]
        length = LENGTHS[made % len(LENGTHS)]
        start = chance.randrange(max(1, len(sentences)))
        words = " ".join(sentences[start : start + 4]).split()[:length]
        if len(words) < length or any(one in word for word in words for one in '[]…“”"<>|#'):
            continue
        made += 1
        yield KnownQuotation(
            f"never said {made}", NEVER, " ".join(words), None, WordsFinding.NOT_FOUND, None,
            frozenset({WordsFinding.TOO_SHORT}),
        )  # fmt: skip


def broken(passages: Sequence[Passage], count: int, *, seed: int) -> Iterator[KnownQuotation]:
    """True passages shuffled, scrambled, glued, and said to be somebody else's."""
    chance = random.Random(seed)
    longer = [one for one in passages if len(one.words) >= 10]
    for number, one in enumerate(longer[:count]):
        words = list(one.words)
        chance.shuffle(words)
        yield _control(number, SHUFFLED, words, one, WordsFinding.NOT_FOUND)
    for number, one in enumerate(longer[count : 2 * count]):
        half = len(one.words) // 2
        words = [*one.words[half:], *one.words[:half]]
        yield _control(
            number, SCRAMBLED, words, one, WordsFinding.ALTERED,
            (WordsFinding.SPLICED, WordsFinding.NOT_FOUND, WordsFinding.PARAPHRASE,
             WordsFinding.TOO_SHORT), one.event,
        )  # fmt: skip
    long = [one for one in passages if len(one.words) >= 14]
    for number, (one, other) in enumerate(zip(long[:count], long[-count:], strict=False)):
        if one.event == other.event:
            continue
        words = [*one.words[:12], *other.words[:12]]
        known = _control(number, GLUED, words, one, WordsFinding.SPLICED, (), one.event)
        yield replace(known, events=frozenset({one.event, other.event}))
    named = [one for one in longer if one.speaker is not None and _is_name(one.speaker)]
    for number, one in enumerate(named[:count]):
        others = [
            other.speaker
            for other in named
            if other.speaker is not None
            and not set(other.speaker.casefold().split())
            & set((one.speaker or "").casefold().split())
        ]
        if not others:
            continue
        known = _control(
            number, WRONG_SPEAKER, one.words, one, WordsFinding.VERBATIM, (), one.event
        )
        yield replace(known, claimed=chance.choice(others), speaker=SpeakerFinding.SOMEBODY_ELSE)


def formulae() -> Iterator[KnownQuotation]:
    """What everybody says: too short to decide, whoever is claimed."""
    for number, words in enumerate(COMMON):
        yield KnownQuotation(
            f"formula {number}", FORMULAE, words, None, WordsFinding.TOO_SHORT, None
        )


def _is_name(speaker: str) -> bool:
    return len(speaker.split()) >= 2 and not speaker.isupper()


def _control(
    number: int,
    group: str,
    words: Iterable[str],
    passage: Passage,
    finding: WordsFinding,
    also: Sequence[WordsFinding] = (WordsFinding.TOO_SHORT,),
    event: str | None = None,
) -> KnownQuotation:
    return KnownQuotation(
        f"{group.removeprefix('control: ')} {number}", group, " ".join(words), passage.speaker,
        finding, None, frozenset(also), frozenset({event} if event else ()),
    )  # fmt: skip
