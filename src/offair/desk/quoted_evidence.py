"""What a quotation is held against: the words that stand now where the index points, and who says
them; and back from what the judge used to times, hearings and airings."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, repeat

from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.heard import all_heard
from offair.model.finding import Airing, Piece
from offair.model.recording import Recording
from offair.model.time import Ms
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    MarkKind,
    Turn,
)
from offair.model.words import NO_TIME
from offair.search import Occurrence, Stretch
from offair.store import Transaction
from offair.text.events import SIDE_WORDS, Surrounded
from offair.text.judge_places import Place, SpokenTurn, Voice
from offair.text.judge_words import Used
from offair.text.tokenise import TokenKind, count_words, tokens

LONG_TEXT = 500
"""Characters; of a longer text only the part that the index points at is cut into words."""
_SLACK = 8
"""Words beyond those that may belong to the quotation on each side."""
_STRETCH_RE = re.compile(r"(?:\S{1,60}\s*){1,6}")
_GROUPED_RE = re.compile(r"\d\s\d")
_UNSPACED_RE = re.compile(r"(?:\S{0,60}+\s++)*+\S{61}")
"""Where parts between two spaces are no words: digits in groups, and writing without spaces."""
_SHOWN = 400
"""Characters of the neighbouring words shown on each side."""
_SIDE_CHARS = SIDE_WORDS * 9
_NO_SPEECH = frozenset({MarkKind.STAGE, MarkKind.CLOCK, MarkKind.LANGUAGE, MarkKind.UNCLEAR})


class Evidence:
    """Reads what quotations are held against, each row once."""

    def __init__(self, tx: Transaction, *, behind: bool) -> None:
        """behind: the index does not hold the newest changes, so turns may have been replaced."""
        self._tx = tx
        self._behind = behind
        self._turns: dict[int, Turn] = {}
        self._layers: dict[int, Layer] = {}
        self._recordings: dict[int, Recording] = {}
        self._attributions: dict[int, Attribution] = {}
        self._voices_read: set[int] = set()
        self._places: dict[tuple[int, ...], tuple[Turn, ...]] = {}

    def read(self, stretches: Iterable[Stretch]) -> None:
        """Read all rows of these stretches at once."""
        wanted = list(stretches)
        if not wanted:
            return
        self._read_layers({one.layer_id for one in wanted})
        fresh = {one.turn_ids: one for one in wanted if one.turn_ids not in self._places}
        if self._behind:
            for ids in fresh:
                standing = self._tx.turns_around(ids[0], before=0, after=len(ids) - 1)
                self._keep(ids, standing)
        else:
            every = list(dict.fromkeys(turn for ids in fresh for turn in ids))
            missing = [one for one in every if one not in self._turns]
            self._turns.update((one.id, one) for one in self._tx.turns_by_id(missing))
            for ids in fresh:
                self._keep(ids, [self._turns[one] for one in ids])
        self._read_attributions(wanted)

    def _keep(self, ids: tuple[int, ...], turns: Sequence[Turn]) -> None:
        self._turns.update((one.id, one) for one in turns)
        self._places[ids] = tuple(turns)

    def _read_layers(self, ids: set[int]) -> None:
        missing = sorted(ids - self._layers.keys())
        if missing:
            self._layers.update(self._tx.layers_by_id(missing))
        needed = {self._layers[one].recording_id for one in missing if one in self._layers}
        needed -= self._recordings.keys()
        if needed:
            self._recordings.update(self._tx.recordings_by_id(sorted(needed)))

    def _read_attributions(self, stretches: Iterable[Stretch]) -> None:
        plain: list[int] = []
        translated: dict[int, list[Turn]] = {}
        for one in stretches:
            turns = [turn for turn in self._places[one.turn_ids] if self._unasked(turn)]
            layer = self._layers.get(one.layer_id)
            if layer is not None and layer.kind is LayerKind.TRANSLATION:
                translated.setdefault(layer.id, []).extend(turns)
            else:
                plain += [turn.id for turn in turns]
        if plain:
            self._attributions.update(self._tx.attributions(plain))
        for layer_id, of_layer in translated.items():
            found = newest_attributions(self._tx, self._layers[layer_id], of_layer)
            self._attributions.update(found)

    def _unasked(self, turn: Turn) -> bool:
        """Whether nobody asked yet whose words a turn holds; from now on somebody did."""
        fresh = turn.id not in self._voices_read
        self._voices_read.add(turn.id)
        return fresh

    def place(self, stretch: Stretch, words: int) -> Place | None:
        """A stretch as the judge reads it; None where its layer is gone.

        words: of the quotation.
        """
        layer = self._layers.get(stretch.layer_id)
        turns = self._places[stretch.turn_ids]
        if layer is None or not turns or layer.recording_id not in self._recordings:
            return None
        place = self._place(layer, turns)
        if len(place.text) <= LONG_TEXT:
            return place
        slack = _SLACK + words // 4
        first = stretch.words[0] - stretch.printed[0] - slack
        last = stretch.words[1] + words - stretch.printed[1] + slack
        if stretch.words[1] <= stretch.words[0]:
            return place
        return self._place(layer, turns, _char_range(place.text, layer.language, first, last))

    def _place(
        self, layer: Layer, turns: Sequence[Turn], focus: tuple[int, int] | None = None
    ) -> Place:
        recording = self._recordings[layer.recording_id]
        return Place(
            recording.id, layer.id, layer.kind, layer.origin, layer.language, recording.aired,
            tuple(
                SpokenTurn(
                    turn.id, turn.text, self._voice(turn, layer),
                    tuple(
                        (mark.char_start, mark.char_end)
                        for mark in turn.marks
                        if mark.kind in _NO_SPEECH
                    ),
                )
                for turn in turns
            ),
            turns[0].ordinal, focus,
        )  # fmt: skip

    def _voice(self, turn: Turn, layer: Layer) -> Voice:
        attribution = self._attributions.get(turn.id)
        shown = spoken_by(turn, attribution, layer)
        if shown.withheld or not shown.named:
            return Voice()
        printed = layer.origin in {LayerOrigin.IMPORT, LayerOrigin.PERSON}
        if attribution is None or attribution.author is None:
            return Voice(shown.name, None, shown.certain, printed)
        author = None if attribution.author.withheld else attribution.author.name
        voice = attribution.voice.name if attribution.voice is not None else None
        return Voice(voice, author, shown.certain, printed)

    def languages(self, layer_ids: set[int]) -> dict[int, str]:
        """The language of each of these layers; one that is gone is left out."""
        self._read_layers(layer_ids)
        return {one: self._layers[one].language for one in layer_ids if one in self._layers}

    def at_sentence(self, layer_id: int, turn: Turn, chars: tuple[int, int]) -> Place | None:
        """A sentence of a turn as a place of its own."""
        self._read_layers({layer_id})
        layer = self._layers.get(layer_id)
        if layer is None or layer.recording_id not in self._recordings:
            return None
        self._turns[turn.id] = turn
        if self._unasked(turn):
            self._attributions.update(newest_attributions(self._tx, layer, [turn]))
        return self._place(layer, [turn], chars)

    def occurrences(self, found: Sequence[Occurrence], words: int) -> list[Stretch]:
        """Occurrences as stretches of so many words: the turn each begins in and, where the words
        go on, those after it. All are read."""
        first = list(dict.fromkeys(one.turn_id for one in found if one.turn_id not in self._turns))
        self._turns.update((turn.id, turn) for turn in self._tx.turns_by_id(first))
        stretches = [self._occurrence(one, words) for one in found]
        self.read(stretches)
        return stretches

    def _occurrence(self, one: Occurrence, words: int) -> Stretch:
        turn = self._turns[one.turn_id]
        runs_on = one.word_end > len(turn.text.split()) - 2
        turns: Sequence[Turn] = [turn]
        if runs_on or self._behind:
            around = 1 + (one.word_end - one.word_start) // 2 if runs_on else 0
            turns = self._tx.turns_around(one.turn_id, before=0, after=min(around, 40))
        ids = tuple(turn.id for turn in turns)
        self._keep(ids, turns)
        return Stretch(
            one.recording_id, one.layer_id, one.kind, one.aired, ids, 0.0, (0, words),
            tuple(range(words)), (one.word_start, one.word_end),
        )  # fmt: skip

    def recording(self, place: Place) -> Recording:
        """The recording of a place."""
        return self._recordings[place.recording_id]

    def piece(self, used: Used) -> Piece:
        """What the judge used, with times and who heard it."""
        place = used.place
        layer, recording = self._layers[place.layer_id], self._recordings[place.recording_id]
        start, end = used.chars
        ranges = self._ranges(place, start, end)
        touched = [turn_id for turn_id, _ in ranges]
        at, until = self._times(ranges)
        around = place.neighbours(start, end)
        voice = place.turns[place.turn_at(start)].voice
        return Piece(
            recording_id=recording.id,
            layer_id=layer.id,
            kind=layer.kind,
            origin=layer.origin,
            language=layer.language,
            channel=recording.channel.name,
            aired=recording.aired,
            at=at,
            until=until,
            turn_ids=tuple(touched),
            sentence_id=self._sentence(ranges),
            spoken=place.text[start:end],
            before=_tail(f"{around.sentence_before} {around.before}".lstrip()),
            after=_head(f"{around.after} {around.sentence_after}".rstrip()),
            speaker=voice.name,
            author=voice.author,
            confirmed=voice.confirmed,
            heard=self._heard(ranges),
            maker=layer.maker,
        )

    def airing(self, used: Used) -> Airing:
        """Where and when a passage was on air."""
        place = used.place
        start, end = used.chars
        ranges = self._ranges(place, start, end)
        recording = self._recordings[place.recording_id]
        return Airing(
            recording.id, place.layer_id, recording.channel.name, recording.aired,
            self._times(ranges)[0], ranges[0][0],
        )  # fmt: skip

    def surrounded(self, used: Used) -> Surrounded:
        """The words around a place, as `events` compares them."""
        place = used.place
        start, end = used.chars
        before = place.text[max(0, start - _SIDE_CHARS) : start]
        after = place.text[end : end + _SIDE_CHARS]
        aired = place.aired.value if place.aired else ""
        return Surrounded(_forms(before, place.language), _forms(after, place.language), aired)

    def _ranges(self, place: Place, start: int, end: int) -> list[tuple[int, tuple[int, int]]]:
        """The part of each turn that a range of a place's text touches."""
        found = []
        for turn, first in zip(place.turns, place.starts, strict=True):
            low, high = max(start, first) - first, min(end, first + len(turn.text)) - first
            if low < high:
                found.append((turn.turn_id, (low, high)))
        return found or [(place.turns[place.turn_at(start)].turn_id, (0, 0))]

    def _times(self, ranges: Sequence[tuple[int, tuple[int, int]]]) -> tuple[Ms | None, Ms | None]:
        """Media time of the first and the last word of these ranges."""
        starts: list[Ms] = []
        ends: list[Ms] = []
        for turn_id, (low, high) in ranges:
            words = self._turns[turn_id].words
            first = bisect_left(words.char_end, low + 1)
            last = bisect_left(words.char_start, high)
            starts += [one for one in words.start_ms[first:last] if one != NO_TIME]
            ends += [one for one in words.end_ms[first:last] if one != NO_TIME]
        return min(starts, default=None), max(ends, default=None)

    def _heard(self, ranges: Sequence[tuple[int, tuple[int, int]]]) -> bool:
        hearings = self._tx.hearings([turn_id for turn_id, _ in ranges])
        return bool(hearings) and all(
            all_heard(self._turns[turn_id], [chars], hearings.get(turn_id, ()))
            for turn_id, chars in ranges
        )

    def _sentence(self, ranges: Sequence[tuple[int, tuple[int, int]]]) -> int | None:
        turn_id, (low, _) = ranges[0]
        rows = self._tx.sentences([turn_id])
        return next((one.id for one in rows if one.char_start <= low < one.char_end), None)


def _char_range(text: str, language: str, first: int, last: int) -> tuple[int, int]:
    """The range of a text that holds words `first` to `last`, counted without fillers."""
    if _GROUPED_RE.search(text) is None and _UNSPACED_RE.match(text) is None:
        return _spaced_range(text, language, first, last)
    low = high = at = 0
    for match in _STRETCH_RE.finditer(text):
        if at <= first:
            low = match.start()
        at += count_words(match.group(), language)
        high = match.end()
        if at >= last:
            break
    return low, high


def _spaced_range(text: str, language: str, first: int, last: int) -> tuple[int, int]:
    """The same where every part between two spaces can be counted alone."""
    low = high = at = 0
    rest = text
    # So many parts at a time as words are still to come: most parts are one word.
    while parts := rest.split(None, wanted := max(1, last - at)):
        after = parts.pop() if len(parts) > wanted else ""
        before = list(accumulate(map(count_words, parts, repeat(language)), initial=at))
        reached = min(bisect_left(before, last, lo=1), len(parts))
        if at <= first:
            low = _part_begins(text, rest, bisect_right(before, first, hi=reached) - 1)
        high = _part_begins(text, rest, reached - 1) + len(parts[reached - 1])
        at, rest = before[-1], after
        if at >= last:
            break
    return low, high


def _part_begins(text: str, rest: str, part: int) -> int:
    """Where in a text a part of its end begins, counted from 0 between spaces."""
    return len(text) - len(rest.split(None, part)[part])


def _forms(text: str, language: str) -> tuple[str, ...]:
    return tuple(one.form for one in tokens(text, language) if one.kind is not TokenKind.FILLER)


def _tail(text: str) -> str:
    return text if len(text) <= _SHOWN else "…" + text[1 - _SHOWN :]


def _head(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
