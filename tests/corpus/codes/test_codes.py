"""Codes are found in every spelling, told from look-alikes, and covered by ranges and rules."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.code_score import disagreements, score_codes
from corpus.codes import (
    CodeMention,
    CodeSystem,
    bounds,
    codes_in,
    codes_in_question,
    covers,
    find_codes,
    how_covers,
    normalise,
    sort_key,
)
from corpus.document import Block, BlockKind, Document, Metadata, Span


def found(text: str) -> list[tuple[str, str]]:
    return [(str(one.system), one.code) for one in find_codes(text)]


@pytest.mark.parametrize(
    "spelling",
    [
        *("0581T", "0581t", "CPT 0581T", "0581 T", "#0581T", "(0581T)", "CPT®0581T", "0581T."),
        *("0581-T", "0581 t", "0581\nT", "0581\u00a0T", "0581\u2011T", "0581\u00adT", "0581.T"),
        *(
            "０５８１Ｔ",
            "CPT0581T",
            "CPT® 0581 T",
            "**0581T**",
            "0581Tx2",
            "0581T's",
            "0581T&19105",
        ),
    ],
)
def test_a_category_iii_code_is_found_in_every_spelling(spelling: str) -> None:
    assert ("category_iii", "0581T") in found(f"The claim for {spelling}, was denied.")


def test_a_mention_lies_where_it_is_written_however_that_is() -> None:
    text = "Wide ０５８１Ｔ, soft 0581\u00adT and then 19105."
    assert [one.span.of(text) for one in find_codes(text)] == ["０５８１Ｔ", "0581\u00adT", "19105"]


@pytest.mark.parametrize(
    "text",
    [
        "We send 19105 on its own now.",
        "At $96.01 for a 19105 visit the difference adds up.",
        "Allowed: 19105 $112.",
        "19105 -- ablation, benign",
        "The portal wants auth for 19105, the nurse does not.",
        "Line 2 19105 x 3 paid 214.11",
        "Recommend 19105.",
        "Is it the same? No. 19105 is for the benign one.",
    ],
)
def test_a_number_that_nothing_speaks_against_is_a_code(text: str) -> None:
    assert found(text) == [("cpt", "19105")]


@pytest.mark.parametrize("joined", ["0581T-RT", "0581T/RT", "0581T-26"])
def test_a_joined_modifier_is_a_mention_of_its_own(joined: str) -> None:
    assert found(joined) == [("category_iii", "0581T"), ("modifier", joined[-2:])]


def test_every_code_of_a_list_is_found_after_one_word() -> None:
    assert [code for _, code in found("codes 19081, 19083 and 19085")] == [
        "19081",
        "19083",
        "19085",
    ]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("codes 19081-19086", "19081", "19086"),
        ("codes 19081 through 19086", "19081", "19086"),
        ("CPT 19281–19288", "19281", "19288"),
        ("codes 94660-\n94662", "94660", "94662"),
        ("0967T-0980T", "0967T", "0980T"),
        ("HCPCS A0000 – V9999", "A0000", "V9999"),
        ("C50.0-C50.9", "C50.0", "C50.9"),
        ("C50.011-C50.929", "C50.011", "C50.929"),
        ("revenue codes 0360-0369", "0360", "0369"),
    ],
)
def test_a_range_keeps_both_ends(text: str, first: str, last: str) -> None:
    (mention,) = find_codes(text)
    assert (mention.coverage, mention.code, mention.last) == ("range", first, last)


def test_bullets_are_not_taken_for_a_range() -> None:
    assert [one.coverage for one in find_codes("Codes:\n\n- 19081\n- 19083")] == ["exact", "exact"]


@pytest.mark.parametrize(
    "text",
    [
        "Mail to PO Box 31362, Salt Lake City, UT 84131.",
        "Charges were $19,105.00 of $19105.",
        "Our ZIP code is 19083.",
        "The registry held 10005 women.",
        "See 81 FR 27497 and 85 FR 72754, 72774.",
        "Form CMS-10003 and CMS-1500.",
        "Baltimore, Maryland 21244-1850",
        "Patients had RT after lumpectomy of the breast.",
        "The MAC pays; MAC sedation is separate.",
        "Version V21.0 of the grouper; vitamin B12; hemoglobin A1C.",
        "The contract H1234-001 began on 2025-10-16.",
        "In 2020 T cells were counted.",
        "The cohort held 12044 embryos, of 31255 screened.",
        "Received 33204 doses; 75000 were ordered (n = 31255).",
        "J. Biol. Chem. 275, 16404-16407. ATCC 51448, ISO 18000-3.",
        "Members in 44131 and 44106 may use it; she moved to Plano 75024.",
        "Her policy number is 84410 and her group is 71055.",
        "The invoice (no. 55210) and ticket 19105 are closed.",
        "Enrollment: 11719 in Kent, 17000 in Ottawa, 20526 in Muskegon.",
        "The histones H2A.X and H2A.Z-H2B.",
        "ISBN 0 - 312 - 26772 - 1",
        "Fax 215-555-19105, phone (800) 555-0142.",
    ],
)
def test_look_alikes_are_no_codes(text: str) -> None:
    assert found(text) == []


def test_a_column_says_what_its_numbers_are() -> None:
    table = "| ZIP | CPT | Count |\n|---|---|---|\n| 19105 | 19083 | 12500 |\n"
    (mention,) = find_codes(table)
    assert mention.span.of(table) == "19083"
    assert mention.span.start == table.index("19083")


def test_a_row_is_read_with_the_header_that_its_block_carries() -> None:
    row = "Biopsy | 12500 | 19083"
    block = Block(BlockKind.ROW, Span(0, len(row)), header="Service | Volume | CPT")
    document = Document("a/b.csv", "0", "csv", row, (block,), (), Metadata("B"))
    assert [one.code for one in codes_in(document)] == ["19083"]


@pytest.mark.parametrize(
    ("header", "cell", "codes"),
    [
        ("APC", "5115", ["5115"]),
        ("C-APC No.", "5115", ["5115"]),
        ("APC assignment", "APC 5115", ["5115"]),
        ("NCD", "110.24", ["110.24"]),
        ("APC Rate", "5115", []),
        ("Relative weight", "5115", []),
    ],
)
def test_a_column_that_is_named_for_a_kind_of_number_holds_numbers_of_that_kind(
    header: str, cell: str, codes: list[str]
) -> None:
    row = f"Knee replacement | {cell} | 152.4576"
    block = Block(BlockKind.ROW, Span(0, len(row)), header=f"Service | {header} | Weight")
    document = Document("a/b.csv", "0", "csv", row, (block,), (), Metadata("B"))
    assert [one.code for one in codes_in(document)] == codes


def test_codes_of_every_other_system_are_found() -> None:
    text = (
        "Revenue codes 0490, 0270/0272; modifiers LT and RT; LCD L35094, article A57000, "
        "NCD 110.24; Policy 0540, CPB 0100, S-164-011, IV-05-008, MP-429; NCT02200705; DEN220077, "
        "K183213; 21 CFR 878.4355; APC 5091; ICD-10-PCS 0H5T3ZZ; C2618; diagnosis C50411."
    )
    expected = {
        "revenue": {"0490", "0270", "0272"},
        "modifier": {"LT", "RT"},
        "lcd": {"L35094"},
        "article": {"A57000"},
        "ncd": {"110.24"},
        "policy": {"0540", "0100", "S-164-011", "IV-05-008", "MP-429"},
        "trial": {"NCT02200705"},
        "fda": {"DEN220077", "K183213"},
        "rule": {"21 CFR 878.4355"},
        "apc": {"5091"},
        "icd10pcs": {"0H5T3ZZ"},
        "hcpcs": {"C2618"},
        "icd10cm": {"C50.411"},
    }
    by_system: dict[str, set[str]] = {}
    for system, code in found(text):
        by_system.setdefault(system, set()).add(code)
    assert by_system == expected


@pytest.mark.parametrize(
    ("text", "system", "code"),
    [
        ("all Category III codes", "category_iii", "*"),
        ("any T code", "category_iii", "*"),
        ("CPT codes ending in T", "category_iii", "*"),
        ("unlisted codes", "cpt", "unlisted"),
        ("all HCPCS C codes", "hcpcs", "C*"),
    ],
)
def test_a_blanket_rule_names_its_class(text: str, system: str, code: str) -> None:
    (mention,) = find_codes(f"The plan excludes {text} everywhere.")
    assert (mention.coverage, str(mention.system), mention.code) == ("blanket", system, code)


def test_letters_of_a_series_are_rules_and_letters_that_point_back_are_none() -> None:
    series = find_codes("An H, S, or T series HCPCS Level II code has none.")
    assert [one.code for one in series] == ["H*", "S*", "T*"]
    after = find_codes(
        "HCPCS codes G0480-G0483 differ. The G codes are per day; so are these G codes."
    )
    assert [one.coverage for one in after] == ["range"]
    rule = find_codes("Can the physician bill C2618? No. C codes are used on facility claims.")
    assert [one.coverage for one in rule] == ["exact", "blanket"]


def test_modifiers_keep_their_ranges_and_may_carry_their_meaning() -> None:
    mentions = find_codes("Modifiers E1-E4, RT-59, 76 (repeat, same physician), and 77 (another).")
    assert [(one.code, one.last) for one in mentions] == [
        ("E1", "E4"),
        *((code, None) for code in ("RT", "59", "76", "77")),
    ]


def test_every_section_of_a_list_of_rules_is_found() -> None:
    text = "42 CFR §§ 438.4(b)(1), 438.5, and 438.7(c); 45 C.F.R. § 160.102 through 160.104"
    assert [(one.code, one.last) for one in find_codes(text)] == [
        ("42 CFR 438.4", None),
        ("42 CFR 438.5", None),
        ("42 CFR 438.7", None),
        ("45 CFR 160.102", "45 CFR 160.104"),
    ]


def test_a_class_followed_by_its_codes_is_no_blanket_rule() -> None:
    mentions = find_codes("Category III codes 0581T and 0971T are listed.")
    assert [one.coverage for one in mentions] == ["exact", "exact"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("O581T was scanned", "0581T"),
        ("code l9105 in box 24", "19105"),
        ("HCPCS C975l in box 24", "C9751"),
    ],
)
def test_a_slip_is_read_and_marked_probable(text: str, code: str) -> None:
    (mention,) = find_codes(text)
    assert (mention.code, mention.probable) == (code, True)


def test_a_number_vouched_for_once_counts_everywhere_in_the_text() -> None:
    assert found("CPT 76942 is old." + " Filler." * 400 + " We used 76942 twice.") == [
        ("cpt", "76942"),
        ("cpt", "76942"),
    ]


def mention(code: str, system: CodeSystem, last: str | None = None) -> CodeMention:
    return CodeMention(code, system, Span(0, 1), "range" if last else "exact", last)


def test_a_range_covers_what_lies_between_and_nothing_of_another_letter() -> None:
    plain = mention("00100", CodeSystem.CPT, "99607")
    assert covers(plain, CodeSystem.CPT, "19105")
    assert not covers(plain, CodeSystem.CPT, "0001F")
    assert not covers(plain, CodeSystem.CATEGORY_III, "0581T")


def test_a_diagnosis_category_covers_the_codes_below_it_as_a_range_does() -> None:
    category = mention("C50", CodeSystem.ICD10CM)
    assert how_covers(category, CodeSystem.ICD10CM, "C50.411") == "range"
    assert how_covers(category, CodeSystem.ICD10CM, "C50") == "exact"
    assert how_covers(category, CodeSystem.ICD10CM, "C51.0") is None
    assert covers(mention("C50.0", CodeSystem.ICD10CM, "C50.9"), CodeSystem.ICD10CM, "C50.911")


def test_the_rule_on_unlisted_codes_covers_only_those() -> None:
    rule = CodeMention("unlisted", CodeSystem.CPT, Span(0, 1), "blanket")
    assert how_covers(rule, CodeSystem.CPT, "19499") == "blanket"
    assert how_covers(rule, CodeSystem.CPT, "19105") is None


@given(st.lists(st.integers(1, 1999), min_size=3, max_size=3).map(sorted))
def test_a_code_is_covered_exactly_when_it_lies_between_the_ends(numbers: list[int]) -> None:
    low, middle, high = (f"{number:04}T" for number in numbers)
    system = CodeSystem.CATEGORY_III
    assert covers(mention(low, system, high), system, middle)
    if middle < high:
        assert not covers(mention(low, system, middle), system, high)


@given(st.integers(1, 1998), st.integers(1, 1998))
def test_the_bounds_say_what_covers_says(low: int, code: int) -> None:
    ranged = mention(f"{low:04}T", CodeSystem.CATEGORY_III, "1999T")
    limits = bounds(ranged)
    assert limits is not None
    key = sort_key(CodeSystem.CATEGORY_III, f"{code:04}T")
    inside = limits[0] <= key <= limits[1]
    assert inside == covers(ranged, CodeSystem.CATEGORY_III, f"{code:04}T")


CODES = st.one_of(
    st.integers(1, 1999).map(lambda number: f"{number:04}T"),
    st.integers(10004, 69990).map(str),
    st.integers(1000, 9999).map(lambda number: f"C{number}"),
    st.integers(30000, 39999).map(lambda number: f"L{number}"),
    st.sampled_from(["C50.411", "Z17.0", "D05.11", "NCT02200705", "DEN220077"]),
)


@given(CODES)
def test_a_normal_code_normalises_to_itself(code: str) -> None:
    read = normalise(code)
    assert read is not None
    assert read[1] == code
    assert normalise(f"  {code.lower()} ") == read


@given(st.lists(CODES, min_size=1, max_size=6), st.sampled_from([", ", " and ", "/", "; "]))
def test_the_text_at_a_span_normalises_to_the_code(codes: list[str], joint: str) -> None:
    text = f"With the diagnosis, report CPT codes {joint.join(codes)} on the claim."
    mentions = [one for one in find_codes(text) if one.coverage == "exact"]
    assert {one.code for one in mentions} >= set(codes)
    for one in mentions:
        assert normalise(one.span.of(text)) == (one.system, one.code)


@given(st.text(alphabet="0123456789OTlCL.-/ \n|$#(),abmodifer", max_size=200))
def test_no_text_breaks_the_finder_and_mentions_are_in_order(text: str) -> None:
    mentions = find_codes(text)
    for one in mentions:
        assert one.span.of(text).strip()
    for one, following in pairwise(mentions):
        assert one.span.end <= following.span.start


@pytest.mark.parametrize(
    ("typed", "system", "code"),
    [
        ("0581t", "category_iii", "0581T"),
        ("O581T", "category_iii", "0581T"),
        ("581t", "category_iii", "0581T"),
        ("0581T-RT", "category_iii", "0581T"),
        ("c50411", "icd10cm", "C50.411"),
        ("rev code 490", "revenue", "0490"),
        ("RT", "modifier", "RT"),
        ("lcd l35094", "lcd", "L35094"),
        ("0h5t3zz", "icd10pcs", "0H5T3ZZ"),
        ("CPB 0100", "policy", "0100"),
        ("c2618", "hcpcs", "C2618"),
    ],
)
def test_what_a_person_types_is_normalised(typed: str, system: str, code: str) -> None:
    assert normalise(typed) == (CodeSystem(system), code)


@pytest.mark.parametrize("typed", ["", "0581", "hello", "02134", "breast", "0581T and 19105"])
def test_what_has_no_single_meaning_is_not_read(typed: str) -> None:
    assert normalise(typed) is None


def test_a_question_needs_no_word_beside_a_number() -> None:
    assert [one.code for one in codes_in_question("76942 with c2618?")] == ["76942", "C2618"]


def test_a_question_marks_slips_and_leaves_zip_codes_and_years() -> None:
    asked = codes_in_question("is 581t or O581T covered in zip 84131 in 2025")
    assert [(one.code, one.probable) for one in asked] == [("0581T", True), ("0581T", True)]


def test_modifiers_and_rules_in_small_letters_are_read_in_a_question() -> None:
    asked = codes_in_question("modifier rt as well, or all t codes?")
    assert [(str(one.system), one.code) for one in asked] == [
        ("modifier", "RT"),
        ("category_iii", "*"),
    ]


def test_the_labelled_set_is_large_and_meets_the_target() -> None:
    scores = {score.system: score for score in score_codes()}
    assert scores["all"].right + scores["all"].missed >= 900
    for system in ("cpt", "category_iii", "hcpcs", "icd10cm"):
        assert (scores[system].precision or 0) >= 0.98
        assert (scores[system].recall or 0) >= 0.98


def test_the_score_counts_a_wrong_and_a_missed_mention(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(
        '{"text": "CPT 19105 and 0581T", "mentions": '
        '[{"start": 4, "end": 9, "system": "cpt", "code": "19105"}, '
        '{"start": 0, "end": 3, "system": "hcpcs", "code": "C2618"}]}\n',
        encoding="utf-8",
    )
    scores = {one.system: (one.right, one.wrong, one.missed) for one in score_codes(path)}
    assert scores == {
        "category_iii": (0, 1, 0),
        "cpt": (1, 0, 0),
        "hcpcs": (0, 0, 1),
        "all": (1, 1, 1),
    }
    assert [key[1] for _, key in disagreements(path)] == ["0581T", "C2618"]


def test_a_row_that_ends_with_an_identifiers_name_does_not_hide_the_next_rows_code():
    text = "Code | Position\n0581T | covered with authorization\n19105 | covered"
    assert [one.code for one in find_codes(text)] == ["0581T", "19105"]
