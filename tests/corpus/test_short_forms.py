"""Short forms that a text explains, and what only looks like one."""

from __future__ import annotations

import pytest

from corpus.text.short_forms import short_forms


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("Deep Brain Stimulation (DBS) is old.", [("DBS", "Deep Brain Stimulation")]),
        ("a medical loss ratio (MLR) of 85", [("MLR", "medical loss ratio")]),
        ("The MLR (medical loss ratio) is 85.", [("MLR", "medical loss ratio")]),
        ("evaluation and management (E&M) visits", [("E&M", "evaluation and management")]),
        (
            "federally qualified health centers (FQHCs)",
            [("FQHC", "federally qualified health centers")],
        ),
        ("Explained twice: air time (AT), air time (AT)", [("AT", "air time")] * 2),
        (
            "the anterior nucleus of the thalamus (ANT)",
            [("ANT", "anterior nucleus of the thalamus")],
        ),
        ("It was paid (see above).", []),
        ("An unrelated thing (XYZ) stands here.", []),
        ("Code 93005 (EKG tracing) is paid.", []),
        ("One sentence ends. Many (MM) follow", []),
    ],
)
def test_a_short_form_is_taken_where_the_words_before_it_spell_it(
    text: str, explained: list[tuple[str, str]]
) -> None:
    assert list(short_forms(text)) == explained
