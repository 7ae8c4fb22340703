"""When each version of a document is in force."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.document import Metadata
from index.versions import Status, Version, terms


def _version(
    ordinal: int,
    *,
    effective: date | None = None,
    retired: date | None = None,
    seen: date = date(2026, 1, 1),
) -> Version:
    metadata = Metadata("Policy", effective=effective, retired=retired)
    return Version(ordinal, "a/p.md", ordinal, "", "md", metadata, seen, "")


FIRST = _version(1, effective=date(2024, 1, 1))
SECOND = _version(2, effective=date(2025, 10, 16))


@pytest.mark.parametrize(
    ("on", "first", "second"),
    [
        (date(2023, 12, 31), Status.FUTURE, Status.FUTURE),
        (date(2024, 1, 1), Status.IN_FORCE, Status.FUTURE),
        (date(2025, 10, 15), Status.IN_FORCE, Status.FUTURE),
        (date(2025, 10, 16), Status.RETIRED, Status.IN_FORCE),
    ],
)
def test_a_later_version_ends_the_one_before_on_its_first_day(
    on: date, first: Status, second: Status
) -> None:
    found = terms([FIRST, SECOND])
    assert (found[1].status(on), found[2].status(on)) == (first, second)
    assert found[1].superseded


def test_a_version_without_dates_is_undated_and_its_successor_begins_when_it_was_seen() -> None:
    found = terms([_version(1), _version(2, seen=date(2026, 5, 1))])
    assert found[1].status(date(2020, 1, 1)) is Status.UNDATED
    assert found[1].status(date(2026, 5, 1)) is Status.RETIRED
    assert found[2].status(date(2026, 4, 30)) is Status.FUTURE
    assert found[2].status(date(2026, 5, 1)) is Status.IN_FORCE


def test_a_retired_document_is_retired_from_its_day_on() -> None:
    found = terms([_version(1, effective=date(2011, 12, 5), retired=date(2013, 1, 21))])
    assert found[1].status(date(2013, 1, 20)) is Status.IN_FORCE
    assert found[1].status(date(2013, 1, 21)) is Status.RETIRED
    assert not found[1].superseded
