"""`codedesk metadata`: a table out, the edited table in, as one step that can be taken back."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

pytestmark = pytest.mark.xdist_group("commands-metadata")
DATED = """# Riverside notes on cryoablation

Effective date: March 1, 2025. Last reviewed: April 2, 2025.

Riverside asks for the operative note with every claim for 0581T.
"""
FORMULA = """---
title: =HYPERLINK("http://x.invalid","see")
payer: Quiet Plan
---
# Quiet

Quiet Plan says nothing of 0581T.
"""


@pytest.fixture
def table(command: Any, tmp_path: Path) -> Path:
    """The exported table of a library of two documents in a folder that Codedesk only reads."""
    command.write("dated.md", DATED)
    command.write("formula.md", FORMULA)
    command.sync()
    path = tmp_path / "table.csv"
    command.output("metadata", "export", str(path))
    return path


def _rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _edit(path: Path, **cells: dict[str, str]) -> None:
    rows = _rows(path)
    for name, changed in cells.items():
        rows[f"policies/{name}.md"] |= changed
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(next(iter(rows.values()))))
        writer.writeheader()
        writer.writerows(rows.values())


def test_a_row_tells_every_value_with_its_evidence_how_sure_it_is_and_whether_it_is_confirmed(
    table: Path,
) -> None:
    row = _rows(table)["policies/dated.md"]
    assert row["effective"] == "2025-03-01"
    assert "Effective date: March 1, 2025" in row["effective_evidence"]
    assert 0 < float(row["effective_sure"]) <= 1
    assert row["effective_confirmed"] == "no"


def test_no_cell_is_a_formula_and_a_table_that_nobody_edited_changes_nothing(
    command: Any, table: Path, tmp_path: Path
) -> None:
    assert _rows(table)["policies/formula.md"]["title"].startswith("'=")
    book = tmp_path / "table.xlsx"
    command.output("metadata", "export", str(book))
    sheet = load_workbook(book).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    for path in (table, book):
        told = command.json("metadata", "import", str(path))
        assert (told["changes"], told["problems"], told["edit"]) == ([], [], None)


def test_an_edited_table_counts_after_the_next_sync_and_is_taken_back_as_one_step(
    command: Any, table: Path
) -> None:
    before = {path.name: path.read_bytes() for path in command.folder.iterdir()}
    _edit(
        table,
        dated={"payer": "Riverside", "effective_confirmed": "yes", "reviewed": ""},
        formula={"title": "Quiet Plan and 0581T", "line_of_business": "medicare; Commercial"},
    )
    dry = command.json("metadata", "import", str(table), "--dry-run")
    assert dry["edit"] is None
    told = command.json("metadata", "import", str(table))
    assert told["changes"] == dry["changes"] == told["edit"]["changes"]
    assert {(one["field"], json.dumps(one["new"])) for one in told["changes"]} == {
        ("payer", '"Riverside"'),
        ("effective", '"2025-03-01"'),
        ("reviewed", "null"),
        ("title", '"Quiet Plan and 0581T"'),
        ("line_of_business", '["Medicare", "commercial"]'),
    }
    command.sync()
    known = {one["id"]: one for one in command.json("status")["files"]}
    dated = known["policies/dated.md"]
    assert (dated["payer"], dated["reviewed"], dated["unconfirmed"]) == ("Riverside", None, [])
    assert known["policies/formula.md"]["line_of_business"] == ["Medicare", "commercial"]
    assert {path.name: path.read_bytes() for path in command.folder.iterdir()} == before
    log = command.json("metadata", "log")
    assert log[0]["what"] == "import of table.csv"
    assert log[0]["at"]
    assert log[0]["who"]

    command.output("metadata", "undo")
    command.sync()
    known = {one["id"]: one for one in command.json("status")["files"]}
    assert known["policies/dated.md"]["payer"] is None
    assert len(known["policies/dated.md"]["unconfirmed"]) == 2
    command.output("metadata", "undo", str(command.json("metadata", "log")[0]["number"]))
    command.output("metadata", "undo")
    command.sync()


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"effective": "3/1/2025"}, "effective", "YYYY-MM-DD"),
        ({"kind": "polcy"}, "kind", "write one of"),
        ({"title": " "}, "title", "has to have a title"),
        ({"retired": "2020-01-01"}, "retired", "before in force since"),
        ({"payer_confirmed": "yes"}, "payer", "no value"),
        ({"effective_confirmed": "perhaps"}, "effective_confirmed", "neither yes nor no"),
        ({"id": "policies/datde.md"}, "id", "Did you mean policies/dated.md"),
        ({"sha256": "0" * 64, "payer": "Riverside"}, "sha256", "Export the table again"),
    ],
)
def test_one_bad_cell_is_named_by_row_and_column_and_then_nothing_is_applied(
    command: Any, table: Path, cells: dict[str, str], column: str, says: str
) -> None:
    _edit(table, dated=cells, formula={"payer": "Loud Plan"})
    done = command.run("metadata", "import", str(table), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    [problem] = told["problems"]
    assert (problem["row"], problem["column"]) == (2, column)
    assert says in problem["problem"]
    assert told["edit"] is None
    assert f"Row 2, column {column}" in done.stderr.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("title\nx\n", "no column “id”"),
        ("id,payer,payer\na,b,c\n", "two columns called “payer”"),
        ("id,payer\npolicies/dated.md,Cigna, Inc\n", "row 2: it has 3 cells"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(
    command: Any, table: Path, text: str, says: str
) -> None:
    table.write_text(text, "utf-8")
    done = command.run("metadata", "import", str(table))
    assert done.returncode == 1
    assert says in done.stderr.decode()


def test_a_table_saved_with_semicolons_or_with_a_workbooks_own_dates_is_understood(
    command: Any, table: Path, tmp_path: Path
) -> None:
    table.write_text("id;payer;other_payers\npolicies/dated.md;River;\n", "cp1252")
    assert command.json("metadata", "import", str(table), "--dry-run")["changes"] == [
        {"document": "policies/dated.md", "field": "payer", "old": None, "new": "River"}
    ]
    path = tmp_path / "table.xlsx"
    command.output("metadata", "export", str(path))
    book = load_workbook(path)
    head = [cell.value for cell in book.active[1]]
    cell = book.active.cell(2, head.index("issued") + 1)
    cell.value = "=TODAY()"
    book.save(path)
    done = command.run("metadata", "import", str(path), "--dry-run")
    assert "holds a formula" in done.stderr.decode()
    cell.value = datetime(2025, 2, 3)
    book.save(path)
    [change] = command.json("metadata", "import", str(path), "--dry-run")["changes"]
    assert (change["field"], change["new"]) == ("issued", "2025-02-03")


def test_what_was_said_comes_back_with_a_backup_and_follows_a_renamed_file(
    command: Any, table: Path, tmp_path: Path
) -> None:
    _edit(table, formula={"payer": "Loud Plan"})
    command.output("metadata", "import", str(table))
    command.sync()
    kept = tmp_path / "kept.backup"
    command.output("backup", str(kept))
    command.output("metadata", "undo")
    command.output("restore", str(kept))
    (command.folder / "formula.md").rename(command.folder / "quiet.md")
    command.sync()
    known = {one["id"]: one for one in command.json("status")["files"]}
    assert known["policies/quiet.md"]["payer"] == "Loud Plan"
    (command.folder / "quiet.md").write_text(FORMULA + "\nMore.\n", "utf-8")
    command.sync()
    known = {one["id"]: one for one in command.json("status")["files"]}
    assert known["policies/quiet.md"]["payer"] == "Loud Plan"
    (command.folder / "quiet.md").rename(command.folder / "formula.md")
