"""Remove a published record, for law or safety: every address of it answers that it is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from offair.desk import Desk
from offair.desk.record_end import LONGEST_REASON, end_record, numbered
from offair.model.clip_work import ClipState, EditionAct, RecordAct
from offair.model.errors import Conflict
from offair.model.record import Clip
from offair.model.time import Span
from offair.model.transcript import Turn
from offair.store import Transaction
from offair.text.attribute import ranges_inside

BLOCK = "█"
"""What stands for a character that was removed (U+2588): it is no letter, and no word is of it."""
INSTEAD = "removed"
SEALED = "sealed"
"""The role of what is kept of removed words; nothing at the desk shows it."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A record that was removed. also: numbers of other records that print words of the same spans,
    for somebody to decide about. freed_bytes: of media that were erased."""

    act: RecordAct
    also: tuple[str, ...]
    freed_bytes: int


def remove_record(
    desk: Desk, address: str, ground: str, *, actor: str, erase: bool = False
) -> Removed:
    """Remove the record at an address (`12`, `publisher/8914`), all its editions, for good.

    Every edition, media file, sentence address, data twin, feed, embed and shared report that rests
    on the recording answers that it is gone. The words it printed are blacked out in every text of
    the recording, older versions too, so that nothing finds or confirms them; no new text of the
    recording is made. What stood there is sealed in the vault, or with erase taken out for good
    together with the record's documents and media. The recording's own media stay at the desk. The
    number stays taken. ground: kept, never shown. Done twice is once, but what was sealed can be
    erased. Raises `NotFound`, `BadInput` (no ground), `Conflict` (it is being published).
    """
    freed: Sequence[str] = ()
    sealed: dict[int, str] = {}
    with desk.catalogue.transaction() as tx:
        clip = numbered(tx, desk.series, address)
        before = tx.ended_by(clip.id)
        known = before is not None and before.act is EditionAct.REMOVE
        if any(one.leased_until is not None for one in tx.jobs_about("publish", clip.id)):
            raise Conflict(f"clip {clip.id} is being published; remove its record afterwards")
        act = end_record(
            tx, clip, EditionAct.REMOVE, ClipState.REMOVED, actor=actor, told=ground,
            longest=LONGEST_REASON, erased=erase,
        )  # fmt: skip
        also = tuple(_also(tx, clip, desk.series))
        if not known:
            sealed = _black_out(tx, clip)
            tx.forget_clip(clip.id)
            tx.end_reports(clip.recording_id, INSTEAD)
        if erase:
            freed = list(tx.erase_record(clip.id, clip.spans))
            freed += [one.sha256 for _, one in tx.attached(clip.recording_id, SEALED)]
            tx.drop_attached(clip.recording_id, SEALED)
            if known and not act.erased:
                tx.note_act(actor, "erase_record", "clip", clip.id)
    if sealed and not erase:
        _seal(desk, clip, sealed)
    return Removed(act, also, sum(desk.vault.remove(one) for one in freed))


def _black_out(tx: Transaction, clip: Clip) -> dict[int, str]:
    """Black out what the clip printed; the words that stood there, by turn."""
    changed: list[Turn] = []
    words: dict[int, str] = {}
    for turn in tx.turns_ever(clip.recording_id):
        ranges = _printed(turn, clip)
        if ranges:
            changed.append(blacked(turn, ranges))
            words[turn.id] = turn.text
    tx.black_out(clip.recording_id, changed, clip.spans, INSTEAD)
    return words


def _printed(turn: Turn, clip: Clip) -> list[tuple[int, int]]:
    """The ranges of a turn's text that stand in the clip. Where nobody knows the time of a word,
    the whole turn does."""
    if not clip.spans or turn.span is None:
        return [(0, len(turn.text))]
    if turn.words.span is None:
        inside = any(turn.span.overlaps(span) for span in clip.spans)
        return [(0, len(turn.text))] if inside else []
    return [one for span in clip.spans for one in ranges_inside(turn, span)]


def blacked(turn: Turn, ranges: Iterable[tuple[int, int]]) -> Turn:
    """The turn with blocks in the place of what stands in these ranges; lines stay lines."""
    letters = list(turn.text)
    marks = list(turn.marks)
    for start, end in ranges:
        letters[start:end] = [one if one == "\n" else BLOCK for one in letters[start:end]]
        for place, mark in enumerate(marks):
            if mark.char_start <= end and start <= mark.char_end:
                marks[place] = replace(mark, text=BLOCK * len(mark.text), sense=None)
    return replace(turn, text="".join(letters), marks=tuple(marks))


def _also(tx: Transaction, clip: Clip, series: str) -> Iterable[str]:
    for other in tx.clips_of([clip.recording_id]):
        if other.id == clip.id or other.number is None or tx.ended_by(other.id) is not None:
            continue
        if not clip.spans or any(_meet(one, two) for one in clip.spans for two in other.spans):
            own = other.number.series == series
            yield other.number.printed if own else f"{other.number.series}/{other.number.printed}"


def _meet(one: Span, two: Span) -> bool:
    return one.start < two.end and two.start < one.end


def _seal(desk: Desk, clip: Clip, words: dict[int, str]) -> None:
    data = json.dumps({"clip": clip.id, "turns": words}, ensure_ascii=False).encode()
    with desk.vault.deposit_bytes(data, f"removed-{clip.id}.json") as deposit:
        with desk.catalogue.transaction() as tx:
            tx.attach_object(clip.recording_id, SEALED, deposit.object)
        deposit.keep()
