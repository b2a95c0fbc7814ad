"""Readers and editors of a served desk, all at once, over HTTP: what a load is made of.

A visitor has one connection that is kept open, as a browser has; an answer that does not come, or
a connection that breaks, is an error of the walk, never tried again in silence.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from installation import Installation

PASSWORD = "ferry before the tide"
PATIENCE_S = 60
"""How long a visitor waits for one answer."""
_CSRF_RE = re.compile(r'name="csrf" content="([0-9a-f]+)"')


@dataclass(frozen=True, slots=True)
class Step:
    """A request of a reader. name: what is asked for; statuses: those it may be answered with."""

    name: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (200,)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. seconds: from sending to the last byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body as data."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Save:
    """A save that was acknowledged. root: the turn it began with; word: that it added."""

    root: int
    revision: int
    who: str
    word: str
    text: str
    seconds: float


class Visitor:
    """One who asks over a connection of their own. cookie, csrf: of a session, empty for none."""

    def __init__(self, address: str, cookie: str = "", csrf: str = "") -> None:
        parts = urlsplit(address)
        self.address, self.cookie, self.csrf = address, cookie, csrf
        self._connection = HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=PATIENCE_S
        )

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request. Raises `OSError`, `HTTPException` where no whole answer comes."""
        given = dict(headers or {})
        if self.cookie:
            given["cookie"] = self.cookie
        if method != "GET":
            given["origin"] = self.address
        begun = time.perf_counter()
        self._connection.request(method, path, body, given)
        answer = self._connection.getresponse()
        read = answer.read()
        taken = time.perf_counter() - begun
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, read, taken)

    def log_in(self, name: str) -> None:
        """Enter by the form, and keep the session's cookie and token."""
        form = urlencode({"name": name, "password": PASSWORD, "next": "/account"}).encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        entered = self.ask("POST", "/login", form, kind)
        assert entered.status == 303, f"{name} could not log in: {entered.status}"
        self.cookie = entered.headers["set-cookie"].partition(";")[0]
        found = _CSRF_RE.search(self.ask("GET", "/account").body.decode())
        assert found, "a page of a session without its token"
        self.csrf = found[1]

    def save(self, turn_id: int, text: str) -> Answer:
        """Save a turn by the operation."""
        kind = {"content-type": "application/json", "x-csrf-token": self.csrf}
        body = json.dumps({"text": text}).encode()
        return self.ask("PUT", f"/api/v1/turns/{turn_id}", body, kind)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass
class Walk:
    """What readers met: seconds by step, and every trouble in a line."""

    times: dict[str, list[float]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, step: Step, answer: Answer) -> None:
        """One answer."""
        with self.lock:
            self.times.setdefault(step.name, []).append(answer.seconds)
            if answer.status not in step.statuses:
                self.troubles.append(f"{step.path}: {answer.status} {answer.body[:200]!r}")

    def failed(self, what: str, error: BaseException) -> None:
        """No answer."""
        with self.lock:
            self.troubles.append(f"{what}: {error!r}")


class Reader:
    """Takes steps in turn, from the place `first` on. pause_s: between an answer and the next
    request."""

    def __init__(
        self, visitor: Visitor, steps: Sequence[Step], first: int, *, pause_s: float
    ) -> None:
        self.visitor, self.steps, self.first, self.pause_s = visitor, steps, first, pause_s

    def read(self, least: int, over: threading.Event, walk: Walk) -> None:
        """Read `least` pages at least, and until it is over."""
        taken = 0
        step = self.steps[0]
        try:
            while taken < least or not over.is_set():
                step = self.steps[(self.first + taken) % len(self.steps)]
                walk.note(step, self.visitor.ask("GET", step.path, headers=step.headers))
                taken += 1
                time.sleep(self.pause_s)
        except (OSError, HTTPException) as error:
            walk.failed(f"a reader at {step.path}", error)
        finally:
            self.visitor.close()


class Editor:
    """Adds words to turns, and where another was first, takes both and saves again."""

    def __init__(self, visitor: Visitor, name: str, layer_id: int) -> None:
        self.visitor, self.name = visitor, name
        self.saves: list[Save] = []
        self.conflicts = 0
        answer = visitor.ask("GET", f"/api/v1/layers/{layer_id}/turns?limit=200")
        self.standing = {
            place: (one["id"], one["text"]) for place, one in enumerate(answer.json()["turns"])
        }

    def work(self, places: Sequence[int], walk: Walk) -> None:
        """One save at each of these places of the layer, in this order."""
        try:
            for number, place in enumerate(places):
                self._add(place, f"{self.name}{number}")
        except (OSError, HTTPException, AssertionError) as error:
            walk.failed(f"{self.name} at save {len(self.saves)}", error)
        finally:
            self.visitor.close()

    def _add(self, place: int, word: str) -> None:
        while True:
            turn_id, text = self.standing[place]
            answer = self.visitor.save(turn_id, f"{text} {word}")
            told = answer.json()
            if answer.status == 409:
                (now,) = told["now"]
                self.conflicts += 1
                self.standing[place] = (now["id"], now["text"])
                continue
            assert answer.status == 200, f"a save was answered {answer.status}: {told}"
            (made,) = told["turns"]
            self.standing[place] = (made["id"], made["text"])
            self.saves.append(
                Save(place, told["revision"], self.name, word, made["text"], answer.seconds)
            )
            return


def history(visitor: Visitor, layer_id: int) -> list[dict[str, Any]]:
    """Every revision of a layer, the oldest first."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while True:
        more = f"?before={before}" if before else ""
        page = visitor.ask("GET", f"/api/v1/layers/{layer_id}/history{more}").json()
        found += page["revisions"]
        before = page["before"]
        if before is None:
            return found[::-1]


@contextmanager
def serving(installation: Installation) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`offair serve` in a process of its own on a free port: its address, and the process."""
    process = subprocess.Popen(
        installation.command("serve", "--port", "0"), env=installation.environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+?(?=/ )", line)
        assert found, f"the desk did not open: {line!r} {process.poll()}"
        yield found[0], process
    finally:
        process.terminate()
        process.wait(60)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
