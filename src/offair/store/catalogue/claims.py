"""Claims and diarisations of engines, the runs that made them, the chunks a run has finished."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from offair.model.errors import NotFound
from offair.model.time import Span
from offair.model.transcript import (
    Activity,
    Chunk,
    Claim,
    Diarisation,
    Engine,
    Heard,
    TranslationClaim,
)
from offair.model.words import Words
from offair.store.catalogue import tables
from offair.store.catalogue.columns import (
    Settings,
    now_utc,
    read_json,
    read_voices,
    write_json,
    write_voices,
)
from offair.store.catalogue.rows import Rows

_k, _d, _u, _h = tables.claim.c, tables.diarisation.c, tables.run.c, tables.chunk.c
_r = tables.translation_claim.c


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        key=row.key,
        engine=Engine(row.engine, row.model, row.revision, read_json(row.settings)),
        sound_sha256=row.sound_sha256,
        duration_ms=row.duration_ms,
        heard=Heard(
            text=row.text,
            words=Words.unpack(row.words),
            language=row.language,
            language_probability=row.language_probability,
            mean_probability=row.mean_probability,
            no_speech_probability=row.no_speech_probability,
        ),
    )


def _covered_ms(chunk: Chunk) -> int:
    """How much of the sound a chunk accounts for: nothing where speech was skipped."""
    unheard = chunk.claim_key is None and chunk.activity is Activity.SPEECH
    return 0 if unheard else chunk.span.length


def _chunk_row(run_id: int, chunk: Chunk) -> dict[str, object]:
    return {
        "run_id": run_id,
        "start_ms": chunk.span.start,
        "end_ms": chunk.span.end,
        "activity": chunk.activity.value,
        "score": chunk.score,
        "claim_key": chunk.claim_key,
        "skipped": chunk.skipped,
        "language": chunk.language,
        "language_probability": chunk.language_probability,
        "second_key": chunk.second_key,
        "sound_start_ms": chunk.sound_start,
    }


class ClaimRows(Rows):
    """The part of a transaction that holds claims, runs and chunks."""

    def claim(self, key: str) -> Claim | None:
        """The claim with this key, if it was ever made."""
        row = self._run(select(tables.claim).where(_k.key == key)).one_or_none()
        return None if row is None else _claim(row)

    def add_claim(self, claim: Claim) -> None:
        """Keep a claim; the same key twice is one row, the first."""
        heard = claim.heard
        self._insert_once(
            tables.claim,
            {
                "key": claim.key,
                "engine": claim.engine.name,
                "model": claim.engine.model,
                "revision": claim.engine.revision,
                "settings": write_json(dict(claim.engine.settings)),
                "sound_sha256": claim.sound_sha256,
                "duration_ms": claim.duration_ms,
                "text": heard.text,
                "words": heard.words.pack(),
                "language": heard.language,
                "language_probability": heard.language_probability,
                "mean_probability": heard.mean_probability,
                "no_speech_probability": heard.no_speech_probability,
                "made_utc": now_utc(),
            },
        )

    def diarisation(self, key: str) -> Diarisation | None:
        """The diarisation with this key, if it was ever made."""
        row = self._run(select(tables.diarisation).where(_d.key == key)).one_or_none()
        if row is None:
            return None
        return Diarisation(
            key=row.key,
            engine=Engine(row.engine, row.model, row.revision, read_json(row.settings)),
            sound_sha256=row.sound_sha256,
            duration_ms=row.duration_ms,
            voices=read_voices(row.voices),
        )

    def add_diarisation(self, diarisation: Diarisation) -> None:
        """Keep a diarisation; the same key twice is one row, the first."""
        self._insert_once(
            tables.diarisation,
            {
                "key": diarisation.key,
                "engine": diarisation.engine.name,
                "model": diarisation.engine.model,
                "revision": diarisation.engine.revision,
                "settings": write_json(dict(diarisation.engine.settings)),
                "sound_sha256": diarisation.sound_sha256,
                "duration_ms": diarisation.duration_ms,
                "voices": write_voices(diarisation.voices),
                "made_utc": now_utc(),
            },
        )

    def translation_claim(self, key: str) -> TranslationClaim | None:
        """The claim of a translator with this key, if it was ever made."""
        row = self._run(select(tables.translation_claim).where(_r.key == key)).one_or_none()
        if row is None:
            return None
        engine = Engine(row.engine, row.model, row.revision, read_json(row.settings))
        answers = tuple(read_json(row.answers))
        return TranslationClaim(row.key, engine, row.source, row.target, answers)

    def add_translation_claim(self, claim: TranslationClaim) -> None:
        """Keep what a translator said of a batch; the same key twice is one row, the first."""
        self._insert_once(
            tables.translation_claim,
            {
                "key": claim.key,
                "engine": claim.engine.name,
                "model": claim.engine.model,
                "revision": claim.engine.revision,
                "settings": write_json(dict(claim.engine.settings)),
                "source": claim.source,
                "target": claim.target,
                "answers": write_json(list(claim.answers)),
                "made_utc": now_utc(),
            },
        )

    def open_run(self, recording_id: int, settings: Settings) -> int:
        """The run of these settings for a recording, finished or not, or a new one: its number.

        A run is finished by the engine's layer that is made from it (`add_layer`).
        """
        written = write_json(dict(settings))
        statement = select(_u.number).where(_u.recording_id == recording_id, _u.settings == written)
        number = self._run(statement.order_by(_u.number.desc()).limit(1)).scalar()
        if number is not None:
            return int(number)
        newest = select(func.coalesce(func.max(_u.number), 0)).where(
            _u.recording_id == recording_id
        )
        number = int(self._run(newest).scalar_one()) + 1
        self._insert(
            tables.run,
            {
                "recording_id": recording_id,
                "number": number,
                "settings": written,
                "opened_utc": now_utc(),
                "covered_ms": 0,
            },
        )
        return number

    def run_settings(self, recording_id: int, run: int) -> Settings:
        """What a run was opened with. Raises `NotFound`."""
        statement = select(_u.settings).where(_u.recording_id == recording_id, _u.number == run)
        written = self._run(statement).scalar()
        if written is None:
            raise NotFound(f"recording {recording_id} has no run {run}; look at its layers again")
        settings: Settings = read_json(written)
        return settings

    def chunks(self, recording_id: int, run: int) -> Sequence[Chunk]:
        """The chunks of a run so far, by start."""
        statement = (
            select(tables.chunk)
            .join(tables.run, _u.id == _h.run_id)
            .where(_u.recording_id == recording_id, _u.number == run)
            .order_by(_h.start_ms, _h.end_ms)
        )
        return [
            Chunk(
                Span(row.start_ms, row.end_ms),
                Activity(row.activity),
                row.score,
                row.claim_key,
                row.skipped,
                row.language,
                row.language_probability,
                row.second_key,
                row.sound_start_ms,
            )
            for row in self._run(statement)
        ]

    def add_chunk(self, recording_id: int, run: int, chunk: Chunk) -> None:
        """Note one finished chunk; the same span twice is one row. Raises `NotFound` (the run)."""
        run_id = self._run_id(recording_id, run)
        if self._insert_once(tables.chunk, _chunk_row(run_id, chunk)):
            more = _u.covered_ms + _covered_ms(chunk)
            self._run(tables.run.update().where(_u.id == run_id).values(covered_ms=more))

    def replace_chunks(self, recording_id: int, run: int, chunks: Sequence[Chunk]) -> None:
        """The chunks of a run in place of what was noted on the way. Raises `NotFound`."""
        run_id = self._run_id(recording_id, run)
        self._run(tables.chunk.delete().where(_h.run_id == run_id))
        if chunks:
            self._run(tables.chunk.insert(), [_chunk_row(run_id, one) for one in chunks])
        covered = sum(map(_covered_ms, chunks))
        self._run(tables.run.update().where(_u.id == run_id), {"covered_ms": covered})

    def _run_id(self, recording_id: int, run: int) -> int:
        statement = select(_u.id).where(_u.recording_id == recording_id, _u.number == run)
        run_id = self._run(statement).scalar()
        if run_id is None:
            raise NotFound(f"recording {recording_id} has no run {run}; open one first")
        return int(run_id)

    def _finish_run(self, recording_id: int, run: int) -> None:
        update = tables.run.update().where(
            _u.recording_id == recording_id, _u.number == run, _u.finished_utc.is_(None)
        )
        self._run(update, {"finished_utc": now_utc()})
