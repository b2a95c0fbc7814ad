"""Layers, turns, speakers, attributions, and the change table the index reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select, union_all

from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    SourceSentence,
    Speaker,
    SpeakerKind,
    Turn,
)
from offair.model.words import Words
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc, read_marks, write_marks
from offair.store.catalogue.rows import PAGE
from offair.store.catalogue.sentences import SentenceRows, check_ranges

_l, _t = tables.layer.c, tables.turn.c
_p, _a, _r = tables.speaker.c, tables.attribution.c, tables.revision.c


def _layer(row: Row[Any]) -> Layer:
    return Layer(
        id=row.id,
        recording_id=row.recording_id,
        kind=LayerKind(row.kind),
        language=row.language,
        origin=LayerOrigin(row.origin),
        maker=row.maker,
        run=row.run,
        frozen=row.frozen,
        source_layer_id=row.source_layer_id,
        note=row.note,
    )


def _turn(row: Row[Any]) -> Turn:
    return Turn(
        id=row.id,
        ordinal=row.ordinal,
        text=row.text,
        words=Words.unpack(row.words),
        span=None if row.start_ms is None else Span(row.start_ms, row.end_ms),
        label=row.label,
        marks=read_marks(row.marks),
        made_by=row.revised_by,
    )


def _select_turns() -> Select[Any]:
    return select(tables.turn, _r.made_by.label("revised_by")).outerjoin(
        tables.revision, _r.id == _t.made_in
    )


def _check_ranges(turns: Sequence[Turn], sentences: Sequence[Sequence[tuple[int, int]]]) -> None:
    if len(turns) != len(sentences):
        raise BadInput(
            f"a layer of {len(turns)} turns came with sentences for {len(sentences)}; give one "
            "list for every turn"
        )
    for place, (turn, ranges) in enumerate(zip(turns, sentences, strict=True)):
        check_ranges(turn.text, ranges, f"turn {place} of a layer")


class LayerRows(SentenceRows):
    """The part of a transaction that holds layers and what belongs to their turns."""

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
        """A frozen layer with its turns, sentences and a row in the change table.

        Turn ids and ordinals (0, 1, … in the order given) are set here; `sentences` holds one
        list of character ranges per turn; `sources` is by (place of the turn, place of the
        sentence in it). An engine's speech layer finishes its run; runs of a translation are
        counted apart. Raises `Conflict` where the layer's key exists, `BadInput` where a range
        does not fit its turn or a source sentence does not exist.
        """
        _check_ranges(turns, sentences)
        values = {
            "recording_id": recording_id,
            "kind": kind.value,
            "language": language,
            "origin": origin.value,
            "maker": maker,
            "run": run,
        }
        known = self._run(
            select(_l.id).where(*(_l[name] == value for name, value in values.items()))
        ).scalar()
        if known is not None:
            raise Conflict(
                f"recording {recording_id} has this layer already (layer {known}: {kind.value}, "
                f"{language}, {origin.value}, {maker}, run {run}); a new text needs a new run"
            )
        layer_id = self._insert(
            tables.layer,
            {
                **values,
                "frozen": True,
                "source_layer_id": source_layer_id,
                "note": note,
                "made_utc": now_utc(),
            },
        )
        self._add_turns(layer_id, turns, sentences, sources or {})
        if kind is LayerKind.SPEECH and origin is LayerOrigin.ENGINE:
            self._finish_run(recording_id, run)
        self._note_change("layer", layer_id)
        return self.layer(layer_id)

    def _add_turns(
        self,
        layer_id: int,
        turns: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]],
    ) -> None:
        for turn, place in sources:
            if not (0 <= turn < len(turns) and 0 <= place < len(sentences[turn])):
                raise BadInput(
                    f"sources were given for sentence {place} of turn {turn}, which the layer does "
                    "not have; give them for its own sentences"
                )
        if not turns:
            return
        self._run(
            tables.turn.insert(),
            [
                {
                    "layer_id": layer_id,
                    "ordinal": ordinal,
                    "text": turn.text,
                    "words": turn.words.pack(),
                    "start_ms": None if turn.span is None else turn.span.start,
                    "end_ms": None if turn.span is None else turn.span.end,
                    "label": turn.label,
                    "marks": write_marks(turn.marks),
                }
                for ordinal, turn in enumerate(turns)
            ],
        )
        statement = select(_t.id).where(_t.layer_id == layer_id).order_by(_t.ordinal)
        ids = self._run(statement).scalars().all()
        rows = [
            {"turn_id": turn_id, "char_start": start, "char_end": end}
            for turn_id, ranges in zip(ids, sentences, strict=True)
            for start, end in ranges
        ]
        if rows:
            self._run(tables.sentence.insert(), rows)
        if sources:
            made: dict[int, list[int]] = {}
            for one in self.sentences([ids[turn] for turn, _ in sources]):
                made.setdefault(one.turn_id, []).append(one.id)
            self._set_sources(
                {made[ids[turn]][place]: given for (turn, place), given in sources.items()}
            )

    def layers(self, recording_id: int) -> Sequence[Layer]:
        """The layers of a recording, newest run first; within a run the newest layer first."""
        statement = (
            select(tables.layer)
            .where(_l.recording_id == recording_id)
            .order_by(_l.run.desc(), _l.id.desc())
        )
        return [_layer(row) for row in self._run(statement)]

    def layer(self, layer_id: int) -> Layer:
        """One layer. Raises `NotFound`."""
        row = self._run(select(tables.layer).where(_l.id == layer_id)).one_or_none()
        if row is None:
            raise NotFound(f"the desk has no layer {layer_id}; look at the layers of its recording")
        return _layer(row)

    def turns(
        self, layer_id: int, *, span: Span | None = None, offset: int = 0, limit: int | None = None
    ) -> Sequence[Turn]:
        """Turns that stand now, in order; with `span`, those that share time with it (untimed turns
        never do)."""
        statement = (
            _select_turns()
            .where(_t.layer_id == layer_id, _t.replaced_by.is_(None))
            .order_by(_t.ordinal)
        )
        if span is not None:
            statement = statement.where(_t.start_ms < span.end, _t.end_ms > span.start)
            statement = statement.offset(offset)
        else:
            # Standing ordinals run 0, 1, … without holes, so that a page is a range of the index.
            statement = statement.where(_t.ordinal >= offset)
        return [_turn(row) for row in self._run(statement.limit(limit))]

    def count_turns(self, layer_id: int) -> int:
        """How many turns of a layer stand now."""
        standing = (_t.layer_id == layer_id, _t.replaced_by.is_(None))
        statement = select(func.count()).select_from(tables.turn).where(*standing)
        return int(self._run(statement).scalar_one())

    def turns_by_id(self, turn_ids: Sequence[int]) -> Sequence[Turn]:
        """These turns, replaced ones too, in the order asked. Raises `NotFound` where one is
        missing."""
        found: dict[int, Turn] = {}
        for start in range(0, len(turn_ids), PAGE):
            statement = _select_turns().where(_t.id.in_(turn_ids[start : start + PAGE]))
            found.update((row.id, _turn(row)) for row in self._run(statement))
        for turn_id in turn_ids:
            if turn_id not in found:
                raise NotFound(f"the desk has no turn {turn_id}; read its layer again")
        return [found[turn_id] for turn_id in turn_ids]

    def add_attributions(self, attributions: Sequence[Attribution]) -> None:
        """Append attributions; a speaker without id is found by name and kind or made.

        A role is looked for in the turn's own recording only. Raises `NotFound` (turn, speaker).
        """
        owners: dict[int, int] = {}
        ids = sorted({one.turn_id for one in attributions})
        for first in range(0, len(ids), PAGE):
            statement = (
                select(_t.id, _l.recording_id)
                .join(tables.layer, _t.layer_id == _l.id)
                .where(_t.id.in_(ids[first : first + PAGE]))
            )
            owners |= {row.id: row.recording_id for row in self._run(statement)}
        known: dict[tuple[Speaker | None, int], int | None] = {}
        rows = []
        for one in attributions:
            recording_id = owners.get(one.turn_id)
            if recording_id is None:
                raise NotFound(f"the desk has no turn {one.turn_id}; read its layer again")
            for speaker in (one.voice, one.author):
                if (speaker, recording_id) not in known:
                    known[speaker, recording_id] = self._speaker_id(speaker, recording_id)
            rows.append(
                {
                    "turn_id": one.turn_id,
                    "voice_id": known[one.voice, recording_id],
                    "author_id": known[one.author, recording_id],
                    "label": one.label,
                    "certainty": one.certainty,
                    "made_by": one.made_by,
                    "confirmed_by": one.confirmed_by,
                    "heard": one.heard,
                    "made_utc": now_utc(),
                }
            )
        if rows:
            self._run(tables.attribution.insert(), rows)

    def _speaker_id(self, speaker: Speaker | None, recording_id: int) -> int | None:
        if speaker is None:
            return None
        if speaker.id is not None:
            if self._run(select(_p.id).where(_p.id == speaker.id)).scalar() is None:
                raise NotFound(f"the desk has no speaker {speaker.id}; name the speaker instead")
            return speaker.id
        of = recording_id if speaker.kind is SpeakerKind.ROLE else None
        statement = select(_p.id).where(
            _p.name == speaker.name,
            _p.kind == speaker.kind.value,
            _p.recording_id.is_not_distinct_from(of),
        )
        known = self._run(statement.order_by(_p.id).limit(1)).scalar()
        if known is not None:
            return int(known)
        return self._insert(
            tables.speaker,
            {
                "name": speaker.name,
                "kind": speaker.kind.value,
                "recording_id": of,
                "withheld": speaker.withheld,
            },
        )

    def attributions(self, turn_ids: Sequence[int]) -> Mapping[int, Attribution]:
        """The newest attribution of each turn that has one."""
        found: dict[int, Row[Any]] = {}
        wanted: set[int] = set()
        for start in range(0, len(turn_ids), PAGE):
            page = turn_ids[start : start + PAGE]
            newest = select(func.max(_a.id)).where(_a.turn_id.in_(page)).group_by(_a.turn_id)
            for row in self._run(select(tables.attribution).where(_a.id.in_(newest))):
                found[row.turn_id] = row
                wanted.update(one for one in (row.voice_id, row.author_id) if one is not None)
        speakers = self._speakers(sorted(wanted))
        return {
            turn_id: Attribution(
                turn_id=turn_id,
                voice=speakers.get(row.voice_id),
                author=speakers.get(row.author_id),
                label=row.label,
                certainty=row.certainty,
                made_by=row.made_by,
                confirmed_by=row.confirmed_by,
                heard=row.heard,
            )
            for turn_id, row in found.items()
        }

    def _speakers(self, speaker_ids: Sequence[int]) -> dict[int, Speaker]:
        found: dict[int, Speaker] = {}
        for start in range(0, len(speaker_ids), PAGE):
            page = speaker_ids[start : start + PAGE]
            for row in self._run(select(tables.speaker).where(_p.id.in_(page))):
                found[row.id] = Speaker(row.name, SpeakerKind(row.kind), row.id, row.withheld)
        return found

    def persons(self, *, channel_id: int | None = None, limit: int = 1000) -> Sequence[Speaker]:
        """Persons named in attributions (of one channel's recordings), the one named last first;
        nobody who is withheld."""
        named = []
        for column in (_a.voice_id, _a.author_id):
            one = select(column.label("speaker_id"), _a.id.label("named")).where(
                column.is_not(None)
            )
            if channel_id is not None:
                one = (
                    one.join(tables.turn, _t.id == _a.turn_id)
                    .join(tables.layer, _l.id == _t.layer_id)
                    .join(tables.recording, tables.recording.c.id == _l.recording_id)
                    .where(tables.recording.c.channel_id == channel_id)
                )
            named.append(one)
        every = union_all(*named).subquery()
        newest = func.max(every.c.named)
        statement = (
            select(tables.speaker)
            .join(every, every.c.speaker_id == _p.id)
            .where(_p.kind == SpeakerKind.PERSON.value, _p.withheld.is_(False))
            .group_by(*tables.speaker.c)
            .order_by(newest.desc(), _p.id.desc())
            .limit(limit)
        )
        return [
            Speaker(row.name, SpeakerKind(row.kind), row.id, row.withheld)
            for row in self._run(statement)
        ]

    def changes(self, after: int = 0, limit: int = 1000) -> Sequence[tuple[int, str, int]]:
        """(change number, `layer` or `record`, its id) after that number: what the index reads."""
        c = tables.change.c
        statement = (
            select(c.id, c.kind, c.subject_id).where(c.id > after).order_by(c.id).limit(limit)
        )
        return [(row.id, row.kind, row.subject_id) for row in self._run(statement)]

    def _note_change(self, kind: str, subject_id: int) -> None:
        values = {"kind": kind, "subject_id": subject_id, "made_utc": now_utc()}
        self._insert(tables.change, values)
