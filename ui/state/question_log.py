"""The question log, and what people said of answers. They lie with the records."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from ui.server.metrics import note_question
from ui.state.noting import Noting, masked_json, now
from ui.state.privacy import masked

REASONS = {
    "wrong_page": "Wrong page",
    "outdated": "Outdated",
    "not_asked": "Not what I asked",
    "missing": "Document missing",
}

# Whether somebody may hear what was said by one who sees that much (see Audiences.mark), of that
# document, '' for none.
Heard = Callable[[str, str], bool]
SEEN_BY = "seen_by"  # in what is kept of a question or a saved search: such a mark


def to_all(seen_by: str, document: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, masked; `at` in UTC, ISO 8601."""

    at: str
    question: str
    verdict: str
    generation: int


@dataclass(frozen=True, slots=True)
class Lack:
    """A question that was not answered well: how often, when last, and why."""

    question: str
    times: int
    last: str
    reasons: tuple[str, ...]


class QuestionLog(Noting):
    """Everybody's questions and thumbs."""

    def add_question(
        self,
        question: str,
        *,
        verdict: str,
        generation: int,
        as_of: str,
        filters: Mapping[str, object],
        seconds: float,
        person: str = "",
    ) -> bool:
        """Log a question; see parts.person for who `person` is. False where the records are away:
        a question is answered all the same."""
        note_question(verdict, seconds)
        note = partial(
            self._rows,
            "INSERT INTO questions (at, question, verdict, generation, as_of, filters, seconds,"
            " person) VALUES (:at, :question, :verdict, :generation, :as_of, :filters, :seconds,"
            " :person)",
            at=now(),
            question=masked(question),
            verdict=verdict,
            generation=generation,
            as_of=as_of,
            filters=masked_json(filters),
            seconds=seconds,
            person=person,
        )
        return self._noting(note)

    def recent(self, person: str, *, most: int = 6) -> list[Question]:
        """A person's latest questions, each once, newest first."""
        rows = self._rows(
            "SELECT at, question, verdict, generation FROM questions WHERE id IN"
            " (SELECT max(id) FROM questions WHERE person = :person"
            " GROUP BY lower(trim(question))) ORDER BY id DESC LIMIT :most",
            person=person,
            most=most,
        )
        return [Question(*row) for row in rows]

    def questions(self, heard: Heard = to_all, *, most: int = 10_000) -> list[Question]:
        """All questions that may be heard, oldest first."""
        rows = self._rows(
            "SELECT at, question, verdict, generation, filters FROM questions"
            " ORDER BY id DESC LIMIT :most",
            most=most,
        )
        return [Question(*row[:4]) for row in reversed(rows) if heard(_seen_by(row[4]), "")]

    def rate(
        self,
        question: str,
        *,
        document: str,
        good: bool,
        reason: str | None,
        generation: int,
        person: str = "",
        place: str = "",
    ) -> None:
        """Store a thumb up or down. A person has one for a question and a passage: the last counts.

        Raises ValueError if `reason` is not one of REASONS.
        """
        if reason is not None and reason not in REASONS:
            raise ValueError(f"no reason: {reason}")
        asked = masked(question)
        passage = {"person": person, "question": asked, "document": document, "place": place}
        with self._store.writing():
            if person:
                self._rows(
                    "DELETE FROM feedback WHERE person = :person AND question = :question"
                    " AND document = :document AND place = :place",
                    **passage,
                )
            self._rows(
                "INSERT INTO feedback (at, question, document, good, reason, generation, person,"
                " place) VALUES (:at, :question, :document, :good, :reason, :generation, :person,"
                " :place)",
                at=now(),
                good=int(good),
                reason=reason or "",
                generation=generation,
                **passage,
            )

    def rated(self, question: str, *, person: str) -> dict[tuple[str, str], bool]:
        """What a person said of a question's passages: (document, place) to good or not."""
        rows = self._rows(
            "SELECT document, place, good FROM feedback WHERE person = :person"
            " AND question = :question",
            person=person,
            question=masked(question),
        )
        return {(document, place): bool(good) for document, place, good in rows}

    def lacking(self, heard: Heard = to_all) -> list[Lack]:
        """Unanswered, weakly answered and thumbed-down questions: what the library lacks."""
        rows = self._rows(
            "SELECT at, question, verdict, filters, '' FROM questions WHERE verdict <> 'answered'"
            " UNION ALL SELECT at, question, reason, '', document FROM feedback WHERE good = 0"
            " ORDER BY 1"
        )
        grouped: dict[str, list[tuple[str, ...]]] = {}
        for row in rows:
            if not heard(_seen_by(row[3]), row[4]):
                continue
            grouped.setdefault(" ".join(row[1].lower().split()), []).append(row)
        lacks = [
            Lack(
                question=group[-1][1],
                times=len(group),
                last=group[-1][0],
                reasons=tuple(dict.fromkeys(row[2] for row in group)),
            )
            for group in grouped.values()
        ]
        return sorted(lacks, key=lambda lack: (lack.times, lack.last), reverse=True)

    def forget_questions(self) -> None:
        """Delete the question log and the feedback for good."""
        self._store.erase("questions", "feedback")


def _seen_by(filters: str) -> str:
    return str(json.loads(filters or "{}").get(SEEN_BY, ""))
