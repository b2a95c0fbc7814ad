"""Show what the desk knows of a channel, or change it.

Without options it is shown. An option changes its field and leaves the others; --language replaces
all languages of the channel. An empty text ("") clears a field.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import actor, emit, say
from offair.desk.change_channel import change_channel, show_channel
from offair.model.recording import Channel


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair channel` takes."""
    parser.add_argument("name", metavar="NAME", help="the station's name")
    parser.add_argument("--country", metavar="NAME", help="its country, as records print it")
    parser.add_argument(
        "--language", action="append", metavar="TAG",
        help="a language it broadcasts in (BCP 47); again for another. One alone is forced; of "
        "several, each stretch of speech is told apart",
    )  # fmt: skip
    parser.add_argument("--zone", metavar="ZONE", help="its time zone, as Europe/Dublin")
    parser.add_argument("--rights", metavar="TEXT", help="what may be done with its broadcasts")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Change the channel where an option says so, and print it."""
    given = (args.country, args.language, args.zone, args.rights)
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        if any(one is not None for one in given):
            channel = change_channel(
                desk, args.name, country=args.country, languages=args.language, zone=args.zone,
                rights=args.rights, actor=actor(),
            )  # fmt: skip
        else:
            channel = show_channel(desk, args.name)
    if args.json:
        emit(
            {
                "channel": channel.name, "country": channel.country, "zone": channel.zone,
                "languages": list(channel.languages), "rights": channel.rights,
            }
        )  # fmt: skip
    else:
        _print(channel)
    return 0


def _print(channel: Channel) -> None:
    print(channel.name)
    print(f"  country:   {channel.country or 'not known'}")
    print(f"  languages: {', '.join(channel.languages) or 'any'}")
    print(f"  zone:      {channel.zone or 'not known'}")
    print(f"  rights:    {channel.rights or 'not known'}")
