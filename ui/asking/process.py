"""Asks the rows of a list that have no verdict yet: `python -m ui.asking.process HOME LIST GROUPS`.

A process of its own, at low priority: the pages' own questions go before it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from msgspec.structs import replace

from assistant.answer import Answer, Verdict
from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.audience.sight import EVERYTHING, Sight
from index.filters import Filters
from index.home import Home
from index.versions import today
from ui.asking.lists import HERE, Asked, Found, Listed, Lists
from ui.jobs import running
from ui.server.embedding import asking
from ui.server.opening import opener
from ui.state.question_log import SEEN_BY
from ui.state.records import Records
from ui.state.settings import read_settings
from ui.wording import page_name, plain, reference, section_name, source_of, term_sentence

_SILENT = timedelta(minutes=2)  # a row takes less, the start of a process too
_STARTS = 3  # by itself; after that a person decides


def start(home: Path, number: int, sight: Sight = EVERYTHING) -> None:
    """Start asking a list in a process of its own, by what its person may see, unless another one
    was quicker. It goes on where it was left."""
    with closing(Lists(home)) as lists:
        listed = lists.one(number)
        if listed is None or is_running(listed) or not lists.claim(listed):
            return
    root = str(Path(__file__).absolute().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    child = subprocess.Popen(
        [sys.executable, "-m", "ui.asking.process", str(home), str(number), _as_text(sight)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env={**os.environ, "CODEDESK_HOME": str(home), "PYTHONPATH": path},
        start_new_session=True,
    )
    # Reap the process when it ends: nobody else may look, and it would stay as a zombie.
    threading.Thread(target=child.wait, name=f"list-{number}", daemon=True).start()
    with closing(Lists(home)) as lists:
        lists.started(number, pid=child.pid, since=running.started(child.pid))


def is_running(listed: Listed) -> bool:
    """Whether it is being asked. Of another machine's process it is known when it last wrote
    something down; so it is of one that was just started here."""
    if listed.server in ("", HERE) and listed.pid:
        return running.is_running(listed.pid, listed.since)
    return bool(listed.heard) and datetime.now(UTC) - datetime.fromisoformat(listed.heard) < _SILENT


def may_start(listed: Listed) -> bool:
    """Whether it goes on by itself: its process ended early, and nobody stopped it."""
    return not (listed.is_done or listed.stopped or listed.starts >= _STARTS or is_running(listed))


def _as_text(sight: Sight) -> str:
    return "*" if sight.everything else json.dumps(sorted(sight.groups))


def _as_sight(text: str) -> Sight:
    return EVERYTHING if text == "*" else Sight(frozenset(json.loads(text)))


def ask_open_rows(home: Path, number: int, sight: Sight = EVERYTHING) -> None:
    """Ask each row that has no verdict, and write it down. Ends when the list was stopped."""
    settings = read_settings()
    lists, records = Lists(home), Records(home)
    with Desk(Home(home), embedder=asking(settings), opener=opener(settings)) as whole:
        desk = whole.seen_by(sight)
        for row in lists.rows(number, open_only=True):
            listed = lists.one(number)
            if listed is None or listed.stopped:
                break
            mark = whole.audiences().mark(sight)
            lists.note(number, row.row, found_for(desk, records, row, mark=mark))
    lists.close()
    records.close()


def found_for(desk: Desk, records: Records | None, row: Asked, *, mark: str = "") -> Found:
    """The verdict on a row, with the passage that is shown first. A row that cannot be asked says
    why, and does not stop the others."""
    filters = Filters(on=row.on or today(), payers=(row.payer,) if row.payer else ())
    try:
        answer = desk.ask(row.question, filters, k=1)
    except CodedeskError as error:
        return Found("problem", said=str(error), seen_by=mark)
    if records is not None:
        records.add_question(
            answer.question,
            verdict=answer.verdict.value,
            generation=answer.generation,
            as_of=answer.as_of.isoformat(),
            filters={**answer.searched.filters, **({SEEN_BY: mark} if mark else {})},
            seconds=answer.seconds,
        )
    return replace(_found(answer, row), seen_by=mark)


def _found(answer: Answer, row: Asked) -> Found:
    address = {"q": row.question, "on": answer.as_of.isoformat()}
    if row.payer:
        address["payer"] = row.payer
    found = Found(
        answer.verdict.value,
        said=" ".join(plain(sentence) for sentence in answer.missing),
        as_of=answer.as_of.isoformat(),
        generation=answer.generation,
        address=f"?{urlencode(address)}",
    )
    on_gap = bool(answer.citations) and answer.citations[0].version.metadata.kind == "gap"
    if not answer.citations or (answer.verdict is Verdict.NOT_FOUND and not on_gap):
        return found
    one = answer.citations[0]
    return replace(
        found,
        passage=plain(one.text),
        title=plain(one.version.metadata.title),
        document=plain(one.version.document),
        section=section_name(one.section),
        page=page_name(one.page, one.page_label),
        dates=term_sentence(one),
        source_url=source_of(one.version),
        reference=reference(one),
        verified=one.verified,
    )


def main() -> int:
    with suppress(OSError, AttributeError):  # AttributeError: not on Windows
        os.nice(10)
    ask_open_rows(Path(sys.argv[1]), int(sys.argv[2]), _as_sight(sys.argv[3]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
