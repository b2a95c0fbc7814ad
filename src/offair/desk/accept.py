"""Take in a media file: probe, bytes into the vault, then row and jobs in one transaction."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from offair import media
from offair.desk import Desk
from offair.desk.evidence import (
    caption_file_language,
    caption_suffixes,
    language_tag,
    only_caption_language,
    printable,
    queue_work,
    read_caption_file,
    store_captions,
    text_bytes,
    title_of,
)
from offair.formats import cue_report
from offair.model.errors import BadInput, Conflict, Corrupt, NotFound
from offair.model.recording import Channel, Held, MediaFacts, Recording
from offair.model.time import Ms, PartialDate
from offair.model.transcript import Cue, LayerOrigin
from offair.store import Deposit

TEXT_CODECS = frozenset({"mov_text", "subrip", "srt", "webvtt", "ass", "ssa", "text"})
"""FFmpeg's names of caption codecs that carry text."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one file. new: False where the desk already had this recording.

    notes: what the editor should know (no sound, a side-car kept but not read), as sentences.
    """

    recording: Recording
    new: bool
    captions: int
    queued: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Captions:
    maker: str
    language: str
    cues: tuple[Cue, ...]
    origin: LayerOrigin


def accept(
    desk: Desk,
    path: Path,
    *,
    channel: Channel,
    aired: PartialDate | None,
    title: str | None = None,
    side_cars: Sequence[Path] = (),
    link: bool = False,
    actor: str,
) -> Accepted:
    """Take in one media file with its side-car files.

    The same bytes on the same channel and date are the recording the desk has already: nothing
    is written twice. Raises `BadInput` or `Corrupt` (not media, empty, no time in it), `Conflict`
    (the file changed while it was read), `Unavailable` (disk full); then nothing is kept.
    """
    before = _signature(path)
    facts = media.probe(path, desk.limits)
    if facts.duration_ms <= 0:
        raise BadInput(f"{printable(path)} lasts 0 seconds; there is nothing in it to take in")
    if not facts.of_kind("audio") and not facts.of_kind("video"):
        raise BadInput(f"{printable(path)} has neither sound nor picture; import texts instead")
    notes = list(facts.notes)
    captions = _embedded_captions(desk, path, facts, channel, notes)
    if not facts.of_kind("audio"):
        notes.append(f"{printable(path)} has no sound: no transcript will be made of it")
    with ExitStack() as stack:
        deposit = stack.enter_context(desk.vault.deposit_file(path, link=link))
        if _signature(path) != before:
            raise Conflict(
                f"{printable(path)} changed while it was read; is it still being recorded? "
                "Take it in when it is finished"
            )
        cars = []
        for car in side_cars:
            cars.append(stack.enter_context(desk.vault.deposit_file(car)))
            # Read from the vault: what is read is what is kept.
            kept = desk.vault.path(cars[-1].object.sha256)
            captions += _side_car_captions(car, kept, facts.duration_ms, channel, notes)
        accepted = _commit(
            desk, deposit, cars, captions, facts,
            channel=channel, aired=aired, title=title or path.stem, notes=notes, actor=actor,
        )  # fmt: skip
        for one in (deposit, *cars):
            one.keep()
    return accepted


def _commit(
    desk: Desk,
    deposit: Deposit,
    cars: Sequence[Deposit],
    captions: Sequence[_Captions],
    facts: MediaFacts,
    *,
    channel: Channel,
    aired: PartialDate | None,
    title: str,
    notes: Sequence[str],
    actor: str,
) -> Accepted:
    with desk.catalogue.transaction() as tx:
        station = tx.ensure_channel(channel)
        found = tx.find_recording(
            sha256=deposit.object.sha256, channel_id=station.id or 0, aired=aired
        )
        recording = found or tx.add_recording(
            channel=station, aired=aired, title=title_of(title), held=Held.HELD,
            object=deposit.object, media=facts, actor=actor,
        )  # fmt: skip
        attached = {held.sha256 for _, held in tx.attached(recording.id, "side-car")}
        for car in cars:
            if car.object.sha256 not in attached:
                tx.attach_object(recording.id, "side-car", car.object)
        stored = sum(
            store_captions(tx, recording, one.maker, one.language, one.cues, one.origin)
            for one in captions
        )
        queued = queue_work(desk, tx, recording)
        tx.note_act(actor, "accept", "recording", recording.id, new=found is None)
        added = [*notes, *_not_taken_over(station, channel)]
        if recording.quarantine is not None:
            added.append(f"it was in quarantine and is tried once more: {recording.quarantine}")
            recording = tx.recording(recording.id)
    return Accepted(recording, found is None, stored, queued, tuple(added))


def _not_taken_over(station: Channel, given: Channel) -> list[str]:
    """What was said of a channel that the desk knows otherwise, as sentences."""
    notes = []
    if given.languages and given.languages != station.languages:
        known, said = ", ".join(station.languages), ", ".join(given.languages)
        notes.append(f"{station.name} broadcasts in {known} here; {said} was not taken over")
    if given.country and given.country != station.country:
        notes.append(
            f"{station.name} is of {station.country} here; {given.country} was not taken over"
        )
    return notes


def _embedded_captions(
    desk: Desk, path: Path, facts: MediaFacts, channel: Channel, notes: list[str]
) -> list[_Captions]:
    result = []
    for stream in facts.of_kind("subtitle"):
        name = f"embedded caption track {stream.index} ({stream.codec})"
        if stream.codec not in TEXT_CODECS:
            # The probe has said what it is; CEA-608 is read by a job.
            continue
        try:
            cues = media.captions(path, stream.index, desk.limits)
        except (BadInput, Corrupt) as error:
            notes.append(f"{name} is present and could not be read: {error}")
            continue
        cues, changed = cue_report.harmless(cues)
        if changed:
            notes.append(f"{name}: {changed[0].message} ({len(changed)} times)")
        if cues:
            language = _first_known(language_tag(stream.language), only_caption_language(channel))
            result.append(_Captions(name, language, cues, LayerOrigin.BROADCASTER))
    return result


def _side_car_captions(
    path: Path, kept: Path, duration: Ms, channel: Channel, notes: list[str]
) -> list[_Captions]:
    if path.suffix.lower() not in caption_suffixes():
        notes.append(f"{printable(path)} is kept as a side-car file and was not read")
        return []
    try:
        data = text_bytes(kept)
        cues, remarks = read_caption_file(data, path)
        named = caption_file_language(data, path)
    except BadInput as error:
        notes.append(f"{printable(path)} is kept as a side-car file and could not be read: {error}")
        return []
    said = Counter(remark.message for remark in remarks)
    notes.extend(
        f"{printable(path)}: {message}{f' ({times} times)' if times > 1 else ''}"
        for message, times in said.items()
    )
    after = sum(one.span.start >= duration for one in cues)
    if after:
        notes.append(
            f"{printable(path)}: {after} of {len(cues)} captions begin after the recording has "
            "ended; their times are kept as written: do they count from another start?"
        )
    language = _first_known(side_car_language(path), named, only_caption_language(channel))
    return [_Captions(f"side-car {path.name}", language, cues, LayerOrigin.IMPORT)]


def _first_known(*tags: str) -> str:
    return next((tag for tag in tags if tag != "und"), "und")


def side_car_language(path: Path) -> str:
    """The language tag between the last two dots of a side-car's name (`news.pt.srt`), or `und`."""
    parts = path.name.split(".")
    tag = parts[-2] if len(parts) > 2 else ""
    return language_tag(tag) if 2 <= len(tag.split("-")[0]) <= 3 else "und"


def _signature(path: Path) -> tuple[int, int, int, int]:
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        raise NotFound(
            f"{printable(path)} cannot be opened: {getattr(error, 'strerror', None) or error}"
        ) from error
    if stat.S_ISDIR(facts.st_mode):
        raise BadInput(f"{printable(path)} is a folder; name the files in it")
    if not stat.S_ISREG(facts.st_mode):
        raise BadInput(f"{printable(path)} is not a regular file; save it to a file first")
    if facts.st_size == 0:
        raise BadInput(f"{printable(path)} is empty (0 bytes); was the recording cut off?")
    if not os.access(path, os.R_OK):
        raise BadInput(f"{printable(path)} cannot be read by this user; change its permissions")
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns
