"""People: the accounts for administrators, one's own browsers and programs, and the log."""

from __future__ import annotations

import secrets
from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk.access import (
    LONGEST_DAYS,
    LONGEST_LABEL,
    add_token,
    end_session,
    end_token,
    list_sessions,
    list_tokens,
)
from offair.desk.accounts import LONGEST, add_account, change_account, list_accounts, set_password
from offair.desk.read_log import read_log
from offair.model.errors import BadInput, NotFound
from offair.model.people import Account, Act, ApiToken, Role
from offair.web.api import Model, Operation
from offair.web.finding_wording import moment
from offair.web.forms import read_form
from offair.web.session import session_asked
from offair.web.view import desk_of, number_asked, page
from offair.web.who import actor_of, role_of

_STYLES = ("people.css",)
_AT_ONCE = 100
_SECRET_BYTES = 12
"""Of a password that an administrator passes on: 96 bits of chance, 16 characters."""
_ONCE = {"cache-control": "no-store"}
"""Of an answer that shows a secret."""


def people(request: Request) -> Response:
    """`/people`: every account, for an administrator."""
    actor_of(request, Role.ADMINISTRATOR)
    found = list_accounts(desk_of(request))
    if request.url.path.endswith(".json"):
        return JSONResponse({"accounts": [_account(one).model_dump() for one in found]})
    return _people(request, found)


async def change(request: Request) -> Response:
    """The forms of accounts: a new one, another role, the end, a new password."""
    actor = actor_of(request, Role.ADMINISTRATOR)
    form = await read_form(request)
    return await run_in_threadpool(_changed, request, actor, form)


def _changed(request: Request, actor: str, form: dict[str, str]) -> Response:
    desk, name, what = desk_of(request), form.get("name", ""), form.get("what", "")
    if what in ("add", "password"):
        password = secrets.token_urlsafe(_SECRET_BYTES)
        if what == "add":
            known = add_account(desk, name, _role(form.get("role", "")), password, actor=actor)
        else:
            known = set_password(desk, name, password, actor=actor)
        answer = _people(request, list_accounts(desk), of=known.name, password=password)
        answer.headers.update(_ONCE)
        return answer
    if what == "role":
        change_account(desk, name, role=_role(form.get("role", "")), actor=actor)
    elif what in ("end", "back"):
        change_account(desk, name, active=what == "back", actor=actor)
    else:
        raise BadInput(f"{what[:20]!r} is nothing that is done to an account; load the page again")
    return RedirectResponse("/people", 303)


def _people(
    request: Request,
    found: tuple[Account, ...],
    *,
    of: str | None = None,
    password: str | None = None,
) -> Response:
    return page(
        request, "people.html", styles=_STYLES, found=found, roles=list(Role), of=of,
        password=password, longest=LONGEST, twin="/people.json",
    )  # fmt: skip


def access(request: Request) -> Response:
    """`/account/access`: one's own browsers that are logged in, and one's own tokens."""
    return _access(request, actor_of(request, Role.READER))


async def change_access(request: Request) -> Response:
    """The forms of one's own browsers and tokens."""
    actor = actor_of(request, Role.READER)
    form = await read_form(request)
    return await run_in_threadpool(_changed_access, request, actor, form)


def _changed_access(request: Request, actor: str, form: dict[str, str]) -> Response:
    desk, what = desk_of(request), form.get("what", "")
    if what == "add":
        secret, _made = add_token(
            desk, actor, form.get("label", ""), _role(form.get("role", "")),
            days=_number(form["days"]) if form.get("days") else None, most=_most(request),
            actor=actor,
        )  # fmt: skip
        answer = _access(request, actor, secret=secret)
        answer.headers.update(_ONCE)
        return answer
    if what == "token":
        end_token(desk, _number(form.get("id", "")), of=actor, actor=actor)
    elif what == "session":
        end_session(desk, actor, _number(form.get("id", "")))
    else:
        raise BadInput(f"{what[:20]!r} is nothing that is done here; load the page again")
    return RedirectResponse("/account/access", 303)


def _access(request: Request, name: str, *, secret: str | None = None) -> Response:
    desk, own = desk_of(request), session_asked(request)
    tokens, sessions = list_tokens(desk, name), list_sessions(desk, name)
    if request.url.path.endswith(".json"):
        told = [
            {"id": one.id, "agent": one.agent, "made_utc": one.made_utc, "seen_utc": one.seen_utc}
            for one in sessions
        ]
        return JSONResponse(
            {"sessions": told, "tokens": [_token(one).model_dump() for one in tokens]}
        )
    most = _most(request)
    return page(
        request, "access.html", styles=_STYLES, tokens=tokens, sessions=sessions, secret=secret,
        own=own.id if own else None, moment=moment, twin="/account/access.json",
        roles=[one for one in Role if most.may(one)], longest=LONGEST_LABEL, days=LONGEST_DAYS,
    )  # fmt: skip


def log(request: Request) -> Response:
    """`/log`: who did what to what, newest first, for an administrator; `?kind=`, `?subject=`,
    `?actor=`, `?before=`."""
    actor_of(request, Role.ADMINISTRATOR)
    asked = {name: request.query_params.get(name, "").strip() for name in ("kind", "actor")}
    subject = number_asked(request, "subject")
    found = read_log(
        desk_of(request), kind=asked["kind"] or None, subject=subject,
        actor=asked["actor"] or None, before_id=number_asked(request, "before"),
        limit=_AT_ONCE + 1,
    )  # fmt: skip
    more = found[_AT_ONCE - 1].id if len(found) > _AT_ONCE else None
    given = request.url.remove_query_params("before")
    following = given.include_query_params(before=more).query if more else None
    if request.url.path.endswith(".json"):
        acts = [_act(one) for one in found[:_AT_ONCE]]
        return JSONResponse({"acts": acts, "next": f"/log.json?{following}" if following else None})
    query = f"?{request.url.query}" if request.url.query else ""
    return page(
        request, "log.html", styles=_STYLES, found=found[:_AT_ONCE], asked=asked,
        subject=subject, moment=moment, more=f"/log?{following}" if following else None,
        twin=f"/log.json{query}",
    )  # fmt: skip


def _act(one: Act) -> dict[str, Any]:
    return {
        "id": one.id, "made_utc": one.made_utc, "actor": one.actor, "verb": one.verb,
        "kind": one.kind, "subject": one.subject, "detail": dict(one.detail),
    }  # fmt: skip


def _most(request: Request) -> Role:
    """What a token may be that this request makes: not more than what it came with."""
    return role_of(request) or Role.READER


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        known = ", ".join(Role)
        raise BadInput(f"{text[:20]!r} is no role; there are {known}") from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise BadInput(f"{text[:20]!r} is no number that fits here; write digits")
    return int(text)


class AccountFacts(Model):
    """An account."""

    id: int
    name: str
    role: Role
    active: bool
    made_utc: str
    made_by: str


class AccountList(Model):
    """Every account, those that ended too, by name."""

    accounts: list[AccountFacts]


class AccountToAdd(Model):
    """A new account."""

    name: str = Field(max_length=400)
    role: Role
    password: str = Field(max_length=2_000, description="12 characters at least.")


class AccountChange(Model):
    """What is to be otherwise; what is not given stays."""

    role: Role | None = None
    active: bool | None = None


class TokenFacts(Model):
    """A token, without its secret."""

    id: int
    label: str
    role: Role
    active: bool
    made_utc: str
    expires_utc: str | None
    used_utc: str | None


class TokenList(Model):
    """One's own tokens, newest first."""

    tokens: list[TokenFacts]


class TokenToAdd(Model):
    """A new token of one's own."""

    label: str = Field(max_length=400, description="What it is for.")
    role: Role
    days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS)


class NewToken(Model):
    """A token and its secret, which is shown this once."""

    facts: TokenFacts
    token: str


def _account(one: Account) -> AccountFacts:
    return AccountFacts(**{name: getattr(one, name) for name in AccountFacts.model_fields})


def _token(one: ApiToken) -> TokenFacts:
    return TokenFacts(**{name: getattr(one, name) for name in TokenFacts.model_fields})


def _list_accounts(request: Request, _actor: str, _body: None) -> AccountList:
    return AccountList(accounts=[_account(one) for one in list_accounts(desk_of(request))])


def _add_account(request: Request, actor: str, body: AccountToAdd) -> AccountFacts:
    return _account(add_account(desk_of(request), body.name, body.role, body.password, actor=actor))


def _change_account(request: Request, actor: str, body: AccountChange) -> AccountFacts:
    desk, wanted = desk_of(request), request.path_params["id"]
    known = next((one for one in list_accounts(desk) if one.id == wanted), None)
    if known is None:
        raise NotFound("there is no account with this number; list the accounts to find it")
    return _account(
        change_account(desk, known.name, role=body.role, active=body.active, actor=actor)
    )


def _list_tokens(request: Request, actor: str, _body: None) -> TokenList:
    return TokenList(tokens=[_token(one) for one in list_tokens(desk_of(request), actor)])


def _add_token(request: Request, actor: str, body: TokenToAdd) -> Response:
    secret, made = add_token(
        desk_of(request), actor, body.label, body.role, days=body.days, most=_most(request),
        actor=actor,
    )  # fmt: skip
    told = NewToken(facts=_token(made), token=secret)
    return JSONResponse(told.model_dump(mode="json"), 201, headers=_ONCE)


def _end_token(request: Request, actor: str, _body: None) -> TokenFacts:
    wanted = request.path_params["id"]
    return _token(end_token(desk_of(request), wanted, of=actor, actor=actor))


ROUTES = (
    Route("/people", people, methods=["GET"]),
    Route("/people", change, methods=["POST"]),
    Route("/people.json", people),
    Route("/account/access", access, methods=["GET"]),
    Route("/account/access", change_access, methods=["POST"]),
    Route("/account/access.json", access),
    Route("/log", log),
    Route("/log.json", log),
)
_TAKEN = {409: "The name is taken, or nobody would be left who is an administrator."}
_TOO_MANY = {409: "The account has as many tokens as it may."}
API = (
    Operation(
        "GET", "/accounts", "List the accounts.", Role.ADMINISTRATOR, _list_accounts,
        answer=AccountList,
    ),
    Operation(
        "POST", "/accounts", "Make an account.", Role.ADMINISTRATOR, _add_account,
        body=AccountToAdd, answer=AccountFacts, status=201, raises=_TAKEN,
    ),
    Operation(
        "PATCH", "/accounts/{id:int}", "Change an account's role, end it or bring it back.",
        Role.ADMINISTRATOR, _change_account, body=AccountChange, answer=AccountFacts,
        raises=_TAKEN,
    ),
    Operation(
        "GET", "/account/tokens", "List one's own tokens.", Role.READER, _list_tokens,
        answer=TokenList,
    ),
    Operation(
        "POST", "/account/tokens", "Make a token of one's own.", Role.READER, _add_token,
        body=TokenToAdd, answer=NewToken, status=201, raises=_TOO_MANY,
    ),
    Operation(
        "DELETE", "/account/tokens/{id:int}", "End a token of one's own.", Role.READER,
        _end_token, answer=TokenFacts,
    ),
)  # fmt: skip
