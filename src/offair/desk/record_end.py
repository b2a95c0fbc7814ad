"""What withdrawing and removing a record share: which record it is, and the act that ends it."""

from __future__ import annotations

from dataclasses import replace

from offair.model.clip_work import ClipState, EditionAct, RecordAct
from offair.model.errors import BadInput, Gone, NotFound
from offair.model.record import Clip, RecordNumber
from offair.store import Transaction

LONGEST_REASON = 2_000
"""Characters of a reason or a ground."""


def numbered(tx: Transaction, series: str, address: str) -> Clip:
    """The clip whose record stands, or stood, at an address: `12`, `publisher/8914`. Raises
    `NotFound`."""
    publisher, found, printed = address.partition("/")
    readings = [RecordNumber(series, address)]
    if found:
        readings.append(RecordNumber(publisher, printed))
    for number in readings:
        try:
            clip = tx.clip_numbered(number)
        except NotFound:
            continue
        if clip.edition:
            return clip
    raise NotFound(
        f"there is no record {address!r} here; name it by its number, without an edition"
    )


def end_record(
    tx: Transaction,
    clip: Clip,
    act: EditionAct,
    state: ClipState,
    *,
    actor: str,
    told: str,
    longest: int,
    erased: bool = False,
) -> RecordAct:
    """End every edition of a clip's record; the act that did where that was done before. told: the
    public reason of a withdrawal, the ground of a removal. Raises `BadInput`, `Gone`."""
    line = " ".join(told.split())
    if not 0 < len(line) <= longest:
        raise BadInput(f"say in 1 to {longest:,} characters why the record goes")
    ended = tx.ended_by(clip.id)
    if ended is not None and ended.act is EditionAct.REMOVE and act is not EditionAct.REMOVE:
        raise Gone("this record was removed; there is nothing left to withdraw")
    if ended is not None and ended.act is act:
        return ended
    public = act is EditionAct.WITHDRAW
    done = tx.add_record_act(
        clip.id, clip.edition, act, actor=actor, note=line if public else None,
        ground=None if public else line, erased=erased,
    )  # fmt: skip
    work = tx.clip_work(clip.id)
    tx.save_clip_work(replace(work, state=state), version=work.version, actor=actor)
    # The ground of a removal is in its act alone: the log is read by more people.
    tx.note_act(actor, f"{act.value}_record", "clip", clip.id, edition=clip.edition, erased=erased)
    return done
