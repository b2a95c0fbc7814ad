"""One shard's full text: a tantivy index whose documents are sentences.

The text of a document is the normal forms of its words, so tantivy's own analysers have no say.
Queries are built as objects, never parsed by tantivy, whose parser takes `NEAR` for a word and
reads `on*` otherwise than a person does.

Documents stand in the order of the shard's sentences; `row` is the same number as in the quotation
index. `aired` is a day and how exactly it is known (`aired_code`); `newest` puts the latest airing
first and, within one, what was said earlier first.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import tantivy

from offair.model.errors import BadInput, Corrupt, OffairError
from offair.model.query import Phrase, Query
from offair.model.time import PartialDate, Precision
from offair.model.transcript import LayerKind
from offair.search import UNDATED, Hit, IndexedTurn
from offair.search.full_text_query import Context, compiled
from offair.search.full_text_rows import Rows
from offair.search.full_text_said import Tally, said_in
from offair.search.full_text_words import WordRows
from offair.search.quotation_columns import Columns
from offair.text.query_parser import filter_days
from offair.text.tokenise import tokens

if TYPE_CHECKING:
    from offair.search.shard import TokenisedLayer
    from offair.text.word_ids import WordTable

FACETS = ("speaker", "channel", "language", "layer")
"""What hits are counted by."""
SPOKEN = "spoken"
"""The file with the number of the speaker of each row, u32."""
IDS = "ids"
"""The file with the turn and the sentence of each row, two u32, less the least ids of its layer."""
FACTS = "facts.json"
"""The file with what documents have the numbers of: speakers, sources and layers."""
PERIODS = ("day", "week", "month", "year")
"""What mentions are counted by; a week is ISO 8601's. Each is a fast field with a number, 0 where
the airing is not known so exactly (`period_of`, `period_name`)."""
MOST_VALUES = 65_000
"""tantivy counts at most so many different values in one shard."""

_COLUMNS = ("newest", "turn_id", "sentence_id", "speaker", "source", "place", *PERIODS)
_IDS = ("turn_id", "sentence_id")
_OF_HIT = (*_IDS, "speaker", "place")
_HEAP_BYTES = 400_000_000
"""tantivy's buffer while it writes: about 40 million words stand in one segment."""
_ROWS_END = 1 << 32
_MOST_MINUTES = (1 << 31) - 1
_FEW = 2_048
"""So many hits are asked for at once: where a query has no more, all else is known from them."""
_KEY = itemgetter(0)
_CODES = {Precision.YEAR: 2, Precision.MONTH: 1}


def aired_code(aired: str) -> int:
    """A date as a number: four times its first day's number (proleptic Gregorian), and 1 where
    only the month is known, 2 where only the year; 0 for `UNDATED`."""
    if aired == UNDATED:
        return 0
    first, _ = filter_days(aired)
    return first.toordinal() * 4 + _CODES.get(PartialDate.parse(aired).precision, 0)


def period_of(aired: str, by: str) -> int:
    """The day, week, month or year of a date as a number; 0 where it is not known so exactly."""
    code = aired_code(aired)
    if not code or code % 4 > {"month": 1, "year": 2}.get(by, 0):
        return 0
    day = date.fromordinal(code // 4)
    if by == "day":
        return code // 4
    if by == "week":
        return (code // 4 + 6) // 7  # 0001-01-01 was a Monday
    return day.year if by == "year" else day.year * 12 + day.month - 1


@lru_cache(maxsize=1 << 15)
def period_name(number: int, by: str) -> str:
    """How a period is called: `2023-05-13`, `2023-W19`, `2023-05`, `2023`."""
    if by == "day":
        return date.fromordinal(number).isoformat()
    if by == "week":
        year, week, _ = date.fromordinal(number * 7 - 6).isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{number:04}" if by == "year" else f"{number // 12:04}-{number % 12 + 1:02}"


def _minutes(aired: str) -> int:
    """Minutes from 0001-01-01 to the beginning of a date, by its own clock; 0 for `UNDATED`; for
    whatever is later, those of the year 4083, so that `newest` has room for a row."""
    if aired == UNDATED:
        return 0
    given = PartialDate.parse(aired)
    first, _ = filter_days(aired)
    clock = given.value[11:16]
    minutes = first.toordinal() * 1440 + (int(clock[:2]) * 60 + int(clock[3:]) if clock else 0)
    return min(minutes, _MOST_MINUTES)


def _schema() -> tantivy.Schema:
    build = tantivy.SchemaBuilder()
    build.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    for name in ("speaker_words", "channel_words", "language_tags", "layer"):
        build.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    build.add_unsigned_field("layer_id", indexed=True)
    for name in ("aired", "row"):
        build.add_unsigned_field(name, indexed=True, fast=True)
    for name in _COLUMNS:
        build.add_unsigned_field(name, fast=True)
    return build.build()


def write_full_text(folder: Path, layers: Iterable[TokenisedLayer], table: WordTable) -> int:
    """Write the full text of these layers into an empty folder; how many sentences it has.

    The rows are counted on from 0 in the order given. Raises `OSError` where the disk refuses.
    """
    index = tantivy.Index(_schema(), path=str(folder), reuse=False)
    index.register_tokenizer(
        "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    row = 0
    facts = _Facts()
    try:
        for layer in layers:
            row = _write_layer(writer, layer, table.forms, row, facts)
        writer.commit()
        writer.wait_merging_threads()
        (folder / FACTS).write_text(facts.as_json(), encoding="utf-8")
        np.array(facts.spoken, "<u4").tofile(folder / SPOKEN)
        if facts.leasts is not None:
            np.array(facts.ids, "<u4").tofile(folder / IDS)
    except ValueError as error:
        raise OSError(f"the full text in {folder.name} cannot be written: {error}") from error
    return row


class _Facts:
    """What documents name by number: speakers, sources (channel, language, kind of text), layers
    (id, recording, airing date, number of the source). firsts: the first row of each layer; spoken:
    the speaker of each row; ids: turn and sentence of each row, less the least of its layer, which
    are `leasts`: None where those of a layer lie too far apart to be told so."""

    def __init__(self) -> None:
        self.layers: list[tuple[int, int, str, int]] = []
        self.firsts: list[int] = []
        self.spoken = array("I")
        self.ids = array("I")
        self.leasts: list[tuple[int, int]] | None = []
        self.speakers: dict[str, int] = {}
        self.sources: dict[tuple[str, str, str], int] = {}

    def note_ids(self, turns: Sequence[IndexedTurn]) -> None:
        """Keep the ids of a layer's turns and sentences."""
        pairs = [(turn.turn_id, one[0]) for turn in turns for one in turn.sentences]
        least = tuple(map(min, zip(*pairs, strict=True))) if pairs else (0, 0)
        near = all(
            max(pair[at] for pair in pairs) - least[at] < _ROWS_END for at in (0, 1) if pairs
        )
        if self.leasts is None or not near:
            self.leasts = None
            return
        self.leasts.append((least[0], least[1]))
        for turn, sentence in pairs:
            self.ids.append(turn - least[0])
            self.ids.append(sentence - least[1])

    def as_json(self) -> str:
        """All three, in the order of their numbers."""
        whole = {
            "speakers": list(self.speakers),
            "sources": list(self.sources),
            "layers": self.layers,
            "firsts": self.firsts,
            "leasts": self.leasts,
        }
        return json.dumps(whole, ensure_ascii=False)


def _write_layer(
    writer: tantivy.IndexWriter,
    tokenised: TokenisedLayer,
    forms: Sequence[str],
    row: int,
    facts: _Facts,
) -> int:
    layer = tokenised.layer
    words = [forms[word] for word in tokenised.ids.tolist()]
    bounds = [*tokenised.sentence_starts.tolist(), len(words)]
    language = layer.language.lower()
    parts = language.split("-")
    tags = " ".join("-".join(parts[: end + 1]) for end in range(len(parts)))
    code, minutes = aired_code(layer.aired), _minutes(layer.aired)
    channel_words = _name_words(layer.channel)
    key = (layer.channel, layer.language, layer.kind.value)
    source = facts.sources.setdefault(key, len(facts.sources))
    place = len(facts.layers)
    facts.firsts.append(row)
    facts.layers.append((layer.layer_id, layer.recording_id, layer.aired, source))
    facts.note_ids(layer.turns)
    periods = [(name, period_of(layer.aired, name)) for name in PERIODS]
    sentence = 0
    for turn in layer.turns:
        speaker = facts.speakers.setdefault(turn.speaker, len(facts.speakers))
        speaker_words = _name_words(turn.speaker)
        for sentence_id, _, _ in turn.sentences:
            document = tantivy.Document()
            document.add_text("text", " ".join(words[bounds[sentence] : bounds[sentence + 1]]))
            document.add_unsigned("speaker", speaker)
            document.add_unsigned("source", source)
            document.add_text("speaker_words", speaker_words)
            document.add_text("channel_words", channel_words)
            document.add_text("language_tags", tags)
            document.add_text("layer", layer.kind.value)
            document.add_unsigned("layer_id", layer.layer_id)
            document.add_unsigned("place", place)
            document.add_unsigned("turn_id", turn.turn_id)
            document.add_unsigned("sentence_id", sentence_id)
            document.add_unsigned("aired", code)
            document.add_unsigned("newest", minutes * _ROWS_END + _ROWS_END - 1 - row)
            document.add_unsigned("row", row)
            for name, number in periods:
                document.add_unsigned(name, number)
            writer.add_document(document)
            facts.spoken.append(speaker)
            sentence += 1
            row += 1
    return row


def _name_words(name: str) -> str:
    return " ".join(dict.fromkeys(one.form for one in tokens(name)))


@dataclass(frozen=True, slots=True)
class ShardHit:
    """A hit of one shard. order: the greater comes first: BM25, or the minute of the airing; hits
    of one minute stand in the order of the shard."""

    order: float
    hit: Hit


@dataclass(frozen=True, slots=True)
class Counts:
    """Sentences found in one shard: how many, by each facet's values, and by the number of the
    period, 0 left out."""

    total: int
    facets: Mapping[str, Mapping[str, int]]
    periods: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query made ready for one shard: parts, and documents that are found without asking, in the
    order of rows; no sentence is found twice. every: the rows of all that is found, where that is
    known already. newest: how many the parts find, and the newest, where that is known already."""

    parts: tuple[tantivy.Query, ...]
    known: tuple[tantivy.DocAddress, ...] = ()
    every: Tally | None = None
    newest: tuple[int, tuple[tuple[int, tantivy.DocAddress], ...]] | None = None


class FullTextShard:
    """The full text of one shard, open for reading; safe in threads."""

    def __init__(self, folder: Path) -> None:
        """Open it. Raises `Corrupt` where the files are missing or cannot be read."""
        self._damage = _Damage(folder)
        with _Damage(None):
            self._index = tantivy.Index.open(str(folder))
            self._index.config_reader(reload_policy="manual")
            self._searcher = self._index.searcher()
            self._rows = Rows(self._index, self._searcher)
            facts = _read_facts(folder / FACTS)
            rows = self._searcher.num_docs
            self._said = said_in(folder / SPOKEN, folder / IDS, facts, rows, period_of, _minutes)
        self._words: WordRows | None = None
        self._speakers: list[str] = facts["speakers"]
        self._sources: list[tuple[str, str, LayerKind]] = [
            (channel, language, LayerKind(kind)) for channel, language, kind in facts["sources"]
        ]
        self._values = [
            (channel, language, kind.value) for channel, language, kind in self._sources
        ]
        self._layers: list[tuple[int, int, str, int]] = facts["layers"]

    @property
    def sentences(self) -> int:
        """Sentences in it, superseded ones too."""
        return self._searcher.num_docs

    def prepare(
        self,
        query: Query,
        *,
        dead: Collection[int] = (),
        crossing: Callable[[Sequence[str]], Sequence[int]] | None = None,
        columns: Columns | None = None,
        ranked: bool = True,
    ) -> Prepared:
        """A query ready for this shard. Raises `BadInput` where a prefix stands for too much.

        dead: layers that do not count. crossing: the rows of the sentences in which these words
        stand nowhere in a row but where they go on beyond the sentence's end; None where that is
        not looked for. columns: of the shard's quotation index, where what is found may be looked
        for there; of one shard always the same.
        ranked: whether the best match is asked for, and not only the newest.
        """
        schema = self._index.schema
        known: tuple[tantivy.DocAddress, ...] = ()
        every = None
        said = self._said if self._rows.in_order else None
        if said is not None and columns is not None and (isinstance(query, Phrase) or not ranked):
            rows = self._words_of(columns).find(query)
            every = None if rows is None else said.tally(said.live(rows, dead))
            if every is not None and not ranked:
                return Prepared((), (), every)
        if crossing is not None and isinstance(query, Phrase) and self._rows.in_order:
            # To ask tantivy for thousands of rows would take longer than all the rest.
            beyond, crossing = crossing(query.forms), None
            with self._damage:
                known = self._live(beyond, dead)
        parts = compiled(query, Context(schema, self._searcher, crossing or _nowhere))
        if dead:
            gone = tantivy.Query.term_set_query(schema, "layer_id", sorted(dead))
            parts = [
                tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, part), (tantivy.Occur.MustNot, gone)]
                )
                for part in parts
            ]
        if ranked or said is None or known:
            return Prepared(tuple(parts), known, every)
        with self._damage:
            total, newest = self._newest(parts, _FEW)
        if total > len(newest):
            return Prepared(tuple(parts), newest=(total, tuple(newest)))
        rows = _ROWS_END - 1 - np.array([key for key, _ in newest], np.int64) % _ROWS_END
        return Prepared((), (), said.tally(np.sort(rows)))

    def _newest(
        self, parts: Sequence[tantivy.Query], limit: int
    ) -> tuple[int, list[tuple[int, tantivy.DocAddress]]]:
        """How many sentences the parts find, and the newest of them, greatest `newest` first."""
        total = 0
        found: list[tuple[int, tantivy.DocAddress]] = []
        for part in parts:
            some = self._searcher.search(
                part, limit, order_by_field="newest", order=tantivy.Order.Desc
            )
            total += int(some.count)  # type: ignore[attr-defined]
            found.extend(some.hits)
        if len(parts) > 1:
            found.sort(key=_KEY, reverse=True)
        return total, found if total <= limit else found[:limit]

    def _words_of(self, columns: Columns) -> WordRows:
        if self._words is None:
            self._words = WordRows(columns)
        return self._words

    def _live(self, rows: Sequence[int], dead: Collection[int]) -> tuple[tantivy.DocAddress, ...]:
        """The documents of these rows, without those of layers that do not count."""
        found = self._rows.addresses(rows) if len(rows) else []
        if not dead or not found:
            return tuple(found)
        gone = frozenset(dead)
        layers = (self._layers[place][0] for place in self._rows.column("place", found))
        return tuple(one for one, layer in zip(found, layers, strict=True) if layer not in gone)

    def count(self, prepared: Prepared, by: str | None) -> Counts:
        """Count what a query finds, by every facet, and by day, week, month or year."""
        if prepared.every is not None and self._said is not None:
            with self._damage:
                return self._counts(self._said.counts(prepared.every, by), by)
        names = ("speaker", "source", by) if by else ("speaker", "source")
        asked = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        # Plain dictionaries: a common word is said on thousands of days.
        counted: dict[str, dict[int, int]] = {name: {} for name in names}
        for part in prepared.parts:
            with self._damage:
                said = self._searcher.aggregate(part, asked)
            for name, counts in counted.items():
                if said[name]["sum_other_doc_count"]:
                    raise BadInput(
                        f"the hits have more than {MOST_VALUES} speakers or days, too many to "
                        "count one by one; narrow the query by date (after:, before:)"
                    )
                more = {one["key"]: one["doc_count"] for one in said[name]["buckets"]}
                if counts:
                    more = {key: more.get(key, 0) + counts.get(key, 0) for key in more | counts}
                counted[name] = more
        if prepared.known:
            for name, counts in counted.items():
                with self._damage:
                    column = self._rows.column(name, prepared.known)
                for number in column:
                    counts[number] = counts.get(number, 0) + 1
        with self._damage:
            return self._counts(counted, by)

    def _counts(self, counted: Mapping[str, dict[int, int]], by: str | None) -> Counts:
        """What is counted by number, by name."""
        facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        speakers = self._speakers
        facets["speaker"] = {speakers[one]: count for one, count in counted["speaker"].items()}
        others = [facets[name] for name in FACETS[1:]]
        for number, count in counted["source"].items():
            for values, value in zip(others, self._values[number], strict=True):
                values[value] = values.get(value, 0) + count
        periods = counted[by] if by else {}
        periods.pop(0, None)
        return Counts(sum(counted["source"].values()), facets, periods)

    def best(
        self, prepared: Prepared, limit: int, *, newest_first: bool
    ) -> tuple[list[ShardHit], int]:
        """The first hits, newest first or by BM25, and how many there are."""
        if newest_first and prepared.every is not None and self._said is not None:
            first = self._said.newest(prepared.every, limit)
            rows = [row for _, row in first]
            with self._damage:
                hits = self._hits(None, rows)
            pairs = zip(first, hits, strict=True)
            return [ShardHit(when, hit) for (when, _), hit in pairs], len(prepared.every.rows)
        total = len(prepared.known)
        found: list[tuple[float, tantivy.DocAddress]] = []
        with self._damage:
            if prepared.known:
                orders: Sequence[float] = [1.0] * len(prepared.known)
                if newest_first:
                    orders = self._rows.column("newest", prepared.known)
                found.extend(zip(orders, prepared.known, strict=True))
            if newest_first and prepared.newest is not None and limit <= _FEW:
                total, newest = prepared.newest
                found.extend(newest[:limit])
            elif newest_first:
                more, some_found = self._newest(prepared.parts, limit)
                total += more
                found.extend(some_found)
            else:
                for part in prepared.parts:
                    some = self._searcher.search(part, limit)
                    total += int(some.count)  # type: ignore[attr-defined]
                    found.extend(some.hits)
            if len(prepared.parts) > 1 or prepared.known:
                found = sorted(found, key=lambda one: -one[0])[:limit]
            addresses = [address for _, address in found]
            if newest_first:
                rows = [_ROWS_END - 1 - int(key) % _ROWS_END for key, _ in found]
                hits = self._hits(addresses, rows)
            else:
                hits = self._hits(addresses)
        if newest_first:
            ordered = [
                ShardHit(int(key) // _ROWS_END, hit)
                for (key, _), hit in zip(found, hits, strict=True)
            ]
        else:
            ordered = [
                ShardHit(score, replace(hit, score=float(score)))
                for (score, _), hit in zip(found, hits, strict=True)
            ]
        return ordered, total

    def hits_of(self, rows: Sequence[int]) -> list[Hit]:
        """The sentences in these rows, scores 0."""
        with self._damage:
            return self._hits(None, rows)

    def _hits(
        self, addresses: list[tantivy.DocAddress] | None, rows: Sequence[int] | None = None
    ) -> list[Hit]:
        """What stands there; scores 0. rows: of the same sentences, where they are known; one of
        the two is given."""
        if not (addresses or rows):
            return []
        said = self._said if self._rows.in_order else None
        # Each column asked of tantivy costs as much as asking for a rare word.
        if rows is None and said is not None and addresses:
            rows = self._rows.column("row", addresses)
        ids = None if said is None or rows is None else said.ids(rows)
        if said is None or rows is None or ids is None:
            places = self._rows.addresses(rows or []) if addresses is None else addresses
            columns = [self._rows.column(name, places) for name in _OF_HIT]
        else:
            columns = [*ids, *said.of(rows)]
        return [self._hit(*values) for values in zip(*columns, strict=True)]

    def _hit(self, turn: int, sentence: int, speaker: int, place: int) -> Hit:
        layer, recording, aired, source = self._layers[place]
        channel, language, kind = self._sources[source]
        return Hit(
            recording, layer, turn, sentence, kind, language, channel,
            self._speakers[speaker], aired, 0.0,
        )  # fmt: skip


def _read_facts(path: Path) -> dict[str, Any]:
    """What `_Facts` wrote. Raises `ValueError` where the file is not whole."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {name: said[name] for name in ("speakers", "sources", "layers")} | {
            name: said[name] for name in ("firsts", "leasts") if name in said
        }
    except (OSError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


class _Damage:
    """Around a call of tantivy: what it raises or panics with over damaged files is `Corrupt`."""

    def __init__(self, folder: Path | None) -> None:
        """folder: named in the error; None while it is opened, where the caller names it."""
        self._folder = folder

    def __enter__(self) -> None:
        """Nothing is held."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or isinstance(error, OffairError):
            return
        # The class of a panic cannot be imported; its module tells it.
        # A column that lacks a number gives None, and one with a wrong number names no speaker.
        if (
            issubclass(kind, ValueError | LookupError | TypeError)
            or kind.__module__ == "pyo3_runtime"
        ):
            if self._folder is None:
                raise Corrupt(f"its full text cannot be read ({error})") from error
            raise Corrupt(
                f"the full text {self._folder} is damaged ({error}); `offair reindex --verify` "
                "finds what is damaged and makes it anew"
            ) from error


def _nowhere(_: Sequence[str]) -> Sequence[int]:
    return ()
