"""The broadcaster's captions held against what was heard: where the two disagree, and how late
captions come.

Captions lag speech by seconds and are often shortened, so words are matched by what they say and
only roughly by when (`caption_alignment`). Where three words in a row agree, they are certain; what
is left between two such places is aligned word by word (`align`). The work grows with the number of
words times its logarithm.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import regex

from offair.model.errors import BadInput
from offair.model.finding import EditClass, EditKind
from offair.model.time import Ms, Span
from offair.model.transcript import Flag, FlagKind, Turn
from offair.model.words import NO_TIME
from offair.text.align import Edit, align
from offair.text.caption_alignment import TimedToken, matched_pairs
from offair.text.lexicon import is_function_word
from offair.text.scripts import quoted
from offair.text.tokenise import Token, TokenKind, tokens

SAME_TEXT_SHARE = 0.3
"""Captions of which less is found in the speech are of another text or language: not judged."""
ENOUGH_WORDS = 12
"""Captions with fewer words than this are not judged."""
SPOT_WORDS = 5
"""A single number, name or negation is judged where at most so many words on either side differ."""
DROPPED_WORDS = 10
"""So many words heard in a row without a caption are more than captions shorten by."""
UNSPOKEN_WORDS = 6
"""So many words of captions in a row of which nothing was heard are a passage."""
CHANGED_WORDS = 6
CHANGED_EQUAL = 0.25
"""So many words on both sides, of which at most this share agree, differ beyond paraphrase."""
LONGEST_GAP_MS: Ms = 30_000
"""Between anchors farther apart than this nothing is certain."""
_GAP_CELLS = 60_000
_CERTAIN = 3
"""So many words in a row that agree are no accident."""
_ASIDE_RE = regex.compile(r"\[[^\]]{0,400}+\]|\([^)]{0,400}+\)|♪[^♪]*♪?|>>+")
_WEIGHTY = {
    EditClass.NUMBER: "a number",
    EditClass.NEGATION: "a negation",
    EditClass.NAME: "a name",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What comes of holding captions against speech.

    flags: by start, spans in the speech's media time. lag_ms: by how much captions usually come
    after the words (negative: before), None where too few words agree to tell.
    """

    flags: tuple[Flag, ...]
    lag_ms: Ms | None


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """The words of a layer in one row. pieces: the text a token stands in, and the token; times:
    when each was said."""

    texts: tuple[str, ...]
    pieces: tuple[tuple[int, Token], ...]
    times: tuple[Span, ...]

    def __len__(self) -> int:
        return len(self.pieces)

    def tokens(self, first: int, last: int) -> list[Token]:
        """Tokens `first:last`, with their ranges in their own turns' texts."""
        return [token for _, token in self.pieces[first:last]]

    def timed(self) -> list[TimedToken]:
        """All words as `caption_alignment` takes them."""
        return [
            TimedToken(token.form, span.start, span.end, turn, place)
            for place, ((turn, token), span) in enumerate(zip(self.pieces, self.times, strict=True))
        ]

    def quote(self, first: int, last: int) -> str:
        """The words `first:last` as a sentence quotes them."""
        parts: list[str] = []
        index = first
        while index < last:
            turn, token = self.pieces[index]
            end = index
            while end + 1 < last and self.pieces[end + 1][0] == turn:
                end += 1
            parts.append(self.texts[turn][token.char_start : self.pieces[end][1].char_end])
            index = end + 1
        return quoted(" ".join(parts))

    def span(self, first: int, last: int) -> Span:
        """When words `first:last` were said."""
        inside = self.times[first:last]
        start = min(one.start for one in inside)
        return Span(start, max(start + 1, *(one.end for one in inside)))


def disagreements(
    speech: Sequence[Turn], captions: Sequence[Turn], *, language: str | None = None
) -> Agreement:
    """Where captions and speech of one recording disagree in what matters; see `Agreement`.

    Flagged are: a number, name or negation that differs amid words that agree; a passage heard
    that the captions lack, or have in other words altogether; a passage of captions of which
    nothing was heard. Shortening, rephrasing and what cannot be placed with certainty is no
    disagreement. speech, captions: turns in order, with times; those without are left out.
    language: BCP 47 of both, where known. Never raises.
    """
    heard, shown = _said(speech, language), _said(captions, language)
    if len(shown) < ENOUGH_WORDS or not len(heard):
        return Agreement((), None)
    matched = _certain(matched_pairs(heard.timed(), shown.timed()))
    if len(matched) < max(_CERTAIN, SAME_TEXT_SHARE * min(len(shown), len(heard))):
        return Agreement((), None)
    lag = round(median(shown.times[c].start - heard.times[s].start for s, c in matched))
    found: list[Flag] = []
    for (s0, c0), (s1, c1) in pairwise(matched):
        if c1 == c0 + 1 and s1 == s0 + 1:
            continue
        if heard.times[s1].start - heard.times[s0].end > LONGEST_GAP_MS:
            continue
        gap = _Gap(heard, shown, (s0 + 1, s1), (c0 + 1, c1), language)
        found += gap.flags()
    return Agreement(tuple(sorted(found, key=lambda one: (one.span, one.reason))), lag)


def _said(turns: Sequence[Turn], language: str | None) -> _Said:
    texts: list[str] = []
    pieces: list[tuple[int, Token]] = []
    times: list[Span] = []
    for turn in turns:
        if turn.span is None and turn.words.span is None:
            continue
        plain = _ASIDE_RE.sub(lambda found: " " * len(found.group()), turn.text)
        for token in tokens(plain, language):
            if token.kind is TokenKind.FILLER:
                continue
            pieces.append((len(texts), token))
            times.append(_time(turn, token))
        texts.append(turn.text)
    return _Said(tuple(texts), tuple(pieces), tuple(times))


def _time(turn: Turn, token: Token) -> Span:
    """When a token is said: by its word, else by its place in the turn's time."""
    words = turn.words
    at = bisect_right(words.char_start, token.char_start) - 1
    if at >= 0 and words.start_ms[at] != NO_TIME and token.char_start < words.char_end[at]:
        return Span(words.start_ms[at], words.end_ms[at])
    whole = turn.span or words.span or Span(0, 0)
    length = max(1, len(turn.text))
    first = whole.start + whole.length * token.char_start // length
    return Span(first, whole.start + whole.length * min(length, token.char_end) // length)


def _certain(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs (word heard, word of the captions) that stand in a row of at least `_CERTAIN`."""
    result: list[tuple[int, int]] = []
    row: list[tuple[int, int]] = []
    for pair in (*pairs, (-1, -1)):
        if row and pair != (row[-1][0] + 1, row[-1][1] + 1):
            result += row if len(row) >= _CERTAIN else []
            row = []
        row.append(pair)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Gap:
    """What stands between two words that agree: word ranges, half-open, either may be empty."""

    heard: _Said
    shown: _Said
    speech: tuple[int, int]
    captions: tuple[int, int]
    language: str | None

    def flags(self) -> list[Flag]:
        """The disagreement in this gap, if it is one: at most one flag."""
        spoken = self.speech[1] - self.speech[0]
        written = self.captions[1] - self.captions[0]
        if not written:
            return self._dropped(spoken) or self._spot(())
        if not spoken:
            return self._unspoken(self.captions) or self._spot(())
        edits = self._edits(spoken, written)
        if edits is None:
            return []
        equal = sum(
            edit.printed[1] - edit.printed[0]
            for edit in edits
            if edit.kind in (EditKind.EQUAL, EditKind.VARIANT)
        )
        if min(spoken, written) >= CHANGED_WORDS and equal <= CHANGED_EQUAL * min(spoken, written):
            return [self._flag(self._other_words(), self.heard.span(*self.speech))]
        for edit in edits:
            first, last = (self.captions[0] + at for at in edit.printed)
            if edit.kind is EditKind.ADDED and last - first >= UNSPOKEN_WORDS:
                return self._unspoken((first, last))
        missing = [
            (self.speech[0] + edit.spoken[0], self.speech[0] + edit.spoken[1])
            for edit in edits
            if edit.kind is EditKind.LEFT_OUT
        ]
        for first, last in _joined(missing):
            if last - first >= DROPPED_WORDS:
                return [self._lacks(first, last)]
        return self._spot(edits)

    def _edits(self, spoken: int, written: int) -> tuple[Edit, ...] | None:
        """Captions against speech, word by word; None where they are too long to be certain."""
        if spoken * written > _GAP_CELLS:
            return None
        try:
            return align(
                self.shown.tokens(*self.captions),
                self.heard.tokens(*self.speech),
                whole=True,
                language=self.language,
            ).edits
        except BadInput:  # too many words to hold against each other: nothing is certain
            return None

    def _dropped(self, spoken: int) -> list[Flag]:
        return [self._lacks(*self.speech)] if spoken >= DROPPED_WORDS else []

    def _lacks(self, first: int, last: int) -> Flag:
        reason = f"the captions have no words for {self.heard.quote(first, last)}"
        return self._flag(reason, self.heard.span(first, last))

    def _other_words(self) -> str:
        return (
            f"the captions have {self.shown.quote(*self.captions)}, where"
            f" {self.heard.quote(*self.speech)} was heard"
        )

    def _unspoken(self, place: tuple[int, int]) -> list[Flag]:
        if place[1] - place[0] < UNSPOKEN_WORDS:
            return []
        reason = f"the captions have {self.shown.quote(*place)}, and nothing of it was heard"
        if self.speech[0] < self.speech[1]:
            return [self._flag(reason, self.heard.span(*self.speech))]
        # Where the words should have been: the time between the words beside them.
        start = self.heard.times[self.speech[0] - 1].end
        end = max(start + 1, self.heard.times[self.speech[1]].start)
        return [self._flag(reason, Span(start, end))]

    def _spot(self, edits: Sequence[Edit]) -> list[Flag]:
        """A number, name or negation that differs where little else does."""
        spoken = self.speech[1] - self.speech[0]
        written = self.captions[1] - self.captions[0]
        if max(spoken, written) > SPOT_WORDS:
            return []
        what = self._weighty(edits or self._edits(spoken, written) or ())
        if not what:
            return []
        speech, captions = self.speech, self.captions
        if not spoken or not written:  # the words beside say where it stands
            speech = speech[0] - 1, speech[1] + 1
            captions = captions[0] - 1, captions[1] + 1
        reason = (
            f"the captions have {self.shown.quote(*captions)}, where"
            f" {self.heard.quote(*speech)} was heard: {' and '.join(what)} differs"
        )
        return [self._flag(reason, self.heard.span(*speech))]

    def _weighty(self, edits: Sequence[Edit]) -> list[str]:
        found = set()
        for edit in edits:
            if edit.kind in (EditKind.EQUAL, EditKind.VARIANT) or not edit.critical:
                continue
            for kind in _WEIGHTY.keys() & edit.classes:
                if kind is not EditClass.NAME or self._renames(edit):
                    found.add(_WEIGHTY[kind])
        return sorted(found)

    def _renames(self, edit: Edit) -> bool:
        """Whether a name stands for another; one left out, or `he` for it, shortens a caption."""
        written = self.shown.tokens(*(self.captions[0] + at for at in edit.printed))
        spoken = self.heard.tokens(*(self.speech[0] + at for at in edit.spoken))
        return all(
            any(not is_function_word(token.form, self.language) for token in side)
            for side in (written, spoken)
        )

    def _flag(self, reason: str, span: Span) -> Flag:
        return Flag(FlagKind.CAPTIONS_DIFFER, span, reason)


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for first, last in ranges:
        if result and result[-1][1] == first:
            result[-1] = (result[-1][0], last)
        else:
            result.append((first, last))
    return result
