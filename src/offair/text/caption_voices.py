"""Who speaks when, from the changes of speaker that a caption track prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from offair.model.time import Ms, Span
from offair.model.transcript import Turn, VoiceSpan
from offair.text.caption_alignment import TimedToken, matched_pairs, timed_tokens
from offair.text.caption_turns import CHANGE_OF_SPEAKER
from offair.text.sentences import ends_sentence

UNMATCHED_MS: Ms = 5_000
"""Speech between two words that the captions have, farther apart than this, gets no voice."""
UNSURE_WORDS = 8
"""A change of speaker somewhere within more unmatched words than this is not placed among them."""
_NEAR = 2


def voices_from_captions(
    speech: Sequence[Turn], captions: Sequence[Turn], language: str | None = None
) -> tuple[VoiceSpan, ...]:
    """The voices that captions name or tell apart, in the time of the speech; sorted, apart.

    speech, captions: turns in order with word times (caption time lags). Each change of speaker is
    carried to the spoken word that the caption's word is; where that one was not heard alike, to
    a sentence end or the longest pause near the place. A voice's label is the name the captions
    print, else `CAPTION_SPEAKER_n`, a new number at every change, as nobody says whether
    somebody speaks again. Speech that the captions do not cover has no voice; without a single
    change of speaker in the captions nothing has. `language`: BCP 47 of both.
    """
    voices = _voices(captions)
    if len({label for label, _ in voices}) < 2 and not any(turn.label for turn in captions):
        return ()
    spoken = timed_tokens(speech, language)
    printed = timed_tokens(captions, language)
    pairs = [
        _Pair(one, other, *voices[printed[other].turn])
        for one, other in matched_pairs(spoken, printed)
    ]
    closing = _closing(speech, spoken)
    runs: list[tuple[str, int, int]] = []
    before: _Pair | None = None
    for pair in pairs:
        first = pair.spoken
        if before is not None and _near(spoken, before, pair):
            label, begun, last = runs.pop()
            if before.stretch == pair.stretch:
                first = begun
            else:
                start = _change(spoken, closing, before, pair, _first_of(printed, pair))
                if start is not None:
                    first, last = start, start - 1
                runs.append((label, begun, last))
        runs.append((pair.voice, first, pair.spoken))
        before = pair
    return tuple(_span(label, spoken[first : last + 1]) for label, first, last in runs)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A spoken token and the caption token it is, with the voice of the caption.

    stretch: number of the run of caption turns of one voice; the next voice has the next number.
    """

    spoken: int
    printed: int
    voice: str
    stretch: int


def _voices(captions: Sequence[Turn]) -> list[tuple[str, int]]:
    """The voice of each caption turn (the name printed, or a number that rises at each change),
    and the number of the stretch it is in."""
    voices: list[tuple[str, int]] = []
    number, before = 0, ""
    for place, turn in enumerate(captions):
        label = turn.label
        if label is None:
            changes = any(mark.sense == CHANGE_OF_SPEAKER for mark in turn.marks)
            if changes or not place or captions[place - 1].label is not None:
                number += 1
            label = f"CAPTION_SPEAKER_{number}"
        stretch = voices[-1][1] + (label != before) if voices else 0
        voices.append((label, stretch))
        before = label
    return voices


def _near(spoken: Sequence[TimedToken], one: _Pair, other: _Pair) -> bool:
    return spoken[other.spoken].start - spoken[one.spoken].end <= UNMATCHED_MS


def _closing(speech: Sequence[Turn], spoken: Sequence[TimedToken]) -> list[bool]:
    """For each token, whether a sentence or a turn ends with it."""
    closing = []
    for one, after in pairwise([*spoken, None]):
        if one is None:
            continue
        turn = speech[one.turn]
        if after is None or after.turn != one.turn:
            closing.append(True)
            continue
        same = after.word == one.word
        upto = turn.words.char_start[after.word]
        closing.append(not same and ends_sentence(turn.text[:upto].rstrip()))
    return closing


def _first_of(printed: Sequence[TimedToken], pair: _Pair) -> int:
    """The first caption token of the turn that a pair is in."""
    first = pair.printed
    while first > 0 and printed[first - 1].turn == printed[pair.printed].turn:
        first -= 1
    return first


def _change(
    spoken: Sequence[TimedToken],
    closing: Sequence[bool],
    before: _Pair,
    after: _Pair,
    first: int,
) -> int | None:
    """The spoken token with which the next voice begins, or None where nobody can say.

    It lies behind the last token known to be the one voice's and not behind the first known to be
    the other's; counted back from there by the caption's words, and moved a little to a place
    where a sentence ends, else to the longest pause.
    """
    between = after.spoken - before.spoken - 1
    if between > UNSURE_WORDS or after.stretch != before.stretch + 1:
        return None
    expected = max(before.spoken + 1, after.spoken - (after.printed - first))
    near = range(max(before.spoken + 1, expected - _NEAR), min(after.spoken, expected + _NEAR) + 1)
    return max(
        near,
        key=lambda place: (
            closing[place - 1],
            spoken[place].start - spoken[place - 1].end,
            -abs(place - expected),
        ),
    )


def _span(label: str, tokens: Sequence[TimedToken]) -> VoiceSpan:
    start = min(token.start for token in tokens)
    return VoiceSpan(Span(start, max(start + 1, *(token.end for token in tokens))), label)
