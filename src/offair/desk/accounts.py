"""Keep the accounts: who may work at the desk, and as what."""

from __future__ import annotations

import unicodedata

from offair.desk import Desk
from offair.desk.named_account import named_account
from offair.desk.passwords import hashed
from offair.model.errors import BadInput
from offair.model.people import Account, Role

LONGEST = 80
"""Characters of a name."""


def list_accounts(desk: Desk) -> tuple[Account, ...]:
    """Every account, those that are not active too, by name."""
    with desk.catalogue.snapshot() as tx:
        return tuple(tx.accounts())


def add_account(desk: Desk, name: str, role: Role, password: str, *, actor: str) -> Account:
    """Make an account. Raises `BadInput` (the name or the password), `Conflict` (the name)."""
    shown = _name(name)
    kept = hashed(password, shown)
    with desk.catalogue.transaction() as tx:
        made = tx.add_account(shown, role, password=kept, actor=actor)
        tx.note_act(actor, "add_account", "account", made.id, name=made.name, role=role.value)
    return made


def change_account(
    desk: Desk, name: str, *, role: Role | None = None, active: bool | None = None, actor: str
) -> Account:
    """Change an account's role, end it or bring it back; what is open of it in browsers follows at
    once. Raises `NotFound`, `Conflict` where nobody would be left who is an administrator."""
    with desk.catalogue.transaction() as tx:
        known = named_account(tx, name)
        changed = tx.change_account(known.id, role=role, active=active)
        if changed == known:
            return known
        if not changed.active:
            tx.end_sessions(known.id)
            for one in tx.tokens(known.id):
                tx.end_token(one.id)
        tx.note_act(
            actor, "change_account", "account", known.id,
            name=known.name, was=known.role.value, role=changed.role.value, active=changed.active,
        )  # fmt: skip
    return changed


def set_password(
    desk: Desk, name: str, password: str, *, keep_session: int | None = None, actor: str
) -> Account:
    """A new password; every session of the account ends but the one that is kept.

    Raises `NotFound`, `BadInput` (the password).
    """
    with desk.catalogue.snapshot() as tx:
        known = named_account(tx, name)
    kept = hashed(password, known.name)
    with desk.catalogue.transaction() as tx:
        tx.set_password(known.id, kept)
        tx.end_sessions(known.id, but=keep_session)
        tx.note_act(actor, "set_password", "account", known.id, name=known.name)
    return known


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > LONGEST:
        raise BadInput(f"the name of an account has 1 to {LONGEST} characters")
    if any(unicodedata.category(char)[0] == "C" for char in name):
        raise BadInput("the name of an account has no characters that cannot be seen")
    return name
