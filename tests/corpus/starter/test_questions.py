"""The golden questions: every quote stands in the document it names, on the page it names."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from typing import Any

import pytest

from corpus.document import Document
from corpus.reading.read import read_file
from corpus.starter import DOCUMENTS
from corpus.starter import QUESTIONS as GOLDEN

QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (GOLDEN).read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [question for question in QUESTIONS if question["kind"] != "decline"]
DECLINED = [question for question in QUESTIONS if question["kind"] == "decline"]
QUOTED = [
    (f"{question['id']}-{number}", answer)
    for question in QUESTIONS
    for number, answer in enumerate((question, *question.get("also", [])))
    if answer["document"] is not None
]


@cache
def read(name: str) -> Document:
    return read_file(DOCUMENTS / name, document_id=name)


def places(document: Document, quote: str) -> list[int]:
    """Where the quote stands in the document's text, whatever the white space between its words."""
    words = r"\s+".join(map(re.escape, quote.split()))
    return [match.start() for match in re.finditer(words, document.text)]


@pytest.mark.parametrize(("id_", "answer"), QUOTED, ids=[id_ for id_, _ in QUOTED])
def test_a_quote_stands_in_its_document_on_its_page(id_: str, answer: dict[str, Any]) -> None:
    document = read(answer["document"])
    starts = places(document, answer["quote"])
    assert starts, f"{id_}: not in {answer['document']}: {answer['quote']}"
    if not document.pages:
        assert answer.get("page") is None, "a format without pages has no page to name"
        return
    pages = [page.number for start in starts if (page := document.page_at(start))]
    assert answer.get("page") in pages, f"{id_}: the quote stands on page {pages}"


def test_a_quote_is_long_enough_to_be_evidence_and_short_enough_to_read() -> None:
    lengths = {id_: len(answer["quote"].split()) for id_, answer in QUOTED}
    assert {id_: n for id_, n in lengths.items() if not 5 <= n <= 40} == {}


def test_no_id_and_no_question_of_one_day_appears_twice() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    asked = [(question["question"].lower(), question.get("as_of")) for question in QUESTIONS]
    assert len(set(asked)) == len(asked)


def test_there_are_enough_questions_of_every_sort() -> None:
    assert len(ANSWERABLE) >= 100
    assert len(DECLINED) >= 40
    assert sum("as_of" in question for question in ANSWERABLE) >= 12
    assert sum("range" in question.get("tags", []) for question in ANSWERABLE) >= 8


def test_an_answerable_question_names_a_document_that_is_no_gap() -> None:
    for question in ANSWERABLE:
        assert read(question["document"]).metadata.kind != "gap", question["id"]


def test_a_declined_question_names_a_gap_document_or_none() -> None:
    for question in DECLINED:
        if question["document"] is not None:
            assert read(question["document"]).metadata.kind == "gap", question["id"]


def test_the_document_of_a_dated_question_was_in_force_on_that_day() -> None:
    for question in ANSWERABLE:
        if "as_of" in question:
            day = date.fromisoformat(question["as_of"])
            metadata = read(question["document"]).metadata
            assert metadata.effective is not None, question["id"]
            assert metadata.effective <= day, question["id"]
            assert metadata.retired is None or day < metadata.retired, question["id"]


def test_an_undated_question_is_answered_by_a_document_that_is_not_retired() -> None:
    for question in ANSWERABLE:
        if "as_of" not in question:
            assert read(question["document"]).metadata.retired is None, question["id"]


def test_the_library_takes_no_date_of_a_document_from_a_table_about_other_documents() -> None:
    files = sorted(
        path for path in DOCUMENTS.rglob("*") if path.is_file() and path.suffix != ".toml"
    )
    found = {
        path.name: read(path.relative_to(DOCUMENTS).as_posix()).metadata.found for path in files
    }
    assert {name: dates for name, dates in found.items() if dates} == {}
