"""Translate a recording's text, sentence by sentence, beside the original.

A machine's translation is labelled wherever it is shown. --check says which sentences no longer fit
their original; --again translates those and keeps the rest. --revise puts a person's words in the
place of one sentence (--list names them), of a translation or of the transcript itself. --by-hand
takes in a person's whole translation, with --from-sound one that was made without any text.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from offair import config, wiring
from offair.cli.terminal import Reporter, actor, clock, emit, language, say
from offair.config import Settings
from offair.desk import Desk
from offair.desk.check_translation import CheckedTranslation, check_translation
from offair.desk.evidence import printable
from offair.desk.read_translation import ReadLayer, read_translation
from offair.desk.revise_sentence import revise_sentence
from offair.desk.take_translation import take_translation
from offair.desk.translate import Translated, translate
from offair.desk.translations import label_of
from offair.model.errors import BadInput


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair translate` takes."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its id (`offair list`)")
    parser.add_argument(
        "--to", type=language, metavar="TAG", help="language to translate into (BCP 47)"
    )
    parser.add_argument("--layer", type=int, metavar="ID", help="the text to translate or to show")
    parser.add_argument(
        "--language", type=language, metavar="TAG", help="of the original, where it does not say"
    )
    parser.add_argument("--engine", help="fxtranslate, ctranslate2 or openai")
    parser.add_argument("--model", help="a folder, a hub name or an endpoint's model")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--again", action="store_true",
        help="translate what is stale or missing in the newest translation, keep the rest",
    )  # fmt: skip
    what.add_argument(
        "--check", action="store_true", help="which translations are stale, missing or doubted"
    )
    what.add_argument("--list", action="store_true", help="the sentences with their ids")
    what.add_argument(
        "--revise", nargs=2, metavar=("SENTENCE", "TEXT"), help="put your words in its place"
    )
    what.add_argument("--by-hand", type=Path, metavar="FILE", help="a person's translation")
    parser.add_argument(
        "--from-sound", action="store_true", help="it was made from the sound, not from a text"
    )
    parser.add_argument("--encoding", help="of a --by-hand file that is not UTF-8")
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Do it; with --check 1 where a translation that nothing replaces is not current, else 0."""
    if (args.from_sound or args.encoding) and args.by_hand is None:
        raise BadInput("--from-sound and --encoding belong to --by-hand FILE")
    if args.from_sound and args.layer is not None:
        raise BadInput("a translation from the sound has no --layer that it translates")
    settings = _settings(config.load(args.config), args.engine, args.model)
    with wiring.open_desk(settings, notice=say) as desk:
        if args.check:
            return _check(desk, args)
        if args.list:
            _list(read_translation(desk, args.recording, args.layer), as_json=args.json)
        elif args.revise is not None:
            _revise(desk, args)
        elif args.by_hand is not None:
            _by_hand(desk, args)
        else:
            _translate(desk, args)
    return 0


def _settings(settings: Settings, engine: str | None, model: str | None) -> Settings:
    """The settings with the engine of this call; another engine takes no model of the first."""
    changed: dict[str, str | None] = {}
    if engine is not None and engine != settings.translation.engine:
        changed = {"engine": engine, "model": None}
    if model is not None:
        changed["model"] = model
    translation = settings.translation.model_copy(update=changed)
    return settings.model_copy(update={"translation": translation})


def _translate(desk: Desk, args: argparse.Namespace) -> None:
    with Reporter(as_json=args.json) as reporter:
        done = translate(
            desk, args.recording, actor=actor(), layer_id=args.layer, to=args.to,
            language=args.language, again=args.again,
            progress=lambda far: reporter.progress(
                f"translating {args.recording}", far.done / max(1, far.total),
                f"{far.done} of {far.total} sentences, {far.kept} kept",
                {"recording": far.recording_id, "sentences": far.total, "kept": far.kept},
            ),
        )  # fmt: skip
    _tell(args.recording, done, as_json=args.json)


def _tell(recording: int, done: Translated, *, as_json: bool) -> None:
    layer = done.layer
    if as_json:
        emit(
            {
                "event": "translated" if done.new else "known", "recording": recording,
                "layer": layer.id, "language": layer.language, "maker": layer.maker,
                "source_layer": layer.source_layer_id, "sentences": done.sentences,
                "kept": done.kept, "as_spoken": done.as_spoken, "missing": done.missing,
                "label": label_of(layer),
                "flags": [
                    {"kind": one.kind.value, "reason": one.reason, "sentence": one.sentence_id}
                    for one in done.flags
                ],
            }
        )  # fmt: skip
        return
    what = "translated" if done.new else "translated before"
    print(
        f"recording {recording}: layer {layer.id} ({layer.language}, {layer.maker}), "
        f"{done.sentences} sentences, {what}: {label_of(layer)}"
    )
    if done.new and done.kept:
        print(f"  {done.kept} sentences kept from before")
    for one in done.flags:
        when = f"{clock(one.span.start)}  " if one.span else ""
        print(f"  doubt: {when}sentence {one.sentence_id}: {one.reason}")


def _check(desk: Desk, args: argparse.Namespace) -> int:
    checked = check_translation(desk, args.recording, to=args.to)
    if args.layer is not None:
        checked = tuple(one for one in checked if one.layer.id == args.layer)
    for one in checked:
        if args.json:
            emit(_check_facts(one))
        else:
            _print_check(one)
    if not checked and not args.json:
        print(f"recording {args.recording} has no translation")
    return 1 if any(one.wanting for one in checked) else 0


def _check_facts(one: CheckedTranslation) -> Mapping[str, object]:
    return {
        "event": "translation", "layer": one.layer.id, "language": one.layer.language,
        "origin": one.layer.origin.value, "maker": one.layer.maker, "current": one.current,
        "sentences": one.sentences, "untranslated": one.untranslated,
        "newer_source": one.newer.id if one.newer else None, "revised_turns": one.revised,
        "replaced_by": one.replaced.id if one.replaced else None,
        "stale": [
            {"sentence": stale.sentence_id, "text": stale.text, "reason": stale.reason}
            for stale in one.stale
        ],
        "flags": [{"kind": flag.kind.value, "reason": flag.reason, "sentence": flag.sentence_id}
                  for flag in one.doubts],
    }  # fmt: skip


def _print_check(one: CheckedTranslation) -> None:
    layer = one.layer
    said = layer.note or label_of(layer)
    state = "current" if one.current else "not current"
    if one.replaced is not None:
        state = f"replaced by layer {one.replaced.id}"
    print(f"layer {layer.id} ({layer.language}, {layer.maker}; {said}): {state}")
    for stale in one.stale:
        print(f"  stale: sentence {stale.sentence_id}: {stale.reason}: {stale.text}")
    if one.untranslated:
        print(f"  {one.untranslated} sentences of the original have no translation")
    if one.newer is not None:
        print(f"  the original was heard anew: layer {one.newer.id} (run {one.newer.run})")
    if one.doubts:
        print(f"  {len(one.doubts)} doubts that nobody settled; --list shows them")


def _list(read: ReadLayer, *, as_json: bool) -> None:
    layer = read.layer
    if not as_json:
        print(f"layer {layer.id} ({layer.language}, {layer.maker})"
              f"{': ' + read.label if read.label else ''}")  # fmt: skip
    for one in read.sentences:
        if as_json:
            emit(
                {
                    "event": "sentence", "sentence": one.id, "text": one.text,
                    "start_ms": one.span.start if one.span else None,
                    "end_ms": one.span.end if one.span else None,
                    "originals": list(one.originals), "stale": one.stale,
                    "doubts": list(one.doubts), "revised_by": one.made_by,
                    "as_spoken": one.as_spoken, "missing": one.missing, "layer": layer.id,
                }
            )  # fmt: skip
            continue
        print(f"{one.id:>7}  {clock(one.span.start) if one.span else '--':>11}  {one.text}")
        if one.originals and not one.as_spoken:
            print(f"{'':>22}{' '.join(one.originals)}")
        if one.stale:
            print(f"{'':>22}stale: {one.stale}")
        for doubt in one.doubts:
            print(f"{'':>22}doubt: {doubt}")


def _revise(desk: Desk, args: argparse.Namespace) -> None:
    number, text = args.revise
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise BadInput(f"{number!r} is no sentence; --list names them by their numbers")
    done = revise_sentence(desk, args.recording, int(number), text, actor=actor())
    if args.json:
        emit(
            {
                "event": "revised" if done.changed else "unchanged", "layer": done.layer.id,
                "turn": done.turn.id, "before": done.before, "sentences": list(done.sentences),
            }
        )  # fmt: skip
    elif done.changed:
        ids = ", ".join(map(str, done.sentences))
        print(f"revised in layer {done.layer.id}: sentence {ids}; it said: {done.before}")
    else:
        print(f"sentence {number} says that already")


def _by_hand(desk: Desk, args: argparse.Namespace) -> None:
    taken = take_translation(
        desk, args.recording, args.by_hand, actor=actor(), to=args.to, layer_id=args.layer,
        from_sound=args.from_sound, encoding=args.encoding,
    )  # fmt: skip
    layer = taken.layer
    if args.json:
        emit(
            {
                "event": "taken" if taken.new else "known", "recording": args.recording,
                "layer": layer.id, "language": layer.language, "maker": layer.maker,
                "source_layer": layer.source_layer_id, "turns": taken.turns,
                "sentences": taken.sentences, "aligned": taken.aligned, "note": layer.note,
                "report": list(taken.remarks),
            }
        )  # fmt: skip
        return
    what = "taken in" if taken.new else "here already"
    print(
        f"recording {args.recording}: {printable(args.by_hand)}, layer {layer.id} "
        f"({layer.language}, {layer.note}), {taken.aligned} of {taken.sentences} sentences "
        f"aligned, {what}"
    )
    for one in taken.remarks:
        print(f"  {one}")
