"""Who asks: the account behind a request, and what it may do.

`session.Sessions` puts the account into the request's state; pages and operations ask here.
"""

from __future__ import annotations

from hmac import compare_digest

from starlette.requests import Request

from offair.model.errors import NotLoggedIn, Refused
from offair.model.people import Account, Role


def account_of(request: Request) -> Account | None:
    """The account that asks, None for a reader of the public pages."""
    account = getattr(request.state, "account", None)
    return account if isinstance(account, Account) else None


def role_of(request: Request) -> Role | None:
    """What the request may do: the account's role, or the lesser one of its token."""
    role = getattr(request.state, "role", None)
    return role if isinstance(role, Role) else None


def check_csrf(request: Request, given: str | None) -> None:
    """Whether a change was asked for by a page that was made for this very session. Raises
    `Refused`. A program that acts by a token has no session."""
    wanted = getattr(request.state, "csrf", None)
    if wanted is not None and not compare_digest(str(wanted), given or ""):
        raise Refused("this form was not made for your session; load the page again and repeat")


def may(request: Request, needed: Role) -> bool:
    """Whether the request may do what this role may."""
    role = role_of(request)
    return role is not None and role.may(needed)


def actor_of(request: Request, needed: Role) -> str:
    """The name of who asks. Raises `NotLoggedIn`, `Refused` where the role is a lesser one."""
    account = account_of(request)
    if account is None:
        raise NotLoggedIn("log in first: this is for people who work at the desk")
    if not may(request, needed):
        raise Refused(
            f"this is for a {needed.value}, and {account.name} is not; an administrator can change "
            "that"
        )
    return account.name
