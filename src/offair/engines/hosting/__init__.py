"""Engines in processes of their own: each dies alone, and none may take for ever.

A `Host` keeps child processes that each load one engine (`module:Class(**settings)`) and answers
calls from them: a JSON header and raw bytes there, a JSON header and raw bytes back. Every engine
room has a typed front on it (`speech/pool.py`, and `hosted.py` in the others).

To host another kind of engine, write two things in one module of its room:

* the *server*: a callable that takes the engine object and returns a `Served`. It runs in the child
  process and is named to the host as `module:name`;
* the *front*: a class that makes a `Host` with `Hosted(...)` and turns typed arguments into
  `Host.submit`, `Host.call` or `Host.stream`.

Only light modules are imported here; a server imports numpy where it answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

LOAD_LIMIT_S = 1_800.0
"""How long an engine may load without a sign of life; each notice (a download goes on) is one."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """What a host loads into its processes.

    what: the kind of engine, as messages name it ("recogniser"). implementation: `module:Class`,
    made with `settings` as keywords. server: `module:name` of what makes a `Served` of the object.
    time_limit_s: seconds one call may take; the time spent waiting for the caller's blocks of a
    stream is not counted. load_limit_s: seconds that loading may take between two notices.
    """

    what: str
    implementation: str
    settings: Mapping[str, str | int | float | bool | None]
    server: str
    time_limit_s: float
    load_limit_s: float = LOAD_LIMIT_S


class Served(Protocol):
    """An engine as a process serves it."""

    def described(self) -> Mapping[str, Any]:
        """What the front wants to know once the engine is loaded, as JSON; the same in every
        process. The key `engine` holds `frames.engine_facts` of the engine."""
        ...

    def answer(
        self, method: str, header: Mapping[str, Any], body: Iterator[bytes]
    ) -> tuple[Mapping[str, Any], bytes]:
        """Answer one call: JSON and bytes.

        body: the bytes sent with it, in one piece or, for a stream, block by block as they come.
        Raises errors of `offair.model.errors`, which pass to the caller as they are; what a library
        raises becomes `Unavailable` naming engine and piece of work.
        """
        ...
