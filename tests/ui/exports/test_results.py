"""Exports of a search, read back: text stays text, and every row is cited."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assistant.desk import Desk
from index.filters import Filters
from index.home import Home
from ui.exports.results import Asking, export

pytestmark = pytest.mark.usefixtures("shared_home")


@pytest.fixture(scope="module")
def answer(read_home: Path):
    return Desk(Home(read_home)).search("zebra surcharge", Filters(on=date(2026, 1, 1)), k=3)


ASKING = Asking("=cmd|' /C calc'!A0", "as of 2026-01-01", "2026-01-01T00:00:00+00:00")


@pytest.mark.trust(20)
def test_a_csv_export_holds_citations_and_no_formula(answer):
    text = export(answer, "csv", asking=ASKING).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["text"] for row in rows] == [one.text for one in answer.citations]
    assert rows[0]["query"] == "'" + ASKING.query
    assert rows[0]["generation"] == str(answer.generation)
    assert rows[0]["verified"] == "yes"


@pytest.mark.trust(20)
def test_an_excel_export_stores_text_as_text(answer):
    book = load_workbook(io.BytesIO(export(answer, "xlsx", asking=ASKING)))
    header, first, *_ = book.active.iter_rows()
    cells = {name.value: cell for name, cell in zip(header, first, strict=True)}
    assert cells["query"].value == ASKING.query
    assert cells["query"].data_type == "s"
    assert cells["text"].value == answer.citations[0].text


def test_a_json_export_is_the_answer_with_what_was_asked(answer):
    told = json.loads(export(answer, "json", asking=ASKING, citations=answer.citations[:1]))
    assert len(told["citations"]) == 1
    assert told["exported"] == {
        "query": ASKING.query,
        "filters": ASKING.filters,
        "at": ASKING.at,
    }


@pytest.mark.trust(20)
def test_a_markdown_export_shows_hostile_text_as_text(answer):
    text = export(answer, "md", asking=ASKING).decode()
    assert "nine dollars" in text
    assert "<script>" not in text
    assert "![" not in text.replace("\\!", "").replace("!\\[", "")
