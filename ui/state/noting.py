"""What is noted of what people do, and how much could not be.

Every text is masked before it is stored (see privacy.py), whatever a page did with it before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ui.database.away import RecordsAway
from ui.database.gaps import gaps_of
from ui.database.store import store_of
from ui.state.audit import AuditLog, Entry
from ui.state.privacy import masked


class Noting:
    """The open database, with the audit log in it."""

    def __init__(self, home: Path) -> None:
        self._store = store_of(home)
        self._rows = self._store.rows
        self.log = AuditLog(self._store)
        self._gaps = gaps_of(self._store)

    def close(self) -> None:
        self._store.close()

    def audit(self, action: str, *, who: str = "", **details: object) -> None:
        """Log an action. `who` is empty where nobody signs in."""
        self.log.add(action, who, masked_json(details))

    def audit_reading(self, action: str, *, who: str = "", **details: object) -> None:
        """Log what somebody read. Where the records are away it is read all the same; when they are
        back, the log says how much it lacks."""
        self._noting(partial(self.audit, action, who=who, **details))

    def _noting(self, note: Callable[[], object]) -> bool:
        if missed := self._gaps.take():
            try:
                self.audit("not noted", times=missed.times, since=missed.since)
            except RecordsAway:
                self._gaps.put_back(missed)
        return self._gaps.noting(note)

    def reach(self) -> None:
        """Raises RecordsAway before something is done that could not be noted."""
        if self._store.is_shared:
            self._rows("SELECT 1")

    def audited(self, *, most: int = 200) -> list[Entry]:
        """The latest actions, newest first."""
        return self.log.latest(most=most)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def masked_json(value: Mapping[str, object]) -> str:
    return json.dumps(_masked(value), ensure_ascii=False, default=str)


def _masked(value: object) -> object:
    """The value with every text in it masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: _masked(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value
