"""Which sentence is marked."""

from __future__ import annotations

from assistant.ranking.highlight import highlights, prepared

TEXT = "Billing\n\nThe code counts per breast. Three tumors in one breast are one unit. " + (
    "This long sentence speaks of something else altogether and goes on for a good while, since "
    "it has many words and none of them is what the question was about in any way at all."
)


def _marked(text: str, words: dict[str, float], scores: tuple[float, ...] = ()) -> list[str]:
    return [span.of(text) for span in highlights(prepared(text), words, scores)]


def test_the_sentence_with_the_words_is_marked_with_the_one_that_follows_it() -> None:
    assert _marked(TEXT, {"per": 1.0, "breast": 0.5}) == [
        "The code counts per breast.",
        "Three tumors in one breast are one unit.",
    ]


def test_a_heading_above_is_never_marked_with_the_sentence() -> None:
    assert "Billing" not in _marked(TEXT, {"code": 1.0, "bill": 0.1})


def test_meaning_decides_where_words_are_equal() -> None:
    rows = "One fact | stands here\nAnother fact | stands here"
    assert _marked(rows, {"fact": 1.0}, (0.2, 0.9)) == ["Another fact | stands here"]


def test_a_table_row_is_marked_alone() -> None:
    rows = "Payer | Position\nCigna | not covered\nAetna | covered"
    assert _marked(rows, {"cigna": 1.0}) == ["Cigna | not covered"]


def test_nothing_is_marked_where_nothing_fits() -> None:
    assert _marked("Some words.", {"xylograph": 1.0}) == []


def test_a_heading_that_repeats_the_question_is_not_the_answer() -> None:
    text = "Can we bill ultrasound?\n\nDo not expect separate payment for it with this code at all."
    spans = highlights(
        prepared(text, frozenset({"Can we bill ultrasound?"})), {"ultrasound": 1.0}, (0.9, 0.2)
    )
    assert [span.of(text) for span in spans] == [text.split("\n\n")[1]]


FAQ = (
    "What does the fee cover?\nEach search costs seven dollars and a deposit is taken.\n\n"
    "How do I pay the search fees?\nPaying customers include a deposit with the form. "
    "It must be enough for two months."
)


def test_the_answer_under_a_question_is_marked_and_not_the_question_that_fits_best() -> None:
    assert _marked(FAQ, {"pay": 1.0, "search": 0.8, "fee": 0.8}, (0.4, 0.5, 0.9, 0.45, 0.3)) == [
        "Paying customers include a deposit with the form.",
        "It must be enough for two months.",
    ]


def test_a_short_line_above_a_sentence_is_a_heading_and_items_of_a_list_are_none() -> None:
    led = "Order online\nYou can order plates for any vehicle that is registered with us."
    assert _marked(led, {"order": 1.0, "online": 1.0}, (0.9, 0.5)) == [led.split("\n")[1]]
    listed = "Bring these papers:\n\nproof of name\n\nproof of address\n\nthe fee"
    assert "proof of address" in _marked(listed, {"address": 1.0}, (0.1, 0.3, 0.9, 0.1))


def test_two_long_sentences_are_not_marked_together() -> None:
    long = "This sentence goes on " + "and on " * 15 + "to its end."
    assert _marked(f"{long} {long}", {"sentence": 1.0}, (0.5, 0.6)) == [long]


def test_a_row_is_not_marked_with_the_sentence_beside_it() -> None:
    text = "Cigna | not covered\nAsk the plan before the day of the procedure."
    assert _marked(text, {"cigna": 1.0}, (0.6, 0.5)) == ["Cigna | not covered"]


def test_the_names_of_columns_are_not_marked_above_their_rows() -> None:
    header = "Knee: Code | Name of the service | Payment rate of 2026"
    names = "Code | Name of | Payment\nCode | the service | rate of 2026"
    text = f"{names}\n27447 | Knee | $9.00\n27130 | Hip | $8.00"
    rows = prepared(text, header=header)
    words = {"payment": 1.0, "rate": 1.0, "hip": 0.1}
    assert [s.of(text) for s in highlights(rows, words, ())] == ["27130 | Hip | $8.00"]


def test_a_row_of_short_cells_is_not_taken_for_the_names_that_hold_their_letters() -> None:
    header = "HCPCS Code | 1st Unit | Amount"
    text = "HCPCS Code | 1st Unit | Amount\nC | 1 | A"
    marked = highlights(prepared(text, header=header), {"unit": 1.0}, (0.0, 0.5))
    assert [span.of(text) for span in marked] == ["C | 1 | A"]
