"""One way between widgets and the address, on every desk."""

from __future__ import annotations

import re
from pathlib import Path

UI = Path(__file__).resolve().parent.parent.parent / "ui"


def test_the_address_is_read_and_written_in_one_file_behind_the_privacy_guard():
    touched = re.compile(r"\bst\.query_params|\bbind=")
    found = [path.name for path in UI.rglob("*.py") if touched.search(path.read_text("utf-8"))]
    assert found == ["binding.py"]


def test_no_box_refuses_a_paste_in_silence():
    """Streamlit drops a paste that is longer than `max_chars`: the box keeps what was in it."""
    cut = [path.name for path in UI.rglob("*.py") if "max_chars" in path.read_text("utf-8")]
    assert cut == []
