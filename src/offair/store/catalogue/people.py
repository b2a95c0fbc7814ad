"""The part of a transaction that holds accounts, sessions and tokens."""

from __future__ import annotations

from offair.store.catalogue.rows import Rows


class AccountTableRows(Rows):
    """Rows of accounts, sessions and tokens; fulfils `offair.store.people.PeopleRows`."""
