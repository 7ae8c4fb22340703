"""Asks one home's index all the time until told to stop, and says what it heard.

Commands come as lines of JSON: {"home": PATH} to begin, {"stop": true} to end and report.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import defaultdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scene import QUESTIONS, replies, reply

from assistant.desk import Desk
from index.home import Home


def main() -> None:
    lines: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    while True:
        _say(_ask_until_told(Path(lines.get()["home"]), lines))


def _read(lines: SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        lines.put(json.loads(line))


def _ask_until_told(home: Path, lines: SimpleQueue[dict[str, Any]]) -> dict[str, Any]:
    heard: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    errors: list[str] = []
    desk = Desk(Home(home))
    reply(desk, QUESTIONS[0])
    _say({"ready": True})
    asked = 0
    while True:
        question = QUESTIONS[asked % len(QUESTIONS)]
        try:
            generation, told = reply(desk, question)
            heard[str(generation)][question].add(told)
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        asked += 1
        try:
            lines.get(timeout=0.05)
            break
        except Empty:
            continue
    fresh: dict[str, tuple[int, str]] = {}
    warnings: tuple[str, ...] = ()
    try:
        opened = Desk(Home(home))
        fresh, warnings = replies(opened), opened.serving()[1]
    except Exception as error:
        errors.append(f"opened anew: {type(error).__name__}: {error}")
    return {
        "heard": {n: {q: sorted(told) for q, told in by.items()} for n, by in heard.items()},
        "fresh": fresh,
        "warnings": warnings,
        "errors": errors,
        "asked": asked,
    }


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


main()
