"""Publish a clip: ask what stops it, cut its media, then number, edition and document at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from offair import media
from offair.desk import Desk
from offair.desk.clip_states import set_published
from offair.desk.publication_stops import passed_stops
from offair.desk.publishing import Publishing, act_of, public_note, stops_of
from offair.desk.record_address import document_of
from offair.desk.record_draft import draft_record
from offair.desk.scratch import scratch_folder
from offair.desk.tidied_record import not_tidy
from offair.formats import record_json, record_text
from offair.media import CutFile
from offair.model.clip_work import EditionAct, Stop
from offair.model.errors import BadInput, Conflict, Refused
from offair.model.record import Clip, Record, RecordMedia
from offair.model.recording import Recording
from offair.model.time import Span
from offair.store import Deposit, Transaction


@dataclass(frozen=True, slots=True)
class Published:
    """A published edition. notes: what could not be done, as sentences. passed: the stops that were
    passed by an override."""

    clip: Clip
    record: Record
    notes: tuple[str, ...]
    passed: tuple[Stop, ...] = ()


_PLAIN = Publishing()


def publish(
    desk: Desk,
    clip_id: int,
    how: Publishing = _PLAIN,
    *,
    actor: str,
    now_utc: str,
    progress: Callable[[float], None] | None = None,
    finish: Callable[[Transaction], None] = lambda _: None,
) -> Published:
    """Publish a draft as edition 1, or a published clip as its next edition.

    A *correction* carries a public note; a *tidying* is logged and carries none, and changes
    spelling and punctuation alone. What stops a clip is asked before its media is cut, and again
    when it is numbered. `now_utc` is ISO 8601 with `Z`. Unless persons heard every word printed and
    confirmed who says it, the record says in every format which of `NOTICES` it is; it says too how
    many sentences translate what was changed since. A cut that fails burns no number. `finish` is
    called in the transaction that publishes. Raises `NotFound`, `Stopped`, `BadInput` (no note for
    a correction, more than tidied), `Refused` (an imported record, a withdrawn or removed one),
    `Conflict` (changed or published meanwhile), media errors of the cut.
    """
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        recording = tx.recording(clip.recording_id)
        act = act_of(desk, tx, clip, how)
        passed_stops(stops_of(desk, tx, clip_id, now_utc), how.override)
    note = public_note(how) if act is EditionAct.CORRECT else None
    with ExitStack() as stack:
        cuts = _cut(desk, recording, clip.spans, stack, progress)
        deposits = [(cut, stack.enter_context(desk.vault.deposit_file(cut.path))) for cut in cuts]
        with desk.catalogue.transaction() as tx:
            work = tx.clip_work(clip_id)
            changed = how.version is not None and work.version != how.version
            if tx.clip(clip_id) != clip or changed:
                raise Conflict(
                    f"clip {clip_id} was published or changed by {work.changed_by or 'somebody'} "
                    "meanwhile; look at it first"
                )
            passed = passed_stops(stops_of(desk, tx, clip_id, now_utc), how.override)
            record = replace(
                draft_record(
                    tx, clip, recording, actor=actor, desk_name=desk.name, now_utc=now_utc,
                    media=tuple(_media(cut, deposit) for cut, deposit in deposits),
                ),
                number=tx.take_number(clip.id, desk.series),
                note=note,
            )  # fmt: skip
            if act is EditionAct.TIDY:
                _check_tidy(tx, clip, record)
            document = record_json.write(record, record_text.layout_for(record))
            document_of(document)  # what cannot be read again is never published
            tx.add_edition(
                clip_id, record.edition, document=document,
                objects=[deposit.object for _, deposit in deposits], actor=actor, note=note,
            )  # fmt: skip
            tx.add_record_act(
                clip_id, record.edition, act, actor=actor, note=how.note, said=how.said,
                says=how.says,
            )  # fmt: skip
            set_published(tx, clip_id, actor=actor, passed=passed)
            tx.note_act(
                actor, "publish", "clip", clip_id, edition=record.edition, act=act.value,
                override=how.override if passed else None,
                # By their kinds: nothing is ever taken out of the log, and sentences quote.
                passed=", ".join(sorted({one.kind.value for one in passed})) or None,
            )  # fmt: skip
            finish(tx)
            published = tx.clip(clip_id)
        for _, deposit in deposits:
            deposit.keep()
    return Published(published, record, tuple(cut.note for cut in cuts if cut.note), passed)


def _check_tidy(tx: Transaction, clip: Clip, record: Record) -> None:
    """Raises `BadInput` where the edition changes more than spelling and punctuation."""
    before, _ = document_of(tx.edition(clip.id)[1])
    more = not_tidy(before, record)
    if more is not None:
        raise BadInput(f"that is no tidying of clip {clip.id}: {more}; correct it, with a note")


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
