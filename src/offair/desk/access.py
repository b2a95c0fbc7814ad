"""What acts for an account: the browsers that are logged in, and the tokens of programs.

A token may do less than its account or as much, never more; it follows the account at once, and
ends with it. Its secret is shown once, when it is made.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from offair.desk import Desk
from offair.desk.named_account import named_account
from offair.desk.passwords import new_secret, secret_sha256
from offair.model.errors import BadInput, Conflict, NotFound, Refused
from offair.model.people import ApiToken, Role, Session

LONGEST_LABEL = 80
"""Characters."""
LONGEST_DAYS = 3_650
MOST = 50
"""Tokens of one account that have not ended."""
_LARGEST = 2**53
PREFIX = "offair_"
"""What every token begins with, so that programs which look for secrets in texts know one."""


def list_sessions(desk: Desk, name: str) -> tuple[Session, ...]:
    """The sessions of an account that were not ended, newest first; the time of some may be over.
    Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        return tuple(tx.sessions(named_account(tx, name).id))


def end_session(desk: Desk, name: str, session_id: int) -> None:
    """Log one browser of one's own out. Raises `NotFound`."""
    if not 0 < session_id < _LARGEST:
        raise NotFound("no browser has a number like this; load the page again")
    with desk.catalogue.transaction() as tx:
        account = named_account(tx, name)
        if not tx.end_sessions(account.id, only=session_id):
            raise NotFound("no browser of yours is logged in with this number; load the page again")
        tx.note_act(account.name, "end_session", "account", account.id)


def list_tokens(desk: Desk, name: str) -> tuple[ApiToken, ...]:
    """The tokens of an account, ended ones too, newest first. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        return tuple(tx.tokens(named_account(tx, name).id))


def add_token(
    desk: Desk,
    name: str,
    label: str,
    role: Role,
    *,
    actor: str,
    most: Role = Role.ADMINISTRATOR,
    days: int | None = None,
    now: datetime | None = None,
) -> tuple[str, ApiToken]:
    """A new token and its secret, which is kept nowhere.

    label: what it is for. most: what who asks may do; a token cannot make a greater one. days:
    until it is over, for good where None. Raises `NotFound`, `BadInput` (label or days),
    `Refused` where the role is above the account's or above `most`, `Conflict` where the account
    was ended or has `MOST` tokens.
    """
    shown = " ".join(label.split())
    if not shown or len(shown) > LONGEST_LABEL or not shown.isprintable():
        raise BadInput(f"say what the token is for in 1 to {LONGEST_LABEL} characters")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"a token lasts 1 to {LONGEST_DAYS:,} days, or for good")
    expires = None if days is None else (now or datetime.now(UTC)) + timedelta(days=days)
    secret = PREFIX + new_secret()
    with desk.catalogue.transaction() as tx:
        account = named_account(tx, name)
        if not account.active:
            raise Conflict(f"the account {account.name} was ended; bring it back first")
        least = account.role if most.may(account.role) else most
        if not least.may(role):
            raise Refused(f"a token of {account.name} may be {least.value} at most; ask for less")
        if sum(one.active for one in tx.tokens(account.id)) >= MOST:
            raise Conflict(f"{account.name} has {MOST} tokens; end one of them first")
        made = tx.add_token(
            account.id, secret_sha256(secret), label=shown, role=role,
            expires_utc=None if expires is None else _text(expires),
        )  # fmt: skip
        tx.note_act(
            actor, "add_token", "token", made.id, account=account.name, label=shown,
            role=role.value,
        )  # fmt: skip
    return secret, made


def end_token(desk: Desk, token_id: int, *, actor: str, of: str | None = None) -> ApiToken:
    """End a token. of: the account it has to be one of. Raises `NotFound`."""
    if not 0 < token_id < _LARGEST:
        raise NotFound("there is no token with a number like this; list the tokens to find it")
    with desk.catalogue.transaction() as tx:
        own = None if of is None else tx.tokens(named_account(tx, of).id)
        if own is not None and token_id not in {one.id for one in own}:
            raise NotFound(f"{of} has no token {token_id}; list the tokens to find it")
        ended = tx.end_token(token_id)
        tx.note_act(actor, "end_token", "token", ended.id, account=ended.account.name)
    return ended


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
