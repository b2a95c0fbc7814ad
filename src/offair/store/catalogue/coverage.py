"""Coverage: what is held, transcribed and heard by persons, summed by the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from offair.model.finding import ChannelCoverage
from offair.model.recording import Held
from offair.model.transcript import LayerKind, LayerOrigin
from offair.store.catalogue import tables
from offair.store.catalogue.prepared import Prepared
from offair.store.catalogue.rows import Rows

_c, _r, _l = tables.channel.c, tables.recording.c, tables.layer.c
_u, _g = tables.run.c, tables.gap.c
_HOUR_MS = 3_600_000
_DAY = len("2021-06-01")
_KEPT = 64
"""How many answers are kept, at most, for readers that ask again."""

Asked = tuple[str | None, str | None, str | None]
Answer = tuple[ChannelCoverage, ...]


class KeptCoverage:
    """Answers of one catalogue, each good while the catalogue stands at its mark. Threads may share
    it: an answer lost or made twice costs time only."""

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self._answers: dict[Asked, tuple[tuple[int, ...], Answer]] = {}

    def get(self, asked: Asked, mark: tuple[int, ...]) -> Answer | None:
        """The answer to this at this mark, if it is kept."""
        known = self._answers.get(asked)
        return known[1] if known is not None and known[0] == mark else None

    def put(self, asked: Asked, mark: tuple[int, ...], answer: Answer) -> None:
        """Keep an answer."""
        if len(self._answers) >= _KEPT:
            self._answers.clear()
        self._answers[asked] = (mark, answer)


_MARK = Prepared(
    select(
        *(
            select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
            for table in (
                tables.channel,
                tables.recording,
                tables.layer,
                tables.change,
                tables.chunk,
                tables.hearing,
                tables.gap,
            )
        )
    )
)
"""Grows with every row that can change an answer; each of them is the end of a key, read at once.

What is changed in place (the counts of a layer, of a run) changes together with such a row.
"""


class CoverageRows(Rows):
    """The part of a transaction that tells coverage."""

    kept: KeptCoverage | None = None
    """Where a snapshot keeps answers; a transaction that writes keeps none, for it may fail."""

    def coverage(
        self,
        *,
        channel: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
    ) -> Sequence[ChannelCoverage]:
        """What is held, transcribed and heard, by channel name, of recordings aired in the range.

        channel: its exact name. first_day, last_day: `YYYY-MM-DD`, both included; a recording known
        only to its month or year is in the range where it may be; one without a date is in no
        range. A channel without such a recording is left out.

        held_hours: of recordings whose media is here. transcribed_hours: of recordings whose media
        is or was here: the whole of it where somebody made or imported a text of the speech, else
        as much as the recording's fullest run heard or found to hold no speech; speech that was
        skipped is a hole. texts: recordings without any media. words: each recording counts once,
        by its longest text in the language spoken, speech where there is any, else captions.
        heard_words: of the words of one such text, those in a stretch that a person confirmed as
        heard, each once however many persons did. gaps: of these recordings.
        """
        asked = (channel, first_day, last_day)
        if self.kept is None:
            return self._sum_coverage(*asked)
        mark = tuple(self._read(_MARK)[0])
        known = self.kept.get(asked, mark)
        if known is None:
            known = tuple(self._sum_coverage(*asked))
            self.kept.put(asked, mark, known)
        return known

    def _sum_coverage(
        self, channel: str | None, first_day: str | None, last_day: str | None
    ) -> list[ChannelCoverage]:
        texts = select(
            _l.recording_id,
            *(_longest(column) for column in (_l.words, _l.heard_words)),
            func.max(case((_l.kind == LayerKind.SPEECH.value, 1), else_=0)).label("speech"),
            func.max(case((_by_hand(), 1), else_=0)).label("by_hand"),
        )
        texts_of = texts.group_by(_l.recording_id).subquery()
        runs = select(_u.recording_id, func.max(_u.covered_ms).label("covered_ms"))
        runs_of = runs.group_by(_u.recording_id).subquery()
        gaps = select(
            _g.recording_id,
            func.count().label("gaps"),
            func.sum(_g.end_ms - _g.start_ms).label("gap_ms"),
        )
        gaps_of = gaps.group_by(_g.recording_id).subquery()
        duration = func.coalesce(_r.duration_ms, 0)
        covered = func.coalesce(runs_of.c.covered_ms, 0)
        whole = (texts_of.c.by_hand == 1) | ((texts_of.c.speech == 1) & (covered == 0))
        transcribed = case((whole, duration), (covered > duration, duration), else_=covered)
        day = func.substr(_r.aired_value, 1, _DAY)
        dated = case((_r.aired_value != "", day))
        statement = (
            select(
                _c.name,
                func.count(),
                func.sum(case((_r.duration_ms.is_(None), 1), else_=0)),
                func.sum(case((_r.held == Held.HELD.value, duration), else_=0)),
                func.sum(transcribed),
                func.sum(func.coalesce(texts_of.c.heard_words, 0)),
                func.sum(func.coalesce(texts_of.c.words, 0)),
                func.min(dated),
                func.max(dated),
                func.sum(func.coalesce(gaps_of.c.gaps, 0)),
                func.sum(func.coalesce(gaps_of.c.gap_ms, 0)),
            )
            .join(tables.recording, _r.channel_id == _c.id)
            .outerjoin(texts_of, texts_of.c.recording_id == _r.id)
            .outerjoin(runs_of, runs_of.c.recording_id == _r.id)
            .outerjoin(gaps_of, gaps_of.c.recording_id == _r.id)
            .group_by(_c.name)
            .order_by(_c.name)
        )
        if channel is not None:
            statement = statement.where(_c.name == channel)
        if first_day is not None or last_day is not None:
            statement = statement.where(_r.aired_value != "")
        if first_day is not None:
            statement = statement.where(day >= func.substr(literal(first_day), 1, func.length(day)))
        if last_day is not None:
            statement = statement.where(day <= last_day)
        return [_row(row) for row in self._run(statement)]


def _row(row: Sequence[Any]) -> ChannelCoverage:
    channel, recordings, *sums = row
    texts, held_ms, transcribed_ms, heard_words, words, first, last, gaps, gap_ms = sums
    return ChannelCoverage(
        channel=channel,
        recordings=recordings,
        # A sum of 64-bit numbers is a Decimal in PostgreSQL.
        texts=int(texts),
        held_hours=int(held_ms) / _HOUR_MS,
        transcribed_hours=int(transcribed_ms) / _HOUR_MS,
        heard_words=int(heard_words),
        words=int(words),
        first=first,
        last=last,
        gaps=int(gaps),
        gap_hours=int(gap_ms) / _HOUR_MS,
    )


def _by_hand() -> ColumnElement[bool]:
    """A text of the speech that no engine made."""
    return and_(_l.kind == LayerKind.SPEECH.value, _l.origin != LayerOrigin.ENGINE.value)


def _longest(column: ColumnElement[int]) -> ColumnElement[int]:
    """The greatest of the speech layers, of the captions where there is no speech."""
    speech, captions = (
        func.max(case((_l.kind == kind.value, column)))
        for kind in (LayerKind.SPEECH, LayerKind.CAPTIONS)
    )
    return func.coalesce(speech, captions, 0).label(str(column.name))
