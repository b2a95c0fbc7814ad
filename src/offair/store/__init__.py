"""What must not be lost: the catalogue (rows) and the vault (bytes).

The room has two doors, each a Protocol here with one table of implementations:

* `Catalogue`: SQLAlchemy on SQLite (`store/catalogue/`); owns every table, jobs and changes
  included, and the one migration history. Another database is another URL, not another class.
* `Vault`: a folder (`store/folder_vault.py`). To add one: a module beside it with a class that
  fulfils `Vault`, an entry in `VAULTS`, and its line in `tests/contract/test_vault.py`. Third
  parties use the entry-point group `offair.store`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from offair.model.finding import ChannelCoverage
from offair.model.job import JobRows
from offair.model.names import Hearing, Match, Name, NameKind, Watch
from offair.model.record import Clip, RecordNumber
from offair.model.recording import Channel, Gap, Held, MediaFacts, Recording, VaultObject
from offair.model.time import PartialDate, Span
from offair.model.transcript import (
    Attribution,
    Chunk,
    Claim,
    Diarisation,
    Flag,
    Layer,
    LayerKind,
    LayerOrigin,
    Sentence,
    SourceSentence,
    Speaker,
    TranslationClaim,
    Turn,
    Withholding,
)
from offair.model.words import Words
from offair.store.acts import ActRows
from offair.store.appearances import AppearanceRows
from offair.store.channel_terms import ChannelTermsRows
from offair.store.clip_work import ClipWorkRows
from offair.store.people import PeopleRows
from offair.store.publicity import PublicityRows
from offair.store.record_acts import RecordActRows
from offair.store.removals import RemovalRows
from offair.store.revising import RevisingRows
from offair.store.shared_reports import SharedReportRows
from offair.store.style_rules import StyleRuleRows

ENTRY_POINTS = "offair.store"
"""Entry-point group in which other packages publish stores."""

CATALOGUES: dict[str, str] = {"sqlite": "offair.store.catalogue:SqlCatalogue"}
VAULTS: dict[str, str] = {"folder": "offair.store.folder_vault:FolderVault"}


class Deposit(Protocol):
    """Bytes on their way into the vault. Durable, but swept away unless `keep` is called.

    Used as a context manager: leaving it without `keep` removes the bytes if nothing else
    holds them. Left by an error that does not say whether the catalogue has committed
    (`Unavailable`, a signal, anything that is no `OffairError`), the bytes stay for `unkept`
    and `settle`.
    """

    @property
    def object(self) -> VaultObject:
        """Address, size and safe name of the bytes."""
        ...

    def keep(self) -> None:
        """The catalogue has committed a row that refers to these bytes."""
        ...


class Vault(Protocol):
    """Bytes by their SHA-256. Written once, never changed.

    A process killed between the bytes and the catalogue's row leaves a deposit behind;
    `unkept` names it and `settle` ends it, so that no orphan stays.
    """

    def deposit_file(
        self, path: Path, *, link: bool = False, expect_sha256: str | None = None
    ) -> AbstractContextManager[Deposit]:
        """Take in a file, by hard link where `link` is set and the file system allows, else by
        copy. Raises `BadInput` (no such file, not a regular file), `Unavailable` (disk full, no
        right to write; nothing half-written stays), `Conflict` where the bytes do not hash to
        `expect_sha256` (the file changed while it was read)."""
        ...

    def deposit_bytes(self, data: bytes, name: str) -> AbstractContextManager[Deposit]:
        """Take in bytes made by the desk (a cut, a record). Errors as `deposit_file`."""
        ...

    def path(self, sha256: str) -> Path:
        """A local path to read the object from. Raises `NotFound`."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The object's bytes, for reading, seekable. Raises `NotFound`."""
        ...

    def unkept(self) -> Sequence[str]:
        """Hashes of deposits that nobody works on any more, neither kept nor settled."""
        ...

    def settle(self, sha256: str, *, referred: bool) -> None:
        """End an unkept deposit: keep the bytes if the catalogue refers to them, else remove."""
        ...

    def remove(self, sha256: str) -> int:
        """Take an object away for good; how many bytes that freed, 0 where it was not there. Who
        asks has made sure that nothing refers to it any more. Raises `Unavailable`."""
        ...

    def verify(self, sha256: str) -> bool:
        """Read the object again and compare its hash. Raises `NotFound`."""
        ...

    def objects(self) -> Iterator[str]:
        """The hash of every object held, in no order."""
        ...

    def free_bytes(self) -> int:
        """Room left where the vault lies."""
        ...


class Transaction(
    JobRows, ActRows, PeopleRows, ClipWorkRows, RevisingRows, RecordActRows, RemovalRows,
    ChannelTermsRows, StyleRuleRows, SharedReportRows, AppearanceRows, PublicityRows, Protocol,
):  # fmt: skip
    """One open transaction of the catalogue: all of it is committed, or none.

    Lookups raise `NotFound` with a sentence that says what was looked for. Its later parts have
    modules of their own beside this one.
    """

    # Channels and recordings

    def ensure_channel(self, channel: Channel) -> Channel:
        """The channel of that name; made where there is none, empty fields filled."""
        ...

    def change_channel(self, channel: Channel) -> Channel:
        """Write all fields of the channel of that name anew. Raises `NotFound`."""
        ...

    def channels(self) -> Sequence[Channel]:
        """Every channel, by name."""
        ...

    def find_recording(
        self, *, sha256: str, channel_id: int, aired: PartialDate | None
    ) -> Recording | None:
        """The recording with this identity, if the desk has it."""
        ...

    def add_recording(
        self,
        *,
        channel: Channel,
        aired: PartialDate | None,
        title: str,
        held: Held,
        object: VaultObject | None,
        media: MediaFacts | None,
        actor: str,
        gaps: Sequence[Gap] = (),
    ) -> Recording:
        """A new recording with its vault object's row. Raises `Conflict` where it exists."""
        ...

    def recording(self, recording_id: int) -> Recording:
        """One recording."""
        ...

    def recordings(self, *, limit: int = 100, before_id: int | None = None) -> Sequence[Recording]:
        """Newest first."""
        ...

    def recordings_aired(self, first_day: str, last_day: str) -> Sequence[Recording]:
        """Recordings whose airing is known to the day at least and lies in the range (`YYYY-MM-DD`,
        both included), by channel and airing."""
        ...

    def newest_day(self) -> str | None:
        """The newest day on which a recording was aired, None where none is known."""
        ...

    def quarantine_recording(self, recording_id: int, reason: str | None) -> None:
        """Its media is not to be touched again, for this reason; None lifts the quarantine."""
        ...

    def attach_object(self, recording_id: int, role: str, object: VaultObject) -> None:
        """Link further bytes to a recording: `side-car`, `proxy`. Idempotent."""
        ...

    def attached(
        self, recording_id: int, role: str | None = None
    ) -> Sequence[tuple[str, VaultObject]]:
        """(role, object) of what is attached to a recording, oldest first."""
        ...

    def object_referred(self, sha256: str) -> bool:
        """Whether any row refers to these bytes (recording, attachment, record file)."""
        ...

    def object_quarantined(self, sha256: str) -> bool:
        """Whether a recording of these very bytes stands in quarantine."""
        ...

    def object_named(self, sha256: str) -> VaultObject:
        """The vault object's row."""
        ...

    # Claims and runs

    def claim(self, key: str) -> Claim | None:
        """The claim with this key, if it was ever made."""
        ...

    def add_claim(self, claim: Claim) -> None:
        """Keep a claim; the same key twice is one row."""
        ...

    def open_run(
        self, recording_id: int, settings: Mapping[str, str | int | float | bool | None]
    ) -> int:
        """The run of these settings for a recording, or a new one: its number, from 1.

        An engine's speech layer with that run number (`add_layer`) finishes it; hearing again
        the same way is the same run."""
        ...

    def chunks(self, recording_id: int, run: int) -> Sequence[Chunk]:
        """The chunks of a run so far, by start."""
        ...

    def add_chunk(self, recording_id: int, run: int, chunk: Chunk) -> None:
        """Note one finished chunk; the same span twice is one row."""
        ...

    def replace_chunks(self, recording_id: int, run: int, chunks: Sequence[Chunk]) -> None:
        """The chunks of a run, as its layer is made of them, in place of what was noted on the
        way. Raises `NotFound` (the run)."""
        ...

    def translation_claim(self, key: str) -> TranslationClaim | None:
        """The claim of a translator with this key, if it was ever made."""
        ...

    def add_translation_claim(self, claim: TranslationClaim) -> None:
        """Keep what a translator said of a batch; the same key twice is one row, the first."""
        ...

    def diarisation(self, key: str) -> Diarisation | None:
        """The diarisation with this key, if it was ever made."""
        ...

    def add_diarisation(self, diarisation: Diarisation) -> None:
        """Keep a diarisation; the same key twice is one row."""
        ...

    def run_settings(
        self, recording_id: int, run: int
    ) -> Mapping[str, str | int | float | bool | None]:
        """What a run was opened with. Raises `NotFound`."""
        ...

    # Layers

    def add_layer(
        self,
        *,
        recording_id: int,
        kind: LayerKind,
        language: str,
        origin: LayerOrigin,
        maker: str,
        run: int,
        turns: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        source_layer_id: int | None = None,
        note: str | None = None,
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]] | None = None,
    ) -> Layer:
        """A frozen layer with its turns (ids given here), sentences (character ranges per turn) and
        a row in the change table. sources: for a translation, what the sentence at (place of its
        turn, place of the sentence in it) translates. Raises `Conflict` where the layer's key
        exists."""
        ...

    def revise_turn(
        self,
        turn_id: int,
        *,
        text: str,
        words: Words,
        sentences: Sequence[tuple[int, int]],
        actor: str,
        sources: Mapping[int, Sequence[SourceSentence]] | None = None,
    ) -> Turn:
        """A person's revision of one turn: a new turn with a new id takes its place, speaker and
        span of the old one kept; the old one stays, replaced. Each sentence whose text is
        unchanged keeps its id. sources: what the sentences (by place) of a translation now
        translate; those not named keep theirs. Writes a change row.
        Raises `Conflict` where the turn was replaced meanwhile, `BadInput` where a range does not
        fit."""
        ...

    def layers(self, recording_id: int) -> Sequence[Layer]:
        """The layers of a recording, newest run first."""
        ...

    def layer(self, layer_id: int) -> Layer:
        """One layer."""
        ...

    def turns(
        self, layer_id: int, *, span: Span | None = None, offset: int = 0, limit: int | None = None
    ) -> Sequence[Turn]:
        """Turns that stand now, in order; with `span`, those that share time with it."""
        ...

    def count_turns(self, layer_id: int) -> int:
        """How many turns a layer has."""
        ...

    def turns_by_id(self, turn_ids: Sequence[int]) -> Sequence[Turn]:
        """These turns, in the order asked. Raises `NotFound` where one is missing."""
        ...

    def sentences(self, turn_ids: Sequence[int]) -> Sequence[Sentence]:
        """The sentences of these turns, in order."""
        ...

    def sentences_by_id(self, sentence_ids: Sequence[int]) -> Sequence[Sentence]:
        """Those of these sentences that stand now, by id; a sentence that is gone is left out."""
        ...

    def sentence_sources(
        self, sentence_ids: Sequence[int]
    ) -> Mapping[int, Sequence[SourceSentence]]:
        """What each of these sentences translates; one that translates none is left out."""
        ...

    def add_flags(self, layer_id: int, flags: Sequence[Flag]) -> None:
        """Append flags to a layer; their ids are given here."""
        ...

    def flags(self, layer_id: int) -> Sequence[Flag]:
        """The flags of a layer, by start, settled ones too."""
        ...

    def open_flags(self, layer_ids: Sequence[int]) -> Mapping[int, int]:
        """How many flags nobody settled, of each of these layers that has one."""
        ...

    def people_worked(self, layer_id: int, *, carried: Sequence[str] = ()) -> bool:
        """Whether a person revised a turn of a layer that stands, heard words that stand there,
        confirmed the newest attribution of a turn, or settled a flag; not counting attributions
        whose maker, and flags whose note, begins with one of `carried`."""
        ...

    def settle_flag(self, flag_id: int, *, actor: str, note: str | None = None) -> Flag:
        """A person has looked at it. Writes a change row. Raises `NotFound`."""
        ...

    def persons(self, *, channel_id: int | None = None, limit: int = 1000) -> Sequence[Speaker]:
        """Persons named in attributions (of one channel's recordings), the newest first; nobody
        who is withheld."""
        ...

    def speakers(self, recording_id: int) -> Sequence[Speaker]:
        """Everybody who could be named in this recording, who is withheld too: every person and
        label the desk knows, and its own roles."""
        ...

    def withheld(self, recording_id: int) -> Sequence[Speaker]:
        """Who is withheld and could be named in this recording."""
        ...

    def withhold(self, speaker_id: int, *, withheld: bool, why: str, actor: str) -> Withholding:
        """Withhold a speaker wherever they speak, or lift it; a turn that only a label gives to
        the speaker is attributed. Writes a change row of each layer. Raises `NotFound`,
        `Conflict` where it stands so already."""
        ...

    def withholdings(self, speaker_id: int | None = None) -> Sequence[Withholding]:
        """Every withholding and lifting, of one speaker or of all, oldest first."""
        ...

    def add_attributions(self, attributions: Sequence[Attribution]) -> None:
        """Append attributions; a speaker without id is found by name and kind or made, withheld
        where somebody of that name is."""
        ...

    def attributions(self, turn_ids: Sequence[int]) -> Mapping[int, Attribution]:
        """The newest attribution of each turn that has one; of speakers who are withheld too, whose
        `Speaker.withheld` says so: who shows one must ask for it."""
        ...

    def changes(self, after: int = 0, limit: int = 1000) -> Sequence[tuple[int, str, int]]:
        """(change number, `layer` or `record`, its id) after that number: what the index reads.

        A `layer` row is written where a layer is made, a turn of it revised, its speakers are
        attributed anew or withheld, a person heard words of it or settled a flag: all that changes
        what is searched, and which run of a text is. Nothing changes the name of a channel or the
        date of a recording."""
        ...

    def last_change(self) -> int:
        """The number of the newest change, 0 where there was none."""
        ...

    def layers_known(self, after: int = 0, limit: int = 10_000) -> Sequence[int]:
        """Ids of layers greater than `after`, ascending: all of them, a page at a time."""
        ...

    # What finding and checking need

    def recordings_by_id(self, recording_ids: Sequence[int]) -> Mapping[int, Recording]:
        """These recordings; an id that names none is left out."""
        ...

    def layers_by_id(self, layer_ids: Sequence[int]) -> Mapping[int, Layer]:
        """These layers; an id that names none is left out."""
        ...

    def turns_around(self, turn_id: int, *, before: int, after: int) -> Sequence[Turn]:
        """The standing turn and its standing neighbours in the layer, in order."""
        ...

    def coverage(
        self,
        *,
        channel: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
    ) -> Sequence[ChannelCoverage]:
        """What is held, transcribed and heard, by channel name, of recordings aired in the range
        (`YYYY-MM-DD`, both included; one known only to its month or year where it may lie in it;
        undated ones only where no range is given). Cheap to ask again while nothing changes."""
        ...

    def add_hearings(self, hearings: Sequence[Hearing]) -> None:
        """A person heard these stretches and found the words so. Writes a change row of each layer.
        A later revision of a turn carries them to the turn that stands then, but for the words
        changed. Raises `NotFound` (a turn),
        `Conflict` (a turn was revised meanwhile), `BadInput` (a stretch does not fit)."""
        ...

    def hearings(self, turn_ids: Sequence[int]) -> Mapping[int, Sequence[Hearing]]:
        """What persons heard of these turns, by start; a turn nobody heard is left out."""
        ...

    # Names and standing queries

    def save_name(self, name: Name, *, actor: str) -> Name:
        """Make a name (id 0) or write all its fields anew. Raises `NotFound` (an id), `Conflict`
        where another name of the kind has that house spelling."""
        ...

    def remove_name(self, name_id: int) -> None:
        """Take a name off the list. Raises `NotFound`."""
        ...

    def names(self, *, kind: NameKind | None = None) -> Sequence[Name]:
        """The names list, by house spelling."""
        ...

    def names_change(self) -> int:
        """Grows with every change of the names list, so that a reader can keep what it made of
        it."""
        ...

    def add_watch(self, label: str, query: str, *, owner: str) -> Watch:
        """Keep a standing query. Raises `Conflict` where an active one has that label."""
        ...

    def watches(self, *, removed: bool = False) -> Sequence[Watch]:
        """The standing queries, by id; with `removed`, those no longer active too."""
        ...

    def remove_watch(self, watch_id: int) -> Watch:
        """It matches nothing new; its matches stay. Raises `NotFound`."""
        ...

    def add_matches(self, matches: Sequence[Match]) -> int:
        """Keep matches (ids given here), a sentence once for each watch; how many were new."""
        ...

    def matches(self, watch_id: int, *, after: int = 0, limit: int = 100) -> Sequence[Match]:
        """The matches of a standing query with ids greater than `after`, oldest first."""
        ...

    # Clips and records

    def add_clip(
        self,
        *,
        recording_id: int,
        layer_id: int | None,
        spans: Sequence[Span],
        turn_ids: Sequence[int],
        headline: str | None,
        summary: Sequence[str],
        actor: str,
    ) -> Clip:
        """A draft."""
        ...

    def clip(self, clip_id: int) -> Clip:
        """One clip, with its number and newest edition."""
        ...

    def clips(self, *, limit: int = 100, before_id: int | None = None) -> Sequence[Clip]:
        """Newest first."""
        ...

    def clip_numbered(self, number: RecordNumber) -> Clip:
        """The clip with this number."""
        ...

    def take_number(self, clip_id: int, series: str) -> RecordNumber:
        """Give the clip its number from the series' counter row, locked until commit; the number
        it already has is returned unchanged."""
        ...

    def set_printed_number(self, clip_id: int, number: RecordNumber) -> None:
        """An imported record keeps its own. Raises `Conflict` where another clip has it."""
        ...

    def add_edition(
        self,
        clip_id: int,
        edition: int,
        *,
        document: str,
        objects: Sequence[VaultObject],
        actor: str,
        note: str | None = None,
    ) -> None:
        """Publish one edition: its JSON document, its media files, a change row."""
        ...

    def edition(self, clip_id: int, edition: int | None = None) -> tuple[int, str]:
        """(edition, JSON document): the one asked, or the newest. Raises `NotFound`."""
        ...


class Catalogue(Protocol):
    """Rows: the only source of truth."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction that may write. Raises `Unavailable` where the store is locked or full."""
        ...

    def snapshot(self) -> AbstractContextManager[Transaction]:
        """A consistent view for reading; never blocks writers."""
        ...

    def migrate(self) -> None:
        """Bring the tables to this version, from any earlier release's. Idempotent."""
        ...

    def version(self) -> str:
        """The migration the tables stand at."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...
