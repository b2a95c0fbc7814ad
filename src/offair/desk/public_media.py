"""Whether bytes of the vault may be played by everybody: media of published records alone."""

from __future__ import annotations

from offair.desk import Desk


def is_public(desk: Desk, sha256: str, *, download: bool) -> bool:
    """Whether a published record has these bytes as its media, of a channel whose terms let
    everybody play them, or where they are asked for, save them."""
    with desk.catalogue.snapshot() as tx:
        terms = [tx.channel_terms(one) for one in tx.channels_publishing(sha256)]
    return any(one.media and (one.download or not download) for one in terms)
