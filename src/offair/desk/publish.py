"""Publish a clip: cut its media, then number, edition and document in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from offair import media
from offair.desk import Desk
from offair.desk.record_address import document_of
from offair.desk.record_draft import draft_record
from offair.desk.scratch import scratch_folder
from offair.formats import record_json, record_text
from offair.media import CutFile
from offair.model.errors import BadInput, Conflict, Refused
from offair.model.record import Clip, Record, RecordMedia
from offair.model.recording import Recording
from offair.model.time import Span
from offair.store import Deposit


@dataclass(frozen=True, slots=True)
class Published:
    """A published edition. notes: what could not be done, as sentences."""

    clip: Clip
    record: Record
    notes: tuple[str, ...]


def publish(
    desk: Desk,
    clip_id: int,
    *,
    actor: str,
    now_utc: str,
    note: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Published:
    """Publish a draft as edition 1, or a published clip as its next edition with a public note.

    `now_utc` is ISO 8601 with `Z`. Unless persons heard every word printed and confirmed who says
    it, the record says in every format which of `NOTICES` it is; it says too how many sentences
    translate what was changed since. A cut that fails burns no number. Raises `NotFound`,
    `BadInput` (no note for a later edition), `Refused` (an imported record), media errors of the
    cut.
    """
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        recording = tx.recording(clip.recording_id)
        if clip.number is not None and clip.number.series != desk.series:
            raise Refused(
                f"clip {clip_id} is {clip.number.series}'s record {clip.number.printed}: an "
                "imported record keeps its number and is not published again by this desk"
            )
    if clip.edition > 0 and not (note or "").strip():
        raise BadInput(
            f"record {clip.number.printed if clip.number else clip_id} is published: a new edition"
            " needs a public note of what it said and what it says now (--note)"
        )
    with ExitStack() as stack:
        cuts = _cut(desk, recording, clip.spans, stack, progress)
        deposits = [(cut, stack.enter_context(desk.vault.deposit_file(cut.path))) for cut in cuts]
        with desk.catalogue.transaction() as tx:
            if tx.clip(clip_id).edition != clip.edition:
                raise Conflict(
                    f"clip {clip_id} was published by somebody else meanwhile; look at it first"
                )
            record = replace(
                draft_record(
                    tx, clip, recording, actor=actor, desk_name=desk.name, now_utc=now_utc,
                    media=tuple(_media(cut, deposit) for cut, deposit in deposits),
                ),
                number=tx.take_number(clip.id, desk.series),
                note=note.strip() if note else None,
            )  # fmt: skip
            document = record_json.write(record, record_text.layout_for(record))
            document_of(document)  # what cannot be read again is never published
            tx.add_edition(
                clip_id, record.edition, document=document,
                objects=[deposit.object for _, deposit in deposits], actor=actor, note=note,
            )  # fmt: skip
            tx.note_act(actor, "publish", "clip", clip_id, edition=record.edition)
            published = tx.clip(clip_id)
        for _, deposit in deposits:
            deposit.keep()
    return Published(published, record, tuple(cut.note for cut in cuts if cut.note))


def _cut(
    desk: Desk,
    recording: Recording,
    spans: Sequence[Span],
    stack: ExitStack,
    progress: Callable[[float], None] | None,
) -> list[CutFile]:
    if recording.object is None or recording.media is None:
        return []
    if recording.quarantine is not None:
        raise Refused(
            f"the media of recording {recording.id} is in quarantine ({recording.quarantine}); "
            "no clip can be cut from it"
        )
    folder = stack.enter_context(scratch_folder(desk, "cut"))
    source = desk.vault.path(recording.object.sha256)
    return list(media.cut(source, spans, folder, desk.limits, progress))


def _media(cut: CutFile, deposit: Deposit) -> RecordMedia:
    one = deposit.object
    return RecordMedia(
        cut.role, one.sha256, one.size_bytes, cut.media_type, one.name, cut.clip_in, cut.clip_out
    )
