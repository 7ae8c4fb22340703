"""The review queue in a real browser: the page with its evidence framed, and the keys."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Server
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas
from small_library import ARTEFACTS, make_home

from ui.confirming.book import Book
from ui.jobs.syncing import run_sync
from ui.state.settings import Settings

pytestmark = pytest.mark.browser
LINES = (
    "Riverside Health Plan Medical Policy",
    "Cryoablation of Tumors of the Breast",
    "Policy Number: RH-12",
    "Effective Date: March 1, 2025",
    "Last Review Date: April 2, 2025",
    "Riverside asks for the operative note with every claim for 0581T.",
)

HOSTILE = """# Zebra ![beacon](https://evil.example/b.png) :red[red] $x^2$

Effective date: March 1, 2025 https://evil.example/x <script>document.title='owned'</script>
[press](javascript:alert(1))
"""


def _policy() -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=letter)
    for at, line in enumerate(LINES):
        page.setFont("Helvetica-Bold" if at < 2 else "Helvetica", 18 if at < 2 else 11)
        page.drawString(72, 720 - 34 * at, line)
    page.showPage()
    page.save()
    return out.getvalue()


@pytest.fixture
def review_server(tmp_path: Path, models: Path) -> Iterator[Server]:
    """A home with nothing of its own beside a folder with one policy and one hostile text."""
    (tmp_path / "none").mkdir()
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "guideline.pdf").write_bytes(_policy())
    (watched / "zebra.md").write_text(HOSTILE, "utf-8")
    path = make_home(tmp_path / "own", models, tmp_path / "none")
    run_sync(Settings(home=path, workers=1), [watched])
    running = Server(path, cwd=tmp_path)
    yield running
    running.stop()


def test_a_card_frames_its_evidence_and_is_accepted_by_a_key(review_server: Server, visit):
    page = visit(review_server.address + "/library?view=review")
    page.locator(".sheet img").wait_for()
    page.locator(".sheet .boxed").nth(1).wait_for()
    page.get_by_text("Policy Number: RH-12").first.wait_for()
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "library-review-card.png", full_page=True)
    page.keyboard.press("s")
    page.get_by_text("watched/zebra.md").wait_for()
    page.get_by_text("https://evil.example/x").first.wait_for()
    assert page.locator("a[href*=evil]").count() == 0
    page.keyboard.press("s")
    page.get_by_text("watched/guideline.pdf").wait_for()
    page.keyboard.press("e")
    box = page.get_by_role("textbox", name="In force since")
    box.wait_for()
    box.fill("2025-03-15")
    box.press("Tab")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Edits wait for the next sync").wait_for()
    said = {
        one.field: one.value for one in Book(review_server.home).told()["watched/guideline.pdf"]
    }
    assert said["effective"] == "2025-03-15"
    assert said["number"] == "RH-12"
    page.get_by_role("radio", name="Edits").click()
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("Undone by edit").wait_for()
    assert Book(review_server.home).told() == {}
    page.get_by_role("radio", name="One by one").click()
    page.get_by_role("button", name="Accept").wait_for()
    page.locator(".sheet img").wait_for()
    page.keyboard.press("a")
    page.get_by_text("1 document waits").wait_for()
    assert len(Book(review_server.home).told()) == 1
    assert page.title() != "owned"
    assert page.elsewhere == [] and page.errors == []


def test_many_are_confirmed_at_once_in_the_table(review_server: Server, visit):
    page = visit(review_server.address + "/library?view=review")
    page.get_by_role("radio", name="As a table").click()
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.wait_for()
    page.wait_for_timeout(500)
    row = 35  # px, as high as the head
    for number in (1, 2):
        grid.click(position={"x": 48, "y": row * number + row // 2})
        page.wait_for_timeout(500)
    page.screenshot(path=ARTEFACTS / "library-review-table.png")
    page.get_by_role("button", name="Save the table").click()
    page.get_by_text("No document waits for a look.").wait_for()
    assert set(Book(review_server.home).told()) == {"watched/guideline.pdf", "watched/zebra.md"}
    [edit] = Book(review_server.home).edits()
    assert all(one.old == one.new for one in edit.changes)
    assert page.title() != "owned"
    assert page.elsewhere == [] and page.errors == []
