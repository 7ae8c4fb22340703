"""What a server that runs for weeks leaves behind: no dead process, nothing in the log."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ui.jobs import jobs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux says who is a zombie"),
]


def test_visitors_and_finished_jobs_leave_nothing_behind(own_server, visit):
    page = visit(own_server.address + "/?q=Does+Lakeside+ask+for+prior+authorization%3F")
    page.locator("article.card").first.wait_for()
    page.goto(own_server.address + "/search?q=zebra+surcharge")
    page.locator("article.card").first.wait_for()
    for number in (1, 2, 3):
        note = own_server.home / "library" / "note.md"
        note.write_text(f"# Note\n\nThe note is note {number}.\n", "utf-8")
        page.goto(own_server.address + "/library")
        page.get_by_role("button", name="Sync now").click()
        wait_for(lambda number=number: state_of_job(own_server.home, number) == "done")
    wait_for(lambda: not children(own_server.process.pid))
    visit(own_server.address + "/library?view=activity").get_by_text("Activity").first.wait_for()
    log = own_server.log.read_text("utf-8")
    assert "Traceback" not in log, log
    assert "chartCategoricalColors" not in log


def state_of_job(home: Path, number: int) -> str:
    job = jobs.read(home, number)
    return job.state if job else ""


def children(pid: int) -> list[str]:
    """The states of a process's children, Z for one that nobody waited for."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it has just ended
        if int(parent) == pid:
            found.append(state)
    return found


def wait_for(ended, *, seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while not ended():
        assert time.monotonic() < end, "it did not come to an end"
        time.sleep(0.1)
