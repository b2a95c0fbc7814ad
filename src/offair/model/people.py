"""Who works at the desk, what each may do, and what each did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do; each may do what those before it may."""

    READER = "reader"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"

    def may(self, needed: Role) -> bool:
        """Whether this role is enough where `needed` is asked for."""
        every = list(Role)
        return every.index(self) >= every.index(needed)


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can log in. `name` is unique whatever its capitals, and is the `actor` of what
    the person does. An account that is not `active` can do nothing; what it did stays its own."""

    id: int
    name: str
    role: Role
    made_utc: str
    made_by: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in, until `expires_utc`. Only a hash of its secret is kept."""

    id: int
    account: Account
    made_utc: str
    seen_utc: str
    expires_utc: str
    agent: str


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program that acts for an account, with that account's role or a lesser one. Only a hash of
    its secret is kept. used_utc: last, None where never."""

    id: int
    account: Account
    label: str
    role: Role
    made_utc: str
    expires_utc: str | None = None
    used_utc: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the log that nothing is ever taken out of: who did what to what, when.

    verb: of the desk (`publish`, `revise_turn`, `log_in`). kind, subject: `clip` 12; 0 where it is
    about nothing with a number. detail: what else is worth knowing, no secrets.
    """

    id: int
    made_utc: str
    actor: str
    verb: str
    kind: str
    subject: int
    detail: Mapping[str, str | int | float | bool | None]
