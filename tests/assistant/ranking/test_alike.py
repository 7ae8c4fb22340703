"""Passages that say the same in the same words are shown once, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.answer import Citation
from assistant.desk import Desk
from ui.desks.parts.cards import card
from ui.schema.answers import citation_of
from ui.wording import also_in

MakeDesk = Callable[[Mapping[str, str]], Desk]

BODY = (
    "The operative note names the probe, the side and the freeze time in minutes. It is signed on "
    "the day of the procedure, and a copy goes to the billing office before the claim is sent. "
)
QUESTION = "what does the operative note name and when is it signed"


def _document(body: str = BODY, *, title: str = "Notes", **metadata: str) -> str:
    known = "".join(f"{name}: {value}\n" for name, value in metadata.items())
    return f"---\ntitle: {title}\n{known}---\n# {title}\n\n{body}\n"


@pytest.fixture(scope="module")
def found(desk_of: MakeDesk) -> list[Citation]:
    desk = desk_of(
        {
            "first.md": _document(payer="Hillside", kind="guide"),
            "same.md": _document(title="What a note holds", payer="Hillside", kind="guide"),
            "nearly.md": _document(
                BODY.replace("a copy", "one copy"), payer="Hillside", kind="guide"
            ),
            "payer.md": _document(payer="Lakeside", kind="guide"),
            "dated.md": _document(payer="Hillside", kind="guide", effective="2020-01-01"),
            "denied.md": _document(
                BODY.replace("is signed", "is not signed"), payer="Hillside", kind="guide"
            ),
            "number.md": _document(
                BODY.replace("minutes.", "minutes, 8 at least."), payer="Hillside", kind="guide"
            ),
            "other.md": _document("Parking is free of charge.", payer="Hillside", kind="guide"),
        }
    )
    return list(desk.ask(QUESTION, k=10).citations)


def _names(citation: Citation) -> set[str]:
    return {citation.version.document, *(also.version.document for also in citation.also_in)}


def test_documents_with_the_same_words_share_one_place_and_are_all_named(
    found: list[Citation],
) -> None:
    (shared,) = (citation for citation in found if citation.also_in)
    assert _names(shared) == {"small/first.md", "small/same.md", "small/nearly.md"}


@pytest.mark.parametrize("name", ["payer", "dated", "denied", "number", "other"])
def test_another_payer_date_number_or_a_not_keeps_its_own_place(
    found: list[Citation], name: str
) -> None:
    (own,) = (c for c in found if c.version.document == f"small/{name}.md")
    assert own.also_in == ()


def test_ranks_have_no_holes_and_no_document_is_lost(found: list[Citation]) -> None:
    assert [citation.rank for citation in found] == list(range(1, len(found) + 1))
    assert len(set().union(*map(_names, found))) == 8


def test_the_json_names_the_documents_with_their_place(found: list[Citation]) -> None:
    (shared,) = (citation for citation in found if citation.also_in)
    for also in citation_of(shared).also_in:
        assert also.id.startswith("small/")
        assert also.span.start < also.span.end


def test_the_page_and_the_export_name_them_too(found: list[Citation]) -> None:
    (shared,) = (citation for citation in found if citation.also_in)
    named = also_in(shared)
    assert {name.strip() for name in named.split(";")} == {
        also.version.document for also in shared.also_in
    }
    facts = {fact["label"]: fact["text"] for fact in card(shared, link="")["facts"]}
    assert facts["Same words in"] == named
    assert all("Same words in" not in fact["label"] for fact in card(found[-1], link="")["facts"])
