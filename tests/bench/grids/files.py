"""The same tables as Word, Excel, HTML and PDF files."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from corpus.readers.tables.grid import Cell
from tests.bench.grids.kinds import Row, Sample, Table

_INTRODUCTION = "What follows is generated and says nothing about a real payer."
_DINGBATS = {"✓": "✔", "✗": "✘"}
Rows = list[Row]


def rows_of(sample: Sample, table: Table) -> Rows:
    """A table's rows as they are drawn: the header, sub-headings over all columns."""
    rows: Rows = list(table.header)
    for entry in table.body:
        if not isinstance(entry, str):
            rows.append(entry)
        elif sample.lone:
            rows.append((Cell(entry), *[Cell("")] * (table.columns - 1)))
        else:
            rows.append((Cell(entry, across=table.columns),))
    return rows


def _grids(sample: Sample) -> list[tuple[str, Rows]]:
    """The grids of a file, each with its title; a second table may stand in the first one's."""
    grids = [(table.title, rows_of(sample, table)) for table in sample.tables]
    if sample.joined and sample.beside:
        rows = [
            [cell for row in level for cell in row]
            for level in zip(*(r for _, r in grids), strict=True)
        ]
        return [("", [tuple(row) for row in rows])]
    if sample.joined:
        return [(grids[0][0], [row for _, rows in grids for row in rows])]
    return grids


def _repeated(sample: Sample, rows: Rows) -> Rows:
    """With the header again where a page begins, in formats that have no pages."""
    if not sample.again:
        return rows
    depth = len(sample.tables[0].header)
    header, body = rows[:depth], rows[depth:]
    starts = range(0, len(body), sample.page)
    return [row for start in starts for row in [*header, *body[start : start + sample.page]]]


def _placed(rows: Rows) -> Iterator[tuple[int, int, Cell]]:
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while (at, column) in taken:
                column += 1
            yield at, column, cell
            taken |= {
                (at + down, column + across)
                for down in range(cell.down)
                for across in range(cell.across)
            }


def _width(rows: Rows) -> int:
    return max(column + cell.across for _, column, cell in _placed(rows))


def excel(sample: Sample) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    top, left = 1, 1
    for title, rows in _grids(sample):
        if title:
            sheet.cell(top, left, title)
            top += 1
        rows = _repeated(sample, rows)
        for at, column, cell in _placed(rows):
            place = sheet.cell(top + at, left + column, cell.text or None)
            if cell.text.replace(".", "").isdigit() and not cell.text.startswith("0"):
                place.value = float(cell.text) if "." in cell.text else int(cell.text)
                place.number_format = "0.00" if "." in cell.text else "0"
            if cell.across > 1 or cell.down > 1:
                sheet.merge_cells(
                    start_row=top + at,
                    start_column=left + column,
                    end_row=top + at + cell.down - 1,
                    end_column=left + column + cell.across - 1,
                )
        if sample.beside:
            left += _width(rows) + 1
        else:
            top += len(rows) + 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def web(sample: Sample) -> bytes:
    parts = [f"<p>{_INTRODUCTION}</p>"]
    for title, rows in _grids(sample):
        if title:
            parts.append(f"<p>{html.escape(title)}</p>")
        lines = ["".join(map(_tag, row)) for row in _repeated(sample, rows)]
        parts.append("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>")
    return ("<!doctype html><title>Grids</title><body>" + "".join(parts)).encode()


def _tag(cell: Cell) -> str:
    name = "th" if cell.names else "td"
    spans = f' colspan="{cell.across}"' if cell.across > 1 else ""
    spans += f' rowspan="{cell.down}"' if cell.down > 1 else ""
    return f"<{name}{spans}>{html.escape(cell.text)}</{name}>"


def word(sample: Sample) -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph(_INTRODUCTION)
    for title, rows in _grids(sample):
        if title:
            document.add_paragraph(title)
        rows = _repeated(sample, rows)
        table: Any = document.add_table(len(rows), _width(rows))
        for at, column, cell in _placed(rows):
            place = table.cell(at, column)
            if cell.across > 1 or cell.down > 1:
                place = place.merge(table.cell(at + cell.down - 1, column + cell.across - 1))
            place.text = cell.text
        document.add_paragraph()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def ruled_pdf(sample: Sample) -> bytes:
    """With all the lines of the grid."""
    return _pdf(sample, [("GRID", (0, 0), (-1, -1), 0.5, "black")])


def lined_pdf(sample: Sample) -> bytes:
    """With lines above and below the header and at the end, as in a book."""
    depth = len(sample.tables[0].header)
    return _pdf(
        sample,
        [
            ("LINEABOVE", (0, 0), (-1, 0), 1.0, "black"),
            ("LINEBELOW", (0, depth - 1), (-1, depth - 1), 0.5, "black"),
            ("LINEBELOW", (0, -1), (-1, -1), 1.0, "black"),
        ],
    )


def borderless_pdf(sample: Sample) -> bytes:
    """Columns that stand in line, and no line drawn."""
    return _pdf(sample, [])


def _pdf(sample: Sample, lines: Sequence[tuple[Any, ...]]) -> bytes:
    from reportlab.lib.colors import toColor
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

    styles = getSampleStyleSheet()
    drawn = [(*line[:-1], toColor(line[-1])) for line in lines]
    story: list[Any] = [Paragraph(_INTRODUCTION, styles["BodyText"]), Spacer(1, 12)]
    tables, wide = [], 0.0
    for title, rows in _grids(sample):
        widths = _widths(rows)
        wide = wide + sum(widths) + 36 if sample.beside else max(wide, sum(widths))
        if title:
            story.append(Paragraph(title, styles["BodyText"]))
        for number, part in enumerate(_pages(sample, rows)):
            if number:
                story.append(PageBreak())
            tables.append(_flowable(part, widths, drawn))
            if not sample.beside or sample.joined:
                story += [tables[-1], Spacer(1, 24)]
    if sample.beside and not sample.joined:
        story.append(_side_by_side(tables))
    stream = io.BytesIO()
    page = (max(612.0, wide + 160), 792)
    SimpleDocTemplate(stream, pagesize=page, invariant=True).build(story)
    return stream.getvalue()


def _widths(rows: Rows) -> list[float]:
    """Of each column, in points: as wide as its longest text, long ones in several lines."""
    widths = [60.0] * _width(rows)
    for _, column, cell in _placed(rows):
        if cell.across == 1 and not _is_alone(rows, cell):
            wanted = 170.0 if _is_long(cell) else 6.2 * len(cell.text) + 12
            widths[column] = max(widths[column], wanted)
    return widths


def _is_long(cell: Cell) -> bool:
    return len(cell.text) > 40 and cell.across == 1


def _is_alone(rows: Rows, cell: Cell) -> bool:
    return any(row[0] is cell and not any(other.text for other in row[1:]) for row in rows)


def _pages(sample: Sample, rows: Rows) -> list[Rows]:
    if not sample.page:
        return [rows]
    depth = len(sample.tables[0].header)
    header, body = rows[:depth], rows[depth:]
    pages = [body[start : start + sample.page] for start in range(0, len(body), sample.page)]
    return [[*(header if sample.again or not at else []), *page] for at, page in enumerate(pages)]


def _flowable(rows: Rows, widths: list[float], lines: Sequence[tuple[Any, ...]]) -> Any:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, Table

    style = getSampleStyleSheet()["BodyText"]
    cells: list[list[Any]] = [[""] * len(widths) for _ in rows]
    styled: list[tuple[Any, ...]] = [*lines, ("VALIGN", (0, 0), (-1, -1), "TOP")]
    for at, column, cell in _placed(rows):
        cells[at][column] = Paragraph(cell.text, style) if _is_long(cell) else cell.text
        if cell.text in _DINGBATS:
            cells[at][column] = _DINGBATS[cell.text]
            styled.append(("FONT", (column, at), (column, at), "ZapfDingbats"))
        if cell.across > 1 or cell.down > 1:
            end = (column + cell.across - 1, at + cell.down - 1)
            styled.append(("SPAN", (column, at), end))
    return Table(cells, colWidths=widths, style=styled, hAlign="LEFT")


def _side_by_side(tables: Sequence[Any]) -> Any:
    from reportlab.platypus import Table

    row: list[Any] = [tables[0]]
    for table in tables[1:]:
        row += ["", table]
    widths = [None, 36] * len(tables)
    return Table(
        [row], colWidths=widths[:-1], hAlign="LEFT", style=[("VALIGN", (0, 0), (-1, -1), "TOP")]
    )


FORMATS: dict[str, tuple[str, Callable[[Sample], bytes]]] = {
    "Word": ("docx", word),
    "Excel": ("xlsx", excel),
    "HTML": ("html", web),
    "PDF, ruled": ("pdf", ruled_pdf),
    "PDF, three lines": ("pdf", lined_pdf),
    "PDF, no lines": ("pdf", borderless_pdf),
}
