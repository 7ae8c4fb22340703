"""A maintainer's ways through Library, in a real Chromium before the real server."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pictures import keep_pictures
from playwright.sync_api import expect

from index.home import Home

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(visit: Any) -> Any:
    def open_page(address: str, **options: Any) -> Any:
        page = visit(address, **options)
        page.set_default_timeout(60_000)
        return page

    return open_page


def press(page: Any, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).first.click()


def found(page: Any, text: str | re.Pattern[str]) -> None:
    page.get_by_text(text).first.wait_for()


def done(page: Any) -> None:
    """Wait for the job that was started to be over."""
    page.wait_for_timeout(1500)
    page.locator(".st-key-job").wait_for(state="detached", timeout=120_000)


def select_document(page: Any, title: str) -> None:
    page.get_by_label("Find a document").fill(title)
    page.get_by_label("Find a document").press("Enter")
    page.wait_for_timeout(1500)
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 36 + 17)


def test_several_files_are_one_table_filled_in_before_the_sync(own_server, visit):
    page = visit(own_server.address + "/library?view=add")
    files = [
        {
            "name": f"note-{number}.md",
            "mimeType": "text/markdown",
            "buffer": f"# Note {number}\n\nNote {number} is on 0581T.\n".encode(),
        }
        for number in range(6)
    ]
    page.locator("input[type=file]").set_input_files(files)
    found(page, "Add 6 and sync")
    page.wait_for_timeout(800)
    table = page.locator("[data-testid=stDataFrame]").first
    box = table.bounding_box()
    # For those who cannot see the canvas.
    page.locator("th", has_text="Title").first.wait_for(state="attached")
    page.mouse.dblclick(box["x"] + 480, box["y"] + 36 + 17)
    cell = page.locator(".gdg-input, #portal textarea, #portal input").first
    cell.wait_for()
    cell.fill("Riverside note")
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    keep_pictures(page, "library-upload-table")
    press(page, "Add 6 and sync")
    found(page, re.compile("6 documents put into the library"))
    sidecar = own_server.home / "library" / "note-0.md.meta.toml"
    for _ in range(100):
        if sidecar.exists():
            break
        page.wait_for_timeout(100)
    assert sidecar.read_text("utf-8") == 'title = "Riverside note"\n'
    assert not (own_server.home / "library" / "note-1.md.meta.toml").exists()


def test_payer_and_dates_are_typed_in_the_table_and_belong_to_their_file(own_server, visit):
    page = visit(own_server.address + "/library?view=add")
    files = [
        {
            "name": f"rule-{number}.md",
            "mimeType": "text/markdown",
            "buffer": f"# Rule {number}\n\nRule {number} is on 0581T.\n".encode(),
        }
        for number in range(6)
    ]
    page.locator("input[type=file]").set_input_files(files)
    found(page, "Add 6 and sync")
    page.wait_for_timeout(800)
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    page.mouse.click(box["x"] + 480, box["y"] + 36 + 35 + 17)  # the second file's title
    for steps, typed in ((1, "Riverside Health"), (2, "2025-03-01"), (1, "2026-06-30")):
        for _ in range(steps):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        cell = page.locator(".gdg-input, #portal textarea, #portal input").first
        cell.wait_for()
        cell.fill(typed)
        page.keyboard.press("Enter")
        cell.wait_for(state="detached")
        page.wait_for_timeout(500)
        page.keyboard.press("ArrowUp")  # what is entered moves the cursor down
    keep_pictures(page, "library-upload-table-typed")
    press(page, "Add 6 and sync")
    found(page, re.compile("6 documents put into the library"))
    sidecar = own_server.home / "library" / "rule-1.md.meta.toml"
    for _ in range(100):
        if sidecar.exists():
            break
        page.wait_for_timeout(100)
    assert tomllib.loads(sidecar.read_text("utf-8")) == {
        "payer": "Riverside Health",
        "effective": date(2025, 3, 1),
        "retired": date(2026, 6, 30),
    }
    assert [path.name for path in sidecar.parent.glob("rule-*.toml")] == [sidecar.name]


def test_a_deleted_document_is_put_back_from_the_trash(own_server, visit):
    page = visit(own_server.address + "/library")
    page.locator("[data-testid=stDataFrame]").first.wait_for()
    select_document(page, "Lakeside")
    found(page, "Passages as split")
    page.get_by_role("tab", name="Metadata").wait_for()
    press(page, re.compile("Delete"))
    page.locator(".st-key-delete_now button").click()
    done(page)
    assert not (own_server.home / "library" / "lakeside.md").exists()
    page.goto(own_server.address + "/library?view=trash")
    found(page, "lakeside.md")
    keep_pictures(page, "library-trash")
    press(page, "Put back")
    done(page)
    assert (own_server.home / "library" / "lakeside.md").exists()
    found(page, "The trash is empty.")


def test_dry_run_doctor_and_backup_are_there_and_a_backup_is_put_back(own_server, visit):
    page = visit(own_server.address + "/library?view=care")
    (own_server.home / "library" / "later.md").write_text("# Later\n\nOn 0581T.\n", "utf-8")
    press(page, "Look, and change nothing")
    done(page)
    found(page, re.compile("A sync now would bring: 1 added"))
    assert Home(own_server.home).current() == 1
    press(page, "Check everything")
    done(page)
    found(page, re.compile("No problem was found"))
    press(page, "Make a backup")
    done(page)
    with page.expect_download() as waiting:
        press(page, "Download")
    assert Path(waiting.value.path()).read_bytes()[:10] == b"generation"
    keep_pictures(page, "library-care")
    (own_server.home / "library" / "later.md").unlink()
    press(page, "Put back")
    press(page, "Put it back")
    done(page)
    assert (own_server.home / "library" / "later.md").exists()
    page.goto(own_server.address + "/?q=How+many+units+of+0581T+per+breast%3F")
    page.locator("article.card").first.wait_for()


@pytest.mark.parametrize(("damaged", "offered"), [("the current one", 1), ("the pointer", 2)])
def test_a_damaged_index_offers_a_generation_to_go_back_to(own_server, visit, damaged, offered):
    page = visit(own_server.address + "/library")
    (own_server.home / "library" / "later.md").write_text("# Later\n\nOn 0581T.\n", "utf-8")
    page.get_by_role("button", name="Sync now").click()
    home = Home(own_server.home)
    for _ in range(600):
        if home.current() == 2:
            break
        page.wait_for_timeout(200)
    page.wait_for_timeout(3000)
    own_server.stop()
    if damaged == "the pointer":
        (home.path / "CURRENT").write_text("not a number", "utf-8")
    else:
        manifest = home.folder(2) / "manifest.json"
        manifest.write_text(manifest.read_text("utf-8")[:-40], "utf-8")
    again = type(own_server)(own_server.home, cwd=own_server.log.parent)
    try:
        page = visit(again.address + "/library")
        press(page, f"Go back to generation {offered}")
        page.get_by_text("answers again").first.wait_for()
        assert home.current() == offered
        page.get_by_role("button", name="Go back").first.wait_for(state="detached")
    finally:
        again.stop()


def test_what_was_read_of_each_page_is_told(own_server, visit):
    page = visit(own_server.address + "/library")
    page.locator("[data-testid=stDataFrame]").first.wait_for()
    select_document(page, "units.pdf")
    page.get_by_role("tab", name="Pages as read").click()
    told = page.get_by_role("tabpanel").filter(visible=True)
    told.locator("[data-testid=stDataFrame]").wait_for()
    keep_pictures(page, "library-pages-as-read")


def test_one_begins_with_ones_own_files(empty_server, visit):
    page = visit(empty_server.address + "/library")
    found(page, "Let us read the library first")
    keep_pictures(page, "first-run")
    press(page, re.compile("Read my own files"))
    page.locator("input[type=file]").set_input_files(
        {"name": "own.md", "mimeType": "text/markdown", "buffer": b"# Own\n\nOwn is on 0581T.\n"}
    )
    press(page, "Read 1 file")
    page.get_by_label("Find a document").wait_for(timeout=120_000)
    expect(page.get_by_text("starter/")).to_have_count(0)
    assert (empty_server.home / "library" / "own.md").exists()
