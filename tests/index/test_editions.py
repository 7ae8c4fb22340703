"""One document in several files: found, ended by the later one, decided by a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from corpus.document import Metadata
from corpus.text.sketch import resemblance, sketch_of
from index.editions.likeness import Likeness, plain_number, plain_title
from index.editions.pairs import Kin, judge

WORDS = (
    "The plan considers percutaneous cryoablation of a small malignant tumor of the breast "
    "{position} when the lesion is below fifteen millimeters, unifocal, hormone receptor positive "
    "and seen by ultrasound, and when the patient is not a candidate for surgery. Requests are "
    "reviewed by a medical director within fourteen days; records of imaging and pathology are to "
    "be sent with the request."
)


def likeness(name: str, text: str = "", **metadata: Any) -> Likeness:
    title = metadata.pop("title", "Breast Cryoablation")
    return Likeness(name, Metadata(title, **metadata), sketch_of(text or WORDS))


OLD = likeness("a/acorn-2024.pdf", payer="Acorn", number="7.01.12", effective=date(2024, 1, 1))
NEW = likeness(
    "a/breast policy.pdf",
    WORDS.format(position="medically necessary"),
    payer="Acorn",
    number="7.01.12",
    effective=date(2026, 1, 1),
)


def test_two_years_of_a_policy_are_one_whichever_is_read_first() -> None:
    for one, other in ((OLD, NEW), (NEW, OLD)):
        pair = judge(one, other)
        assert pair is not None
        assert (pair.earlier, pair.later, pair.kin) == (OLD.document, NEW.document, Kin.VERSIONS)
        assert pair.begins == date(2026, 1, 1)
        assert "Both have the number 7.01.12." in pair.evidence


def test_titles_are_told_to_differ_only_where_they_do() -> None:
    pair = judge(OLD, NEW)
    dated = likeness(
        "b.pdf", payer="Acorn", title="Breast Cryoablation 2026", effective=date(2026, 1, 1)
    )
    of_a_year = judge(OLD, dated)
    assert pair is not None and of_a_year is not None
    assert "Both have the title Breast Cryoablation." in pair.evidence
    assert not any("differ" in said for said in pair.evidence)
    assert any("differ in no more than a year" in said for said in of_a_year.evidence)


@pytest.mark.parametrize(
    "other",
    [
        likeness("b.pdf", payer="Beta", number="7.01.12", effective=date(2026, 1, 1)),
        likeness("b.pdf", payer="Acorn", number="9.03.44", effective=date(2026, 1, 1)),
        likeness("b.pdf", payer="Acorn", number="7.01.12", part="Chapter 2"),
        likeness("b.pdf", payer="Acorn", number="7.01.12", standing="proposed"),
        likeness("b.pdf", payer="Acorn", number="7.01.12", written_by="Somebody"),
        likeness("b.pdf", "Other words entirely, of billing a modifier twice.", payer="Acorn"),
        likeness("b.pdf", payer="Acorn", title="Liver Ablation"),
    ],
    ids=["payer", "number", "chapter", "draft", "summary", "text", "title"],
)
def test_what_tells_two_documents_apart_keeps_them_apart(other: Likeness) -> None:
    assert judge(OLD, other) is None


def test_lines_of_business_are_documents_of_their_own() -> None:
    one = likeness("a.pdf", payer="Acorn", line_of_business=("commercial",))
    other = likeness("b.pdf", payer="Acorn", line_of_business=("Medicare Advantage",))
    assert judge(one, other) is None


def test_the_year_of_a_name_orders_what_has_no_date_and_equal_ones_are_duplicates() -> None:
    old, new = likeness("a/policy 2024.pdf"), likeness("a/policy_2026.pdf")
    pair = judge(old, new)
    assert pair is not None and (pair.later, pair.kin) == ("a/policy_2026.pdf", Kin.VERSIONS)
    same = judge(likeness("a/one.pdf"), likeness("a/two.pdf"))
    assert same is not None and same.kin is Kin.DUPLICATE


def test_of_versions_without_any_order_none_is_the_later_one() -> None:
    pair = judge(
        likeness("a/one.pdf"),
        likeness("a/two.pdf", WORDS + " Since then, requests for men are reviewed by a panel too."),
    )
    assert pair is not None and (pair.kin, pair.begins) == (Kin.UNORDERED, None)


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Breast Cryoablation 2024", "breast cryoablation"),
        ("Breast Cryoablation (Effective 01/01/2026) v3.1", "breast cryoablation"),
        ("Medicare Benefit Policy Manual Chapter 6", "medicare benefit policy manual chapter 6"),
        ("Policy", ""),
    ],
)
def test_a_title_is_compared_without_years_and_versions(title: str, plain: str) -> None:
    assert plain_title(title) == plain


def test_a_number_is_compared_without_the_year_and_letters_of_its_version() -> None:
    assert plain_number("2025T0447LL") == plain_number("2026T0447MM") == "t0447"
    assert plain_number("7.01.12") == plain_number("7-01-12")


def test_a_sketch_tells_what_share_of_the_text_is_equal() -> None:
    words = [f"word{n}" for n in range(4000)]
    text = " ".join(words)
    half = " ".join(words[:2000] + [f"other{n}" for n in range(2000)])
    assert resemblance(sketch_of(text), sketch_of(text)) == 1
    assert abs(resemblance(sketch_of(text), sketch_of(half)) - 1 / 3) < 0.2
    assert resemblance(sketch_of(text), sketch_of("quite another text of ten words or so")) == 0
