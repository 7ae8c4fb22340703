"""The pages before anything was read, and when something stands in the way."""

from __future__ import annotations

import pytest
from drawn import drawn, open_app


@pytest.mark.usefixtures("empty_home")
def test_without_an_index_the_page_offers_to_read_the_starter_library_or_ones_own_files():
    app = open_app()
    assert "read the library first" in drawn(app, "start")["title"]
    labels = [button.label for button in app.button]
    assert labels == ["Read the starter library", "Read 0 files"]


@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize("page", ["", "desks/search/page.py", "desks/library/page.py"])
def test_every_page_bears_the_notice_on_cpt_and_on_advice(page: str):
    notices = [caption.value for caption in open_app(page).caption]
    assert any("American Medical Association" in notice for notice in notices)
