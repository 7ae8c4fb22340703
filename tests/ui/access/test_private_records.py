"""What others wrote down is told without what is hidden from who reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.desk import Desk
from index.audience.rules import change_rules
from index.audience.sight import Sight
from index.home import Home
from index.model.embedder import Embedder
from ui.access.caller import Caller
from ui.access.discretion import WITHHELD, Discretion
from ui.access.roles import Role
from ui.alerts.looking import look, seen_now
from ui.asking.lists import Asked
from ui.asking.process import found_for
from ui.desks.library.trash_view import may_see
from ui.desks.many.desk import seen_rows
from ui.desks.search.address import ADDRESS, Searched
from ui.jobs import evaluations
from ui.jobs.jobs import Job
from ui.state import trash
from ui.state.records import Records
from ui.state.settings import read_settings

pytestmark = pytest.mark.trust(23)
PRIVATE, OPEN = "library/lakeside.md", "library/units.pdf"
QUESTION = "Does Lakeside Health ask for prior authorization?"


@pytest.fixture
def desk(home: Path, embedder: Embedder) -> Desk:
    change_rules(home, lambda rules: rules.with_rule(PRIVATE, ("pricing",)))
    return Desk(Home(home), embedder=embedder)


@pytest.fixture
def of(desk: Desk) -> Callable[..., Discretion]:
    """What may be said to somebody of these groups."""

    def made(*groups: str) -> Discretion:
        return Discretion.of(desk, Caller("a", (Role.ADMIN,), groups, "a"))

    return made


def test_a_job_names_what_its_reader_may_see_and_counts_that(of: Callable[..., Discretion]) -> None:
    job = Job(
        1,
        "sync",
        "running",
        1,
        "2026-01-01",
        what=PRIVATE,
        report={
            "added": [PRIVATE, OPEN, "library/new-and-unknown.md"],
            "failed": [
                {"path": PRIVATE, "reason": "x"},
                {"path": OPEN, "reason": f"see {PRIVATE}"},
            ],
            "moved": [{"path": OPEN, "from": PRIVATE}],
            "warnings": {OPEN: ["torn"], PRIVATE: ["torn"]},
            "documents": 6,
            "passages": 99,
            "unchanged": 5,
            "embedded": 7,
            "gate": {"changed": [{"question": "q", "before": f"first {PRIVATE}", "after": "b"}]},
        },
    )
    told = of("legal").job(job)
    assert told is not None and told.what == ""
    assert PRIVATE not in json.dumps([told.report, told.problem])
    assert told.report["added"] == [OPEN] and told.report["moved"] == []
    assert told.report["failed"] == [{"path": OPEN, "reason": WITHHELD}]
    assert told.report["documents"] == 5 and told.report["unchanged"] == 0
    own = of("pricing").job(job)
    assert own is not None and own.what == PRIVATE
    assert own.report["added"] == [PRIVATE, OPEN], "what nobody knows yet waits"
    log = f"2026 read 1 of 2: {PRIVATE}\n2026 read 2 of 2: {OPEN}\n2026 not read: {PRIVATE}: torn\n"
    assert of("legal").log(log) == f"2026 read 2 of 2: {OPEN}"


def test_golden_questions_are_asked_of_what_everybody_sees_and_not_told_once_that_is_private(
    desk: Desk, home: Path, of: Callable[..., Discretion]
) -> None:
    asked = [
        {
            "id": "a",
            "question": QUESTION,
            "kind": "policy",
            "document": PRIVATE,
            "quote": "Lakeside",
        },
        {
            "id": "b",
            "question": "How many units of 0581T per breast?",
            "kind": "rule",
            "document": OPEN,
            "quote": "Bill 0581T once per breast",
        },
    ]
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    (home / "questions.jsonl").write_text(lines, "utf-8")
    kept = evaluations.run(read_settings(), progress=lambda *told: None)
    assert list(kept["outcomes"]) == ["How many units of 0581T per breast?"]
    assert "lakeside" not in json.dumps(kept)
    assert of("legal").evaluation(kept) == kept
    change_rules(home, lambda rules: rules.with_rule(OPEN, ("pricing",)))
    assert of("legal").evaluation(kept) is None
    assert of("pricing").evaluation(kept) == kept


def test_a_question_and_a_thumb_are_heard_by_who_sees_what_was_seen(
    home: Path, of: Callable[..., Discretion]
) -> None:
    records = Records(home)
    for discretion, question in ((of("pricing"), "contract rate?"), (of(), "open rate?")):
        records.add_question(
            question,
            verdict="not_found",
            generation=1,
            as_of="2026-01-01",
            filters=discretion.marked({"payer": ["X"]}),
            seconds=0.1,
        )
    records.rate("bad?", document=PRIVATE, good=False, reason=None, generation=1)

    def lacking(*groups: str) -> set[str]:
        return {one.question for one in records.lacking(of(*groups).heard)}

    assert lacking("legal") == lacking() == {"open rate?"}
    assert lacking("pricing", "legal") == {"open rate?", "contract rate?", "bad?"}
    asked = [one.question for one in records.questions(of("legal").heard)]
    assert asked == ["open rate?"]


def test_a_saved_search_finds_what_its_owner_sees_and_is_shown_to_nobody_who_sees_less(
    desk: Desk, home: Path, of: Callable[..., Discretion]
) -> None:
    records, searched = Records(home), Searched(query="prior authorization", mode="lexical")
    mine = of("pricing", "legal")
    seen, since = seen_now(desk.seen_by(mine.caller.sight), searched)
    address = mine.marked(ADDRESS.write(searched))
    records.save("rates", address=address, generation=1, seen=seen, since=since)
    (saved,) = records.saved()
    assert not of("legal").heard(saved.seen_by) and of("pricing").heard(saved.seen_by)
    assert set(look(desk, saved).news.marks) == set(seen)
    bare, _ = seen_now(desk.seen_by(Sight()), searched)
    assert len(bare) < len(seen)


def test_an_answer_in_a_list_is_gone_for_who_does_not_see_its_document_any_more(
    desk: Desk, home: Path, of: Callable[..., Discretion]
) -> None:
    row = Asked(1, QUESTION, date(2026, 1, 1), "", None)
    mine = of("pricing")
    found = found_for(desk.seen_by(mine.caller.sight), None, row, mark=mine.mark)
    assert found.document == PRIVATE
    done = Asked(1, QUESTION, date(2026, 1, 1), "", found)
    assert seen_rows(mine, [done]) == [done]
    (left,) = seen_rows(of("legal"), [done])
    assert left.found is not None and not left.found.document
    assert "Lakeside" not in left.found.passage + left.found.said


def test_what_was_thrown_away_belongs_to_whom_it_says_itself(
    home: Path, of: Callable[..., Discretion]
) -> None:
    path = home / "library" / "memo.md"
    path.write_text("---\ngroups: [legal]\n---\n# Memo\n\nText.\n", "utf-8")
    trash.throw(home, path, action=trash.DELETED)
    trash.throw(home, home / "library" / "lakeside.md", action=trash.DELETED)
    held = trash.thrown(home)

    def names(*groups: str) -> set[Any]:
        return {one.name for one in held if may_see(of(*groups), one, "library")}

    assert names() == set()
    assert names("legal") == {"memo.md"} and names("pricing") == {"lakeside.md"}
