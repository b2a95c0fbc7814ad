"""How a command talks: progress as a bar, as lines or as JSON; times as people write them."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from offair.cli.printed import CONTROL, printed
from offair.desk.evidence import language_tag
from offair.model.time import Ms, PartialDate
from offair.model.time import clock as media_clock

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+)(?:[.,](\d{1,3}))?")


def actor() -> str:
    """Who writes: the local user's name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local user"


def now_utc() -> str:
    """This instant, ISO 8601 with `Z`, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def media_time(text: str) -> Ms:
    """`83`, `1:23`, `1:02:03.5` → ms; for argparse, so a mistake says what is expected."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; write 83, 1:23 or 1:02:03.5")
    hours, minutes, seconds, fraction = match.groups()
    if (minutes and int(seconds) > 59) or (hours and int(minutes) > 59):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time: its parts run to 59")
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "").ljust(3, "0"))


def clock(ms: Ms | None) -> str:
    """Media time for a reader: `1:02:03.456`, `0:09.000`, or `no time` where there is none."""
    return "no time" if ms is None else media_clock(ms)


def counted(number: int, noun: str) -> str:
    """`1 turn`, `2,000 turns`, `no turns`."""
    return f"{number:,}" * bool(number) + "no" * (not number) + f" {noun}{'s' * (number != 1)}"


def air_date(text: str) -> PartialDate:
    """For argparse: a date with the precision it is written with."""
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def language(text: str) -> str:
    """For argparse: a BCP 47 tag in its usual spelling."""
    tag = language_tag(text)
    if tag == "und" and text != "und":
        raise argparse.ArgumentTypeError(f"{text!r} is no BCP 47 tag; write en, pt-BR or acm")
    return tag


def say(message: str) -> None:
    """A line for the person at the terminal, on the error stream: results go to the other."""
    print(printed(message), file=sys.stderr, flush=True)


def emit(value: Mapping[str, object]) -> None:
    """One JSON object, one line, on the output stream."""
    line = json.dumps(value, ensure_ascii=False)
    print(CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line), flush=True)


class Reporter:
    """Progress of one command: a bar on a terminal, plain lines otherwise, JSON with `--json`."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, int] = {}
        self._lock = threading.Lock()
        """Several recordings may be heard at once, each told of from its own thread."""

    def __enter__(self) -> Self:
        if not self._json and sys.stderr.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TextColumn("{task.fields[detail]}"), TimeRemainingColumn(),
                console=Console(stderr=True), transient=False,
            )  # fmt: skip
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def progress(
        self, title: str, done: float, detail: str = "", facts: Mapping[str, object] | None = None
    ) -> None:
        """How far `title` is, `done` 0…1. Plain lines are printed at every tenth."""
        with self._lock:
            self._progress(title, done, detail, facts or {})

    def _progress(self, title: str, done: float, detail: str, facts: Mapping[str, object]) -> None:
        if self._json:
            emit({"event": "progress", "title": title, "done": round(done, 4), **facts})
        elif self._bar is not None:
            if title not in self._tasks:
                self._tasks[title] = self._bar.add_task(title, total=1.0, detail=detail)
            self._bar.update(self._tasks[title], completed=done, detail=detail)
        else:
            tenth = int(done * 10)
            if tenth > self._said.get(title, -1):
                self._said[title] = tenth
                say(f"{title}: {done * 100:.0f} % {detail}".rstrip())

    def line(self, message: str, facts: Mapping[str, object] | None = None) -> None:
        """A sentence for the person, or with `--json` its facts."""
        with self._lock:
            if self._json:
                emit({"event": "message", "message": message, **(facts or {})})
            elif self._bar is not None:
                self._bar.console.print(printed(message), markup=False, highlight=False)
            else:
                say(message)

    def writer(self) -> Callable[[str], None]:
        """`line` without facts, for callbacks."""
        return lambda message: self.line(message)
