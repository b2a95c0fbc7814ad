"""From the cues of a caption track to turns: who was named, and where each word stands."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from offair.model.time import Ms, Span
from offair.model.transcript import Cue, Mark, MarkKind, Turn
from offair.model.words import NO_PROBABILITY, NO_TIME, TimeSource, Word, Words

_GRAPHEME = regex.compile(r"\X")
_WORD = regex.compile(r"[^\s\x1c-\x1f]+")
_CHANGE = regex.compile(
    r"(?:^|\s)(?:>>+\s*(?:(?P<name>\p{Lu}[\p{Lu}\p{M}\d .'’-]{0,60}):\s*)?"
    r"|(?<=^)(?P<lead>\p{Lu}[\p{Lu}\p{M}\d .'’-]{1,60}):\s+)"
)
"""How captions print a change of speaker: `>>`, `>> NAME:`, or `NAME:` where a caption begins."""
CHANGE_OF_SPEAKER = "change of speaker"
"""The sense of the mark that stands where a caption says that somebody unnamed begins."""
LONGEST_TURN_MS: Ms = 30_000
LONGEST_SILENCE_MS: Ms = 3_000


def untimed(text: str) -> Words:
    """The words of a text that nobody timed: what stands between white space, times `NONE`."""
    # Columns at once: an archive of ten million words comes in here word by word otherwise.
    places = [match.span() for match in _WORD.finditer(text)]
    count = len(places)
    return Words(
        array("I", [start for start, _ in places]),
        array("I", [end for _, end in places]),
        array("q", [NO_TIME]) * count,
        array("q", [NO_TIME]) * count,
        array("B", [TimeSource.NONE]) * count,
        array("H", [NO_PROBABILITY]) * count,
        array("H", [0]) * count,
    )


def turns_of(cues: Sequence[Cue], *, timed: bool = True) -> tuple[Turn, ...]:
    """Turns of a caption track, in cue order.

    A change of speaker is taken from the cue or from its text (`>>`, `>> NAME:`), which is then no
    part of the words; a `>>` without a name is somebody unknown, and stays as a mark
    (`CHANGE_OF_SPEAKER`) at the start of the turn. Cues with the same named
    speaker, or with none named after one that was, make one turn, as broadcasters name a speaker
    only at a change; a turn ends at a silence of `LONGEST_SILENCE_MS` or after `LONGEST_TURN_MS`.
    Word times are interpolated inside each cue by grapheme length (`TimeSource.INTERPOLATED`):
    caption time, which lags speech. With `timed` False (no media is held that the times
    could count from) turns keep their cues' span and words have no times.
    """
    groups: list[list[_Piece]] = []
    for cue in cues:
        for piece in _pieces(cue):
            if groups and _continues(groups[-1], piece):
                groups[-1].append(piece)
            else:
                groups.append([piece])
    speaker: str | None = None
    result = []
    for ordinal, group in enumerate(groups):
        speaker = group[0].speaker if group[0].change else speaker
        result.append(_turn(ordinal, group, speaker, timed=timed))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one speaker says in one cue. change: the cue says that somebody else begins here."""

    span: Span
    text: str
    speaker: str | None
    change: bool


def _pieces(cue: Cue) -> list[_Piece]:
    line = " ".join(cue.text.split())
    edges = [(0, 0, cue.speaker, cue.speaker is not None)]
    for match in _CHANGE.finditer(line):
        name = match["name"] or match["lead"]
        edges.append((match.start(), match.end(), name.strip() if name else None, True))
    pieces = []
    for (_, first, speaker, change), (last, _, _, _) in pairwise(
        [*edges, (len(line), 0, None, False)]
    ):
        text = line[first:last].strip()
        if text:
            start, end = (_share(cue.span, line, at) for at in (first, last))
            pieces.append(_Piece(Span(start, end), text, speaker, change))
    return pieces


def _share(span: Span, line: str, at: int) -> Ms:
    """The time of a character of a cue, by grapheme length."""
    total = max(1, len(_GRAPHEME.findall(line)))
    return span.start + span.length * len(_GRAPHEME.findall(line[:at])) // total


def _continues(group: Sequence[_Piece], piece: _Piece) -> bool:
    if piece.change and (piece.speaker is None or piece.speaker != group[0].speaker):
        return False
    silence = piece.span.start - group[-1].span.end
    return (
        0 <= silence < LONGEST_SILENCE_MS
        and piece.span.end - group[0].span.start <= LONGEST_TURN_MS
    )


def _turn(ordinal: int, group: Sequence[_Piece], speaker: str | None, *, timed: bool) -> Turn:
    words: list[Word] = []
    text = ""
    for piece in group:
        offset = len(text) + (1 if text else 0)
        text = f"{text} {piece.text}" if text else piece.text
        words.extend(_spread(piece.text, offset, piece.span.start, piece.span.end))
    columns = Words.of(words)
    unnamed = group[0].change and group[0].speaker is None
    marks = (Mark(MarkKind.STAGE, 0, 0, ">>", CHANGE_OF_SPEAKER),) if unnamed else ()
    return Turn(0, ordinal, text, columns if timed else untimed(text), columns.span, speaker, marks)


def _spread(line: str, offset: int, start: Ms, end: Ms) -> list[Word]:
    found = [(m.start(), m.end(), len(_GRAPHEME.findall(m.group()))) for m in _WORD.finditer(line)]
    total = sum(length for _, _, length in found)
    words, done = [], 0
    for first, last, length in found:
        begin = start + (end - start) * done // total
        done += length
        until = start + (end - start) * done // total
        words.append(Word(offset + first, offset + last, begin, until, TimeSource.INTERPOLATED))
    return words
