"""The file of records under several connections and several processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ui.state.records import Records
from ui.state.searches import NameTaken


def test_a_connection_outlives_others_of_its_process_and_of_another(kept: Path) -> None:
    """One that is closed must not make the file look as if nobody had it open: another process
    would clear away what the rest still write to."""
    first = Records(kept)
    first.save("all", address={"q": "authorization"}, generation=1, seen=[])
    Records(kept).close()
    script = (
        "import sys; from pathlib import Path; from ui.state.records import Records\n"
        "other = Records(Path(sys.argv[1])); other.audit('looked'); other.close()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(kept)], check=True, timeout=60)
    Records(kept).save("more", address={"q": "units"}, generation=1, seen=[])
    assert [saved.name for saved in first.saved()] == ["all", "more"]
    assert [one.action for one in first.audited()] == ["looked"]


def test_the_records_are_for_their_owner_only(home: Path):
    Records(home).audit("test")
    assert (home / "desk.sqlite3").stat().st_mode & 0o077 == 0


def test_a_name_that_another_search_has_is_refused_and_that_search_stays(kept: Path) -> None:
    records = Records(kept)
    records.save("weekly", address={"q": "authorization"}, generation=1, seen=["a"])
    with pytest.raises(NameTaken, match="weekly"):
        records.save("weekly", address={"q": "units"}, generation=2, seen=[])
    assert [one.address for one in records.saved()] == [{"q": "authorization"}]
    records.save("weekly", address={"q": "authorization"}, generation=2, seen=["b"])
    assert [(one.generation, one.seen) for one in records.saved()] == [(2, frozenset("b"))]


def test_what_was_deleted_is_not_brought_back_by_being_seen(kept: Path) -> None:
    records = Records(kept)
    records.save("weekly", address={"q": "authorization"}, generation=1, seen=[])
    records.unsave("weekly")
    records.mark_seen("weekly", generation=2, seen=["a"])
    assert records.saved() == []


@pytest.mark.trust(22)
def test_no_record_holds_a_patient_whatever_is_handed_to_it(tmp_path: Path) -> None:
    records, secret = Records(tmp_path), "00482913"
    text = f"0581T for MRN {secret}"
    records.audit("export", query=text, chosen=[text], inner={"filter": text})
    records.add_question(
        "0581T", verdict="weak", generation=1, as_of="", filters={"payers": [text]}, seconds=0.1
    )
    records.save(text, address={"q": text, "payer": [text]}, generation=1, seen=[])
    records.close()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"0581T" in held and secret.encode() not in held


def test_a_person_has_one_vote_for_a_passage_of_an_answer_and_the_last_counts(kept):
    records = Records(kept)
    for person, good in (("me", False), ("other", False), ("me", True), ("me", True)):
        records.rate(
            "q", document="d", good=good, reason=None, generation=1, person=person, place="0"
        )
    assert records.rated("q", person="me") == {("d", "0"): True}
    assert [lack.times for lack in records.lacking()] == [1]


def test_recent_questions_are_a_persons_own(kept):
    records = Records(kept)
    for person in ("me", "other"):
        records.add_question(
            f"asked by {person}",
            verdict="weak",
            generation=1,
            as_of="",
            filters={},
            seconds=0,
            person=person,
        )
    assert [one.question for one in records.recent("me")] == ["asked by me"]
    assert len(records.questions()) == 2


def test_a_file_of_an_earlier_version_gets_the_columns_it_lacks(tmp_path):
    with closing(sqlite3.connect(tmp_path / "desk.sqlite3")) as old:
        old.execute(
            "CREATE TABLE feedback (id INTEGER PRIMARY KEY, at TEXT NOT NULL, question TEXT NOT"
            " NULL, document TEXT NOT NULL, good INTEGER NOT NULL, reason TEXT NOT NULL,"
            " generation INTEGER NOT NULL)"
        )
        old.execute("INSERT INTO feedback VALUES (NULL, '2026-01-01', 'q', 'd', 0, '', 1)")
        old.commit()
    records = Records(tmp_path)
    records.rate("q", document="d", good=True, reason=None, generation=2, person="me")
    assert [lack.question for lack in records.lacking()] == ["q"]
