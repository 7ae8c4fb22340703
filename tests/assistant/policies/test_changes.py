"""`changes`: what came, changed, went, came into force and ended since a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from assistant.policies.changes import Change, LibraryChanges, What, changes
from index.versions import today

TODAY = today()
LONG_AGO = date(2000, 1, 1)


def of(found: LibraryChanges, what: What) -> list[Change]:
    return [change for held in found.payers for change in held.changes if change.what is what]


def test_a_new_document_is_added_with_the_codes_it_names(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\n0581T and codes 0970T-0971T are covered.", payer="Alpha")
    found = changes(shelf.read(), TODAY)
    (added,) = of(found, What.ADDED)
    assert (added.document, added.payer, added.on) == ("policies/a.md", "Alpha", TODAY)
    assert added.codes == ("0581T", "0970T-0971T")
    assert found.payers[0].codes == ("0581T", "0970T-0971T")


def test_a_replaced_file_is_changed_and_tells_the_codes_that_came_and_went(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\n0581T and 19105 are covered.", payer="Alpha")
    shelf.sync()
    shelf.policy("a.md", "# A\n\n0581T and C2618 are covered.", payer="Alpha")
    (changed,) = of(changes(shelf.read(), TODAY), What.CHANGED)
    assert (changed.codes_added, changed.codes_removed) == (("C2618",), ("19105",))
    assert changed.version == 2


def test_a_removed_document_is_told_with_its_payer_and_codes_though_its_text_is_gone(
    shelf: Any,
) -> None:
    shelf.policy("a.md", "# Secret title\n\n0581T is covered.", payer="Alpha")
    shelf.policy("b.md", "# B\n\n19105 is covered.", payer="Beta")
    shelf.sync()
    shelf.remove("a.md")
    library = shelf.read()
    (removed,) = of(changes(library, TODAY), What.REMOVED)
    assert (removed.document, removed.payer, removed.codes) == (
        "policies/a.md",
        "Alpha",
        ("0581T",),
    )
    assert removed.title is None
    kept = shelf.home.folder(library.generation)
    held = b"".join(path.read_bytes() for path in kept.rglob("*") if path.is_file())
    assert b"Secret title" not in held


def test_removals_are_remembered_by_later_syncs_and_by_a_forced_one(shelf: Any) -> None:
    for name in "abc":
        shelf.policy(f"{name}.md", f"# {name}\n\n0581T is covered, says {name}.")
    shelf.sync()
    for name in "ab":
        shelf.remove(f"{name}.md")
        shelf.sync()
    shelf.sync(force=True)
    removed = of(changes(shelf.library(), TODAY), What.REMOVED)
    assert [change.document for change in removed] == ["policies/a.md", "policies/b.md"]


def test_dates_that_a_person_moved_in_a_sidecar_are_told(shelf: Any) -> None:
    shelf.write("a.md", "# A\n\n0581T is covered.")
    shelf.write("a.md.meta.toml", 'payer = "Alpha"\neffective = 2024-01-01\n')
    shelf.sync()
    shelf.write("a.md.meta.toml", 'payer = "Alpha"\neffective = 2024-01-01\nretired = 2025-06-30\n')
    found = changes(shelf.read(), TODAY)
    (moved,) = of(found, What.DATES)
    assert moved.detail == "retired: none, now 2025-06-30"
    assert (moved.title, moved.payer) == ("A", "Alpha")


def test_what_came_into_force_and_what_ended_counts_on_its_own_day(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\n0581T.", effective="2025-02-01", retired="2025-08-01")
    library = shelf.read()
    found = changes(library, date(2025, 2, 1), date(2025, 12, 31))
    assert [change.on for change in of(found, What.IN_FORCE)] == [date(2025, 2, 1)]
    assert [change.on for change in of(found, What.ENDED)] == [date(2025, 8, 1)]
    assert not changes(library, date(2025, 2, 2), date(2025, 7, 31)).payers


def test_a_future_date_is_no_change_yet(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\n0581T.", effective=(TODAY + timedelta(days=30)).isoformat())
    assert not of(changes(shelf.read(), LONG_AGO), What.IN_FORCE)


def test_nothing_changed_is_an_empty_answer(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\n0581T.")
    assert changes(shelf.read(), TODAY + timedelta(days=1)).payers == ()
