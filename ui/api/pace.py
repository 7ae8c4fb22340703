"""How much a caller may ask: so many requests a minute, so many at once for all together."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from ui.access.refused import Refused

_T = TypeVar("_T")
_MOST_CALLERS = 10_000  # that are remembered; a full bucket needs no remembering


class Pace:
    """A bucket for each caller that holds a minute's requests and fills up steadily."""

    def __init__(self, a_minute: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._now = now
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}  # by caller: requests, and when

    def take(self, caller: str) -> None:
        """Count a request. Raises Refused (429) that says when to come again."""
        now = self._now()
        with self._lock:
            left, before = self._left.get(caller, (float(self._most), now))
            left = min(self._most, left + (now - before) * self._most / 60)
            if left < 1:
                wait = math.ceil((1 - left) * 60 / self._most)
                raise Refused(
                    429,
                    f"These are more than {self._most} requests a minute. Ask again in {wait} s.",
                    {"Retry-After": str(wait)},
                )
            self._left[caller] = (left - 1, now)
            if len(self._left) > _MOST_CALLERS:
                self._forget(now)

    def _forget(self, now: float) -> None:
        self._left = {
            caller: (left, before)
            for caller, (left, before) in self._left.items()
            if now - before < 60
        }


class Room:
    """Threads for requests: so many work at once, some wait, and more are sent away."""

    def __init__(self, at_once: int, *, waiting: int) -> None:
        self._limiter = CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._inside = 0  # only the event loop counts

    async def run(self, work: Callable[[], _T]) -> _T:
        """Raises Refused (503) where too many are there already."""
        if self._inside >= self._most:
            raise Refused(503, "Too many ask at once. Ask again in a second.", {"Retry-After": "1"})
        self._inside += 1
        try:
            return await run_sync(work, limiter=self._limiter)
        finally:
            self._inside -= 1
