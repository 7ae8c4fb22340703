"""One payer under many names, and names that cover several."""

from __future__ import annotations

import pytest

from corpus.metadata.identity.calling import is_called


@pytest.mark.parametrize(
    ("payer", "name"),
    [
        ("UnitedHealthcare", "uhc"),
        ("Blue Cross & Blue Shield of Rhode Island", "BCBSRI"),
        ("Blue Cross & Blue Shield of Rhode Island", "BCBS"),
        ("Blue Cross and Blue Shield of Nowhere", "BCBS"),
        ("Medicare", "CMS"),
        ("Ohio Department of Medicaid", "Medicaid"),
        ("MassHealth", "Medicaid"),
        ("Prairie States Health Plan, Inc.", "prairie states health plan"),
        ("", ""),
    ],
)
def test_a_person_means_the_payer(payer, name):
    assert is_called(payer, name)


@pytest.mark.parametrize(
    ("payer", "name"),
    [
        ("Aetna", "Cigna"),
        ("Aetna", "BCBS"),
        ("BCBS", "Blue Cross Blue Shield of Rhode Island"),  # of a state is more exact
        ("CareSource", "Medicaid"),
        ("Aetna", ""),
        ("", "Aetna"),
    ],
)
def test_a_person_means_another_one(payer, name):
    assert not is_called(payer, name)
