"""The single doubts about what a recogniser heard in one chunk, each with its reason in words.

`guard` asks for all of them. The limits were set on real clips, where flags are to be rare, and on
noise, silence and instrumental sound, where no invented word is to go unflagged.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from offair.model.time import Ms, Span
from offair.model.transcript import Flag, FlagKind, Heard
from offair.model.words import NO_TIME
from offair.text.inventions import invented_alone, invented_phrase
from offair.text.repeats import PACKED_MAX, packed, repeats
from offair.text.scripts import quoted, script_name, script_of, scripts_of, shortest_ms
from offair.text.tokenise import Token, tokens

NEAR_SPEECH_MS: Ms = 500
"""A word this near to a stretch of speech is in it: both times are a few tenths of a second off."""
UNHEARD_MS: Ms = 3_000
"""Speech of this length without a word in it is doubted; shorter holes are pauses and breaths."""
UNHEARD_CHUNK_MS: Ms = 1_500
"""Speech of this length in a chunk without any words is doubted."""
LONGEST_WORD_MS: Ms = 2_000
"""A word that is said to last longer covers no more speech than this."""
UNSURE_MEAN = 0.45
UNSURE_NO_SPEECH = 0.6
"""Below the one and above the other the whole chunk is doubted (Whisper's own rule gives up at
a mean log probability of -1, 0.37, and 0.6)."""
UNSURE_ALWAYS = 0.3
"""Mean probability of a chunk's words below which it is doubted, whatever else is known."""
UNSURE_RUN = 6
UNSURE_RUN_MEAN = 0.3
"""So many words in a row with so low a mean probability are doubted."""
FAINT_SCORE = 0.25
"""Mean probability of speech, over the part of a chunk said to be speech, that is hardly any."""
DOUBTFUL_MEAN = 0.6
"""Mean probability below which a phrase that is often invented is doubted."""
FAST_RUN = 8
"""Words looked at together for their speed."""
FAST_SLACK_MS: Ms = 500
"""Times of words are off by so much, most of all where an engine spreads a word beyond its own."""
FOREIGN_SHARE = 0.1
FOREIGN_LETTERS = 3
LATIN_SHARE = 0.6
LATIN_LETTERS = 16
"""Letters of a foreign script are doubted from the number and share first given; Latin ones in a
language of another script (names, acronyms) only from the second."""


@dataclass(frozen=True, slots=True, eq=False)
class InTime:
    """One hearing with what the doubts share: tokens, and the times of words in media time.

    times: of each word, None where it has none. row: the tokens. word_of: for each token, the
    place of its word, or None. speech: sorted, in media time, inside the chunk.
    """

    heard: Heard
    span: Span
    speech: tuple[Span, ...]
    language: str | None
    times: tuple[Span | None, ...]
    row: tuple[Token, ...]
    word_of: tuple[int | None, ...]

    @property
    def speech_ms(self) -> Ms:
        """How much of the chunk is speech."""
        return sum(one.length for one in self.speech)

    def text(self, first: int, last: int) -> str:
        """The text of tokens `first:last`."""
        return self.heard.text[self.row[first].char_start : self.row[last - 1].char_end]

    def of_tokens(self, first: int, last: int) -> Span:
        """When tokens `first:last` were said."""
        return self.of_words(one for one in self.word_of[first:last] if one is not None)

    def of_words(self, indices: Iterable[int]) -> Span:
        """When these words were said: from the first start to the last end, at least 1 ms; the
        whole chunk where none has a time."""
        known = [one for one in (self.times[index] for index in indices) if one is not None]
        if not known:
            return self.span
        start = min(min(one.start for one in known), max(self.span.start, self.span.end - 1))
        return Span(start, min(self.span.end, max(start + 1, *(one.end for one in known))))


def in_time(
    heard: Heard, start_ms: Ms, length_ms: Ms, speech: Sequence[Span], language: str | None
) -> InTime:
    """A hearing in media time; spans and words that reach out of the chunk are cut to it."""
    span = Span(max(0, start_ms), max(0, start_ms) + max(0, length_ms))
    times: list[Span | None] = []
    for start, end in zip(heard.words.start_ms, heard.words.end_ms, strict=True):
        if start == NO_TIME:
            times.append(None)
            continue
        begin = min(span.end, span.start + start)
        times.append(Span(begin, max(begin, min(span.end, span.start + end))))
    inside = merged(
        Span(max(span.start, one.start), min(span.end, one.end))
        for one in speech
        if one.start < span.end and one.end > span.start
    )
    row = tokens(heard.text, language)
    starts, ends = heard.words.char_start, heard.words.char_end
    places: list[int | None] = []
    for token in row:
        at = bisect_right(starts, token.char_start) - 1
        places.append(at if at >= 0 and token.char_start < ends[at] else None)
    return InTime(heard, span, inside, language, tuple(times), row, tuple(places))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as disjoint spans, by start."""
    result: list[Span] = []
    for one in sorted(spans):
        if result and one.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, one.end))
        else:
            result.append(one)
    return tuple(result)


def doubts(chunk: InTime, prompt: str | None, score: float) -> list[Flag]:
    """All doubts about one chunk, in no order. prompt, score: as in `guard.flags`."""
    if not chunk.row:
        return _nothing_heard(chunk)
    found = [
        *_repeated(chunk),
        *_too_fast(chunk),
        *_no_speech(chunk, score),
        *_unsure(chunk),
        *_wrong_script(chunk),
        *_prompt_echo(chunk, prompt),
        *_unheard(chunk),
    ]
    return found + _invented(chunk, found)


def _clock(ms: Ms) -> str:
    minutes, seconds = divmod(ms // 100, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{seconds // 10:02}.{seconds % 10}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def _seconds(ms: Ms) -> str:
    return f"{ms / 1000:.1f} s"


def _nothing_heard(chunk: InTime) -> list[Flag]:
    if chunk.speech_ms < UNHEARD_CHUNK_MS:
        return []
    reason = f"{_seconds(chunk.speech_ms)} of speech and no words"
    return [Flag(FlagKind.NOT_HEARD, Span(chunk.speech[0].start, chunk.speech[-1].end), reason)]


def _repeated(chunk: InTime) -> list[Flag]:
    found = []
    text = chunk.heard.text
    for one in repeats(chunk.row, text):
        if one.size == 0:
            said = quoted(chunk.text(one.first, one.last))
            reason = f"the same letters stand again and again in {said}"
        else:
            said = quoted(chunk.text(one.first, one.first + one.size))
            name = "word" if one.size == 1 else "words"
            verb = "stands" if one.size == 1 else "stand"
            reason = f"the {name} {said} {verb} {one.times} times in a row"
        found.append(Flag(FlagKind.REPEATED, chunk.of_tokens(one.first, one.last), reason))
    ratio = packed(text)
    if not found and ratio > PACKED_MAX:
        reason = (
            f"the text says the same again and again: it packs {ratio:.1f} times smaller, what"
            " people say at most 2.2 times"
        )
        found.append(Flag(FlagKind.REPEATED, chunk.of_tokens(0, len(chunk.row)), reason))
    return found


def _too_fast(chunk: InTime) -> list[Flag]:
    text, words = chunk.heard.text, chunk.heard.words
    spaced = text.split()
    least = shortest_ms(text, len(spaced))
    room = chunk.speech_ms or chunk.span.length
    if len(chunk.row) >= FAST_RUN // 2 and least > room + FAST_SLACK_MS:
        reason = _speed(text, room) + (" of speech" if chunk.speech else "")
        span = chunk.of_tokens(0, len(chunk.row))
        return [Flag(FlagKind.TOO_FAST, span, f"{reason}: {_rate(text, room)}")]
    timed = [index for index, span in enumerate(chunk.times) if span is not None]
    fast: list[tuple[int, int]] = []
    for place in range(len(timed) - FAST_RUN + 1):
        first, last = timed[place], timed[place + FAST_RUN - 1]
        span = chunk.of_words((first, last))
        said = text[words.char_start[first] : words.char_end[last]]
        if shortest_ms(said, len(said.split())) <= span.length + FAST_SLACK_MS:
            continue
        if fast and first <= fast[-1][1]:
            fast[-1] = (fast[-1][0], last)
        else:
            fast.append((first, last))
    found = []
    for first, last in fast:
        said = text[words.char_start[first] : words.char_end[last]]
        span = chunk.of_words((first, last))
        reason = f"{_speed(said, span.length)}: {_rate(said, span.length)}"
        found.append(Flag(FlagKind.TOO_FAST, span, reason))
    return found


def _speed(said: str, room: Ms) -> str:
    count, name = _counted(said)
    return f"{count} {name} in {_seconds(room)}"


def _rate(said: str, room: Ms) -> str:
    count, _ = _counted(said)
    if room < 100:
        return "no time to say them"
    return f"{count * 1000 / room:.1f} a second, more than anybody speaks"


def _counted(said: str) -> tuple[int, str]:
    """How many words, or characters where a script is written without spaces."""
    spaced = len(said.split())
    written = sum(char.isalnum() for char in said)
    return (written, "characters") if written > 12 * spaced else (spaced, "words")


def _no_speech(chunk: InTime, score: float) -> list[Flag]:
    whole = chunk.of_tokens(0, len(chunk.row))
    if not chunk.speech:
        said = quoted(chunk.heard.text)
        reason = f"no speech was found under {said} ({_between(chunk.span)}; score {score:.2f})"
        return [Flag(FlagKind.NO_SPEECH, whole, reason)]
    share = chunk.speech_ms / max(1, chunk.span.length)
    if score < FAINT_SCORE * share:
        reason = (
            f"hardly any speech was found under {quoted(chunk.heard.text)}: its score is"
            f" {score:.2f} of 1"
        )
        return [Flag(FlagKind.NO_SPEECH, whole, reason)]
    near = [Span(max(0, one.start - NEAR_SPEECH_MS), one.end + NEAR_SPEECH_MS)
            for one in chunk.speech]  # fmt: skip
    starts = [one.start for one in near]
    outside: list[list[int]] = []
    beside = False
    for index, span in enumerate(chunk.times):
        at = bisect_right(starts, span.end) - 1 if span is not None else -1
        # Widened stretches may overlap; the one before reaches no further than this one.
        lies_in = span is None or (at >= 0 and near[at].end >= span.start)
        if lies_in:
            beside = beside and span is None
        elif beside:
            outside[-1].append(index)
        else:
            outside.append([index])
            beside = True
    found = []
    words, text = chunk.heard.words, chunk.heard.text
    for run in outside:
        span = chunk.of_words(run)
        said = quoted(text[words.char_start[run[0]] : words.char_end[run[-1]]])
        reason = f"no speech was found under {said} ({_between(span)})"
        found.append(Flag(FlagKind.NO_SPEECH, span, reason))
    return found


def _between(span: Span) -> str:
    return f"{_clock(span.start)}–{_clock(span.end)}"


def _unsure(chunk: InTime) -> list[Flag]:
    mean, silent = chunk.heard.mean_probability, chunk.heard.no_speech_probability
    whole = chunk.of_tokens(0, len(chunk.row))
    if mean is None:
        return _unsure_runs(chunk)
    reason = f"the engine gives its words a probability of {mean:.2f} on average"
    if silent is not None and silent > UNSURE_NO_SPEECH and mean < UNSURE_MEAN:
        reason += f" and takes the sound for no speech with {silent:.2f}"
        return [Flag(FlagKind.UNSURE, whole, reason)]
    if mean < UNSURE_ALWAYS:
        return [Flag(FlagKind.UNSURE, whole, reason)]
    return _unsure_runs(chunk)


def _unsure_runs(chunk: InTime) -> list[Flag]:
    words, text = chunk.heard.words, chunk.heard.text
    sure = [word.probability for word in words]
    low: list[tuple[int, int]] = []
    for first in range(len(sure) - UNSURE_RUN + 1):
        known = [one for one in sure[first : first + UNSURE_RUN] if one is not None]
        if len(known) < UNSURE_RUN or sum(known) >= UNSURE_RUN_MEAN * UNSURE_RUN:
            continue
        last = first + UNSURE_RUN
        if low and first <= low[-1][1]:
            low[-1] = (low[-1][0], last)
        else:
            low.append((first, last))
    found = []
    for first, last in low:
        values = [one for one in sure[first:last] if one is not None]
        said = quoted(text[words.char_start[first] : words.char_end[last - 1]])
        reason = (
            f"the engine gives {last - first} words in a row, {said}, a probability of"
            f" {sum(values) / len(values):.2f} on average"
        )
        found.append(Flag(FlagKind.UNSURE, chunk.of_words(range(first, last)), reason))
    return found


def _wrong_script(chunk: InTime) -> list[Flag]:
    expected = scripts_of(chunk.language)
    if not expected:
        return []
    letters: dict[str, int] = {}
    scripts: list[str | None] = []
    for token in chunk.row:
        here = [script_of(char) for char in chunk.heard.text[token.char_start : token.char_end]]
        known = [one for one in here if one is not None]
        scripts.append(next((one for one in known if one not in expected), None))
        for one in known:
            letters[one] = letters.get(one, 0) + 1
    total = sum(letters.values())
    found = []
    for script, count in sorted(letters.items()):
        share = count / total
        least, part = (
            (LATIN_LETTERS, LATIN_SHARE) if script == "Latn" else (FOREIGN_LETTERS, FOREIGN_SHARE)
        )
        if script in expected or count < least or share < part:
            continue
        places = [index for index, one in enumerate(scripts) if one == script]
        if not places:
            continue
        said = quoted(chunk.text(places[0], places[-1] + 1))
        reason = (
            f"{share * 100:.0f} % of the letters are {script_name(script)}, no script of the"
            f" language {chunk.language}: {said}"
        )
        span = chunk.of_tokens(places[0], places[-1] + 1)
        found.append(Flag(FlagKind.WRONG_SCRIPT, span, reason))
    return found


def _prompt_echo(chunk: InTime, prompt: str | None) -> list[Flag]:
    """More than one of the expected names in their order, which nobody reads out."""
    given = tokens(prompt or "", chunk.language)
    if not given or prompt is None:
        return []
    forms = [token.form for token in given]
    said = [token.form for token in chunk.row]
    best = (0, 0, 0)
    lengths = [0] * (len(forms) + 1)
    for place, form in enumerate(said):
        fresh = [0] * (len(forms) + 1)
        for index, other in enumerate(forms):
            if other == form:
                fresh[index + 1] = length = lengths[index] + 1
                if length > best[0]:
                    best = (length, place + 1 - length, index + 1 - length)
        lengths = fresh
    length, first, at = best
    if length < 3:
        return []
    between = prompt[given[at].char_start : given[at + length - 1].char_end]
    if "," not in between or (length < 5 and length * 10 < len(said) * 8):
        return []
    reason = f"{quoted(chunk.text(first, first + length))} is what the engine was told to expect"
    return [Flag(FlagKind.PROMPT_ECHO, chunk.of_tokens(first, first + length), reason)]


def _unheard(chunk: InTime) -> list[Flag]:
    """Long stretches of speech between the words."""
    timed = sorted(
        (one.start, min(one.end, one.start + LONGEST_WORD_MS))
        for one in chunk.times
        if one is not None
    )
    if not timed or any(one is None for one in chunk.times):
        return []
    holes: list[Span] = []
    clear = chunk.span.start
    for start, end in [*timed, (chunk.span.end, chunk.span.end)]:
        if start > clear:
            holes.append(Span(clear, start))
        clear = max(clear, end)
    found = []
    for hole in holes:
        for one in chunk.speech:
            span = Span(
                max(hole.start, one.start), max(hole.start, one.start, min(hole.end, one.end))
            )
            if span.length >= UNHEARD_MS:
                reason = f"{_seconds(span.length)} of speech and no words ({_between(span)})"
                found.append(Flag(FlagKind.NOT_HEARD, span, reason))
    return found


def _invented(chunk: InTime, found: Sequence[Flag]) -> list[Flag]:
    """A phrase that recognisers invent, where something else is doubtful too or it stands alone."""
    place = invented_phrase(chunk.row)
    if place is None and invented_alone(chunk.row):
        place = (0, len(chunk.row))
    if place is None:
        return []
    span = chunk.of_tokens(*place)
    mean, silent = chunk.heard.mean_probability, chunk.heard.no_speech_probability
    doubted = {FlagKind.NO_SPEECH, FlagKind.UNSURE, FlagKind.TOO_FAST, FlagKind.REPEATED}
    why = None
    if silent is not None and silent > UNSURE_NO_SPEECH:
        why = f"the engine takes the sound for no speech with {silent:.2f}"
    elif mean is not None and mean < DOUBTFUL_MEAN:
        why = f"the engine gives its words a probability of {mean:.2f}"
    elif any(one.kind in doubted and one.span and one.span.overlaps(span) for one in found):
        why = "something else is wrong with it"
    elif place == (0, len(chunk.row)):
        why = "nothing else was heard in this stretch"
    if why is None:
        return []
    said = quoted(chunk.text(*place))
    reason = f"{said} is what recognisers write where nobody speaks, and {why}"
    return [Flag(FlagKind.NO_SPEECH, span, reason)]
