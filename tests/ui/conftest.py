"""A small library, read by the real model, and a real server with a real browser before it."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

from index.home import Home
from ui.jobs.syncing import run_sync
from ui.state.records import Records
from ui.state.settings import Settings

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for drawn.py beside the tests

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library's files."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "lakeside.md").write_text(POLICY, "utf-8")
    (folder / "hillcrest.md").write_text(RETIRED, "utf-8")
    (folder / "mue.md").write_text(GAP, "utf-8")
    (folder / "zebra<b>x.md").write_text(HOSTILE, "utf-8")
    (folder / "units.pdf").write_bytes(units_pdf())
    (folder / "checklist.docx").write_bytes(checklist_docx())
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
    return folder


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


@pytest.fixture(scope="session")
def read_home(tmp_path_factory: pytest.TempPathFactory, models: Path, documents: Path) -> Path:
    """A home to read from; tests that change one take `home`."""
    return make_home(tmp_path_factory.mktemp("home") / "desk", models, documents)


@pytest.fixture
def home(read_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, already synced."""
    path = tmp_path / "desk"
    # What others asked of the shared home is none of the test's business.
    shutil.copytree(
        read_home, path, symlinks=True, ignore=shutil.ignore_patterns("desk.sqlite3*", "jobs")
    )
    monkeypatch.setenv("CODEDESK_HOME", str(path))
    assert Home(path).current() == 1
    return path


@pytest.fixture
def shared_home(read_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home that tests only look at: its desk is opened once for all of them."""
    monkeypatch.setenv("CODEDESK_HOME", str(read_home))
    Records(read_home).forget_questions()
    return read_home


@pytest.fixture
def empty_home(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing was ever read."""
    path = tmp_path / "empty"
    path.mkdir()
    (path / "models").symlink_to(models, target_is_directory=True)
    monkeypatch.setenv("CODEDESK_HOME", str(path))
    return path


class Server:
    """The pages, served by the real command in a process of its own."""

    def __init__(self, home: Path, *, cwd: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.home = home
        self.address = f"http://127.0.0.1:{port}"
        self.log = cwd / "server.log"
        self._log = self.log.open("wb")
        start = (
            "from ui.state.settings import read_settings; from ui.server.serve import serve; "
            f"serve({port}, read_settings())"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", start],
            cwd=cwd,
            env={**os.environ, "CODEDESK_HOME": str(home)},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def _wait(self) -> None:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):
                    return
            except OSError:
                assert self.process.poll() is None, "the server did not start; see server.log"
                time.sleep(0.1)
        raise AssertionError("the server did not answer within 30 s")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self._log.close()


@pytest.fixture(scope="session")
def server(read_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Served from an empty folder: no option may depend on where the command was started."""
    running = Server(read_home, cwd=tmp_path_factory.mktemp("elsewhere"))
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path, models: Path, documents: Path) -> Iterator[Server]:
    """A server on a home that the test may change and sync: it knows its folder by its path.
    Its one golden question is answered by units.pdf as it is."""
    path = make_home(tmp_path / "own", models, documents)
    golden = {"id": "1", "question": GOLDEN, "kind": "rule", "document": "units.pdf"}
    golden["quote"] = SENTENCE
    (path / "questions.jsonl").write_text(json.dumps(golden) + "\n", "utf-8")
    running = Server(path, cwd=tmp_path)
    yield running
    running.stop()


@pytest.fixture
def empty_server(empty_home: Path, tmp_path: Path) -> Iterator[Server]:
    running = Server(empty_home, cwd=tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser. Where there is none the tests are skipped, but not in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or CHROMIUM
    if not Path(path).exists():
        if os.environ.get("CI"):
            pytest.fail("CI must have a Chromium: install it before the browser tests.")
        pytest.skip("No Chromium on this machine: the browser tests were not run.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open an address in a fresh profile; the page keeps a list of what it requested elsewhere."""
    contexts = []

    def open_page(
        address: str, *, width: int = 1280, height: int = 900, theme: str = "light"
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            permissions=["clipboard-read", "clipboard-write"],
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        own = "/".join(address.split("/")[:3])
        page.elsewhere = []
        page.errors = []
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith((own, own.replace("http", "ws"), "data:", "blob:"))
                else page.elsewhere.append(sent.url)
            ),
        )
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
