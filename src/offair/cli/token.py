"""Tokens: what a program shows to act for an account.

A token is shown once, when it is made, on the output alone; the desk keeps only a hash of it. A
program sends it in the header `Authorization: Bearer TOKEN`.
"""

from __future__ import annotations

import argparse

from offair.cli.acts import run_act
from offair.cli.printed import printed
from offair.cli.terminal import actor, emit, say
from offair.desk import Desk
from offair.desk.access import add_token, end_token, list_tokens
from offair.model.errors import BadInput
from offair.model.people import ApiToken, Role

_ACTS = ("list", "add", "end")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair token` takes."""
    parser.add_argument("act", choices=_ACTS)
    parser.add_argument("what", metavar="NAME|NUMBER", help="the account; of end the token")
    parser.add_argument("--label", metavar="TEXT", help="what the token is for, with add")
    parser.add_argument("--role", choices=[one.value for one in Role], help="with add")
    parser.add_argument("--days", type=int, metavar="N", help="it ends after so many, with add")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Do the one act."""
    given = [args.label, args.role, args.days]
    if args.act != "add" and given != [None, None, None]:
        raise BadInput("--label, --role and --days belong to add")
    if args.act == "add" and args.label is None:
        raise BadInput("say what the token is for: --label TEXT")
    if args.act == "add" and args.role is None:
        raise BadInput(f"say what it may do: --role {', '.join(Role)}")
    if args.act == "end" and not (args.what.isascii() and args.what.isdigit()):
        raise BadInput(f"{args.what!r} is no number of a token; `offair token list NAME` has them")
    return run_act(args, _DOES)


def _list(desk: Desk, args: argparse.Namespace) -> None:
    found = list_tokens(desk, args.what)
    for one in found:
        _tell(one, args)
    if not found:
        say(f"{args.what} has no tokens")


def _add(desk: Desk, args: argparse.Namespace) -> None:
    secret, made = add_token(
        desk, args.what, args.label, Role(args.role), days=args.days, actor=actor()
    )
    if args.json:
        emit(_facts(made) | {"token": secret})
        return
    say(f"token {made.id} of {made.account.name}; it is shown this once:")
    print(secret)


def _end(desk: Desk, args: argparse.Namespace) -> None:
    _tell(end_token(desk, int(args.what), actor=actor()), args)


def _tell(one: ApiToken, args: argparse.Namespace) -> None:
    if args.json:
        emit(_facts(one))
        return
    until = f", until {one.expires_utc}" if one.expires_utc else ""
    used = f", last used {one.used_utc}" if one.used_utc else ", never used"
    state = f"{until}{used}" if one.active else ", ended"
    print(f"{one.id}  {printed(one.label)}  {one.role.value}{state}")


def _facts(one: ApiToken) -> dict[str, object]:
    return {
        "event": "token", "id": one.id, "account": one.account.name, "label": one.label,
        "role": one.role.value, "made_utc": one.made_utc, "expires_utc": one.expires_utc,
        "used_utc": one.used_utc, "active": one.active,
    }  # fmt: skip


_DOES = {"list": _list, "add": _add, "end": _end}
