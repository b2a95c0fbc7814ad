"""How often one account, or one address without an account, may ask for costly things.

A token bucket for each: so many at once, and then so many in a second. The address is the one the
server tells: behind a proxy that is trusted (uvicorn's `FORWARDED_ALLOW_IPS`, by default this
machine alone) the one the proxy forwards.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from starlette.requests import Request

from offair.model.errors import TooMany
from offair.web.who import account_of

AT_ONCE = 120
"""Checks that somebody can ask for in a row."""
PER_SECOND = 2.0
"""Checks that are free again in each second."""
OFTEN = "This was asked too often; the header Retry-After says how long to wait."
"""Of an answer 429, for the OpenAPI document."""
MOST_KNOWN = 10_000
"""Accounts and addresses that are remembered; the longest unseen is forgotten first."""


class Limits:
    """Refuses who asks too often; called with a request, by any number of threads."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """at_once: 1 or more. per_second: above 0. clock: seconds that only grow."""
        self._at_once, self._per_second, self._clock = at_once, per_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, request: Request) -> None:
        """Count one request. Raises `TooMany`, which says how long to wait."""
        account = account_of(request)
        address = request.client.host if request.client else ""
        self.take(f"account {account.id}" if account else f"address {address}")

    def take(self, who: str) -> None:
        """Count one for `who`. Raises `TooMany`."""
        with self._lock:
            now = self._clock()
            left, then = self._left.pop(who, (float(self._at_once), now))
            left = min(float(self._at_once), left + (now - then) * self._per_second)
            free = left >= 1.0
            self._left[who] = (left - 1.0 if free else left, now)
            if len(self._left) > MOST_KNOWN:
                self._left.popitem(last=False)
        if not free:
            wait = max(1, math.ceil((1.0 - left) / self._per_second))
            raise TooMany(f"this was asked too often; wait {wait} s and ask again", wait)
