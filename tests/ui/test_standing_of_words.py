"""What a chip and a card say of words that no longer hold, and of an old policy when reviewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.answer import Citation
from assistant.desk import Desk
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync
from index.versions import today
from ui.wording import status_chip, term_sentence, written_day

Write = Callable[[Path, str], Path]
GUIDE = """# Buckeye Lakes Hospital Guide

Effective Date: January 1, 2024

## Bilateral services

Prior to July 1, 2025, bilateral cryoablation services were billed on two lines.

## Outlier payments

Outlier payments are made at 60 percent of cost.
"""


@pytest.fixture
def ask(home: Path, write: Write, embedder: Embedder, tmp_path: Path) -> Callable[..., Citation]:
    def asked(text: str, question: str, on: date | None = None) -> Citation:
        folder = write(tmp_path / "lib" / "a.md", text).parent
        settings = SyncSettings(workers=1)
        sync(Home(home), [(None, folder)], embedder=lambda: embedder, settings=settings)
        return Desk(Home(home)).ask(question, Filters(on=on or today())).citations[0]

    return asked


def test_a_passage_that_opens_with_a_past_time_is_not_in_force_and_was(ask) -> None:
    now = ask(GUIDE, "How were bilateral cryoablation services billed?")
    assert "Prior to July 1, 2025" in now.text
    assert status_chip(now.version, now.status) == {"text": "Retired", "tone": "red"}
    assert term_sentence(now) == "Retired on Jul 1, 2025"
    then = ask(GUIDE, "How were bilateral cryoablation services billed?", date(2025, 6, 30))
    assert status_chip(then.version, then.status)["tone"] == "green"
    other = ask(GUIDE, "At what percent of cost are outlier payments made?")
    assert status_chip(other.version, other.status)["tone"] == "green"


def test_an_old_policy_that_was_reviewed_says_when(ask) -> None:
    day = today() - timedelta(days=40)
    text = (
        "# Deep Brain Stimulation\n\nEffective Date: August 1, 1995\n\n"
        f"Last Review: {day:%m/%d/%Y}\n\nDeep brain stimulation is covered for tremor.\n"
    )
    found = ask(text, "Is deep brain stimulation covered for tremor?")
    said = f"reviewed {written_day(day)}"
    assert status_chip(found.version, found.status) == {
        "text": f"In force, {said}",
        "tone": "green",
    }
    assert term_sentence(found) == f"In force since Aug 1, 1995, {said}"


def test_words_that_began_with_a_revision_are_said_to_be_revised(ask) -> None:
    text = (
        "# Nerve ablation\n\nOriginal Effective Date: 05/04/2015\n\n"
        "Revision Effective Date: 08/10/2024\n\nNerve ablation needs two blocks first.\n"
    )
    found = ask(text, "What does nerve ablation need first?")
    assert term_sentence(found).startswith("In force as revised since Aug 10, 2024")
