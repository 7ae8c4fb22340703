"""Dates that cannot all be true."""

from __future__ import annotations

from typing import Any

from assistant.policies.date_checks import date_problems


def test_dates_that_agree_are_no_problem(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nEffective Date: January 1, 2024\n\nWords.", effective="2024-01-01")
    shelf.sync()
    shelf.policy("a.md", "# A\n\nEffective Date: June 1, 2025\n\nOther.", effective="2025-06-01")
    assert date_problems(shelf.read()) == []


def test_effective_after_retired(shelf: Any) -> None:
    body = "# A\n\nRetired: January 1, 2024\n\nWords."
    shelf.policy("a.md", body, effective="2025-01-01")
    (problem,) = date_problems(shelf.read())
    assert problem.startswith("policies/a.md is effective from 2025-01-01, after it is retired")


def test_two_versions_with_one_effective_date(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nOld words.", effective="2025-01-01")
    shelf.sync()
    shelf.policy("a.md", "# A\n\nNew words.", effective="2025-01-01")
    (problem,) = date_problems(shelf.read())
    assert "version 2 has the same effective date as version 1, 2025-01-01" in problem


def test_a_later_version_that_is_effective_earlier(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nOld words.", effective="2025-01-01")
    shelf.sync()
    shelf.policy("a.md", "# A\n\nNew words.", effective="2024-01-01")
    (problem,) = date_problems(shelf.read())
    assert "version 2 is effective from 2024-01-01, before version 1" in problem


def test_a_date_in_the_text_that_contradicts_the_one_a_person_gave(shelf: Any) -> None:
    body = "# A\n\nEffective Date: October 16, 2025\n\nWords."
    shelf.policy("a.md", body, effective="2025-10-15")
    (problem,) = date_problems(shelf.read())
    assert "is given as effective 2025-10-15, but its text says 2025-10-16" in problem
    assert "“Effective Date: October 16, 2025”" in problem


def test_a_review_that_a_person_knows_of_may_be_later_than_the_text_tells(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nLast review: July 2018\n\nWords.", reviewed="2026-01-01")
    assert date_problems(shelf.read()) == []


def test_two_documents_of_one_payer_with_one_number_in_force_at_once(shelf: Any) -> None:
    about = {"payer": "Lakeside", "number": '"77"'}
    shelf.policy("a.md", "# A\n\nWords.", effective="2024-01-01", **about)
    shelf.policy("b.md", "# B\n\nOther words.", effective="2025-01-01", **about)
    (problem,) = date_problems(shelf.read())
    assert "are both Lakeside 77 and both in force from 2025-01-01" in problem


def test_one_number_after_another_or_of_another_payer_is_no_problem(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nOne.", effective="2024-01-01", retired="2025-01-01",
                 payer="Lakeside", number='"77"')  # fmt: skip
    for name, payer in (("b.md", "Lakeside"), ("c.md", "Hillcrest")):
        shelf.policy(name, f"# {name}\n\nTwo.", effective="2025-01-01", payer=payer, number='"77"')
    assert date_problems(shelf.read()) == []
