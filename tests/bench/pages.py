"""From Enter to the drawn answer in a real Chromium, with other sessions open; and the memory.

    python tests/bench/pages.py [--home HOME] [--passages 10000] [--sessions 16] [--questions 100]

Without a home it makes one of the corpus of `corpora/made.py`. Measure on a quiet machine: the load
is printed with the figures.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from corpora.made import make_library, make_questions
from playwright.sync_api import Page, sync_playwright

SEED = 7
WARM_UP = 5
DRAWN = """() => {
  const find = () => [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.part[data-drawn=answer]')).find(Boolean);
  let before = null;
  window.arm = () => { window.drawnAfter = null; before = find()?.about; };
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const from = performance.now();
    const look = () => {
      const root = find();
      if (root && root.about !== before && root.querySelector('.verdict'))
        requestAnimationFrame(() => (window.drawnAfter = performance.now() - from));
      else setTimeout(look, 2);
    };
    look();
  }, true);
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    for name, count in (("passages", 10_000), ("sessions", 16), ("questions", 100)):
        parser.add_argument(f"--{name}", type=int, default=count)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = asked.home or made_home(Path(scratch), asked.passages)
        questions = make_questions(
            asked.questions + WARM_UP + asked.sessions, passages=asked.passages, seed=SEED
        )
        address, server = served(home)
        try:
            figures = measured(address, server.pid, questions, sessions=asked.sessions)
        finally:
            server.terminate()
            server.wait(20)
    print(json.dumps(figures))


def made_home(scratch: Path, passages: int) -> Path:
    make_library(scratch / "library", passages, seed=SEED)
    home = scratch / "home"
    subprocess.run(
        [sys.executable, "-m", "ui.cli", "sync", str(scratch / "library"), "--json"],
        env={**os.environ, "CODEDESK_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return home


def served(home: Path) -> tuple[str, subprocess.Popen[bytes]]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "ui", "--port", str(port)],
        env={**os.environ, "CODEDESK_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    return address, server


def measured(address: str, pid: int, questions: list[str], *, sessions: int) -> dict[str, Any]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        pages = [browser.new_context(bypass_csp=True).new_page() for _ in range(sessions)]
        for page, question in zip(pages, questions, strict=False):
            page.set_default_timeout(60_000)
            page.goto(f"{address}/?q={quote_plus(question)}")
            page.locator(".verdict").first.wait_for()
        asking, before, began = pages[0], memory(pid), processor(pid)
        asking.evaluate(DRAWN)
        took = [after_enter(asking, question) for question in questions[sessions:]]
        browser.close()
    spent = (processor(pid) - began) / len(took)
    took = sorted(took[WARM_UP:])
    return {
        "questions": len(took),
        "sessions": sessions,
        "p50_ms": round(took[len(took) // 2]),
        "p95_ms": round(took[int(len(took) * 0.95)]),
        "server_processor_ms": round(spent, 1),
        "memory_mb": [before, memory(pid)],
        "load": os.getloadavg()[0],
    }


def after_enter(page: Page, question: str) -> float:
    box = page.get_by_label("Your question")
    box.fill(question)
    page.evaluate("window.arm()")
    box.press("Enter")
    page.wait_for_function("window.drawnAfter !== null", polling=20)
    return float(page.evaluate("window.drawnAfter"))


def memory(pid: int) -> int:
    """Megabytes that the process holds in memory."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


def processor(pid: int) -> float:
    """Milliseconds of the processor that the process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
