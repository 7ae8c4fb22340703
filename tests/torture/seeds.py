"""Small real files of every kind that is read, made by the libraries that people's programs use."""

from __future__ import annotations

import io
import quopri
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
_PAGE = f"""<html><head><title>Plan</title><style>.x, p.y {{text-decoration: line-through}}
@media print {{ .z {{display: none}} }} .shut {{display: none}}</style></head><body><h1>Rules</h1>
<ul role=tablist><li><a role=tab href="#a">Oak</a></ul>
<div id=a role=tabpanel hidden>{_TEXT[0]}</div>
<h2><button aria-expanded=false>Ash</button></h2>
<div class="collapse shut"><p>90<sup>2</sup> days</div>
<details><summary>Elm</summary><del>old</del> <b class=x>gone</b> H<sub>2</sub>O</details>
<ol type=a start=3 reversed><li value=7>one<li>two</ol><table><tr><th rowspan=2>Year
<th colspan=2>Clinic<tr><th>Paid<th>Denied<tr><td colspan=3>2024
<tr><td>1<td rowspan=0>2<td hidden>3</table>
<input type=checkbox checked><select><option selected>LT</select><svg><title>No</title></svg>
<iframe srcdoc="&lt;p&gt;in&lt;/p&gt;"></iframe>
<div id=cookie-banner>We use cookies</div></body></html>"""
_FEES = (
    "Fee file of 2026,,,,\nRELEASED 1/1/2026,,,,\n,,,,\n,Clinic,,Office,\n"
    "Code,Paid,Units,Paid,Units\n"
    "0581T,1.5,2,3,4\n19105,5,6,7,8\n\nDenied,,,,\nCode,Claims,Won,,\n0581T,41,7,,\n"
)
_FORM = f"""<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="f">
<draw><value><text>{_TEXT[0]}</text></value></draw><draw presence="hidden"><value><text>x</text>
</value></draw><field name="id"><caption><value><text>Member</text></value></caption></field>
<field name="on"><ui><checkButton/></ui><items><integer>1</integer></items></field>
<draw><value><exData contentType="text/html"><body xmlns="http://www.w3.org/1999/xhtml">
<p>Send <b>ten</b> days before.</p></body></exData></value></draw></subform></template>"""
_FILLED = """<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><f>
<id>CLV-77</id><on>1</on></f></xfa:data></xfa:datasets>"""
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
        "page.html": _PAGE.encode(),
        "page.mhtml": _archive(),
        "fees.csv": _FEES.encode("cp1252"),
        "marked.docx": _marked_docx(),
        "fees.xlsx": _fees(),
        "plain.pdf": _pdf(compressed=False),
        "packed.pdf": _pdf(compressed=True),
        "written.pdf": _rewritten(encrypt=False),
        "encrypted.pdf": _rewritten(encrypt=True),
        "attached.pdf": _attached(),
        "form.pdf": _form(),
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


def _archive() -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + quopri.encodestring(_PAGE.encode()) + b"\r\n--b--\r\n"


def _marked_docx() -> bytes:
    """Numbers, notes, struck and raised text, boxes, merged cells, a piece of a page."""
    import docx
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    for text in _TEXT:
        paragraph = document.add_paragraph(text, style="List Number")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run("gone").font.strike = True
        paragraph.add_run()._r.append(
            parse_xml(f'<w:sym {nsdecls("w")} w:font="Wingdings" w:char="F0FE"/>')
        )
        paragraph.add_run()._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="2"/>'))
    table = document.add_table(3, 3)
    for at in range(9):
        table.cell(at // 3, at % 3).text = f"cell {at}"
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 1).merge(table.cell(2, 2))
    package = document.part.package
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:id='2'><w:p><w:r><w:t>A note.</w:t></w:r>"
        "</w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), package)
    document.part.relate_to(part, f"{relations}/footnotes")
    piece = Part(PackURI("/word/piece1.html"), "text/html", _PAGE.encode(), package)
    identity = document.part.relate_to(piece, f"{relations}/aFChunk")
    document.element.body.insert(
        1, parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="{identity}"/>')
    )
    return _saved(document.save)


def _fees() -> bytes:
    """Formats, merged and struck cells, hidden rows, a table, formulas, rows for every page."""
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Code", "Rate", "From"], [400, 0.125, date(2025, 3, 1)], ["x", "=B2*2", 45945.5]):
        sheet.append(row)
    sheet["A2"].number_format, sheet["B2"].number_format = "00000", "0.0%"
    sheet["C3"].number_format = '[>=1]m/d/yy h:mm;[Red]-0.0E+0;# ?/?;"t "@'
    sheet["C2"].font = Font(strike=True)
    gone = TextBlock(InlineFont(strike=True), "gone")
    sheet["A3"] = CellRichText(gone, "19105", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    for row in ([], ["Plan", "Rule"], ["Oak", "paid"]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Plans", ref="A5:B6"))
    sheet.merge_cells("A8:C9")
    sheet.row_dimensions[3].hidden = True
    sheet.print_title_rows = "1:1"
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


def _attached() -> bytes:
    """A letter with a table and another letter attached, neither compressed."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(_pdf(compressed=False)))
    writer.add_attachment("fees.csv", _FEES.encode("cp1252"))
    writer.add_attachment("inner.pdf", _pdf(compressed=False))
    return _saved(writer.write)


def _form() -> bytes:
    """A form that its viewer draws from XML in place of the page."""
    import pypdf
    from pypdf import generic as of

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(_pdf(compressed=False)))
    parts = of.ArrayObject()
    for name, xml in (("template", _FORM), ("datasets", _FILLED)):
        stream = of.DecodedStreamObject()
        stream.set_data(xml.encode())
        parts += [of.TextStringObject(name), writer._add_object(stream)]
    fields = {of.NameObject("/Fields"): of.ArrayObject(), of.NameObject("/XFA"): parts}
    writer.root_object[of.NameObject("/AcroForm")] = of.DictionaryObject(fields)
    writer.root_object[of.NameObject("/NeedsRendering")] = of.BooleanObject(True)
    return _saved(writer.write)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()
