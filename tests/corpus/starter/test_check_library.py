"""The rules of the starter library, each broken once, and the library itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.reading.read import read_file
from corpus.starter import DOCUMENTS
from corpus.starter.check import check_library, left_out, load_facts, main
from corpus.starter.checking.complaints import well_formed
from corpus.starter.checking.duplicates import near_duplicates
from corpus.starter.checking.reading_level import grade, syllables
from corpus.starter.checking.standing_alone import dependent

LOOKED_UP = date(2026, 11, 28)
FACTS = {
    "F001": {"tag": "PRIMARY"},
    "F002": {"tag": "INFERENCE"},
    "F003": {"tag": "UNVERIFIED"},
    "F004": {"tag": "PRIMARY", "looked_up": LOOKED_UP},
    "F005": {
        "tag": "OLD",
        "texts": [
            {
                "of": "Alpha",
                "number": "AB-12",
                "from": date(2016, 6, 20),
                "source": "https://a.org",
            },
            {"of": "Alpha", "number": "AB-13", "from": date(2019, 2, 1), "source": "https://b.org"},
            {"of": "Beta", "number": "AB-12", "from": date(2020, 5, 5), "source": "https://c.org"},
        ],
    },
    "F006": {
        "tag": "PRIMARY",
        "texts": [
            {"of": "Alpha", "number": "N-1", "from": date(2026, 4, 1), "source": "https://d.org"},
            {
                "of": "Beta",
                "number": "N-2",
                "from": date(2020, 8, 31),
                "until": date(2022, 6, 27),
                "source": "https://e.org",
            },
        ],
    },
}
GOOD = {
    "title": "T",
    "publisher": "P",
    "written_by": "P",
    "about": "A",
    "kind": "guide",
    "source_url": "https://example.org/a",
    "not_given": "[retrieved]",
    "facts": "[F001]",
}


def complaints(tmp_path: Path, *, body: str = "Some words.", **fields: str | None) -> list[str]:
    """What is said about one document with these fields, over those of a good one."""
    written = {name: value for name, value in {**GOOD, **fields}.items() if value is not None}
    head = "".join(f"{name}: {value}\n" for name, value in written.items())
    (tmp_path / "a.md").write_text(f"---\n{head}---\n# T\n\n{body}\n", encoding="utf-8")
    return [said for one in check_library(tmp_path, facts=FACTS) for said in one.complaints]


def test_the_starter_library_is_in_order():
    checked = check_library(DOCUMENTS, facts=load_facts())
    assert {one.name: one.complaints for one in checked if one.complaints} == {}


def test_no_passage_of_the_starter_library_as_it_is_indexed_needs_its_neighbour(embedder):
    documents = [one.document for one in check_library(DOCUMENTS, facts=load_facts())]
    said = {one.id: list(dependent(one, embedder.sizer)) for one in documents if one}
    assert len(said) > 100
    assert {name: found for name, found in said.items() if found} == {}


def test_a_good_document_has_no_complaint(tmp_path):
    assert complaints(tmp_path) == []


@pytest.mark.parametrize("name", ["title", "publisher", "written_by", "kind"])
def test_title_publisher_writer_and_kind_are_required(tmp_path, name):
    assert complaints(tmp_path, **{name: None}) == [f"`{name}` is missing"]


def test_a_document_on_a_payer_says_whose_policy_it_tells(tmp_path):
    said = complaints(tmp_path, payer="Alpha", about=None)
    assert said == [
        "`about` is missing: name the payer or body whose policy or rule the words tell"
    ]
    assert complaints(tmp_path, kind="rule", about=None) == said
    assert complaints(tmp_path, payer="Alpha", about="Alpha") == []


def test_a_document_in_the_payers_own_words_may_not_be_shipped(tmp_path):
    said = complaints(tmp_path, payer="Alpha", about="Alpha", written_by="Alpha")
    assert said == ["`written_by` is the payer or body itself: its own words are not ours to ship"]


GAP = """---
title: G
publisher: P
written_by: P
about: A
kind: gap
not_given: [source_url, retrieved]
facts: [F001]
{unknown}
---
# G

It was not found.
"""


def said_beside_a_gap(tmp_path: Path, unknown: str, body: str, **fields: str) -> list[str]:
    """The complaints about a gap that declares something as unknown, and a document beside it."""
    (tmp_path / "gap.md").write_text(GAP.format(unknown=unknown), encoding="utf-8")
    return complaints(tmp_path, body=body, **fields)


@pytest.mark.parametrize(
    ("unknown", "states", "leaves_open"),
    [
        (
            'unknown: {things: ["MUE value"], codes: ["0581T"]}',
            "The MUE of 0581T is 1.",
            "The MUE of 19105 is 1. The MUE of 0581T was not found.",
        ),
        (
            'unknown: {things: ["payment rate"], codes: ["0581T"]}',
            "| Code | Payment |\n|---|---|\n| 0581T | $4,200 paid |",
            "| Code | Payment |\n|---|---|\n| 0581T | paid, amount not found |",
        ),
        (
            'unknown: {payers: ["Regence"]}',
            "Regence covers breast cryoablation.",
            "Regence covers knees. Whether Regence covers 0581T was not found.",
        ),
        (
            'unknown: {codes: ["22"]}',
            "Modifier 22 pays more for 0581T.",
            "Modifier 22 with 0581T is not confirmed. The page of 22 May names 0581T.",
        ),
        (
            'unknown: {things: ["NCCN"]}',
            "NCCN supports it.",
            "No NCCN wording was found.",
        ),
    ],
)
def test_what_a_gap_declares_unknown_may_be_known_nowhere(tmp_path, unknown, states, leaves_open):
    (said,) = said_beside_a_gap(tmp_path, unknown, states)
    assert said.startswith("gap.md declares the ")
    assert said_beside_a_gap(tmp_path, unknown, leaves_open) == []


def test_a_gap_declares_what_it_leaves_open(tmp_path):
    assert "a gap needs `unknown" in said_beside_a_gap(tmp_path, "number: x", "Words.")[0]
    (said,) = said_beside_a_gap(tmp_path, 'unknown: {things: ["NCCN"], rates: [x]}', "Words.")
    assert said == "`unknown` has `rates`; it may have lists of things, codes, payers"


def test_a_payers_document_contradicts_the_gap_on_that_payer(tmp_path):
    unknown = 'unknown: {payers: ["Regence"]}'
    told = "Freezing a breast tumor is investigational."
    assert said_beside_a_gap(tmp_path, unknown, told, payer="Regence", about="Regence")
    assert said_beside_a_gap(tmp_path, unknown, told, payer="Alpha", about="Alpha") == []


def said_of_a_policy(tmp_path: Path, source: str, **fields: str | None) -> list[str]:
    """The complaints about a policy of Alpha that tells the text at this address."""
    policy = {"kind": "policy", "about": "Alpha", "payer": "Alpha", "source_url": source}
    return complaints(tmp_path, **{**policy, **fields})


def test_an_old_text_is_a_copy_of_its_year_and_not_in_force(tmp_path):
    (said,) = said_of_a_policy(tmp_path, "https://a.org", effective="2016-06-20")
    assert said.startswith("an old text of 2016-06-20 counts as in force: give `copy_of`")
    assert not said_of_a_policy(
        tmp_path, "https://a.org", effective="2016-06-20", copy_of="2016-06-20"
    )
    assert said_of_a_policy(tmp_path, "https://d.org", effective="2026-04-01") == []


def test_a_text_two_years_older_than_the_last_look_up_is_old_whatever_its_tag(tmp_path):
    (said,) = said_of_a_policy(tmp_path, "https://e.org", effective="2020-08-31", about="Beta")
    assert said.startswith("an old text of 2020-08-31 counts as in force")


def test_a_policy_is_not_retired_on_the_day_of_its_own_text(tmp_path):
    said = said_of_a_policy(tmp_path, "https://a.org", effective="2016-06-20", retired="2016-06-20")
    assert "`retired` is 2016-06-20, though its own text is of 2016-06-20" in said


def test_a_policy_ends_by_a_text_of_its_own_company_and_by_no_other(tmp_path):
    (said,) = said_of_a_policy(
        tmp_path, "https://a.org", effective="2016-06-20", retired="2020-05-05"
    )
    assert (
        said == "`retired` is 2020-05-05, which no text of Alpha gives as an end or a next version"
    )
    fields = {"effective": "2016-06-20", "retired": "2019-02-01"}
    assert said_of_a_policy(tmp_path, "https://a.org", **fields) == []
    fields = {"effective": "2020-08-31", "retired": "2022-06-27", "about": "Beta", "payer": "Beta"}
    assert said_of_a_policy(tmp_path, "https://e.org", **fields) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"effective": "2026-04-02"}, "`effective` is 2026-04-02, which is not the first day"),
        ({"copy_of": "2026-04-02"}, "`copy_of` is 2026-04-02, but the last day that its text"),
        ({"effective": "2026-04-01", "about": "Beta"}, "`about` is 'Beta', but the text at its"),
        ({"effective": "2026-04-01", "source_url": "https://x.org"}, "its dates stand in no fact"),
    ],
)
def test_the_dates_of_a_policy_are_those_on_the_face_of_its_text(tmp_path, fields, said):
    (complaint,) = said_of_a_policy(tmp_path, "https://d.org", **fields)
    assert complaint.startswith(said)


def test_a_row_that_names_a_policy_gives_its_dates_alone(tmp_path):
    table = "| Policy | Company | Date |\n|---|---|---|\n| AB-12 | {} | {} |"
    (said,) = complaints(tmp_path, body=table.format("Beta", "20 June 2016"))
    assert said.startswith("20 June 2016 is no date of the policy that the row names")
    assert complaints(tmp_path, body=table.format("Beta", "5 May 2020")) == []
    assert complaints(tmp_path, body=table.format("Alpha", "20 June 2016")) == []


def test_nothing_is_in_force_since_a_day_when_it_has_ended(tmp_path):
    row = "| Policy | State |\n|---|---|\n| L1, retired | in force since 29 June 2020 |"
    (said,) = complaints(tmp_path, body=row)
    assert said.startswith("says 'in force since' of what has ended or is an old copy")
    (said,) = said_of_a_policy(
        tmp_path,
        "https://a.org",
        effective="2016-06-20",
        copy_of="2016-06-20",
        body="It is in force since 2016.",
    )
    assert said.startswith("says 'in force since' of what has ended or is an old copy")
    assert complaints(tmp_path, body="It is in force since 2016.") == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("The times are these:\n\n| A | B |\n|---|---|\n| 1 | 2 |", "introduces a table"),
        ("| A | B |\n|---|---|\n| 1 | as above |", "a row that cannot be understood alone"),
        ("| A | B |\n|---|---|\n| 1 | The same, left |", "a row that cannot be understood alone"),
        ("| A | B |\n|---|---|\n| 1 | two; see below |", "a row that cannot be understood alone"),
        ("| A | B |\n|---|---|\n| 1 | It is |", "a row that cannot be understood alone"),
        ("| A | B |\n|---|---|\n| 1 | |", "a row that cannot be understood alone"),
        ("None is known for the payers below.", "a passage points to a table or list"),
        ("Bring these papers:", "introduces a table or list"),
    ],
)
def test_prose_and_rows_make_sense_without_each_other(tmp_path, body, said):
    (complaint,) = complaints(tmp_path, body=body)
    assert complaint.startswith(said)
    assert complaints(tmp_path, body="One day.\n\n| A | B |\n|---|---|\n| 1 | 2 |") == []


@pytest.mark.parametrize("name", ["source_url", "retrieved"])
def test_every_document_says_where_and_when_it_was_read_or_that_no_source_has_it(tmp_path, name):
    said = complaints(tmp_path, **{name: None, "not_given": "[]"})
    assert f"`{name}` is missing: give it, or list it in `not_given` where no source has it" in said
    assert complaints(tmp_path, **{name: None, "not_given": f"[{name}, retrieved]"}) == []


def test_a_guide_says_what_it_tells_of(tmp_path):
    assert complaints(tmp_path, about=None) == ["`about` is missing: name what the words tell of"]


def test_the_day_of_looking_up_is_that_of_the_facts(tmp_path):
    """F004 was looked up on 28 November 2026; of F001 no day is known."""
    right = {"facts": "[F001, F004]", "not_given": None, "retrieved": "2026-11-28"}
    assert complaints(tmp_path, **right) == []
    (said,) = complaints(tmp_path, **{**right, "retrieved": "2026-11-20"})
    assert said.startswith("`retrieved` is 2026-11-20, but the sources of its facts were last")
    (said,) = complaints(tmp_path, **{**right, "facts": "[F001]"})
    assert said.endswith("last looked up on a day that facts.toml does not give")
    (said,) = complaints(tmp_path, **{**right, "retrieved": None, "not_given": "[retrieved]"})
    assert said.startswith("`retrieved` is not given, but")


def test_only_what_a_source_may_lack_can_be_left_out(tmp_path):
    (said,) = complaints(tmp_path, not_given="[about]")
    assert said == "`not_given` is ['about']; it may list source_url and retrieved"
    (said,) = complaints(tmp_path, not_given="[source_url, retrieved]")
    assert said == "`source_url` is given and listed in `not_given`"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "letter"}, "`kind` is 'letter'"),
        ({"effective": "May 2024"}, "no date"),
        ({"effective": "2025-01-01", "retired": "2024-01-01"}, "after `retired`"),
        ({"reviewed": "2206-01-01"}, "hardly a date"),
        ({"facts": "[F001, F999]"}, "F999 is not in facts.toml"),
        ({"source_url": "htps://example.org"}, "not well formed"),
        ({"pubisher": "P"}, "no field of the metadata"),
    ],
)
def test_wrong_metadata_is_complained_about(tmp_path, fields, said):
    assert said in " ".join(complaints(tmp_path, **fields))


def test_an_inference_must_be_called_one(tmp_path):
    assert "F002 (INFERENCE)" in complaints(tmp_path, facts="[F002]")[0]
    assert complaints(tmp_path, facts="[F002]", body="It is an inference.") == []


def test_what_nobody_confirms_must_be_said_to_be_so(tmp_path):
    assert "F003 (UNVERIFIED)" in complaints(tmp_path, facts="[F003]")[0]
    assert complaints(tmp_path, facts="[F003]", body="The rate was not found.") == []


@pytest.mark.parametrize(
    "body",
    [
        "Made up; made up, including imaging guidance when performed, unilateral.",
        "An add-on (List separately in addition to code for it).",
        "Made-up tumor(s), including this, percutaneous, each organ.",
    ],
)
def test_words_in_the_manner_of_the_cpt_book_are_found(tmp_path, body):
    assert "reads like a CPT descriptor" in complaints(tmp_path, body=body)[0]


def test_plain_words_on_imaging_guidance_are_not_taken_for_a_descriptor(tmp_path):
    body = "Imaging guidance is part of 0581T, and 19105 is counted per fibroadenoma."
    assert complaints(tmp_path, body=body) == []


def test_a_broken_link_is_found_in_text_and_between_files(tmp_path):
    said = complaints(tmp_path, body="See https://nohost and [that](missing.md).")
    assert any("https://nohost" in one for one in said)
    assert any("missing.md" in one for one in said)


@pytest.mark.parametrize(
    ("link", "good"),
    [
        ("https://example.org/a?b=c", True),
        ("http://sub.example.org", True),
        ("ftp://example.org", False),
        ("https://", False),
        ("https://example.org/a b", False),
        ("https://example.org/..\\b", False),
        ("https://[bad", False),
    ],
)
def test_a_well_formed_link_has_a_scheme_and_a_named_host(link, good):
    assert well_formed(link) is good


def test_a_sidecar_without_its_file_and_a_file_that_cannot_be_read_are_complaints(tmp_path):
    (tmp_path / "b.pdf.meta.toml").write_text('title = "B"\n')
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 broken")
    checked = {one.name: one for one in check_library(tmp_path, facts=FACTS)}
    assert checked["b.pdf.meta.toml"].complaints == ("a sidecar without its file",)
    assert checked["c.pdf"].document is None
    assert checked["c.pdf"].complaints


def test_nearly_the_same_text_is_a_duplicate_and_another_text_is_not():
    text = " ".join(f"word{number}" for number in range(100))
    other = " ".join(f"else{number}" for number in range(100))
    pairs = near_duplicates({"a": text, "b": text.replace("word50", "changed"), "c": other})
    assert [(one, two) for one, two, _ in pairs] == [("a", "b")]
    assert 0.8 < pairs[0][2] < 1


def test_the_reading_grade_is_the_flesch_kincaid_formula_on_prose_alone(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# Incomprehensibilities\n\nThe cat sat. The dog ran off.\n")
    document = read_file(path, document_id="a.md")
    # 7 words, 7 syllables, 2 sentences
    assert grade(document) == pytest.approx(0.39 * 3.5 + 11.8 * 1 - 15.59)
    path.write_text("| A | B |\n|---|---|\n| c | d |\n")
    assert grade(read_file(path, document_id="a.md")) is None


@pytest.mark.parametrize(
    ("word", "count"),
    [("breast", 1), ("tumor", 2), ("name", 1), ("table", 2), ("pathology", 4), ("the", 1)],
)
def test_syllables_are_counted_by_groups_of_vowels(word, count):
    assert syllables(word) == count


def test_facts_that_no_document_cites_are_left_out(tmp_path):
    complaints(tmp_path, facts="[F001]")
    assert left_out(check_library(tmp_path, facts=FACTS), facts=FACTS) == tuple(FACTS)[1:]


def test_every_fact_has_a_tag_and_all_but_the_unverified_a_source():
    facts = load_facts()
    assert {fact["tag"] for fact in facts.values()} <= {
        "PRIMARY",
        "SECONDARY",
        "OLD",
        "INFERENCE",
        "UNVERIFIED",
        "SECOND-HAND",
    }
    assert all(fact["sources"] or fact["tag"] == "UNVERIFIED" for fact in facts.values())


def test_the_command_prints_a_table_and_fails_on_a_complaint(tmp_path, capsys):
    complaints(tmp_path)
    assert main([str(tmp_path)]) == 0
    assert "a.md" in capsys.readouterr().out
    complaints(tmp_path, kind=None)
    assert main([str(tmp_path)]) == 1
    assert "`kind` is missing" in capsys.readouterr().err
