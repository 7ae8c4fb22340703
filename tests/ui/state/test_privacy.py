"""What could identify a patient is found, and billing words are left alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from steps import Counted

from ui.state import privacy
from ui.state.error_log import note
from ui.state.privacy import identifiers, kinds_of, masked, without_patient
from ui.state.records import Records


@pytest.mark.trust(22)
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
    assert secret not in without_patient(question).text
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
        "section 10.2.1.1 of chapter 4, https://www.cms.gov/medicare/policy-0581T.html",
        "a patient 65 years old, discharge planning, admission date of service",
        "certificate of medical necessity CMS-484 and DEA rules, device code C2618",
        "study NCT02200705, group 0581T with 19105, place of service 22",
        "one encounter 0581T",
        "one encounter 19105 and 76942",
        "encounter 0581T-RT, chart 2025",
        "device number C2618",
        "case number 0581T",
    ],
)
def test_words_and_codes_of_billing_are_no_identifiers(question):
    assert identifiers(question) == ()
    assert masked(question) == question


@pytest.mark.trust(22)
@pytest.mark.parametrize(
    ("question", "left"),
    [
        (
            "Is 0581T covered for patient Jane Roe, DOB 03/04/1951, MRN 00123456?",
            "Is 0581T covered?",
        ),
        ("Does Cigna cover 0581T for Mrs. Roe?", "Does Cigna cover 0581T?"),
        ("Is 0581T covered for SSN 123-45-6789?", "Is 0581T covered?"),
        ("Is cryoablation of patient Jane Roe (MRN 00123456) covered?", "Is cryoablation covered?"),
        ("claim # 2024-99812 denied, why?", "claim denied, why?"),
        ("Medicare number 1EG4-TE5-MK73 and 0581T", "Medicare and 0581T"),
        ("Does Lakeside, call 212-555-1234, cover 0581T?", "Does Lakeside, cover 0581T?"),
        ('"MRN 123456" 0581T payer:Cigna', "0581T payer:Cigna"),
        ("device number SN-12345 with C2618", "with C2618"),
        ("Is it covered if the member id is W1234567 and the MRN 123456?", "Is it covered?"),
        (
            "Which codes does the policy name at 12 Maple Street?",
            "Which codes does the policy name?",
        ),
        ("MRN 123456", ""),
        ("Is 0581T covered?", "Is 0581T covered?"),
    ],
)
def test_what_is_left_of_a_question_is_the_question_without_the_patient(question, left):
    assert without_patient(question).text == left


def test_it_is_said_what_was_found_but_not_the_thing_itself():
    found = identifiers("patient Jane Roe, DOB 3/4/1951, MRN 123456, jane@x.example")
    assert kinds_of(found) == (
        "a name, a date of birth, a medical record number and an e-mail address"
    )


_YEARS, _DIGITS = range(1931, 1999), "0123456789"
_KINDS: dict[str, Callable[[Random], tuple[str, str]]] = {
    # each of the 18 identifiers of 45 CFR 164.514(b)(2): the words before it, and the thing itself
    "name": lambda chance: (
        "for patient",
        chance.choice(("Jane Q. Roe", "ROE, JANE")),
    ),
    "street": lambda chance: ("lives at", f"{chance.randrange(9, 9999)} Maple Street"),
    "zip": lambda chance: ("ZIP", _digits(chance, 5)),
    "birth": lambda chance: ("born on", f"{chance.randrange(1, 12)}/7/{chance.choice(_YEARS)}"),
    "stay": lambda chance: ("admitted on", f"2025-0{chance.randrange(1, 9)}-17"),
    "age": lambda chance: ("aged", f"{chance.randrange(90, 109)} years old"),
    "phone": lambda chance: ("call", f"({_digits(chance, 3)}) 555-{_digits(chance, 4)}"),
    "fax": lambda chance: ("fax", f"212-555-{_digits(chance, 4)}"),
    "email": lambda chance: ("write to", f"jane{chance.randrange(999)}@mail.example"),
    "ssn": lambda chance: ("SSN", f"123-45-{_digits(chance, 4)}"),
    "mrn": lambda chance: ("MRN", _digits(chance, 8)),
    "plan": lambda chance: ("member id", f"W{_digits(chance, 8)}"),
    "account": lambda chance: ("account number", _digits(chance, 9)),
    "licence": lambda chance: ("driver's license", f"D{_digits(chance, 7)}"),
    "vehicle": lambda chance: ("VIN", f"1HGCM82633A{_digits(chance, 6)}"),
    "device": lambda chance: ("serial number", f"SN-{_digits(chance, 6)}"),
    "web": lambda chance: ("see", f"https://mychart.example/patient/{_digits(chance, 5)}"),
    "ip": lambda chance: ("from IP", f"203.0.113.{chance.randrange(9, 99)}"),
    "biometric": lambda chance: ("fingerprint", f"FP{_digits(chance, 8)}"),
    "photo": lambda chance: ("photo", f"roe_{_digits(chance, 4)}.jpg"),
    "other": lambda chance: ("case number", f"K-{_digits(chance, 6)}"),
}


def _digits(chance: Random, count: int) -> str:
    return chance.choice("123456789") + "".join(chance.choice(_DIGITS) for _ in range(count - 1))


@pytest.mark.trust(22)
def test_no_file_of_the_home_holds_an_identifier_of_two_hundred_questions(
    tmp_path: Path, figures: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEDESK_HOME", str(tmp_path / "home"))
    chance, records, secrets = Random(18), Records(tmp_path / "home"), []
    for number in range(200):
        cue, secret = list(_KINDS.values())[number % len(_KINDS)](chance)
        question = f"Is 0581T covered, {cue} {secret}, by Lakeside?"
        secrets.append(secret)
        told = {"verdict": "weak", "generation": 1, "as_of": "2025-06-01", "seconds": 0.1}
        records.add_question(question, filters={}, **told)
        records.rate(question, document="library/a.md", good=False, reason=None, generation=1)
        records.save(f"{number} {question}", address={"q": question}, generation=1, seen=[])
        try:
            raise RuntimeError(question)
        except RuntimeError as error:
            assert note(error)
    written = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in written)
    hits = [secret for secret in secrets if secret.encode() in held]
    figures["questions with one of the 18 kinds of identifiers"] += len(secrets)
    figures["identifiers found in any file of the home"] += len(hits)
    assert b"0581T" in held and hits == []
    assert all(path.stat().st_mode & 0o077 == 0 for path in written)
    records.close()


# What patterns begin with, repeat and end with: pumped, they are the worst that can be pasted.
_PIECES = (
    *("MRN", "MRN-", "MRN 1", "patient ", "patient", "Patient name ", "Mr ", "member id", "case "),
    *("born on ", "admitted ", "https://", "https://a", "a@", "a.", "a-", "a@b.", "-", "claim #"),
    *(" ", "  ", "\t", ",", ", ", ".", "1", "1-", "12 ", "A", "Aa ", "Aa", "a ", "is ", "=", ":"),
    *(
        "12 Maple ",
        "device ",
        "serial ",
        "phone ",
        "phone at ",
        "zip ",
        "AB, ",
        "ip ",
        "1.",
        "ssn ",
    ),
    *("ip ", "roe.", "roe-", "'", "fingerprint", "\0", "\0, ", "(", "\n", "é", "I", "9"),
)
_ALL = {
    **{f"{what} {number}": found for number, (what, found) in enumerate(privacy._PATTERNS)},
    **{f"tidy {number}": found for number, (found, _) in enumerate(privacy._TIDY)},
}


def steps(pattern: str, text: str) -> int:
    counted = Counted(pattern)
    spans = list(counted.spans(text))
    assert spans == [one.span() for one in re.finditer(pattern, text)], (pattern, text)
    return counted.steps


@pytest.mark.parametrize("name", _ALL)
def test_the_work_of_each_pattern_is_in_proportion_to_the_length_of_the_text(name: str) -> None:
    pattern, chance = _ALL[name].pattern, Random(name)
    tried = []
    for pump in (*_PIECES, *("".join(chance.choices(_PIECES, k=2)) for _ in range(20))):
        start, end = chance.choice(("", *_PIECES)), chance.choice(("", "x", *_PIECES))
        short, long = (f"{start}{pump * (n // len(pump))}{end}" for n in (120, 480))
        if not (name.startswith("tidy") and re.search(r"\s\s", long)):  # there blanks are joined
            tried.append((steps(pattern, short) / len(short), short, long))
    for _, short, long in sorted(tried)[-5:]:  # those that cost most for a character
        growth = steps(pattern, long) / steps(pattern, short)
        assert growth < 6, long  # four times as long: 4 is linear, 16 would be quadratic


def test_whatever_is_pasted_is_cleared_and_nothing_that_is_found_is_left() -> None:
    chance = Random(19)
    for _ in range(1500):
        text = "".join(chance.choices(_PIECES, k=chance.randrange(1, 60)))
        assert identifiers(without_patient(text).text) == (), text


def test_identifiers_one_within_another_are_taken_out_in_a_few_rounds() -> None:
    nested = "MRN " * 2000 + "1234567 " * 2000
    assert without_patient(f"Is 0581T covered? {nested}").text == ""
    assert without_patient("MRN MRN 1234567 1234567 and 0581T").text == "and 0581T"
