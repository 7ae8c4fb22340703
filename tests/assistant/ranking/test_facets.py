"""Facets are counted over all passages, and narrow before the best are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.ranking.facets import Facets
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync
from index.versions import Status

MANY = 230  # more than words and meaning each propose
ON = Filters(on=date(2026, 6, 1))
CROWD = "".join(f"\n## Rule {n} on cryoablation\n\nCryoablation {n}.\n" for n in range(MANY))
DOCUMENTS = {
    "crowd.md": f"---\npayer: Crowd\nkind: rule\neffective: 2025-01-01\n---\n# Rules\n{CROWD}",
    "rare.md": "---\npayer: Rare\nkind: guide\neffective: 2011-02-03\n---\n# Parking\n\n"
    "## Where to park\n\nPark behind the hall.\n\n## Gate code\n\nAsk for S2345.\n",
    "undated.md": "# Lunch\n\nLunch is at noon.\n",
    "gone.md": "---\npayer: Rare\nkind: guide\nretired: 2020-01-01\n---\n# Old\n\nOld rule.\n",
}


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("facets")
    home = Home(folder / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, "utf-8")
    sync(home, [("d", folder)], embedder=lambda: embedder, settings=SyncSettings(workers=1))
    yield Desk(home)


def count(desk: Desk, query: str, filters: Filters = ON, *, mode: str = "hybrid") -> Facets:
    return desk.facets(query, filters, fixed=ON, mode=mode)


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ({"years": (2011,)}, {"d/rare.md"}),
        ({"years": (None,)}, {"d/undated.md"}),
        ({"statuses": (Status.UNDATED,)}, {"d/undated.md"}),
        ({"codes": ("S2345",)}, {"d/rare.md"}),
        ({"payers": ("",)}, {"d/undated.md"}),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_a_facet_finds_what_the_best_two_hundred_do_not_hold(desk, narrow, expected, mode):
    best = desk.search("cryoablation rule", ON, k=200, mode=mode)
    assert not expected & {one.version.document for one in best.citations}
    found = desk.search("cryoablation rule", replace(ON, **narrow), k=200, mode=mode)
    assert {one.version.document for one in found.citations} == expected
    counted = count(desk, "cryoablation rule", replace(ON, **narrow), mode=mode)
    assert counted.passages == len(found.citations)


def test_counts_are_of_all_passages_and_a_facet_does_not_narrow_itself(desk):
    counted = count(desk, "cryoablation", replace(ON, payers=("Rare",)))
    payers = counted.counts["payers"]
    assert payers["Crowd"] >= MANY
    assert payers["Rare"] == counted.passages == sum(counted.counts["kinds"].values())
    assert set(counted.counts["kinds"]) == {"guide"}
    assert counted.counts["codes"] == {"S2345": 1}


def test_words_that_must_stand_there_are_counted_where_they_stand(desk):
    assert count(desk, '"behind the hall"').counts["documents"] == {"d/rare.md": 1}
    assert count(desk, "noon", mode="lexical").counts["documents"] == {"d/undated.md": 1}
    assert count(desk, "code:S2345").counts["documents"] == {"d/rare.md": 1}
    assert count(desk, "park payer:Rare").counts["payers"].keys() == {"Rare"}


def test_a_passage_without_the_code_is_no_candidate_for_its_words(desk):
    found = desk.search("park", replace(ON, codes=("S2345",)), k=200, mode="lexical")
    assert all("S2345" in one.codes for one in found.citations)
    assert not desk.search("noon", replace(ON, codes=("S2345",)), mode="lexical").citations
