"""The whole way through the command line, in processes of its own: files in, answers out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from openpyxl import Workbook
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

Command = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.xdist_group("whole-way")  # one process: the library is made once

CIGNA = """---
title: Lakeside policy 77
payer: Lakeside
kind: policy
number: "77"
effective: 2025-10-16
source_url: https://example.org/77
---
# Lakeside policy 77

## Position

Lakeside holds that cryoablation of malignant breast tumors, 0581T, is not medically necessary.
An appeal must reach Lakeside within 60 days.
"""
HIGHMARK = """---
title: Old Hill policy S-9
payer: Old Hill
kind: policy
effective: 2004-02-16
retired: 2013-01-21
---
# Old Hill policy S-9

Old Hill asks to report cryoablation of breast cancer with the unlisted code 19499.
"""


def _pdf() -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=letter, invariant=1)
    for text in ("Contents of the guide.", "The ultrasound guidance 76942 is bundled into 0581T."):
        page.drawString(72, 700, text)
        page.showPage()
    page.save()
    return buffer.getvalue()


def _word() -> bytes:
    document = WordDocument()
    document.add_heading("Checklist", 1)
    document.add_paragraph("The operative note must name the probe, the freeze time and the side.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _sheet() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Modifier", "Use"), ("RT", "right breast"), ("XS", "separate structure")):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _make(root: Path) -> Path:
    root.mkdir()
    (root / "lakeside.md").write_text(CIGNA)
    (root / "old-hill.md").write_text(HIGHMARK)
    (root / "guide.pdf").write_bytes(_pdf())
    (root / "checklist.docx").write_bytes(_word())
    (root / "modifiers.xlsx").write_bytes(_sheet())
    (root / "notes.html").write_text("<title>Notes</title><p>Revenue code 0490 is for ASC.</p>")
    (root / "codes.csv").write_text("Code,Organ\n50593,kidney\n32994,lung\n")
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _make(tmp_path / "policies")


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Command:
    """The command with a library that is only read: synced once for the whole file."""
    place = tmp_path_factory.mktemp("whole-way")
    (place / "home").mkdir()
    (place / "home" / "models").symlink_to(models, target_is_directory=True)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            env={**os.environ, "CODEDESK_HOME": str(place / "home")},
            cwd="/",
            encoding="utf-8",
            capture_output=True,
            timeout=300,
        )

    result = run("sync", str(_make(place / "policies")), "--json")
    assert result.returncode == 0, result.stderr
    return run


def _ask(codedesk: Command, *arguments: str, code: int = 0) -> dict[str, Any]:
    result = codedesk("ask", *arguments, "--json")
    assert result.returncode == code, result.stderr + result.stdout
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_sync_reports_every_file_and_exits_with_3_when_some_failed(
    codedesk: Command, folder: Path
) -> None:
    (folder / "torn.pdf").write_bytes(_pdf()[:300])
    result = codedesk("sync", str(folder), "--json")
    report = json.loads(result.stdout)
    assert result.returncode == 3
    assert [entry["path"] for entry in report["failed"]] == ["policies/torn.pdf"]
    assert len(report["added"]) == report["documents"] == 7
    assert report["passages"] == report["embedded"] > 7
    keys = {"generation", "added", "changed", "removed", "unchanged", "duplicates", "failed"}
    assert keys | {"needs_ocr", "documents", "passages", "embedded", "seconds"} <= set(report)


def test_an_answer_cites_the_passage_word_for_word_with_document_and_dates(
    synced: Command,
) -> None:
    answer = _ask(synced, "does Lakeside cover 0581T?")
    first = answer["citations"][0]
    assert answer["verdict"] == "answered"
    assert "not medically necessary" in first["text"]
    assert first["document"]["id"] == "policies/lakeside.md"
    assert first["document"]["effective"] == "2025-10-16"
    assert first["document"]["status"] == "in_force"
    assert first["section"] == ["Lakeside policy 77", "Position"]
    assert first["verified"] is True
    marked = [first["text"][h["start"] : h["end"]] for h in first["highlights"]]
    assert any("not medically necessary" in sentence for sentence in marked)
    shown = synced("show", "policies/lakeside.md", "--json")
    text = json.loads(shown.stdout)["text"]
    span = first["span"]
    assert text[span["start"] : span["end"]] == first["text"]


@pytest.mark.parametrize(
    ("question", "document", "page", "words"),
    [
        ("is ultrasound guidance bundled", "guide.pdf", 2, "76942"),
        ("what must the operative note name", "checklist.docx", None, "freeze time"),
        ("when is modifier XS used", "modifiers.xlsx", None, "separate structure"),
        ("which revenue code for an ASC", "notes.html", None, "0490"),
        ("code for kidney", "codes.csv", None, "50593"),
    ],
)
def test_every_format_is_cited_at_its_page(
    synced: Command, question: str, document: str, page: int | None, words: str
) -> None:
    result = synced("search", question, "--json", "-k", "1")
    (first,) = json.loads(result.stdout)["citations"]
    assert first["document"]["id"] == f"policies/{document}"
    assert (first["page"], words in first["text"]) == (page, True)


def test_a_retired_policy_answers_only_for_its_own_days(synced: Command) -> None:
    question = "which code did Old Hill ask for?"
    today = json.loads(synced("search", question, "--json").stdout)
    assert all(c["document"]["id"] != "policies/old-hill.md" for c in today["citations"])
    then = json.loads(synced("search", question, "--as-of", "2012-06-01", "--json").stdout)
    first = then["citations"][0]
    assert first["document"]["id"] == "policies/old-hill.md"
    assert (first["document"]["status"], then["as_of"]) == ("in_force", "2012-06-01")
    every = json.loads(synced("search", question, "--all-versions", "--json").stdout)
    old = [c for c in every["citations"] if c["document"]["id"] == "policies/old-hill.md"]
    assert old[0]["document"]["status"] == "retired"


def test_filters_narrow_before_the_ranking(synced: Command) -> None:
    answer = json.loads(synced("search", "0581T", "--payer", "lakeside", "--json").stdout)
    assert {c["document"]["payer"] for c in answer["citations"]} == {"Lakeside"}
    assert answer["searched"]["documents"] == 1


def test_an_exact_code_comes_first_however_it_is_typed(synced: Command) -> None:
    for typed in ("32994", "cpt 32994", "code:32994 lung"):
        answer = json.loads(synced("search", typed, "--json", "-k", "1").stdout)
        assert "32994" in answer["citations"][0]["text"]


def test_what_the_library_does_not_hold_is_not_found_with_exit_code_4(synced: Command) -> None:
    answer = _ask(synced, "who won the world series in 2025", code=4)
    assert answer["verdict"] == "not_found"
    assert answer["searched"]["documents"] == 6  # the retired one is not searched


def test_the_same_question_gives_the_same_answer_to_the_bit(synced: Command) -> None:
    first, second = (_ask(synced, "is 0581T covered by Lakeside?") for _ in range(2))
    first.pop("seconds"), second.pop("seconds")
    assert first == second


def test_a_removed_file_is_no_longer_cited_and_rollback_brings_it_back(
    codedesk: Command, folder: Path
) -> None:
    assert codedesk("sync", str(folder)).returncode == 0
    (folder / "codes.csv").unlink()
    assert json.loads(codedesk("sync", str(folder), "--json").stdout)["removed"] == [
        "policies/codes.csv"
    ]
    answer = json.loads(codedesk("search", "50593 kidney", "--json").stdout)
    assert all("50593" not in c["text"] for c in answer["citations"])
    assert codedesk("rollback").returncode == 0
    answer = json.loads(codedesk("search", "50593 kidney", "--json").stdout)
    assert "50593" in answer["citations"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", "anything"), 1, "codedesk sync"),
        (("sync", "/no/such/folder"), 1, "does not exist"),
        (("ask",), 2, "question"),
        (("ask", "x", "--as-of", "yesterday-ish"), 2, "2025-03-01"),
        (("ask", "x", "--kind", "novel"), 2, "glossary"),
        (("rollback",), 1, "codedesk sync"),
    ],
)
def test_errors_are_sentences_that_say_what_to_do(
    codedesk: Command, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = codedesk(*arguments)
    assert result.returncode == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_malformed_query_points_at_the_place(synced: Command) -> None:
    result = synced("search", 'payer:Lakeside "never closed')
    assert result.returncode == 2
    line = result.stderr.splitlines()[1]
    at = result.stderr.splitlines()[2].index("^")
    assert line[at] == '"'


def test_asking_imports_nothing_that_only_indexing_or_the_pages_need(
    codedesk: Command, folder: Path
) -> None:
    codedesk("sync", str(folder))
    script = (
        "import sys; sys.argv = ['codedesk', 'ask', 'is 0581T covered?', '--json']\n"
        "from ui.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'transformers', 'streamlit', 'pandas', 'sklearn', 'scipy', 'nncf',\n"
        "         'openvino.tools.ovc', 'openvino_telemetry', 'filelock', 'corpus.reading.read',\n"
        "         'corpus.metadata.stated_dates', 'pypdf', 'pypdfium2', 'docx', 'openpyxl',\n"
        "         'numpy.ma'}\n"
        "heavy = {name for name in heavy if sys.modules.get(name)}\n"
        "print(sorted(heavy), file=sys.stderr)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=120, cwd="/"
    )
    assert json.loads(result.stdout)["verdict"]
    assert result.stderr.strip().endswith("[]")


def test_a_set_becomes_a_run_at_document_level(codedesk: Command, tmp_path: Path) -> None:
    texts = {
        "d1": "Cryoablation freezes a tumor with a probe.",
        "d2": "A lumpectomy removes it with a knife.",
    }
    corpus = [{"id": name, "title": "", "text": text} for name, text in texts.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(line) for line in corpus))
    (tmp_path / "queries.jsonl").write_text('{"id": "q1", "text": "what does \\"a probe freeze"}')
    (tmp_path / "qrels.tsv").write_text("query\tdoc\tgrade\nq1\td1\t1\n")
    result = codedesk("bench", str(tmp_path), "--run", str(tmp_path / "x.run"), "--json")
    assert json.loads(result.stdout)["passages"] == 2
    assert (tmp_path / "x.run").read_text().split()[:4] == ["q1", "Q0", "d1", "1"]
