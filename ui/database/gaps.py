"""What could not be noted while the records were away: said once, counted, and told afterwards."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ui.database.away import RecordsAway
from ui.database.store import Store


@dataclass(frozen=True, slots=True)
class Missed:
    """So many things since then."""

    times: int
    since: str


class Gaps:
    """Of one database, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._missed: Missed | None = None
        self._is_said = False

    def noting(self, note: Callable[[], object]) -> bool:
        """Note it if the records can be reached; False, and counted, where they are away."""
        try:
            note()
        except RecordsAway as away:
            self._missing(str(away))
            return False
        with self._lock:
            self._is_said = False
        return True

    def take(self) -> Missed | None:
        """How much was not noted since when; None where nothing was missed."""
        with self._lock:
            missed, self._missed = self._missed, None
            return missed

    def put_back(self, missed: Missed) -> None:
        with self._lock:
            more = self._missed.times if self._missed else 0
            self._missed = Missed(missed.times + more, missed.since)

    def _missing(self, sentence: str) -> None:
        with self._lock:
            before = self._missed or Missed(0, datetime.now(UTC).isoformat(timespec="seconds"))
            self._missed = Missed(before.times + 1, before.since)
            is_said, self._is_said = self._is_said, True
        if not is_said:
            sys.stderr.write(f"{sentence}\n")


_LOCK = threading.Lock()
_OF: dict[str, Gaps] = {}


def gaps_of(store: Store) -> Gaps:
    with _LOCK:
        return _OF.setdefault(str(store.place), Gaps())
