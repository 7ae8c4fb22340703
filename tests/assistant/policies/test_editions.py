"""Two files of one policy: the later one counts at once, until a person decides otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.desk import Desk
from assistant.policies.editions import editions
from assistant.policies.listing import list_code
from index.editions.decisions import Decisions
from index.filters import Filters
from index.versions import Status

POLICY = """Acorn Health 7.01.12 Breast cryoablation

Policy Number: 7.01.12
Effective Date: 01/01/{year}

Acorn Health {word} 0581T for small tumors of the breast that ultrasound shows, when surgery is
refused or not possible and the records of imaging and pathology are sent with the request.
"""
OLD, NEW = "policies/acorn-2024.txt", "policies/acorn-2026.txt"
NOW, THEN = date(2026, 6, 1), date(2025, 6, 1)


def two_years(shelf: Any) -> None:
    shelf.write("acorn-2024.txt", POLICY.format(year=2024, word="does not cover"))
    shelf.write("acorn-2026.txt", POLICY.format(year=2026, word="covers"))


def found(library: Any, on: date) -> dict[str, Status]:
    return {one.document: library.terms[one.id].status(on) for one in library.versions.values()}


def test_the_later_of_two_files_counts_for_today_and_the_earlier_one_for_its_own_days(
    shelf: Any,
) -> None:
    two_years(shelf)
    library = shelf.read()
    assert found(library, NOW) == {OLD: Status.RETIRED, NEW: Status.IN_FORCE}
    assert found(library, THEN) == {OLD: Status.IN_FORCE, NEW: Status.FUTURE}
    selected = library.select(Filters(on=NOW)).versions
    assert {library.versions[one].document for one in selected} == {NEW}
    (one,) = editions(library, {})
    assert one.counts and one.decision is None
    assert "Nobody has confirmed it." in one.sentence


def test_a_file_that_comes_later_is_compared_with_those_that_are_there(shelf: Any) -> None:
    shelf.write("acorn-2024.txt", POLICY.format(year=2024, word="does not cover"))
    shelf.sync()
    shelf.write("acorn-2026.txt", POLICY.format(year=2026, word="covers"))
    library = shelf.read()
    assert found(library, NOW) == {OLD: Status.RETIRED, NEW: Status.IN_FORCE}
    shelf.remove("acorn-2026.txt")
    library = shelf.read()
    assert library.pairs() == []
    assert found(library, NOW) == {OLD: Status.IN_FORCE}


def test_a_person_sets_two_files_apart_and_can_take_it_back(shelf: Any, embedder: Any) -> None:
    two_years(shelf)
    shelf.sync()
    decisions = Decisions(shelf.home)
    with Desk(shelf.home, embedder=embedder) as desk:
        assert found(desk.library, NOW)[OLD] is Status.RETIRED
        decisions.decide(OLD, NEW, same=False)
        assert found(desk.library, NOW)[OLD] is Status.IN_FORCE, "an open desk takes it up"
        decisions.undo(NEW, OLD)
        assert found(desk.library, NOW)[OLD] is Status.RETIRED
        decisions.decide(OLD, NEW, same=True)
        (term,) = (desk.library.terms[v.id] for v in desk.library.versions.values()
                   if v.document == OLD)  # fmt: skip
        assert (term.successor, term.agreed) == (NEW, True)


def test_decisions_that_cannot_be_read_decide_nothing_and_every_answer_says_so(shelf: Any) -> None:
    two_years(shelf)
    shelf.sync()
    (shelf.home.path / "editions.json").write_text("not what was written")
    library = shelf.library()
    assert found(library, NOW)[OLD] is Status.RETIRED
    assert any("editions.json cannot be read" in warning for warning in library.warnings)


def test_the_citation_names_the_other_file(shelf: Any, embedder: Any) -> None:
    two_years(shelf)
    shelf.sync()
    with Desk(shelf.home, embedder=embedder) as desk:
        first = desk.ask("Does Acorn Health cover 0581T?", Filters(on=NOW)).citations[0]
    assert first.version.document == NEW
    assert (first.term.predecessor, first.term.agreed) == (OLD, False)


def test_what_says_that_it_is_proposed_or_retired_is_not_in_force(shelf: Any) -> None:
    shelf.write("draft.txt", "DRAFT Medical Policy\n\nEffective Date: 01/01/2020\n\n0581T.\n")
    shelf.write("old.txt", "RETIRED POLICY\n\nEffective Date: 01/01/2021\n\n19105.\n")
    shelf.write("good.txt", "Policy\n\nEffective Date: 01/01/2021\n\n19120.\n")
    library = shelf.read()
    today = found(library, date.today())
    assert today == {
        "policies/draft.txt": Status.PROPOSED,
        "policies/old.txt": Status.RETIRED,
        "policies/good.txt": Status.IN_FORCE,
    }
    selected = library.select(Filters(on=date.today())).versions
    assert [library.versions[one].document for one in selected] == ["policies/good.txt"]
    statuses = Filters(on=date.today(), statuses=(Status.PROPOSED,), include_all=True)
    (draft,) = library.select(statuses).versions
    assert library.versions[draft].document == "policies/draft.txt"


def test_a_person_who_says_when_it_ended_is_believed_before_a_banner(shelf: Any) -> None:
    shelf.write("old.txt", "RETIRED POLICY\n\nEffective Date: 01/01/2021\n\n19105.\n")
    shelf.write("old.txt.meta.toml", "retired = 2023-06-30\n")
    library = shelf.read()
    assert found(library, date(2022, 1, 1)) == {"policies/old.txt": Status.IN_FORCE}
    assert found(library, date(2023, 6, 30)) == {"policies/old.txt": Status.RETIRED}


MANUAL = """# Benefit Manual Chapter 16

## Table of Contents (Rev. 13593; Issued: 01-26-26)

10 - General
20 - Foot care

{filler}

## 10 - General

(Rev. 198, Issued: 11-06-14, Effective: 01-01-15, Implementation: 01-05-15)

No payment is made for personal comfort items.

## 20 - Foot care

(Rev. 13593; Issued: 01-26-26; Effective:02-26-26; Implementation:04-27-26)

Routine foot care is excluded from coverage.
"""


def test_a_section_is_in_force_from_its_own_day_on(shelf: Any, embedder: Any) -> None:
    shelf.write("manual.md", MANUAL.format(filler="The chapter lists exclusions. " * 12))
    shelf.sync()
    asked = {}
    with Desk(shelf.home, embedder=embedder) as desk:
        for on in (date(2020, 1, 1), date(2026, 6, 1)):
            answer = desk.search(
                "payment for personal comfort items and routine foot care", Filters(on=on), k=20
            )
            asked[on.year] = {one.section[-1]: (one.status, one.starts) for one in answer.citations}
    assert "20 - Foot care" not in asked[2020]
    assert asked[2020]["10 - General"] == (Status.IN_FORCE, date(2015, 1, 1))
    assert asked[2026]["20 - Foot care"] == (Status.IN_FORCE, date(2026, 2, 26))


def test_a_listing_leaves_out_what_a_section_says_later(shelf: Any) -> None:
    text = MANUAL.format(filler="The chapter lists exclusions. " * 12)
    shelf.write("manual.md", text.replace("Routine foot care", "Foot care under 11721"))
    library = shelf.read()
    before, after = (list_code(library, "11721", Filters(on=date(y, 6, 1))) for y in (2020, 2026))
    assert (before.passages, before.left_out) == (0, 1)
    assert (after.passages, after.left_out) == (1, 0)
