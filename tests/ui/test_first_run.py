"""The pages before anything was read, and when something stands in the way."""

from __future__ import annotations

import pytest
from drawn import drawn, open_app


@pytest.mark.usefixtures("empty_home")
def test_without_an_index_the_page_offers_to_read_the_starter_library():
    app = open_app()
    assert "read the library first" in drawn(app, "start")["title"]
    assert [button.label for button in app.button] == ["Read the starter library"]
