"""What a served question costs over HTTP: with and without sign-in, in turns; 100 people at once.

`python tests/bench/served.py HOME` needs a synced home; it puts a settings.toml there if none is.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from ui.access.tokens import Person, Tokens

QUESTIONS = ("Does Cigna cover 0581T?", "How many units of 0581T per breast?", "Is 76942 bundled?")
ROUNDS, PEOPLE, EACH = 300, 100, 5
SETTINGS = """[server]
requests_per_minute = 10000000
[sign_in]
issuer = "https://login.example"
client_id = "codedesk"
address = "https://desk.example"
roles = {{ reader = ["{group}"] }}
"""


@contextmanager
def served(home: Path, *arguments: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *arguments, "--port", str(port)],
        env={**os.environ, "CODEDESK_HOME": str(home), "CODEDESK_CLIENT_SECRET": "none"},
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", "/readyz")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(60)


def asked(connection: http.client.HTTPConnection, question: str, token: str = "") -> float:
    """Milliseconds until the whole answer is there."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    started = time.perf_counter()
    connection.request("POST", "/api/v1/ask", json.dumps({"question": question}), headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(str(answer.status))
    return (time.perf_counter() - started) * 1000


def person(port: int, token: str) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    return [asked(connection, QUESTIONS[n % len(QUESTIONS)], token) for n in range(EACH)]


def main(home: Path) -> None:
    group = f"bench-{os.getpid()}"
    settings = home / "settings.toml"
    if settings.exists():
        raise SystemExit(f"{settings} would be replaced. Take a home without one.")
    settings.write_text(SETTINGS.format(group=group), "utf-8")
    tokens = Tokens(home)
    tokens.saw(Person(group, "Bench", (group,)))
    token = tokens.make(group, "bench", days=1)
    try:
        with (
            served(home, "serve", port=8794) as guarded,
            served(home, "ui", port=8795),
        ):
            with_it = http.client.HTTPConnection("127.0.0.1", 8794, timeout=60)
            without = http.client.HTTPConnection("127.0.0.1", 8795, timeout=60)
            pairs = [
                (asked(with_it, question, token), asked(without, question))
                for n in range(ROUNDS)
                for question in (QUESTIONS[n % len(QUESTIONS)],)
            ][20:]
            more = statistics.median(a - b for a, b in pairs)
            print(f"without sign-in, p50: {statistics.median(b for _, b in pairs):.1f} ms")
            print(f"more with sign-in, paired, p50: {more:.2f} ms")
            with ThreadPoolExecutor(PEOPLE) as crowd:
                work = [crowd.submit(person, 8794, token) for _ in range(PEOPLE)]
            errors = sum(one.exception() is not None for one in work)
            took = [ms for one in work if one.exception() is None for ms in one.result()]
            print(f"{PEOPLE} people at once, {EACH} questions each: {errors} with an error")
            if took:
                p95 = statistics.quantiles(took, n=20)[-1]
                print(f"p50 {statistics.median(took):.0f} ms, p95 {p95:.0f} ms")
            print(f"memory of the server: {_memory(guarded.pid):.0f} MB")
    finally:
        settings.unlink()


def _memory(pid: int) -> float:
    told = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(told.split("VmRSS:")[1].split()[0]) / 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]))
