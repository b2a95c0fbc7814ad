"""The command line: one module per command, loaded only when it is called.

A command module has `arguments(parser)` and `run(args) -> int`. To add one: the module, and its
line in `COMMANDS`; `docs/reference/commands.md` must name it.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import sys
from pathlib import Path

from offair import __version__
from offair.cli.printed import printed, printing
from offair.model.errors import OffairError, Unavailable

COMMANDS: dict[str, tuple[str, str]] = {
    "add": ("offair.cli.add", "take in media files with their side-car files"),
    "import": ("offair.cli.import_text", "take in texts: printed records, captions, transcripts"),
    "work": ("offair.cli.work", "hear what was taken in, make playable copies"),
    "diarise": ("offair.cli.diarise", "tell the voices of a recording apart, as a new run"),
    "rehear": ("offair.cli.rehear", "hear one span again, otherwise, beside what was heard"),
    "translate": ("offair.cli.translate", "translate a text, check or revise its translation"),
    "channel": ("offair.cli.channel", "show a channel, or change its languages and the rest"),
    "list": ("offair.cli.list_held", "recordings, their texts, clips and jobs"),
    "coverage": ("offair.cli.coverage", "hours held, transcribed and heard, by channel"),
    "jobs": ("offair.cli.jobs", "what is to be done, how far it is; pause, resume, cancel, retry"),
    "show": ("offair.cli.show", "a record as printed, or a recording's transcript"),
    "flags": ("offair.cli.flags", "the doubts about a text, to step through and settle"),
    "speakers": ("offair.cli.speakers", "who speaks: voices, suggested names; name and confirm"),
    "names": ("offair.cli.names", "the names list: spellings, scripts, offices and when"),
    "confirm": ("offair.cli.confirm", "you heard it: its words and speakers are as they stand"),
    "clip": ("offair.cli.clip", "draft a clip from a recording"),
    "withdraw": ("offair.cli.withdraw", "withdraw a published record, with a public reason"),
    "remove": ("offair.cli.remove", "remove a published record, for law or safety"),
    "expire": ("offair.cli.expire", "remove media whose time is over by the channel's terms"),
    "publish": ("offair.cli.publish", "cut a clip and publish its numbered record"),
    "export": ("offair.cli.export", "write a record in one of the formats"),
    "read": ("offair.cli.read", "read a record file and print what was understood"),
    "find": ("offair.cli.find", "who said what, when: look for words in everything held"),
    "check": ("offair.cli.check", "hold a quotation or an article against what was said"),
    "echoes": ("offair.cli.echoes", "every other place where a passage was aired"),
    "watch": ("offair.cli.watch", "standing queries: keep, try, and see what they found"),
    "evaluate": (
        "offair.cli.evaluate",
        "how well it hears and judges, where the truth is known",
    ),
    "user": ("offair.cli.user", "accounts: who may work at the desk, and as what"),
    "token": ("offair.cli.token", "tokens: what programs show to act for an account"),
    "log": ("offair.cli.log", "who did what to what, newest first"),
    "serve": ("offair.cli.serve", "the desk in the browser"),
    "reindex": ("offair.cli.reindex", "make the search index anew, or check its files"),
    "models": ("offair.cli.models", "write models in the form the engines run"),
    "doctor": ("offair.cli.doctor", "what is found, what is missing, what to do"),
}
"""Name → (module, one line for `--help`), in the order of a day's work."""


_STYLED = frozenset({"find", "check", "evaluate"})
"""Commands that print in colour."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code (`docs/reference/errors.md` lists them)."""
    words = sys.argv[1:] if argv is None else argv
    top = _parser()
    if not words:
        top.print_help()
        return 0
    said = top.parse_args(words)
    name, rest = said.command[0], said.command[1:]
    if name not in COMMANDS:
        top.error(f"there is no command {name!r}; `offair --help` lists them")
    command = importlib.import_module(COMMANDS[name][0])
    parser = argparse.ArgumentParser(
        prog=f"offair {name}", description=command.__doc__, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.register("type", int, _whole_number)
    command.arguments(parser)
    args = parser.parse_args(rest, argparse.Namespace(config=said.config))
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its number; the command goes on.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        coloured = name in _STYLED and sys.stdout.isatty() and not getattr(args, "csv", False)
        with printing(styled=coloured):
            code = int(command.run(args))
        sys.stdout.flush()
    except OffairError as error:
        print(f"offair: {printed(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("offair: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        refused = printed(f"{error.strerror or error}{where}")
        print(f"offair: the system refused: {refused}", file=sys.stderr)
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Unavailable.exit_code
    return code


def _whole_number(text: str) -> int:
    """For argparse, in the place of `int`: a mistake says what is expected."""
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from error


def _parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<9} {summary}" for name, (_, summary) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="offair",
        description="A monitoring desk: recordings off air in, citable clip records out.",
        epilog=f"commands:\n{lines}\n\n`offair COMMAND --help` tells what each takes.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="offair [--config FILE] COMMAND ...",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"offair {__version__}")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (TOML)")
    parser.add_argument("command", nargs=argparse.PARSER, help=argparse.SUPPRESS)
    return parser
