"""Driver: how soon the page shows an answer, in a real Chromium that is open already.

From the start of the server to the first answer, and from Enter to the drawn card. Every question
is another one, so that nothing is answered from a memory.
"""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from drivers.job import Figures, Job, main, spread
from measuring.processes import codedesk_command

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


def measure(job: Job) -> Figures:
    """Serve `home` with `codedesk ui` and ask `questions`."""
    questions, port = job["questions"], _free_port()
    with browser_page() as page:
        new = from_start(page, port, questions[0])
        known = from_start(page, port, questions[0])
        with served(port) as address:
            in_turn = asked_in_turn(page, address, questions)
    return {"new_browser": new, "known_browser": known, "in_turn": in_turn}


@contextmanager
def browser_page() -> Iterator[Any]:
    """A page of a browser that is open already, as a person's is."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def from_start(page: Any, port: int, question: str) -> Figures:
    """Milliseconds from the start of the server until it listens, until its page shows its box, and
    until the first answer is drawn. The browser is open already; one that has shown the page
    before keeps its scripts, as a person's does every day but the first."""
    started = time.perf_counter()
    with served(port) as address:
        listening = time.perf_counter()
        _open(page, address)
        opened = time.perf_counter()
        _asked(page, question)
        answered = time.perf_counter() - PAUSE / 1000
    times = {"listening_ms": listening, "page_opened_ms": opened, "first_answer_ms": answered}
    return {name: round((at - started) * 1000) for name, at in times.items()}


def asked_in_turn(page: Any, address: str, questions: Sequence[str]) -> Figures:
    """Milliseconds from Enter to an answer, the first WARM questions left out."""
    _open(page, address)
    counted = [_asked(page, question) for question in questions][WARM:]
    return {"questions": len(counted)} | spread(counted)


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
def served(port: int) -> Iterator[str]:
    """The pages of `$CODEDESK_HOME` at an address of this machine, until the block ends."""
    command = codedesk_command()
    assert command is not None, "no `codedesk` command in this environment"
    server = subprocess.Popen(
        [str(command), "ui", "--port", str(port)],
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


if __name__ == "__main__":
    main(measure)
