"""A scan takes a second a page: the terminal and the Library page say which one is in hand."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
from drawn import open_app
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.needed import needs_recogniser
from ui.jobs import jobs

pytestmark = needs_recogniser


def _scan(path: Path, *, pages: int) -> None:
    typed = io.BytesIO()
    canvas = Canvas(typed, pagesize=(612, 792))
    canvas.setFont("Times-Roman", 12)
    for at in range(24):
        canvas.drawString(72, 740 - 28 * at, f"Rule {at}: 0581T is paid once for each claim.")
    canvas.save()
    with pypdfium2.PdfDocument(typed.getvalue()) as pdf:
        picture = pdf[0].render(scale=200 / 72, grayscale=True).to_pil()
    canvas = Canvas(str(path), pagesize=(612, 792))
    for _ in range(pages):
        canvas.drawImage(ImageReader(picture), 0, 0, 612, 792)
        canvas.showPage()
    canvas.save()


def _printed(master: int) -> str:
    """All that a terminal was sent, until nobody holds its other end."""
    sent = b""
    while True:
        try:
            piece = os.read(master, 65_536)
        except OSError:  # how Linux says that the other end is closed
            piece = b""
        if not piece:
            return sent.decode("utf-8", "replace")
        sent += piece


def test_the_terminal_says_which_page_of_a_scan_is_being_recognised(empty_home: Path):
    folder = empty_home.parent / "policies"
    folder.mkdir()
    _scan(folder / "letter.pdf", pages=3)
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "sync", str(folder)],
        env={**os.environ, "TERM": "xterm", "COLUMNS": "160"},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    shown = _printed(master)
    os.close(master)
    assert process.wait() == 0
    named = set(re.findall(r"policies/letter\.pdf: recognising page (\d) of 3", shown))
    assert named and named <= {"1", "2", "3"}


def test_the_library_page_says_which_page_of_a_scan_is_being_recognised(home: Path):
    (home / "library").mkdir(exist_ok=True)
    _scan(home / "library" / "letter.pdf", pages=8)
    app = open_app("desks/library/page.py")
    jobs.start(home, "sync")
    shown: list[str] = []
    while (job := jobs.latest(home)) and job.state == "running":
        if "recognising" in job.what:
            app.run()
            shown = [str(bar.proto.text) for bar in app.get("progress")]
            if any("recognising" in text for text in shown):
                break
        time.sleep(0.1)
    [text] = shown
    assert re.search(r"letter\.pdf: recognising page [1-8] of 8", text.replace("\\", "")), text
    jobs.cancel(home, jobs.latest(home).number)
