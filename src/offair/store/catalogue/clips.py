"""Clips, their numbers and the editions of their records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from offair.model.clip_work import EditionAct
from offair.model.errors import BadInput, Conflict, Gone, NotFound, Withdrawn
from offair.model.record import Clip, RecordNumber
from offair.model.recording import VaultObject
from offair.model.time import Span
from offair.model.transcript import Turn
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc, read_json, write_json
from offair.store.catalogue.record_acts import RecordActTableRows
from offair.store.catalogue.recordings import RecordingRows
from offair.store.catalogue.revisions import RevisionRows
from offair.store.catalogue.rows import PAGE

_c, _e, _t = tables.clip.c, tables.edition.c, tables.turn.c


def _clip(row: Row[Any], spans: Sequence[Span], turn_ids: Sequence[int]) -> Clip:
    return Clip(
        id=row.id,
        recording_id=row.recording_id,
        layer_id=row.layer_id,
        spans=tuple(spans),
        turn_ids=tuple(turn_ids),
        headline=row.headline,
        summary=tuple(read_json(row.summary)),
        made_by=row.made_by,
        made_utc=row.made_utc,
        number=None if row.series is None else RecordNumber(row.series, row.printed),
        edition=row.edition,
    )


class ClipRows(RecordingRows, RevisionRows, RecordActTableRows):
    """The part of a transaction that holds clips and published records."""

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
        """A draft. Raises `NotFound` (recording, layer, turn), `BadInput` where the layer is
        another recording's."""
        self._check_clip(recording_id, layer_id, turn_ids)
        clip_id = self._insert(
            tables.clip,
            {
                "recording_id": recording_id,
                "layer_id": layer_id,
                "headline": headline,
                "summary": write_json(list(summary)),
                "made_by": actor,
                "made_utc": now_utc(),
                "edition": 0,
            },
        )
        self._write_places(clip_id, spans, turn_ids)
        return self.clip(clip_id)

    def change_clip(
        self,
        clip_id: int,
        *,
        layer_id: int | None,
        spans: Sequence[Span],
        turn_ids: Sequence[int],
        headline: str | None,
        summary: Sequence[str],
    ) -> Clip:
        """Write what a draft is anew. Raises `NotFound` (clip, layer, turn), `BadInput` where the
        layer is another recording's."""
        self._check_clip(self.clip(clip_id).recording_id, layer_id, turn_ids)
        row = {"layer_id": layer_id, "headline": headline, "summary": write_json(list(summary))}
        self._run(tables.clip.update().where(_c.id == clip_id), row)
        for table in (tables.clip_span, tables.clip_turn):
            self._run(table.delete().where(table.c.clip_id == clip_id))
        self._write_places(clip_id, spans, turn_ids)
        return self.clip(clip_id)

    def _check_clip(self, recording_id: int, layer_id: int | None, turn_ids: Sequence[int]) -> None:
        self.recording(recording_id)
        if layer_id is not None and self.layer(layer_id).recording_id != recording_id:
            raise BadInput(
                f"layer {layer_id} is no text of recording {recording_id}; choose one of its own"
            )
        self.turns_by_id(turn_ids)

    def _write_places(self, clip_id: int, spans: Sequence[Span], turn_ids: Sequence[int]) -> None:
        spanned = [
            {"clip_id": clip_id, "ordinal": place, "start_ms": one.start, "end_ms": one.end}
            for place, one in enumerate(spans)
        ]
        turned = [
            {"clip_id": clip_id, "ordinal": place, "turn_id": one}
            for place, one in enumerate(turn_ids)
        ]
        if spanned:
            self._run(tables.clip_span.insert(), spanned)
        if turned:
            self._run(tables.clip_turn.insert(), turned)

    def clips_of(self, recording_ids: Sequence[int]) -> Sequence[Clip]:
        """Every clip of these recordings, the newest first."""
        found: list[Clip] = []
        for start in range(0, len(recording_ids), PAGE):
            ids = recording_ids[start : start + PAGE]
            found += self._clips(select(tables.clip).where(_c.recording_id.in_(ids)))
        return sorted(found, key=lambda one: -one.id)

    def taken_over(self, turn_id: int) -> tuple[Sequence[Turn], Sequence[Turn]] | None:
        """The turns that were replaced together with this one, and those that came in their place,
        each in order; None where it stands. Raises `NotFound`."""
        self.turns_by_id([turn_id])
        by = self._run(select(_t.replaced_by).where(_t.id == turn_id)).scalar_one()
        if by is None:
            return None
        ids = [
            list(self._run(select(_t.id).where(column == by).order_by(order)).scalars())
            # Numbers tell the order of turns replaced together; those made, when they were made.
            for column, order in ((_t.replaced_by, _t.ordinal), (_t.made_in, _t.id))
        ]
        return self.turns_by_id(ids[0]), self.turns_by_id(ids[1])

    def clip(self, clip_id: int) -> Clip:
        """One clip, with its number and newest edition. Raises `NotFound`."""
        found = self._clips(select(tables.clip).where(_c.id == clip_id))
        if not found:
            raise NotFound(f"the desk has no clip {clip_id}; list the clips to find its number")
        return found[0]

    def clips(self, *, limit: int = 100, before_id: int | None = None) -> Sequence[Clip]:
        """Newest first; with `before_id`, those older than that one."""
        statement = select(tables.clip).order_by(_c.id.desc()).limit(limit)
        if before_id is not None:
            statement = statement.where(_c.id < before_id)
        return self._clips(statement)

    def clip_numbered(self, number: RecordNumber) -> Clip:
        """The clip with this number. Raises `NotFound`."""
        found = self._clips(
            select(tables.clip).where(_c.series == number.series, _c.printed == number.printed)
        )
        if not found:
            raise NotFound(f"the desk has no record {number.series} {number.printed}")
        return found[0]

    def take_number(self, clip_id: int, series: str) -> RecordNumber:
        """Give the clip its number from the series' counter row, locked until commit.

        Numbers of a series run 1, 2, … printed in plain digits; one that an imported record
        brought with it is passed over. The number a clip already has is returned unchanged.
        Raises `NotFound`, `BadInput` where the series has no name.
        """
        if not series.strip():
            raise BadInput("a series of records needs a name; set one in the settings")
        known = self.clip(clip_id).number
        if known is not None:
            return known
        q = tables.series.c
        self._insert_once(tables.series, {"name": series, "last": 0})
        locked = select(q.last).where(q.name == series).with_for_update()
        value = int(self._run(locked).scalar_one()) + 1
        while self._run(select(_c.id).where(_c.series == series, _c.printed == str(value))).first():
            value += 1
        self._run(tables.series.update().where(q.name == series), {"last": value})
        number = RecordNumber(series, str(value))
        self._number_clip(clip_id, number)
        return number

    def set_printed_number(self, clip_id: int, number: RecordNumber) -> None:
        """An imported record keeps its own. Raises `NotFound`; `Conflict` where another clip has
        this number or the clip has another one."""
        known = self.clip(clip_id).number
        if known == number:
            return
        if known is not None:
            raise Conflict(
                f"clip {clip_id} is {known.series} {known.printed} already; a record keeps "
                "its number"
            )
        holder = select(_c.id).where(_c.series == number.series, _c.printed == number.printed)
        taken = self._run(holder).scalar()
        if taken is not None:
            raise Conflict(
                f"{number.series} {number.printed} is clip {taken} already; make a new edition of "
                "that one, or name another publisher"
            )
        self._number_clip(clip_id, number)

    def _number_clip(self, clip_id: int, number: RecordNumber) -> None:
        update = tables.clip.update().where(_c.id == clip_id)
        self._run(update, {"series": number.series, "printed": number.printed})

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
        """Publish one edition: its JSON document, its media files, a change row.

        Editions run 1, 2, … without holes. Raises `NotFound`, `Conflict` where `edition` is not
        the next one (somebody else published meanwhile).
        """
        newest = self.clip(clip_id).edition
        if edition != newest + 1:
            raise Conflict(
                f"clip {clip_id} stands at edition {newest}, so that edition {edition} cannot be "
                f"published; look at it again and publish edition {newest + 1}"
            )
        edition_id = self._insert(
            tables.edition,
            {
                "clip_id": clip_id,
                "edition": edition,
                "document": document,
                "made_by": actor,
                "made_utc": now_utc(),
                "note": note,
            },
        )
        for place, one in enumerate(objects):
            self._ensure_object(one)
            row = {"edition_id": edition_id, "ordinal": place, "object_name": one.name}
            self._run(tables.edition_object.insert(), {**row, "object_sha256": one.sha256})
        self._run(tables.clip.update().where(_c.id == clip_id), {"edition": edition})
        self._note_change("record", clip_id)

    def edition(self, clip_id: int, edition: int | None = None) -> tuple[int, str]:
        """(edition, JSON document): the one asked, or the newest. Raises `NotFound`, `Withdrawn`,
        and `Gone` where the record was removed."""
        self._check_stands(clip_id)
        statement = select(_e.edition, _e.document).where(_e.clip_id == clip_id)
        if edition is not None:
            statement = statement.where(_e.edition == edition)
        row = self._run(statement.order_by(_e.edition.desc()).limit(1)).one_or_none()
        if row is None:
            asked = "a published record" if edition is None else f"an edition {edition}"
            raise NotFound(
                f"clip {clip_id} has not {asked}; publish it, or ask for another edition"
            )
        return row.edition, row.document

    def _check_stands(self, clip_id: int) -> None:
        ended = self.ended_by(clip_id)
        if ended is None:
            return
        if ended.act is EditionAct.REMOVE:
            raise Gone("this record was removed and is not shown any more")
        number = self.clip(clip_id).number or RecordNumber("", "")
        raise Withdrawn(
            f"record {number.printed} was withdrawn on {ended.made_utc[:10]}: {ended.note or ''}",
            series=number.series, printed=number.printed, day=ended.made_utc[:10],
            reason=ended.note or "",
        )  # fmt: skip

    def _clips(self, statement: Select[Any]) -> list[Clip]:
        rows = self._run(statement).all()
        spans: dict[int, list[Span]] = {}
        turn_ids: dict[int, list[int]] = {}
        s, t = tables.clip_span.c, tables.clip_turn.c
        for start in range(0, len(rows), PAGE):
            ids = [row.id for row in rows[start : start + PAGE]]
            found = (
                select(tables.clip_span).where(s.clip_id.in_(ids)).order_by(s.clip_id, s.ordinal)
            )
            for row in self._run(found):
                spans.setdefault(row.clip_id, []).append(Span(row.start_ms, row.end_ms))
            turned = (
                select(tables.clip_turn).where(t.clip_id.in_(ids)).order_by(t.clip_id, t.ordinal)
            )
            for row in self._run(turned):
                turn_ids.setdefault(row.clip_id, []).append(row.turn_id)
        return [_clip(row, spans.get(row.id, ()), turn_ids.get(row.id, ())) for row in rows]
