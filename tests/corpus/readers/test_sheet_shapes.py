"""Sheets: what text boxes over the cells say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from corpus.document import Document

_NAMES = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def _book(*, chart: bool) -> bytes:
    book = openpyxl.Workbook()
    for row in (("Code", "Rate"), ("0581T", 115), ("19105", 20)):
        book.active.append(row)
    if chart:
        bars = BarChart()
        bars.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3))
        book.active.add_chart(bars, "D2")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _shape(row: int, runs: str, *, hidden: bool = False) -> str:
    state = 'hidden="1"' if hidden else ""
    name = f'<xdr:cNvPr id="{row}" name="Box" {state}/>'
    return (
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:row>{row}</xdr:row></xdr:from>"
        f"<xdr:sp><xdr:nvSpPr>{name}</xdr:nvSpPr>"
        f"<xdr:txBody><a:p>{runs}</a:p></xdr:txBody></xdr:sp></xdr:oneCellAnchor>"
    )


@pytest.fixture
def with_shapes(read: Callable[..., Document]) -> Callable[..., Document]:
    """A workbook with these shapes in place of its chart."""

    def reading(shapes: str) -> Document:
        stream = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(_book(chart=True))) as old,
            zipfile.ZipFile(stream, "w") as new,
        ):
            for name in old.namelist():
                if name == "xl/drawings/drawing1.xml":
                    new.writestr(name, f"<xdr:wsDr {_NAMES}>{shapes}</xdr:wsDr>")
                elif name != "xl/drawings/_rels/drawing1.xml.rels":
                    new.writestr(name, old.read(name))
        return read("a.xlsx", stream.getvalue())

    return reading


def _run(text: str, look: str = "") -> str:
    return f"<a:r><a:rPr {look}/><a:t>{text}</a:t></a:r>"


def test_text_boxes_are_read_after_the_cells_from_the_top(with_shapes):
    document = with_shapes(
        _shape(9, _run("0581T needs a form.")) + _shape(2, _run("Within 30") + _MARK)
    )
    assert document.text.endswith("19105 | 20\n\nWithin 30 ²\n\n0581T needs a form.")


_MARK = _run("2", 'baseline="30000"')


def test_what_is_struck_out_or_hidden_in_a_text_box_is_not_read(with_shapes):
    document = with_shapes(
        _shape(2, _run("Not paid.", 'strike="sngStrike"') + _run("Paid."))
        + _shape(4, _run("Nobody sees this."), hidden=True)
    )
    assert document.text.endswith("19105 | 20\n\nPaid.")
    assert document.warnings == ("Struck-out text was left out (in 1 place).",)


def test_a_chart_over_the_cells_is_said(read):
    document = read("a.xlsx", _book(chart=True))
    assert document.warnings == (
        "A chart of the sheet 'Sheet' is not read. Look at the file itself.",
    )
