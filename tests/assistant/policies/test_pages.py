"""On a PDF, the pages listed are all those that a plain text search finds, and more."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

from pypdf import PdfReader
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from assistant.policies.listing import list_code
from assistant.policies.matrix import matrix
from index.filters import Filters

ON = Filters(date(2026, 6, 1))
PAGES = (
    "Chapter one speaks of cryoablation and of nothing else.",
    "Report 0581T once per breast. CPT codes 19081, 19083 and 76942 are included.",
    "CPT codes 19081-19086 describe biopsies with imaging guidance.",
    "Category III codes (0500T-0599T) are investigational.",
    "0581T is not covered in the office. Modifier RT tells the side: 0581T-RT.",
    "All Category III codes need a letter.",
)


def manual() -> bytes:
    out = io.BytesIO()
    page = Canvas(out, pagesize=letter)
    for number, text in enumerate(PAGES, 1):
        page.setFont("Helvetica-Bold", 15)
        page.drawString(72, 720, f"{number}. Chapter {number}")
        page.setFont("Helvetica", 10)
        page.drawString(72, 690, text)
        page.showPage()
    page.save()
    return out.getvalue()


def listed_pages(library: Any, code: str) -> dict[int | None, str]:
    """Each page with how it names the code, the best way of the page."""
    found: dict[int | None, str] = {}
    for document in list_code(library, code, ON).documents:
        for passage in document.passages:
            for naming in passage.namings:
                found.setdefault(naming.page, naming.how)
    return found


def test_every_page_that_a_text_search_finds_is_listed_and_those_of_ranges_too(shelf: Any) -> None:
    data = manual()
    (shelf.folder / "manual.pdf").write_bytes(data)
    library = shelf.read()
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    for code in ("0581T", "19081", "19083", "76942", "19086"):
        plain = {number for number, text in enumerate(texts, 1) if re.search(rf"\b{code}\b", text)}
        assert plain, code
        assert plain <= set(listed_pages(library, code)), code
    assert listed_pages(library, "0581T") == {2: "exact", 5: "exact", 4: "range", 6: "blanket"}
    assert listed_pages(library, "19084") == {3: "range"}


def test_the_position_of_a_payer_has_its_page(shelf: Any) -> None:
    (shelf.folder / "manual.pdf").write_bytes(manual())
    (shelf.folder / "manual.pdf.meta.toml").write_text('payer = "Lakeside"\nkind = "policy"\n')
    rows = matrix(shelf.read(), "0581T", ON).rows
    (policy,) = next(row for row in rows if row.payer == "Lakeside").policies
    quote = policy.quotes[0]
    assert (quote.text, quote.page) == ("0581T is not covered in the office.", 5)
