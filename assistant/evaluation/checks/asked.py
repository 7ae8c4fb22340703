"""Checks that compare a sentence with the question and with the answer itself."""

from __future__ import annotations

import re
from datetime import date

from assistant.answer import Answer, Verdict
from assistant.evaluation.told import Everything
from index.versions import Status


def in_question(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    typed = " ".join(said["typed"].split()).casefold()
    return typed in " ".join(answer.question.split()).casefold()


def names_little(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not re.search(r"\d{2}", answer.question)


def is_unsure(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """It tells how sure the desk is, which its verdict says."""
    return bool(answer.citations) and answer.verdict is not Verdict.ANSWERED


def is_as_of(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return answer.as_of.isoformat() == said["day"]


def held_then_and_not_now(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    """Whether words of a document with this title hold on the day named and not on the day asked
    about."""
    library, day = everything.library, date.fromisoformat(said["day"])
    named = [
        one
        for one, version in library.versions.items()
        if version.metadata.title == said["title"]
        and (not said["revised"] or version.metadata.begins_revised)
        and library.terms[one].status(answer.as_of) in (Status.FUTURE, Status.RETIRED)
    ]
    return any(library.terms[one].status(day) is Status.IN_FORCE for one in named)


def is_offered(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return any(f"As of {said['day']}," in one for one in answer.missing)


def has_filter(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    keys = {"payer": "payers", "kind": "kinds", "document": "documents"}
    named = said["filters"].split(" and ")
    return all(one in keys and answer.searched.filters.get(keys[one]) for one in named)


def nothing_cited(everything: Everything, said: dict[str, str], answer: Answer) -> bool:
    return not answer.citations
