"""Show or change what of a channel's material may be shown, to whom, how long, on what ground."""

from __future__ import annotations

from dataclasses import asdict, replace

from offair.desk import Desk
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import NotFound
from offair.model.finding import ChannelCoverage
from offair.model.recording import Channel
from offair.store import Transaction


def list_channels(desk: Desk) -> tuple[tuple[Channel, ChannelTerms, ChannelCoverage | None], ...]:
    """Every channel with its terms and what is held of it, by name."""
    with desk.catalogue.snapshot() as tx:
        held = {one.channel: one for one in tx.coverage()}
        return tuple(
            (one, tx.channel_terms(one.id or 0), held.get(one.name)) for one in tx.channels()
        )


def show_terms(desk: Desk, channel_id: int) -> tuple[Channel, ChannelTerms]:
    """A channel and its terms. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        return _channel(tx, channel_id), tx.channel_terms(channel_id)


def change_terms(
    desk: Desk, channel_id: int, *, actor: str, **fields: bool | int | str | None
) -> ChannelTerms:
    """Change these fields of a channel's terms and leave the rest; a line of the log says what they
    were. Records that are published follow the new terms from the next look on.

    Raises `NotFound`, `BadInput` (a length or a number of days below 1).
    """
    with desk.catalogue.transaction() as tx:
        _channel(tx, channel_id)
        before = tx.channel_terms(channel_id)
        terms = replace(before, **fields)  # type: ignore[arg-type]
        if terms == before:
            return terms
        tx.set_channel_terms(channel_id, terms)
        were = {name: value for name, value in asdict(before).items() if name in fields}
        tx.note_act(actor, "change_terms", "channel", channel_id, **were)
    return terms


def _channel(tx: Transaction, channel_id: int) -> Channel:
    for one in tx.channels():
        if one.id == channel_id:
            return one
    raise NotFound(f"the desk has no channel {channel_id}; its list of channels has their numbers")
