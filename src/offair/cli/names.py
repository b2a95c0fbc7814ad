"""The names list: how persons, bodies and places are spelt, and what they were when.

Its spellings find each other in `offair find`, and cost nothing in `offair check`. Without an act,
lists the names. NAME is the number of a name, or one of its spellings. `change` writes what is
given in the place of what was there; an empty text clears it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from offair.cli.acts import run_act
from offair.cli.export import write_out
from offair.cli.terminal import actor, emit, say
from offair.desk import Desk
from offair.desk.evidence import printable, text_bytes
from offair.desk.names import (
    NameChange,
    Shared,
    add_name,
    change_name,
    export_names,
    import_names,
    list_names,
    remove_name,
    show_name,
)
from offair.formats.names_csv import office_of, office_text, spelling_of, spelling_text
from offair.model.errors import BadInput
from offair.model.names import Name, NameKind, Office, Spelling

_ACTS = ("list", "add", "show", "change", "remove", "import", "export")
_SHARED_SHOWN = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair names` takes."""
    parser.add_argument("act", nargs="?", choices=_ACTS, default="list", help="by default list")
    parser.add_argument(
        "what", nargs="?", metavar="NAME|FILE",
        help="a name; for list the words to look for; for import a CSV file, - for the input",
    )  # fmt: skip
    parser.add_argument("--kind", choices=[one.value for one in NameKind], help="what it names")
    parser.add_argument("--house", metavar="TEXT", help="with change: the new house spelling")
    parser.add_argument("--native", metavar="TEXT", help="the name in its own script")
    parser.add_argument(
        "--spelling", action="append", metavar="TEXT [WHOSE]",
        help="another spelling, whose in square brackets; again for another",
    )  # fmt: skip
    parser.add_argument("--authority", metavar="ID", help="as wikidata:Q42 or viaf:113230702")
    parser.add_argument(
        "--office", action="append", metavar="TITLE [FROM..TO]",
        help="what it was, from when to when ([2014-09..2018], [2014..]); again for another",
    )  # fmt: skip
    parser.add_argument("-o", "--out", type=Path, help="with export: a file to write")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Do the one act."""
    _check_options(args)
    return run_act(args, _DOES)


def _check_options(args: argparse.Namespace) -> None:
    written = {
        "--house": args.house, "--native": args.native, "--spelling": args.spelling,
        "--authority": args.authority, "--office": args.office,
    }  # fmt: skip
    given = [name for name, value in written.items() if value is not None]
    if given and args.act not in ("add", "change"):
        raise BadInput(f"{given[0]} belongs to `offair names add` and `offair names change`")
    if args.house is not None and args.act == "add":
        raise BadInput('the house spelling is the NAME itself: `offair names add "Jane Roe"`')
    if args.out is not None and args.act != "export":
        raise BadInput("--out belongs to `offair names export`")
    if args.kind is not None and args.act not in ("list", "add", "change"):
        raise BadInput(f"--kind does not belong to `offair names {args.act}`")
    if args.act == "export" and args.what is not None:
        raise BadInput("export writes the whole list; name a file with --out")
    if args.what is None and args.act not in ("list", "export"):
        what = "which file" if args.act == "import" else "which name"
        raise BadInput(f"{what}? `offair names {args.act} …`; `offair names` lists them")
    if args.act == "add" and args.kind is None:
        raise BadInput("what does it name? Add --kind person, --kind body or --kind place")
    if args.act == "change" and not given and args.kind is None:
        raise BadInput("say what to change: --house, --native, --spelling, --authority, --office")


def _list(desk: Desk, args: argparse.Namespace) -> None:
    kind = None if args.kind is None else NameKind(args.kind)
    found = list_names(desk, kind=kind, containing=args.what)
    for one in found:
        if args.json:
            emit({"event": "name", **_facts(one)})
        else:
            others = len(one.all_spellings) - 1
            more = "" if not others else f", {others} more spelling{'s' if others > 1 else ''}"
            print(f"{one.id:>5}  {one.kind.value:<6}  {one.house}{more}")
    if not found:
        say("no such name" if args.what or args.kind else "no names yet: `offair names add`")


def _export(desk: Desk, args: argparse.Namespace) -> None:
    write_out(export_names(desk).encode("utf-8"), args.out)


def _remove(desk: Desk, args: argparse.Namespace) -> None:
    name = remove_name(desk, args.what, actor=actor())
    if args.json:
        emit({"event": "removed", **_facts(name)})
    else:
        print(f"name {name.id} taken off the list: {name.house}")


def _one(desk: Desk, args: argparse.Namespace) -> None:
    if args.act == "show":
        saved = show_name(desk, args.what)
    elif args.act == "add":
        name = Name(
            NameKind(args.kind), args.what, args.native or None, tuple(_spellings(args) or ()),
            args.authority or None, tuple(_offices(args) or ()),
        )  # fmt: skip
        saved = add_name(desk, name, actor=actor())
    else:
        change = NameChange(
            kind=None if args.kind is None else NameKind(args.kind), house=args.house,
            native=args.native, spellings=_spellings(args), authority=args.authority,
            offices=_offices(args),
        )  # fmt: skip
        saved = change_name(desk, args.what, change, actor=actor())
    if args.json:
        shared = [_shared_facts(one) for one in saved.shared]
        emit({"event": "name", **_facts(saved.name), "shared": shared})
        return
    _print(saved.name)
    _say_shared(saved.shared)


def _import(desk: Desk, args: argparse.Namespace) -> None:
    if args.what == "-":
        data, source = sys.stdin.buffer.read(), "the input"
    else:
        data, source = text_bytes(Path(args.what)), printable(Path(args.what))
    taken = import_names(desk, data, source, actor=actor())
    if args.json:
        emit(
            {
                "event": "imported", "made": taken.made, "changed": taken.changed,
                "same": taken.same, "shared": [_shared_facts(one) for one in taken.shared],
            }
        )  # fmt: skip
        return
    print(f"{taken.made} names made, {taken.changed} changed, {taken.same} as they were")
    _say_shared(taken.shared)


def _spellings(args: argparse.Namespace) -> Sequence[Spelling] | None:
    given: Iterable[str] | None = args.spelling
    return None if given is None else [spelling_of(one) for one in given if one.strip()]


def _offices(args: argparse.Namespace) -> Sequence[Office] | None:
    given: Iterable[str] | None = args.office
    return None if given is None else [office_of(one) for one in given if one.strip()]


def _print(name: Name) -> None:
    print(f"{name.house} (name {name.id}, {name.kind.value})")
    if name.native:
        print(f"  in its script: {name.native}")
    if name.spellings:
        print(f"  also spelt:    {', '.join(map(spelling_text, name.spellings))}")
    if name.authority:
        print(f"  authority:     {name.authority}")
    for office in name.offices:
        print(f"  was:           {office_text(office)}")


def _say_shared(shared: Sequence[Shared]) -> None:
    for one in shared[:_SHARED_SHOWN]:
        say(
            f"{one.spelling} is a spelling of {one.name.house} ({one.name.kind.value}) and of "
            f"{one.other.house} ({one.other.kind.value}, name {one.other.id})"
        )
    if len(shared) > _SHARED_SHOWN:
        say(f"and {len(shared) - _SHARED_SHOWN} more spellings of two names")


def _facts(name: Name) -> dict[str, object]:
    return {
        "id": name.id, "kind": name.kind.value, "house": name.house, "native": name.native,
        "spellings": [{"text": one.text, "whose": one.whose} for one in name.spellings],
        "authority": name.authority,
        "offices": [
            {
                "title": one.title,
                "since": None if one.since is None else one.since.value,
                "until": None if one.until is None else one.until.value,
            }
            for one in name.offices
        ],
    }  # fmt: skip


def _shared_facts(one: Shared) -> dict[str, object]:
    return {"spelling": one.spelling, "name": one.name.id, "other": one.other.id}


_DOES = {
    "list": _list, "add": _one, "show": _one, "change": _one, "remove": _remove,
    "import": _import, "export": _export,
}  # fmt: skip
