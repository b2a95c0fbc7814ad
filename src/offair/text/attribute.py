"""From the words of chunks to turns: who says what when, before and after diarisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from offair.model.time import Ms, Span
from offair.model.transcript import Heard, Mark, Turn, VoiceSpan
from offair.model.words import Word, WordFlag, Words
from offair.text.sentences import ends_sentence, sentences
from offair.text.word_voices import SpokenWord, word_voices

PAUSE_MS: Ms = 1_500
"""A pause this long after a sentence end opens a new turn where the speaker is unknown."""
LONGEST_MS: Ms = 45_000
"""Past this length a turn of an unknown speaker ends at the next sentence end."""
SKIPPED_MS: Ms = 2_000
"""A stretch this long between chunks, in which nothing was heard, ends any turn."""
_BREATH_MS: Ms = 300
_UNSPACED_RE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
    r"\u3000-\u303f\u30fb\u30fc\uff01-\uff0f\uff1a-\uff20\uff61-\uff70]"
)


@dataclass(frozen=True, slots=True)
class HeardChunk:
    """What was heard in one chunk: `span` in media time, the word times inside from its start."""

    span: Span
    heard: Heard


@dataclass(slots=True)
class _Atom:
    """A word with the text up to the next one; `word` None for text that came without words."""

    text: str
    word: Word | None
    lead: int
    """Where the word starts inside `text`: not 0 only where text stands before a first word."""
    length: int
    start: Ms | None
    end: Ms | None
    chunk: int
    closes: bool
    label: str | None = None


def turns(
    chunks: Sequence[HeardChunk],
    voices: Sequence[VoiceSpan] = (),
    *,
    pause_ms: Ms = PAUSE_MS,
    longest_ms: Ms = LONGEST_MS,
) -> tuple[Turn, ...]:
    """The turns of a recording, in the order of the chunks' starts; ids 0, ordinals from 0.

    Every word of the chunks stands in exactly one turn, its time moved by its chunk's start and
    otherwise unchanged; text that no word covers stays with the word before it. Inside a chunk
    the text is kept as it is; chunks are joined by one space, or by nothing between scripts
    written without spaces.

    A word's label is its voice as `word_voices` tells it, None where nobody is known to say it; a
    word in which several voices speak at once carries `WordFlag.OVERLAP`. A word without time
    takes the label of its neighbour. A turn ends where the label changes, and where nothing was
    heard for `SKIPPED_MS` between two chunks. While the label is None it also ends at a pause of
    `pause_ms` after a sentence end, at a sentence end once longer than `longest_ms`, at a breath
    once longer than twice that, and between any two timed words once longer than three times that
    (an engine may print no full stops at all).

    A turn's span runs over its timed words; a chunk without timed words gives its own span. Text
    that came without any words is a turn of its own, so that it keeps its chunk's span.
    """
    ordered = [
        chunk for chunk in sorted(chunks, key=lambda one: one.span) if chunk.heard.text.strip()
    ]
    atoms = [atom for index, chunk in enumerate(ordered) for atom in _atoms(chunk, index)]
    _label(atoms, ordered, voices)
    groups: list[list[_Atom]] = []
    opened: Ms | None = None
    for atom in atoms:
        if not groups or _breaks(groups[-1][-1], atom, ordered, opened, pause_ms, longest_ms):
            groups.append([])
            opened = None
        if opened is None:
            opened = atom.start
        groups[-1].append(atom)
    return tuple(_turn(group, ordered, ordinal) for ordinal, group in enumerate(groups))


def _atoms(chunk: HeardChunk, index: int) -> list[_Atom]:
    text, words, offset = chunk.heard.text, list(chunk.heard.words), chunk.span.start
    if not words:
        closes = ends_sentence(text)
        return [_Atom(text.strip(), None, 0, 0, None, None, index, closes)]
    ends = {end for _, end in sentences(text, chunk.heard.language)}
    edges = [0, *(word.char_start for word in words[1:]), len(text)]
    atoms = []
    for word, (start, end) in zip(words, pairwise(edges), strict=True):
        piece = text[start:end]
        last = start + len(piece.rstrip())
        closes = last in ends and ends_sentence(text[start:last])
        if word.start is None or word.end is None:
            moved = word
        else:
            moved = word._replace(start=word.start + offset, end=word.end + offset)
        atoms.append(
            _Atom(
                piece,
                moved,
                word.char_start - start,
                word.char_end - word.char_start,
                moved.start,
                moved.end,
                index,
                closes,
            )
        )
    return atoms


def _label(atoms: list[_Atom], chunks: Sequence[HeardChunk], voices: Sequence[VoiceSpan]) -> None:
    """Name each word's voice in place; a word without time takes its neighbour's in the chunk."""
    if not voices:
        return
    timed = {atom.chunk for atom in atoms if atom.start is not None}
    spoken: list[tuple[_Atom, SpokenWord]] = []
    sentence = 0
    for place, atom in enumerate(atoms):
        if place and (atoms[place - 1].closes or _skips(atoms[place - 1], atom, chunks)):
            sentence += 1
        if atom.start is not None and atom.end is not None:
            spoken.append((atom, SpokenWord(Span(atom.start, atom.end), sentence)))
        elif atom.chunk not in timed:
            spoken.append((atom, SpokenWord(chunks[atom.chunk].span, sentence)))
    found = word_voices([word for _, word in spoken], voices)
    for (atom, _), voice in zip(spoken, found, strict=True):
        atom.label = voice.label
        if voice.overlapped and atom.word is not None and atom.start is not None:
            atom.word = atom.word._replace(flags=atom.word.flags | WordFlag.OVERLAP)
    _carry(pairwise(atoms), timed)
    _carry(pairwise(reversed(atoms)), timed)


def _skips(before: _Atom, after: _Atom, chunks: Sequence[HeardChunk]) -> bool:
    """Whether nothing was heard for long between two words, or one of them is text without words"""
    if before.chunk == after.chunk:
        return False
    gap = chunks[after.chunk].span.start - chunks[before.chunk].span.end
    return gap >= SKIPPED_MS or before.word is None or after.word is None


def _carry(pairs: Iterable[tuple[_Atom, _Atom]], timed: set[int]) -> None:
    for known, atom in pairs:
        untimed = atom.start is None and atom.chunk in timed
        if untimed and atom.label is None and known.chunk == atom.chunk:
            atom.label = known.label


def _breaks(
    before: _Atom,
    after: _Atom,
    chunks: Sequence[HeardChunk],
    opened: Ms | None,
    pause_ms: Ms,
    longest_ms: Ms,
) -> bool:
    if before.label != after.label or before.word is None or after.word is None:
        return True
    if _skips(before, after, chunks):
        return True
    if before.label is not None or before.end is None or after.start is None:
        return False
    pause = after.start - before.end
    if before.closes and pause >= pause_ms:
        return True
    length = 0 if opened is None else before.end - opened
    if length > 3 * longest_ms:
        return True
    if length > 2 * longest_ms and pause >= _BREATH_MS:
        return True
    return before.closes and length > longest_ms


def _turn(atoms: Sequence[_Atom], chunks: Sequence[HeardChunk], ordinal: int) -> Turn:
    parts: list[str] = []
    words: list[Word] = []
    times: list[Ms] = []
    timed = {atom.chunk for atom in atoms if atom.start is not None}
    position, previous = 0, atoms[0].chunk
    for atom in atoms:
        if atom.chunk != previous:
            joint = _joint(parts[-1], atom.text)
            parts.append(joint)
            position += len(joint)
            previous = atom.chunk
        if atom.word is not None:
            start = position + atom.lead
            words.append(atom.word._replace(char_start=start, char_end=start + atom.length))
        if atom.start is not None and atom.end is not None:
            times += (atom.start, atom.end)
        elif atom.chunk not in timed:
            times += (chunks[atom.chunk].span.start, chunks[atom.chunk].span.end)
        parts.append(atom.text)
        position += len(atom.text)
    last = max((word.char_end for word in words), default=0)
    text = "".join(parts)
    text = text[: max(last, len(text.rstrip()))]
    return Turn(0, ordinal, text, Words.of(words), Span(min(times), max(times)), atoms[0].label)


def _joint(left: str, right: str) -> str:
    """What stands between two chunks' texts: one space, or nothing between unspaced scripts."""
    if left[-1:].isspace() or right[:1].isspace():
        return ""
    unspaced = _UNSPACED_RE.match(left[-1:]) and _UNSPACED_RE.match(right[:1])
    return "" if unspaced else " "


def cut_heard(chunk: HeardChunk, span: Span) -> HeardChunk | None:
    """What was heard of a chunk inside `span` (media time), or None where that is nothing.

    The result's span is the time the two share, and its word times count from that span's start.
    A word belongs to it where its midpoint is in `span`; one without time goes with the timed word
    before it, or after it at the chunk's start; text without any timed word goes where the middle
    of the chunk is. A word that reaches over the edge ends there: half of its time at most, and
    the claim keeps all of it. Probabilities and language stay those of the whole chunk.
    """
    if span.start <= chunk.span.start and chunk.span.end <= span.end:
        return chunk if chunk.heard.text.strip() else None
    start, end = max(span.start, chunk.span.start), min(span.end, chunk.span.end)
    if start >= end:
        return None
    heard, offset = chunk.heard, chunk.span.start
    whole = Turn(0, 0, heard.text, heard.words, chunk.span)
    middles = [middle + 2 * offset for middle in _midpoints(whole)]
    if not middles:
        middle = chunk.span.start + chunk.span.end
        inside = heard.text.strip() and 2 * span.start <= middle < 2 * span.end
        return HeardChunk(Span(start, end), heard) if inside else None
    parts = _runs([2 * span.start <= middle < 2 * span.end for middle in middles])
    text = ""
    words: list[Word] = []
    for piece in (_cut(whole, first, last) for first, last in parts):
        shift = len(text) + len(joint := _joint(text, piece.text) if text else "")
        text += joint + piece.text
        words += (_moved(word, shift, offset, Span(start, end)) for word in piece.words)
    if not words:
        return None
    return HeardChunk(Span(start, end), replace(heard, text=text, words=Words.of(words)))


def _moved(word: Word, chars: int, offset: Ms, span: Span) -> Word:
    """A word further on in the text, its time from `span.start` and inside the span."""
    word = word._replace(char_start=word.char_start + chars, char_end=word.char_end + chars)
    if word.start is None or word.end is None:
        return word
    first, last = (
        min(max(time + offset, span.start), span.end) - span.start
        for time in (word.start, word.end)
    )
    return word._replace(start=first, end=last)


def split_at(turn: Turn, ms: Ms) -> tuple[Turn, ...]:
    """The turn in two at a moment of media time, or in one where all of it is on one side.

    The second part starts with the first word whose midpoint is not before `ms`. Both keep id,
    ordinal and label; each mark stays with the text it is printed in.
    """
    inside = _midpoints(turn)
    cut = next((index for index, middle in enumerate(inside) if middle >= 2 * ms), len(inside))
    if cut in (0, len(turn.words)):
        return (turn,)
    return (_cut(turn, 0, cut), _cut(turn, cut, len(turn.words)))


def clip_turns(turns: Sequence[Turn], span: Span) -> tuple[Turn, ...]:
    """The words of `turns` that a clip of `span` holds, as turns with the text cut to them.

    A word belongs where its midpoint is in the span; one without time goes with the timed word
    before it (or after it, at a turn's start). A turn whose words have no times belongs where its
    own midpoint is in the span; one without any time is never in a clip by time. Cut turns keep
    id, ordinal and label, their span is that of the words left; words of one turn that are in the
    span but not next to each other (times that run backwards) come as several turns.
    """
    result: list[Turn] = []
    for turn in turns:
        if turn.span is None:
            continue
        if turn.words.span is None:
            if span.start * 2 <= turn.span.start + turn.span.end < span.end * 2:
                result.append(turn)
            continue
        inside = [span.start * 2 <= middle < span.end * 2 for middle in _midpoints(turn)]
        if all(inside):
            result.append(turn)
            continue
        result += (_cut(turn, first, last) for first, last in _runs(inside))
    return tuple(result)


def ranges_inside(turn: Turn, span: Span) -> list[tuple[int, int]]:
    """The character ranges of a turn's text that `clip_turns` would print for a clip of `span`."""
    if turn.span is None:
        return []
    if turn.words.span is None:
        middle = turn.span.start + turn.span.end
        return [(0, len(turn.text))] if span.start * 2 <= middle < span.end * 2 else []
    inside = [span.start * 2 <= middle < span.end * 2 for middle in _midpoints(turn)]
    if all(inside):
        return [(0, len(turn.text))]
    return [_text_range(turn, list(turn.words), first, last) for first, last in _runs(inside)]


def _runs(inside: Sequence[bool]) -> list[tuple[int, int]]:
    """The runs of words that are inside, as half-open ranges."""
    edges = [
        index
        for index in range(len(inside) + 1)
        if (index > 0 and inside[index - 1]) != (index < len(inside) and inside[index])
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _midpoints(turn: Turn) -> list[int]:
    """Twice the midpoint of each word; words without time take their neighbour's. Empty if none."""
    known = [
        None if word.start is None or word.end is None else word.start + word.end
        for word in turn.words
    ]
    first = next((middle for middle in known if middle is not None), None)
    if first is None:
        return []
    filled, last = [], first
    for middle in known:
        last = last if middle is None else middle
        filled.append(last)
    return filled


def _cut(turn: Turn, first: int, last: int) -> Turn:
    """Words `first` to `last` (not included) of a turn, with the text that belongs to them."""
    words = list(turn.words)
    start, end = _text_range(turn, words, first, last)
    kept = Words.of(
        word._replace(char_start=word.char_start - start, char_end=word.char_end - start)
        for word in words[first:last]
    )
    marks = tuple(_cut_mark(mark, start, end) for mark in turn.marks if _touches(mark, start, end))
    return replace(turn, text=turn.text[start:end], words=kept, span=kept.span, marks=marks)


def _text_range(turn: Turn, words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The characters of words `first` to `last` (not included) and of what belongs to them."""
    start = 0 if first == 0 else words[first].char_start
    end = len(turn.text) if last == len(words) else words[last].char_start
    return start, max(words[last - 1].char_end, start + len(turn.text[start:end].rstrip()))


def _touches(mark: Mark, start: int, end: int) -> bool:
    if mark.char_start == mark.char_end:
        return start <= mark.char_start < end or mark.char_start == end
    return mark.char_start < end and mark.char_end > start


def _cut_mark(mark: Mark, start: int, end: int) -> Mark:
    first, last = max(mark.char_start, start), min(mark.char_end, end)
    whole = first == mark.char_start and last == mark.char_end
    text = mark.text if whole else mark.text[first - mark.char_start : last - mark.char_start]
    return replace(mark, char_start=first - start, char_end=last - start, text=text)
