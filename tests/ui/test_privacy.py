"""What could identify a patient is found, and billing words are left alone."""

from __future__ import annotations

import pytest

from ui.privacy import identifiers, kinds_of, masked, withheld


@pytest.mark.parametrize(
    ("question", "secret"),
    [
        ("Is 0581T covered for SSN 123-45-6789?", "123-45-6789"),
        ("social security number 123456789 claim", "123456789"),
        ("MRN 00482913 needs 0581T", "00482913"),
        ("mrn: A-48291", "A-48291"),
        ("medical record number is 77120-3", "77120-3"),
        ("patient dob 3/4/1951, Cigna", "3/4/1951"),
        ("born on March 4, 1951", "March 4, 1951"),
        ("date of birth: 1951-03-04", "1951-03-04"),
        ("call her at (555) 123-4567", "(555) 123-4567"),
        ("phone 555-123-4567", "555-123-4567"),
        ("member id W1234567 with Aetna", "W1234567"),
        ("Medicare number 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
        ("claim # 2024-99812 denied", "2024-99812"),
        ("jane.roe@mail.example asked", "jane.roe@mail.example"),
        ("for patient Jane Q. Roe with 0581T", "Jane Q. Roe"),
        ("patient name is jane roe", "jane roe"),
        ("Mrs. Roe had two lesions", "Roe"),
        ("she lives at 12 Maple Street", "12 Maple Street"),
    ],
)
def test_an_identifier_is_masked_in_what_is_kept_and_in_what_is_searched(question, secret):
    assert secret not in masked(question)
    assert secret not in withheld(question)
    assert identifiers(question)


@pytest.mark.parametrize(
    "question",
    [
        "Can we bill the ultrasound 76942 with 0581T?",
        "Does Blue Cross Blue Shield 7.01.92 cover 0581T for date of service 03/01/2025?",
        "NPI 1234567890 on the CMS-1500",
        "0967T-0980T and 19105-RT on 2026-01-01",
        "Patient Selection Criteria for cryoablation",
        "patient Medicare Advantage plan",
        "Is the patient responsible? ABN GA GX",
        "claim form CMS-1450, revenue code 0360",
        "NCT02200705 and DEN220077",
        "account for the number of probes",
        "member of the care team; L34555 and A52991",
        "Medicare number of units",
    ],
)
def test_words_and_codes_of_billing_are_no_identifiers(question):
    assert identifiers(question) == ()
    assert masked(question) == question


def test_it_is_said_what_was_found_but_not_the_thing_itself():
    found = identifiers("patient Jane Roe, DOB 3/4/1951, MRN 123456, jane@x.example")
    assert kinds_of(found) == (
        "a name, a date of birth, a medical record number and an e-mail address"
    )
