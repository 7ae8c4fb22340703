"""Which sentence is marked."""

from __future__ import annotations

from assistant.highlight import highlights

TEXT = "Billing\n\nThe code counts per breast. Three tumors in one breast are one unit. " + (
    "This long sentence speaks of something else altogether and goes on for a good while, since "
    "it has many words and none of them is what the question was about in any way at all."
)


def _marked(text: str, words: dict[str, float], scores: tuple[float, ...] = ()) -> list[str]:
    return [span.of(text) for span in highlights(text, words, scores)]


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
    spans = highlights(text, {"ultrasound": 1.0}, (0.9, 0.2), headings={"Can we bill ultrasound?"})
    assert [span.of(text) for span in spans] == [text.split("\n\n")[1]]
