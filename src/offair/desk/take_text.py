"""Take in texts without media: printed records and proceedings, caption files, transcripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from offair.desk import Desk
from offair.desk.evidence import printable, sentence_ranges, text_bytes, title_of
from offair.desk.record_sentences import with_sentences
from offair.desk.text_readings import TextReading, read_text, text_suffixes
from offair.formats import record_json
from offair.model.errors import BadInput, Conflict, NotFound, OffairError
from offair.model.record import Completeness, Reading, RecordNumber, RecordTurn, Remark
from offair.model.recording import Channel, Held, Recording, VaultObject
from offair.model.time import PartialDate
from offair.model.transcript import Attribution, LayerKind, LayerOrigin
from offair.store import Transaction

_BATCH = 32
_BATCH_BYTES = 16 * 1024 * 1024
"""How much goes into one transaction of the catalogue."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the editor says of a text, None where she leaves it to the text.

    language: of the words printed. spoken: of the broadcast. publisher: whose number it carries.
    layout: one of `text_readings.layouts`, where the file does not tell. otherwise: the channel of
    a text that names none.
    """

    channel: Channel | None = None
    aired: PartialDate | None = None
    language: str | None = None
    spoken: str | None = None
    publisher: str = "imported"
    encoding: str | None = None
    layout: str | None = None
    otherwise: Channel | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one text. number: the printed number it keeps, where it has one."""

    recording: Recording
    new: bool
    layout: str
    turns: int
    number: RecordNumber | None
    report: tuple[Remark, ...]


def take_text(desk: Desk, path: Path, origin: Origin, *, actor: str) -> Taken:
    """Take in one text file as a recording `never held`.

    The same bytes on the same channel and date are the recording the desk has already. Raises
    `BadInput` (not a text, neither header nor labels, no channel known), `Conflict` where another
    text already carries the printed number.
    """
    _check_publisher(desk, origin.publisher)
    return _take_batch(desk, [_prepared(path, origin)], origin, actor=actor)[0]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A text that was read, ready to be stored."""

    path: Path
    data: bytes
    text: TextReading
    channel: Channel
    aired: PartialDate | None
    language: str
    sentences: Sequence[Sequence[tuple[int, int]]]


def _prepared(path: Path, origin: Origin) -> _Prepared:
    data = text_bytes(path)
    text = read_text(data, path, layout=origin.layout, encoding=origin.encoding)
    named = Channel(text.channel, text.country) if text.channel else None
    channel = origin.channel or named or origin.otherwise
    if channel is None:
        raise BadInput(f"{printable(path)} names no channel; say which with --channel")
    language = origin.language or text.language or "und"
    return _Prepared(
        path, data, text, _with_languages(channel, origin), origin.aired or text.aired, language,
        sentence_ranges(text.turns, language),
    )  # fmt: skip


def _take_batch(
    desk: Desk, batch: Sequence[_Prepared], origin: Origin, *, actor: str
) -> list[Taken]:
    """Store texts in one transaction: all of them, or none."""
    with ExitStack() as stack:
        deposits = [
            stack.enter_context(desk.vault.deposit_bytes(one.data, one.path.name)) for one in batch
        ]
        with desk.catalogue.transaction() as tx:
            taken = [
                _store(tx, deposit.object, one, origin, actor=actor)
                for one, deposit in zip(batch, deposits, strict=True)
            ]
            for one in taken:
                tx.note_act(actor, "take_text", "recording", one.recording.id, new=one.new)
        for deposit in deposits:
            deposit.keep()
    return taken


def _check_publisher(desk: Desk, publisher: str) -> None:
    if publisher == desk.series:
        raise BadInput(
            f"{publisher!r} is the series of this desk's own records; name the publisher of an "
            "imported record otherwise, with --publisher"
        )
    if not publisher.strip() or "/" in publisher:
        raise BadInput(
            f"{publisher!r} cannot be a publisher's name: it is empty or holds a '/', which parts "
            "name and number in a record's address"
        )


def _store(
    tx: Transaction, object: VaultObject, prepared: _Prepared, origin: Origin, *, actor: str
) -> Taken:
    text, aired = prepared.text, prepared.aired
    number = text.record.record.number if text.record else None
    number = replace(number, series=origin.publisher) if number else None
    station = tx.ensure_channel(prepared.channel)
    found = tx.find_recording(sha256=object.sha256, channel_id=station.id or 0, aired=aired)
    if found is not None:
        kept = number if number and _carries(tx, number, found) else None
        return Taken(found, False, text.layout, len(text.turns), kept, text.report)
    if number is not None:
        _refuse_taken_number(tx, number)
    recording = tx.add_recording(
        channel=station, aired=aired, title=title_of(text.title), held=Held.NEVER_HELD,
        object=object, media=None, actor=actor,
    )  # fmt: skip
    kind, note = _kind(prepared, station, origin)
    layer = tx.add_layer(
        recording_id=recording.id, kind=kind, language=prepared.language,
        origin=LayerOrigin.IMPORT, maker=object.name, run=1, turns=text.turns,
        sentences=prepared.sentences, note=note,
    )  # fmt: skip
    stored = tx.turns(layer.id)
    tx.add_attributions(
        [
            Attribution(turn.id, voice, author, turn.label, None, f"import of {actor}")
            for turn, voice, author in zip(stored, text.voices, text.authors, strict=True)
            if voice is not None
        ]
    )
    if text.record is not None:
        ids = tuple(turn.id for turn in stored)
        _keep_record(tx, recording, layer.id, text.record, ids, number, kind,
                     prepared.language, origin, actor)  # fmt: skip
    return Taken(recording, True, text.layout, len(stored), number, text.report)


def _carries(tx: Transaction, number: RecordNumber, recording: Recording) -> bool:
    try:
        return tx.clip_numbered(number).recording_id == recording.id
    except NotFound:
        return False


def _refuse_taken_number(tx: Transaction, number: RecordNumber) -> None:
    try:
        other = tx.clip_numbered(number)
    except NotFound:
        return
    raise Conflict(
        f"{number.series}'s record {number.printed} is already here, from another text (clip"
        f" {other.id}, recording {other.recording_id}); name its publisher with --publisher"
    )


def _keep_record(
    tx: Transaction,
    recording: Recording,
    layer_id: int,
    reading: Reading,
    turn_ids: Sequence[int],
    number: RecordNumber | None,
    kind: LayerKind,
    language: str,
    origin: Origin,
    actor: str,
) -> None:
    record = reading.record
    clip = tx.add_clip(
        recording_id=recording.id, layer_id=layer_id, spans=(), turn_ids=turn_ids,
        headline=record.headline, summary=[one.text for one in record.summary], actor=actor,
    )  # fmt: skip
    if number is None:
        return
    tx.set_printed_number(clip.id, number)
    ids = iter(turn_ids)
    kept = replace(
        record,
        number=number,
        kind=kind.value,
        language=language,
        original_language=origin.spoken or ("und" if kind is LayerKind.TRANSLATION else language),
        completeness=Completeness.EXCERPTS,
        body=tuple(
            replace(item, turn_id=next(ids)) if isinstance(item, RecordTurn) else item
            for item in record.body
        ),
    )
    kept = with_sentences(tx, kept)
    tx.add_edition(
        clip.id, 1, document=record_json.write(kept, reading.layout, reading.report), objects=[],
        actor=actor,
    )  # fmt: skip


def _with_languages(channel: Channel, origin: Origin) -> Channel:
    if origin.spoken and not channel.languages:
        return replace(channel, languages=(origin.spoken,))
    return channel


def _kind(prepared: _Prepared, channel: Channel, origin: Origin) -> tuple[LayerKind, str | None]:
    """Speech or translation (record.md, rule 9), and the layer's note: by what the channel
    broadcasts in where that is known, else by what the reader of the record made of it (its report
    says so)."""
    text, language = prepared.text, prepared.language
    record = text.record.record if text.record else None
    spoken = (origin.spoken,) if origin.spoken else channel.languages
    base = language.split("-")[0]
    if spoken and base != "und":
        translation = base not in {tag.split("-")[0] for tag in spoken}
    else:
        translation = record is not None and record.kind == LayerKind.TRANSLATION.value
    source = f"source: {title_of(text.source)}" if text.source else None
    if not translation:
        return LayerKind.SPEECH, source
    note = "translator unknown; the words translated are not held"
    return LayerKind.TRANSLATION, f"{note}; {source}" if source else note


def take_all(
    desk: Desk,
    paths: Sequence[Path],
    origin: Origin,
    *,
    actor: str,
    done: Callable[[Path, Taken | OffairError], None],
) -> int:
    """Take in files and every file of folders, in name order; one refused does not stop the rest.

    In a folder only files whose name says that they are texts (`text_suffixes`) are opened, the
    others are refused; hidden ones do not count. Several files go into the catalogue together;
    where one of them cannot, each is tried alone. Returns how many were refused; `done` is told of
    each, in that order.
    """
    _check_publisher(desk, origin.publisher)
    taker = _Taker(desk, origin, actor, done)
    for path in paths:
        try:
            files = _files(path)
        except OffairError as error:
            taker.refuse(path, error)
            continue
        for file in files:
            taker.take(file, alone=file == path)
    taker.flush()
    return taker.refused


@dataclass(slots=True)
class _Taker:
    """Texts on their way in: read one by one, stored in batches, told in order."""

    desk: Desk
    origin: Origin
    actor: str
    done: Callable[[Path, Taken | OffairError], None]
    refused: int = 0
    _waiting: list[tuple[Path, _Prepared | OffairError]] = field(default_factory=list)

    def take(self, file: Path, *, alone: bool) -> None:
        """Read a file; store what waits where there is enough of it."""
        try:
            if not alone and file.suffix.lower() not in text_suffixes():
                raise BadInput(
                    f"{printable(file)} does not look like a text by its name "
                    f"({', '.join(sorted(text_suffixes()))}); name it alone to take it in"
                )
            self._waiting.append((file, _prepared(file, self.origin)))
        except OffairError as error:
            self.refuse(file, error)
        size = sum(len(one.data) for _, one in self._waiting if isinstance(one, _Prepared))
        if len(self._waiting) >= _BATCH or size >= _BATCH_BYTES:
            self.flush()

    def refuse(self, file: Path, error: OffairError) -> None:
        """It cannot be taken in; told with the others, in order."""
        self._waiting.append((file, error))

    def flush(self) -> None:
        """Store what waits and tell of it."""
        waiting, self._waiting = self._waiting, []
        batch = [one for _, one in waiting if isinstance(one, _Prepared)]
        try:
            taken: Iterator[Taken | OffairError] = iter(
                _take_batch(self.desk, batch, self.origin, actor=self.actor) if batch else ()
            )
        except OffairError:
            taken = (self._one(one) for one in batch)
        for file, one in waiting:
            result = one if isinstance(one, OffairError) else next(taken)
            self.refused += isinstance(result, OffairError)
            self.done(file, result)

    def _one(self, prepared: _Prepared) -> Taken | OffairError:
        try:
            return _take_batch(self.desk, [prepared], self.origin, actor=self.actor)[0]
        except OffairError as error:
            return error


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        found = (one for one in path.rglob("*") if one.is_file())
        files = sorted(
            one
            for one in found
            if not any(part.startswith(".") for part in one.relative_to(path).parts)
        )
    except OSError as error:
        raise NotFound(f"{printable(path)} cannot be looked through: {error.strerror}") from error
    if not files:
        raise BadInput(f"{printable(path)} is a folder without files")
    return files
