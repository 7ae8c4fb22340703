"""Every check of trust has a test, and every check that is described has a row in the table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from trust_table import CHECKS

TESTS = Path(__file__).resolve().parent
_MARKED = {
    name.strip(" \"'")
    for path in TESTS.rglob("test_*.py")
    for names in re.findall(r"mark\.trust\(([^)\[]+)\)", path.read_text("utf-8"))
    for name in names.split(",")
}
_DESCRIBED = set(
    re.findall(r"^\| (\w+) \|", (TESTS.parent / "docs" / "trust.md").read_text("utf-8"), re.M)
)


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_trust_has_a_test_and_a_description(check: str) -> None:
    by_hostile_files = {"14", "15"}  # marked by the kind of file
    assert check in _MARKED | by_hostile_files
    assert check in _DESCRIBED
