"""The answer of a day: a file replaced by new bytes, and the status said on every citation."""

from __future__ import annotations

import io
from typing import Any

import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

# One process of tests for the file: its library is made once.
pytestmark = pytest.mark.xdist_group("commands-versions")
QUESTION = "does Lakeside cover cryoablation of breast cancer 0581T"


def lakeside(position: str, effective: str) -> str:
    return (
        f"---\npayer: Lakeside\nkind: policy\nnumber: 'LK-77'\neffective: {effective}\n---\n"
        "# Lakeside policy LK-77\n\n## Does Lakeside cover cryoablation?\n\n"
        f"Lakeside holds that cryoablation of breast cancer with 0581T is {position}.\n"
    )


def bulletin() -> bytes:
    """Two pages; the second states from when it is in force."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=letter)
    for lines in (
        ("Hillcrest bulletin on breast ablation", "Hillcrest pays for 0581T in a registry."),
        ("Effective Date: October 16, 2025", "Call the medical director with questions."),
    ):
        for at, line in enumerate(lines):
            page.drawString(72, 700 - 30 * at, line)
        page.showPage()
    page.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def desk(command: Any) -> Any:
    command.write("lakeside.md", lakeside("investigational", "2020-01-01"))
    command.write("later.md", lakeside("under review", "2999-01-01").replace("LK-77", "LK-78"))
    command.write("undated.md", "# Notes\n\nSome payers ask about 0581T and cryoablation.\n")
    command.write("hillcrest.pdf", bulletin())
    first = command.sync()
    assert len(first["added"]) == 4, first
    command.write("lakeside.md", lakeside("covered with prior authorization", "2025-03-01"))
    second = command.sync()
    assert second["changed"] == ["policies/lakeside.md"], second
    assert second["unchanged"] == 3
    return command


def of_lakeside(answer: Any) -> Any:
    return next(c for c in answer["citations"] if c["document"]["id"] == "policies/lakeside.md")


def ask(desk: Any, *options: str) -> Any:
    return desk.json("search", QUESTION, *options)


def test_today_the_new_version_answers(desk: Any) -> None:
    citation = of_lakeside(ask(desk))
    assert "covered with prior authorization" in citation["text"]
    assert citation["document"]["version"] == 2
    assert citation["document"]["status"] == "in_force"


def test_on_an_earlier_day_the_old_version_answers_and_says_when_it_ended(desk: Any) -> None:
    answer = ask(desk, "--as-of", "2022-06-30")
    citation = of_lakeside(answer)
    assert "investigational" in citation["text"]
    assert answer["as_of"] == "2022-06-30"
    about = citation["document"]
    assert (about["version"], about["status"], about["retired"]) == (1, "in_force", "2025-03-01")
    assert about["superseded"]
    assert "2025-03-01" in desk.output("search", QUESTION, "--as-of", "2022-06-30")


def test_the_day_a_version_comes_into_force_is_its_first(desk: Any) -> None:
    for day, version in (("2025-02-28", 1), ("2025-03-01", 2)):
        assert of_lakeside(ask(desk, "--as-of", day))["document"]["version"] == version


def test_before_any_version_nothing_of_it_answers(desk: Any) -> None:
    found = {c["document"]["id"] for c in ask(desk, "--as-of", "2019-12-31")["citations"]}
    assert "policies/lakeside.md" not in found


def test_ask_answers_from_the_version_of_the_day(desk: Any) -> None:
    done = desk.run("ask", QUESTION, "--as-of", "2022-06-30", "--payer", "Lakeside", "--json")
    assert done.returncode in (0, 4)
    assert b"investigational" in done.stdout
    assert b"covered with prior authorization" not in done.stdout


def test_retired_future_and_undated_are_said_on_every_citation(desk: Any) -> None:
    citations = ask(desk, "--all-versions")["citations"]
    status = {(c["document"]["id"], c["document"]["version"]): c["document"]["status"]
              for c in citations}  # fmt: skip
    assert status["policies/lakeside.md", 1] == "retired"
    assert status["policies/lakeside.md", 2] == "in_force"
    assert status["policies/later.md", 1] == "future"
    assert status["policies/undated.md", 1] == "undated"
    words = " ".join(desk.output("search", QUESTION, "--all-versions").split())
    for said in ("superseded", "not yet in", "undated"):
        assert said in words


def test_a_date_found_in_the_text_is_unconfirmed_with_its_sentence_and_page(desk: Any) -> None:
    citations = desk.json("search", "Hillcrest registry 0581T")["citations"]
    about = next(c["document"] for c in citations if c["document"]["id"].endswith("hillcrest.pdf"))
    assert about["effective"] == "2025-10-16"
    assert about["unconfirmed"] == [
        {
            "field": "effective",
            "value": "2025-10-16",
            "sentence": "Effective Date: October 16, 2025",
            "page": 2,
        }
    ]
    listed = desk.output("code", "0581T", "--format", "csv")
    assert "date found in the text, not confirmed" in listed


def test_a_date_that_a_person_gave_is_not_marked(desk: Any) -> None:
    assert of_lakeside(ask(desk))["document"]["unconfirmed"] == []
