"""One stream of things handed to several takers at once, each in a thread, little kept in memory.

A shard's two indexes are written from one reading of the catalogue this way.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

_T = TypeVar("_T")
_WAITING = 16
"""Things that wait for a taker at most."""
_LOOK_S = 0.1


class _BrokenError(Exception):
    """Ends a taker whose stream broke off; never seen outside."""


class _Taker(Generic[_T]):
    """One taker in its thread."""

    def __init__(self, take: Callable[[Iterator[_T]], object]) -> None:
        self._take = take
        self._waiting: queue.Queue[tuple[bool, _T | None]] = queue.Queue(_WAITING)
        self._broken = False
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, name="index")

    def _run(self) -> None:
        try:
            self._take(self._things())
        except BaseException as error:  # noqa: BLE001 - raised again in the calling thread
            self.error = error

    def _things(self) -> Iterator[_T]:
        while True:
            there, thing = self._waiting.get()
            if self._broken:
                raise _BrokenError
            if not there:
                return
            yield thing  # type: ignore[misc]

    def give(self, thing: _T | None, *, there: bool = True) -> bool:
        """Wait until there is room; False where the taker has ended."""
        while self.thread.is_alive():
            try:
                self._waiting.put((there, thing), timeout=_LOOK_S)
                return True
            except queue.Full:
                continue
        return False

    def end(self, *, broken: bool) -> None:
        """There is no more; with `broken`, what was taken so far is not whole."""
        self._broken = broken
        self.give(None, there=False)
        self.thread.join()


def hand_out(things: Iterable[_T], takers: Sequence[Callable[[Iterator[_T]], object]]) -> None:
    """Give every thing to every taker. Raises what the stream or the first failed taker raised;
    the others are then ended by an error of their own."""
    crew = [_Taker(take) for take in takers]
    for one in crew:
        one.thread.start()
    whole = False
    try:
        for thing in things:
            if not all(one.give(thing) for one in crew):
                break
        else:
            whole = True
    finally:
        for one in crew:
            one.end(broken=not whole)
    for one in crew:
        if one.error is not None and not isinstance(one.error, _BrokenError):
            raise one.error
    if not whole:
        raise RuntimeError("a writer of the index ended before its layers did")
