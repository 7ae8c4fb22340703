"""The operators of a query."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.question.asked import without_stray_quotes
from assistant.question.words.operators import BadQuery, parse_query


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
