"""How soon the page shows an answer: from Enter to the drawn card, in a real Chromium.

    python tests/bench/pages.py [--passages N] [--questions N] [--home DIR] [--json FILE]

The library is made from a seed and served by `codedesk ui`. Every question is another one, so that
nothing is answered from a memory. `--home` keeps the index, or takes one that was kept.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import product
from corpora import make_library, make_questions
from environments import default_folder
from machine import describe
from measure import percentile
from processes import codedesk_command

WARM = 5  # questions before the clock counts
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Every answer is drawn from new nodes: another verdict node is another answer.
WATCH = """() => {
  const verdict = () => [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot && node.shadowRoot.querySelector('.verdict'))
    .find(Boolean);
  const before = verdict();
  window.drawnAfter = null;
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const from = performance.now();
    const look = () => {
      const now = verdict();
      if (now && now !== before) window.drawnAfter = performance.now() - from;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, {capture: true, once: true});
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    machine = describe()
    with tempfile.TemporaryDirectory(prefix="codedesk-pages-", dir=options.scratch) as scratch:
        home = options.home or Path(scratch) / "home"
        if not (home / "CURRENT").exists():
            _make(home, Path(scratch) / "library", options.passages, seed=options.seed)
        questions = make_questions(
            options.questions + WARM, passages=options.passages, seed=options.seed
        )
        with served(home) as address:
            figures = measured(address, questions)
    document = {"machine": machine, "passages": options.passages, **figures}
    if options.json is not None:
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(document, indent=2))
    return 0


def measured(address: str, questions: Sequence[str]) -> dict[str, object]:
    """Milliseconds from opening the page to its box, and from Enter to the answer."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        started = time.perf_counter()
        page.goto(address)
        page.get_by_label("Your question").wait_for()
        opened = (time.perf_counter() - started) * 1000
        taken = [_asked(page, question) for question in questions]
        browser.close()
    counted = taken[WARM:]
    return {
        "questions": len(counted),
        "page_opened_ms": round(opened),
        "first_answer_ms": round(taken[0]),
        "enter_to_answer_p50_ms": round(percentile(counted, 50)),
        "enter_to_answer_p95_ms": round(percentile(counted, 95)),
    }


def _asked(page: Any, question: str) -> float:
    """Type a question, press Enter, wait for another answer than the one shown; milliseconds."""
    box = page.get_by_label("Your question")
    box.fill(question)
    page.evaluate(WATCH)
    box.press("Enter")
    page.wait_for_function("window.drawnAfter !== null")
    page.wait_for_timeout(150)  # a person reads; what the page still does is not the next answer's
    return float(page.evaluate("window.drawnAfter"))


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The pages of this home at an address of this machine, until the block ends."""
    command = codedesk_command()
    assert command is not None, "no `codedesk` command in this environment"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [str(command), "ui", "--port", str(port)],
        env={**os.environ, "CODEDESK_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _make(home: Path, library: Path, passages: int, *, seed: int) -> None:
    make_library(library, passages, seed=seed)
    prepared = product.prepared_home(home, models_from=default_folder() / "codedesk-home")
    print(json.dumps(product.sync(prepared, library)), file=sys.stderr)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--seed", type=int, default=581)
    parser.add_argument("--home", type=Path, metavar="DIR")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where the library is written")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
