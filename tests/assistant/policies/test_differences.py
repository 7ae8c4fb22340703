"""`diff`: passages, codes and dates that differ between two versions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.policies.alignment import word_changes
from assistant.policies.differences import diff
from corpus.errors import CodedeskError
from index.library import Library

OLD = """# Lakeside 77: Cryoablation

## Position

Cryoablation of breast cancer with 0581T is investigational.

## Units

Report 0581T once per breast, whatever the number of tumors.

## Appeals

Write to the appeals office within sixty days."""
NEW = """# Lakeside 77: Cryoablation

## Position

Cryoablation of breast cancer with 0581T is covered with prior authorization.

## Units

Report 0581T once per breast, whatever the number of tumors.

## Probe

Report the probe with C2618 on the facility claim."""


def replaced(shelf: Any, old: str = OLD, new: str = NEW, **dates: str) -> Library:
    shelf.policy("77.md", old, kind="policy", effective="2024-01-01")
    shelf.sync()
    shelf.policy("77.md", new, kind="policy", **({"effective": "2025-03-01"} | dates))
    library: Library = shelf.read()
    return library


def test_passages_are_added_removed_and_changed_word_by_word(shelf: Any) -> None:
    found = diff(replaced(shelf), "77.md")
    assert [part.text for part in found.added] == [
        "Probe",
        "Report the probe with C2618 on the facility claim.",
    ]
    assert [part.text for part in found.removed] == [
        "Appeals",
        "Write to the appeals office within sixty days.",
    ]
    (changed,) = found.changed
    assert changed.after.section[-1] == "Position"
    words = [(piece.what, piece.text.strip()) for piece in changed.words]
    assert words == [
        ("same", "Cryoablation of breast cancer with 0581T is"),
        ("removed", "investigational."),
        ("added", "covered with prior authorization."),
    ]


def test_codes_and_dates_that_differ_are_told(shelf: Any) -> None:
    found = diff(replaced(shelf, retired="2030-01-01"), "77.md")
    assert [code.shown for code in found.codes_added] == ["C2618"]
    assert found.codes_removed == ()
    moved = {one.field: (str(one.before), str(one.after), one.confirmed) for one in found.dates}
    assert moved == {
        "effective": ("2024-01-01", "2025-03-01", True),
        "retired": ("None", "2030-01-01", True),
    }


def test_a_range_that_was_narrowed_counts_as_codes(shelf: Any) -> None:
    old, new = (
        f"# List\n\nCodes {span} are not covered." for span in ("0500T-0599T", "0500T-0579T")
    )
    found = diff(replaced(shelf, old, new), "77.md")
    assert [code.shown for code in found.codes_added] == ["0500T-0579T"]
    assert [code.shown for code in found.codes_removed] == ["0500T-0599T"]


def test_a_paragraph_in_front_does_not_make_the_rest_look_changed(shelf: Any) -> None:
    rest = "\n\n".join(f"Rule {n}: service {n} is paid when form {n} is there." for n in range(80))
    front = "A new first paragraph that pushes everything else down the page."
    library = replaced(shelf, f"# Rules\n\n{rest}", f"# Rules\n\n{front}\n\n{rest}")
    found = diff(library, "77.md")
    assert [part.text for part in found.added] == [front]
    assert not found.removed
    assert not found.changed


def test_a_paragraph_that_only_moved_is_no_change(shelf: Any) -> None:
    one, two = "The first paragraph speaks of units.", "The second one is about the appeals."
    library = replaced(
        shelf, f"# Rules\n\n{one}\n\n{two}\n\nEnd.", f"# Rules\n\n{two}\n\n{one}\n\nEnd."
    )
    found = diff(library, "77.md")
    assert not (found.added or found.removed or found.changed)


def test_versions_are_named_by_their_ordinal_in_either_direction(shelf: Any) -> None:
    library = replaced(shelf)
    back = diff(library, "77.md", 2, 1)
    assert (back.before.ordinal, back.after.ordinal) == (2, 1)
    assert [code.shown for code in back.codes_removed] == ["C2618"]
    assert diff(library, "77.md", 1, 2) == diff(library, "77.md") == diff(library, "77.md", 1)


def test_a_document_with_one_version_says_so_plainly(shelf: Any) -> None:
    shelf.policy("77.md", OLD)
    with pytest.raises(CodedeskError, match="has one version only"):
        diff(shelf.read(), "77.md")


@pytest.mark.parametrize(
    ("from_version", "to_version", "said"),
    [(9, None, "has no version 9"), (1, 1, "with itself"), (None, 1, "is the first"),
     (2, None, "is the latest")],
)  # fmt: skip
def test_versions_that_cannot_be_compared_are_refused(
    shelf: Any, from_version: int | None, to_version: int | None, said: str
) -> None:
    with pytest.raises(CodedeskError, match=said):
        diff(replaced(shelf), "77.md", from_version, to_version)


@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_same_and_added_words_are_the_new_text_and_same_and_removed_the_old(
    before: str, after: str
) -> None:
    pieces = word_changes(before, after)
    assert "".join(p.text for p in pieces if p.what != "removed") == after
    kept = "".join(p.text for p in pieces if p.what != "added")
    assert kept.split() == before.split()
