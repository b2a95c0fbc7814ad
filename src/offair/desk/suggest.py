"""Names that begin as somebody types: speakers and channels, for the fields of a search."""

from __future__ import annotations

from collections.abc import Iterator

from offair.desk import Desk
from offair.model.errors import BadInput
from offair.model.names import NameKind
from offair.store import Transaction
from offair.text.normalise import fold

MOST = 20
_LONGEST = 100


def suggest(desk: Desk, what: str, begin: str) -> tuple[str, ...]:
    """Names of which a word begins so, at most `MOST`; nobody who is withheld.

    what: `speaker` (persons who were heard, then the names list, in the house's spelling) or
    `channel`. Raises `BadInput` (something else, or a beginning that is too long).
    """
    if what not in ("speaker", "channel"):
        raise BadInput(f"there are no suggestions for {what[:40]!r}: ask for speaker or channel")
    if len(begin) > _LONGEST:
        raise BadInput(f"the beginning of a name has at most {_LONGEST} characters")
    wanted = _words(begin)
    with desk.catalogue.snapshot() as tx:
        known = _speakers(tx) if what == "speaker" else (one.name for one in tx.channels())
        found: dict[str, None] = {}
        for name in known:
            if _begins(_words(name), wanted):
                found.setdefault(name)
            if len(found) == MOST:
                break
    return tuple(found)


def _speakers(tx: Transaction) -> Iterator[str]:
    hidden = {fold(one.name) for one in tx.withheld(0)}
    yield from (one.name for one in tx.persons())
    yield from (
        one.house for one in tx.names(kind=NameKind.PERSON) if fold(one.house) not in hidden
    )


def _words(name: str) -> list[str]:
    return [fold(one) for one in name.split()]


def _begins(name: list[str], wanted: list[str]) -> bool:
    """Whether these words stand in a row in the name, of the last of them the beginning."""
    if not wanted:
        return True
    *whole, part = wanted
    return any(
        name[at : at + len(whole)] == whole and name[at + len(whole)].startswith(part)
        for at in range(len(name) - len(whole))
    )
