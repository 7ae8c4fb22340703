"""What changes between syncs: the question log, feedback, saved searches, the audit log.

They lie in the home's `desk.sqlite3`, for its owner or the group of a shared home, or in a database
that several servers share (see ui.database). The generations know nothing of these records, and the
records nothing of their passages' ids. What people said of documents lies beside them, see
ui.confirming.book, and so do jobs, see ui.jobs.kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ui.database.store import has_records
from ui.state.noting import now
from ui.state.question_log import QuestionLog
from ui.state.searches import SavedSearches


def switched_off_in(home: Path) -> frozenset[str]:
    """The documents of a home that are switched off, without making anything."""
    if not has_records(home):
        return frozenset()
    records = Records(home)
    try:
        return frozenset(records.switched_off())
    finally:
        records.close()


class Records(QuestionLog, SavedSearches):
    """The open database. Threads can share it, and several processes can write to it in turn."""

    def switch_off(self, documents: Sequence[str]) -> None:
        """Leave documents out from the next sync on; their files stay where they are."""
        for document in documents:
            self._rows(
                "INSERT INTO switched_off VALUES (:document, :at) ON CONFLICT DO NOTHING",
                document=document,
                at=now(),
            )

    def switch_on(self, document: str) -> None:
        self._rows("DELETE FROM switched_off WHERE document = :document", document=document)

    def switched_off(self) -> list[str]:
        return [row[0] for row in self._rows("SELECT document FROM switched_off ORDER BY 1")]
