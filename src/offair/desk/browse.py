"""Look around the desk: what the pages show. Reads only; nothing here changes anything."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from offair.desk import Desk
from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.evidence import chosen_layer, has_human_work, newer_run
from offair.desk.record_address import OpenRecord, find_record, shown_document
from offair.desk.translations import stale_sentences
from offair.jobs import expected_end
from offair.model.errors import BadInput, Gone, NotFound, Withdrawn
from offair.model.job import Job, JobState
from offair.model.record import Clip, Record, RecordNumber, RecordTurn
from offair.model.recording import Held, Recording, VaultObject
from offair.model.time import Ms, Span
from offair.model.transcript import Attribution, Chunk, Cue, Layer, LayerKind, LayerOrigin, Turn
from offair.store import Transaction
from offair.text import captions

TURNS_AT_ONCE = 60
ROWS_AT_ONCE = 50
_FOREVER: Ms = 1 << 52
_KINDS = (LayerKind.SPEECH, LayerKind.TRANSLATION, LayerKind.CAPTIONS)
_SHA256_RE = re.compile(r"[0-9a-f]{64}")
_JOBS_SHOWN = tuple(state for state in JobState if state is not JobState.DONE)


class HearingState(StrEnum):
    """How far the desk is with the words of a recording."""

    HEARD = "heard"
    RUNNING = "being heard"
    QUEUED = "waiting to be heard"
    PAUSED = "paused"
    CANCELLED = "not heard: somebody cancelled it"
    FAILED = "not heard: the work failed"
    QUARANTINED = "in quarantine"
    TEXT_ONLY = "text only, no recording held"
    NO_SOUND = "no sound in it"
    NOT_HEARD = "not heard"


@dataclass(frozen=True, slots=True)
class Hearing:
    """State of a recording's hearing. part: how much is done, 0…1, while it runs or is paused.
    end: when it is expected to be done, UTC seconds since 1970, or None.

    reason: why it failed or stands in quarantine, as a sentence, or None.
    """

    state: HearingState
    part: float | None = None
    reason: str | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class ListedRecording:
    """A row of the list of recordings."""

    recording: Recording
    hearing: Hearing
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A row of the list of records. record: None where it was withdrawn, and withdrawn says when
    and why. imported: another publisher printed it."""

    clip: Clip
    number: RecordNumber
    record: Record | None
    imported: bool
    withdrawn: Withdrawn | None = None


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn as a page shows it. speaker: the name or label to print, or None where unknown.

    certain: a person confirmed the speaker. named: False where `speaker` is only how a machine
    calls the voice.
    """

    turn: Turn
    speaker: str | None
    certain: bool
    named: bool = True


@dataclass(frozen=True, slots=True)
class Aside:
    """A stretch of a recording without words, shown in its place.

    score: the activity engine's mean speech probability, 0…1, where it was skipped for that.
    missing: it was due and is not held.
    """

    span: Span
    reason: str
    score: float | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class TurnPage:
    """A run of turns of one layer, in order, with the asides that fall between them.

    offset: how many turns stand before it. total: turns of the layer. begin, end: the media time
    the page answers for, half-open; end None on the last page.
    """

    layer: Layer
    offset: int
    total: int
    turns: tuple[ShownTurn, ...]
    asides: tuple[Aside, ...]
    begin: Ms
    end: Ms | None

    @property
    def next_offset(self) -> int | None:
        """Where the next page starts, or None on the last."""
        following = self.offset + len(self.turns)
        return following if following < self.total else None


@dataclass(frozen=True, slots=True)
class Playback:
    """What a browser can play of a recording, or a sentence that says why there is nothing."""

    object: VaultObject | None
    media_type: str | None
    trouble: str | None
    video: bool = False


@dataclass(frozen=True, slots=True)
class OpenRecording:
    """Everything the recording page shows but the turns. layer: the one shown, or None.

    newer: a machine's later run of the same text, where the one shown holds a person's work.
    """

    recording: Recording
    hearing: Hearing
    layers: tuple[Layer, ...]
    layer: Layer | None
    playback: Playback
    newer: Layer | None = None


@dataclass(frozen=True, slots=True)
class PlayableBytes:
    """A media file that may be sent to a browser: where it lies and what its bytes are."""

    object: VaultObject
    path: Path
    media_type: str


def list_recordings(
    desk: Desk, *, before: int | None = None, limit: int = ROWS_AT_ONCE
) -> tuple[tuple[ListedRecording, ...], int | None]:
    """Recordings, newest first, and the id to ask the next page with, or None at the end."""
    with desk.catalogue.snapshot() as tx:
        found = tx.recordings(limit=limit + 1, before_id=before)
        jobs = _jobs(tx)
        rows = []
        for recording in found[:limit]:
            layers = tuple(tx.layers(recording.id))
            rows.append(ListedRecording(recording, _hearing(tx, recording, layers, jobs), layers))
    return tuple(rows), (found[limit - 1].id if len(found) > limit else None)


def list_records(
    desk: Desk, *, before: int | None = None, limit: int = ROWS_AT_ONCE, public: bool = False
) -> tuple[tuple[ListedRecord, ...], int | None]:
    """Numbered records, ours and imported, newest first, and the clip id of the next page. What was
    removed is in no list. public: without those whose text the channel's terms keep inside."""
    rows: list[ListedRecord] = []
    with desk.catalogue.snapshot() as tx:
        while len(rows) <= limit:
            clips = tx.clips(limit=limit, before_id=before)
            for clip in clips:
                if clip.number is None or clip.edition == 0:
                    continue
                channel = tx.recording(clip.recording_id).channel.id
                if public and not tx.channel_terms(channel or 0).text:
                    continue
                imported = clip.number.series != desk.series
                try:
                    record, _ = shown_document(tx, clip, tx.edition(clip.id)[1])
                except Withdrawn as withdrawn:
                    rows.append(ListedRecord(clip, clip.number, None, imported, withdrawn))
                except Gone:
                    continue
                else:
                    rows.append(ListedRecord(clip, clip.number, record, imported))
            if len(clips) < limit:
                break
            before = clips[-1].id
    more = len(rows) > limit
    return tuple(rows[:limit]), (rows[limit - 1].clip.id if more else None)


def open_recording(desk: Desk, recording_id: int, layer_id: int | None = None) -> OpenRecording:
    """A recording with its layers, the layer asked for or the best one, and what can be played.

    Raises `NotFound` where there is no such recording or the layer is another recording's.
    """
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        layers = tuple(sorted(tx.layers(recording_id), key=lambda one: _KINDS.index(one.kind)))
        layer = _layer(tx, recording_id, layer_id) if layers or layer_id is not None else None
        jobs = _jobs(tx)
        proxies = [one for role, one in tx.attached(recording_id, "proxy") if role == "proxy"]
        hearing = _hearing(tx, recording, layers, jobs)
        job = jobs.get(("proxy", recording_id))
        newer = newer_run(tx, layer) if layer is not None else None
        if layer is None or newer is None or not has_human_work(tx, layer):
            newer = None
    return OpenRecording(
        recording, hearing, layers, layer, _playback(desk, recording, proxies, job), newer
    )


def turn_page(
    desk: Desk,
    recording_id: int,
    layer_id: int | None = None,
    *,
    offset: int = 0,
    at: Ms | None = None,
    limit: int = TURNS_AT_ONCE,
) -> TurnPage:
    """The page of `limit` turns that holds turn `offset` (0 the first) or the media time `at`.

    Raises `NotFound` where the recording or layer is missing or has no turn at `offset`.
    """
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        layer = _layer(tx, recording_id, layer_id)
        total = tx.count_turns(layer.id)
        if at is not None:
            offset = _offset_at(tx, layer.id, at, total)
        offset = offset // limit * limit
        if offset < 0 or (offset >= total and offset > 0):
            raise NotFound(f"the text has {total} turns; there is none at {offset}")
        # One turn more on either side: it tells where this page's time ends and begins.
        first = max(0, offset - 1)
        around = list(tx.turns(layer.id, offset=first, limit=limit + 1 + offset - first))
        turns = around[offset - first :]
        following = turns[limit] if len(turns) > limit else None
        turns = turns[:limit]
        attributions = newest_attributions(tx, layer, turns)
        begin = turns[0].span.start if offset and turns and turns[0].span else 0
        end = following.span.start if following and following.span else None
        asides = _asides(tx, recording, layer, begin, end if following else None)
    return TurnPage(
        layer,
        offset,
        total,
        tuple(_shown(turn, attributions, layer) for turn in turns),
        asides,
        begin,
        end,
    )


def caption_lines(
    desk: Desk, recording_id: int, layer_id: int | None = None
) -> tuple[Record, tuple[Cue, ...]]:
    """A whole layer as caption lines, in order, and the record to print their notice from.

    Raises `NotFound` as `turn_page`, `BadInput` where a turn has no time.
    """
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        layer = _layer(tx, recording_id, layer_id)
        translation = layer.kind is LayerKind.TRANSLATION
        turns = tx.turns(layer.id)
        attributions = newest_attributions(tx, layer, turns)
        stale = len(stale_sentences(tx, layer)) if translation else 0
    shown = [replace(turn, label=_shown(turn, attributions, layer).speaker) for turn in turns]
    maker = "machine" if layer.origin is LayerOrigin.ENGINE else "person"
    unchecked = layer.origin in (LayerOrigin.ENGINE, LayerOrigin.PERSON)
    record = Record(
        number=None, edition=0, date=None, aired=recording.aired, headline=recording.title,
        run_time_ms=None, channel=recording.channel.name, country=recording.channel.country,
        summary=(), speakers=(), body=(RecordTurn("t1", None, None, (), origin=maker),),
        language=layer.language, checked=not unchecked, stale=stale,
        kind="translation" if translation else "speech",
    )  # fmt: skip
    return record, captions.cue_lines(shown, language=layer.language)


def open_record(desk: Desk, address: str) -> OpenRecord:
    """The record at an address below `/records/`, and the edition it names or the newest.

    `12` and `12/2` are this desk's record 12 and its edition 2; `publisher/8914` is another
    publisher's. Raises `NotFound`.
    """
    with desk.catalogue.snapshot() as tx:
        return find_record(tx, desk.series, address)


def playable_bytes(desk: Desk, sha256: str) -> PlayableBytes:
    """A media file of the vault by its hash. Raises `NotFound` for anything else.

    Only bytes that a row refers to and that begin as sound or video do are given: texts, pages
    and subtitles that came in from outside are never sent to a browser as they are.
    """
    missing = NotFound("there is no media file at this address; open the recording or record again")
    if not _SHA256_RE.fullmatch(sha256):
        raise missing
    with desk.catalogue.snapshot() as tx:
        if not tx.object_referred(sha256) or tx.object_quarantined(sha256):
            raise missing
        if tx.only_in_ended(sha256):
            raise Gone("this is media of a record that is no longer here")
        found = tx.object_named(sha256)
    path = desk.vault.path(sha256)
    media_type = _media_type(path)
    if media_type is None:
        raise missing
    return PlayableBytes(found, path, media_type)


def _layer(tx: Transaction, recording_id: int, layer_id: int | None) -> Layer:
    try:
        return chosen_layer(tx, recording_id, layer_id)
    except BadInput as error:
        raise NotFound(f"{error}; choose one of recording {recording_id}") from error


def _jobs(tx: Transaction) -> dict[tuple[str, int], Job]:
    found = sorted(tx.jobs(_JOBS_SHOWN), key=lambda one: one.id)
    return {(job.kind, job.subject): job for job in found}


def _hearing(
    tx: Transaction,
    recording: Recording,
    layers: Sequence[Layer],
    jobs: Mapping[tuple[str, int], Job],
) -> Hearing:
    if recording.quarantine is not None:
        return Hearing(HearingState.QUARANTINED, reason=recording.quarantine)
    job = jobs.get(("process", recording.id))
    runs = [one.run for one in layers if _from_sound(one)]
    if job is not None and job.state in (JobState.RUNNING, JobState.PAUSED):
        part = job.share
        if part is None:
            part = _part(tx, recording, max(runs, default=0) + 1)
        if job.state is JobState.PAUSED:
            return Hearing(HearingState.PAUSED, part)
        return Hearing(HearingState.RUNNING, part, end=expected_end(job, time.time()))
    if job is not None and job.state is JobState.QUEUED:
        return Hearing(HearingState.QUEUED, reason=job.error)
    if runs:
        return Hearing(HearingState.HEARD)
    if job is not None:
        return Hearing(_ENDED.get(job.state, HearingState.FAILED), reason=job.error)
    if recording.media is None:
        return Hearing(HearingState.TEXT_ONLY)
    if not recording.media.of_kind("audio"):
        return Hearing(HearingState.NO_SOUND)
    return Hearing(HearingState.NOT_HEARD)


_ENDED = {
    JobState.QUARANTINED: HearingState.QUARANTINED,
    JobState.CANCELLED: HearingState.CANCELLED,
}


def _from_sound(layer: Layer) -> bool:
    return layer.origin is LayerOrigin.ENGINE and layer.kind is LayerKind.SPEECH


def _part(tx: Transaction, recording: Recording, run: int) -> float:
    if recording.media is None or recording.media.duration_ms <= 0:
        return 0.0
    done = sum(chunk.span.length for chunk in tx.chunks(recording.id, run))
    return min(1.0, done / recording.media.duration_ms)


def _playback(
    desk: Desk, recording: Recording, proxies: Sequence[VaultObject], job: Job | None
) -> Playback:
    if recording.held is Held.EXPIRED:
        return Playback(None, None, "Its media is no longer held; the text stays.")
    if recording.media is None or recording.object is None:
        return Playback(
            None, None, "There is no sound or picture here: only the text was taken in."
        )
    if recording.quarantine is not None:
        return Playback(None, None, f"Its media is in quarantine: {recording.quarantine}.")
    video = bool(recording.media.of_kind("video"))
    shown = recording.object if recording.media.browser_playable else None
    shown = shown or (proxies[-1] if proxies else None)
    if shown is not None:
        media_type = _media_type(desk.vault.path(shown.sha256))
        return Playback(shown, media_type, None, video)
    if job is not None and job.state in (JobState.QUEUED, JobState.RUNNING):
        return Playback(None, None, "A playable copy is being made; load this page again later.")
    if job is not None:
        return Playback(
            None, None, f"No playable copy could be made: {job.error or 'no reason kept'}"
        )
    return Playback(None, None, "A browser cannot play this file, and no playable copy is here.")


def _offset_at(tx: Transaction, layer_id: int, at: Ms, total: int) -> int:
    """How many turns stand before the one that is spoken, or was spoken last, at `at`."""
    at = min(max(0, at), _FOREVER - 1)
    found = tx.turns(layer_id, span=Span(at, _FOREVER), limit=1)
    if not found:
        return max(0, total - 1)
    before = found[0].ordinal - tx.turns(layer_id, limit=1)[0].ordinal
    later = found[0].span is not None and found[0].span.start > at
    return max(0, before - 1) if later else before


def _shown(turn: Turn, attributions: Mapping[int, Attribution], layer: Layer) -> ShownTurn:
    heard = spoken_by(turn, attributions.get(turn.id), layer)
    return ShownTurn(turn, heard.name, heard.certain, heard.named)


def _asides(
    tx: Transaction, recording: Recording, layer: Layer, begin: Ms, end: Ms | None
) -> tuple[Aside, ...]:
    asides = [Aside(gap.span, gap.reason, missing=True) for gap in recording.gaps]
    if _from_sound(layer):
        asides.extend(_skipped(tx.chunks(recording.id, layer.run)))
    limit = _FOREVER if end is None else end
    inside = (one for one in asides if begin <= one.span.start < limit)
    return tuple(sorted(inside, key=lambda one: one.span))


def _skipped(chunks: Sequence[Chunk]) -> list[Aside]:
    """Chunks that were skipped, neighbours for the same reason in one, with their mean score."""
    groups: list[list[Chunk]] = []
    for chunk in chunks:
        if chunk.skipped is None:
            continue
        last = groups[-1][-1] if groups else None
        if last and last.span.end == chunk.span.start and last.skipped == chunk.skipped:
            groups[-1].append(chunk)
        else:
            groups.append([chunk])
    result = []
    for group in groups:
        span = Span(group[0].span.start, group[-1].span.end)
        weighed = sum(one.score * one.span.length for one in group)
        score = weighed / span.length if span.length else group[0].score
        result.append(Aside(span, group[0].skipped or "", score=score))
    return result


def _media_type(path: Path) -> str | None:
    """What the first bytes say a file is, if it is sound or video that a browser may be sent.

    Signatures: WHATWG MIME Sniffing, section 6.2; ISO/IEC 13818-1 for transport streams.
    """
    with path.open("rb") as file:
        head = file.read(512)
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:12] in (b"M4A ", b"M4B ") else "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"fLaC"):
        return "audio/flac"
    if head.startswith(b"OggS\x00"):
        return "application/ogg"
    if head.startswith(b"ID3"):
        return "audio/mpeg"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if len(head) > 188 and head[0] == 0x47 and head[188] == 0x47:
        return "video/mp2t"
    return None


def list_clips(desk: Desk, *, before: int | None = None, limit: int = ROWS_AT_ONCE) -> list[Clip]:
    """Drafts and published clips, newest first."""
    with desk.catalogue.snapshot() as tx:
        return list(tx.clips(limit=limit, before_id=before))


def list_jobs(desk: Desk) -> list[Job]:
    """Every job, in the order they would be taken."""
    with desk.catalogue.snapshot() as tx:
        return list(tx.jobs())
