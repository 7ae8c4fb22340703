"""A list is asked to its end, whatever stops the process that asks it."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ui.asking import process
from ui.asking.lists import HERE, KEPT, Found, Lists
from ui.asking.rows import Row, read_pasted
from ui.exports.asked_rows import export
from ui.state.records import Records

UNITS = "How many units of 0581T per breast?"


def wait_for(done, *, seconds=60):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to an end"
        time.sleep(0.05)


@pytest.mark.usefixtures("both")
def test_a_list_whose_process_is_killed_goes_on_where_it_was(home: Path):
    lists = Lists(home)
    rows = [Row(f"{UNITS} Case {number}.", None, "") for number in range(60)]
    number = lists.add("me", "Pasted", rows)
    process.start(home, number)
    wait_for(lambda: lists.one(number).done >= 2)
    listed = lists.one(number)
    os.kill(listed.pid, signal.SIGKILL)
    wait_for(lambda: not process.is_running(lists.one(number)))
    before = [row.found for row in lists.rows(number)]
    assert 2 <= sum(found is not None for found in before) < 60
    assert process.may_start(lists.one(number))
    process.start(home, number)
    wait_for(lambda: lists.one(number).is_done)
    after = [row.found for row in lists.rows(number)]
    assert [one for one, was in zip(after, before, strict=True) if was and one != was] == []
    assert {one.verdict for one in after} <= {"answered", "weak"}
    asked = [one.question for one in Records(home).questions() if one.question.startswith(UNITS)]
    assert len(asked) <= 61, "at most the row that was in hand is asked twice"
    wait_for(lambda: not process.is_running(lists.one(number)))
    assert not process.may_start(lists.one(number))


@pytest.mark.usefixtures("both")
def test_a_list_that_a_person_stopped_waits_for_that_person(home: Path):
    lists = Lists(home)
    number = lists.add("me", "Pasted", [Row(UNITS, None, "")] * 3)
    lists.stop(number)
    assert not process.may_start(lists.one(number))
    process.ask_open_rows(home, number)
    assert lists.one(number).done == 0
    lists.go_on(number)
    process.ask_open_rows(home, number)
    assert lists.one(number).is_done


def test_the_beginning_of_a_question_that_is_too_long_is_asked_by_choice(home: Path):
    lists = Lists(home)
    long = f"{UNITS} {'It is urgent. ' * 200}"
    number = lists.add("me", "Pasted", read_pasted(f"{long}\n{UNITS}\t13/45/2025").rows)
    process.ask_open_rows(home, number)
    assert [row.found.verdict for row in lists.rows(number)] == ["problem", "problem"]
    lists.open_cut(number)
    process.ask_open_rows(home, number)
    asked, no_day = lists.rows(number)
    assert asked.found.verdict != "problem" and not asked.found.cut
    assert len(asked.question) <= 2000 and "is no date" in no_day.found.said


@pytest.mark.usefixtures("both")
def test_a_row_names_its_passage_or_what_is_missing(home: Path):
    lists = Lists(home)
    read = read_pasted(f"{UNITS}\nWhat is the MUE of 0581T?\nIs 0581T covered?\t2025-03-01\tNobody")
    number = lists.add("me", "Pasted", read.rows)
    process.ask_open_rows(home, number)
    answered, gap, none = [row.found for row in lists.rows(number)]
    assert answered.verdict == "answered" and answered.page == "page 2" and answered.verified
    assert "whatever the number of tumors" in answered.passage
    assert gap.verdict == "not_found" and "look up the code" in gap.passage
    assert none.verdict == "not_found" and none.passage == "" and "payer Nobody" in none.said


def test_an_export_runs_nothing_in_a_spreadsheet(home: Path):
    lists = Lists(home)
    number = lists.add("me", "Pasted", [Row("=HYPERLINK(1)", None, "@payer")])
    lists.note(number, 1, Found("weak", passage="+1+1", title="-x"))
    rows = lists.rows(number)
    told = export(rows, "csv", address="http://here/").decode("utf-8-sig")
    for risky in ("=HYPERLINK", "@payer", "+1+1", "-x"):
        assert f",'{risky}" in told
    sheet = load_workbook(io.BytesIO(export(rows, "xlsx", address="http://here/"))).active
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n"}


@pytest.mark.usefixtures("both")
def test_lists_are_a_persons_own_and_old_ones_go(home: Path):
    lists = Lists(home)
    for number in range(KEPT + 2):
        lists.add("me", f"List {number}", [Row(UNITS, None, "")])
    lists.add("other", "MRN 00482913", [Row(UNITS, None, "")])
    assert len(lists.of("me")) == KEPT
    assert [one.name for one in lists.of("other")] == ["MRN [medical record number]"]


def test_a_file_is_asked_by_the_command_too(home: Path, tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text(f"question,date of service\n{UNITS},\n{UNITS},nonsense\n", "utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "ui.cli", "ask", "--file", str(path)],
        capture_output=True,
        encoding="utf-8-sig",
        timeout=120,
    )
    assert result.returncode == 3, result.stderr
    answered, problem = csv.DictReader(io.StringIO(result.stdout))
    assert answered["verdict"] == "Answered" and "whatever the number" in answered["passage"]
    assert problem["verdict"] == "Not asked" and "is no date" in problem["what_is_missing"]
    both = [sys.executable, "-m", "ui.cli", "ask", "q", "--file", str(path)]
    assert subprocess.run(both, capture_output=True, timeout=60).returncode == 2


@pytest.mark.usefixtures("both")
def test_a_list_is_taken_on_once_and_another_server_waits_until_it_is_silent(home: Path):
    lists = Lists(home)
    number = lists.add("me", "Pasted", [Row(UNITS, None, "")] * 2)
    listed = lists.one(number)
    with ThreadPoolExecutor(8) as servers:
        taken = list(servers.map(lambda _: Lists(home).claim(listed), range(8)))
    assert taken.count(True) == 1
    lists._rows("UPDATE lists SET server = 'another machine', pid = 7, since = 'then'")
    assert process.is_running(lists.one(number)) and not process.may_start(lists.one(number))
    lists._rows("UPDATE lists SET heard = '2026-11-28T00:00:00+00:00'")
    assert process.may_start(lists.one(number))
    process.start(home, number)
    wait_for(lambda: lists.one(number).is_done)
    assert lists.one(number).server == HERE
