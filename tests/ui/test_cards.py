"""Passages as the pages show them."""

from __future__ import annotations

from pathlib import Path

from small_library import make_home

from assistant.desk import Desk
from index.home import Home
from ui.desks.ask.replies import searched_sentences
from ui.desks.parts.cards import card

FILLING = "".join(
    f"{number},Repair of the elbow,T,5112,$1800.10,*\n" for number in range(24300, 24340)
)
SHEET = f"""HCPCS Code,Short Descriptor,SI,APC,Payment Rate,Note
{FILLING}27446,Revision of knee joint,J1,5115,$13048.08,*
27447,Total knee arthroplasty,J1,,$13048.08
27448,Incision of thigh,C
"""


def test_a_row_whose_last_cells_are_blank_stands_under_the_names_of_its_columns(
    tmp_path: Path, models: Path
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "addendum.csv").write_text(SHEET, "utf-8")
    desk = Desk(Home(make_home(tmp_path / "desk", models, tmp_path / "documents")))
    found = desk.search("total knee arthroplasty", k=1)
    [cited] = found.citations
    shown = [
        {
            name: "".join(part["text"] for part in cell)
            for name, cell in zip(block["columns"], block["cells"], strict=False)
        }
        for block in card(cited, link="")["blocks"]
        if block["kind"] == "row"
    ]
    desk.close()
    rows = {row["HCPCS Code"]: row for row in shown}
    assert rows["27448"]["SI"] == "C" and "APC" not in rows["27448"]
    assert rows["27447"]["Payment Rate"].strip() == "$13048.08"
    assert rows["27447"]["APC"].strip() == ""
    assert "Note" not in rows["27447"]
    assert " of 1 document in force" in searched_sentences(found)[0]
