"""An archive's columns in the place of a catalogue: what `Transaction` reads, for 10⁹ words.

Nothing is stored but word ids and forms: texts, words, sentences and attributions are put together
when they are asked for, as the catalogue would give them for the same archive (`archives.py`), but
for the ids of sentences. Documents are recordings with one imported layer each, numbered from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from archives import Archive, turn_of

from offair.model.errors import NotFound
from offair.model.finding import ChannelCoverage
from offair.model.recording import Channel, Held, Recording
from offair.model.time import PartialDate, Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    Sentence,
    SourceSentence,
    Speaker,
    Turn,
)
from offair.search import IndexedLayer, IndexedTurn

SENTENCES = 4096
"""Ids that each turn's sentences have for themselves."""
_ADDED = "2024-01-01T00:00:00.000Z"


def indexed_layers(
    archive: Archive, first: int = 0, last: int | None = None
) -> Iterator[IndexedLayer]:
    """The documents of an archive as the index takes them in, straight from the columns.

    first, last: range of documents, half-open; by default all of them.
    """
    ends = archive.ends()
    forms = archive.forms
    end = len(archive.documents) - 1 if last is None else last
    for document in range(first, end):
        low, high = int(archive.documents[document]), int(archive.documents[document + 1])
        starts = archive.turns[low : high + 1].tolist()
        ids = archive.words[starts[0] : starts[-1]]
        said = [forms[one] for one in ids.tolist()]
        closes = ends[ids].tolist()
        speakers = archive.speakers[low:high].tolist()
        turns = []
        for place, speaker in enumerate(speakers):
            begin, stop = starts[place] - starts[0], starts[place + 1] - starts[0]
            words = said[begin:stop]
            sentences: list[tuple[int, int, int]] = []
            at = opened = 0
            for word, closed in zip(words, closes[begin:stop], strict=True):
                at += len(word)
                if closed:
                    key = (low + place + 1) * SENTENCES + len(sentences)
                    sentences.append((key, opened, at))
                    opened = at + 1
                at += 1
            if opened < at:
                key = (low + place + 1) * SENTENCES + len(sentences)
                sentences.append((key, opened, at - 1))
            turns.append(
                IndexedTurn(
                    low + place + 1, " ".join(words), tuple(sentences), archive.names[speaker]
                )
            )
        yield IndexedLayer(
            document + 1, document + 1, document + 1, LayerKind.SPEECH, LayerOrigin.IMPORT, "en",
            archive.channel_names[archive.channels[document]], archive.aired[document].decode(),
            tuple(turns),
        )  # fmt: skip


class ColumnTransaction:
    """The reading part of `offair.store.Transaction`, of an archive's columns."""

    def __init__(self, archive: Archive) -> None:
        """archive: whose columns."""
        self._archive = archive
        self._ends = archive.ends()
        self._channels = [Channel(name, id=at + 1) for at, name in enumerate(archive.channel_names)]
        self._coverage: dict[tuple[str | None, str | None, str | None], list[ChannelCoverage]] = {}

    # Channels, recordings, layers

    def channels(self) -> Sequence[Channel]:
        """Every channel, by name."""
        return sorted(self._channels, key=lambda one: one.name)

    def recording(self, recording_id: int) -> Recording:
        """One recording."""
        found = self.recordings_by_id([recording_id])
        if recording_id not in found:
            raise NotFound(f"the archive has no recording {recording_id}")
        return found[recording_id]

    def recordings_by_id(self, recording_ids: Sequence[int]) -> Mapping[int, Recording]:
        """These recordings; an id that names none is left out."""
        archive, found = self._archive, {}
        for key in recording_ids:
            if 1 <= key < len(archive.documents):
                aired = archive.aired[key - 1].decode()
                found[key] = Recording(
                    id=key, channel=self._channels[archive.channels[key - 1]],
                    aired=PartialDate.parse(aired) if aired else None,
                    title=f"document {key - 1}", held=Held.NEVER_HELD, object=None, media=None,
                    added_utc=_ADDED, added_by="benchmark",
                )  # fmt: skip
        return found

    def layers(self, recording_id: int) -> Sequence[Layer]:
        """The one layer of a recording."""
        return list(self.layers_by_id([recording_id]).values())

    def layer(self, layer_id: int) -> Layer:
        """One layer."""
        found = self.layers_by_id([layer_id])
        if layer_id not in found:
            raise NotFound(f"the archive has no layer {layer_id}")
        return found[layer_id]

    def layers_by_id(self, layer_ids: Sequence[int]) -> Mapping[int, Layer]:
        """These layers; an id that names none is left out."""
        return {
            key: Layer(
                key, key, LayerKind.SPEECH, "en", LayerOrigin.IMPORT, "benchmark", 1, frozen=True
            )
            for key in layer_ids
            if 1 <= key < len(self._archive.documents)
        }

    def layers_known(self, after: int = 0, limit: int = 10_000) -> Sequence[int]:
        """Ids of layers greater than `after`, ascending."""
        return list(range(after + 1, min(after + limit + 1, len(self._archive.documents))))

    def last_change(self) -> int:
        """Each layer was one change."""
        return len(self._archive.documents) - 1

    def changes(self, after: int = 0, limit: int = 1000) -> Sequence[tuple[int, str, int]]:
        """(change number, `layer`, its id) after that number."""
        return [(key, "layer", key) for key in self.layers_known(after, limit)]

    # Turns and what belongs to them

    def _made(self, turn_id: int) -> tuple[Turn, list[tuple[int, int]]]:
        if not 1 <= turn_id < len(self._archive.turns):
            raise NotFound(f"the archive has no turn {turn_id}")
        made, ranges = turn_of(self._archive, turn_id - 1, self._ends)
        document = int(np.searchsorted(self._archive.documents, turn_id - 1, side="right")) - 1
        place = turn_id - 1 - int(self._archive.documents[document])
        return replace(made, id=turn_id, ordinal=place), ranges

    def _range(self, layer_id: int) -> tuple[int, int]:
        documents = self._archive.documents
        return int(documents[layer_id - 1]) + 1, int(documents[layer_id]) + 1

    def turns(
        self, layer_id: int, *, span: Span | None = None, offset: int = 0, limit: int | None = None
    ) -> Sequence[Turn]:
        """Turns of a layer, in order; none shares time with a span."""
        if span is not None:
            return []
        low, high = self._range(layer_id)
        last = high if limit is None else min(high, low + offset + limit)
        return self.turns_by_id(range(low + offset, last))

    def count_turns(self, layer_id: int) -> int:
        """How many turns a layer has."""
        low, high = self._range(layer_id)
        return high - low

    def turns_by_id(self, turn_ids: Sequence[int]) -> Sequence[Turn]:
        """These turns, in the order asked."""
        return [self._made(one)[0] for one in turn_ids]

    def turns_around(self, turn_id: int, *, before: int, after: int) -> Sequence[Turn]:
        """The turn and its neighbours in the layer, in order."""
        document = int(np.searchsorted(self._archive.documents, turn_id - 1, side="right")) - 1
        low, high = self._range(document + 1)
        return self.turns_by_id(range(max(low, turn_id - before), min(high, turn_id + after + 1)))

    def sentences(self, turn_ids: Sequence[int]) -> Sequence[Sentence]:
        """The sentences of these turns, in order."""
        return [
            Sentence(turn_id * SENTENCES + place, turn_id, start, end)
            for turn_id in turn_ids
            for place, (start, end) in enumerate(self._made(turn_id)[1])
        ]

    def sentences_by_id(self, sentence_ids: Sequence[int]) -> Sequence[Sentence]:
        """These sentences, by id."""
        wanted = set(sentence_ids)
        turns = sorted({one // SENTENCES for one in wanted})
        return [one for one in self.sentences(turns) if one.id in wanted]

    def sentence_sources(self, ids: Sequence[int]) -> Mapping[int, Sequence[SourceSentence]]:
        """Nothing is translated."""
        del ids
        return {}

    def attributions(self, turn_ids: Sequence[int]) -> Mapping[int, Attribution]:
        """Who speaks in each turn; nobody confirmed it."""
        archive = self._archive
        speakers = archive.speakers[np.array(turn_ids, np.int64) - 1].tolist() if turn_ids else []
        return {
            turn_id: Attribution(
                turn_id, Speaker(archive.names[one], id=one + 1), None, None, None, "benchmark"
            )
            for turn_id, one in zip(turn_ids, speakers, strict=True)
        }

    def people_worked(self, layer_id: int, *, carried: Sequence[str] = ()) -> bool:
        """Nobody did."""
        del layer_id, carried
        return False

    def hearings(self, turn_ids: Sequence[int]) -> Mapping[int, Sequence[object]]:
        """Nobody heard anything."""
        del turn_ids
        return {}

    def flags(self, layer_id: int) -> Sequence[object]:
        """Nothing is doubted."""
        del layer_id
        return []

    # Names, standing queries, coverage

    def names(self, *, kind: object = None) -> Sequence[object]:
        """The names list is empty."""
        del kind
        return []

    def names_change(self) -> int:
        """And stays so."""
        return 0

    def watches(self, *, removed: bool = False) -> Sequence[object]:
        """There are no standing queries."""
        del removed
        return []

    def coverage(
        self,
        *,
        channel: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
    ) -> Sequence[ChannelCoverage]:
        """What is held, by channel name: texts alone."""
        key = (channel, first_day, last_day)
        if key not in self._coverage:
            self._coverage[key] = list(self._covered(channel, first_day, last_day))
        return self._coverage[key]

    def _covered(
        self, channel: str | None, first_day: str | None, last_day: str | None
    ) -> Iterator[ChannelCoverage]:
        archive = self._archive
        sizes = np.diff(np.asarray(archive.turns)[np.asarray(archive.documents)])
        dated = archive.aired != b""
        inside = np.ones(len(sizes), np.bool_)
        if first_day is not None:
            inside &= dated & (archive.aired >= first_day.encode())
        if last_day is not None:
            inside &= dated & (archive.aired <= last_day.encode())
        for name in sorted(archive.channel_names):
            chosen = inside & (archive.channels == archive.channel_names.index(name))
            if channel not in (None, name) or not chosen.any():
                continue
            aired = sorted(archive.aired[chosen & dated].tolist())
            yield ChannelCoverage(
                channel=name, recordings=int(chosen.sum()), texts=int(chosen.sum()),
                held_hours=0.0, transcribed_hours=0.0, heard_words=0,
                words=int(sizes[chosen].sum()),
                first=aired[0].decode() if aired else None,
                last=aired[-1].decode() if aired else None, gaps=0, gap_hours=0.0,
            )  # fmt: skip


class ColumnCatalogue:
    """`offair.store.Catalogue` for reading, of an archive's columns."""

    def __init__(self, archive: Archive) -> None:
        """archive: whose columns."""
        self._rows = ColumnTransaction(archive)

    @contextmanager
    def snapshot(self) -> Iterator[ColumnTransaction]:
        """The archive; it never changes."""
        yield self._rows

    def migrate(self) -> None:
        """There is nothing to migrate."""

    def close(self) -> None:
        """There is nothing to close."""
