"""The Search page as AppTest sees it, and its exports read back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from drawn import drawn, open_app, words
from openpyxl import load_workbook

from assistant.desk import Desk
from index.filters import Filters
from index.home import Home
from ui.desks.search.address import Searched, read_searched, write_searched
from ui.exports.results import Asking, export
from ui.state.records import Records

pytestmark = pytest.mark.usefixtures("shared_home")
SEARCH = "desks/search/page.py"


def test_an_empty_search_page_explains_the_operators():
    app = open_app(SEARCH)
    assert "payer:Cigna" in app.caption[0].value


def test_a_query_shows_a_table_with_score_parts_facets_with_counts_and_the_best_passage():
    app = open_app(SEARCH, q="prior authorization before cryoablation")
    table = app.dataframe[0].value
    assert {"Score", "Words", "Meaning", "Page", "Codes"} <= set(table.columns)
    assert "Lakeside Health" in set(table["Payer"])
    payers = app.multiselect(key="search_payers")
    assert any(option.startswith("Lakeside Health (") for option in payers.options)
    assert "asks for prior authorization" in words(drawn(app, "cards")["cards"][0])


def test_a_facet_narrows_the_results_and_stands_in_the_address():
    app = open_app(SEARCH, q="cryoablation")
    app.multiselect(key="search_kinds").set_value(["policy"]).run()
    assert app.query_params["kind"] == "policy"
    assert set(app.dataframe[0].value["Kind"]) == {"Policy"}


def test_retired_documents_come_only_when_they_are_asked_for():
    without = open_app(SEARCH, q="Hillcrest cryoablation investigational")
    assert "Retired" not in set(without.dataframe[0].value["Status"])
    included = open_app(SEARCH, q="Hillcrest cryoablation investigational", all="1")
    assert "Retired" in set(included.dataframe[0].value["Status"])
    narrowed = open_app(SEARCH, q="Hillcrest cryoablation", all="1", status="retired")
    assert set(narrowed.dataframe[0].value["Status"]) == {"Retired"}


def test_a_search_that_finds_nothing_says_what_was_searched():
    app = open_app(SEARCH, q="authorization", kind="form")
    assert "No passage matches" in app.info[0].value


def test_every_passage_with_a_code_is_listed():
    listing = drawn(open_app(SEARCH, view="code", code="19105"), "listing")
    assert listing["groups"][0]["title"].startswith("Lakeside Health 77")
    assert "complete" in listing["sentences"][0]


def test_what_is_no_code_gets_a_sentence():
    assert open_app(SEARCH, view="code", code="nonsense").error[0].value


def test_payers_stand_side_by_side_with_their_own_words():
    matrix = drawn(open_app(SEARCH, view="payers", code="0581T"), "listing")
    lakeside = next(group for group in matrix["groups"] if group["title"] == "Lakeside Health")
    said = "".join(p["text"] for entry in lakeside["entries"] for p in entry["pieces"])
    assert "authorization" in said


def test_one_version_of_everything_is_nothing_to_compare():
    assert "one version" in open_app(SEARCH, view="versions").info[0].value


def test_an_address_reproduces_a_search():
    searched = Searched(
        query="a b",
        mode="lexical",
        on=date(2025, 3, 1),
        include_all=True,
        payers=("X, Y",),
        kinds=("policy",),
        statuses=("retired",),
        years=("2020",),
        codes=("0581T",),
    )
    written = {
        name: [value] if isinstance(value, str) else value
        for name, value in write_searched(searched).items()
    }
    assert read_searched(written) == searched


def test_a_saved_search_tells_what_is_new_until_it_is_seen(shared_home: Path):
    Records(shared_home).save("all", address={"q": "authorization"}, generation=0, seen=[])
    app = open_app(SEARCH, view="saved")
    assert "new" in app.markdown[0].value
    next(button for button in app.button if button.label == "Mark as seen").click().run()
    assert "Nothing new" in app.markdown[0].value


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
