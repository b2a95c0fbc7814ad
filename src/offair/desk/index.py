"""Bring the index up to what the catalogue holds: new text, standing queries, mending, merging.

The change table says what is new; the text itself is read as it stands now, so that doing a change
twice, or one that a later one overtook, changes nothing. What standing queries find is in the
catalogue before the index says that it holds the text, so that a kill loses no match.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from offair.desk import Desk
from offair.desk.evidence import layers_to_search
from offair.desk.feed import indexed_layer
from offair.desk.standing_matches import StandingMatches
from offair.model.errors import Conflict, Corrupt, OffairError, Unavailable
from offair.model.recording import Recording
from offair.model.transcript import Layer
from offair.search import UNDATED, IndexedLayer, IndexWriter
from offair.store import Transaction

LITTLE_BEHIND = 5_000
"""So many changes are taken in by the command that wants to search; more are only told."""
CATCH_UP_S = 30.0
"""How long such a command takes in changes before it goes on with what there is."""

_CHANGES = 500
_PAGE = 50
_IDS = 1_000
_TOLD_S = 10.0
_LOOK_S = 0.2
_AT_ONCE_WORDS = 200_000
"""Shards of so many words are merged between two looks at the change table."""
_WAIT_S = 10.0
"""How long somebody who asks for it waits until another process has written."""


class _EndedError(OffairError):
    """The caller wants no more; never seen outside."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What was done. applied: the change at which the index stands; behind: changes after it.

    layers: taken in, one that was merged or made anew not counted; matches: new ones of standing
    queries; merged: shards that became fewer or smaller; rebuilt: sentences about shards that were
    damaged and have been made anew; unread: sentences about layers that cannot be read.
    """

    applied: int
    behind: int
    layers: int
    matches: int
    merged: int
    rebuilt: tuple[str, ...]
    unread: tuple[str, ...]


def _never() -> bool:
    return False


def index(
    desk: Desk,
    *,
    limit_s: float | None = None,
    notice: Callable[[str], None],
    stop: Callable[[], bool] = _never,
    standing: StandingMatches | None = None,
) -> Indexed:
    """Take in what is new, make damaged shards anew, merge what is worth it.

    limit_s: begin nothing more after so many seconds, and merge only what is quick. notice: is
    told, in a sentence, what takes long, and what was damaged. stop: asked often; True ends it.
    standing: kept from one call to the next by who calls often.
    Raises `Conflict` where another process writes the index or another version of the tokeniser
    made it, `Unavailable` where the folder cannot be written.
    """
    with desk.index.writer() as writer:
        work = _Work(desk, writer, notice, stop, limit_s, standing or StandingMatches())
        work.run()
        return work.report()


def reindex(
    desk: Desk, *, notice: Callable[[str], None], stop: Callable[[], bool] = _never
) -> Indexed:
    """Throw the index away and make it anew from the catalogue, by airing date. Killed, it goes on
    where it was when the index is next brought up to date. Raises as `index` does, but for the
    tokeniser's version."""
    with _writing(desk) as writer:
        with desk.catalogue.snapshot() as tx:
            writer.start_over(tx.last_change())
        work = _Work(desk, writer, notice, stop)
        work.run()
        return work.report()


def verify(
    desk: Desk, *, notice: Callable[[str], None], stop: Callable[[], bool] = _never
) -> Indexed:
    """Read every file of the index against its checksum, and make damaged shards anew. Raises as
    `index` does."""
    with _writing(desk) as writer:
        work = _Work(desk, writer, notice, stop)
        work.run(full=True)
        return work.report()


def catch_up(desk: Desk, *, notice: Callable[[str], None]) -> str | None:
    """Before a search: take in what is new, where it is little and nobody else writes.

    Returns None where everything is searched, else a sentence that says what is not. Raises
    `Conflict` where another version of the tokeniser made the index, `Corrupt` where its list of
    shards cannot be read and another process is mending it.
    """
    if not is_behind(desk):
        return None
    why = "run `offair reindex`, or leave `offair serve` or `offair work --watch` running"
    behind = _behind(desk)
    if behind is None or behind <= LITTLE_BEHIND:
        try:
            index(desk, limit_s=CATCH_UP_S, notice=notice)
        except (Conflict, Unavailable) as error:
            why = str(error)
    said = list(desk.index.open().damaged)
    behind = _behind(desk)
    if behind:
        said.insert(
            0,
            f"the index is {behind} change(s) behind the catalogue, and what they brought is not "
            f"searched: {why}",
        )
    return ". ".join(said) or None


def is_behind(desk: Desk) -> bool:
    """Whether there is something to do for the index; cheap.

    Raises `Conflict` where another version of the tokeniser made it.
    """
    return _behind(desk) != 0 or bool(desk.index.open().damaged)


def _behind(desk: Desk) -> int | None:
    """Changes of the catalogue that the index does not hold, below 0 where it is newer than the
    catalogue; None where it cannot be read."""
    with desk.catalogue.snapshot() as tx:
        newest = tx.last_change()
    try:
        return newest - desk.index.open().applied
    except Corrupt:
        return None


def _now_utc() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@contextmanager
def _writing(desk: Desk) -> Iterator[IndexWriter]:
    """The writer, for somebody who asked for it: a desk that runs lets go of it soon."""
    end = time.monotonic() + _WAIT_S
    with ExitStack() as stack:
        while True:
            try:
                writer = stack.enter_context(desk.index.writer())
                break
            except Conflict:
                if time.monotonic() > end:
                    raise
                time.sleep(_LOOK_S)
        yield writer


@dataclass(slots=True)
class _Work:
    """One call of a verb of this module."""

    desk: Desk
    writer: IndexWriter
    notice: Callable[[str], None]
    stop: Callable[[], bool]
    limit_s: float | None = None
    standing: StandingMatches = field(default_factory=StandingMatches)
    layers: int = 0
    matches: int = 0
    merged: int = 0
    rebuilt: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def report(self) -> Indexed:
        """What was done."""
        with self.desk.catalogue.snapshot() as tx:
            behind = max(0, tx.last_change() - self.writer.applied)
        return Indexed(
            applied=self.writer.applied, behind=behind, layers=self.layers, matches=self.matches,
            merged=self.merged, rebuilt=tuple(self.rebuilt), unread=tuple(self.unread),
        )  # fmt: skip

    def run(self, *, full: bool = False) -> None:
        """Mend, take in, merge. full: read every file against its checksum before."""
        try:
            self._mend(full=full)
            self._refuse_future()
            self._build()
            while self._more() and self._take_in():
                continue
            while self._more() and self._merge():
                continue
        except _EndedError:
            return

    def _more(self) -> bool:
        over = self.limit_s is not None and time.monotonic() - self.begun > self.limit_s
        return not over and not self.stop()

    def _mend(self, *, full: bool) -> None:
        """Make damaged shards anew, or all of them where nobody knows what was in one."""
        try:
            bad = self.writer.verify() if full else self.writer.damaged
            # What has every byte may still not open: another version of a library.
            for name, trouble in {**self.desk.index.open().troubles, **bad}.items():
                self.writer.replace([name], self._again(self.writer.layers_of([name])))
                self._mended(
                    f"shard {name} of the index was damaged ({trouble}) and has been made anew "
                    "from the catalogue"
                )
        except Corrupt as error:
            self._mended(f"the index is damaged and is made anew from the catalogue: {error}")
            with self.desk.catalogue.snapshot() as tx:
                self.writer.start_over(tx.last_change())

    def _refuse_future(self) -> None:
        """Start over where the catalogue is older than the index: it was restored."""
        with self.desk.catalogue.snapshot() as tx:
            newest = tx.last_change()
        if self.writer.applied > newest:
            self._mended(
                f"the index stands at change {self.writer.applied} and the catalogue at {newest}: "
                "it is another, or was restored, and the index is made anew from it"
            )
            self.writer.start_over(newest or None)

    def _mended(self, sentence: str) -> None:
        self.rebuilt.append(sentence)
        self.notice(sentence)

    def _build(self) -> None:
        """Make the index from nothing, by airing date, or go on where that was broken off."""
        since = self.writer.building
        if since is None:
            if self.writer.made:
                return
            with self.desk.catalogue.snapshot() as tx:
                since = tx.last_change()
            # A desk without text gets an empty index, so that all that comes is news.
            self.writer.start_over(since or None)
        if since:
            recordings = self._by_airing()
            self.writer.apply(self._all_of(recordings), (), since)

    def _by_airing(self) -> list[int]:
        """Every recording that has a layer, by airing date, undated last."""
        aired: dict[int, tuple[bool, str]] = {}
        with self.desk.catalogue.snapshot() as tx:
            page = tx.layers_known(0, _IDS)
            while page:
                of = {one.recording_id for one in tx.layers_by_id(page).values()}
                for key, one in tx.recordings_by_id(sorted(of - aired.keys())).items():
                    value = one.aired.value if one.aired else UNDATED
                    aired[key] = (value == UNDATED, value)
                page = tx.layers_known(page[-1], _IDS)
        return sorted(aired, key=lambda one: (aired[one], one))

    def _all_of(self, recordings: Sequence[int]) -> Iterator[IndexedLayer]:
        """The layers to search of these recordings, less those that are in the index already."""
        for first in range(0, len(recordings), _PAGE):
            with self.desk.catalogue.snapshot() as tx:
                page = tx.recordings_by_id(recordings[first : first + _PAGE])
                ordered = [page[one] for one in recordings[first : first + _PAGE] if one in page]
                chosen = [(one, layers_to_search(tx, one.id)) for one in ordered]
                there = self.writer.live([one.id for _, layers in chosen for one in layers])
                wanted = [
                    (layer, recording)
                    for recording, layers in chosen
                    for layer in layers
                    if layer.id not in there
                ]
                yield from self._read(tx, wanted, news=True, since_watched=True)
            self._tell(first + len(ordered), len(recordings), "recordings")

    def _again(self, layer_ids: Sequence[int]) -> Iterator[IndexedLayer]:
        """These layers as they are now, where they are still to be searched."""
        for first in range(0, len(layer_ids), _PAGE):
            with self.desk.catalogue.snapshot() as tx:
                layers = tx.layers_by_id(layer_ids[first : first + _PAGE])
                recordings = tx.recordings_by_id(
                    sorted({one.recording_id for one in layers.values()})
                )
                searched = {one.id for key in recordings for one in layers_to_search(tx, key)}
                wanted = [
                    (layers[one], recordings[layers[one].recording_id])
                    for one in layer_ids[first : first + _PAGE]
                    if one in layers and one in searched
                ]
                yield from self._read(tx, wanted, news=False)

    def _take_in(self) -> bool:
        """Take in the next changes; whether there were any."""
        with self.desk.catalogue.snapshot() as tx:
            changes = tx.changes(self.writer.applied, _CHANGES)
            if not changes:
                return False
            touched = {subject for _, kind, subject in changes if kind == "layer"}
            layers = tx.layers_by_id(sorted(touched))
            recordings = tx.recordings_by_id(sorted({one.recording_id for one in layers.values()}))
            gone = touched - layers.keys()
            wanted: list[tuple[Layer, Recording]] = []
            for recording in recordings.values():
                searched = layers_to_search(tx, recording.id)
                chosen = {one.id for one in searched}
                gone |= {one.id for one in tx.layers(recording.id)} - chosen
                there = self.writer.live(chosen)
                # Who speaks in a translation is told by its original.
                wanted += [
                    (one, recording)
                    for one in searched
                    if one.id in touched or one.source_layer_id in touched or one.id not in there
                ]
            read = self._read(tx, wanted, news=True)
            self.writer.apply(read, self.writer.live(gone), changes[-1][0])
        self._tell(self.layers, None, "texts")
        return True

    def _read(
        self,
        tx: Transaction,
        wanted: Sequence[tuple[Layer, Recording]],
        *,
        news: bool,
        since_watched: bool = False,
    ) -> Iterator[IndexedLayer]:
        """These layers as the index takes them in. news: not in it before, so that the standing
        queries look at them; since_watched: those alone that are older than the recording."""
        change = tx.last_change()
        for layer, recording in wanted:
            if self.stop():
                raise _EndedError
            try:
                made = indexed_layer(tx, layer, recording, change)
            except Corrupt as error:
                self.unread.append(
                    f"layer {layer.id} of recording {recording.id} cannot be read and is not "
                    f"searched: {error}"
                )
                self.notice(self.unread[-1])
                continue
            if news:
                self.layers += 1
                self._match(tx, made, recording if since_watched else None)
            yield made

    def _match(self, tx: Transaction, layer: IndexedLayer, recording: Recording | None) -> None:
        """Keep what the standing queries find in a layer; with a recording, of those alone that
        were there before it."""
        watches = tx.watches()
        if recording is not None:
            watches = [one for one in watches if one.made_utc <= recording.added_utc]
        asking = {one.id for one in watches}
        if not asking:
            return
        found = self.standing.find(tx, [layer], found_utc=_now_utc())
        found = tuple(one for one in found if one.watch_id in asking)
        if found:
            with self.desk.catalogue.transaction() as write:
                self.matches += write.add_matches(found)

    def _merge(self) -> bool:
        """Put one shard in place of several; whether there was something to merge."""
        found = [
            (group, words)
            for group in self.writer.mergeable()
            if (words := self.writer.words_of(group)) <= _AT_ONCE_WORDS or self.limit_s is None
        ]
        if not found:
            return False
        group, words = found[0]
        if words <= _AT_ONCE_WORDS:
            self._join(group)
        else:
            self._join_beside(group)
        return True

    def _join(self, group: Collection[str]) -> None:
        try:
            self.writer.replace(group, self._again(self.writer.layers_of(group)))
            self.merged += len(group)
        except Conflict:
            return  # all that lived in one of them was replaced meanwhile

    def _join_beside(self, group: Collection[str]) -> None:
        """Merge in a thread of its own, and go on taking in what is new."""
        trouble: list[BaseException] = []

        def join() -> None:
            try:
                self._join(group)
            except BaseException as error:  # noqa: BLE001 - raised again in the calling thread
                trouble.append(error)

        thread = threading.Thread(target=join, name="merge shards")
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_LOOK_S)
                if not self.stop():
                    self._take_in()
        finally:
            thread.join()
        if trouble:
            raise trouble[0]

    def _tell(self, done: int, of: int | None, what: str) -> None:
        if time.monotonic() - self.told < _TOLD_S:
            return
        self.told = time.monotonic()
        far = f"{done:,}" if of is None else f"{done:,} of {of:,}"
        self.notice(f"the index is brought up to date: {far} {what}")
