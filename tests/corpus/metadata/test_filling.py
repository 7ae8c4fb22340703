"""What was found fills what nobody told, and keeps its evidence."""

from __future__ import annotations

from datetime import date

from msgspec.json import decode, encode

from corpus.document import FoundDate, FoundText, Metadata
from corpus.metadata.filling import with_found_dates, with_found_texts


def _text(field: str, value: str, sure: float) -> FoundText:
    return FoundText(field, value, f"It says {value}.", 1, sure)


def test_what_is_found_with_little_to_say_for_it_stays_empty_and_waits() -> None:
    doubtful = _text("payer", "Riverside Health Plan", 0.4)
    metadata = with_found_texts(Metadata("A policy"), [doubtful])
    assert metadata.payer is None
    assert metadata.stated == ()
    assert metadata.doubtful == (doubtful,)


def test_the_first_that_is_sure_is_used_and_another_one_is_kept_as_doubtful() -> None:
    first, second = _text("payer", "Alpha", 0.9), _text("payer", "Beta", 0.8)
    metadata = with_found_texts(Metadata("A policy"), [first, second])
    assert metadata.payer == "Alpha"
    assert metadata.stated == (first,)
    assert metadata.doubtful == (second,)


def test_what_a_person_told_stays_and_what_says_the_same_is_confirmed() -> None:
    found = [_text("payer", "alpha", 0.9), _text("number", "M-2", 0.9)]
    metadata = with_found_texts(Metadata("A policy", payer="Alpha", number="M-1"), found)
    assert (metadata.payer, metadata.number) == ("Alpha", "M-1")
    assert [(one.field, one.confirmed) for one in metadata.stated] == [("payer", True)]
    assert metadata.doubtful == ()


def test_a_field_of_several_values_takes_each() -> None:
    found = [_text("line_of_business", line, 0.9) for line in ("commercial", "Medicaid")]
    assert with_found_texts(Metadata("A"), found).line_of_business == ("commercial", "Medicaid")


def test_a_doubtful_date_stays_empty_and_waits_as_text() -> None:
    sentence = "The policy of 5 January 2020 said so."
    found = FoundDate("effective", date(2020, 1, 5), sentence, 3, sure=0.3)
    metadata = with_found_dates(Metadata("A policy"), [found])
    assert metadata.effective is None
    assert metadata.doubtful == (FoundText("effective", "2020-01-05", sentence, 3, 0.3),)


def test_metadata_that_an_earlier_codedesk_kept_are_read() -> None:
    date_found = '{"field": "effective", "value": "2020-01-05", "sentence": "s", "page": 1}'
    earlier = f'{{"title": "A", "found": [{date_found}]}}'
    metadata = decode(earlier, type=Metadata)
    assert metadata.found == (FoundDate("effective", date(2020, 1, 5), "s", 1),)
    assert decode(encode(metadata), type=Metadata) == metadata
