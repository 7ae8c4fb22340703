"""An analyst's ways through Search, in a real Chromium before the real server."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Server
from docx import Document as WordDocument
from pictures import keep_pictures
from small_library import make_home

pytestmark = pytest.mark.browser
CASES = 120
CROWD = "---\ntitle: Cases\npayer: Crowd\nkind: rule\n---\n# Cases\n" + "".join(
    f"\n## Case {number}\n\nCase {number} on freezing a tumor is billed with 0581T by office "
    f"{number}.\n"
    for number in range(CASES)
)
LATER = (
    "---\ntitle: Later cases\npayer: Later\nkind: guide\neffective: 2026-01-01\n---\n"
    "# Later cases\n\n## Freezing\n\nFreezing a tumor is billed later.\n"
)


@pytest.fixture(scope="module")
def crowded(
    tmp_path_factory: pytest.TempPathFactory, models: Path, documents: Path
) -> Iterator[Server]:
    """A server on the small library and more passages than one page of results holds."""
    place = tmp_path_factory.mktemp("crowded")
    folder = place / "documents"
    shutil.copytree(documents, folder)
    (folder / "crowd.md").write_text(CROWD, "utf-8")
    (folder / "later.md").write_text(LATER, "utf-8")
    running = Server(make_home(place / "desk", models, folder), cwd=place)
    yield running
    running.stop()


@pytest.fixture
def visit(visit: Any) -> Any:
    """As ever, and with less patience: what is not there is not waited for by the minute."""

    def open_page(address: str, **options: Any) -> Any:
        page = visit(address, **options)
        page.set_default_timeout(20_000)
        return page

    return open_page


def found(page: Any, text: str | re.Pattern[str]) -> None:
    page.get_by_text(text).first.wait_for()


def reading(page: Any) -> Any:
    return page.locator(".st-key-reading_pane article.card")


def press_row(page: Any, number: int) -> None:
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    page.mouse.click(box["x"] + 150, box["y"] + 36 + 35 * (number - 1) + 15)


def test_what_is_in_no_document_finds_nothing_and_an_unknown_operator_is_refused(crowded, visit):
    page = visit(crowded.address + "/search?q=zzqx")
    found(page, "No passage matches.")
    page.goto(crowded.address + "/search?q=cpt:0581T")
    found(page, re.compile("is no operator. There are payer:"))
    assert page.errors == []


def test_an_over_long_search_is_said_and_searched_only_by_choice(crowded, visit):
    page = visit(crowded.address + "/search?q=freezing")
    reading(page).wait_for()
    box = page.get_by_label("Search the library", exact=True)
    box.fill("freezing a tumor " * 200)
    box.press("Enter")
    found(page, "a search has at most 2,000")
    reading(page).wait_for(state="detached")
    page.wait_for_url(lambda address: "q=" not in address)
    page.get_by_role("button", name="Search the first 2,000 characters").click()
    page.wait_for_url(re.compile("q=freezing"))
    page.get_by_text("a search has at most").wait_for(state="detached")
    reading(page).wait_for()
    assert len(box.input_value()) <= 2000
    box.fill("zzqx")
    box.press("Enter")
    found(page, "No passage matches.")
    page.go_back()
    reading(page).wait_for()


def test_every_result_is_reached_page_by_page_and_back(crowded, visit):
    page = visit(crowded.address + "/search?q=freezing+a+tumor&payer=Crowd")
    found(page, re.compile(rf"1 to 50 of {CASES}"))
    page.get_by_role("button", name="Page 3", exact=True).click()
    found(page, re.compile(rf"101 to {CASES} of {CASES}"))
    page.wait_for_url(re.compile("page=3"))
    page.go_back()
    found(page, re.compile(rf"1 to 50 of {CASES}"))
    page.goto(crowded.address + "/search?q=freezing+a+tumor&payer=Crowd&page=99")
    page.get_by_role("button", name="Go to the first page").click()
    found(page, re.compile(rf"1 to 50 of {CASES}"))


def test_results_are_sorted_over_all_pages(crowded, visit):
    page = visit(crowded.address + "/search?q=freezing+a+tumor&order=newest")
    reading(page).wait_for()
    assert "Later cases" in reading(page).inner_text()
    assert page.get_by_role("combobox", name="Order").input_value() == "Newest first"


def test_a_click_on_a_row_reads_it_and_the_arrows_read_on(crowded, visit):
    page = visit(crowded.address + "/search?q=doc:crowd.md", height=800)
    reading(page).get_by_text("Case 0 on freezing").wait_for()
    page.wait_for_timeout(500)
    press_row(page, 3)
    reading(page).get_by_text("Case 2 on freezing").wait_for()
    page.keyboard.press("ArrowDown")
    reading(page).get_by_text("Case 3 on freezing").wait_for()
    box = reading(page).bounding_box()
    assert box["y"] + 200 < 800, "the passage that is read is in sight"
    keep_pictures(page, "search-results")


def test_one_operator_alone_lists_a_document_and_a_page_of_it(crowded, visit):
    page = visit(crowded.address + "/search?q=doc:units.pdf")
    found(page, re.compile(r"^3 passages|3 passages"))
    page.goto(crowded.address + "/search?q=doc:units.pdf+page:2")
    reading(page).get_by_text("once per breast").wait_for()
    page.goto(crowded.address + "/search?q=status:retired")
    reading(page).get_by_text("investigational").wait_for()
    page.goto(crowded.address + '/search?q="ten+working+days"+OR+"whatever+the+number"')
    found(page, "2 passages")


def test_more_like_this_leaves_the_passage_out_and_finds_its_neighbours(crowded, visit):
    page = visit(crowded.address + "/search?q=doc:crowd.md")
    reading(page).get_by_text("Case 0 on freezing").wait_for()
    page.get_by_role("button", name="More like this").click()
    page.wait_for_url(re.compile("like%3A"))
    reading(page).get_by_text(re.compile(r"Case [1-9]\d* on freezing")).wait_for()
    found(page, re.compile(r"of 1\d\d passages"))


def test_a_table_is_read_in_words_and_taken_away_as_csv(crowded, visit):
    page = visit(crowded.address + "/search?q=19105+covered&payer=Lakeside+Health")
    reading(page).locator("table").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Table as CSV").click()
    rows = list(csv.DictReader(Path(waiting.value.path()).read_text("utf-8-sig").splitlines()))
    assert rows == [
        {"Code": "0581T", "Position": "covered with authorization"},
        {"Code": "19105", "Position": "covered"},
    ]


def test_an_export_says_of_how_many_and_from_whom(crowded, visit):
    page = visit(crowded.address + "/search?q=freezing+a+tumor&payer=Crowd")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).click()
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == CASES  # of all pages, not of the one that is shown
    assert rows[0]["exported_of"] == f"{CASES} of {CASES}"
    assert {"publisher", "written_by", "retrieved", "generation", "as_of"} <= set(rows[0])
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Word", exact=True).click()
    word = WordDocument(str(waiting.value.path()))
    told = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert f"Passages: {CASES} of {CASES}" in told
    assert "Index generation: 1" in told
    assert "Payer: Crowd".casefold() in told.casefold()


def test_a_codes_list_has_facets_and_pages_of_bounded_height(crowded, visit):
    page = visit(crowded.address + "/search?view=code&code=0581T")
    found(page, re.compile("Passages 1 to 25 stand on this page"))
    tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    assert tall < 5000
    page.get_by_role("button", name="Page 2", exact=True).click()
    found(page, re.compile("Passages 26 to 50 stand on this page"))
    page.goto(crowded.address + "/search?view=code&code=0581T&payer=Hillcrest+Plan&all=1")
    found(page, re.compile("1 passages? in 1 document"))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).click()
    (row,) = csv.DictReader(Path(waiting.value.path()).read_text("utf-8-sig").splitlines())
    assert (row["payer"], row["generation"]) == ("Hillcrest Plan", "1")


def test_two_documents_are_compared(crowded, visit):
    page = visit(
        crowded.address
        + "/search?view=versions&compare=library/lakeside.md&with=library/hillcrest.md"
    )
    found(page, re.compile("From Lakeside Health 77"))
    page.locator(".listing ins, .listing del").first.wait_for()
    keep_pictures(page, "search-two-documents")


def test_a_contradiction_within_a_payer_is_flagged(own_server, visit):
    for name, position in (("one", "covered"), ("two", "not covered")):
        (own_server.home / "library" / f"{name}.md").write_text(
            f"---\ntitle: Prairie {name}\npayer: Prairie\nkind: policy\neffective: 2025-01-01\n"
            f"---\n# Prairie {name}\n\nCryoablation reported with 0581T is {position}.\n",
            "utf-8",
        )
    page = visit(own_server.address + "/library")
    page.get_by_role("button", name="Sync now").click()
    found(page, re.compile("Done: "))
    page.goto(own_server.address + "/search?view=payers&code=0581T")
    page.locator(".listing section", has_text="Prairie").locator(".warning").wait_for()
