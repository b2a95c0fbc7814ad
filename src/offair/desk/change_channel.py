"""Show a channel, or change what the desk knows of it: country, languages, zone, rights."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import replace

import langcodes

from offair.desk import Desk
from offair.desk.evidence import printable_name, title_of
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Channel
from offair.store import Transaction


def show_channel(desk: Desk, name: str) -> Channel:
    """The channel of that name. Raises `NotFound`, with the names there are."""
    with desk.catalogue.snapshot() as tx:
        return _named(tx, name)


def change_channel(
    desk: Desk,
    name: str,
    *,
    country: str | None = None,
    languages: Sequence[str] | None = None,
    zone: str | None = None,
    rights: str | None = None,
    actor: str,
) -> Channel:
    """Change what is given of a channel, and leave the rest; an empty text clears its field.

    languages: BCP 47 tags; all of the channel's, in the place of those before. None given with an
    empty list: any language may be spoken. zone: an IANA name. What was heard before stays as it
    was heard. Raises `NotFound` (no such channel), `BadInput` (no such language or zone); then
    nothing is changed.
    """
    said: dict[str, object] = {}
    if country is not None:
        said["country"] = _text(country)
    if languages is not None:
        said["languages"] = tuple(dict.fromkeys(_language(one) for one in languages if one))
    if zone is not None:
        said["zone"] = _zone(zone) if zone else None
    if rights is not None:
        said["rights"] = _text(rights)
    with desk.catalogue.transaction() as tx:
        channel = _named(tx, name)
        changed = tx.change_channel(replace(channel, **said))  # type: ignore[arg-type]
        tx.note_act(actor, "change_channel", "channel", changed.id or 0, fields=", ".join(said))
        return changed


def _named(tx: Transaction, name: str) -> Channel:
    known = tx.channels()
    found = next((one for one in known if one.name == name), None)
    if found is not None:
        return found
    names = ", ".join(printable_name(one.name) for one in known[:20])
    raise NotFound(
        f"the desk has no channel {printable_name(name)!r}; "
        + (f"it has {names}" if names else "take in a recording of it first (`offair add`)")
    )


def _text(given: str) -> str | None:
    return title_of(given) if given.strip() else None


def _language(tag: str) -> str:
    """A tag in its usual spelling."""
    if not langcodes.tag_is_valid(tag) or langcodes.standardize_tag(tag) == "und":
        raise BadInput(
            f"{printable_name(tag)!r} is no language that BCP 47 knows; write en, pt-BR or acm"
        )
    return langcodes.standardize_tag(tag)


def _zone(name: str) -> str:
    """An IANA zone name that this machine knows."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            f"{printable_name(name)!r} is no time zone; write its IANA name, as Europe/Dublin"
        ) from error
    return name
