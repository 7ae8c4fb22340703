"""Small real files of every kind that is read, made by the libraries that people's programs use."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

_TEXT = (
    "Lakeside asks for prior authorization for 0581T-RT from 3/1/2025 on.",
    "The codes 0967T-0980T and C50.911 are listed; see https://example.org/77 (page 2).",
    "An appeal is sent within 60 days - naïve, “quoted”, 保険, \u05d0\u05d1, e\u0301.",
)
_MARKDOWN = f"""---
title: Policy 77
payer: Lakeside
effective: 2025-03-01
codes: [0581T, "19105"]
---
# Policy 77

{_TEXT[0]}

## Codes

| Code | Position |
|---|---|
| 0581T | covered |
| 19105 | **not** covered |

- one
  1. two

> {_TEXT[2]}

```
{_TEXT[1]}
```
"""
_HTML = f"""<!DOCTYPE html><html lang=en><head><title>Policy 77</title><meta charset=utf-8>
<meta name=date content=2025-03-01><style>p {{}}</style></head><body><nav>Home</nav>
<h1>Policy</h1><p>{_TEXT[0]}<br>{_TEXT[2]}</p><ul><li>one<ol><li>two</ol></ul>
<table><tr><th>Code<th colspan=2>Position<tr><td rowspan=2>0581T<td>covered<tr><td>&lt;x&gt;</table>
<pre>{_TEXT[1]}</pre><script>alert(1)</script></body></html>"""
_CSV = f'Code,Position,From\n0581T,"covered, ""once""",2025-03-01\n19105,{_TEXT[0]},\n'
_SIDECAR = 'title = "Policy 77"\npayer = "Lakeside"\neffective = 2025-03-01\ncodes = ["0581T"]\n'


def seeds() -> dict[str, bytes]:
    """By a file name that tells the format; `.meta.toml` is the sidecar of a text."""
    return {
        "policy.md": _MARKDOWN.encode(),
        "policy.txt": "\r\n\r\n".join(_TEXT).encode("utf-16"),
        "policy.html": _HTML.encode(),
        "policy.csv": _CSV.encode("cp1252", "replace"),
        "policy.docx": _docx(),
        "policy.xlsx": _xlsx(),
        "plain.pdf": _pdf(compressed=False),
        "packed.pdf": _pdf(compressed=True),
        "written.pdf": _rewritten(encrypt=False),
        "encrypted.pdf": _rewritten(encrypt=True),
        "noted.txt.meta.toml": _SIDECAR.encode(),
    }


def _docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Policy 77", 0)
    for text in _TEXT:
        document.add_paragraph(text)
    document.add_paragraph("one", style="List Bullet")
    table = document.add_table(2, 2)
    for at, text in enumerate(("Code", "Position", "0581T", "covered")):
        table.cell(at // 2, at % 2).text = text
    document.sections[0].footer.paragraphs[0].text = "Revised 1/1/2025"
    return _saved(document.save)


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Fees"], ["Code", "Rate", "From"], ["0581T", 12.5, date(2025, 3, 1)], _TEXT):
        sheet.append(list(row))
    book.create_sheet("hidden").sheet_state = "hidden"
    return _saved(book.save)


def _pdf(*, compressed: bool) -> bytes:
    """Two pages with an outline, a ruled table, a link and a form field."""
    from reportlab.pdfgen.canvas import Canvas

    def write(stream: io.BytesIO) -> None:
        canvas = Canvas(stream, pageCompression=int(compressed), invariant=1)
        canvas.setTitle("Policy 77")
        for page, text in enumerate(_TEXT[:2]):
            canvas.bookmarkPage(str(page))
            canvas.addOutlineEntry(f"Part {page}", str(page), page)
            canvas.setFont("Helvetica-Bold", 18)
            canvas.drawString(72, 700, "Policy 77")
            canvas.setFont("Times-Roman", 11)
            canvas.drawString(72, 660, text)
            canvas.grid([72, 200, 330], [500, 520, 540])
            for at, cell in enumerate(("Code", "Position", "0581T", "covered")):
                canvas.drawString(76 + at % 2 * 128, 525 - at // 2 * 20, cell)
            canvas.linkURL("https://example.org", (72, 600, 200, 620))
            canvas.acroForm.textfield(name=f"field{page}", value="typed", x=72, y=400)
            canvas.showPage()
        canvas.save()

    return _saved(write)


def _rewritten(*, encrypt: bool) -> bytes:
    """As another program writes it: object streams or an empty user password."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(_pdf(compressed=True)))
    if encrypt:
        writer.encrypt("", "owner", algorithm="AES-128")
    return _saved(writer.write)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()
