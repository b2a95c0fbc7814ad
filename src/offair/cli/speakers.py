"""Who speaks in a recording: its voices with names and suggestions; name, confirm, take back.

Without an act, lists the voices. A LABEL is a voice as the list prints it (SPEAKER_02); with
--turn ID the act is for that one turn, and no label is given. A name that a person gives counts
as confirmed; add --heard where you listened to it. Somebody withheld is known to the desk and
shown to nobody: not in texts, records, searches or findings.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from offair import config, wiring
from offair.cli.terminal import actor, clock, emit, say
from offair.desk import Desk
from offair.desk.attributed import How
from offair.desk.clusters import Carried
from offair.desk.name_speaker import (
    Attributed,
    SpeakerName,
    Target,
    carry_names,
    confirm_speaker,
    forget_speaker,
    kind_of_name,
    name_speaker,
)
from offair.desk.speakers import ListedSpeakers, ListedVoice, list_speakers, propose_carried
from offair.desk.withhold_speaker import Withheld, lift_speaker, list_withheld, withhold_speaker
from offair.model.errors import BadInput
from offair.model.transcript import SpeakerKind, Withholding

_REASONS_SHOWN = 3


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair speakers` takes."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its id (`offair list`)")
    parser.add_argument("--layer", type=int, metavar="ID", help="which text; by default the best")
    parser.add_argument("--turn", type=int, metavar="ID", help="act on this turn alone")
    parser.add_argument(
        "--name", nargs="+", metavar="[LABEL] NAME",
        help="name a voice; with --turn give only the name, for an interpreter only the label",
    )  # fmt: skip
    parser.add_argument("--role", action="store_true", help="the name is a role (Interviewer)")
    parser.add_argument("--author", metavar="NAME", help="whose words the voice says")
    parser.add_argument(
        "--author-role", action="store_true", help="the author is a role (Foreign Ministry)"
    )
    parser.add_argument("--how", choices=[one.value for one in How], help="how it says them")
    parser.add_argument(
        "--confirm",
        nargs="?",
        const="",
        metavar="LABEL",
        help="confirm the name it has, or the one suggested",
    )
    parser.add_argument(
        "--unknown", nargs="?", const="", metavar="LABEL", help="take the name back"
    )
    parser.add_argument(
        "--withhold",
        metavar="WHO",
        help="a LABEL or a name: show this speaker to nobody; with --why",
    )
    parser.add_argument(
        "--lift", metavar="WHO", help="a number, LABEL or name: show this speaker again; with --why"
    )
    parser.add_argument("--why", metavar="REASON", help="why it is withheld or lifted; is kept")
    parser.add_argument(
        "--withheld", action="store_true", help="list who is withheld, by number: who, when and why"
    )
    parser.add_argument("--heard", action="store_true", help="you listened to it")
    parser.add_argument(
        "--carry-from", type=int, metavar="LAYER",
        help="propose the names confirmed in this layer, by time, for --layer or the newest run",
    )  # fmt: skip
    parser.add_argument("--apply", action="store_true", help="carry the names proposed")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """List, or do the one act asked for."""
    acts = [args.name, args.confirm, args.unknown, args.carry_from, args.withhold, args.lift]
    asked = sum(one is not None for one in acts) + args.withheld
    if asked > 1:
        raise BadInput(
            "one act at a time: --name, --confirm, --unknown, --carry-from, --withhold, --lift or "
            "--withheld"
        )
    _check_options(args, asked)
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if args.carry_from is not None:
            _carry(desk, args)
        elif args.withheld:
            _list_withheld(list_withheld(desk, args.recording), as_json=args.json)
        elif args.withhold is not None or args.lift is not None:
            _report_withheld(_withhold(desk, args), as_json=args.json)
        elif asked:
            _report(_act(desk, args), as_json=args.json)
        else:
            _list(list_speakers(desk, args.recording, args.layer), as_json=args.json)
    return 0


def _check_options(args: argparse.Namespace, asked: int) -> None:
    naming = args.name is not None
    hiding = args.withhold is not None or args.lift is not None
    if hiding != (args.why is not None):
        raise BadInput(
            "--withhold WHO and --lift WHO go with --why REASON, and it with one of them"
        )
    if args.turn is not None and (
        not asked or hiding or args.withheld or args.carry_from is not None
    ):
        raise BadInput(
            "--turn says which turn; say what to do with it: --name, --confirm, --unknown"
        )
    if not naming and (args.role or args.author or args.author_role or args.how):
        raise BadInput("--role, --author and --how belong to --name")
    if args.author_role and not args.author:
        raise BadInput("--author-role belongs to --author NAME")
    if args.heard and not naming and args.confirm is None:
        raise BadInput("--heard belongs to --name or --confirm")
    if args.apply and args.carry_from is None:
        raise BadInput("--apply belongs to --carry-from LAYER")


def _act(desk: Desk, args: argparse.Namespace) -> Attributed:
    if args.name is not None:
        label, name = _label_and_name(args)
        target = Target(label, args.turn, args.layer)
        return name_speaker(desk, args.recording, target, name, actor=actor(), heard=args.heard)
    label = args.confirm if args.confirm is not None else args.unknown
    if (label == "") == (args.turn is None):
        which = "not both" if args.turn is not None else "there is neither"
        raise BadInput(f"say either the LABEL of a voice or --turn ID: {which}")
    target = Target(label or None, args.turn, args.layer)
    if args.confirm is not None:
        return confirm_speaker(desk, args.recording, target, actor=actor(), heard=args.heard)
    return forget_speaker(desk, args.recording, target, actor=actor())


def _withhold(desk: Desk, args: argparse.Namespace) -> Withheld:
    if args.lift is not None:
        return lift_speaker(desk, args.recording, args.lift, why=args.why, actor=actor())
    return withhold_speaker(
        desk, args.recording, args.withhold, why=args.why, actor=actor(), layer_id=args.layer
    )


def _report_withheld(done: Withheld, *, as_json: bool) -> None:
    """What was done, without the name."""
    for one in done.acts:
        if as_json:
            emit({"event": "withheld" if one.withheld else "lifted", **_withholding_facts(one)})
            continue
        state = "withheld: shown to nobody" if one.withheld else "shown again"
        print(f"speaker {one.speaker.id} is {state}, by {one.made_by}: {one.why}")
    for sentence in done.elsewhere:
        if as_json:
            emit({"event": "left", "message": sentence})
        else:
            print(f"  {sentence}")


def _list_withheld(found: Sequence[Withholding], *, as_json: bool) -> None:
    for one in found:
        if as_json:
            emit({"event": "withheld", **_withholding_facts(one)})
            continue
        when = f" by {one.made_by}, {one.made_utc}" if one.made_by else ""
        print(f"speaker {one.speaker.id} ({one.speaker.kind.value}) withheld{when}: {one.why}")
    if not found and not as_json:
        say("nobody is withheld")


def _withholding_facts(one: Withholding) -> dict[str, object]:
    return {
        "speaker": one.speaker.id, "kind": one.speaker.kind.value, "why": one.why,
        "made_by": one.made_by, "made_utc": one.made_utc,
    }  # fmt: skip


def _label_and_name(args: argparse.Namespace) -> tuple[str | None, SpeakerName]:
    words: list[str] = list(args.name)
    how = How(args.how) if args.how else None
    label = words.pop(0) if args.turn is None else None
    if len(words) > 1:
        raise BadInput(
            f"--name takes {'one name' if args.turn is not None else 'LABEL and NAME'}, not "
            f"{len(args.name)} words; put a name of several words in quotation marks"
        )
    if not words and how is not How.INTERPRETER:
        raise BadInput(f'what is the name of {label}? Write --name {label} "Jane Roe"')
    name = words[0] if words else None
    kind = SpeakerKind.ROLE if args.role else kind_of_name(name or "")
    author_kind = SpeakerKind.ROLE if args.author_role else SpeakerKind.PERSON
    return label, SpeakerName(name, kind, args.author, author_kind, how)


def _report(done: Attributed, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "event": "attributed", "layer": done.layer.id, "printed": done.printed,
                "turns": list(done.turn_ids), "kept": list(done.kept),
                "reasons": list(done.reasons),
            }
        )  # fmt: skip
        return
    count = _turns(len(done.turn_ids))
    if done.printed is None:
        print(f"{count} of layer {done.layer.id}: unknown again")
    else:
        print(f"{count} of layer {done.layer.id}: {done.printed}, confirmed by {actor()}")
    for reason in done.reasons:
        print(f"  {reason}")
    if done.kept:
        listed = ", ".join(str(one) for one in done.kept[:20])
        print(f"{_turns(len(done.kept))} named alone stay as they are: {listed}")


def _turns(count: int) -> str:
    return "1 turn" if count == 1 else f"{count} turns"


def _list(found: ListedSpeakers, *, as_json: bool) -> None:
    layer = found.layer
    if as_json:
        emit(
            {
                "event": "layer", "layer": layer.id, "kind": layer.kind.value, "run": layer.run,
                "newer_layer": found.newer.id if found.newer else None,
            }
        )  # fmt: skip
        for voice in found.voices:
            emit(_facts(voice))
        return
    print(
        f"layer {layer.id}: {layer.kind.value}, {layer.language}, from {layer.origin.value} "
        f"({layer.maker}, run {layer.run})"
    )
    for voice in found.voices:
        _print_voice(voice)
    if all(voice.cluster.label is None for voice in found.voices):
        print("no voices are told apart in this text; name single turns with --turn")
    if found.newer is not None:
        print(
            f"a newer run is there: layer {found.newer.id} (run {found.newer.run}); "
            f"`offair speakers {layer.recording_id} --carry-from {layer.id}` shows which names "
            "fit it"
        )


def _print_voice(voice: ListedVoice) -> None:
    one = voice.cluster
    length = f"{one.length_ms / 1000:.1f} s"
    print(
        f"{one.label or '(unknown)':<16} {length:>9}  {_turns(len(one.turns)):>9}  "
        f"first {clock(one.first_ms)}, turn {one.turns[0].id}"
    )
    for name in one.names:
        sure = "heard and confirmed" if name.heard and name.certain else "confirmed"
        part = "" if name.turns == len(one.turns) else f", {_turns(name.turns)}"
        print(f"    {name.printed} ({sure if name.certain else 'not confirmed'}{part})")
    if not one.names and one.label is not None:
        print("    not named")
    for suggestion in voice.suggestions:
        known = ", known to the desk" if suggestion.known else ""
        role = ", a role" if suggestion.kind is SpeakerKind.ROLE else ""
        print(f"    perhaps {suggestion.name}{role}{known}:")
        for reason in suggestion.reasons[:_REASONS_SHOWN]:
            print(f"        {reason}")
        if len(suggestion.reasons) > _REASONS_SHOWN:
            print(f"        and {len(suggestion.reasons) - _REASONS_SHOWN} more")


def _facts(voice: ListedVoice) -> dict[str, object]:
    one = voice.cluster
    return {
        "event": "voice",
        "label": one.label,
        "seconds": round(one.length_ms / 1000, 3),
        "turns": len(one.turns),
        "first_ms": one.first_ms,
        "first_turn": one.turns[0].id,
        "names": [
            {
                "printed": name.printed, "kind": name.kind.value, "confirmed": name.certain,
                "heard": name.heard, "turns": name.turns, "seconds": name.length_ms / 1000,
            }
            for name in one.names
        ],
        "suggestions": [
            {
                "name": suggestion.name, "kind": suggestion.kind.value,
                "known": suggestion.known, "share": round(suggestion.share, 3),
                "reasons": list(suggestion.reasons),
            }
            for suggestion in voice.suggestions
        ],
    }  # fmt: skip


def _carry(desk: Desk, args: argparse.Namespace) -> None:
    found = propose_carried(desk, args.recording, args.carry_from, args.layer)
    if args.json:
        for one in found.names:
            emit(
                {
                    "event": "proposed", "from_layer": found.older.id, "layer": found.newer.id,
                    "label": one.voice, "name": one.printed, "share": round(one.share, 3),
                    "turns": list(one.turn_ids), "of": one.of,
                }
            )  # fmt: skip
    else:
        _print_carried(found)
    if args.apply:
        count = carry_names(desk, args.recording, found.older.id, found.newer.id, actor=actor())
        if args.json:
            emit({"event": "carried", "layer": found.newer.id, "turns": count})
        else:
            print(f"{_turns(count)} of layer {found.newer.id} took a name")
    elif not args.json and found.attributions:
        print("nothing is changed; add --apply to carry them")


def _print_carried(found: Carried) -> None:
    print(f"names confirmed in layer {found.older.id}, for layer {found.newer.id} by time:")
    for one in found.names:
        print(
            f"{one.voice or '(unknown)':<16} {one.printed}: {one.share * 100:.0f} % of its time, "
            f"fits {len(one.turn_ids)} of {_turns(one.of)}"
        )
    if not found.names:
        print("none: no confirmed name shares time with it")
