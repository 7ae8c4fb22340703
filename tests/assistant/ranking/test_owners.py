"""A payer named in a question says whose document is wanted, not which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.answer import Citation
from assistant.desk import Desk

MakeDesk = Callable[[Mapping[str, str]], Desk]
HEAD = "---\ntitle: {title}\nkind: policy\n{more}---\n# {title}\n\n"
RULE = "## Ramps\n\nA ramp is paid at 60 percent of the allowance.\n"


def _about(owner: str) -> str:
    """What every page of somebody's policy says."""
    return (
        f"## About\n\n{owner} publishes this {owner} policy for members of {owner}. {owner} may "
        f"change it. {owner} is an independent company; {owner} pays as {owner} decides.\n\n"
    )


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    def policy(owner: str, *, more: str, rule: str = RULE) -> str:
        return HEAD.format(title="Payment policy", more=more) + _about(owner) + rule

    return desk_of(
        {
            "elm.md": policy("Elmwood Mutual", more="payer: Elmwood Mutual\n"),
            "oak.md": policy("Oakhill Plan", more="payer: Oakhill Plan\n"),
            "pine.md": policy(
                "Pinecrest Group", more="payer: Pinecrest Group\nother_payers: [Firtree Care]\n"
            ),
            "island.md": policy(
                "Blue Cross & Blue Shield of Rhode Island",
                more="payer: Blue Cross & Blue Shield of Rhode Island\n",
            ),
        }
    )


def _first(desk: Desk, question: str) -> Citation:
    return desk.ask(question).citations[0]


@pytest.mark.parametrize(
    ("asked", "document"),
    [
        ("what does Elmwood Mutual pay for a ramp", "elm.md"),
        ("what does Oakhill Plan pay for a ramp", "oak.md"),
        ("ramp allowance Pinecrest Group", "pine.md"),
        ("ramp allowance BCBSRI", "island.md"),
        ("what does BCBS of Rhode Island pay for a ramp", "island.md"),
        ("what does blue cross rhode island pay for a ramp", "island.md"),
    ],
)
def test_the_payers_own_rule_comes_before_a_page_with_its_name(
    desk: Desk, asked: str, document: str
) -> None:
    first = _first(desk, asked)
    assert first.version.document.endswith(document)
    assert "60 percent" in first.text


def test_a_payer_whose_a_document_is_too_is_known_by_its_name(desk: Desk) -> None:
    first = _first(desk, "what does Firtree Care pay for a ramp")
    assert first.version.document.endswith("pine.md")
    assert "60 percent" in first.text
