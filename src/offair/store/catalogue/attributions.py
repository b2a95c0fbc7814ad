"""Speakers, and who is said to speak in which turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, select, union_all

from offair.model.errors import NotFound
from offair.model.transcript import Attribution, Speaker, SpeakerKind
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.layers import LayerRows, name_key
from offair.store.catalogue.prepared import IDS, Prepared
from offair.store.catalogue.rows import PAGE

_l, _t = tables.layer.c, tables.turn.c
_p, _a = tables.speaker.c, tables.attribution.c

# Made once: a check of one quotation has a millisecond for all it reads.
_IDS: BindParameter[int] = bindparam(IDS, expanding=True)
_voice, _author = tables.speaker.alias("voice"), tables.speaker.alias("author")
_NEWEST = Prepared(
    select(
        tables.attribution,
        *(
            column.label(f"{whose.name}_{column.name}")
            for whose in (_voice, _author)
            for column in (whose.c.name, whose.c.kind, whose.c.withheld)
        ),
    )
    .outerjoin(_voice, _voice.c.id == _a.voice_id)
    .outerjoin(_author, _author.c.id == _a.author_id)
    .where(_a.id.in_(select(func.max(_a.id)).where(_a.turn_id.in_(_IDS)).group_by(_a.turn_id))),
    by_ids=True,
)
_SPEAKERS = Prepared(select(tables.speaker).where(_p.id.in_(_IDS)), by_ids=True)


def _of(recording_id: int) -> ColumnElement[bool]:
    """A role is nobody outside its own recording."""
    return _p.recording_id.is_(None) | (_p.recording_id == recording_id)


def _speaker(row: Any) -> Speaker:
    return Speaker(row.name, SpeakerKind(row.kind), row.id, row.withheld)


def _joined(
    speaker_id: int | None, name: str | None, kind: str | None, withheld: bool | None
) -> Speaker | None:
    """A speaker from the columns of an outer join."""
    if name is None or kind is None:
        return None
    return Speaker(name, SpeakerKind(kind), speaker_id, bool(withheld))


class AttributionRows(LayerRows):
    """The part of a transaction that holds speakers and attributions."""

    def add_attributions(self, attributions: Sequence[Attribution]) -> None:
        """Append attributions; a speaker without id is found by name and kind or made.

        A role is looked for in the turn's own recording only. Each layer that has one of the turns
        gets one row in the change table. Raises `NotFound` (turn, speaker).
        """
        owners: dict[int, int] = {}
        changed: set[int] = set()
        ids = sorted({one.turn_id for one in attributions})
        for first in range(0, len(ids), PAGE):
            statement = (
                select(_t.id, _l.recording_id, _t.layer_id)
                .join(tables.layer, _t.layer_id == _l.id)
                .where(_t.id.in_(ids[first : first + PAGE]))
            )
            for row in self._run(statement):
                owners[row.id] = row.recording_id
                changed.add(row.layer_id)
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
        for layer_id in sorted(changed):
            self._note_change("layer", layer_id)

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
                "withheld": speaker.withheld or self._is_withheld(speaker.name, recording_id),
            },
        )

    def _is_withheld(self, name: str, recording_id: int) -> bool:
        """Whether somebody of this name, in upper or lower case, is withheld."""
        return name_key(name) in {name_key(one.name) for one in self.withheld(recording_id)}

    def withheld(self, recording_id: int) -> Sequence[Speaker]:
        """Who is withheld and could be named in this recording: persons, and its own roles."""
        statement = select(tables.speaker).where(_p.withheld.is_(True), _of(recording_id))
        return [_speaker(row) for row in self._run(statement.order_by(_p.id))]

    def attributions(self, turn_ids: Sequence[int]) -> Mapping[int, Attribution]:
        """The newest attribution of each turn that has one, of speakers who are withheld too: who
        shows a speaker must ask for `Speaker.withheld`."""
        return {
            row.turn_id: Attribution(
                turn_id=row.turn_id,
                voice=_joined(row.voice_id, row.voice_name, row.voice_kind, row.voice_withheld),
                author=_joined(
                    row.author_id, row.author_name, row.author_kind, row.author_withheld
                ),
                label=row.label,
                certainty=row.certainty,
                made_by=row.made_by,
                confirmed_by=row.confirmed_by,
                heard=row.heard,
            )
            for row in self._read_by_ids(_NEWEST, turn_ids)
        }

    def _speakers(self, speaker_ids: Sequence[int]) -> dict[int, Speaker]:
        return {row.id: _speaker(row) for row in self._read_by_ids(_SPEAKERS, speaker_ids)}

    def speakers(self, recording_id: int) -> Sequence[Speaker]:
        """Everybody who could be named in this recording, who is withheld too: every person and
        label the desk knows, and its own roles."""
        statement = select(tables.speaker).where(_of(recording_id)).order_by(_p.id)
        return [_speaker(row) for row in self._run(statement)]

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
        return [_speaker(row) for row in self._run(statement)]
