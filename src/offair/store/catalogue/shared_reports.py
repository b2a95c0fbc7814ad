"""Shared reports of findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, literal, select

from offair.model.desk_lists import SharedReport
from offair.model.errors import NotFound
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.rows import Rows
from offair.store.catalogue.work_tables import shared_report

_r = shared_report.c


def _report(row: Row[Any]) -> SharedReport:
    return SharedReport(
        row.id, row.key, row.title, row.document, row.made_by, row.made_utc, row.ended_utc
    )


class SharedReportTableRows(Rows):
    """Fulfils `offair.store.shared_reports.SharedReportRows`."""

    def add_shared_report(self, key: str, title: str, document: str, *, actor: str) -> SharedReport:
        """Keep a report at an address. Raises `Conflict` where the key is taken."""
        made_utc = now_utc()
        values = {
            "key": key, "title": title, "document": document, "made_by": actor,
            "made_utc": made_utc,
        }  # fmt: skip
        report_id = self._insert(shared_report, values)
        return SharedReport(report_id, key, title, document, actor, made_utc)

    def shared_report(self, key: str) -> SharedReport:
        """The report at this address, ended or not. Raises `NotFound`."""
        row = self._run(select(shared_report).where(_r.key == key)).first()
        if row is None:
            raise NotFound("there is no report at this address; ask who sent it for a new one")
        return _report(row)

    def shared_reports(
        self, *, before_id: int | None = None, limit: int = 50
    ) -> Sequence[SharedReport]:
        """Reports, newest first, without their documents."""
        columns = [one if one is not _r.document else literal("").label("document") for one in _r]
        statement = select(*columns).order_by(_r.id.desc()).limit(limit)
        if before_id is not None:
            statement = statement.where(_r.id < before_id)
        return [_report(row) for row in self._run(statement)]

    def shared_reports_on(self, recording_id: int) -> Sequence[SharedReport]:
        """Reports that stand and rest on words of this recording, oldest first: what has to be
        ended where the words are removed."""
        # As `formats.finding_json` writes it: text of an article cannot hold an unescaped quote.
        written = f'"recording_id": {recording_id},'
        statement = select(shared_report).where(
            _r.ended_utc.is_(None), _r.document.contains(written, autoescape=True)
        )
        return [_report(row) for row in self._run(statement.order_by(_r.id))]

    def end_shared_report(self, key: str) -> SharedReport:
        """End a report; nothing happens where it was ended. Raises `NotFound`."""
        self._run(
            shared_report.update().where(_r.key == key, _r.ended_utc.is_(None)),
            {"ended_utc": now_utc()},
        )
        return self.shared_report(key)
