"""Every other place where a passage was aired, as events, oldest first.

A passage is a clip by its id, a record by its address (desk/12, publisher/8914), or the words
themselves. Places whose surroundings also match are airings of one event, the first airing first.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import clock, emit, say
from offair.desk.echoes import Echo, Echoes, echoes
from offair.desk.evidence import printable_name
from offair.desk.index import catch_up

_SHOWN_CHARS = 160


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair echoes` takes."""
    parser.add_argument(
        "what", metavar="CLIP|RECORD|QUOTATION", help="a clip's id, an address, or words"
    )
    parser.add_argument("--json", action="store_true", help="print facts as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Print the events."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        catch_up(desk, notice=say)
        found = echoes(desk, args.what)
    if args.json:
        for number, event in enumerate(found.events, 1):
            for echo in event:
                emit(_facts(number, echo, found.words))
    else:
        _print(found)
    for remark in found.coverage.remarks:
        say(f"note: {remark}")
    return 0


def _print(found: Echoes) -> None:
    for number, event in enumerate(found.events, 1):
        airings = "1 airing" if len(event) == 1 else f"{len(event)} airings"
        print(f"event {number}, {airings}")
        for one in event:
            aired = str(one.recording.aired) if one.recording.aired else "no date"
            speakers = ", ".join(one.speakers) or "speaker unknown"
            asked = ", the clip asked about" if one.asked else ""
            print(
                f"  {aired:<16}  {printable_name(one.recording.channel.name)}, recording "
                f"{one.recording.id}, {clock(one.at)}: {speakers}, {one.words} of "
                f"{found.words} words{asked}"
            )
        print(f"      {_shortened(event[0].text)}")
    if not found.events:
        where = "aired nowhere else" if found.clipped else "these words were aired nowhere"
        print(f"{where}, in {found.coverage.words_searched:,} words searched")
    elif found.at_least:
        print("and more: only the first places are shown")


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1].rstrip()}…"


def _facts(event: int, echo: Echo, words: int) -> dict[str, object]:
    aired = echo.recording.aired
    return {
        "event": event, "recording": echo.recording.id, "channel": echo.recording.channel.name,
        "aired": None if aired is None else aired.value, "layer": echo.layer.id,
        "kind": echo.layer.kind.value, "turns": list(echo.turn_ids), "at_ms": echo.at,
        "until_ms": echo.until, "speakers": list(echo.speakers), "words": echo.words,
        "of": words, "text": echo.text, "asked": echo.asked,
    }  # fmt: skip
