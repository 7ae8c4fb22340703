"""How a row of results begins: a table's row is read in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.desk import Desk
from index.filters import Filters
from index.home import Home
from index.versions import today
from ui.desks.parts.teasers import in_words, teaser


@pytest.mark.parametrize(
    ("line", "names", "said"),
    [
        ("0581T | covered", ["Code", "Position"], "Code: 0581T; Position: covered."),
        ("0581T |  | once", ["Code", "Note", "Units"], "Code: 0581T; Units: once."),
        ("0581T | covered", [], "0581T · covered"),
        ("0581T | covered | once", ["Code", "Position"], "0581T · covered · once"),
        ("0581T | covered", ["Code", ""], "Code: 0581T; covered."),
        ("Covered a|b with authorization", ["Code"], "Covered a|b with authorization"),
    ],
)
def test_a_row_has_the_name_of_each_column_before_its_cell(line, names, said):
    assert in_words(line, names) == said


def test_a_passage_of_a_table_begins_with_its_rows_in_words_without_heading_and_bars(
    shared_home: Path,
):
    desk = Desk(Home(shared_home))
    found = desk.search("19105 covered", Filters(on=today()), k=20).citations
    (row,) = [one for one in found if "19105 | covered" in one.text]
    told = teaser(row)
    assert told.startswith("Code · Position 0581T · covered with authorization 19105 · covered")
    assert " | " not in told and not told.startswith(row.section[-1])
    assert len(teaser(row, most=20)) <= 20
