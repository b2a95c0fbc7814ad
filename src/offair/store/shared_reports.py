"""The part of a transaction that holds shared reports of findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from offair.model.desk_lists import SharedReport


class SharedReportRows(Protocol):
    """Rows of shared reports of findings. A report is never changed; it can be ended."""

    def add_shared_report(self, key: str, title: str, document: str, *, actor: str) -> SharedReport:
        """Keep a report at an address. Raises `Conflict` where the key is taken."""
        ...

    def shared_report(self, key: str) -> SharedReport:
        """The report at this address, ended or not. Raises `NotFound`."""
        ...

    def shared_reports(
        self, *, before_id: int | None = None, limit: int = 50
    ) -> Sequence[SharedReport]:
        """Reports, newest first, without their documents."""
        ...

    def shared_reports_on(self, recording_id: int) -> Sequence[SharedReport]:
        """Reports that stand and rest on words of this recording, oldest first: what has to be
        ended where the words are removed."""
        ...

    def end_shared_report(self, key: str) -> SharedReport:
        """End a report; nothing happens where it was ended. Raises `NotFound`."""
        ...
