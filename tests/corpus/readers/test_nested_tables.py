"""Tables inside cells: their rows keep what names the row that they stand in."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest

from corpus.document import Document

_RATES = {
    "Fir Plan": [("Code", "Rate"), ("0581T", "4,100"), ("19105", "1,500")],
    "Elm Plan": [("Code", "Rate"), ("0581T", "3,900")],
}


def _word(rates: dict[str, list[tuple[str, ...]]]) -> bytes:
    document = docx.Document()
    outer = document.add_table(rows=1 + len(rates), cols=2)
    outer.cell(0, 0).text, outer.cell(0, 1).text = "Payer", "Rates"
    for at, (payer, rows) in enumerate(rates.items(), start=1):
        outer.cell(at, 0).text = payer
        inner = outer.cell(at, 1).add_table(rows=len(rows), cols=len(rows[0]))
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                inner.cell(down, across).text = cell
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _inner(rows: list[tuple[str, ...]]) -> str:
    names, *others = rows
    head = "".join(f"<th>{name}" for name in names)
    return f"<table><tr>{head}" + "".join(f"<tr><td>{'<td>'.join(r)}" for r in others) + "</table>"


def _web(rates: dict[str, list[tuple[str, ...]]]) -> bytes:
    rows = "".join(f"<tr><td>{payer}<td>{_inner(inner)}" for payer, inner in rates.items())
    table = f"<table><tr><th>Payer<th>Rates{rows}</table>"
    return f"<html><body>{table}</body></html>".encode()


@pytest.mark.parametrize(("name", "make"), [("a.docx", _word), ("a.html", _web)])
def test_rows_of_tables_in_cells_carry_the_row_that_they_stand_in(
    read: Callable[..., Document], name: str, make: Callable[..., bytes]
) -> None:
    document = read(name, make(_RATES))
    rows = [(b.header, b.span.of(document.text)) for b in document.blocks if b.kind == "row"]
    names = "Payer | Rates Code | Rates Rate"
    assert rows == [
        ("", names),
        (names, "Fir Plan | 0581T | 4,100"),
        (names, "Fir Plan | 19105 | 1,500"),
        (names, "Elm Plan | 0581T | 3,900"),
    ]


@pytest.mark.parametrize(
    ("name", "make", "row"),
    [
        ("a.docx", _word, ("Payer | Rates", "Oak Plan | Code, Denied; 0581T, 41;")),
        ("a.html", _web, ("Code | Denied", "0581T | 41")),
    ],
)
def test_tables_of_other_names_are_never_put_under_one_of_them(
    read: Callable[..., Document], name: str, make: Callable[..., bytes], row: tuple[str, str]
) -> None:
    document = read(name, make({**_RATES, "Oak Plan": [("Code", "Denied"), ("0581T", "41")]}))
    assert row in [(block.header, block.span.of(document.text)) for block in document.blocks]


def test_a_table_that_lays_other_tables_out_is_no_table(read: Callable[..., Document]) -> None:
    page = f"<table><tr><td>{_inner(_RATES['Fir Plan'])}<td>{_inner(_RATES['Elm Plan'])}</table>"
    document = read("a.html", f"<html><body>{page}</body></html>")
    rows = [block.span.of(document.text) for block in document.blocks if block.kind == "row"]
    assert rows == ["Code | Rate", "0581T | 4,100", "19105 | 1,500", "Code | Rate", "0581T | 3,900"]
