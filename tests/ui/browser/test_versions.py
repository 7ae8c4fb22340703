"""Proposed versions and texts under two names, side by side in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Server
from small_library import ARTEFACTS, make_home

from ui.jobs.syncing import run_sync
from ui.state.settings import Settings

pytestmark = pytest.mark.browser
POLICY = """# Cryoablation of Breast Tumors

Riverside Health Plan Medical Policy

Policy Number: RH-12

Effective Date: {day}

Riverside Health Plan covers cryoablation of a fibroadenoma that a biopsy has proven, up to four
centimetres wide. It does not cover the ablation of a malignant tumor, {more}.
"""


@pytest.fixture
def versions_server(tmp_path: Path, models: Path) -> Iterator[Server]:
    (tmp_path / "none").mkdir()
    watched = tmp_path / "watched"
    watched.mkdir()
    first = POLICY.format(day="March 1, 2024", more="code 0581T, which is investigational")
    (watched / "rh-12-2024.md").write_text(first, "utf-8")
    (watched / "copy of rh-12.md").write_text(first, "utf-8")
    later = POLICY.format(day="March 1, 2026", more="code 0581T, outside of a trial")
    (watched / "rh-12-2026.md").write_text(later, "utf-8")
    path = make_home(tmp_path / "own", models, tmp_path / "none")
    run_sync(Settings(home=path, workers=1), [watched])
    running = Server(path, cwd=tmp_path)
    yield running
    running.stop()


def test_versions_and_copies_stand_side_by_side_with_what_says_so_and_are_decided(
    versions_server: Server, visit
):
    page = visit(versions_server.address + "/library?view=review")
    page.get_by_role("radio", name="Versions").click()
    page.get_by_text("wait for a decision").wait_for()
    for name in ("rh-12-2024.md", "rh-12-2026.md", "copy of rh-12.md"):
        page.get_by_text(f"watched/{name}").first.wait_for()
    page.get_by_text("Effective Mar 1, 2026").first.wait_for()
    page.get_by_text("Effective Mar 1, 2024").first.wait_for()
    page.get_by_text("RH-12").first.wait_for()  # what both are told by
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "library-versions.png", full_page=True)
    later = page.get_by_text("Effective Mar 1, 2026").first.bounding_box()
    sides = [one.bounding_box() for one in page.get_by_text("Effective Mar 1, 2024").all()]
    beside = [one for one in sides if abs(one["y"] - later["y"]) < 40]
    assert beside and all(one["x"] < later["x"] for one in beside)
    waiting = page.get_by_text("wait for a decision").inner_text()
    page.get_by_role("button", name="Versions of one document").first.click()
    page.get_by_role("button", name="Undo").first.wait_for()
    assert page.get_by_text("wait for a decision").inner_text() != waiting
    page.get_by_role("button", name="One document").first.wait_for()
    assert page.elsewhere == [] and page.errors == []
