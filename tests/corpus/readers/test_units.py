"""The row of units under the names of columns is a part of the names, in every format."""

from __future__ import annotations

import pytest

from corpus.document import BlockKind
from corpus.readers.draft import DraftBuilder
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.grid import Cell, spread
from corpus.readers.tables.units import are_units


def test_units_join_the_names_above_them():
    header = [
        [Cell("Code", down=3), Cell("Size", across=2), Cell("Price", across=2)],
        [Cell("min"), Cell("max"), Cell("facility"), Cell("office")],
        [Cell("mm"), Cell("mm"), Cell("USD"), Cell("USD")],
    ]
    rows = [[Cell(c) for c in ("0581T", "5", "15", "4100", "5200")]] * 2
    builder = DraftBuilder()
    add_grid(builder, spread([*header, *rows]))
    draft = builder.draft()
    names = "Code | Size min mm | Size max mm | Price facility USD | Price office USD"
    assert [(b.kind, b.header) for b in draft.blocks][1:] == [(BlockKind.ROW, names)] * 2


@pytest.mark.parametrize(
    ("row", "units"),
    [
        (("", "(mm)", "USD per day"), True),
        (("Code", "days", "%"), True),  # the first cell reaches down
        (("0581T", "mm", "mm"), False),
        (("", "mm", ""), False),
        (("Plan", "days", "each"), False),
    ],
)
def test_a_row_is_of_units_where_all_its_own_cells_are(row, units):
    assert are_units(("Code", "Limit", "Rate"), row) is units
