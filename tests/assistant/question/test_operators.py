"""The operators of a query."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.question.asked import without_stray_quotes
from assistant.question.words.operators import BadQuery, parse_query
from index.versions import Status


def test_free_text_stays_as_it_is() -> None:
    assert parse_query("can we bill it? 50/50").free == "can we bill it? 50/50"


def test_every_operator_is_taken_out_of_the_text() -> None:
    query = parse_query(
        'cryo "not covered" -benign payer:"Arkansas Blue Cross" payer:Cigna kind:Policy'
        " code:0581T doc:cigna.md date:2025-03-01 include:retired"
    )
    assert query.free == "cryo not covered"
    assert query.phrases == ("not covered",)
    assert query.without == ("benign",)
    assert query.payers == ("Arkansas Blue Cross", "Cigna")
    assert (query.kinds, query.codes, query.documents) == (("policy",), ("0581T",), ("cigna.md",))
    assert (query.on, query.include_all) == (date(2025, 3, 1), True)


@pytest.mark.parametrize("text", ["0581T-RT", "follow-up", "19081 - 19086", "re: payer question"])
def test_a_hyphen_or_a_colon_inside_prose_is_no_operator(text: str) -> None:
    query = parse_query(text)
    assert (query.free, query.without, query.payers) == (text, (), ())


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('ask "open', 4),
        ("x kind:novel", 2),
        ("date:someday", 5),
        ("payer:", 0),
        ("include:everything", 0),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, at: int) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(text)
    assert caught.value.at == at
    assert str(caught.value).splitlines()[-1].index("^") == at + 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('"does Cigna cover breast cryoablation?"', "does Cigna cover breast cryoablation?"),
        ('is a 2" tumor eligible', "is a 2  tumor eligible"),
        ('what is the fee for "0581T', "what is the fee for  0581T"),
        ('"CO-50"', '"CO-50"'),
        ('say "not medically necessary" again', 'say "not medically necessary" again'),
    ],
)
def test_a_question_means_its_quotation_marks_only_where_they_hold_a_phrase(
    typed: str, meant: str
) -> None:
    assert without_stray_quotes(typed) == meant


def test_a_search_knows_titles_statuses_pages_and_or() -> None:
    query = parse_query(
        'title:"claim form" status:in-force page:4-9 freeze OR "ice ball" OR probe '
        "payer:A OR payer:B",
        searching=True,
    )
    assert (query.titles, query.pages, query.payers) == (("claim form",), ("4-9",), ("A", "B"))
    assert query.statuses == (Status.IN_FORCE,)
    assert query.either == (("freeze", "ice ball", "probe"),)
    assert (query.free, query.phrases) == ("freeze ice ball probe", ())
    assert not query.include_all
    assert parse_query("status:retired", searching=True).include_all


def test_to_a_question_the_operators_of_a_search_are_words() -> None:
    asked = "in the OR, page:4 status:open title:x re:payment"
    assert parse_query(asked).free == asked


def test_a_page_is_meant_by_its_number_a_range_or_what_is_printed_on_it() -> None:
    query = parse_query("page:4-6 page:iv", searching=True)
    assert [number for number in range(1, 9) if query.on_page(number, None)] == [4, 5, 6]
    assert query.on_page(12, "iv")
    assert not query.on_page(None, None)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("foo:bar cryo", 0),
        ("cryo cpt:0581T", 5),
        ("status:open", 0),
        ("OR cryo", 0),
        ("cryo OR", 5),
        ("cryo OR payer:Cigna", 5),
        ("payer:Cigna OR kind:policy", 12),
    ],
)
def test_what_a_search_does_not_know_is_refused_and_pointed_at(text: str, at: int) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(text, searching=True)
    assert caught.value.at == at


@pytest.mark.parametrize("text", ["https://example.org/a", "10:30", "ICD-10:C50", '"note: x"'])
def test_a_colon_that_names_no_operator_is_no_mistake(text: str) -> None:
    assert parse_query(text, searching=True).free == text.strip('"')
