"""Hold printed words against what was heard in one recording; no verdict.

Prints each run of words: equal, or differing, with the class of the difference. Words that a
machine heard and nobody checked may themselves be wrong: listen to the span before you rely on it.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import clock, emit, say
from offair.desk.check_quote import Comparison, check_quote
from offair.model.transcript import LayerOrigin


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair check` takes."""
    parser.add_argument("words", metavar="QUOTATION", help="the printed words")
    parser.add_argument(
        "--recording", type=int, required=True, metavar="ID", help="which (`offair list`)"
    )
    parser.add_argument(
        "--layer", type=int, metavar="ID", help="which of its texts; by default the best"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON")


def run(args: argparse.Namespace) -> int:
    """Compare and print; 0 whatever was found, because there is no verdict."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        found = check_quote(desk, args.words, args.recording, layer_id=args.layer)
    if args.json:
        emit(_facts(found))
    else:
        _tell(found)
    return 0


def _facts(found: Comparison) -> dict[str, object]:
    alignment = found.difference.alignment
    return {
        "event": "compared", "recording": found.recording.id, "layer": found.layer.id,
        "layer_origin": found.layer.origin.value, "heard_by_a_person": False,
        "at_ms": found.at, "until_ms": found.until, "turns": list(found.turn_ids),
        "printed_words": len(found.difference.printed), "equal_words": alignment.equal,
        "edits": [
            {
                "kind": one.edit.kind.value, "printed": one.printed_text,
                "spoken": one.spoken_text, "printed_chars": list(one.printed_chars),
                "classes": sorted(kind.value for kind in one.edit.classes),
                "critical": one.edit.critical,
            }
            for one in found.difference.passages
        ],
    }  # fmt: skip


def _tell(found: Comparison) -> None:
    layer, alignment = found.layer, found.difference.alignment
    print(
        f"held against recording {found.recording.id} ({found.recording.channel.name}, "
        f"{found.recording.aired or 'no date'}), layer {layer.id}: {layer.kind.value} from "
        f"{layer.origin.value} ({layer.maker})"
    )
    if layer.origin is LayerOrigin.ENGINE:
        print("machine transcript, not heard by a person: listen before you rely on it")
    if found.difference.window_chars is None:
        print("no word of the quotation is in this text")
        return
    if found.at is None:
        turns = ", ".join(str(one) for one in found.turn_ids)
        print(f"best place: turn {turns} (the words of this text have no times)")
    else:
        print(f"best place: {clock(found.at)} to {clock(found.until)}")
    print(f"{alignment.equal} of {len(found.difference.printed)} printed words stand as heard")
    for passage in found.difference.passages:
        edit = passage.edit
        kinds = ", ".join(sorted(kind.value for kind in edit.classes))
        note = f"  [{kinds}{'; critical' if edit.critical else ''}]" if kinds else ""
        if edit.kind.value == "equal":
            print(f"  equal        {passage.printed_text}")
            continue
        print(f"  {edit.kind.value:<12} printed: {passage.printed_text or '–'}")
        print(f"  {'':<12} heard:   {passage.spoken_text or '–'}{note}")
