"""Documents that speak for several payers."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.metadata.identity.calling import is_called
from corpus.metadata.identity.names import Body
from corpus.reading.read import read_file


def payers(tmp_path: Path, text: str) -> set[str]:
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    return set(read_file(path, document_id="a.txt").metadata.payers)


def test_two_payers_that_share_the_head_are_both_whose_policy_it_is(tmp_path: Path) -> None:
    text = (
        "Northlake Health Plan and Harbor Mutual Insurance Company\n\n"
        "Payment Policy: Bilateral procedures\n\n"
        "Northlake Health Plan and Harbor Mutual Insurance Company pay 150 percent.\n"
        "Aetna's policy was read too.\n"
    )
    both = {"Northlake Health Plan", "Harbor Mutual Insurance Company"}
    assert payers(tmp_path, text) == both


def test_those_to_whom_it_says_that_it_applies_are_and_those_it_mentions_are_not(
    tmp_path: Path,
) -> None:
    text = (
        "Northlake Health Plan\n\nPayment Policy: Bilateral procedures\n\n"
        "This policy applies to Northlake Health Plan, Summit Ridge Health Plan and "
        "UnitedHealthcare.\n\nNorthlake Health Plan pays 150 percent.\n\nHumana does not.\n"
    )
    whose = {"Northlake Health Plan", "Summit Ridge Health Plan", "UnitedHealthcare"}
    assert payers(tmp_path, text) == whose


@pytest.mark.parametrize("name", ["PSHP", "prairie states", "Prairie States Health Plan"])
def test_a_payer_is_asked_for_by_the_names_that_a_library_adds(name: str) -> None:
    own = (Body("Prairie States Health Plan", "payer", printed=("Prairie States", "PSHP")),)
    assert is_called("Prairie States Health Plan", name, own)
    assert not is_called("Northlake Health Plan", name, own)
