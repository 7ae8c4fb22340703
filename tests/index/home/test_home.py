"""Generations on disk: which count, which are removed, and which numbers are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.care.doctor import examine
from index.errors import IndexProblem
from index.home import Home
from index.home.generations import discard


@pytest.fixture
def three(home: Path) -> Home:
    """A home with three generations, of which the third answers."""
    made = Home(home)
    made.make()
    for number in (1, 2, 3):
        made.folder(number).mkdir()
        (made.folder(number) / "manifest.json").write_text("{}")
    made.point_to(3)
    return made


def _hold(monkeypatch: pytest.MonkeyPatch, *held: Path) -> None:
    """Nothing may rename these, as on Windows while a desk has their files open."""
    rename = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if self in held:
            raise PermissionError(13, "in use", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", replace)


def test_a_generation_that_a_desk_holds_open_is_marked_and_removed_by_a_later_sweep(
    three: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hold(monkeypatch, three.folder(1))
    assert three.prune(keep=1) == [1, 2]
    assert three.kept() == [3]
    assert (three.folder(1) / "manifest.json").is_file(), "the desk goes on reading all of it"
    assert three.sweep() == [], "it is held still"
    told = " ".join(f"{finding.text} {finding.remedy}" for finding in examine(three))
    assert "unwanted" not in told and "000001" not in told
    monkeypatch.undo()
    assert three.sweep() == ["000001"]
    assert [entry.name for entry in three.generations.iterdir()] == ["000003"]
    assert three.prune(keep=1) == []


def test_a_generation_that_is_held_open_can_be_discarded(
    three: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.point_to(2)
    _hold(monkeypatch, three.folder(3))
    discard(three, 3)
    assert three.kept() == [1, 2]
    assert three.next_number() == 4


def test_the_number_of_a_discarded_generation_is_not_given_again(three: Home) -> None:
    """What was noted of it, the answers to the golden questions for one, is filed by its number."""
    three.point_to(2)
    discard(three, 3)
    assert three.kept() == [1, 2]
    assert three.next_number() == 4
    three.folder(4).mkdir()
    three.point_to(4)
    three.sweep()
    assert three.next_number() == 5
    assert sorted(entry.name for entry in three.generations.iterdir()) == [
        "000001",
        "000002",
        "000004",
    ]


def test_what_has_no_number_of_a_generation_is_none(three: Home) -> None:
    for name in ("٠٠٠٠٠٧", "000007.tmp", "000008.old", "12345"):
        (three.generations / name).mkdir()
    assert three.kept() == [1, 2, 3]


def test_a_pointer_in_other_digits_than_ours_is_damaged(three: Home) -> None:
    (three.path / "CURRENT").write_bytes("٠٠٠٠٠٣\n".encode())
    with pytest.raises(IndexProblem):
        three.current()
