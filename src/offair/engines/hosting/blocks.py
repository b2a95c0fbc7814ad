"""Blocks of a long sound on their way from the caller's thread to a process, few at a time."""

from __future__ import annotations

import threading
from collections import deque

_HELD = 4


class BlockQueue:
    """Holds a few blocks between the thread that makes them and the thread that sends them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._blocks: deque[bytes] = deque()
        self._whole = False
        self._broken = False
        self._refused = False

    def put(self, block: bytes) -> bool:
        """Hand over a block, waiting for room; False where nobody takes any more."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._blocks) < _HELD or self._refused)
            if not self._refused:
                self._blocks.append(block)
                self._changed.notify_all()
            return not self._refused

    def end(self, *, whole: bool) -> None:
        """No block will come any more. whole: the caller had no trouble making them."""
        with self._changed:
            self._whole = whole
            self._broken = not whole
            self._changed.notify_all()

    def take(self) -> bytes | None:
        """The next block, waiting for it; None at the end. See `broken`."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._blocks) or self._whole or self.stopped)
            if not self._blocks or self.stopped:
                return None
            self._changed.notify_all()
            return self._blocks.popleft()

    @property
    def broken(self) -> bool:
        """Whether the caller gave up before the end."""
        return self._broken

    @property
    def stopped(self) -> bool:
        """Whether one side wants no more of it."""
        return self._broken or self._refused

    def refuse(self) -> None:
        """Take no more: whoever hands over blocks is told. Idempotent."""
        with self._changed:
            self._refused = True
            self._blocks.clear()
            self._changed.notify_all()
