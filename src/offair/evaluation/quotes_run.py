"""Checks known quotations with the desk's own verbs, in a desk that is thrown away.

The archive is taken in, indexed and searched by what `offair import`, `offair reindex` and
`offair check` use.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from offair import wiring
from offair.config import SearchSettings, Settings, StoreSettings
from offair.desk import Desk
from offair.desk.check_quote import check_quotes
from offair.desk.index import index
from offair.desk.take_text import Origin, Taken, take_all
from offair.evaluation.material import LeftOut
from offair.evaluation.quotes_made import LENGTHS, Passage, passages_of
from offair.evaluation.quotes_scores import Checked
from offair.evaluation.quotes_set import KnownQuotation, QuoteSet
from offair.model.errors import BadInput, OffairError
from offair.model.finding import Finding, Quotation
from offair.model.recording import Channel
from offair.search import Scope
from offair.text.printed import parse_printed
from offair.text.tokenise import TokenKind, tokens

_ACTOR = "evaluation"
_BATCH = 50
_EDITS_A_WORD, _EDITS_OF_LONG, _LONG_ROW = 0.2, 0.35, 14
_LONGEST_SCAN = 1_024


@dataclass(frozen=True, slots=True)
class Archive:
    """The set's archive in a desk. recordings: id by the archive's file. events: back from it.
    days: airing date of each recording, `""` where none is known. words: searched."""

    desk: Desk
    recordings: dict[str, int]
    events: dict[int, str]
    days: dict[int, str]
    words: int
    refused: tuple[LeftOut, ...]


@contextmanager
def scratch_archive(
    settings: Settings,
    found: QuoteSet,
    *,
    keep: Path | None,
    notice: Callable[[str], None],
    progress: Callable[[float], None],
) -> Iterator[Archive]:
    """The set's archive, taken in and indexed, in a folder that is removed at the end.

    keep: a folder that stays; what is in it already is not taken in again. Raises what opening a
    desk and writing an index raise, `BadInput` where no file of the archive can be read.
    """
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        with _opened(settings, keep, found, notice, progress) as archive:
            yield archive
        return
    with tempfile.TemporaryDirectory(prefix="offair-evaluation-") as folder:  # noqa: SIM117
        with _opened(settings, Path(folder), found, notice, progress) as archive:
            yield archive


@contextmanager
def _opened(
    settings: Settings,
    folder: Path,
    found: QuoteSet,
    notice: Callable[[str], None],
    progress: Callable[[float], None],
) -> Iterator[Archive]:
    told = settings.model_copy(
        update={"data": folder, "store": StoreSettings(), "search": SearchSettings()}
    )
    with wiring.open_desk(told, notice=notice) as desk:
        yield _filled(desk, found, notice, progress)


def _filled(
    desk: Desk,
    found: QuoteSet,
    notice: Callable[[str], None],
    progress: Callable[[float], None],
) -> Archive:
    recordings: dict[str, int] = {}
    days: dict[int, str] = {}
    refused: list[LeftOut] = []

    def done(path: Path, result: Taken | OffairError) -> None:
        event = found.event(path)
        if isinstance(result, OffairError):
            refused.append(LeftOut(event, str(result)))
        else:
            recordings[event] = result.recording.id
            aired = result.recording.aired
            days[result.recording.id] = aired.value[:10] if aired else ""
        progress((len(recordings) + len(refused)) / len(found.archive))

    origin = Origin(otherwise=Channel(found.name))
    take_all(desk, found.archive, origin, actor=_ACTOR, done=done)
    if not recordings:
        raise BadInput(f"no file of the archive could be read; the first: {refused[0].reason}")
    with desk.catalogue.transaction() as tx:
        there = {one.house for one in tx.names()}
        for name in found.names:
            if name.house not in there:
                tx.save_name(name, actor=_ACTOR)
    index(desk, notice=notice)
    words = sum(desk.index.open().words.values())
    back = {number: event for event, number in recordings.items()}
    return Archive(desk, recordings, back, days, words, tuple(refused))


def check(
    archive: Archive,
    quotations: Sequence[KnownQuotation],
    *,
    without: Collection[int] = (),
    progress: Callable[[float], None] = lambda _: None,
) -> list[Checked]:
    """What the desk finds of each; `without` these recordings, as if they had never been held."""
    desk = archive.desk
    if without:
        hidden = cast("Any", _IndexWithout(desk.index, frozenset(without)))
        desk = replace(desk, index=hidden)
    checked: list[Checked] = []
    for start in range(0, len(quotations), _BATCH):
        batch = quotations[start : start + _BATCH]
        asked = [Quotation(one.printed, speaker=one.claimed, language="en") for one in batch]
        for known, finding in zip(batch, check_quotes(desk, asked), strict=True):
            checked.append(_checked(archive, desk, known, finding))
        progress(min(1.0, (start + len(batch)) / len(quotations)))
    return checked


def _checked(archive: Archive, desk: Desk, known: KnownQuotation, finding: Finding) -> Checked:
    pieces = [archive.events[one.recording_id] for one in finding.pieces]
    airings = [archive.events[one.recording_id] for one in finding.airings]
    first = pieces[0] if pieces else _proposed(archive, desk, known)
    if first is not None and first not in known.events and known.events & set(airings):
        # Several files of one event: the airing that the reader named is among them.
        first = next(iter(known.events & set(airings)))
    return Checked(known, finding, first, frozenset([*pieces, *airings]))


def _proposed(archive: Archive, desk: Desk, known: KnownQuotation) -> str | None:
    """The event of the index's best proposal, where the finding points nowhere."""
    forms = _forms(known.printed)
    if not forms:
        return None
    stretches = desk.index.open().propose([forms], Scope(), limit=1)[0].stretches
    return archive.events[stretches[0].recording_id] if stretches else None


class _IndexWithout:
    """An index in which some recordings are not there."""

    def __init__(self, index: Any, gone: frozenset[int]) -> None:
        self._index, self._gone = index, gone

    def open(self) -> Any:
        return _ShardsWithout(self._index.open(), self._gone)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)


class _ShardsWithout:
    """Shards that answer without some recordings."""

    def __init__(self, shards: Any, gone: frozenset[int]) -> None:
        self._shards, self._gone = shards, gone

    def _scope(self, scope: Any) -> Any:
        return replace(scope, without_recordings={*scope.without_recordings, *self._gone})

    def propose(self, quotations: Any, scope: Any, **options: Any) -> Any:
        return self._shards.propose(quotations, self._scope(scope), **options)

    def occurrences(self, forms: Any, scope: Any, **options: Any) -> Any:
        return self._shards.occurrences(forms, self._scope(scope), **options)

    def scan(self, forms: Any, edits: int, scope: Any, **options: Any) -> Any:
        return self._shards.scan(forms, edits, self._scope(scope), **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shards, name)


def all_but_one_in(archive: Archive, size: int, *, seed: int) -> frozenset[int]:
    """The recordings of the archive but one in `size`, drawn at random."""
    every = sorted(archive.events)
    random.Random(seed).shuffle(every)
    return frozenset(every[len(every) // size :])


def stands(archive: Archive, printed: str) -> bool:
    """Whether the archive holds these very words in a row."""
    count, _ = archive.desk.index.open().occurrences(_forms(printed), Scope(), limit=1)
    return bool(count)


def edits_allowed(words: int) -> int:
    """Within how many edits another place holds the same words: one in five; of a longer row, which
    chance does not give with more either, as many as quotations made with 15 % of their words
    substituted and 15 % dropped have."""
    return int(words * (_EDITS_OF_LONG if words >= _LONG_ROW else _EDITS_A_WORD))


def confirmed(archive: Archive, printed: str, gone: Collection[int]) -> int:
    """How many places of the archive without these recordings hold the same printed words within
    `edits_allowed`, by reading every word of it; the least of the pieces between ellipses.

    Words in brackets are the editor's and are not looked for. 0 where a piece is longer than can be
    scanned, or none has a word.
    """
    counts = []
    for piece in parse_printed(printed, "en"):
        forms = [
            one.form
            for index, one in enumerate(piece.tokens)
            if index not in piece.bracketed and one.kind is not TokenKind.FILLER
        ]
        if len(forms) > _LONGEST_SCAN:
            return 0
        if forms:
            scope = Scope(without_recordings=frozenset(gone))
            edits = edits_allowed(len(forms))
            counts.append(archive.desk.index.open().scan(forms, edits, scope, limit=1)[0])
    return min(counts, default=0)


def _said_elsewhere(archive: Archive, passage: Passage) -> bool:
    """Whether another event holds the same words: then two events are right."""
    scope = Scope(without_recordings=frozenset({archive.recordings[passage.event]}))
    count, _ = archive.desk.index.open().occurrences(
        _forms(" ".join(passage.words)), scope, limit=1
    )
    return bool(count)


def _forms(text: str) -> list[str]:
    return [one.form for one in tokens(text, "en") if one.kind is not TokenKind.FILLER]


def passages(archive: Archive, count: int, *, seed: int) -> list[Passage]:
    """Passages of the archive to make quotations of: one of a turn, turns drawn at random."""
    chance = random.Random(seed)
    events = sorted(archive.recordings)
    found: list[Passage] = []
    with archive.desk.catalogue.snapshot() as tx:
        for number in range(count * 4):
            if len(found) >= count:
                break
            event = chance.choice(events)
            layers = tx.layers(archive.recordings[event])
            turns = [one for one in tx.turns(layers[0].id) if len(one.text) > 60] if layers else []
            if not turns:
                continue
            turn = chance.choice(turns)
            attribution = tx.attributions([turn.id]).get(turn.id)
            plain = attribution is not None and attribution.author is None
            voice = attribution.voice if attribution is not None and plain else None
            if attribution is not None and not plain:
                continue
            length = LENGTHS[number % len(LENGTHS)]
            name = voice.name if voice is not None else None
            passage = passages_of(turn.text, event, name, length, chance)
            if passage is not None and not _said_elsewhere(archive, passage):
                found.append(passage)
    return found
