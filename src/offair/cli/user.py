"""Accounts: who may work at the desk in the browser, and as what.

A reader reads everything, an editor corrects, names and drafts, a publisher publishes, an
administrator does all that and keeps the accounts. A password is asked for twice, or read from a
file; it is never given on the command line, where others could see it.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from offair.cli.acts import run_act
from offair.cli.terminal import actor, emit, say
from offair.desk import Desk
from offair.desk.accounts import add_account, change_account, list_accounts, set_password
from offair.model.errors import BadInput
from offair.model.people import Account, Role

_ACTS = ("list", "add", "change", "password", "end", "bring-back")
_LARGEST = 10_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair user` takes."""
    parser.add_argument("act", nargs="?", choices=_ACTS, default="list", help="by default list")
    parser.add_argument("name", nargs="?", metavar="NAME", help="of the account")
    parser.add_argument("--role", choices=[one.value for one in Role], help="with add and change")
    parser.add_argument(
        "--password-from", metavar="FILE", help="read the password from a file, - for the input"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Do the one act."""
    if args.act != "list" and args.name is None:
        raise BadInput(f"whose account? `offair user {args.act} NAME`")
    if args.act == "list" and args.name is not None:
        raise BadInput("list shows every account; it takes no name")
    if (args.role is None) != (args.act not in ("add", "change")):
        told = f"say as what: --role {', '.join(Role)}"
        raise BadInput(told if args.role is None else "--role belongs to add and change")
    if args.password_from is not None and args.act not in ("add", "password"):
        raise BadInput("--password-from belongs to add and password")
    return run_act(args, _DOES)


def _list(desk: Desk, args: argparse.Namespace) -> None:
    found = list_accounts(desk)
    for one in found:
        _tell(one, args)
    if not found:
        say("no accounts yet: `offair user add NAME --role administrator`")


def _add(desk: Desk, args: argparse.Namespace) -> None:
    password = _password(args)
    _tell(add_account(desk, args.name, Role(args.role), password, actor=actor()), args)


def _change(desk: Desk, args: argparse.Namespace) -> None:
    _tell(change_account(desk, args.name, role=Role(args.role), actor=actor()), args)


def _new_password(desk: Desk, args: argparse.Namespace) -> None:
    _tell(set_password(desk, args.name, _password(args), actor=actor()), args)


def _end(desk: Desk, args: argparse.Namespace) -> None:
    _tell(change_account(desk, args.name, active=False, actor=actor()), args)


def _bring_back(desk: Desk, args: argparse.Namespace) -> None:
    _tell(change_account(desk, args.name, active=True, actor=actor()), args)


def _tell(one: Account, args: argparse.Namespace) -> None:
    if args.json:
        emit(
            {
                "event": "account", "id": one.id, "name": one.name, "role": one.role.value,
                "active": one.active, "made_utc": one.made_utc, "made_by": one.made_by,
            }
        )  # fmt: skip
    else:
        print(f"{one.name}  {one.role.value}{'' if one.active else ', ended'}")


def _password(args: argparse.Namespace) -> str:
    if args.password_from is not None:
        return _read(args.password_from)
    if not sys.stdin.isatty():
        raise BadInput("nobody is at the terminal to be asked for a password: --password-from FILE")
    first = getpass.getpass(f"Password for {args.name}: ")
    if getpass.getpass("The same again: ") != first:
        raise BadInput("the password was not the same both times; try again")
    return first


def _read(source: str) -> str:
    """The first line of a file, without its end."""
    data = (
        sys.stdin.buffer.read(_LARGEST) if source == "-" else Path(source).read_bytes()[:_LARGEST]
    )
    try:
        return (data.decode().splitlines() or [""])[0]
    except UnicodeDecodeError as error:
        raise BadInput(f"the password in {source} is no text in UTF-8") from error


_DOES = {
    "list": _list,
    "add": _add,
    "change": _change,
    "password": _new_password,
    "end": _end,
    "bring-back": _bring_back,
}
