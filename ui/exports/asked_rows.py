"""A list of questions with its verdicts and citations, as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Sequence

from ui.asking.lists import Asked, Found
from ui.exports.tables import Row, to_csv, to_xlsx

VERDICTS = {
    "answered": "Answered",
    "weak": "Nothing answers this plainly",
    "not_found": "Not found",
    "problem": "Not asked",
    "": "Not yet asked",
}
FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rows_of(asked: Sequence[Asked], *, address: str) -> list[Row]:
    """A row for each question. `address` is that of the pages, before a row's own; "" for none."""
    return [_row(one, one.found or Found(""), address) for one in asked]


def _row(one: Asked, found: Found, address: str) -> Row:
    return {
        "row": one.row,
        "question": one.question,
        "date_of_service": found.as_of or (one.on.isoformat() if one.on else ""),
        "payer": one.payer,
        "verdict": VERDICTS[found.verdict],
        "passage": found.passage,
        "title": found.title,
        "section": found.section,
        "page": found.page,
        "dates": found.dates,
        "citation": found.reference,
        "verified": found.verified if found.passage else None,
        "what_is_missing": found.said,
        "document": found.document,
        "source_url": found.source_url,
        "generation": found.generation or None,
        "address": f"{address}{found.address}" if address and found.address else "",
    }


def export(asked: Sequence[Asked], format: str, *, address: str) -> bytes:
    """The list as a file: `csv` or `xlsx`."""
    rows = rows_of(asked, address=address)
    if format == "csv":
        return to_csv(rows).encode("utf-8-sig")
    return to_xlsx(rows, "Questions")
