"""The doubts about a text, each with what is needed to judge it: the words around, the other
hearing, the captions of that time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.evidence import chosen_layer
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Recording
from offair.model.time import Ms, Span
from offair.model.transcript import (
    Chunk,
    Flag,
    FlagKind,
    Heard,
    Layer,
    LayerKind,
    LayerOrigin,
    Turn,
)
from offair.model.words import NO_TIME
from offair.store import Transaction

CONTEXT_CHARS = 160
"""Text shown before and after the doubted words, at most."""
NEAR_MS: Ms = 30_000
"""Turns are looked up so far around the flags: as long as one is, for its neighbour's words."""
CAPTIONS_EARLY_MS: Ms = 1_000
CAPTIONS_LATE_MS: Ms = 8_000
"""Captions shown with a doubt begin so much before its start, and end so much after its end: they
lag what is said by 2 to 10 s."""


@dataclass(frozen=True, slots=True)
class FlaggedText:
    """Characters of a turn that a flag is about: half-open; empty where words may be missing."""

    turn_id: int
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """A flag with what stands around it.

    places: where it stands, by turn; none where the layer has no turn there. words: those
    characters. before, after: the text around in the same turn, or of the turn beside, at most
    `CONTEXT_CHARS`. speaker: of the first place, as a page prints it, or None. other: what another
    hearing of the same sound has at that time, empty for nothing; None where none is kept.
    captions: the broadcaster's of that time, None where there are none at all.
    """

    flag: Flag
    places: tuple[FlaggedText, ...]
    before: str
    words: str
    after: str
    speaker: str | None
    other: str | None
    captions: str | None


@dataclass(frozen=True, slots=True)
class FlagList:
    """The flags of one text of a recording, by time.

    flags: those asked for. open, settled: how many there are of each in the whole layer.
    elsewhere: (another text of the recording, how many open flags it has), where there are any.
    """

    recording: Recording
    layer: Layer
    flags: tuple[ShownFlag, ...]
    open: int
    settled: int
    elsewhere: tuple[tuple[Layer, int], ...]


def list_flags(
    desk: Desk,
    recording_id: int,
    layer_id: int | None = None,
    *,
    settled: bool = False,
    within: Span | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> FlagList:
    """The open flags of a text (the best, where none is named); `settled` for all of them.

    within: only those that touch this span, or have no time. offset, limit: a part of them.
    Raises `NotFound` where there is no such recording, no such text of it, or no text yet.
    """
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        try:
            layer = chosen_layer(tx, recording_id, layer_id)
        except BadInput as error:
            raise NotFound(f"{error}; choose one of recording {recording_id}") from error
        every = tx.flags(layer.id)
        asked = [one for one in every if settled or one.settled_by is None]
        if within is not None:
            asked = [one for one in asked if one.span is None or _touch(one.span, within)]
        asked = asked[offset : None if limit is None else offset + limit]
        shown = _Surroundings.of(tx, recording, layer, asked).shown(asked)
        elsewhere = [
            (one, sum(flag.settled_by is None for flag in tx.flags(one.id)))
            for one in tx.layers(recording_id)
            if one.id != layer.id
        ]
    settled_count = sum(one.settled_by is not None for one in every)
    return FlagList(
        recording,
        layer,
        shown,
        len(every) - settled_count,
        settled_count,
        tuple((one, count) for one, count in elsewhere if count),
    )


def _touch(one: Span, other: Span) -> bool:
    return one.start < max(other.end, other.start + 1) and other.start < max(one.end, one.start + 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Surroundings:
    """What is looked up once for all flags asked for."""

    turns: Sequence[Turn]
    places: dict[int, int]
    speakers: dict[int, str | None]
    hearings: Sequence[tuple[Span, Heard]]
    """Where another hearing is kept: when its sound begins and ends, and what it is."""
    captions: Sequence[Turn] | None
    sentences: dict[int, FlaggedText]

    @classmethod
    def of(
        cls, tx: Transaction, recording: Recording, layer: Layer, flags: Sequence[Flag]
    ) -> _Surroundings:
        """Look it up, as much as these flags need."""
        spans = [one.span for one in flags if one.span is not None]
        wanted = [one.sentence_id for one in flags if one.sentence_id is not None]
        known = {
            one.id: FlaggedText(one.turn_id, one.char_start, one.char_end)
            for one in tx.sentences_by_id(wanted)
        }
        around = None
        turns: list[Turn] = []
        if spans:
            first, last = min(one.start for one in spans), max(one.end for one in spans)
            around = Span(max(0, first - NEAR_MS), last + NEAR_MS)
            turns = list(tx.turns(layer.id, span=around))
        there = {turn.id for turn in turns}
        turns += tx.turns_by_id(sorted({one.turn_id for one in known.values()} - there))
        turns.sort(key=lambda one: one.ordinal)
        given = newest_attributions(tx, layer, turns)
        speakers = {turn.id: spoken_by(turn, given.get(turn.id), layer).label for turn in turns}
        places = {turn.id: index for index, turn in enumerate(turns)}
        hearings = _other_hearings(tx, recording, layer, around)
        captions = None
        if around is not None and layer.kind is not LayerKind.CAPTIONS:
            captions = _captions(tx, layer, around)
        return cls(turns, places, speakers, hearings, captions, known)

    def shown(self, flags: Sequence[Flag]) -> tuple[ShownFlag, ...]:
        """The flags with what stands around each."""
        timed, captions = _InTime(self.turns), _InTime(self.captions or ())
        return tuple(self._shown(one, timed, captions) for one in flags)

    def _shown(self, flag: Flag, timed: _InTime, shown: _InTime) -> ShownFlag:
        places = self._places(flag, timed)
        other = captions = None
        if flag.span is not None:
            other = self._other(flag.span)
            captions = None if self.captions is None else _captions_at(shown, flag.span)
        if not places:
            return ShownFlag(flag, (), "", "", "", None, other, captions)
        first, last = places[0], places[-1]
        words = " ".join(
            self._turn(one.turn_id).text[one.char_start : one.char_end] for one in places
        )
        return ShownFlag(
            flag,
            places,
            self._before(first),
            words.strip(),
            self._after(last),
            self.speakers.get(first.turn_id),
            other,
            captions,
        )

    def _turn(self, turn_id: int) -> Turn:
        return self.turns[self.places[turn_id]]

    def _places(self, flag: Flag, timed: _InTime) -> tuple[FlaggedText, ...]:
        sentence = self.sentences.get(flag.sentence_id) if flag.sentence_id is not None else None
        if sentence is not None and sentence.turn_id in self.places:
            return (sentence,)
        if flag.span is None:
            return ()
        if flag.kind is not FlagKind.NOT_HEARD:
            covered = (_covered(turn, flag.span) for turn in timed.touching(flag.span))
            found = tuple(place for place in covered if place is not None)
            if found:
                return found
        near = self._nearest(flag.span.start, timed)
        return (near,) if near is not None else ()

    def _nearest(self, at: Ms, timed: _InTime) -> FlaggedText | None:
        """The place, of no length, after the last word said before `at`."""
        turn = timed.begun(at)
        if turn is None:
            return FlaggedText(self.turns[0].id, 0, 0) if self.turns else None
        ends = [
            end
            for end, start in zip(turn.words.char_end, turn.words.start_ms, strict=True)
            if start != NO_TIME and start < at
        ]
        place = ends[-1] if ends else (len(turn.text) if turn.words.span is None else 0)
        return FlaggedText(turn.id, place, place)

    def _before(self, place: FlaggedText) -> str:
        index = self.places[place.turn_id]
        text = self.turns[index].text[: place.char_start].rstrip()
        if not text and index and self._follows(index):
            text = self.turns[index - 1].text
        return _tail(text)

    def _after(self, place: FlaggedText) -> str:
        index = self.places[place.turn_id]
        text = self.turns[index].text[place.char_end :].lstrip()
        if not text and index + 1 < len(self.turns) and self._follows(index + 1):
            text = self.turns[index + 1].text
        return _head(text)

    def _follows(self, index: int) -> bool:
        """Whether a turn stands right after the one looked up before it."""
        return self.turns[index].ordinal == self.turns[index - 1].ordinal + 1

    def _other(self, span: Span) -> str | None:
        for sound, heard in self.hearings:
            if sound.start <= span.start < max(sound.end, sound.start + 1):
                moved = Span(max(0, span.start - sound.start), max(0, span.end - sound.start))
                return _said_in(heard, moved)
        return None


class _InTime:
    """Turns that have a time, found by it without looking at all of them."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        timed = [(turn.span, turn) for turn in turns if turn.span is not None]
        timed.sort(key=lambda pair: pair[0])
        self._turns = [turn for _, turn in timed]
        self._starts = [span.start for span, _ in timed]
        self._longest = max((span.length for span, _ in timed), default=0)

    def touching(self, span: Span) -> Iterator[Turn]:
        """The turns that share time with a span, by start."""
        first = bisect_left(self._starts, span.start - self._longest)
        last = bisect_left(self._starts, max(span.end, span.start + 1))
        for turn in self._turns[first:last]:
            if turn.span is not None and _touch(turn.span, span):
                yield turn

    def begun(self, at: Ms) -> Turn | None:
        """The last turn that had begun at a moment, or None."""
        place = bisect_right(self._starts, at)
        return self._turns[place - 1] if place else None


def _captions_at(captions: _InTime, span: Span) -> str:
    window = Span(max(0, span.start - CAPTIONS_EARLY_MS), span.end + CAPTIONS_LATE_MS)
    parts = []
    for turn in captions.touching(window):
        place = _covered(turn, window)
        if place is not None:
            parts.append(turn.text[place.char_start : place.char_end])
    return " ".join(parts)


def _covered(turn: Turn, span: Span) -> FlaggedText | None:
    """The characters of a turn from the first word whose midpoint lies in a span to the last; all
    of a turn whose words have no times where the span touches it."""
    words = turn.words
    if words.span is None:
        touches = turn.span is not None and _touch(turn.span, span)
        return FlaggedText(turn.id, 0, len(turn.text)) if touches and turn.text else None
    inside = [
        index
        for index, (start, end) in enumerate(zip(words.start_ms, words.end_ms, strict=True))
        if start != NO_TIME
        and 2 * span.start <= start + end < max(2 * span.end, 2 * span.start + 1)
    ]
    if not inside:
        return None
    return FlaggedText(turn.id, words.char_start[inside[0]], words.char_end[inside[-1]])


def _said_in(heard: Heard, span: Span) -> str:
    """What a hearing has at a time, from its sound's start; all where words have no time."""
    words = heard.words
    if words.span is None:
        return heard.text
    inside = [
        index
        for index, (start, end) in enumerate(zip(words.start_ms, words.end_ms, strict=True))
        if start != NO_TIME and start < max(span.end, span.start + 1) and end > span.start
    ]
    if not inside:
        return ""
    return heard.text[words.char_start[inside[0]] : words.char_end[inside[-1]]]


def _tail(text: str) -> str:
    if len(text) <= CONTEXT_CHARS:
        return text
    cut = text[-CONTEXT_CHARS:]
    return f"… {cut.partition(' ')[2] or cut}"


def _head(text: str) -> str:
    if len(text) <= CONTEXT_CHARS:
        return text
    cut = text[:CONTEXT_CHARS]
    return f"{cut.rpartition(' ')[0] or cut} …"


def _other_hearings(
    tx: Transaction, recording: Recording, layer: Layer, around: Span | None
) -> list[tuple[Span, Heard]]:
    if around is None or (layer.kind, layer.origin) != (LayerKind.SPEECH, LayerOrigin.ENGINE):
        return []
    found = []
    for chunk in tx.chunks(recording.id, layer.run):
        if chunk.second_key is None or not _touch(chunk.span, around):
            continue
        claim = tx.claim(chunk.second_key)
        if claim is not None:
            found.append((_sound(chunk, claim.duration_ms), claim.heard))
    return found


def _sound(chunk: Chunk, duration: Ms) -> Span:
    start = chunk.span.start if chunk.sound_start is None else chunk.sound_start
    return Span(start, start + duration)


def _captions(tx: Transaction, layer: Layer, around: Span) -> Sequence[Turn] | None:
    """The turns of the newest captions in the text's language, else of any."""
    tracks = [one for one in tx.layers(layer.recording_id) if one.kind is LayerKind.CAPTIONS]
    if not tracks:
        return None
    base = layer.language.split("-")[0]
    chosen = next((one for one in tracks if one.language.split("-")[0] == base), tracks[0])
    return tx.turns(chosen.id, span=around)
