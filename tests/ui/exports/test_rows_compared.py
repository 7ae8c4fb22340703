"""A table's rows in a comparison, as every face shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.policies.differences import Difference, diff
from index.home import Home
from index.model.embedder import Embedder
from index.opening import open_library
from index.sync import SyncSettings, sync
from ui.desks.search.listings import difference_data
from ui.exports.code_rows import difference_markdown
from ui.terminal.codes import show_difference

Write = Callable[[Path, str], Path]
TABLE = (
    "# Limits\n\n| Code | Units | Rule |\n| --- | --- | --- |\n| 0581T | {} | a|b or c |\n"
    "| 76942 | 1 | once |\n{}\nWrite yes | no in the box{}.\n"
)


@pytest.fixture
def compared(tmp_path: Path, write: Write, embedder: Embedder) -> Difference:
    home, folder = Home(tmp_path / "home"), tmp_path / "documents"
    for text in (TABLE.format(2, "", ""), TABLE.format(3, "| 19105 | 1 | new |\n", " below")):
        write(folder / "limits.md", text)
        sync(home, [("docs", folder)], embedder=lambda: embedder, settings=SyncSettings())
    with open_library(home) as library:
        return diff(library, "docs/limits.md")


def test_a_row_is_shown_with_dots_between_its_cells_and_prose_as_it_is(
    compared: Difference, capsys: pytest.CaptureFixture[str]
) -> None:
    show_difference(compared)
    page = "\n".join(
        "".join(piece["text"] for piece in entry["pieces"])
        for shown in difference_data(compared)["groups"]
        for entry in shown["entries"]
    )
    for told in (page, difference_markdown(compared), capsys.readouterr().out):
        told = told.replace("\\", "")
        assert "19105 · 1 · new" in told
        assert "| " not in told.replace("yes | no", ""), told
        assert "yes | no" in told, "the document's own bar"
