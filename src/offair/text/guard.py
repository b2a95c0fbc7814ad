"""What is to be doubted in what a recogniser heard: flagged with the reason, never deleted.

Pure functions: `flags` over one hearing of one chunk, `second_hearing` over two of them,
`mark_words` over the turns that come of it. The single doubts are in `doubts`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from offair.model.errors import BadInput
from offair.model.finding import EditKind
from offair.model.time import Ms, Span
from offair.model.transcript import Flag, FlagKind, Heard, Turn
from offair.model.words import NO_TIME, WordFlag
from offair.text.align import Edit, align
from offair.text.doubts import InTime, doubts, in_time, merged
from offair.text.scripts import quoted
from offair.text.tokenise import Token, TokenKind, tokens

WEIGHTS = {
    FlagKind.REPEATED: 3,
    FlagKind.TOO_FAST: 3,
    FlagKind.NO_SPEECH: 3,
    FlagKind.WRONG_SCRIPT: 3,
    FlagKind.PROMPT_ECHO: 3,
    FlagKind.NOT_HEARD: 3,
    FlagKind.UNSURE: 1,
}
"""How much a flag counts against a hearing: text that was hardly said weighs more than text that
was hardly understood."""
CLEARLY_BETTER = 0.25
"""By how much the weight of doubts, 0…, has to differ for one hearing to win by that alone."""
SURER = 0.05
"""By how much the mean probability has to be higher where the doubts weigh about the same."""
LOST_SHARE = 0.2
"""A hearing that lacks more of the other's undoubted words than this never counts."""
COMPARED_MAX = 4_000_000
"""Tokens times tokens that are held against each other; a chunk of speech has about 10 000."""
QUOTED_DIFFERENCES = 3


def flags(
    heard: Heard,
    *,
    start_ms: Ms,
    length_ms: Ms,
    speech: Sequence[Span],
    language: str | None,
    prompt: str | None,
    activity_score: float,
) -> tuple[Flag, ...]:
    """What is to be doubted in one hearing of a chunk, by start; never raises, changes nothing.

    start_ms, length_ms: the chunk in media time. speech: the stretches of speech found in it, media
    time; none where no engine found any. language: BCP 47, told or forced; None to judge no
    script. prompt: names the engine was told to expect. activity_score: mean probability of
    speech over the chunk, 0…1. The spans of the flags lie inside the chunk.
    """
    chunk = in_time(heard, start_ms, length_ms, speech, language)
    found = doubts(chunk, prompt, activity_score)
    return tuple(sorted(found, key=lambda one: (one.span or chunk.span, one.kind, one.reason)))


def second_hearing(
    first: Heard,
    second: Heard,
    flags_first: Sequence[Flag],
    flags_second: Sequence[Flag],
    *,
    start_ms: Ms = 0,
) -> tuple[bool, Flag | None]:
    """Whether the second of two hearings of a chunk counts, and the flag that says how they differ.

    The hearing with clearly less weight of doubt counts, each flag weighing by the share of words
    it covers; else the one whose engine is surer; else the first. One that lacks words that the
    other has without doubt never counts over it. start_ms: the chunk's start in media time. The
    flag's span is that of the words that differ, in the hearing that counts; None where both say
    the same words.
    """
    counts = _second_counts(first, second, flags_first, flags_second, start_ms)
    kept, other = (second, first) if counts else (first, second)
    return counts, _difference(kept, other, start_ms)


def _second_counts(
    first: Heard,
    second: Heard,
    flags_first: Sequence[Flag],
    flags_second: Sequence[Flag],
    start_ms: Ms,
) -> bool:
    sound_first = _undoubted(first, flags_first, start_ms)
    sound_second = _undoubted(second, flags_second, start_ms)
    if len(tokens(second.text)) < sound_first * (1 - LOST_SHARE):
        return False
    before, after = _weight(first, flags_first, start_ms), _weight(second, flags_second, start_ms)
    if abs(before - after) > CLEARLY_BETTER:
        return after < before
    if first.mean_probability is None or second.mean_probability is None:
        return sound_second > sound_first
    return second.mean_probability - first.mean_probability >= SURER


def _covered(heard: Heard, flag: Flag, start_ms: Ms) -> tuple[int, ...]:
    """The words a flag's span holds; all of them where none of the words has a time."""
    words = heard.words
    if flag.span is None or flag.kind is FlagKind.NOT_HEARD:
        return ()
    if words.span is None:
        return tuple(range(len(words)))
    spans, starts = (flag.span,), (flag.span.start,)
    return tuple(
        index
        for index, (start, end) in enumerate(zip(words.start_ms, words.end_ms, strict=True))
        if start != NO_TIME and _holds(spans, starts, start + start_ms, end + start_ms)
    )


def _weight(heard: Heard, found: Sequence[Flag], start_ms: Ms) -> float:
    """The doubts of a hearing: each kind's weight by the share of the words it covers, at least a
    tenth; what was not heard counts in full where no words are there, else by half."""
    total = 0.0
    for flag in found:
        if flag.kind is FlagKind.NOT_HEARD:
            share = 0.5 if heard.text else 1.0
        elif len(heard.words):
            share = max(0.1, len(_covered(heard, flag, start_ms)) / len(heard.words))
        else:
            share = 1.0
        total += WEIGHTS.get(flag.kind, 1) * share
    return total


def _undoubted(heard: Heard, found: Sequence[Flag], start_ms: Ms) -> int:
    """How many tokens stand outside of all flags that weigh as much as an invention."""
    heavy = [one for one in found if WEIGHTS.get(one.kind, 1) > 1]
    if not len(heard.words):
        return 0 if heavy else len(tokens(heard.text))
    doubted = {index for flag in heavy for index in _covered(heard, flag, start_ms)}
    kept = [word for index, word in enumerate(heard.words) if index not in doubted]
    return sum(len(tokens(heard.text[word.char_start : word.char_end])) for word in kept)


def _difference(kept: Heard, other: Heard, start_ms: Ms) -> Flag | None:
    language = kept.language
    one, two = _said(kept.text, language), _said(other.text, language)
    if [token.form for token in one] == [token.form for token in two]:
        return None
    whole = in_time(kept, start_ms, max(_length(kept), _length(other)), (), language)
    if not one or not two or len(one) * len(two) > COMPARED_MAX:
        edits: tuple[Edit, ...] = ()
    else:
        try:
            edits = align(one, two, whole=True, language=language).edits
        except BadInput:  # too many words to hold against each other: said without quoting
            edits = ()
        else:
            edits = tuple(edit for edit in edits if _counts(edit))
            if not edits:
                return None
    if not edits:
        has, lacks = (quoted(one_text.text) if one_text.text else "no words" for one_text in
                      (other, kept))  # fmt: skip
        span = _words_span(whole, range(len(kept.words)))
        return Flag(FlagKind.SECOND_HEARING, span, f"another hearing has {has}, not {lacks}")
    told = [_told(kept.text, one, other.text, two, edit) for edit in edits[:QUOTED_DIFFERENCES]]
    more = len(edits) - len(told)
    tail = f"; {more} more such {'place' if more == 1 else 'places'}" if more else ""
    touched = _touched(whole, one, edits)
    reason = f"another hearing has {'; '.join(told)}{tail}"
    return Flag(FlagKind.SECOND_HEARING, _words_span(whole, touched), reason)


def _said(text: str, language: str) -> tuple[Token, ...]:
    return tuple(one for one in tokens(text, language) if one.kind is not TokenKind.FILLER)


def _length(heard: Heard) -> Ms:
    span = heard.words.span
    return span.end if span is not None else 0


def _counts(edit: Edit) -> bool:
    return edit.kind not in {EditKind.EQUAL, EditKind.VARIANT}


def _told(kept: str, one: Sequence[Token], other: str, two: Sequence[Token], edit: Edit) -> str:
    here, there = edit.printed, edit.spoken
    if here[0] == here[1] or there[0] == there[1]:  # the words beside say where it stands
        here = max(0, here[0] - 1), min(len(one), here[1] + 1)
        there = max(0, there[0] - 1), min(len(two), there[1] + 1)
    return f"{_quote(other, two, there)}, not {_quote(kept, one, here)}"


def _quote(text: str, row: Sequence[Token], place: tuple[int, int]) -> str:
    first, last = place
    return quoted(text[row[first].char_start : row[last - 1].char_end])


def _touched(whole: InTime, row: Sequence[Token], edits: Sequence[Edit]) -> range:
    """The words of the hearing that counts, from the first that differs to the last."""
    starts = whole.heard.words.char_start
    if not len(starts):
        return range(0)
    first = min(edit.printed[0] for edit in edits)
    last = max(max(edit.printed[1] - 1, edit.printed[0]) for edit in edits)
    places = [
        max(0, bisect_right(starts, row[min(at, len(row) - 1)].char_start) - 1)
        for at in (first, last)
    ]
    return range(places[0], places[1] + 1)


def _words_span(whole: InTime, indices: range) -> Span:
    return whole.of_words(indices)


def mark_words(turns: Sequence[Turn], flags: Sequence[Flag]) -> tuple[Turn, ...]:
    """The turns with `WordFlag.DOUBTED` on the words whose midpoint a flag's span holds.

    A word without time is doubted where one flag covers all of its turn. What was not heard
    (`NOT_HEARD`) has no words to doubt; flags without a span mark none. Words of other flags keep
    them.
    """
    spans = merged(
        one.span for one in flags if one.span is not None and one.kind is not FlagKind.NOT_HEARD
    )
    starts = [one.start for one in spans]
    return tuple(_marked(turn, spans, starts) for turn in turns)


def _marked(turn: Turn, spans: Sequence[Span], starts: Sequence[Ms]) -> Turn:
    if not spans or not len(turn.words):
        return turn
    column = turn.words.flags[:]
    for index, (start, end) in enumerate(zip(turn.words.start_ms, turn.words.end_ms, strict=True)):
        if start != NO_TIME:
            doubted = _holds(spans, starts, start, end)
        else:
            doubted = turn.span is not None and _covers(spans, starts, turn.span)
        if doubted:
            column[index] |= WordFlag.DOUBTED
    return turn if column == turn.words.flags else replace(
        turn, words=replace(turn.words, flags=column)
    )  # fmt: skip


def _holds(spans: Sequence[Span], starts: Sequence[Ms], start: Ms, end: Ms) -> bool:
    at = bisect_right(starts, (start + end) // 2) - 1
    if at < 0:
        return False
    limit = 2 * spans[at].end
    # A word of no length at the very end of a chunk lies in the span that ends there.
    return start + end < limit or (start == end and start + end == limit)


def _covers(spans: Sequence[Span], starts: Sequence[Ms], whole: Span) -> bool:
    at = bisect_right(starts, whole.start) - 1
    return at >= 0 and spans[at].end >= whole.end
