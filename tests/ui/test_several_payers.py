"""A document of several payers is found and counted under each of them, in every list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.policies.changes import changes
from assistant.policies.date_checks import date_problems
from assistant.policies.freshness import freshness
from assistant.policies.listing import list_code
from assistant.policies.matrix import matrix
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync
from index.versions import today
from ui.desks.ask.filters import payers_of
from ui.desks.search.address import Searched
from ui.desks.search.facets import counts_of, narrowed_listing
from ui.exports.code_rows import listing_rows, matrix_rows
from ui.exports.results import Asking, export
from ui.exports.tables import to_csv
from ui.wording import payer_names

ON = Filters(on=date(2026, 6, 1))
DOCUMENTS = {
    "shared.md": "---\npayer: Alder Health Plan\nother_payers: [Birch Insurance]\nkind: policy\n"
    "number: P-7\neffective: 2024-01-01\n---\n# Ablation\n\n0581T is investigational.\n",
    "alone.md": "---\npayer: Birch Insurance\nkind: policy\nnumber: P-7\neffective: 2024-01-01\n"
    "---\n# Cryoablation\n\n0581T is not covered.\n",
}


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("several")
    home = Home(folder / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, "utf-8")
    sync(home, [("d", folder)], embedder=lambda: embedder, settings=SyncSettings(workers=1))
    yield Desk(home)


def test_facets_count_it_under_each(desk: Desk) -> None:
    counts = desk.facets("0581T", ON, fixed=ON, mode="hybrid").counts["payers"]
    assert counts == {"Alder Health Plan": 1, "Birch Insurance": 2}


@pytest.mark.parametrize(("payer", "found"), [("Alder Health Plan", 1), ("Birch Insurance", 2)])
def test_a_listing_of_a_code_counts_and_leaves_it_under_each(
    desk: Desk, payer: str, found: int
) -> None:
    listing = list_code(desk.library, "0581T", ON)
    searched = Searched(query="0581T", payers=(payer,))
    assert counts_of(listing, searched)["payers"][payer] == found
    assert len(narrowed_listing(listing, searched).documents) == found
    assert len(listing.documents) == 2


def test_the_matrix_quotes_it_for_each(desk: Desk) -> None:
    found = matrix(desk.library, "0581T", ON)
    shown = {row.payer: [one.version.document for one in row.policies] for row in found.rows}
    assert shown["Alder Health Plan"] == ["d/shared.md"]
    assert sorted(shown["Birch Insurance"]) == ["d/alone.md", "d/shared.md"]
    exported = [(row["payer"], row["document"]) for row in matrix_rows(found, generation=1)]
    assert ("Birch Insurance", "d/shared.md") in exported


def test_changes_and_what_is_to_be_looked_at_again_are_told_under_each(desk: Desk) -> None:
    told = {held.payer: held.changes for held in changes(desk.library, today()).payers}
    assert len(told["Alder Health Plan"]) == 1
    assert len(told["Birch Insurance"]) == 2
    stale = freshness(desk.library, date(2026, 6, 1))
    assert {payer: len(held) for payer, held in stale.by_payer.items()} == {
        "Alder Health Plan": 1,
        "Birch Insurance": 2,
    }
    assert len(stale.stale) == 2


def test_two_documents_with_one_number_are_told_of_under_the_payer_they_share(desk: Desk) -> None:
    (said,) = [one for one in date_problems(desk.library) if "P-7" in one]
    assert "both Birch Insurance P-7" in said


def test_lists_name_all_and_each_can_be_chosen(desk: Desk) -> None:
    shared = next(v for v in desk.library.versions.values() if v.document == "d/shared.md")
    assert payer_names(shared.metadata) == "Alder Health Plan, Birch Insurance"
    assert payers_of(desk.library) == ["Alder Health Plan", "Birch Insurance"]


def test_exports_name_the_others_in_a_column(desk: Desk) -> None:
    rows = listing_rows(list_code(desk.library, "0581T", ON), generation=1)
    told = {row["document"]: (row["payer"], row["other_payers"]) for row in rows}
    assert told == {
        "d/shared.md": ("Alder Health Plan", "Birch Insurance"),
        "d/alone.md": ("Birch Insurance", None),
    }
    assert "Alder Health Plan" in to_csv(rows)
    answer = desk.search("0581T", ON, k=2)
    text = export(answer, "csv", asking=Asking("0581T", "", "")).decode("utf-8-sig")
    others = {row["document"]: row["other_payers"] for row in csv.DictReader(io.StringIO(text))}
    assert others == {"d/shared.md": "Birch Insurance", "d/alone.md": ""}
