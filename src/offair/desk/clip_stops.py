"""Every reason why a clip cannot be published as it stands."""

from __future__ import annotations

from offair.desk import Desk
from offair.desk.publication_stops import publication_stops
from offair.model.clip_work import Stop
from offair.model.desk_lists import ChannelTerms


def clip_stops(
    desk: Desk,
    clip_id: int,
    *,
    now_utc: str,
    second_reader_required: bool,
    terms: ChannelTerms | None = None,
) -> tuple[Stop, ...]:
    """The stops of a clip; empty where it can be published.

    now_utc: ISO 8601 with `Z`. terms: None for those of the clip's channel. Raises `NotFound`,
    `BadInput` (it has no text).
    """
    with desk.catalogue.snapshot() as tx:
        return publication_stops(
            tx, clip_id, now_utc=now_utc, second_reader_required=second_reader_required,
            terms=terms,
        )  # fmt: skip
