"""Standing queries: saved queries that every newly indexed sentence is held against.

`add LABEL QUERY` keeps one, `list` shows them, `matches LABEL` shows what one has found, `remove
LABEL` ends one (what it found stays), and `test QUERY` shows what a query would have found among
what is indexed already. A query is written as for `offair find`. LABEL may also be the number that
`list` shows.
"""

from __future__ import annotations

import argparse

from offair.cli.acts import run_act
from offair.cli.terminal import actor, clock, emit, say
from offair.desk import Desk
from offair.desk.index import catch_up
from offair.desk.watch import (
    MatchedSentence,
    add_watch,
    list_watches,
    remove_watch,
    try_watch,
    watch_matches,
)
from offair.model.errors import BadInput
from offair.model.names import Watch

_ACTS = ("list", "add", "test", "matches", "remove")
_TAKES = {"list": 0, "add": 2, "test": 1, "matches": 1, "remove": 1}
_SAYS = {
    "list": "`offair watch list`",
    "add": "`offair watch add LABEL QUERY`",
    "test": "`offair watch test QUERY`",
    "matches": "`offair watch matches LABEL`",
    "remove": "`offair watch remove LABEL`",
}
_LAST = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair watch` takes."""
    parser.add_argument("act", nargs="?", choices=_ACTS, default="list", help="by default list")
    parser.add_argument(
        "what", nargs="*", metavar="LABEL|QUERY",
        help="a label, a query, or both; put a query in quotation marks of the shell",
    )  # fmt: skip
    parser.add_argument(
        "--last", type=int, metavar="N", help=f"with test: the newest N sentences, else {_LAST}"
    )
    parser.add_argument(
        "--after", type=int, metavar="ID", help="with matches: only those with greater numbers"
    )
    parser.add_argument(
        "--limit", type=int, metavar="N", help="with matches: N at a time, else 100"
    )
    parser.add_argument(
        "--removed", action="store_true", help="with list: those that were removed too"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Do the one act."""
    _check_options(args)
    return run_act(args, _DOES)


def _check_options(args: argparse.Namespace) -> None:
    if len(args.what) != _TAKES[args.act]:
        quoted = "; a query of several words stands in quotation marks of the shell"
        raise BadInput(f"write {_SAYS[args.act]}{quoted if args.act in ('add', 'test') else ''}")
    for option, given, act in (
        ("--last", args.last is not None, "test"),
        ("--after", args.after is not None, "matches"),
        ("--limit", args.limit is not None, "matches"),
        ("--removed", args.removed, "list"),
    ):
        if given and args.act != act:
            raise BadInput(f"{option} belongs to `offair watch {act}`")


def _list(desk: Desk, args: argparse.Namespace) -> None:
    found = list_watches(desk, removed=args.removed)
    for one in found:
        if args.json:
            emit({"event": "watch", **_facts(one)})
        else:
            ended = "" if one.active else "  (removed)"
            print(f"{one.id:>5}  {one.label}: {one.query}{ended}")
    if not found:
        say("no standing queries yet: `offair watch add LABEL QUERY`")


def _add(desk: Desk, args: argparse.Namespace) -> None:
    watch = add_watch(desk, args.what[0], args.what[1], actor=actor())
    _say("added", watch, args, f"standing query {watch.id} added: {watch.label}")


def _remove(desk: Desk, args: argparse.Namespace) -> None:
    watch = remove_watch(desk, args.what[0], actor=actor())
    said = f"standing query {watch.id} removed: {watch.label}; what it found stays"
    _say("removed", watch, args, said)


def _test(desk: Desk, args: argparse.Namespace) -> None:
    behind = catch_up(desk, notice=say)
    tried = try_watch(desk, args.what[0], last=_LAST if args.last is None else args.last)
    for one in tried.sentences:
        _show(one, args)
    at_least = "at least " if tried.at_least else ""
    if args.json:
        emit(
            {
                "event": "tested", "query": args.what[0], "total": tried.total,
                "at_least": tried.at_least, "remarks": [*tried.remarks, *([behind] * bool(behind))],
            }
        )  # fmt: skip
        return
    print(f"it would have found {at_least}{tried.total} of the sentences indexed now")
    for remark in (*tried.remarks, *([behind] if behind else ())):
        say(remark)


def _matches(desk: Desk, args: argparse.Namespace) -> None:
    limit = 100 if args.limit is None else args.limit
    behind = catch_up(desk, notice=say)
    if behind is not None:
        say(behind)
    watch, found = watch_matches(desk, args.what[0], after=args.after or 0, limit=limit)
    for one in found:
        _show(one, args)
    if not found:
        say(
            f"standing query {watch.id} ({watch.label}) has found nothing"
            + " more" * bool(args.after)
        )
    elif len(found) == limit:
        say(f"there may be more: add --after {found[-1].match.id}")


def _show(one: MatchedSentence, args: argparse.Namespace) -> None:
    match, recording = one.match, one.recording
    aired = None if recording.aired is None else recording.aired.value
    if args.json:
        emit(
            {
                "event": "match", "id": match.id or None, "recording": match.recording_id,
                "layer": match.layer_id, "turn": match.turn_id, "sentence": match.sentence_id,
                "channel": recording.channel.name, "aired": aired, "at_ms": one.at,
                "kind": one.layer.kind.value, "language": one.layer.language,
                "origin": one.layer.origin.value, "text": match.text,
                "found_utc": match.found_utc or None,
            }
        )  # fmt: skip
        return
    number = f"{match.id:>6}  " if match.id else ""
    place = f"{recording.channel.name}, {aired or 'date unknown'}, recording {recording.id}"
    text = " ".join(match.text.split())
    layer = f"{one.layer.kind.value}, {one.layer.language}, from {one.layer.origin.value}"
    print(f"{number}{place}, {clock(one.at)} [{layer}]: {text}")


def _say(event: str, watch: Watch, args: argparse.Namespace, said: str) -> None:
    if args.json:
        emit({"event": event, **_facts(watch)})
    else:
        print(said)


def _facts(watch: Watch) -> dict[str, object]:
    return {
        "id": watch.id, "label": watch.label, "query": watch.query, "owner": watch.owner,
        "made_utc": watch.made_utc, "active": watch.active,
    }  # fmt: skip


_DOES = {"list": _list, "add": _add, "test": _test, "matches": _matches, "remove": _remove}
