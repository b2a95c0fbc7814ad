"""Words and media of removed records, taken away in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, or_, select

from offair.model.clip_work import EditionAct
from offair.model.job import PUBLISH
from offair.model.recording import Held
from offair.model.time import Span
from offair.model.transcript import Turn
from offair.model.words import Words
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc, write_json, write_marks
from offair.store.catalogue.recordings import RecordingRows
from offair.store.catalogue.revisions import RevisionRows
from offair.store.catalogue.rows import PAGE
from offair.store.catalogue.work_tables import (
    clip_proof,
    clip_query,
    record_act,
    shared_report,
)

_a, _c, _t = record_act.c, tables.clip.c, tables.turn.c
_One = TypeVar("_One", int, str)
_ENDING = (EditionAct.WITHDRAW.value, EditionAct.REMOVE.value)


class RemovalTableRows(RecordingRows, RevisionRows):
    """Fulfils `offair.store.removals.RemovalRows`."""

    def removed_from(self, recording_id: int) -> bool:
        """Whether words of this recording were removed together with a record."""
        found = (
            select(_a.id)
            .join(tables.clip, _c.id == _a.clip_id)
            .where(_c.recording_id == recording_id, _a.act == EditionAct.REMOVE.value)
        )
        return self._run(found.limit(1)).first() is not None

    def only_in_ended(self, sha256: str) -> bool:
        """Whether these bytes are media of withdrawn or removed records and of nothing else."""
        e, o = tables.edition.c, tables.edition_object.c
        ended = select(_a.clip_id).where(_a.act.in_(_ENDING))
        printed = select(e.clip_id).join(tables.edition_object, o.edition_id == e.id)
        printed = printed.where(o.object_sha256 == sha256)
        if not self._run(printed.where(e.clip_id.in_(ended)).limit(1)).first():
            return False
        return not any(
            self._run(statement.limit(1)).first()
            for statement in (
                printed.where(e.clip_id.not_in(ended)),
                select(tables.recording.c.id).where(tables.recording.c.object_sha256 == sha256),
                select(tables.attachment.c.id).where(tables.attachment.c.object_sha256 == sha256),
            )
        )

    def turns_ever(self, recording_id: int) -> Sequence[Turn]:
        """Every turn of every text of a recording, those too that were replaced since."""
        layers = select(tables.layer.c.id).where(tables.layer.c.recording_id == recording_id)
        ids = list(self._run(select(_t.id).where(_t.layer_id.in_(layers))).scalars())
        return [one for part in _parts(ids) for one in self.turns_by_id(part)]

    def black_out(
        self, recording_id: int, turns: Sequence[Turn], spans: Sequence[Span], instead: str
    ) -> None:
        """Write text and marks of these turns as they are given, of the same length; who speaks in
        one that keeps no letter is no longer known. Reasons of doubts about the turns or the spans,
        matches of standing queries and queries pinned to the turns become `instead`. Texts that
        changed are indexed anew."""
        ids = [one.id for one in turns]
        for turn in turns:
            values: dict[str, str | None] = {"text": turn.text, "marks": write_marks(turn.marks)}
            if not any(letter.isalnum() for letter in turn.text):
                values["label"] = None
                known = tables.attribution.c.turn_id == turn.id
                self._run(tables.attribution.delete().where(known))
            self._run(tables.turn.update().where(_t.id == turn.id), values)
        layers = select(tables.layer.c.id).where(tables.layer.c.recording_id == recording_id)
        self._doubt(ids, spans, instead)
        for part in _parts(ids):
            matched, asked = tables.watch_match, clip_query
            self._run(matched.update().where(matched.c.turn_id.in_(part)), {"text": instead})
            self._run(
                asked.update().where(asked.c.turn_id.in_(part)), {"words": instead, "text": instead}
            )
        for layer_id in list(self._run(layers).scalars()):
            self._note_change("layer", layer_id)

    def _doubt(self, ids: Sequence[int], spans: Sequence[Span], instead: str) -> None:
        f, s = tables.flag.c, tables.sentence.c
        touched: dict[int, None] = {}
        for part in _parts(ids):
            held = select(_t.layer_id).where(_t.id.in_(part))
            about: list[ColumnElement[bool]] = [
                f.sentence_id.in_(select(s.id).where(s.turn_id.in_(part)))
            ]
            about += [and_(f.layer_id.in_(held), within) for within in _within(spans, f)]
            if not spans:
                about.append(f.layer_id.in_(held))
            touched |= dict.fromkeys(self._run(select(f.id).where(or_(*about))).scalars().all())
        now = now_utc()
        for part in _parts(list(touched)):
            update = tables.flag.update().where(f.id.in_(part))
            self._run(update, {"reason": instead, "settled_note": None})
            self._run(update.where(f.settled_by.is_(None)), {"settled_by": "offair",
                                                             "settled_utc": now})  # fmt: skip

    def end_reports(self, recording_id: int, instead: str) -> None:
        """End every shared report that rests on words of a recording; its title, which quotes them,
        becomes `instead`."""
        r = shared_report.c
        rests = r.document.contains(f'"recording_id": {recording_id},', autoescape=True)
        self._run(shared_report.update().where(rests), {"title": instead})
        ended = shared_report.update().where(rests, r.ended_utc.is_(None))
        self._run(ended, {"ended_utc": now_utc()})

    def forget_clip(self, clip_id: int) -> None:
        """Take away what a clip's draft says: headline, summary, proofs, queries, and what was
        asked of jobs. Its spans stay."""
        draft = {"headline": None, "summary": write_json([])}
        self._run(tables.clip.update().where(_c.id == clip_id), draft)
        self._run(clip_query.delete().where(clip_query.c.clip_id == clip_id))
        self._run(clip_proof.delete().where(clip_proof.c.clip_id == clip_id))
        j = tables.job.c
        asked = tables.job.update().where(j.kind == PUBLISH, j.subject == clip_id)
        self._run(asked, {"settings": write_json({})})

    def erase_record(self, clip_id: int, spans: Sequence[Span]) -> Sequence[str]:
        """Take out the documents and notes of a clip's editions, and what engines answered about
        the sound of these spans; answers about translations are all forgotten, as nothing says
        which sentences they held. The hashes of the objects to which nothing refers then."""
        e, o = tables.edition.c, tables.edition_object.c
        editions = list(self._run(select(e.id).where(e.clip_id == clip_id)).scalars())
        held = select(o.object_sha256).where(o.edition_id.in_(editions))
        hashes = list(dict.fromkeys(self._run(held).scalars()))
        self._run(tables.edition_object.delete().where(o.edition_id.in_(editions)))
        self._run(tables.edition.update().where(e.id.in_(editions)), {"document": "", "note": None})
        self._run(record_act.update().where(_a.clip_id == clip_id), {"said": None, "says": None})
        self._forget_answers(self.clip_recording(clip_id), spans)
        return self._let_go(hashes)

    def clip_recording(self, clip_id: int) -> int:
        """The recording a clip is of."""
        found = self._run(select(_c.recording_id).where(_c.id == clip_id))
        return int(found.scalar_one())

    def _forget_answers(self, recording_id: int, spans: Sequence[Span]) -> None:
        k, r = tables.chunk.c, tables.run.c
        runs = select(r.id).where(r.recording_id == recording_id)
        chunks = select(k.claim_key, k.second_key).where(k.run_id.in_(runs))
        within = _within(spans, k)
        keys = {
            key
            for row in self._run(chunks.where(or_(*within)) if within else chunks)
            for key in row
            if key is not None
        }
        for part in _parts(sorted(keys)):
            claims = tables.claim.update().where(tables.claim.c.key.in_(part))
            self._run(claims, {"text": "", "words": Words.of([]).pack()})
        self._run(tables.translation_claim.delete())

    def drop_attached(self, recording_id: int, role: str) -> None:
        """Take out what is attached to a recording in this role, and the rows of the objects to
        which nothing refers then."""
        a = tables.attachment.c
        hashes = [one.sha256 for _, one in self.attached(recording_id, role)]
        self._run(tables.attachment.delete().where(a.recording_id == recording_id, a.role == role))
        self._let_go(hashes)

    def detach(self, recording_id: int) -> Mapping[str, Sequence[str]]:
        """Take the media of a recording, and what was made of them, out of the catalogue; the text
        stays. Hashes by role, of the objects to which nothing refers then."""
        a, r = tables.attachment.c, tables.recording.c
        recording = self.recording(recording_id)
        roles: dict[str, list[str]] = {}
        if recording.object is not None:
            roles["media"] = [recording.object.sha256]
        made = [(role, one) for role, one in self.attached(recording_id) if role in _OF_MEDIA]
        for role, one in made:
            roles.setdefault(role, []).append(one.sha256)
        self._run(
            tables.attachment.delete().where(a.recording_id == recording_id, a.role.in_(_OF_MEDIA))
        )
        self._run(
            tables.recording.update().where(r.id == recording_id),
            {"object_sha256": None, "object_name": None, "held": Held.EXPIRED.value},
        )
        free = set(self._let_go([one for hashes in roles.values() for one in hashes]))
        return {role: [one for one in hashes if one in free] for role, hashes in roles.items()}

    def _let_go(self, hashes: Sequence[str]) -> list[str]:
        """Those of these objects to which nothing refers, with their rows gone."""
        free = [one for one in hashes if not self.object_referred(one)]
        v = tables.vault_object.c
        for part in _parts(free):
            self._run(tables.vault_object.delete().where(v.sha256.in_(part)))
        return free


_OF_MEDIA = ("proxy", "peaks")
"""Roles of what is made of a recording's media, and can be made again from nothing else."""


def _parts(many: Sequence[_One]) -> Iterable[Sequence[_One]]:
    return (many[start : start + PAGE] for start in range(0, len(many), PAGE))


def _within(spans: Sequence[Span], columns: object) -> list[ColumnElement[bool]]:
    """For each span, whether a row with start_ms and end_ms shares time with it."""
    start, end = getattr(columns, "start_ms"), getattr(columns, "end_ms")  # noqa: B009
    return [and_(start < one.end, end > one.start) for one in spans]
