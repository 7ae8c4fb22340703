"""One payer under many names, and names that cover several."""

from __future__ import annotations

import pytest

from corpus.metadata.identity.calling import is_called, short_names


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


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Larch Health Plan, Inc.", ("Larch",)),
        ("Birchmont Mutual Insurance Company", ("Birchmont",)),
        ("Silver Birch Community Care", ("Silver Birch",)),
        ("Larch State Medicaid", ("Larch State", "Larch Medicaid")),
        ("Larch Foundation Health Plan of the Lakes", ("Larch Foundation",)),
        ("Oregon Health Plan", ()),
        ("Community Health Choice", ()),
        ("Blue Cross and Blue Shield of the Lakes", ()),
        ("Larch", ()),
    ],
)
def test_people_leave_out_the_words_that_many_names_end_in(
    name: str, short: tuple[str, ...]
) -> None:
    assert short_names(name) == short
    assert all(is_called(name, one) for one in short)
