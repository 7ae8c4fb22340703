"""What waits for a person, what accepting it says, and where its evidence stands."""

from __future__ import annotations

from datetime import date

from corpus.document import Block, BlockKind, Document, FoundDate, FoundText, Metadata, Page, Span
from ui.confirming.queue import open_fields, places_of

TEXT = "Title\n\nPolicy Number:  RH-12\n\fPolicy Number: RH-12 again"


def _document(metadata: Metadata) -> Document:
    block = Block(BlockKind.PARAGRAPH, Span(0, len(TEXT)))
    pages = (Page(1, 0), Page(2, TEXT.index("\f") + 1))
    return Document("d", "0" * 64, "pdf", TEXT, (block,), pages, metadata)


def _found(field: str, value: str, sure: float = 0.9, **more: bool) -> FoundText:
    return FoundText(field, value, f"Says {value}.", 1, sure, **more)


def test_a_value_in_use_waits_until_somebody_confirms_it_and_a_doubtful_one_is_only_perhaps_so():
    metadata = Metadata(
        "Title",
        payer="Riverside",
        number="RH-12",
        effective=date(2025, 3, 1),
        found=(FoundDate("effective", date(2025, 3, 1), "Effective March 1, 2025.", 1),),
        stated=(_found("payer", "Riverside"), _found("number", "RH-12", confirmed=True)),
        doubtful=(_found("kind", "policy", 0.5), _found("payer", "Lakeside", 0.4)),
    )
    fields = {one.field: one for one in open_fields(metadata, {})}
    assert {name: (one.value, one.perhaps) for name, one in fields.items()} == {
        "kind": (None, ("policy",)),
        "payer": ("Riverside", ()),
        "effective": ("2025-03-01", ()),
    }
    said = {"payer": "Riverside", "kind": None}
    assert [one.field for one in open_fields(metadata, said)] == ["effective"]


def test_what_a_person_gave_is_not_asked_again_because_something_else_was_found_too():
    metadata = Metadata("T", payer="Given", doubtful=(_found("payer", "Other", 0.5),))
    assert list(open_fields(metadata, {})) == []


def test_a_title_that_is_used_though_it_is_doubtful_waits_too():
    metadata = Metadata("Ablation", doubtful=(_found("title", "Ablation", 0.5),))
    [title] = open_fields(metadata, {})
    assert (title.value, title.perhaps) == ("Ablation", ())


def test_evidence_is_placed_on_its_own_page_whatever_blanks_stand_between_its_words():
    document = _document(Metadata("Title"))
    first = FoundText("number", "RH-12", "Policy Number: RH-12", 1)
    second = FoundText("number", "RH-12", "Policy Number: RH-12", 2)
    nowhere = FoundText("title", "x", "Title of the file: x", None)
    assert [TEXT[a:b] for a, b in places_of(document, [second, nowhere, first])] == [
        "Policy Number:  RH-12",
        "Policy Number: RH-12",
    ]
