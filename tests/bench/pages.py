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
PAUSE = 150  # ms: a person reads; what the page still does is not the next answer's
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
        with browser_page() as page:
            port = _free_port()
            figures = {"new_browser": _from_start(page, home, port, questions[0])}
            figures |= {"known_browser": _from_start(page, home, port, questions[0])}
            with served(home, port) as address:
                figures |= asked_in_turn(page, address, questions)
    document = {"machine": machine, "passages": options.passages, **figures}
    if options.json is not None:
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(document, indent=2))
    return 0


@contextmanager
def browser_page() -> Iterator[Any]:
    """A page of a browser that is open already, as a person's is."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def _from_start(page: Any, home: Path, port: int, question: str) -> dict[str, object]:
    """Milliseconds from the start of the server until it listens, until its page shows its box, and
    until the first answer is drawn. The browser is open already; one that has shown the page
    before keeps its scripts, as a person's does every day but the first."""
    started = time.perf_counter()
    with served(home, port) as address:
        listening = time.perf_counter()
        _open(page, address)
        opened = time.perf_counter()
        _asked(page, question)
        answered = time.perf_counter() - PAUSE / 1000
    times = {"listening_ms": listening, "page_opened_ms": opened, "first_answer_ms": answered}
    return {name: round((at - started) * 1000) for name, at in times.items()}


def asked_in_turn(page: Any, address: str, questions: Sequence[str]) -> dict[str, object]:
    """Milliseconds from Enter to an answer, the first WARM questions left out."""
    _open(page, address)
    counted = [_asked(page, question) for question in questions][WARM:]
    return {
        "questions": len(counted),
        "enter_to_answer_p50_ms": round(percentile(counted, 50)),
        "enter_to_answer_p95_ms": round(percentile(counted, 95)),
    }


def _open(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_label("Your question").wait_for()


def _asked(page: Any, question: str) -> float:
    """Type a question, press Enter, wait for another answer than the one shown; milliseconds."""
    box = page.get_by_label("Your question")
    box.fill(question)
    page.evaluate(WATCH)
    box.press("Enter")
    page.wait_for_function("window.drawnAfter !== null")
    page.wait_for_timeout(PAUSE)
    return float(page.evaluate("window.drawnAfter"))


@contextmanager
def served(home: Path, port: int) -> Iterator[str]:
    """The pages of this home at an address of this machine, until the block ends."""
    command = codedesk_command()
    assert command is not None, "no `codedesk` command in this environment"
    server = subprocess.Popen(
        [str(command), "ui", "--port", str(port)],
        env=product.Home(home).variables(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(3000):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


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
