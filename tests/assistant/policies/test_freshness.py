"""Which documents are marked for a person to look at again."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.policies.freshness import Staleness, freshness

ON = date(2026, 6, 1)


def marked(shelf: Any, **metadata: str) -> dict[str, str]:
    shelf.policy("a.md", "# A\n\n0581T is covered.", **metadata)
    found = freshness(shelf.read(), ON)
    return {stale.version.document: stale.why.value for stale in found.stale}


def test_a_review_within_the_year_is_fresh_whatever_the_other_dates(shelf: Any) -> None:
    assert marked(shelf, effective="2010-01-01", reviewed="2025-06-01") == {}


def test_a_review_older_than_a_year_is_past(shelf: Any) -> None:
    assert marked(shelf, reviewed="2025-05-31") == {"policies/a.md": "past_review"}


def test_a_document_without_a_review_and_with_old_dates_is_silent(shelf: Any) -> None:
    assert marked(shelf, effective="2024-01-01") == {"policies/a.md": "silent"}


def test_a_document_retrieved_within_the_year_is_not_silent(shelf: Any) -> None:
    assert marked(shelf, effective="2024-01-01", retrieved="2026-01-01") == {}


def test_a_document_without_any_date_is_told_apart(shelf: Any) -> None:
    assert marked(shelf) == {"policies/a.md": "undated"}


def test_what_is_retired_is_not_marked(shelf: Any) -> None:
    assert marked(shelf, reviewed="2020-01-01", retired="2021-01-01") == {}


def test_only_the_version_in_force_is_judged_and_the_counts_add_up(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nOld words.", reviewed="2020-01-01", effective="2020-01-01")
    shelf.sync()
    shelf.policy("a.md", "# A\n\nNew words.", reviewed="2026-01-01", effective="2026-01-01")
    shelf.policy("b.md", "# B\n\n0581T.", payer="Beta", reviewed="2020-01-01")
    found = freshness(shelf.read(), ON)
    assert found.documents == 2
    assert found.counts == {"past_review": 1, "silent": 0, "undated": 0}
    assert [stale.why for stale in found.by_payer["Beta"]] == [Staleness.PAST_REVIEW]
    assert found.stale[0].since == date(2020, 1, 1)


def test_a_leap_day_has_a_year_before_it(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nWords.", reviewed="2027-02-28")
    assert freshness(shelf.read(), date(2028, 2, 29)).stale == ()
