"""`codedesk code`, `diff`, `changes` and `matrix`, as people and scripts run them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

# One process of tests for the file: its library is made once.
pytestmark = pytest.mark.xdist_group("commands-codes")
FORMULA = '=HYPERLINK("http://evil.example";"0581T")'


def policy(payer: str, body: str, **metadata: str) -> str:
    about = "".join(f"{name}: {value}\n" for name, value in metadata.items())
    return f"---\npayer: {payer}\nkind: policy\n{about}---\n# {payer} policy\n\n{body}\n"


@pytest.fixture(scope="module")
def desk(command: Any) -> Any:
    command.write("a.md", policy("Alpha", "0581T is investigational.", effective="2020-01-01"))
    command.write("b.md", policy("Beta", "Codes 0500T-0599T are not covered."))
    command.write("c.md", policy("Gamma", "All Category III codes are unproven."))
    command.write("d.md", policy('"=1+1"', f"{FORMULA} is covered."))
    rates = "| Code | Paid |\n|---|---|\n| 19105 | 900 |\n| 19120 | 20 |\n"
    denied = "| Code | Denied |\n|---|---|\n| 19120 | 3 |\n| 19105 | 41 |\n"
    command.write("t.md", policy("Theta", f"{rates}\n## Denials\n\n{denied}"))
    command.write("e.md", policy("Epsilon", "Knees and 27447."))
    command.sync()
    command.write(
        "a.md",
        policy("Alpha", "0581T is covered.\n\nReport C2618 as well.", effective="2025-01-01"),
    )
    (command.folder / "e.md").unlink()
    command.sync()
    return command


def test_code_lists_exact_before_range_before_blanket(desk: Any) -> None:
    listing = desk.json("code", "o581t")
    assert (listing["code"], listing["slip"]) == ("0581T", True)
    named = [entry["passages"][0]["named"] for entry in listing["documents"]]
    assert named == [
        "exact",
        "exact",
        "by the range 0500T-0599T",
        "by the rule on all Category III codes",
    ]
    assert listing["counts"]["exact"] == 2
    first = listing["documents"][1]["passages"][0]
    assert first["sentence"] == "0581T is covered."
    assert first["verified"]


def test_code_in_the_terminal_tells_payer_sentence_and_slip(desk: Any) -> None:
    shown = " ".join(desk.output("code", "O581T").split())
    assert "“O581T” was read as 0581T" in shown
    assert "[by the range 0500T-0599T]" in shown
    assert "See also (not listed above)" in shown


def test_code_in_the_terminal_names_the_columns_of_a_row(desk: Any) -> None:
    shown = " ".join(desk.output("code", "19105", "--payer", "Theta").split())
    assert "columns: Code | Paid [exact] 19105 | 900" in shown
    assert "columns: Code | Denied [exact] Denials: 19105 | 41" in shown


def test_code_as_of_a_day_and_with_filters(desk: Any) -> None:
    then = desk.json("code", "0581T", "--as-of", "2021-01-01", "--payer", "alpha")
    (entry,) = then["documents"]
    assert entry["document"]["version"] == 1
    assert entry["passages"][0]["sentence"] == "0581T is investigational."
    every = desk.json("code", "0581T", "--payer", "Alpha", "--all-versions")
    assert [entry["document"]["version"] for entry in every["documents"]] == [2, 1]


@pytest.mark.trust(20)
def test_csv_and_xlsx_hold_the_same_rows_and_no_formula(desk: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.output("code", "0581T", "--format", "csv"))))
    done = desk.run("code", "0581T", "--format", "xlsx")
    sheet = load_workbook(io.BytesIO(done.stdout)).active
    assert sheet.max_row == len(rows) + 1 == 5
    for cells in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in cells)
    hostile = next(row for row in rows if row["payer"].endswith("1+1"))
    assert hostile["payer"] == "'=1+1"
    assert all(not value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_markdown_is_a_table_whose_text_has_no_markup(desk: Any) -> None:
    lines = desk.output("code", "0581T", "--format", "md").splitlines()
    assert lines[0].startswith("| payer | document | title |")
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1


def test_a_code_that_nothing_names_is_an_empty_list_with_its_columns(desk: Any) -> None:
    assert desk.json("code", "19301")["documents"] == []
    assert desk.output("code", "19301", "--format", "csv").startswith("payer,document,title,")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("code", "banana"), 1, "is no code"),
        (("code", "0581T", "--format", "pdf"), 2, "--format is"),
        (("code", "0581T", "--as-of", "someday"), 2, "is no date"),
        (("code", "0581T", "--kind", "novel"), 2, "is no kind"),
        (("diff", "b.md"), 1, "has one version only"),
        (("diff", "nothing.md"), 1, "No document is called"),
        (("changes", "--since", "someday"), 2, "is no date"),
        (("changes",), 2, "--since"),
        (("matrix", "banana"), 1, "is no code"),
    ],
)
def test_errors_are_sentences_on_standard_error_with_the_contract_s_codes(
    desk: Any, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    done = desk.run(*arguments)
    assert done.returncode == exit_code
    assert done.stdout == b""
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_diff_tells_words_codes_and_dates_in_three_ways(desk: Any) -> None:
    found = desk.json("diff", "a.md")
    assert (found["from"]["version"], found["to"]["version"]) == (1, 2)
    assert [part["text"] for part in found["added"]] == ["Report C2618 as well."]
    assert [code["code"] for code in found["codes_added"]] == ["C2618"]
    assert found["dates"] == [
        {"field": "effective", "from": "2020-01-01", "to": "2025-01-01", "confirmed": True}
    ]
    (changed,) = found["changed"]
    assert {"what": "removed", "text": " investigational."} in changed["words"]
    shown = desk.output("diff", "a.md")
    assert "[-investigational.-]{+covered.+}" in shown.replace(" ", "").replace("\n", "")
    marked = desk.output("diff", "a.md", "--from", "1", "--to", "2", "--format", "md")
    assert "~~investigational.~~ **covered.**" in marked


def test_changes_tells_by_payer_what_came_changed_and_went(desk: Any) -> None:
    found = desk.json("changes", "--since", "2024-12-31")
    by_payer = {held["payer"]: held for held in found["payers"]}
    alpha = {change["what"]: change for change in by_payer["Alpha"]["changes"]}
    assert set(alpha) == {"added", "changed", "in_force", "ended"}
    assert alpha["changed"]["codes_added"] == ["C2618"]
    assert alpha["in_force"]["on"] == alpha["ended"]["on"] == "2025-01-01"
    (gone,) = [c for c in by_payer["Epsilon"]["changes"] if c["what"] == "removed"]
    assert (gone["document"], gone["codes"], gone["title"]) == ("policies/e.md", ["27447"], None)
    assert "removed" in desk.output("changes", "--since", "2024-12-31")


def test_matrix_quotes_each_payer_and_says_where_there_is_nothing(desk: Any) -> None:
    found = desk.json("matrix", "0581T")
    rows = {row["payer"]: row for row in found["payers"]}
    (alpha,) = rows["Alpha"]["policies"]
    (quote,) = alpha["quotes"]
    assert quote["text"] == "0581T is covered."
    assert [word["text"] for word in quote["words"]] == ["covered"]
    assert quote["verified"]
    assert "says" not in str(found)  # a side is used to flag, and never told as a position
    assert rows["Aetna"]["note"] == "The library has no document of this payer."
    then = desk.json("matrix", "0581T", "--as-of", "2021-01-01")
    alpha_then = next(row for row in then["payers"] if row["payer"] == "Alpha")
    assert alpha_then["policies"][0]["quotes"][0]["text"] == "0581T is investigational."


def test_matrix_in_every_format(desk: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.output("matrix", "0581T", "--format", "csv"))))
    quoted = {row["payer"]: row["position"] for row in rows}
    assert quoted["Gamma"] == "All Category III codes are unproven."
    assert quoted["Aetna"] == ""
    sheet = load_workbook(io.BytesIO(desk.run("matrix", "0581T", "--format", "xlsx").stdout)).active
    assert sheet.max_row == len(rows) + 1
    assert desk.output("matrix", "0581T", "--format", "md").startswith("| payer | policy |")
    shown = " ".join(desk.output("matrix", "0581T").split())
    assert "The library has no" in shown
