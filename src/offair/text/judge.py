"""Is this printed quotation what was really said? The three parts of a finding, each decided alone.

Pure: printed words, the places the index proposes with the words that stand there now, how rare
each word is; what comes out is everything a finding says but what only the desk knows (times,
coverage, who heard what).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from offair.model.finding import (
    ComparedPassage,
    ContextFinding,
    EditClass,
    EditKind,
    Quotation,
    Significance,
    SpeakerFinding,
    WordsFinding,
)
from offair.model.transcript import LayerKind
from offair.text.align import Alignment
from offair.text.cover import Cover, Names
from offair.text.judge_context import context_of, other_date
from offair.text.judge_places import Place
from offair.text.judge_speaker import (
    KnownNames,
    Quoted,
    Same,
    SpeakerJudged,
    quoted,
    speaker_of,
)
from offair.text.judge_words import NEAR_WORDS, Used, WordsJudged, words_of
from offair.text.printed import PrintedWords, numbers_as_read
from offair.text.significance import CONSTANTS, Constants, expected, score

_SAME_RECORDING_WORDS = 20_000
"""Words in which a further piece had to be looked for once its recording was known."""
_WORTH_A_JUMP = 24.0
"""Bits of edits from which on a cover by several places is tried."""
_MUCH = 0.2
"""Edits for each printed word from which on a finding says that another place may be quoted."""
_EQUALLY_GOOD = 3.0
"""Bits below the best within which another place says the same words."""

WORDS_WEIGHT = {
    WordsFinding.SPLICED: 90, WordsFinding.SUBSTANCE: 90, WordsFinding.ALTERED: 50,
    WordsFinding.NOT_FOUND: 99, WordsFinding.PARAPHRASE: 55, WordsFinding.CUT: 45,
    WordsFinding.OTHER_TRANSLATION: 40, WordsFinding.WITH_CHANGES: 35, WordsFinding.TOO_SHORT: 30,
    WordsFinding.BRACKETED: 20, WordsFinding.ELIDED: 15, WordsFinding.CLEANED: 5,
    WordsFinding.VERBATIM: 0, WordsFinding.AS_TRANSLATED: 0, WordsFinding.NOT_A_QUOTATION: 0,
}  # fmt: skip
_CRITICAL_WEIGHT = 45
_SPEAKER_WEIGHT = {
    SpeakerFinding.SOMEBODY_ELSE: 92, SpeakerFinding.QUOTING: 70, SpeakerFinding.UNCONFIRMED: 28,
    SpeakerFinding.READ_OUT: 25, SpeakerFinding.AS_CLAIMED: 0, SpeakerFinding.NOBODY_NAMED: 0,
    SpeakerFinding.UNDECIDED: 0,
}  # fmt: skip
_CONTEXT_WEIGHT = {
    ContextFinding.NEGATION: 80, ContextFinding.CONDITION: 65, ContextFinding.EXCEPTION: 65,
    ContextFinding.QUESTION: 65, ContextFinding.ATTRIBUTION: 60, ContextFinding.OTHER_DATE: 56,
    ContextFinding.SENTENCE_CUT: 10, ContextFinding.COMPLETE: 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rarity:
    """bits: of each printed word, those in brackets too. words: searched. scope_words: of the
    record, or of the speaker's day, where one was given: a place in it is weighed against these."""

    bits: tuple[float, ...]
    words: int
    scope_words: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding without what only the desk knows.

    used: the stretches that `passages` refer to, in printed order. sure: for each of them, whether
    the attribution is confirmed. others: (index of a place, its alignment) of places that say the
    same words as well as the first stretch, best first. believed: chance does not give this.
    weaker: places that say them less well, and not by chance either. weights: of each part, how bad
    it is.
    """

    words: WordsFinding
    speaker: SpeakerFinding
    context: tuple[ContextFinding, ...]
    leads: str
    reasons: tuple[str, ...]
    passages: tuple[ComparedPassage, ...]
    used: tuple[Used, ...]
    sure: tuple[bool, ...]
    significance: Significance
    spellings: tuple[tuple[str, str], ...]
    others: tuple[Used, ...]
    believed: bool
    weaker: tuple[Used, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Chosen:
    used: tuple[Used, ...]
    bits: float
    expected: float
    words: int
    others: tuple[Used, ...] = ()
    weaker: tuple[Used, ...] = ()


def judge(
    quotation: Quotation,
    printed: PrintedWords,
    places: Sequence[Place],
    rarity: Rarity,
    *,
    scoped: Sequence[bool] = (),
    spellings: Names | None = None,
    known: KnownNames | None = None,
    constants: Constants = CONSTANTS,
) -> Judged | None:
    """Decide a quotation against places of one kind (spoken words and captions, or translations).

    scoped: which places lie in the record, or in the day, that was given: words that stand there as
    they are need not be surprising. None where no word of the quotation stands in any place.
    """
    known = known or KnownNames()
    if quotation.language is None and places:
        printed = numbers_as_read(printed, quotation.printed, places[0].language)
    inside = list(scoped) or [False] * len(places)
    chosen = _choose(quotation, printed, places, rarity, inside, spellings, known, constants)
    if chosen is None:
        return None
    translated = chosen.used[0].place.kind is LayerKind.TRANSLATION
    words = words_of(quotation.printed, printed, chosen.used)
    exact = words.finding in {WordsFinding.VERBATIM, WordsFinding.CLEANED}
    believed = chosen.expected <= constants.expected or (exact and inside[chosen.used[0].number])
    finding = _of_translation(words) if translated else words.finding
    speakers, contexts = _around(quotation, printed, chosen.used, known)
    speaker = max(speakers, key=_speaker_weight)
    weight = WORDS_WEIGHT[finding] + _CRITICAL_WEIGHT * (
        words.critical and finding in {WordsFinding.ALTERED, WordsFinding.CUT}
    )
    context = tuple(dict.fromkeys(kind for kind, _ in contexts)) or (ContextFinding.COMPLETE,)
    parts = {
        "words": weight,
        "speaker": _SPEAKER_WEIGHT[speaker.finding],
        "context": max(_CONTEXT_WEIGHT[one] for one in context),
    }
    reasons = [(weight + critical, text) for critical, text in words.reasons]
    if finding is WordsFinding.ALTERED and (differing := _differing(chosen.used)) is not None:
        reasons.append((0, differing))
    reasons += [(_SPEAKER_WEIGHT[one.finding], one.reason) for one in speakers]
    reasons += [(_CONTEXT_WEIGHT[kind], reason) for kind, reason in contexts]
    ordered = [text for _, text in sorted(reasons, key=lambda one: -one[0])]
    return Judged(
        words=finding,
        speaker=speaker.finding,
        context=context,
        leads=max(parts, key=lambda part: parts[part]),
        reasons=tuple(dict.fromkeys(ordered)),
        passages=words.passages,
        used=chosen.used,
        sure=tuple(one.sure for one in speakers),
        significance=Significance(
            round(chosen.bits, 2), chosen.expected, chosen.words, constants.version
        ),
        spellings=words.spellings,
        others=chosen.others,
        believed=believed,
        weaker=chosen.weaker,
        weights=parts,
    )


def named_by_another_airing(
    judged: Judged, quotation: Quotation, other: Used, known: KnownNames
) -> Judged:
    """The finding where another airing of the same event names the speaker, and the place that was
    found does not."""
    speaker = _who_says(quotation.speaker, other, None, known)
    if speaker.finding is SpeakerFinding.UNCONFIRMED:
        return judged
    weights = {**judged.weights, "speaker": _SPEAKER_WEIGHT[speaker.finding]}
    return replace(
        judged,
        speaker=speaker.finding,
        sure=(speaker.sure,) * len(judged.sure),
        weights=weights,
        leads=max(weights, key=lambda part: weights[part]),
        reasons=(
            *judged.reasons,
            f"another airing of the same event names the speaker: {speaker.reason}",
        ),
    )


def _choose(
    quotation: Quotation,
    printed: PrintedWords,
    places: Sequence[Place],
    rarity: Rarity,
    inside: Sequence[bool],
    spellings: Names | None,
    known: KnownNames,
    constants: Constants,
) -> _Chosen | None:
    """The stretches that explain the quotation best."""
    kept = [number for number, place in enumerate(places) if place.tokens]
    if not kept or not printed.tokens:
        return None
    cover = Cover(
        printed, [places[number].tokens for number in kept], language=places[kept[0]].language,
        names=spellings, asides=[places[number].asides for number in kept],
    )  # fmt: skip
    every = []
    for number, alignment in zip(kept, cover.each(), strict=True):
        if alignment.window[0] == alignment.window[1]:
            continue
        used = Used(places[number], number, (0, len(printed.tokens)), alignment)
        bits = score(alignment, rarity.bits, constants)
        every.append((bits + _prior(quotation, used, known, constants), bits, used))
    if not every:
        return None
    every.sort(key=lambda one: (-one[0], one[2].place.kind is not LayerKind.SPEECH, _date(one[2])))
    best, bare, used = _heard_first(every)
    searched = _searched(rarity, inside[used.number])
    rest = [(bits, other) for _, bits, other in every if other is not used]
    others = tuple(other for bits, other in rest if bits >= bare - _EQUALLY_GOOD)
    weaker = tuple(
        other
        for bits, other in rest
        if bits < bare - _EQUALLY_GOOD
        and expected(bits, rarity.words, constants) <= constants.expected
    )
    chosen = _Chosen((used,), bare, expected(best, searched, constants), searched, others, weaker)
    matched = sum(_matched_bits(used.alignment, rarity.bits))
    if matched - bare < _WORTH_A_JUMP and not _misses(used.alignment):
        return chosen
    across = _across(cover, kept, places, rarity, inside, constants)
    if across is not None and across.bits > bare + constants.edit:
        return across
    return chosen


def _heard_first(every: Sequence[tuple[float, float, Used]]) -> tuple[float, float, Used]:
    """The best, but of captions and speech of one recording that are equally good the speech: a
    person confirms speakers and words there. every: best first."""
    _, bare, used = every[0]
    if used.place.kind is not LayerKind.CAPTIONS:
        return every[0]
    heard = (
        one
        for one in every[1:]
        if one[2].place.kind is LayerKind.SPEECH
        and one[2].place.recording_id == used.place.recording_id
        and one[1] >= bare - _EQUALLY_GOOD
    )
    return next(heard, every[0])


def _matched_bits(alignment: Alignment, bits: Sequence[float]) -> list[float]:
    return [
        sum(bits[slice(*edit.printed)])
        for edit in alignment.edits
        if edit.kind in {EditKind.EQUAL, EditKind.VARIANT}
    ]


def _misses(alignment: Alignment) -> bool:
    """Whether a row of printed words was not said there."""
    return any(
        edit.kind in {EditKind.ADDED, EditKind.SUBSTITUTED}
        and edit.printed[1] - edit.printed[0] > 1
        for edit in alignment.edits
    )


def _differing(used: Sequence[Used]) -> str | None:
    """That so much differs that the place may not be the one that is quoted, or None."""
    changed = sum(
        max(edit.printed[1] - edit.printed[0], edit.spoken[1] - edit.spoken[0])
        for one in used
        for edit in one.alignment.edits
        if edit.kind in {EditKind.SUBSTITUTED, EditKind.ADDED, EditKind.LEFT_OUT}
        and not edit.classes & {EditClass.FILLER, EditClass.REPETITION, EditClass.INTERJECTION}
    )
    words = sum(one.printed[1] - one.printed[0] for one in used)
    if changed <= words * _MUCH:
        return None
    return (
        f"{changed} edits in {words} words: the speaker may have said it in these words at another "
        "time, in what is not held"
    )


def _date(used: Used) -> tuple[bool, str]:
    aired = used.place.aired
    return aired is None, aired.value if aired else ""


def _searched(rarity: Rarity, inside: bool) -> int:
    return rarity.scope_words if inside and rarity.scope_words is not None else rarity.words


def _prior(quotation: Quotation, used: Used, known: KnownNames, constants: Constants) -> float:
    """Bits that a place gains where its speaker or its day is the one claimed."""
    gained = 0.0
    place = used.place
    if quotation.speaker is not None:
        shown = place.turns[place.turn_at(used.chars[0])].voice.shown
        same = known.same(quotation.speaker, shown, place.aired) if shown else Same.UNSURE
        if same in {Same.YES, Same.SPELLED}:
            gained += constants.claimed_speaker
    day = quotation.date.day if quotation.date is not None else None
    if day is not None and place.aired is not None and place.aired.day == day:
        gained += constants.claimed_day
    return gained


def _across(
    cover: Cover,
    kept: Sequence[int],
    places: Sequence[Place],
    rarity: Rarity,
    inside: Sequence[bool],
    constants: Constants,
) -> _Chosen | None:
    """A cover by several stretches, each of which chance does not give; None where none is."""
    chains = cover.joined(cover.across(), NEAR_WORDS)
    weighed = []
    for chain in chains:
        first, last = chain.printed
        if chain.alignment.window[0] == chain.alignment.window[1]:
            return None
        used = Used(places[kept[chain.place]], kept[chain.place], (first, last), chain.alignment)
        weighed.append((score(chain.alignment, rarity.bits, constants), used))
    best_bits, best = max(weighed, key=lambda one: one[0])
    for bits, used in weighed:
        words = _searched(rarity, inside[used.number])
        if used is not best and used.place.recording_id == best.place.recording_id:
            words = min(words, _SAME_RECORDING_WORDS)
        if len(weighed) > 1 and expected(bits, words, constants) > constants.piece:
            return None
    total = sum(bits for bits, _ in weighed) - constants.edit * (len(weighed) - 1)
    words = _searched(rarity, inside[best.number])
    chance = expected(max(total, best_bits), words, constants)
    return _Chosen(tuple(used for _, used in weighed), total, chance, words)


def _speaker_weight(judged: SpeakerJudged) -> tuple[bool, int]:
    # Of one answer in two stretches the cue stands before the first alone.
    return judged.finding is SpeakerFinding.QUOTING, _SPEAKER_WEIGHT[judged.finding]


def _of_translation(words: WordsJudged) -> WordsFinding:
    """The finding about words against a translation of ours."""
    if words.finding in {WordsFinding.VERBATIM, WordsFinding.CLEANED, WordsFinding.ELIDED}:
        return WordsFinding.SUBSTANCE if words.critical else WordsFinding.AS_TRANSLATED
    return WordsFinding.SUBSTANCE if words.critical else WordsFinding.WITH_CHANGES


def _who_says(
    claimed: str | None, used: Used, said_by: Quoted | None, known: KnownNames
) -> SpeakerJudged:
    """Whose words a stretch is, every voice in it; the worst finding stands.

    A single word at the edge of a longer turn is no other voice's part: turns are cut to a word.
    """
    place = used.place
    counts = Counter(
        place.turn_at(place.tokens[at].char_start)
        for edit in used.alignment.edits
        if edit.kind in {EditKind.EQUAL, EditKind.VARIANT}
        for at in range(*edit.spoken)
    )
    heard = [
        index
        for index in sorted(counts)
        if counts[index] > 1 or len(place.turns[index].text.split()) == 1
    ] or [place.turn_at(used.chars[0])]
    first = place.turns[heard[0]].voice
    own = speaker_of(claimed, first, place.aired, said_by, known)
    judged, reasons, voices = [own], [own.reason], {first.shown}
    for index in heard[1:]:
        voice = place.turns[index].voice
        if voice.shown in voices:
            continue
        voices.add(voice.shown)
        one = speaker_of(claimed, voice, place.aired, None, known)
        judged.append(one)
        begin = " ".join(place.turns[index].text.split()[:4])
        reasons.append(f"from “{begin} …” on, {one.reason.removeprefix('no speaker is claimed; ')}")
    worst = max(judged, key=_speaker_weight)
    return replace(worst, reason="; ".join(reasons), sure=all(one.sure for one in judged))


def _around(
    quotation: Quotation, printed: PrintedWords, used: Sequence[Used], known: KnownNames
) -> tuple[list[SpeakerJudged], list[tuple[ContextFinding, str]]]:
    """Who says each stretch, and what the words around it do to it."""
    speakers: list[SpeakerJudged] = []
    contexts: dict[ContextFinding, str] = {}
    for number, one in enumerate(used):
        place = one.place
        start, end = one.chars
        around = place.neighbours(start, end)
        said_by = quoted(place, start, end, around)
        speakers.append(_who_says(quotation.speaker, one, said_by, known))
        first, last = number == 0, number == len(used) - 1
        for judged in context_of(
            around,
            place.language,
            asks=printed.asks,
            marked_before=printed.cut_before or not first,
            marked_after=printed.cut_after or not last,
        ):
            # Where pieces were joined, that their sentences are cut is told already.
            if judged.finding is not ContextFinding.SENTENCE_CUT or (first and last):
                contexts.setdefault(judged.finding, judged.reason)
        dated = other_date(quotation.date, place.aired)
        if dated is not None:
            contexts.setdefault(dated.finding, dated.reason)
    ordered = sorted(contexts.items(), key=lambda one: -_CONTEXT_WEIGHT[one[0]])
    return speakers, ordered
