"""The account of a name: what the verbs about accounts share."""

from __future__ import annotations

from offair.model.errors import NotFound
from offair.model.people import Account
from offair.store import Transaction

_SHOWN = 80


def named_account(tx: Transaction, name: str) -> Account:
    """The account of that name, whatever its capitals. Raises `NotFound`."""
    found = tx.account_named(name)
    if found is None:
        raise NotFound(f"there is no account {name[:_SHOWN]!r}; `offair user list` has them all")
    return found[0]
