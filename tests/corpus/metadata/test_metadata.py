"""Metadata: a person's before the file's own, checked before it is believed."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.document import Metadata
from corpus.errors import BadMetadata
from corpus.metadata.filling import with_found_dates
from corpus.reading import messages

SIDECAR = """
title = "Breast cryoablation"
payer = "Aetna"
kind = "policy"
number = "CPB 0881"
effective = 2024-10-16
reviewed = "2025-01-02"
codes = ["0581T", "19105"]
owner = "Jo"
"""


def test_a_sidecar_fills_every_field_and_keeps_what_is_unknown(read):
    metadata = read("a.md", "# Other title\n\ntext", sidecar=SIDECAR).metadata
    assert metadata == Metadata(
        title="Breast cryoablation",
        payer="Aetna",
        kind="policy",
        number="CPB 0881",
        effective=date(2024, 10, 16),
        reviewed=date(2025, 1, 2),
        codes=("0581T", "19105"),
        extra={"owner": "Jo"},
    )


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: From the head\neffective: 2024-01-31\n---\n",
        '+++\ntitle = "From the head"\neffective = 2024-01-31\n+++\n',
        "---\r\ntitle: From the head\r\neffective: '2024-01-31'\r\n---\r\n",
    ],
)
def test_front_matter_is_metadata_and_not_text(read, head):
    document = read("a.md", head + "# Heading\n\ntext")
    assert document.metadata.title == "From the head"
    assert document.metadata.effective == date(2024, 1, 31)
    assert document.text == "Heading\n\ntext"


def test_a_sidecar_goes_before_front_matter_and_both_before_the_text(read):
    document = read(
        "a.md",
        "---\ntitle: head\npayer: Cigna\n---\n# Text\n\nEffective date: January 5, 2020",
        sidecar='title = "sidecar"\neffective = 2021-01-01\n',
    )
    assert (document.metadata.title, document.metadata.payer) == ("sidecar", "Cigna")
    assert document.metadata.effective == date(2021, 1, 1)
    assert document.metadata.found == ()


def test_a_date_of_the_text_keeps_its_sentence(read):
    metadata = read("a.md", "# Policy\n\nEffective date: January 5, 2020\n").metadata
    assert metadata.effective == date(2020, 1, 5)
    assert [found.field for found in metadata.found] == ["effective"]
    assert "January 5, 2020" in metadata.found[0].sentence


def test_a_short_sidecar_name_is_found_too(read, tmp_path):
    (tmp_path / "a.meta.toml").write_text('payer = "Humana"')
    assert read("a.md", "text").metadata.payer == "Humana"


def test_a_rule_at_the_top_of_a_text_is_not_front_matter(read):
    assert read("a.md", "---\n\nJust prose here.\n\n---\n\nMore.").text.startswith("Just prose")


@pytest.mark.parametrize(
    ("sidecar", "words"),
    [
        ('kind = "memo"', "write one of policy, rule, guide"),
        ('effective = "31.1.2025"', "YYYY-MM-DD"),
        ('effective = "2025-02-30"', "no date"),
        ("effective = 2025", "YYYY-MM-DD"),
        ("effective = 2025-02-01\nretired = 2025-01-01", "is after"),
        ('codes = "0581T"\ntitle = 5.5', "`title` must be text"),
        ("codes = [1, 2]", "list of texts"),
        ("title = ", "not valid TOML"),
        ('title = "' + "x" * 300_000 + '"', "longer than"),
    ],
)
def test_metadata_that_cannot_be_right_names_the_field_and_what_to_write(read, sidecar, words):
    with pytest.raises(BadMetadata, match=words):
        read("a.md", "text", sidecar=sidecar)


@pytest.mark.parametrize(
    "head",
    [
        "---\na: &x [1,1]\nb: [*x,*x]\n---\n",
        "---\na: " + "[" * 50 + "]" * 50 + "\n---\n",
        "---\ntitle: [unclosed\n---\n",
        '---\nx: !!python/object/apply:os.system ["true"]\n---\n',
    ],
)
def test_hostile_or_broken_front_matter_is_refused(read, head):
    with pytest.raises(BadMetadata):
        read("a.md", head + "text")


def test_a_misspelt_field_is_told(read):
    document = read("a.md", "text", sidecar="efective = 2025-01-01")
    assert "did you mean `effective`" in document.warnings[0]


def test_a_found_date_that_would_end_before_it_begins_is_left_out(read):
    document = read("a.md", "# P\n\nEffective date: January 5, 2020\n\nEnd date: January 5, 2019\n")
    filled = with_found_dates(document.metadata, document.metadata.found)
    assert filled.effective == date(2020, 1, 5) and filled.retired is None


def test_a_document_survives_the_wire(read, docx_file):
    for document in (
        read(
            "a.md",
            "---\nkeys: {a: [1, 2]}\n---\n# P\n\nEffective date: May 5, 2020 ·",
            sidecar=SIDECAR,
        ),
        read("b.docx", docx_file),
    ):
        told = messages.answer_in(messages.line(messages.Read.of(document)))
        assert isinstance(told, messages.Read) and told.whole() == document


def test_an_answer_of_a_reading_process_that_is_none_is_refused(read):
    whole = messages.line(messages.Read.of(read("a.csv", "Code,Note\n0581T,yes\n19105,no\n")))
    nested = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    for told in (
        b'{"id": 1}\n',
        whole[: len(whole) // 2],
        whole.replace(b'"sha256":"', b'"sha256":5,"was":"'),
        whole.replace(b'"extra":{}', b'"extra":' + nested),
        whole.replace(b'"read"', b'"written"'),
        b"\xff" + whole,
    ):
        with pytest.raises(ValueError, match="not an answer"):
            messages.answer_in(told)


def test_blocks_that_cannot_be_are_refused(read):
    whole = messages.line(messages.Read.of(read("a.csv", "Code,Note\n0581T,yes\n")))
    for part, other in (('["row",0,', '["row",90000,'), ('"headers":["', '"headers":[],"was":["')):
        assert part.encode() in whole
        told = messages.answer_in(whole.replace(part.encode(), other.encode()))
        with pytest.raises(ValueError, match=r"not a span|a header that is not there"):
            told.whole()


def test_what_json_cannot_hold_is_kept_in_the_extra_fields_as_text(read):
    head = '---\nlimit: .inf\nhalf: "\\uD800"\nbig: 0x%s\n---\n' % ("f" * 5000)
    document = read("a.md", head + "# P\n\ntext")
    assert document.metadata.extra == {"limit": "inf", "half": "\ufffd", "big": "0x" + "f" * 5000}
    told = messages.answer_in(messages.line(messages.Read.of(document)))
    assert isinstance(told, messages.Read) and told.whole() == document
