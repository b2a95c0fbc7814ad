"""Hear one span of a recording again, with other settings, beside what was heard before.

Nothing that is shown changes unless --take is given: then the new words stand in the span in a new
run, and the old run stays; it goes on being shown where people have worked in it. A span that was
skipped is heard with a lower --threshold; 0 hears all of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from offair import config, wiring
from offair.cli.terminal import Reporter, actor, clock, emit, language, media_time, say
from offair.desk.rehear import HeardText, Reheard, rehear
from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Layer


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair rehear` takes."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its id (`offair list`)")
    parser.add_argument(
        "--from", dest="start", type=media_time, required=True, metavar="TIME",
        help="where the span begins: 83, 1:23 or 1:02:03.5",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="end", type=media_time, required=True, metavar="TIME", help="where it ends"
    )
    parser.add_argument("--engine", help="instead of what the routing says for the language")
    parser.add_argument("--model", help="a packaged name, a folder or a hub name")
    parser.add_argument("--language", type=language, metavar="TAG", help="BCP 47 tag to force")
    parser.add_argument(
        "--threshold", type=float, metavar="P",
        help="probability from which sound counts as speech, 0 to 0.99; 0 hears all of the span",
    )  # fmt: skip
    parser.add_argument(
        "--layer",
        type=int,
        metavar="ID",
        help="whose words are compared; by default the newest machine transcript",
    )
    parser.add_argument(
        "--take", action="store_true", help="make a run in which the new words stand in the span"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Hear the span and print both hearings; 0."""
    if args.threshold is not None and not 0 <= args.threshold < 1:
        raise BadInput(f"--threshold {args.threshold} is no probability; give 0 to 0.99")
    settings = config.load(args.config)
    with wiring.open_desk(settings, notice=say) as desk, Reporter(as_json=args.json) as reporter:
        reheard = rehear(
            desk, args.recording, Span(args.start, max(args.start, args.end)), actor=actor(),
            route=wiring.route(settings, args.engine, args.model), language=args.language,
            threshold=args.threshold, layer_id=args.layer, take=args.take,
            progress=lambda far: reporter.progress(
                f"hearing {args.recording} again", far.done_ms / max(1, far.total_ms)
            ),
        )  # fmt: skip
        if args.json:
            emit(_facts(reheard))
            return 0
    _print(reheard)
    return 0


def _print(reheard: Reheard) -> None:
    span, engine = reheard.span, reheard.engine
    print(f"{clock(span.start)} to {clock(span.end)} of recording {reheard.recording_id}")
    print(f"\nbefore ({reheard.base.maker}, run {reheard.base.run}):")
    _print_words(reheard.before)
    print(f"\nnow ({engine.name} {engine.model}):")
    _print_words(reheard.after)
    for chunk in reheard.chunks:
        if chunk.skipped:
            print(f"  {clock(chunk.span.start)} to {clock(chunk.span.end)}: {chunk.skipped} "
                  f"(score {chunk.score:.2f})")  # fmt: skip
    for flag in reheard.flags:
        print(f"  doubt: {flag.reason}")
    if reheard.taken is not None:
        print(f"\nthe new words stand in layer {reheard.taken.id} (run {reheard.taken.run})")
        _print_shown(reheard.recording_id, reheard.taken, reheard.shown)
    else:
        print("\nnothing that is shown has changed; --take puts the new words in their place")


def _print_shown(recording_id: int, taken: Layer, shown: Layer) -> None:
    if shown.id == taken.id:
        return
    if shown.run > taken.run and shown.origin is taken.origin:
        print(f"the desk goes on showing layer {shown.id}, which is newer")
        return
    print(
        f"the desk goes on showing layer {shown.id}, in which people have worked; `offair speakers "
        f"{recording_id} --carry-from {shown.id}` shows which of its names fit the new one"
    )


def _print_words(heard: Sequence[HeardText]) -> None:
    worded = [one for one in heard if one.text.strip()]
    for one in worded:
        print(f"  {clock(one.span.start)}  {one.text}")
    if not worded:
        print("  no words")


def _facts(reheard: Reheard) -> dict[str, object]:
    def words(heard: Sequence[HeardText]) -> list[dict[str, object]]:
        return [
            {"start_ms": one.span.start, "end_ms": one.span.end, "text": one.text,
             "language": one.language, "mean_probability": one.mean_probability}
            for one in heard
        ]  # fmt: skip

    engine = reheard.engine
    return {
        "recording": reheard.recording_id,
        "start_ms": reheard.span.start,
        "end_ms": reheard.span.end,
        "before": {"layer": reheard.base.id, "maker": reheard.base.maker, "run": reheard.base.run,
                   "heard": words(reheard.before)},
        "now": {"engine": engine.name, "model": engine.model, "revision": engine.revision,
                "run": reheard.run, "heard": words(reheard.after)},
        "skipped": [
            {"start_ms": one.span.start, "end_ms": one.span.end, "reason": one.skipped,
             "score": one.score}
            for one in reheard.chunks if one.skipped
        ],
        "flags": [{"kind": one.kind.value, "reason": one.reason} for one in reheard.flags],
        "taken": reheard.taken.id if reheard.taken else None,
        "shown": reheard.shown.id,
    }  # fmt: skip
