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
    "## Where to park\n\nPark behind the hall before a cryoablation, as a rule.\n\n## Gate\n\n"
    "The rule on cryoablation of a breast asks for S2345.\n",
    "undated.md": "# Lunch\n\nA rule on cryoablation: lunch is at noon, as a rule.\n",
    "gone.md": "---\npayer: Rare\nkind: guide\nretired: 2020-01-01\n---\n# Old\n\nOld rule.\n",
    "far.md": "# Flowers\n\nWater the tulips twice a week.\n",
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


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
@pytest.mark.parametrize("query", ["zzqx", "cryoablation", "tulips", '"as a rule"', "-tulips"])
def test_what_is_counted_is_what_can_be_reached_page_by_page(desk, query, mode):
    counted = count(desk, query, mode=mode)
    whole = desk.search(query, ON, k=500, mode=mode)
    assert counted.passages == whole.found == len(whole.citations)
    if query == "zzqx":
        assert whole.citations == ()
    pages = [desk.search(query, ON, k=90, skip=skip, mode=mode) for skip in range(0, 360, 90)]
    reached = [one.passage for page in pages for one in page.citations]
    assert reached == [one.passage for one in whole.citations]
    ranks = [one.rank for page in pages for one in page.citations]
    assert ranks == list(range(1, len(reached) + 1))


def test_no_score_is_negative_and_none_is_higher_than_one_before_it(desk):
    scores = [one.score for one in desk.search("cryoablation rule", ON, k=500).citations]
    assert len(scores) >= MANY
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_a_search_finds_nothing_that_has_nothing_to_do_with_it(desk):
    found = desk.search("cryoablation", ON, k=500).citations
    assert "d/far.md" not in {one.version.document for one in found}


def test_a_search_is_sorted_by_day_payer_and_document_over_all_its_pages(desk):
    def documents(order: str) -> list[str]:
        whole = desk.search("cryoablation", ON, k=500, order=order).citations
        return list(dict.fromkeys(one.version.document for one in whole))

    assert documents("newest") == ["d/crowd.md", "d/rare.md", "d/undated.md"]
    assert documents("payer") == ["d/crowd.md", "d/rare.md", "d/undated.md"]
    assert documents("document") == ["d/crowd.md", "d/rare.md", "d/undated.md"]


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
