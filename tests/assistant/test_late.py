"""A desk without late interaction: what it leaves out, and that it still finds and judges."""

from __future__ import annotations

from pathlib import Path

from assistant.desk import Desk
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

DOCUMENTS = {
    "bill.md": "# Billing\n\nThe facility bills 0581T once for each breast on the claim form.\n",
    "park.md": "# Parking\n\nVisitors park behind the hall and pay at the gate.\n",
}


def test_a_desk_without_late_interaction_looks_at_no_tokens_and_finds_the_same_passage(
    tmp_path: Path, models: Path, embedder: Embedder
) -> None:
    home = Home(tmp_path / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    library = tmp_path / "library"
    library.mkdir()
    for name, text in DOCUMENTS.items():
        (library / name).write_text(text, "utf-8")
    sync(home, [("d", library)], embedder=lambda: embedder, settings=SyncSettings(workers=1))
    question = "where do visitors park"
    full, quick = (Desk(home, late=late).ask(question) for late in (True, False))
    assert {citation.why.late is None for citation in full.citations} == {False}
    assert {citation.why.late for citation in quick.citations} == {None}
    assert quick.citations[0].passage == full.citations[0].passage
    assert quick.citations[0].version.document == "d/park.md"
    assert quick.verdict == full.verdict
