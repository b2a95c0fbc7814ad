"""Withholding: a speaker known to the desk and shown to nobody, with who said so, when and why."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from offair.model.errors import Conflict, NotFound
from offair.model.transcript import Withholding
from offair.store.catalogue import tables
from offair.store.catalogue.attributions import AttributionRows
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.layers import name_key

_p, _a, _w = tables.speaker.c, tables.attribution.c, tables.withholding.c
_t, _l = tables.turn.c, tables.layer.c


class WithholdingRows(AttributionRows):
    """The part of a transaction that withholds speakers. Who did so, and lifted it, is kept."""

    def withhold(self, speaker_id: int, *, withheld: bool, why: str, actor: str) -> Withholding:
        """Withhold a speaker in every recording, or lift it; a role in its own.

        Turns whose label alone names the speaker are attributed to the speaker, so that the label
        is not printed. Each layer that has a turn of the speaker gets a row in the change table.
        Raises `NotFound`, `Conflict` where it stands so already.
        """
        row = self._run(select(tables.speaker).where(_p.id == speaker_id)).one_or_none()
        if row is None:
            raise NotFound(f"the desk has no speaker {speaker_id}; list those who are withheld")
        if row.withheld == withheld:
            state = "withheld already" if withheld else "not withheld"
            raise Conflict(f"speaker {speaker_id} is {state}; there is nothing to change")
        self._run(tables.speaker.update().where(_p.id == speaker_id), {"withheld": withheld})
        made = {"withheld": withheld, "why": why, "made_by": actor, "made_utc": now_utc()}
        self._insert(tables.withholding, {"speaker_id": speaker_id, **made})
        if withheld:
            self._hide_everywhere(speaker_id, row.name, row.recording_id)
        for layer_id in self._layers_of(speaker_id):
            self._note_change("layer", layer_id)
        return self.withholdings(speaker_id)[-1]

    def withholdings(self, speaker_id: int | None = None) -> Sequence[Withholding]:
        """Every withholding and lifting, of one speaker or of all, oldest first."""
        statement = select(tables.withholding).order_by(_w.id)
        if speaker_id is not None:
            statement = statement.where(_w.speaker_id == speaker_id)
        rows = self._run(statement).all()
        known = self._speakers(sorted({row.speaker_id for row in rows}))
        return [
            Withholding(known[row.speaker_id], row.withheld, row.why, row.made_by, row.made_utc)
            for row in rows
        ]

    def _hide_everywhere(self, speaker_id: int, name: str, recording_id: int | None) -> None:
        """Attribute the turns that only a label gives to this speaker."""
        attributed = select(_a.id).where(_a.turn_id == _t.id).exists()
        # Every label is held against the name here: a database lowers ASCII letters only.
        labels = select(_t.label).where(_t.label.is_not(None)).distinct()
        alike = [
            one for one in self._run(labels).scalars().all() if name_key(one) == name_key(name)
        ]
        statement = select(_t.id, _t.label).where(_t.label.in_(alike), ~attributed)
        if recording_id is not None:
            statement = statement.join(tables.layer, _l.id == _t.layer_id)
            statement = statement.where(_l.recording_id == recording_id)
        if alike:
            self._attribute_labels(self._run(statement).all(), {name_key(name): speaker_id})

    def _layers_of(self, speaker_id: int) -> Sequence[int]:
        named = or_(_a.voice_id == speaker_id, _a.author_id == speaker_id)
        statement = (
            select(_t.layer_id)
            .join(tables.attribution, _a.turn_id == _t.id)
            .where(named)
            .group_by(_t.layer_id)
            .order_by(func.min(_t.layer_id))
        )
        return list(self._run(statement).scalars())
