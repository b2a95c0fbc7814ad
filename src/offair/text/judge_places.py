"""Places of the archive as the judge reads them: turns in a row, who speaks, what is no speech."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import regex

from offair.model.time import PartialDate
from offair.model.transcript import LayerKind, LayerOrigin
from offair.text.sentences import sentences
from offair.text.tokenise import Token, TokenKind, tokens

INTERJECTION_WORDS = 8
"""A turn of somebody else with at most so many words, between two turns of one voice, does not end
what that voice says."""
_NEAR = 1_500
"""Characters on each side of the words used that are cut into sentences."""
_BETWEEN = r"[^\w()\[\]]*+"
_NOTE_RE = regex.compile(
    rf"(?i)[(\[]{_BETWEEN}(?:(?:(?:big|loud|more|some|and){_BETWEEN})*+"
    r"(?:laughter|laughs?|laughing|applause|cheers?"
    r"|cheering|boos?|booing|crosstalk|cross-talk|inaudible|unintelligible|indistinct|off[- ]mic"
    r"|pause|music|silence|chuckles?|coughs?|sighs?|ph|sic|phonetic|foreign language)(?!\w)"
    rf"{_BETWEEN})++[)\]]"
)


_Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who is heard in a turn, as it may be shown.

    name: of the voice, None where nobody knows or it is withheld. author: whose words, where not
    the voice's own. confirmed: a person said so. named: a publisher's text names the speaker; False
    where only a machine does.
    """

    name: str | None = None
    author: str | None = None
    confirmed: bool = False
    named: bool = False

    @property
    def shown(self) -> str | None:
        """Whose words they are."""
        return self.author or self.name


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn. asides: character ranges of what is no speech (stage notes)."""

    turn_id: int
    text: str
    voice: Voice = Voice()
    asides: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Place:
    """Neighbouring turns of one layer; `focus` is the range of `text` in which to look.

    order: where its first turn stands in the layer. confirmed and heard are told of turns.
    """

    recording_id: int
    layer_id: int
    kind: LayerKind
    origin: LayerOrigin
    language: str
    aired: PartialDate | None
    turns: tuple[SpokenTurn, ...]
    order: int = 0
    focus: tuple[int, int] | None = None

    @cached_property
    def text(self) -> str:
        """The turns' texts, a line end between two."""
        return "\n".join(turn.text for turn in self.turns)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each turn begins in `text`."""
        starts, at = [], 0
        for turn in self.turns:
            starts.append(at)
            at += len(turn.text) + 1
        return tuple(starts)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words in `focus`; their ranges are in `text`."""
        first, last = self.focus or (0, len(self.text))
        found = tokens(self.text[first:last], self.language)
        if not first:
            return found
        return tuple(
            Token(one.char_start + first, one.char_end + first, one.form, one.kind, one.capital)
            for one in found
        )

    def turn_at(self, char: int) -> int:
        """The index of the turn that holds a character."""
        return max(index for index, start in enumerate(self.starts) if start <= char)

    @cached_property
    def asides(self) -> frozenset[int]:
        """Words that are no part of what is said: stage notes, others' short interjections."""
        ranges = [match.span() for match in _NOTE_RE.finditer(self.text)]
        for index, turn in enumerate(self.turns):
            start = self.starts[index]
            ranges += [(start + first, start + last) for first, last in turn.asides]
            if self._interjects(index):
                ranges.append((start, start + len(turn.text)))
        if not ranges:
            return frozenset()
        return frozenset(
            number
            for number, one in enumerate(self.tokens)
            if any(first <= one.char_start and one.char_end <= last for first, last in ranges)
        )

    def _interjects(self, index: int) -> bool:
        if not 0 < index < len(self.turns) - 1:
            return False
        before, here, after = (turn.voice.name for turn in self.turns[index - 1 : index + 2])
        return (
            before is not None
            and before == after
            and here != before
            and len(self.turns[index].text.split()) <= INTERJECTION_WORDS
        )

    def neighbours(self, start: int, end: int) -> Neighbours:
        """What stands around a range of `text` in its sentences and in those beside them."""
        before, first, after = self._sentences_near(start)
        last = first
        if end > first[1]:
            _, last, after = self._sentences_near(max(start, end - 1))
        return Neighbours(
            self.text[before[0] : first[0]].strip(), self.text[first[0] : start],
            self.text[end : last[1]], self.text[last[1] : after[1]].strip(),
        )  # fmt: skip

    def _sentences_near(
        self, char: int
    ) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        """The sentence before, the one that holds a character, and the one after; of one turn."""
        known = self._known.get(char)
        if known is None:
            known = self._known[char] = self._cut_near(char)
        return known

    @cached_property
    def _known(self) -> dict[int, tuple[_Range, _Range, _Range]]:
        return {}

    def _cut_near(self, char: int) -> tuple[_Range, _Range, _Range]:
        index = self.turn_at(char)
        start, text = self.starts[index], self.turns[index].text
        low = max(0, char - start - _NEAR)
        high = min(len(text), char - start + _NEAR)
        ranges = [
            (first + low + start, last + low + start)
            for first, last in sentences(text[low:high], self.language)
        ]
        at = next((n for n, one in enumerate(ranges) if char < one[1]), len(ranges) - 1)
        if at < 0:
            return (char, char), (char, char), (char, char)
        here = ranges[at]
        before = ranges[at - 1] if at else (here[0], here[0])
        after = ranges[at + 1] if at + 1 < len(ranges) else (here[1], here[1])
        return before, here, after


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The text around words: the sentence before theirs, the beginning of their first sentence, the
    rest of their last one, the sentence after. Empty where nothing stands there."""

    sentence_before: str
    before: str
    after: str
    sentence_after: str


def spoken(found: tuple[Token, ...]) -> list[Token]:
    """Words without sounds of hesitation."""
    return [one for one in found if one.kind is not TokenKind.FILLER]
