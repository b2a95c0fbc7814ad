"""Find every other place where a passage was aired, as events, oldest first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from offair.desk import Desk
from offair.desk.asking import refuse_unmade
from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.coverage import coverage_of
from offair.desk.record_address import find_record
from offair.model.errors import BadInput, NotFound
from offair.model.finding import Coverage
from offair.model.record import Clip
from offair.model.recording import Recording
from offair.model.time import Ms
from offair.model.transcript import Layer, LayerKind, Turn
from offair.model.words import Words
from offair.search import Scope, Shards
from offair.store import Transaction
from offair.text.attribute import ranges_inside
from offair.text.events import SIDE_WORDS, Surrounded, events, in_common
from offair.text.passages import Common, common, windows
from offair.text.tokenise import TokenKind, tokens

LONGEST_WORDS = 10_000
"""A passage of more words than this, an hour of speech, is a broadcast: clip a part of it."""
_ADDRESS_RE = re.compile(r"[^\W\d][^/]*(?:/\d+){1,2}")
"""What can only be a record's address, and no words such as `and/or` or `24/7`."""
MOST_PLACES = 64
"""Of each piece of the passage the index proposes so many places."""
_LAG_MS = 10_000
"""Captions lag the speech by so much, and two texts of one moment differ in their times."""
_AROUND_TURNS = 6
_KINDS = (LayerKind.SPEECH, LayerKind.CAPTIONS, LayerKind.TRANSLATION)
"""Of several texts of one recording the first of these is shown."""


@dataclass(frozen=True, slots=True)
class Echo:
    """One airing. words: of the passage's words, how many stand there. text: as it stands there.
    speakers: as shown, in order. at, until: media time, None where the text has no times.
    asked: it is the clip that was asked about."""

    recording: Recording
    layer: Layer
    turn_ids: tuple[int, ...]
    at: Ms | None
    until: Ms | None
    speakers: tuple[str, ...]
    words: int
    text: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Echoes:
    """Where a passage was aired. events: oldest first, in each the first airing first. words: of
    the passage. at_least: a piece of it stands in more places than are looked at."""

    text: str
    words: int
    events: tuple[tuple[Echo, ...], ...]
    at_least: bool
    coverage: Coverage
    clipped: bool


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A word of a layer: its form, its turn and where it stands in it."""

    form: str
    turn: Turn
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of a layer, from a word to a word. first, last: range of the passage's words that
    it is like, half-open; count: how many of them stand there."""

    layer: Layer
    words: tuple[_Spoken, ...]
    first: int
    last: int
    count: int
    asked: bool = False


def echoes(desk: Desk, what: str) -> Echoes:
    """Every other place where a passage was aired.

    what: a clip's id, a record's address (`publisher/8914`, `desk/12`), or the words themselves.
    A place counts where 12 words and more of the passage stand in order, or the whole of a shorter
    one as it is; the clip's own place is left out, unless it is an airing of an event that has
    others. Several texts of one recording are one place.

    Raises `NotFound` (the clip or record), `BadInput` (no words; too many), `Unavailable` (no index
    was made yet), what opening the index raises.
    """
    shards = desk.index.open()
    with desk.catalogue.snapshot() as tx:
        refuse_unmade(tx, shards, "nothing can be found")
        passage = _passage(tx, desk.series, what)
        forms = [one.form for one in passage.words]
        if not forms:
            raise BadInput("there are no words to look for; give some, or a clip that has words")
        if len(forms) > LONGEST_WORDS:
            raise BadInput(
                f"the passage has {len(forms)} words; at most {LONGEST_WORDS} are looked for: "
                "clip a part of it"
            )
        places, at_least = _places(tx, shards, passage, forms)
        found = _one_of_each([*passage.own, *places])
        grouped = _grouped(tx, found)
        coverage = coverage_of(tx, shards)
    return Echoes(passage.text, len(forms), grouped, at_least, coverage, bool(passage.own))


@dataclass(frozen=True, slots=True)
class _Passage:
    """What is looked for. own: where it was clipped from; kinds: the texts to look in."""

    text: str
    words: tuple[_Spoken, ...]
    own: tuple[_Place, ...]
    kinds: tuple[LayerKind, ...]


def _passage(tx: Transaction, series: str, what: str) -> _Passage:
    clip = _clip(tx, series, what)
    if clip is None:
        turn = Turn(0, 0, what, Words(), None)
        words = tuple(_tokens(turn, None, [(0, len(what))]))
        return _Passage(" ".join(what.split()), words, (), _KINDS)
    if clip.layer_id is None:
        raise BadInput(f"clip {clip.id} has no text; draft it again with a layer")
    layer = tx.layer(clip.layer_id)
    spoken: list[_Spoken] = []
    texts: list[str] = []
    for turn, ranges in _clipped(tx, clip):
        spoken += _tokens(turn, layer.language, ranges)
        texts += [turn.text[start:end] for start, end in ranges]
    words = tuple(spoken)
    own = (_Place(layer, words, 0, len(words), len(words), asked=True),) if words else ()
    kinds = (
        (LayerKind.TRANSLATION,)
        if layer.kind is LayerKind.TRANSLATION
        else (LayerKind.SPEECH, LayerKind.CAPTIONS)
    )
    return _Passage(" ".join(" ".join(texts).split()), words, own, kinds)


def _clip(tx: Transaction, series: str, what: str) -> Clip | None:
    """The clip that is meant, or None where words are. Raises `NotFound` where it is not there."""
    asked = what.strip()
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        return tx.clip(int(asked))
    if "/" in asked and not any(one.isspace() for one in asked):
        try:
            return find_record(tx, series, asked).clip
        except NotFound:
            if _ADDRESS_RE.fullmatch(asked):
                raise
    return None


def _clipped(tx: Transaction, clip: Clip) -> Iterable[tuple[Turn, list[tuple[int, int]]]]:
    if clip.turn_ids:
        for turn in tx.turns_by_id(clip.turn_ids):
            yield turn, [(0, len(turn.text))]
    for span in clip.spans:
        for turn in tx.turns(clip.layer_id or 0, span=span):
            yield turn, ranges_inside(turn, span)


def _tokens(
    turn: Turn, language: str | None, ranges: Sequence[tuple[int, int]] | None = None
) -> list[_Spoken]:
    return [
        _Spoken(one.form, turn, one.char_start, one.char_end)
        for one in tokens(turn.text, language)
        if one.kind is not TokenKind.FILLER
        and (ranges is None or any(a < one.char_end and one.char_start < b for a, b in ranges))
    ]


def _places(
    tx: Transaction, shards: Shards, passage: _Passage, forms: Sequence[str]
) -> tuple[list[_Place], bool]:
    """Where pieces of the passage stand, pieces of one airing joined; whether there are more."""
    scope = Scope(kinds=passage.kinds)
    pieces = list(windows(len(forms)))
    proposals = shards.propose(
        [forms[first:last] for first, last in pieces], scope, limit=MOST_PLACES, thorough=True
    )
    wanted: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for number, proposal in enumerate(proposals):
        for stretch in proposal.stretches:
            wanted[stretch.layer_id][number].update(stretch.turn_ids)
    at_least = any(len(one.stretches) >= MOST_PLACES for one in proposals)
    if len(pieces) == 1:
        # The index proposes the best places; of words that stand as they are it knows every one.
        total, exact = shards.occurrences(forms, scope, limit=1_000)
        at_least = (at_least and total > len(exact)) or total > len(exact)
        around = len(forms) // 4 + 2
        for one in exact:
            turns = tx.turns_around(one.turn_id, before=0, after=min(around, _AROUND_TURNS))
            wanted[one.layer_id][0].update(turn.id for turn in turns)
    layers = tx.layers_by_id(list(wanted))
    found: list[_Place] = []
    for layer_id, by_piece in wanted.items():
        if layer_id in layers:
            found += _in_layer(tx, layers[layer_id], by_piece, pieces, forms)
    return found, at_least


def _in_layer(
    tx: Transaction,
    layer: Layer,
    by_piece: Mapping[int, set[int]],
    pieces: Sequence[tuple[int, int]],
    forms: Sequence[str],
) -> list[_Place]:
    """The airings in one layer."""
    every = sorted({turn_id for ids in by_piece.values() for turn_id in ids})
    places = {one.id: one.ordinal for one in tx.turns_by_id(every)}
    standing: dict[int, list[_Spoken]] = {}
    for first, last in _runs(places.values()):
        # Not the turns themselves: the index may lag behind a revision.
        for turn in tx.turns(layer.id, offset=first, limit=last - first):
            standing[turn.ordinal] = _tokens(turn, layer.language)
    found: list[_Place] = []
    for number, turn_ids in by_piece.items():
        begin, end = pieces[number]
        for first, last in _runs(places[one] for one in turn_ids):
            spoken = [word for at in range(first, last) for word in standing.get(at, ())]
            found += [
                _Place(
                    layer, tuple(spoken[one.spoken_first : one.spoken_last]),
                    begin + one.first, begin + one.last, one.words,
                )
                for one in _every_common(forms[begin:end], [word.form for word in spoken])
            ]  # fmt: skip
    return [
        replace(one, count=in_common(forms[one.first : one.last], [w.form for w in one.words]))
        for one in _joined(found)
    ]


def _runs(ordinals: Iterable[int]) -> list[tuple[int, int]]:
    """Ranges of ordinals that follow one another, half-open."""
    runs: list[tuple[int, int]] = []
    for ordinal in sorted(set(ordinals)):
        if runs and ordinal == runs[-1][1]:
            runs[-1] = (runs[-1][0], ordinal + 1)
        else:
            runs.append((ordinal, ordinal + 1))
    return runs


def _every_common(passage: Sequence[str], spoken: Sequence[str]) -> list[Common]:
    """Every place of a piece in a few turns: the best, then what is left on both sides of it."""
    found = common(passage, spoken)
    if found is None:
        return []
    left = _every_common(passage, spoken[: found.spoken_first])
    right = [
        replace(
            one,
            spoken_first=one.spoken_first + found.spoken_last,
            spoken_last=one.spoken_last + found.spoken_last,
        )
        for one in _every_common(passage, spoken[found.spoken_last :])
    ]
    return [*left, found, *right]


def _key(word: _Spoken) -> tuple[int, int]:
    return word.turn.ordinal, word.char_start


def _joined(places: Sequence[_Place]) -> list[_Place]:
    """Places of one layer; those of neighbouring pieces of the passage joined."""
    result: list[_Place] = []
    for place in sorted(places, key=lambda one: (_key(one.words[0]), one.first)):
        before = result[-1] if result else None
        if before is None or not _goes_on(before, place):
            result.append(place)
            continue
        end = _key(before.words[-1])
        result[-1] = replace(
            before,
            words=before.words + tuple(word for word in place.words if _key(word) > end),
            last=max(before.last, place.last),
        )
    return result


def _goes_on(before: _Place, place: _Place) -> bool:
    """Whether a place is where the passage goes on, and no second airing of the same words."""
    near = place.words[0].turn.ordinal <= before.words[-1].turn.ordinal + 1
    overlaps = _key(place.words[0]) <= _key(before.words[-1])
    follows = before.first <= place.first <= before.last
    return near and follows and (overlaps or place.first >= before.last)


def _one_of_each(places: Sequence[_Place]) -> list[_Place]:
    """One place for each airing: of several texts of one moment of a recording the asked one, else
    the text of the first kind, else the one with the most words."""
    ranked = sorted(
        places, key=lambda one: (not one.asked, _KINDS.index(one.layer.kind), -one.count)
    )
    kept: dict[int, list[_Place]] = defaultdict(list)
    for place in ranked:
        of_recording = kept[place.layer.recording_id]
        if not any(_same_moment(place, other) for other in of_recording):
            of_recording.append(place)
    return [place for of_recording in kept.values() for place in of_recording]


def _same_moment(one: _Place, other: _Place) -> bool:
    if one.layer.id == other.layer.id:
        return _key(one.words[0]) <= _key(other.words[-1]) and (
            _key(other.words[0]) <= _key(one.words[-1])
        )
    first, second = _times(one.words), _times(other.words)
    if first is None or second is None:
        return True  # another text of the recording without times: the same words, most likely
    return first[0] < second[1] + _LAG_MS and second[0] < first[1] + _LAG_MS


def _times(words: Sequence[_Spoken]) -> tuple[Ms, Ms] | None:
    """Media time of the first and last of these words; of their turns where words have none."""
    at, until = _time(words[0], first=True), _time(words[-1], first=False)
    return None if at is None or until is None else (at, max(at, until))


def _time(word: _Spoken, *, first: bool) -> Ms | None:
    span = word.turn.span
    for one in word.turn.words:
        if one.char_start < word.char_end and word.char_start < one.char_end:
            time = one.start if first else one.end
            if time is not None:
                return time
    return None if span is None else span.start if first else span.end


def _grouped(tx: Transaction, places: Sequence[_Place]) -> tuple[tuple[Echo, ...], ...]:
    """The places as events; the asked one only beside others."""
    recordings = tx.recordings_by_id([one.layer.recording_id for one in places])
    surrounded = []
    for place in places:
        aired = recordings[place.layer.recording_id].aired
        before, after = _around(tx, place)
        surrounded.append(Surrounded(before, after, "" if aired is None else aired.value))
    result = []
    for event in events(surrounded):
        if len(event) == 1 and places[event[0]].asked:
            continue
        result.append(
            tuple(_echo(tx, places[one], recordings[places[one].layer.recording_id])
                  for one in event)
        )  # fmt: skip
    return tuple(result)


def _around(tx: Transaction, place: _Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words just before and just after a place, in its layer."""
    first, last = place.words[0], place.words[-1]
    before = [
        word
        for turn in tx.turns_around(first.turn.id, before=_AROUND_TURNS, after=0)
        for word in _tokens(turn, place.layer.language)
        if _key(word) < _key(first)
    ]
    after = [
        word
        for turn in tx.turns_around(last.turn.id, before=0, after=_AROUND_TURNS)
        for word in _tokens(turn, place.layer.language)
        if _key(word) > _key(last)
    ]
    return (
        tuple(word.form for word in before[-SIDE_WORDS:]),
        tuple(word.form for word in after[:SIDE_WORDS]),
    )


def _echo(tx: Transaction, place: _Place, recording: Recording) -> Echo:
    turns = list({word.turn.id: word.turn for word in place.words}.values())
    attributions = newest_attributions(tx, place.layer, turns)
    shown = [spoken_by(turn, attributions.get(turn.id), place.layer) for turn in turns]
    times = _times(place.words)
    return Echo(
        recording=recording,
        layer=place.layer,
        turn_ids=tuple(turn.id for turn in turns),
        at=None if times is None else times[0],
        until=None if times is None else times[1],
        speakers=tuple(dict.fromkeys(one.name for one in shown if one.name and one.named)),
        words=place.count,
        text=_text(place, turns),
        asked=place.asked,
    )


def _text(place: _Place, turns: Sequence[Turn]) -> str:
    first, last = place.words[0], place.words[-1]
    pieces = [
        turn.text[
            first.char_start if turn.id == first.turn.id else 0 : last.char_end
            if turn.id == last.turn.id
            else len(turn.text)
        ]
        for turn in turns
    ]
    return " ".join(" ".join(pieces).split())
