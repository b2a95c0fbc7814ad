"""The part of a transaction that takes words and media of removed records away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from offair.model.time import Span
from offair.model.transcript import Turn


class RemovalRows(Protocol):
    """What a removal changes in place: nothing of it can be brought back by undoing."""

    def removed_from(self, recording_id: int) -> bool:
        """Whether words of this recording were removed together with a record."""
        ...

    def only_in_ended(self, sha256: str) -> bool:
        """Whether these bytes are media of withdrawn or removed records and of nothing else."""
        ...

    def turns_ever(self, recording_id: int) -> Sequence[Turn]:
        """Every turn of every text of a recording, those too that were replaced since."""
        ...

    def black_out(
        self, recording_id: int, turns: Sequence[Turn], spans: Sequence[Span], instead: str
    ) -> None:
        """Write text and marks of these turns as they are given, of the same length; who speaks in
        one that keeps no letter is no longer known. Reasons of doubts about the turns or the spans,
        matches of standing queries and queries pinned to the turns become `instead`. Texts that
        changed are indexed anew."""
        ...

    def end_reports(self, recording_id: int, instead: str) -> None:
        """End every shared report that rests on words of a recording; its title, which quotes them,
        becomes `instead`."""
        ...

    def forget_clip(self, clip_id: int) -> None:
        """Take away what a clip's draft says: headline, summary, proofs, queries, and what was
        asked of jobs. Its spans stay."""
        ...

    def erase_record(self, clip_id: int, spans: Sequence[Span]) -> Sequence[str]:
        """Take out the documents and notes of a clip's editions, and what engines answered about
        the sound of these spans; answers about translations are all forgotten, as nothing says
        which sentences they held. The hashes of the objects to which nothing refers then."""
        ...

    def drop_attached(self, recording_id: int, role: str) -> None:
        """Take out what is attached to a recording in this role, and the rows of the objects to
        which nothing refers then."""
        ...

    def detach(self, recording_id: int) -> Mapping[str, Sequence[str]]:
        """Take the media of a recording, and what was made of them, out of the catalogue; the text
        stays. Hashes by role, of the objects to which nothing refers then."""
        ...
