"""What is found, what is missing, and what to do about it.

Each part is tried for real: a sound is written and probed in a child process, the recogniser's
model is loaded. Returns 1 where something is missing that the main job needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from offair import __version__, config, web, wiring
from offair.cli.terminal import emit, say
from offair.desk.examine import Finding, examine
from offair.desk.find_speech import FoundSpeech, find_speech
from offair.model.errors import OffairError


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair doctor` takes."""
    parser.add_argument(
        "--measure", action="store_true",
        help="measure how many recogniser processes are best here, and keep it for the settings",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object for each part")


def run(args: argparse.Namespace) -> int:
    """Look at every part and print what was found."""
    bad = 0
    signs = {True: "well", False: "BAD", None: "note"}
    for one in _findings(args.config, measure=args.measure):
        bad += one.well is False
        sign = signs[one.well]
        if args.json:
            emit({"part": one.part, "state": sign.lower(), "message": one.sentence})
        else:
            print(f"{sign:<5} {one.part:<11} {one.sentence}", flush=True)
    return 1 if bad else 0


def _findings(named: Path | None, *, measure: bool) -> Iterator[Finding]:
    yield Finding("offair", True, f"version {__version__}")
    try:
        file = config.find_file(named)
        settings = config.load(named)
    except OffairError as error:
        yield Finding("settings", False, str(error))
        return
    origin = f"from {file}" if file else "no settings file: the defaults count"
    yield Finding("settings", True, origin)
    yield Finding(
        "data", True, f"catalogue {settings.catalogue_url}, vault {settings.vault_folder}"
    )
    notices: list[str] = []
    try:
        with wiring.open_desk(settings, notice=notices.append) as desk:
            yield from examine(desk)
            found = find_speech(desk) if measure else None
        if found is not None:
            yield from _measured(settings, found)
    except OffairError as error:
        yield Finding("store", False, str(error))
    yield from (Finding("recogniser", None, notice) for notice in notices)
    if web.assets_built():
        yield Finding("pages", True, "their scripts are built")
    else:
        sentence = "their scripts are not built: pages read, the transcript does not follow"
        yield Finding("pages", None, f"{sentence}; install the package again with a network")


def _measured(settings: config.Settings, found: FoundSpeech) -> Iterator[Finding]:
    tried, chosen = wiring.measure_machine(settings, found.samples, notice=say)
    for one in tried:
        memory = f", {one.memory_bytes / 2**20:.0f} MiB each" if one.memory_bytes else ""
        sentence = f"{one.processes} process(es) on {one.device}: 1 s of sound takes "
        yield Finding("speed", None, f"{sentence}{one.real_time_factor:.3f} s{memory}")
    sentence = f"best is {chosen.processes} process(es) on {chosen.device}"
    sentence += f", measured {found.sentence}"
    if settings.listening.processes:
        sentence += f"; the settings say {settings.listening.processes}, which counts"
    yield Finding("speed", True, sentence)
