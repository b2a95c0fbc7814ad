"""Archives of any number of words for the benchmarks: a real catalogue, or columns in its stead.

First all the real text that lies beside the checkout, once: the White House's speeches and
briefings (read by the project's own reader) and the general debates of the United Nations. The
rest is made by a word model of order 3 (each word after the two before it, as often as in the real
text), of which 3 % stands in stretches repeated with noise: 20 to 60 words said before, 5 % of them
changed and 3 % left out. The seed is fixed; everything is streamed.

Kept in a folder by number of words (by default in the user's cache), so that several benchmarks
share one:

    python benchmarks/archives.py 1000000 --catalogue

`words(N)` gives the columns, `catalogue(N)` a desk's SQLite file, `archive_columns.ColumnCatalogue`
the columns as a catalogue to read from, for 10⁹ words. `archives_words.py` makes layers of word ids
of the same texts by the same model, for benchmarks of the index alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from platformdirs import user_cache_path

from offair.formats import briefing
from offair.model.errors import BadInput
from offair.model.recording import Channel, Held
from offair.model.time import PartialDate
from offair.model.transcript import Attribution, LayerKind, LayerOrigin, Speaker, Turn
from offair.model.words import NO_PROBABILITY, NO_TIME, Words
from offair.store.catalogue import SqlCatalogue

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEED = 20_240_501
VERSION = 1
"""Changes with whatever changes the words."""
REPEATED = 0.03
_BLOCK = 4_000_000
_DOCUMENT_WORDS = 5_000
_TURN_WORDS = (15, 90)
_LONGEST_TURN = 250
_MADE_CHANNELS = 10
_MADE_SPEAKERS = 2_000
_FIRST_DAY = date(2000, 1, 1)
_DAYS = 365 * 24
_END = ".?!…"

_Words = NDArray[np.uint32]
_Places = NDArray[np.int64]


@dataclass(frozen=True)
class Archive:
    """Words and who said them where and when, as mapped columns.

    forms: words as printed, with their punctuation, by id. words: uint32 ids. turns: int64, where
    each turn begins in `words`, one more at the end. documents: int64, the first turn of each, one
    more at the end. speakers: int32 per turn, in `names`. aired: a date for each document, as far
    as it is known. channels: uint8 per document, in `channel_names`. real: words of real text,
    which come first.
    """

    folder: Path
    forms: list[str]
    names: list[str]
    channel_names: list[str]
    words: _Words
    turns: _Places
    documents: _Places
    speakers: NDArray[np.int32]
    aired: NDArray[np.bytes_]
    channels: NDArray[np.uint8]
    real: int

    @property
    def real_share(self) -> float:
        """Share of the words that is real text."""
        return self.real / len(self.words)

    def ends(self) -> NDArray[np.bool_]:
        """For each form, whether it ends a sentence."""
        return np.array(
            [form.rstrip("\"'”’)]»")[-1:] in _END and form != "" for form in self.forms]
        )


def cache() -> Path:
    """Where archives are kept."""
    return user_cache_path("offair") / "benchmarks" / f"archives-{VERSION}"


def words(count: int, base: Path | None = None) -> Archive:
    """An archive of so many words, made where it is not there yet: the last document is cut.

    base: the folder where archives are kept, by default `cache`.
    """
    folder = (base or cache()) / f"words-{count}"
    if not (folder / "facts.json").exists():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _make(count, unfinished)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    return _open(folder)


def _open(folder: Path) -> Archive:
    facts = json.loads((folder / "facts.json").read_text("utf-8"))

    def column(name: str, kind: str) -> Any:
        return np.memmap(folder / name, dtype=kind, mode="r")

    return Archive(
        folder=folder,
        forms=(folder / "forms").read_text("utf-8").split("\n"),
        names=facts["names"],
        channel_names=facts["channels"],
        words=column("words", "<u4"),
        turns=column("turns", "<i8"),
        documents=column("documents", "<i8"),
        speakers=column("speakers", "<i4"),
        aired=column("aired", "S10"),
        channels=column("document_channels", "u1"),
        real=facts["real"],
    )


@dataclass(frozen=True)
class Document:
    """A real document. aired: a date as far as it is known. turns: (speaker, text)."""

    channel: str
    aired: str
    turns: list[tuple[str, str]]


def real_documents() -> Iterator[Document]:
    """All the real text there is, in an order of no meaning but always the same.

    Ends the program where there is none.
    """
    found = [
        *sorted((SHARED / "quotes/white-house/archive").rglob("*.md")),
        *sorted((SHARED / "bulk/un-general-debate").rglob("*_*_*.txt")),
    ]
    if not found:
        raise SystemExit(
            f"there is no real text in {SHARED}; benchmarks need it beside the checkout"
        )
    for place in np.random.default_rng(SEED).permutation(len(found)).tolist():
        path = found[place]
        data = path.read_bytes()
        if path.suffix == ".md":
            try:
                read = briefing.read(data, source=path.name)
            except BadInput:
                continue
            turns = [(one.name or one.label or "Q", one.text) for one in read.turns]
            aired = read.date.value[:10] if read.date else ""
            yield Document("The White House", aired, turns)
        else:
            country, _, year = path.stem.split("_")
            text = data.decode("utf-8-sig", "replace")
            speaker = f"Delegate of {country}"
            paragraphs = [row for one in text.split("\n\n") for row in _short(one.split())]
            yield Document("United Nations", year, [(speaker, one) for one in paragraphs])


def _short(said: list[str]) -> Iterator[str]:
    """A paragraph in pieces of 90 words and what is left of the sentence."""
    first = 0
    for place, word in enumerate(said, 1):
        if place - first >= _TURN_WORDS[1] and word[-1] in _END:
            yield " ".join(said[first:place])
            first = place
    if first < len(said):
        yield " ".join(said[first:])


class _Columns:
    """Columns of an archive on their way to disk."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.left = count
        self.written = 0
        self.turns: list[NDArray[np.int64]] = []
        self.documents: list[int] = []
        self.speakers: list[NDArray[np.int32]] = []
        self.aired: list[bytes] = []
        self.channels: list[int] = []
        self.turn_count = 0
        self._file = (folder / "words").open("wb")

    def add(
        self, ids: _Words, starts: _Places, speakers: NDArray[np.int32], aired: str, channel: int
    ) -> None:
        """A document: its words, where its turns begin in them, who speaks."""
        ids = ids[: self.left]
        kept = starts < len(ids)
        starts, speakers = starts[kept], speakers[kept]
        if not len(starts):
            return
        self._file.write(ids.astype("<u4").tobytes())
        self.documents.append(self.turn_count)
        self.turns.append(starts + self.written)
        self.speakers.append(speakers)
        self.aired.append(aired.encode())
        self.channels.append(channel)
        self.turn_count += len(starts)
        self.written += len(ids)
        self.left -= len(ids)

    def close(self, facts: dict[str, object], forms: list[str]) -> None:
        """Write the rest."""
        self._file.close()
        end = np.array([self.written], np.int64)
        np.concatenate([*self.turns, end]).astype("<i8").tofile(self.folder / "turns")
        np.array([*self.documents, self.turn_count], "<i8").tofile(self.folder / "documents")
        np.concatenate(self.speakers).astype("<i4").tofile(self.folder / "speakers")
        np.array(self.aired, "S10").tofile(self.folder / "aired")
        np.array(self.channels, "u1").tofile(self.folder / "document_channels")
        (self.folder / "forms").write_text("\n".join(forms), "utf-8")
        (self.folder / "facts.json").write_text(json.dumps(facts), "utf-8")


def _make(count: int, folder: Path) -> None:
    columns = _Columns(folder, count)
    ids: dict[str, int] = {}
    names: dict[str, int] = {}
    channels: dict[str, int] = {}
    real: list[_Words] = []
    for document in real_documents():
        rows, starts, speakers, at = [], [], [], 0
        for speaker, text in document.turns:
            row = [ids.setdefault(form, len(ids)) for form in text.split()]
            if row:
                rows.append(np.array(row, np.uint32))
                starts.append(at)
                speakers.append(names.setdefault(speaker, len(names)))
                at += len(row)
        if not rows:
            continue
        joined = np.concatenate(rows)
        channel = channels.setdefault(document.channel, len(channels))
        columns.add(
            joined,
            np.array(starts, np.int64),
            np.array(speakers, np.int32),
            document.aired,
            channel,
        )
        real.append(joined)
        if columns.left == 0:
            break
    said = columns.written
    forms = list(ids)
    if columns.left:
        first_channel, first_name = len(channels), len(names)
        channels |= {
            f"Channel {place + 1}": first_channel + place for place in range(_MADE_CHANNELS)
        }
        names |= {f"Speaker {place + 1}": first_name + place for place in range(_MADE_SPEAKERS)}
        _add_made(columns, np.concatenate(real), forms, first_channel, first_name)
    columns.close({"real": said, "names": list(names), "channels": list(channels)}, forms)


def _add_made(columns: _Columns, real: _Words, forms: list[str], channel: int, name: int) -> None:
    """Fill up with words of the model."""
    order, first, count = pairs(real)
    ends = np.array([form[-1:] in _END for form in forms])
    dice = np.random.default_rng(SEED)
    state = np.array([SEED, 2], np.uint64)
    while columns.left:
        made = np.empty(min(_BLOCK, columns.left + _LONGEST_TURN), np.uint32)
        generate(real, order, first, count, made, state)
        cuts = _cut(made, ends, _TURN_WORDS[0], _TURN_WORDS[1], _LONGEST_TURN, state)
        document_of = cuts // _DOCUMENT_WORDS
        bounds = [0, *(np.flatnonzero(np.diff(document_of)) + 1).tolist(), len(cuts)]
        for low, high in pairwise(bounds):
            begin = int(cuts[low])
            end = int(cuts[high]) if high < len(cuts) else len(made)
            there = dice.integers(name, name + _MADE_SPEAKERS, dice.integers(2, 9))
            day = _FIRST_DAY + timedelta(days=int(dice.integers(_DAYS)))
            columns.add(
                made[begin:end], cuts[low:high] - begin,
                dice.choice(there, high - low).astype(np.int32), day.isoformat(),
                channel + int(dice.integers(_MADE_CHANNELS)),
            )  # fmt: skip
            if not columns.left:
                break


def pairs(real: _Words) -> tuple[_Words, _Words, _Words]:
    """The word model of a text: for each position where its pair of words begins in the order of
    pairs, and how often it stands: (positions by pair, first, count)."""
    keys = (real[:-1].astype(np.uint64) << np.uint64(32)) | real[1:]
    order = np.argsort(keys, kind="stable").astype(np.uint32)
    keys = keys[order]
    change = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sizes = np.diff(np.append(change, len(keys)))
    first = np.empty(len(keys), np.uint32)
    count = np.empty(len(keys), np.uint32)
    first[order] = np.repeat(change, sizes)
    count[order] = np.repeat(sizes, sizes)
    return order, first, count


@njit(cache=True)
def _roll(state, below):  # type: ignore[no-untyped-def]
    """A number from 0, by SplitMix64 (Steele, Lea and Flood, 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = state[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return np.int64((mixed >> np.uint64(11)) % np.uint64(below))


@njit(cache=True)
def generate(real, order, first, count, made, state):  # type: ignore[no-untyped-def]
    """Fill `made`: each word as often after the two before it as in `real`, 3 % repeated.

    order, first, count: as `pairs` gives them. state: two numbers, the dice; left as they lie.
    """
    length = len(real)
    place = _roll(state, length - 2)
    at = 0
    while at < len(made):
        if _roll(state, 100_000) < 77:  # 77 in 100,000 times 40 words are 3 %
            words = 20 + _roll(state, 41)
            own = at > 1_000 and _roll(state, 2) == 0
            source = _roll(state, at - 100) if own else _roll(state, length - 100)
            for step in range(words):
                noise = _roll(state, 100)
                if noise < 3 or at >= len(made):
                    continue
                said = made[source + step] if own else real[source + step]
                made[at] = real[_roll(state, length)] if noise < 8 else said
                at += 1
            place = _roll(state, length - 2)
            continue
        again = order[first[place] + _roll(state, count[place])]
        if again + 2 >= length:
            place = _roll(state, length - 2)
            continue
        made[at] = real[again + 2]
        at += 1
        place = again + 1


@njit(cache=True)
def _cut(made, ends, fewest, most, longest, state):  # type: ignore[no-untyped-def]
    """Where turns begin: at the first end of a sentence after a number of words drawn."""
    cuts = np.empty(len(made) // fewest + 2, np.int64)
    cuts[0] = 0
    found = 1
    wanted = fewest + _roll(state, most - fewest)
    for at in range(len(made) - 1):
        said = at + 1 - cuts[found - 1]
        if (said >= wanted and ends[made[at]]) or said >= longest:
            cuts[found] = at + 1
            found += 1
            wanted = fewest + _roll(state, most - fewest)
    return cuts[:found]


def catalogue(count: int, base: Path | None = None) -> Path:
    """A desk's catalogue of an archive of so many words, made where it is not there yet.

    base: as of `words`.

    Made through the catalogue's own transactions, a hundred documents in each; words have their
    place in the text and no times, as those of imported texts.
    """
    path = (base or cache()) / f"catalogue-{count}.sqlite"
    if path.exists():
        return path
    archive = words(count, base)
    unfinished = path.with_suffix(".unfinished")
    for old in path.parent.glob(f"{unfinished.name}*"):
        old.unlink()
    rows = SqlCatalogue(f"sqlite:///{unfinished}")
    rows.migrate()
    ends = archive.ends()
    speakers = [Speaker(name) for name in archive.names]
    for low in range(0, len(archive.documents) - 1, 100):
        with rows.transaction() as tx:
            channels = [tx.ensure_channel(Channel(name)) for name in archive.channel_names]
            for document in range(low, min(low + 100, len(archive.documents) - 1)):
                aired = archive.aired[document].decode()
                recording = tx.add_recording(
                    channel=channels[archive.channels[document]],
                    aired=PartialDate.parse(aired) if aired else None,
                    title=f"document {document}", held=Held.NEVER_HELD, object=None, media=None,
                    actor="benchmark",
                )  # fmt: skip
                made = [
                    turn_of(archive, turn, ends)
                    for turn in range(archive.documents[document], archive.documents[document + 1])
                ]
                layer = tx.add_layer(
                    recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
                    origin=LayerOrigin.IMPORT, maker="benchmark", run=1,
                    turns=[one for one, _ in made], sentences=[ranges for _, ranges in made],
                )  # fmt: skip
                first = int(archive.documents[document])
                voices = archive.speakers[first : first + len(made)].tolist()
                tx.add_attributions(
                    [
                        Attribution(turn.id, speakers[voice], None, None, None, "benchmark")
                        for turn, voice in zip(tx.turns(layer.id), voices, strict=True)
                    ]
                )
    rows.close()
    unfinished.rename(path)
    return path


def turn_of(
    archive: Archive, turn: int, ends: NDArray[np.bool_]
) -> tuple[Turn, list[tuple[int, int]]]:
    """A turn of an archive (id 0), and the character ranges of its sentences."""
    low, high = int(archive.turns[turn]), int(archive.turns[turn + 1])
    ids = archive.words[low:high]
    forms = [archive.forms[one] for one in ids.tolist()]
    lengths = np.fromiter(map(len, forms), np.int64, len(forms))
    stops = np.cumsum(lengths + 1) - 1
    starts = stops - lengths
    last = ends[ids].copy()
    last[-1] = True
    closes = np.flatnonzero(last)
    opens = np.concatenate([[0], closes[:-1] + 1])
    ranges = list(zip(starts[opens].tolist(), stops[closes].tolist(), strict=True))
    count = len(forms)
    columns = Words(
        array("I", starts.astype(np.uint32).tobytes()),
        array("I", stops.astype(np.uint32).tobytes()),
        array("q", [NO_TIME]) * count, array("q", [NO_TIME]) * count, array("B", bytes(count)),
        array("H", [NO_PROBABILITY]) * count, array("H", bytes(2 * count)),
    )  # fmt: skip
    return Turn(0, 0, " ".join(forms), columns, None), ranges


def main() -> None:
    """Make an archive and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", type=int)
    parser.add_argument("--catalogue", action="store_true", help="the SQLite file too")
    parser.add_argument("--folder", type=Path, help="where it is kept")
    said = parser.parse_args()
    begun = time.perf_counter()
    made = words(said.words, said.folder)
    print(
        f"{len(made.words):,} words, {made.real_share:.1%} real text, "
        f"{len(made.turns) - 1:,} turns, {len(made.documents) - 1:,} documents, "
        f"{len(made.forms):,} forms in {time.perf_counter() - begun:.1f} s: {made.folder}"
    )
    if said.catalogue:
        begun = time.perf_counter()
        path = catalogue(said.words, said.folder)
        size = path.stat().st_size / len(made.words)
        print(f"{size:.1f} bytes a word, in {time.perf_counter() - begun:.1f} s: {path}")


if __name__ == "__main__":
    main()
