"""Exports: what comes from documents stays text in every program that opens them."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ui.exports.tables import Cell, to_csv, to_markdown, to_xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "＝1+1"]


@pytest.mark.trust(20)
@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_has_an_apostrophe_in_front_in_csv(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv([{"cell": text}])))
    assert row["cell"].startswith("'")


@pytest.mark.trust(20)
@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_a_string_in_xlsx(text: str) -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx([{"cell": text}], "=sheet/1"))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.strip() == text.replace("\r", "\n").strip()


def test_numbers_dates_and_nothing_keep_their_kind() -> None:
    row: dict[str, Cell] = {"number": -3, "day": date(2025, 3, 1), "none": None, "true": True}
    assert to_csv([row]) == "number,day,none,true\n-3,2025-03-01,,yes\n"
    sheet = load_workbook(io.BytesIO(to_xlsx([row], "s"))).active
    assert sheet["A2"].value == -3
    assert sheet["B2"].value.date() == date(2025, 3, 1)
    assert sheet["C2"].value is None
    assert "| -3 | 2025-03-01 |  | yes |" in to_markdown([row])


@pytest.mark.trust(20)
def test_markup_in_a_cell_is_shown_and_not_obeyed() -> None:
    text = "<b>x</b> | [y](javascript:1) *z* `q`\nnext"
    last = to_markdown([{"cell": text}]).splitlines()[-1]
    assert last == ("| \\<b\\>x\\</b\\> \\| \\[y\\](javascript:1) \\*z\\* \\`q\\` next |")


def test_without_rows_the_columns_are_still_named() -> None:
    assert to_csv([], ["a", "b"]) == "a,b\n"
    assert to_markdown([], ["a", "b"]) == "| a | b |\n| --- | --- |\n"
    assert load_workbook(io.BytesIO(to_xlsx([], "s", ["a"]))).active["A1"].value == "a"


@pytest.mark.trust(20)
@given(st.text(max_size=40))
def test_any_text_can_be_exported(text: str) -> None:
    rows = [{"cell": text, "other": "x"}]
    (row,) = csv.DictReader(io.StringIO(to_csv(rows)))
    assert row["other"] == "x"
    assert not row["cell"].lstrip().startswith(("=", "+", "-", "@"))
    assert len(to_markdown(rows).splitlines()) == 3
    cell = load_workbook(io.BytesIO(to_xlsx(rows, text))).active["A2"]
    assert cell.data_type in ("s", "n")
