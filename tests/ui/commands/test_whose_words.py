"""A summary says on every face whose words it is, and is never quoted as the payer's."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from assistant.answer import Citation
from assistant.desk import Desk
from assistant.policies.listing import list_code
from assistant.policies.matrix import matrix
from corpus.document import Metadata
from index.filters import Filters
from index.home import Home
from ui.desks.parts.cards import card
from ui.desks.parts.papers import sheet_of
from ui.desks.search.listings import listing_data, matrix_data
from ui.exports.results import Asking, export
from ui.paper.word import packet_docx
from ui.wording import whose_words

pytestmark = pytest.mark.xdist_group("commands-whose-words")
ON = date(2026, 11, 28)
ASKING = Asking("0581T", "", "2026-11-28T00:00:00+00:00")
OURS = "Summary by the Codedesk library of Alpha 77"
SENTENCE = "0581T is not covered"


def document(payer: str, **fields: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return (
        f"---\ntitle: {payer} on freezing\npayer: {payer}\nkind: policy\n{head}---\n"
        f"# {payer} on freezing\n\n{SENTENCE} by {payer} for tumors of the breast.\n"
    )


@pytest.fixture(scope="module")
def told(command: Any) -> Any:
    command.write(
        "a.md",
        document("Alpha", number='"77"', written_by="Codedesk library", about="Alpha"),
    )
    command.write("b.md", document("Beta", written_by="Beta"))
    command.write("c.md", document("Gamma"))
    command.write("old.md", document("Delta", effective="2016-06-20", copy_of="2016-06-20"))
    command.sync()
    return command


@pytest.fixture(scope="module")
def desk(told: Any) -> Iterator[Desk]:
    yield Desk(Home(told.home))


def cited(desk: Desk, payer: str) -> Citation:
    found = desk.search("is 0581T covered", Filters(on=ON, payers=(payer,)), k=1)
    return found.citations[0]


def test_the_card_says_so_and_a_payers_own_or_unknown_words_are_left_alone(desk: Desk) -> None:
    ours = card(cited(desk, "Alpha"), link="")
    assert OURS in [chip["text"] for chip in ours["chips"]]
    assert {"label": "Words", "text": OURS, "tone": ""} in ours["facts"]
    for payer in ("Beta", "Gamma"):
        other = card(cited(desk, payer), link="")
        assert "Summary" not in json.dumps(other)


def test_a_copied_summary_is_not_put_into_quotation_marks(desk: Desk) -> None:
    ours = card(cited(desk, "Alpha"), link="")
    assert ours["plain"].startswith(f"{OURS}:\n")
    assert "“" not in ours["plain"]
    assert ours["plain"].count(OURS) == 2, "above the words and in the reference"
    assert not any(line.startswith(">") for line in ours["markdown"].splitlines())
    assert ours["markdown"].startswith(f"{OURS}:")
    theirs = card(cited(desk, "Beta"), link="")
    assert theirs["plain"].startswith("“")
    assert "> " in theirs["markdown"]


def test_every_export_tells_who_wrote_and_about_whom(desk: Desk) -> None:
    answer = desk.search("is 0581T covered", Filters(on=ON, payers=("Alpha",)), k=1)
    row = next(csv.DictReader(io.StringIO(export(answer, "csv").decode("utf-8-sig"))))
    assert (row["written_by"], row["about"]) == ("Codedesk library", "Alpha")
    head, first, *_ = load_workbook(io.BytesIO(export(answer, "xlsx"))).active.iter_rows(
        values_only=True
    )
    assert dict(zip(head, first, strict=True))["written_by"] == "Codedesk library"
    assert OURS in export(answer, "md", asking=ASKING).decode()
    document = json.loads(export(answer, "json"))["citations"][0]["document"]
    assert (document["written_by"], document["about"]) == ("Codedesk library", "Alpha")


def test_no_word_document_makes_a_quotation_of_a_summary(desk: Desk) -> None:
    for payer, style, head in (("Alpha", "Normal", f"{OURS}:"), ("Beta", "Quote", None)):
        answer = desk.search("is 0581T covered", Filters(on=ON, payers=(payer,)), k=1)
        sheet = sheet_of(answer, [1], address="")
        paper = packet_docx([sheet], {}, printed=ON, address="")
        for made in (export(answer, "docx", asking=ASKING), paper):
            paragraphs = Document(io.BytesIO(made)).paragraphs
            (said,) = [one for one in paragraphs if SENTENCE in one.text]
            assert said.style.name == style
            assert head is None or head in [one.text for one in paragraphs]


def test_the_listing_and_the_matrix_of_the_page_say_so(desk: Desk) -> None:
    listing = listing_data(list_code(desk.library, "0581T", Filters(on=ON)))
    payers = matrix_data(matrix(desk.library, "0581T", Filters(on=ON)))
    chips = {
        group["title"]: [chip["text"] for chip in group["chips"]] for group in listing["groups"]
    }
    assert OURS in chips["Alpha on freezing"]
    assert not any("Summary" in text for text in chips["Beta on freezing"])
    lines = {group["title"]: json.dumps(group["entries"]) for group in payers["groups"]}
    assert OURS in lines["Alpha"]
    assert "Summary" not in lines["Beta"]


def test_the_terminal_says_so_and_quotes_only_what_may_be_the_payers(told: Any) -> None:
    for arguments in (("search", "0581T", "--payer", "Alpha"), ("code", "0581T")):
        assert told.run(*arguments).returncode == 0
    ask = " ".join(told.run("ask", "does Alpha cover 0581T").stdout.decode().split())
    assert OURS in ask
    assert OURS in " ".join(told.output("code", "0581T").split())
    shown = " ".join(told.output("matrix", "0581T").split())
    assert OURS in shown
    assert f"“{SENTENCE} by Beta" in shown
    assert f"“{SENTENCE} by Alpha" not in shown
    assert f"{SENTENCE} by Alpha" in shown
    assert OURS in told.output("show", "a.md")


@pytest.mark.parametrize("name", ["code", "matrix"])
@pytest.mark.parametrize("kind", ["csv", "md"])
def test_tables_of_the_terminal_have_both_columns(told: Any, name: str, kind: str) -> None:
    text = told.output(name, "0581T", "--format", kind)
    assert "written_by" in text.replace("\\", "").splitlines()[0]
    assert "Codedesk library" in text


def test_a_payer_is_found_by_its_name_though_the_words_are_not_its_own(told: Any) -> None:
    found = told.json("search", "0581T", "--payer", "alpha")
    assert [one["document"]["payer"] for one in found["citations"]] == ["Alpha"]


def test_an_old_copy_is_in_force_no_later_than_its_text(told: Any, desk: Desk) -> None:
    def status(day: str) -> str:
        found = told.json("search", "0581T", "--payer", "Delta", "--as-of", day)
        return str(found["citations"][0]["document"]["status"])

    assert status("2016-06-20") == "in_force"
    assert status("2016-06-21") == "undated"
    assert [chip["text"] for chip in card(cited(desk, "Delta"), link="")["chips"]][-1] == (
        "Copy of 2016"
    )
    said = "opy of 2016, later text not looked up"
    assert said in card(cited(desk, "Delta"), link="")["plain"]
    for arguments in (("code", "0581T"), ("matrix", "0581T"), ("show", "old.md")):
        assert said in " ".join(told.output(*arguments).split())
    assert said in told.output("matrix", "0581T", "--format", "csv")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"payer": "Alpha", "written_by": "alpha"}, ""),
        ({"about": "FDA", "written_by": "FDA", "payer": "Alpha"}, ""),
        ({"written_by": "Jane Smith"}, "Written by Jane Smith"),
        (
            {"written_by": "Jane Smith", "about": "Alpha"},
            "Summary by Jane Smith, about Alpha",
        ),
    ],
)
def test_whose_words_comes_from_the_fields(fields: dict[str, str], said: str) -> None:
    assert whose_words(Metadata(title="T", **fields)) == said
