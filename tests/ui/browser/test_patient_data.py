"""Patient data in a real browser: typed or brought by a link, exported, saved, and then looked for
in everything that was kept."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.trust(22)]
QUERY = "prior authorization before cryoablation"
PATIENT = f"{QUERY} for patient Jane Roe, MRN 00482913"
SECRETS = ("Jane", "Roe", "00482913")


def gone_from_page(page, box: str) -> None:
    page.get_by_text(re.compile("a name and a medical record number of a patient")).wait_for()
    page.wait_for_url(lambda address: not [one for one in SECRETS if one in address])
    expect(page.get_by_label(box, exact=True)).to_have_value(QUERY)
    shown = page.locator("body").inner_text()
    assert not [secret for secret in SECRETS if secret in shown]


def test_what_looks_like_a_patients_is_nowhere_after_it_was_asked_searched_exported_and_saved(
    own_server, visit, tmp_path
):
    page = visit(own_server.address)
    box = page.get_by_label("Your question")
    box.fill(PATIENT)
    box.press("Enter")
    gone_from_page(page, "Your question")

    page.goto(f"{own_server.address}/search?q={quote(PATIENT)}")
    page.locator("[data-testid=stDataFrame]").first.wait_for()
    gone_from_page(page, "Search the library")
    box = page.get_by_label("Search the library", exact=True)
    box.fill(PATIENT)
    box.press("Enter")
    page.wait_for_function(
        f"[...document.querySelectorAll('input')].some(i => i.value === '{QUERY}')"
    )
    gone_from_page(page, "Search the library")

    for name in ("CSV", "Excel", "JSON", "Markdown"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name, exact=True).click()
        exported = Path(waiting.value.path()).read_bytes()
        assert not [secret for secret in SECRETS if secret.encode() in exported]
    page.get_by_role("button", name="Save this search").click()
    page.get_by_label("Name", exact=True).fill("weekly of MRN 00482913")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()

    held = b"".join(path.read_bytes() for path in own_server.home.glob("desk.sqlite3*"))
    assert QUERY.encode() in held and b"export" in held and b"weekly of" not in held
    assert not [secret for secret in SECRETS if secret.encode() in held]
