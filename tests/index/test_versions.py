"""When each version of a document is in force."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from corpus.document import Metadata
from index.versions import Status, Version, now, read_seen, terms, today

Command = Callable[..., subprocess.CompletedProcess[str]]


def _version(
    ordinal: int,
    *,
    effective: date | None = None,
    retired: date | None = None,
    seen: date | datetime = date(2026, 1, 1),
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


_FAR_EAST, _FAR_WEST = "<+14>-14", "<-12>12"  # whatever the hour, their days differ


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Moves this process into a time zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows keeps one time zone for all processes")

    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("asks", [_FAR_EAST, "UTC", _FAR_WEST])
@pytest.mark.parametrize("syncs", [_FAR_EAST, "UTC", _FAR_WEST])
def test_a_version_that_was_published_is_in_force_today_wherever_it_is_asked_for(
    syncs: str, asks: str, zone: Callable[[str], None]
) -> None:
    zone(syncs)
    second = _version(2, seen=now())
    zone(asks)
    found = terms([_version(1), second])
    assert found[2].status(today()) is Status.IN_FORCE
    assert found[1].status(today()) is Status.RETIRED
    assert found[1].status(today() - timedelta(days=1)) is Status.UNDATED
    assert second.first_seen == today()


def test_a_day_alone_as_earlier_stores_have_it_is_never_still_to_come(
    zone: Callable[[str], None],
) -> None:
    zone(_FAR_EAST)
    second = _version(2, seen=read_seen(today().isoformat()))
    zone(_FAR_WEST)
    assert terms([_version(1), second])[2].status(today()) is Status.IN_FORCE


def test_the_clock_of_a_machine_that_syncs_may_be_ahead() -> None:
    second = _version(2, seen=now() + timedelta(days=3))
    assert terms([_version(1), second])[2].status(today()) is Status.IN_FORCE


def test_on_another_date_the_days_are_compared(zone: Callable[[str], None]) -> None:
    zone("<-08>8")
    second = _version(2, seen=read_seen("2025-11-29T01:00:00+00:00"))
    found = terms([_version(1), second])
    assert found[2].status(date(2025, 11, 27)) is Status.FUTURE
    assert found[2].status(date(2025, 11, 28)) is Status.IN_FORCE, "17:00 there"
    assert second.first_seen == date(2025, 11, 28)


def test_what_a_sync_saw_is_stored_as_an_instant_and_read_back(tmp_path: Path) -> None:
    at = now()
    assert read_seen(at.isoformat()) == at
    assert at.utcoffset() == timedelta(0) and at.microsecond == 0


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs a time zone for each process")
def test_a_desk_in_the_west_answers_at_once_from_what_was_synced_in_the_east(
    codedesk: Command, write: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    east, west = {"TZ": _FAR_EAST}, {"TZ": _FAR_WEST}
    for dollars in (100, 200):
        text = f"# Oak Plan rule\n\nOak Plan pays 0581T at {dollars} dollars.\n"
        folder = write(tmp_path / "lib" / "oak.md", text).parent
        assert codedesk("sync", str(folder), environment=east).returncode == 0
    asked = codedesk("ask", "How much does Oak Plan pay for 0581T?", environment=west)
    assert "200 dollars" in asked.stdout and "100 dollars" not in asked.stdout
    (folder / "oak.md").unlink()
    assert codedesk("sync", str(folder), environment=east).returncode == 0
    told = codedesk("changes", "--since", "2020-01-01", "--json", environment=west)
    assert '"removed"' in told.stdout, told.stderr
