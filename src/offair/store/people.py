"""The part of a transaction that holds accounts, sessions, tokens and attempts to log in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from offair.model.people import Account, ApiToken, Role, Session


class PeopleRows(Protocol):
    """Who works at the desk. Of secrets only hashes come here."""

    def add_account(self, name: str, role: Role, *, password: str | None, actor: str) -> Account:
        """Make an account. password: as it is hashed. Raises `Conflict` where the name is taken,
        whatever its capitals."""
        ...

    def accounts(self) -> Sequence[Account]:
        """Every account, those that are not active too, by name."""
        ...

    def account(self, account_id: int) -> Account:
        """One account. Raises `NotFound`."""
        ...

    def account_named(self, name: str) -> tuple[Account, str | None] | None:
        """The account of that name, whatever its capitals, and its hashed password."""
        ...

    def change_account(
        self, account_id: int, *, role: Role | None = None, active: bool | None = None
    ) -> Account:
        """Change its role, end it or bring it back. Raises `NotFound`, `Conflict` where nobody
        would be left who is an administrator."""
        ...

    def set_password(self, account_id: int, password: str) -> None:
        """A new hashed password. Raises `NotFound`."""
        ...

    def add_session(self, account_id: int, sha256: str, *, agent: str, expires_utc: str) -> Session:
        """A browser has logged in. sha256: of its secret."""
        ...

    def session(self, sha256: str) -> Session | None:
        """The session with this secret, unless it or its account was ended; whether its time is
        over is for the caller to see."""
        ...

    def sessions(self, account_id: int) -> Sequence[Session]:
        """The sessions of an account that were not ended, newest first."""
        ...

    def touch_session(self, session_id: int, *, seen_utc: str, expires_utc: str) -> None:
        """It was used, and lasts longer."""
        ...

    def end_sessions(
        self, account_id: int, *, only: int | None = None, but: int | None = None
    ) -> int:
        """End an account's sessions: all, one alone, or all but one; how many there were."""
        ...

    def add_token(
        self, account_id: int, sha256: str, *, label: str, role: Role, expires_utc: str | None
    ) -> ApiToken:
        """A program may act for an account. sha256: of its secret."""
        ...

    def token(self, sha256: str) -> ApiToken | None:
        """The token with this secret, unless it or its account was ended."""
        ...

    def tokens(self, account_id: int) -> Sequence[ApiToken]:
        """The tokens of an account, ended ones too, newest first."""
        ...

    def touch_token(self, token_id: int, *, used_utc: str) -> None:
        """It was used."""
        ...

    def end_token(self, token_id: int) -> ApiToken:
        """End a token. Raises `NotFound`."""
        ...

    def note_login(self, name: str, address: str, *, granted: bool, made_utc: str) -> None:
        """Somebody tried to log in."""
        ...

    def failed_logins(self, name: str, address: str, since_utc: str) -> tuple[int, int]:
        """How often it failed since then for this name after its last success, and from this
        address."""
        ...
