"""Words as numbers: the tokeniser's normal forms as ids, millions of words a second.

The forms are those of `text.tokenise.tokens`, exactly, fillers left out. Texts are cut into runs
(`text.cuts`), a compiled loop (`kernels.words`) looks each run up, and only runs never seen before
go through the tokeniser itself.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offair.kernels.words import LONGEST_KEPT, NOT_KEPT, find_runs, place_runs, spread
from offair.text.cuts import character_classes
from offair.text.tokenise import TokenKind, reading, tokens

_BATCH_CHARS = 1 << 20
_RUNS_A_STEP = 1 << 17
_RUNS_KEPT = 1 << 20
_FIRST_RUNS = 1 << 12

_Ids = npt.NDArray[np.uint32]
_Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TokenIds:
    """The words of several texts in a row.

    ids: of `WordTable.forms`. starts: where each text begins in `ids`, one more at the end; those
    of text k are ids[starts[k]:starts[k + 1]].
    """

    ids: _Ids
    starts: _Ints


def form_hash(form: str) -> int:
    """64 bits that stand for a normal form, the same for ever and on every machine (BLAKE2b)."""
    digest = hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


class WordTable:
    """A vocabulary that grows as texts are read: every normal form has one id, from 0.

    The forms stay as long as the table; what raw runs of characters were last read as is kept up
    to a limit, so that no text makes the table grow beyond its vocabulary. Safe in threads.
    """

    def __init__(self, *, runs_kept: int = _RUNS_KEPT) -> None:
        """runs_kept: raw runs kept for each way of reading; above it they are forgotten."""
        self._forms: list[str] = []
        self._ids: dict[str, int] = {}
        self._hashes = np.zeros(0, np.uint64)
        self._runs: dict[tuple[object, ...], _Runs] = {}
        self._runs_kept = runs_kept
        self._lock = threading.Lock()

    @property
    def forms(self) -> Sequence[str]:
        """The normal forms by id; grows as texts are read."""
        return self._forms

    def hashes(self) -> npt.NDArray[np.uint64]:
        """`form_hash` of every form so far, by id; read-only."""
        with self._lock:
            fresh = self._forms[len(self._hashes) :]
            if fresh:
                more = np.fromiter(map(form_hash, fresh), np.uint64, len(fresh))
                self._hashes = np.concatenate([self._hashes, more])
                self._hashes.setflags(write=False)
            return self._hashes

    def id_of(self, form: str) -> int:
        """The id of a normal form; it enters the vocabulary where it is new."""
        with self._lock:
            return self._id(form)

    def known(self, form: str) -> int | None:
        """The id of a normal form, or None where no text read so far has it."""
        return self._ids.get(form)

    def tokenise(self, texts: Sequence[str], language: str | None = None) -> TokenIds:
        """The words of each text. Takes any string, never raises.

        The texts are read one by one: no token goes from one into the next.
        """
        with self._lock:
            key = reading(language)
            runs = self._runs.get(key)
            if runs is None:
                runs = self._runs[key] = _Runs(self._runs_kept)
            starts = np.zeros(len(texts) + 1, np.int64)
            found: list[_Ids] = []
            read = 0
            for first, last in _batches(texts):
                chars = _code_points("\n".join(texts[first:last]))
                lengths = np.fromiter(map(len, texts[first:last]), np.int64, last - first)
                ends = np.cumsum(lengths + 1) - 1
                done = at = 0
                while at < len(chars):
                    at, run_starts, counts, ids = self._step(runs, chars, at, language)
                    upto = int(np.searchsorted(ends, at, side="right"))
                    sums = np.concatenate([[0], np.cumsum(counts)])
                    within = np.searchsorted(run_starts, ends[done:upto])
                    starts[first + done + 1 : first + upto + 1] = read + sums[within]
                    read, done = read + len(ids), upto
                    found.append(ids)
                starts[first + done + 1 : last + 1] = read
            return TokenIds(np.concatenate([np.zeros(0, np.uint32), *found]), starts)

    def _step(
        self, runs: _Runs, chars: npt.NDArray[np.uint32], at: int, language: str | None
    ) -> tuple[int, _Ints, _Ints, _Ids]:
        """Read on until the runs of one step are found: (where it stopped, where its runs start,
        how many words each has, their ids)."""
        before = runs.prepare()
        at, count = runs.find(chars, at)
        for raw in runs.raw_from(before):
            runs.add(self._words(raw, language))
        entries = runs.entries[:count]
        missing = np.flatnonzero(entries == NOT_KEPT)
        seen: dict[str, int] = {}
        for run in missing.tolist():
            raw = _text(chars[runs.starts[run] : runs.ends[run]])
            entry = seen.get(raw)
            if entry is None:
                entry = seen[raw] = runs.add(self._words(raw, language))
            entries[run] = entry
        counts = np.diff(runs.id_starts)[entries]
        ids = np.empty(int(counts.sum()), np.uint32)
        spread(entries, runs.id_starts, runs.ids, ids)
        starts = runs.starts[:count].copy()
        runs.drop_not_kept()
        return at, starts, counts, ids

    def _words(self, raw: str, language: str | None) -> list[int]:
        found = tokens(raw, language)
        return [self._id(one.form) for one in found if one.kind is not TokenKind.FILLER]

    def _id(self, form: str) -> int:
        known = self._ids.get(form)
        if known is None:
            known = self._ids[form] = len(self._forms)
            self._forms.append(form)
        return known


class _Runs:
    """Raw runs of characters and the ids they were read as, for one way of reading."""

    def __init__(self, kept_max: int) -> None:
        self._kept_max = kept_max
        self.starts = np.empty(_RUNS_A_STEP, np.int64)
        self.ends = np.empty(_RUNS_A_STEP, np.int64)
        self.entries = np.empty(_RUNS_A_STEP, np.int32)
        self._forget()

    def _forget(self) -> None:
        room = min(_FIRST_RUNS, self._kept_max)
        self._seed = secrets.randbits(64)
        self._make_slots(room)
        self._raw = np.empty(16 * room, np.uint32)
        self._raw_starts = np.zeros(room + 1, np.int64)
        self._kept = 0
        self._id_starts = np.zeros(2 * room + 1, np.int64)
        self._id_room = np.empty(2 * room, np.uint32)
        self._entries = 0

    def _make_slots(self, room: int) -> None:
        size = 1 << max(4, (2 * room).bit_length())
        self._slots = np.full(size, NOT_KEPT, np.int32)
        self._slot_hashes = np.zeros(size, np.uint64)

    @property
    def id_starts(self) -> _Ints:
        """Where the ids of each entry begin, one more at the end."""
        return self._id_starts[: self._entries + 1]

    @property
    def ids(self) -> _Ids:
        """The ids of all entries."""
        return self._id_room

    def prepare(self) -> int:
        """Make ready for a step, forgetting the runs of a full table; how many are kept."""
        used, largest = self._raw_starts[self._kept], len(self._raw_starts) > self._kept_max
        full = self._kept >= self._kept_max or (largest and used + LONGEST_KEPT > len(self._raw))
        if full or self._entries != self._kept:  # the latter: a step was broken off
            self._forget()
        return self._kept

    def find(self, chars: npt.NDArray[np.uint32], at: int) -> tuple[int, int]:
        """Look runs up from `at` on: (where it stopped, how many)."""
        count = 0
        while True:
            at, more, self._kept = find_runs(
                chars, at, character_classes(), self._seed, self._slots, self._slot_hashes,
                self._raw, self._raw_starts, self._kept, len(self._raw_starts) <= self._kept_max,
                self.starts[count:], self.ends[count:], self.entries[count:],
            )  # fmt: skip
            count += more
            if at == len(chars) or count == len(self.starts):
                return at, count
            self._grow()

    def _grow(self) -> None:
        room = min(2 * (len(self._raw_starts) - 1), self._kept_max)
        starts = np.zeros(room + 1, np.int64)
        starts[: self._kept + 1] = self._raw_starts[: self._kept + 1]
        used = int(starts[self._kept])
        raw = np.empty(max(16 * room, 2 * used), np.uint32)
        raw[:used] = self._raw[:used]
        old, hashes = self._slots, self._slot_hashes
        taken = np.flatnonzero(old != NOT_KEPT)
        self._raw, self._raw_starts = raw, starts
        self._make_slots(room)
        place_runs(self._slots, self._slot_hashes, old[taken], hashes[taken])

    def raw_from(self, first: int) -> Iterator[str]:
        """The characters of the entries from `first` on."""
        offsets = (self._raw_starts[first : self._kept + 1] - self._raw_starts[first]).tolist()
        text = _text(self._raw[self._raw_starts[first] : self._raw_starts[self._kept]])
        for start, end in itertools.pairwise(offsets):
            yield text[start:end]

    def add(self, ids: list[int]) -> int:
        """Say what the next entry is read as; its number."""
        entry = self._entries
        start = int(self._id_starts[entry])
        end = start + len(ids)
        if entry + 2 > len(self._id_starts):
            self._id_starts = np.concatenate([self._id_starts, np.zeros_like(self._id_starts)])
        if end > len(self._id_room):
            more = np.empty(len(self._id_room) + len(ids), np.uint32)
            self._id_room = np.concatenate([self._id_room, more])
        self._id_room[start:end] = ids
        self._id_starts[entry + 1] = end
        self._entries = entry + 1
        return entry

    def drop_not_kept(self) -> None:
        """Forget the entries that no slot names."""
        self._entries = self._kept


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Ranges of texts that together have about `_BATCH_CHARS` characters, or one text."""
    first = chars = 0
    for place, text in enumerate(texts):
        if chars and chars + len(text) > _BATCH_CHARS:
            yield first, place
            first, chars = place, 0
        chars += len(text) + 1
    if first < len(texts):
        yield first, len(texts)


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))


def _text(chars: npt.NDArray[np.uint32]) -> str:
    return chars.tobytes().decode("utf-32-le", "surrogatepass")
