"""Who writes a letter or notice that no head names, and how a name that nobody listed goes on."""

from __future__ import annotations

import pytest

CLOSED = "# Refunds\n\nDear Provider:\n\nSend refunds to PO Box 9.\n\nWe answer within a week.\n\n"


@pytest.mark.parametrize(
    ("closing", "payer"),
    [
        ("Sincerely,\n\nAda Ruiz\n\nRedfern Life Assurance Company\n\nClaims\n", True),
        ("Respectfully,\n\nPatient Accounts, Elder Creek Hospital\n", False),
    ],
)
def test_a_letter_is_of_the_payer_that_signs_it(read, closing, payer):
    found = read("letter.md", CLOSED + closing).metadata.payer
    assert (found == "Redfern Life Assurance Company") is payer


def test_a_letter_on_a_hospitals_paper_is_not_of_the_payer_below_it(read):
    text = f"Elder Creek Hospital\n\n{CLOSED}Sincerely,\n\nRedfern Life Assurance Company\n"
    assert read("letter.md", text).metadata.payer != "Redfern Life Assurance Company"


def test_whom_a_letter_calls_we_writes_it(read):
    text = "# Therapy visits\n\nAt Wren Hill Mutual Health we review the twentieth visit.\n"
    assert read("letter.md", text).metadata.payer == "Wren Hill Mutual Health"


def test_a_hospital_that_says_we_is_no_payer(read):
    text = "# Visits\n\nAt Wren Hill Medical Center we count visits. Our members are many.\n"
    assert read("letter.md", text).metadata.payer is None


NOTICE = "# Sepsis\n\nPlover Gap Health Insurance will review sepsis. {}\n"


def test_a_notice_to_providers_is_of_the_only_payer_that_it_tells_of(read):
    told = NOTICE.format("Contact your network manager.")
    assert read("notice.md", told).metadata.payer == "Plover Gap Health Insurance"


def test_a_note_that_tells_of_a_payer_and_addresses_nobody_is_nobodys(read):
    assert read("note.md", NOTICE.format("Ask Rosa.")).metadata.payer is None


def test_a_notice_that_names_a_hospital_too_is_not_surely_the_payers(read):
    told = NOTICE.format("Elder Creek Hospital asks: contact your network manager.")
    assert read("notice.md", told).metadata.payer is None


@pytest.mark.parametrize(
    "name",
    [
        "Redbird Health Plan of Nebraska",
        "Sage State Health Plan for Public Employees",
        "Wharf Dental Plan",
        "Masons and Builders Employer Health Trust",
        "Ridge Plan of Ohio",
    ],
)
def test_a_name_is_read_to_its_end(read, name):
    text = f"{name}\n\n# Wound care\n\nMedical policy\n\n{name} covers wound care.\n"
    assert read("policy.md", text).metadata.payer == name


def test_the_name_before_a_provider_manual_is_whose_it_is(read):
    text = "Northgap Family Care Provider Manual\n\n# Claims\n\nWe take claims for 180 days.\n"
    assert read("manual.md", text).metadata.payer == "Northgap Family Care"


def test_it_is_the_policy_of_whom_it_says(read):
    text = "Salt Health\n\n# Fields\n\nIt is the policy of Salt Health that the device is paid.\n"
    assert read("policy.md", text).metadata.payer == "Salt Health"


def test_what_a_medicare_contractor_puts_out_is_medicares(read):
    text = "# Reminders\n\nWest Bay Services, A/B MAC Jurisdiction 8\n\nClaims are returned.\n"
    found = read("news.md", text).metadata
    assert (found.payer, found.publisher) == ("Medicare", "West Bay Services")


def test_a_value_of_a_table_names_the_plan(read):
    text = (
        "# Proton beams\n\n| Field | Value |\n|---|---|\n| Plan | Tidal Health Cooperative |\n"
        "| Policy number | ONC-8 |\n\nTidal Health Cooperative covers proton therapy.\n"
    )
    assert read("policy.md", text).metadata.payer == "Tidal Health Cooperative"


def test_every_row_of_a_column_of_lines_of_business_counts(read):
    text = (
        "Mossy Gap Health Plan\n\n# Sleep tests\n\n| Line of business | Effective date |\n"
        "|---|---|\n"
        "| Commercial | 09/01/2026 |\n| Medicaid | 11/01/2026 |\n"
    )
    assert set(read("policy.md", text).metadata.line_of_business) == {"commercial", "Medicaid"}
