"""Acts on published records."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from offair.model.clip_work import EditionAct, RecordAct
from offair.model.errors import NotFound
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.rows import Rows
from offair.store.catalogue.work_tables import record_act

_a = record_act.c


class RecordActTableRows(Rows):
    """Rows of acts on published records; fulfils `offair.store.record_acts.RecordActRows`."""

    def add_record_act(
        self,
        clip_id: int,
        edition: int,
        act: EditionAct,
        *,
        actor: str,
        note: str | None = None,
        said: str | None = None,
        says: str | None = None,
        ground: str | None = None,
        erased: bool = False,
    ) -> RecordAct:
        """Note an act, at this moment. edition: the one it made, or the newest it ended. Raises
        `NotFound` where the desk has no such clip."""
        if not self._run(select(tables.clip.c.id).where(tables.clip.c.id == clip_id)).first():
            raise NotFound(f"the desk has no clip {clip_id}; list the clips to find its number")
        made = now_utc()
        values = {
            "clip_id": clip_id, "edition": edition, "act": act.value, "made_by": actor,
            "made_utc": made, "note": note, "said": said, "says": says, "ground": ground,
            "erased": erased,
        }  # fmt: skip
        act_id = self._insert(record_act, values)
        return RecordAct(
            act_id, clip_id, edition, act, actor, made, note, said, says, ground, erased
        )

    def record_acts(self, clip_id: int) -> Sequence[RecordAct]:
        """What was done to a clip's record, oldest first; empty where nothing was."""
        found = self._run(select(record_act).where(_a.clip_id == clip_id).order_by(_a.id))
        return [
            RecordAct(
                row.id, row.clip_id, row.edition, EditionAct(row.act), row.made_by, row.made_utc,
                row.note, row.said, row.says, row.ground, row.erased,
            )
            for row in found
        ]  # fmt: skip

    def ended_by(self, clip_id: int) -> RecordAct | None:
        """The act that ended every edition of a clip's record: its removal, else its withdrawal;
        None where the record stands."""
        acts = self.record_acts(clip_id)
        for kind in (EditionAct.REMOVE, EditionAct.WITHDRAW):
            found = next((one for one in reversed(acts) if one.act is kind), None)
            if found is not None:
                return found
        return None
